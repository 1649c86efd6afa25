"""One annotation of a reviewer, validated: who says what of which opportunity, and when.

Its id is the hash of what it says, so that the same statement given twice is one.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

#: Actions and what each needs beside ``about``, ``reviewer`` and ``reviewed_at``.
NEEDS: dict[str, tuple[str, ...]] = {
    "set": ("field", "value"),
    "choose": ("field", "other"),
    "clear": ("field",),
    "confirm": (),
    "conflict": ("field",),
    "no_conflict": ("field",),
    "merge": ("other",),
    "split": (),
    "no_opportunity": (),
    "missed": ("value",),
    "comment": ("comment",),
    "withdraw": ("other",),
}
STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")
PRIORITIES = ("high", "medium", "low")
NUMBER_FIELDS = ("quantity", "minimum_quantity", "unit_price", "total_price", "margin",
                 "cost_upside", "lead_time")  # fmt: skip
DAY_FIELDS = ("delivery_date", "quote_due", "decision_date", "close_date")
TERM_FIELDS = ("payment_terms", "delivery_terms")
LIST_FIELDS = ("product", "part_number", "reference", "competitor")
TEXT_FIELDS = ("customer", "customer_domain", "title")
#: Fields of which sources may disagree.
CONFLICT_FIELDS = (*NUMBER_FIELDS, *DAY_FIELDS, *TERM_FIELDS)
FIELDS = ("stage", "priority", *CONFLICT_FIELDS, *LIST_FIELDS, *TEXT_FIELDS)

_MONEY = frozenset({"unit_price", "total_price", "cost_upside"})
_NUMBER = r"\d+(?:\.\d+)?"
_RANGE = re.compile(rf"^({_NUMBER})(?:\s*(?:-|\.\.|to)\s*({_NUMBER}))?\s*([A-Za-z]{{3}})?$")
_SOURCE = re.compile(r"^(?:mail|call|crm|document|review):\S.*$")
_OPPORTUNITY = re.compile(r"^opp_[0-9a-f]{20}$")
_ANNOTATION = re.compile(r"^ann_[0-9a-f]{20}$")


@dataclass(frozen=True)
class Value:
    """What ``set`` states, read: a number or range, a day, or text."""

    low: float | None = None
    high: float | None = None
    currency: str | None = None
    day: date | None = None
    text: str | None = None


class Annotation(BaseModel):
    """One statement; which fields it needs depends on ``action`` (``NEEDS``)."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    #: Source id (``mail:...``, ``call:...``, ``document:...``, ``crm:...``) or opportunity id
    #: (``opp_...``); what has no source gets a name of the reviewer's own (``review:...``).
    about: str
    action: Literal[
        "set", "choose", "clear", "confirm", "conflict", "no_conflict", "merge", "split",
        "no_opportunity", "missed", "comment", "withdraw",
    ]  # fmt: skip
    field: str | None = None
    #: A number (``5000``, ``4.20 EUR``, ``5000-10000``), a day (``2026-09-15``) or text; several
    #: names parted by ``;``. Days for ``lead_time``, per cent for ``margin``. For ``missed`` the
    #: title of the opportunity.
    value: str | None = None
    #: ISO 4217, where ``value`` does not say it.
    currency: str | None = None
    #: Sources or opportunities (``merge``, ``split``, ``missed``; parted by ``;``), the candidate's
    #: source (``choose``), or the annotation that is taken back (``withdraw``).
    other: str | None = None
    reviewer: Annotated[str, Field(min_length=1, max_length=200)]
    #: A moment or a day; without a time zone it is UTC.
    reviewed_at: datetime
    comment: Annotated[str | None, Field(max_length=5_000)] = None

    @field_validator("field", "value", "currency", "other", "comment", mode="before")
    @classmethod
    def _empty(cls, stated: Any) -> Any:
        if isinstance(stated, int | float) and not isinstance(stated, bool):
            return f"{stated:.12g}"
        return None if isinstance(stated, str) and not stated.strip() else stated

    @field_validator("about")
    @classmethod
    def _names_something(cls, stated: str) -> str:
        if not _SOURCE.match(stated) and not _OPPORTUNITY.match(stated):
            raise ValueError(
                "names no source and no opportunity: give mail:..., call:..., document:...,"
                " crm:... as opportunity_evidence shows it, or opp_..."
            )
        return stated

    @field_validator("reviewed_at", mode="before")
    @classmethod
    def _moment(cls, stated: Any) -> Any:
        if isinstance(stated, str):
            try:
                moment = datetime.fromisoformat(stated.strip())
            except ValueError as error:
                raise ValueError(
                    "is no moment: write 2026-03-02T09:30:00Z or 2026-03-02"
                ) from error
            stated = moment
        elif isinstance(stated, date) and not isinstance(stated, datetime):
            stated = datetime.combine(stated, time.min)
        if isinstance(stated, datetime):
            return stated.astimezone(UTC) if stated.tzinfo else stated.replace(tzinfo=UTC)
        raise ValueError("is no moment: write 2026-03-02T09:30:00Z or 2026-03-02")

    @model_validator(mode="after")
    def _fits(self) -> Annotation:
        for name in NEEDS[self.action]:
            if getattr(self, name) is None:
                raise ValueError(f"{name}: {self.action!r} needs it")
        if self.field is not None:
            self._check_field(self.field)
        if self.action == "missed" and not _SOURCE.match(self.about):
            raise ValueError(
                "about: a missed opportunity has no name yet: give one of its sources, or a name"
                " of your own (review:...)"
            )
        if self.value is not None and self.action not in ("set", "missed"):
            raise ValueError(f"value: {self.action!r} takes none; leave it empty, or write 'set'")
        if self.action == "set":
            self.stated()
        for name in self.others():
            expected = _ANNOTATION if self.action == "withdraw" else _SOURCE
            if not expected.match(name) and (
                self.action in ("withdraw", "choose") or not _OPPORTUNITY.match(name)
            ):
                what = "an annotation (ann_...)" if self.action == "withdraw" else "a source"
                raise ValueError(f"other: {name!r} is not {what}")
        return self

    def _check_field(self, field: str) -> None:
        allowed = {
            "choose": CONFLICT_FIELDS,
            "conflict": ("stage", *CONFLICT_FIELDS),
            "no_conflict": ("stage", *CONFLICT_FIELDS),
            "clear": (*CONFLICT_FIELDS, *LIST_FIELDS, *TEXT_FIELDS),
        }.get(self.action, FIELDS)
        if field not in allowed:
            raise ValueError(
                f"field: {self.action!r} knows no {field!r}; there are {', '.join(allowed)}"
            )

    def others(self) -> tuple[str, ...]:
        """The names in ``other``."""
        return tuple(n.strip() for n in (self.other or "").split(";") if n.strip())

    def stated(self) -> Value:
        """The value of ``set``, read. Raises ``ValueError`` saying how to write it."""
        field, text = str(self.field), str(self.value)
        for name, words in (("stage", STAGES), ("priority", PRIORITIES)):
            if field == name and text not in words:
                raise ValueError(f"value: {text!r} is no {name}; there are {', '.join(words)}")
        if field in NUMBER_FIELDS:
            return self._number(field, text)
        if field in DAY_FIELDS:
            try:
                return Value(day=date.fromisoformat(text))
            except ValueError as error:
                raise ValueError(f"value: {text!r} is no day; write 2026-09-15") from error
        return Value(text=text)

    def _number(self, field: str, text: str) -> Value:
        match = _RANGE.match(text.replace(" %", "").replace("%", ""))
        if match is None:
            raise ValueError(
                f"value: {text!r} is no number; write 5000, 4.20 EUR or 5000-10000,"
                " without signs between thousands"
            )
        low, high = float(match[1]), float(match[2] or match[1])
        if high < low:
            raise ValueError(f"value: {text!r} ends below where it begins")
        currency = (match[3] or self.currency or "").upper() or None
        if currency and field not in _MONEY:
            raise ValueError(f"value: {field} is no money, take out {currency}")
        if field in ("unit_price", "total_price") and currency is None:
            raise ValueError(f"value: {field} needs a currency, as in 4.20 EUR")
        if currency and not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError(f"currency: {currency!r} is no code of ISO 4217, as in EUR")
        return Value(low=low, high=high, currency=currency)

    @property
    def annotation_id(self) -> str:
        """Hash of everything that it says."""
        said = {k: v for k, v in self.model_dump(mode="json").items() if v is not None}
        text = json.dumps(said, sort_keys=True, ensure_ascii=False)
        return "ann_" + hashlib.sha256(text.encode()).hexdigest()[:20]
