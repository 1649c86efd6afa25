"""The fields that enrichment knows, and their values in one written form.

Every reader returns None for what is empty or cannot be meant: an unknown field is unknown, never
a guess. Values are kept as text; numbers as digits, lists as JSON.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

Entity = Literal["company", "person"]

_EMAIL = re.compile(r"^[a-z0-9._%+'-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}$")
_EXTENSION = re.compile(r"(?i)\s*(?:ext\.?|extension|x)\s*\d{1,6}$")
#: Titles and initials are no part of a first or last name.
_TITLES = re.compile(r"\b(?:[A-Z]\.|(?:Dr|Mr|Ms|Mrs|Prof)\.?)(?=\s)")
_FIRST_YEAR, _LAST_YEAR = 1600, 2100


def text(value: Any) -> str | None:
    """One line of text, up to 300 characters."""
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        return None
    line = " ".join(str(value).split())
    if line.casefold() in {"", "-", "n/a", "none", "null", "unknown"}:
        return None
    return line[:300]


def email(value: Any) -> str | None:
    """An e-mail address in lower case."""
    said = text(value)
    said = said.removeprefix("mailto:").lower() if said else ""
    return said if _EMAIL.match(said) else None


def phone(value: Any) -> str | None:
    """A telephone number: 7 to 15 digits (ITU-T E.164), a leading ``+`` kept, no extension."""
    said = text(value)
    if not said:
        return None
    said = _EXTENSION.sub("", said.removeprefix("tel:"))
    if re.search(r"[^\d+ ().\-/\u00a0\u2011]", said):
        return None
    digits = re.sub(r"\D", "", said)
    if not 7 <= len(digits) <= 15 or len(set(digits)) < 2:
        return None
    return ("+" if said.strip().startswith("+") else "") + digits


def linkedin(value: Any) -> str | None:
    """A LinkedIn address of a company or person, without query, scheme https."""
    said = text(value)
    if not said:
        return None
    parts = urlsplit(said if "://" in said else f"https://{said}")
    host = (parts.hostname or "").removeprefix("www.")
    path = parts.path.rstrip("/")
    if not re.fullmatch(r"(?:[a-z]{2,3}\.)?linkedin\.[a-z.]+", host):
        return None
    if not re.fullmatch(r"/(?:in|pub|company|school|showcase)/[^/]+", path):
        return None
    return f"https://www.{host.split('.', 1)[1] if host.count('.') > 1 else host}{path}"


def whole(value: Any) -> str | None:
    """A whole number of at least 1, as digits."""
    if isinstance(value, bool):
        return None
    said = text(value)
    try:
        number = round(float(said.replace(",", ""))) if said else 0
    except (ValueError, OverflowError):
        return None
    return str(number) if number >= 1 else None


def year(value: Any) -> str | None:
    """A year, also the one of an ISO date."""
    match = re.match(r"\d{4}", text(value) or "")
    return match[0] if match and _FIRST_YEAR <= int(match[0]) <= _LAST_YEAR else None


def names(values: Any) -> str | None:
    """Names as a sorted JSON list without repetitions."""
    if not isinstance(values, Iterable) or isinstance(values, str | bytes | dict):
        return None
    found = sorted({name for value in values if (name := text(value))})
    return json.dumps(found, ensure_ascii=False) if found else None


@dataclass(frozen=True)
class Field:
    """How a field is written, and whether it identifies or reaches a person."""

    read: Callable[[Any], str | None]
    is_personal: bool = False


#: What enrichment may learn. Nothing else of an answer is kept: no photo, no career, no home.
FIELDS: dict[Entity, dict[str, Field]] = {
    "company": {
        "phone": Field(phone),
        "linkedin_url": Field(linkedin),
        "employee_count": Field(whole),
        "employee_range": Field(text),
        "industry": Field(text),
        "country": Field(text),
        "city": Field(text),
        "founded_year": Field(year),
        "annual_revenue_usd": Field(whole),
        "funding_total_usd": Field(whole),
        "technologies": Field(names),
    },
    "person": {
        "email": Field(email, is_personal=True),
        "linkedin_url": Field(linkedin, is_personal=True),
        "phone": Field(phone, is_personal=True),
        "title": Field(text),
    },
}


@dataclass(frozen=True, slots=True)
class Observation:
    """What one source says of one field.

    ``confidence`` 0-1 is the source's own where it states one, else that of docs/enrichment.md.
    ``basis`` says in a few words what the confidence rests on; it holds no personal data.
    ``is_refuted``: the source says that the value is wrong (an address that bounces).
    ``stated_at`` is the time to which the source dates its statement.
    """

    field: str
    value: str
    confidence: float
    operation: str
    basis: str = ""
    is_refuted: bool = False
    stated_at: str | None = None
    source_url: str | None = None

    @property
    def source(self) -> str:
        """The provider behind the operation."""
        return self.operation.split(".", maxsplit=1)[0]


def observe(
    entity: Entity,
    operation: str,
    said: dict[str, tuple[Any, float, str]],
    *,
    stated_at: str | None = None,
    source_url: str | None = None,
) -> list[Observation]:
    """Observations of an answer, given as ``{field: (raw value, confidence, basis)}``.

    What says nothing is left out.
    """
    found = []
    for field, (raw, confidence, basis) in said.items():
        value = FIELDS[entity][field].read(raw)
        if value is not None and confidence > 0:
            found.append(
                Observation(
                    field, value, round(min(confidence, 1.0), 4), operation, basis,
                    stated_at=stated_at, source_url=source_url,
                )
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class Subject:
    """Whom enrichment is about. ``given`` are field values that other sources hold already."""

    entity: Entity
    entity_id: str
    name: str
    company_id: str
    company_name: str
    domain: str | None
    given: dict[str, tuple[str, str]]

    @property
    def parts(self) -> tuple[str, str] | None:
        """A person's first and last name; None when the name is a single word."""
        words = _TITLES.sub("", self.name).split()
        return (words[0], words[-1]) if len(words) >= 2 else None


@dataclass(frozen=True)
class Question:
    """One question to one operation; the same parameters are the same question."""

    operation: str
    params: dict[str, str]
    #: What identifies a person in it: kind (email, linkedin, phone, name) and value.
    about: tuple[tuple[str, str], ...] = ()

    @property
    def question_id(self) -> str:
        """Hash of operation and parameters."""
        said = json.dumps([self.operation, self.params], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def iso(moment: datetime) -> str:
    """A UTC time as text."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
