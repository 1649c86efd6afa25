"""What is read from filings with the SEC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class FormDOffering(Detection):
    """One SEC Form D notice (original or amendment). Amounts are US dollars."""

    cik: str
    issuer_name: str
    entity_type: str | None
    jurisdiction: str | None
    year_of_incorporation: int | None
    city: str | None
    state_or_country: str | None
    industry_group: str | None
    is_pooled_fund: bool
    is_amendment: bool
    #: Accession number of the notice that an amendment changes.
    previous_accession_number: str | None
    accession_number: str
    filed_on: date
    first_sale_on: date | None
    #: None when the filer says "Indefinite" (see ``is_indefinite``) or gives nothing.
    total_offering_amount: float | None
    is_indefinite: bool
    total_amount_sold: float | None
    total_remaining: float | None
    investor_count: int | None
    minimum_investment: float | None
    is_equity: bool
    is_debt: bool
    #: JSON list of {"name", "relationships": [...]}.
    related_persons: str


@dataclass(frozen=True, kw_only=True)
class FilingItem(Detection):
    """One item of one 8-K filing."""

    cik: str
    company_name: str
    accession_number: str
    filed_on: date
    #: Like "5.02"; before 23 August 2004 the legacy number, like "5".
    item_code: str
    item_title: str | None
    text_excerpt: str | None


@dataclass(frozen=True, kw_only=True)
class FilingEvent(Detection):
    """One agreement, acquisition or financing that an item of an 8-K tells."""

    cik: str
    company_name: str
    accession_number: str
    filed_on: date
    item_code: str
    #: acquisition, partnership, funding_round, expansion or regulatory_filing.
    signal_type: str
    signal_subtype: str
    #: planned or done.
    status: str
    #: positive or negative.
    polarity: str
    #: Day the item states for the event.
    occurred_on: date | None
    #: The other company: bought, buyer, partner, lender or landlord.
    counterparty_name: str | None
    amount: float | None
    currency: str | None
    round_type: str | None
    city: str | None
    country: str | None
    square_feet: int | None
