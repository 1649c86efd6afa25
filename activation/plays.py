"""Plays: what to do about a kind of signal, what to say, and in which days. Read from a file.

The templates are a user's own; this module checks them where they come in, so that a misspelt
word fails the run with file, play and field, and never reaches a seller as ``{compnay}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

#: Words that a template may use, each with what it is filled from.
PLACEHOLDERS: Mapping[str, str] = {
    "company": "the company's name",
    "title": "the signal's title",
    "amount": "the amount, as in $12.0M",
    "round": "the round, as in Series B",
    "investor": "the lead investor",
    "person": "the person",
    "position": "the position or advertised job",
    "department": "its department",
    "level": "its level",
    "city": "the town",
    "country": "the country",
    "headcount": "the number of people",
    "technology": "the technology",
    "category": "its category",
    "partner": "the other company",
    "product": "the product launched",
    "date": "the day of the signal",
    "from": "the first day of the window",
    "to": "the last day of the window",
}
SIGNAL_TYPES = (
    "funding_round", "executive_change", "job_posting", "technology_adoption", "expansion",
    "acquisition", "partnership", "product_launch", "earnings_call", "regulatory_filing",
    "news_mention", "social_signal",
)  # fmt: skip
#: A seller reads it on a telephone.
MAX_LENGTH = 240

_BRACES = re.compile(r"\{([^{}]*)\}")
Text = Annotated[str, Field(min_length=10, max_length=MAX_LENGTH)]


class PlayError(ValueError):
    """The plays cannot be used; the message names file, play and field, and what to change."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Window(_Strict):
    """Days after the signal in which to speak with the company, both included."""

    from_days: int = Field(ge=0, le=730)
    to_days: int = Field(ge=0, le=730)

    @model_validator(mode="after")
    def _in_order(self) -> Window:
        if self.from_days > self.to_days:
            raise ValueError(
                f"from_days ({self.from_days}) is after to_days ({self.to_days}): swap them"
            )
        return self


class Play(_Strict):
    """Advice for one kind of signal; conditions left out are not asked.

    Each text is a sentence or a list of versions of it, of which the first is taken whose
    placeholders are all known.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    signal_type: Literal[SIGNAL_TYPES]
    polarity: Literal["positive", "negative"] = "positive"
    subtypes: list[str] = []
    levels: list[Literal["c_suite", "vp", "director", "manager"]] = []
    min_impact: int = Field(default=0, ge=0, le=100)
    only_relevant: bool = False
    window: Window
    actions: list[list[Text]] = Field(min_length=1, max_length=5)
    talking_points: list[list[Text]] = Field(min_length=1, max_length=5)

    @field_validator("actions", "talking_points", mode="before")
    @classmethod
    def _versions(cls, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [[item] if isinstance(item, str) else item for item in value]

    @field_validator("actions", "talking_points")
    @classmethod
    def _known_words(cls, value: list[list[str]]) -> list[list[str]]:
        for text in (text for versions in value for text in versions):
            for word in _BRACES.findall(text):
                if word not in PLACEHOLDERS:
                    raise ValueError(
                        f"{{{word}}} is no word that can be filled in; there are "
                        f"{', '.join(PLACEHOLDERS)} (in: {text!r})"
                    )
            if re.search(r"[{}]", _BRACES.sub("", text)):
                raise ValueError(f"a brace is not closed, or closed twice (in: {text!r})")
        return value


class Plays(_Strict):
    """The whole file, the particular plays before the general ones."""

    version: Literal[1]
    plays: list[Play] = Field(min_length=1)

    @model_validator(mode="after")
    def _reachable(self) -> Plays:
        seen: set[str] = set()
        taken: dict[tuple[str, str], str] = {}
        for play in self.plays:
            if play.id in seen:
                raise ValueError(f"play {play.id!r} is given twice: rename one")
            seen.add(play.id)
            kind = (play.signal_type, play.polarity)
            if kind in taken:
                raise ValueError(
                    f"play {play.id!r} is never reached: {taken[kind]!r} before it takes every "
                    f"{play.polarity} {play.signal_type}; move it up"
                )
            if not (play.subtypes or play.levels or play.min_impact or play.only_relevant):
                taken[kind] = play.id
        return self


def load_plays(path: Path) -> Plays:
    """Read and check the plays. Raises ``PlayError`` with one line per fault."""
    try:
        document = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise PlayError(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise PlayError(f"{path} is not valid YAML: {error}") from error
    try:
        return Plays.model_validate(document)
    except ValidationError as error:
        raise PlayError("\n".join(_line(path, document, item) for item in error.errors())) from None


def _line(path: Path, document: Any, fault: Mapping[str, Any]) -> str:
    steps: Sequence[int | str] = fault["loc"]
    place = ""
    if len(steps) > 1 and steps[0] == "plays" and isinstance(steps[1], int):
        play = document["plays"][steps[1]]
        name = play.get("id") if isinstance(play, dict) else None
        place = f"play {name!r}" if name else f"play number {steps[1] + 1}"
        steps = steps[2:]
    field = ".".join(str(step) for step in steps)
    where = ", ".join(part for part in (place, f"field {field}" if field else "") if part)
    message = re.sub(r"^Value error, ", "", fault["msg"])
    return f"{path}: {where + ': ' if where else ''}{message}"


def play_rows(plays: Plays) -> list[dict[str, Any]]:
    """One row per play, kind of advice, place in its list and version, for SQL."""
    rows = []
    for order, play in enumerate(plays.plays, start=1):
        common = {
            "play_id": play.id,
            "play_order": order,
            "signal_type": play.signal_type,
            "polarity": play.polarity,
            "subtypes": _listed(play.subtypes),
            "levels": _listed(play.levels),
            "min_impact": play.min_impact,
            "only_relevant": play.only_relevant,
            "from_days": play.window.from_days,
            "to_days": play.window.to_days,
        }
        for kind, texts in (("action", play.actions), ("talking_point", play.talking_points)):
            for rank, versions in enumerate(texts, start=1):
                rows += [
                    common | {"kind": kind, "rank": rank, "version": number, "template": text}
                    for number, text in enumerate(versions, start=1)
                ]
    return rows


def _listed(values: Sequence[str]) -> str | None:
    """Values as SQL looks them up, ``,a,b,``; None for any."""
    return f",{','.join(values)}," if values else None
