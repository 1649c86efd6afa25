"""The record of one event read from an item, and what the reading of an item has found so far."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class PressReading:
    """One event of one company in one item; what the item does not state is None."""

    company_name: str
    company_domain: str | None
    signal_type: str
    signal_subtype: str | None
    sentence: str
    status: str = "done"
    polarity: str = "positive"
    occurred_on: date | None = None
    amount: float | None = None
    currency: str | None = None
    round_type: str | None = None
    investors: tuple[str, ...] = ()
    lead_investor: str | None = None
    person_name: str | None = None
    position: str | None = None
    level: str | None = None
    department: str | None = None
    change_type: str | None = None
    city: str | None = None
    country: str | None = None
    headcount: int | None = None
    counterparty_name: str | None = None
    product_name: str | None = None
    #: Whether a position is held for the interim; None where no position is told.
    is_interim: bool | None = None
    effective_on: date | None = None
    #: How exactly the day of effect is told: day, month, quarter, half or year (then its last day).
    effective_precision: str | None = None
    confidence: float = 0.7
    #: Name and version of the learned engine that found it; None for the rules.
    engine: str | None = None


@dataclass
class Item:
    """What the reading of one item has found so far."""

    published_on: date | None
    main_company: str | None = None
    events: list[PressReading] = field(default_factory=list)
    #: For each event, whether only the headline has told it so far.
    only_in_headline: list[bool] = field(default_factory=list)


def investors_json(reading: PressReading) -> str:
    """Investor names as the JSON list that the detection table holds."""
    return json.dumps(list(reading.investors), ensure_ascii=False)
