"""What is read from press releases and news."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class PressEvent(Detection):
    """One event that a sentence of a press or news item tells about one company."""

    outlet: str
    title: str
    published_at: datetime
    company_name: str
    #: Domain named in the item as the company's own, when there is one.
    company_domain: str | None
    #: The project's signal types (see docs/architecture.md).
    signal_type: str
    signal_subtype: str | None
    occurred_on: date | None
    #: planned or done.
    status: str
    #: positive or negative.
    polarity: str
    amount: float | None
    currency: str | None
    round_type: str | None
    #: JSON list of names.
    investors: str
    lead_investor: str | None
    person_name: str | None
    position: str | None
    level: str | None
    department: str | None
    change_type: str | None
    city: str | None
    country: str | None
    headcount: int | None
    #: The other company: acquired, acquirer or partner.
    counterparty_name: str | None
    #: What is launched, by name.
    product_name: str | None = None
    #: Of a change of executives: whether the position is held for the interim.
    is_interim: bool | None = None
    #: Day from which a change of executives, a takeover or a site's opening or closing holds, where
    #: the words tell it; the last day of a month, quarter, half or year.
    effective_on: date | None = None
    #: day, month, quarter, half or year.
    effective_precision: str | None = None
    sentence: str
    #: Hash of the item's normalised text: equal for copies to the letter.
    content_fingerprint: str
    #: The release that the item prints: equal for near copies too. As read it is the item's own
    #: fingerprint; the day's items are then compared with each other and with earlier days'.
    release_id: str | None
    #: MinHash of the item's lead, by which near copies are found.
    release_sketch: bytes | None


@dataclass(frozen=True, kw_only=True)
class CompanyRename(Detection):
    """One change of a company's name that a sentence of an article tells."""

    published_at: datetime
    old_name: str
    new_name: str
    #: planned or done.
    status: str
