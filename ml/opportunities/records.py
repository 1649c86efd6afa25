"""What goes into an opportunity and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

STAGES = ("research_concept", "rfq", "quoting", "po_in_progress", "won", "lost")
#: Fields of which one value holds, and fields that collect all.
SINGLE_FIELDS = (
    "quantity", "minimum_quantity", "unit_price", "total_price", "margin", "cost_upside",
    "delivery_date", "quote_due", "decision_date", "close_date", "lead_time", "payment_terms",
    "delivery_terms",
)  # fmt: skip
MANY_FIELDS = ("product", "part_number", "reference", "competitor")
#: Kind of a value that a person gave, beside ``mail``, ``call``, ``document`` and ``crm``.
REVIEW = "review"


class Claim(NamedTuple):
    """One statement of a source about one field; a tuple, since there are a dozen to a source."""

    field: str
    #: Number or range; days for ``lead_time``, per cent for ``margin``.
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    #: ISO 4217.
    currency: str | None = None
    value: str | None = None
    day: date | None = None
    is_inferred: bool = False
    confidence: float = 1.0
    #: The sentence, and where the words stand in the source's text (characters).
    evidence: str | None = None
    start: int | None = None
    end: int | None = None
    #: Milliseconds from the start of a call; None elsewhere.
    at_ms: int | None = None

    def says(self) -> tuple:
        """What is claimed, without how and where: equal claims agree."""
        return self.low, self.high, self.currency, self.value, self.day


@dataclass(frozen=True)
class Actor:
    """A person of a deal."""

    name: str | None
    email: str | None
    #: ``customer``, ``vendor`` (one of us) or ``other``.
    side: str


@dataclass(frozen=True)
class NextStep:
    """Something to do, as promised or asked for."""

    text: str
    owner: str | None
    owner_is_inferred: bool
    due_on: date | None
    due_is_inferred: bool
    #: Fragment that tells of it.
    fragment_id: str = ""
    #: ``open``, ``done`` or ``overdue``, as known on the day of joining (see ``next_steps``).
    status: str = "open"


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """What one source says of one deal; ``fragment_id`` points back to it."""

    fragment_id: str
    #: ``mail``, ``call``, ``document`` or ``crm``; ``review`` where a reviewer's word is all there
    #: is.
    kind: str
    occurred_at: datetime
    #: When it came to be, where it was changed since (a CRM's row); the first source by this time
    #: names the opportunity.
    begun_at: datetime | None = None
    #: The CRM whose row it is: two rows of one CRM are two deals.
    system: str | None = None
    #: Its id in that CRM, and in another one that this one knows of; the day it is to be closed.
    record_id: str | None = None
    other_id: str | None = None
    closes_on: date | None = None
    #: The customer's mail domain, in lower case; None where it is not known.
    party: str | None = None
    company: str | None = None
    #: Conversation; sources of one conversation are one deal.
    thread_id: str | None = None
    #: Written by one of us.
    is_ours: bool = False
    actors: tuple[Actor, ...] = ()
    claims: tuple[Claim, ...] = ()
    #: Stages that its words tell of, with certainty and sentence.
    stage_cues: tuple[tuple[str, float, str], ...] = ()
    next_steps: tuple[NextStep, ...] = ()
    title: str = ""
    #: Set aside by the reader, and a source all the same because a reviewer named it.
    is_named: bool = False


class Candidate(NamedTuple):
    """A value for a field, and whether it holds."""

    claim: Claim
    fragment_id: str
    kind: str
    occurred_at: datetime
    #: 5 reviewed, 4 binding, 3 stated, 2 in the CRM, 1 said (see ``consolidation``).
    authority: int
    is_chosen: bool


@dataclass(frozen=True)
class Conflict:
    """Sources that disagree on a field; every candidate is kept."""

    field: str
    chosen: Candidate
    candidates: tuple[Candidate, ...]
    reason: str


class LineItem(NamedTuple):
    """One product of an opportunity with its own quantity and price, or one step of them."""

    product: str | None
    part_number: str | None
    quantity: Claim | None
    unit_price: Claim | None
    #: ISO 4217, of price and total.
    currency: str | None
    #: As told of the line, else quantity times price of the upper ends.
    total: float | None
    total_is_inferred: bool
    #: The sources that tell the three.
    quantity_source: str | None
    price_source: str | None
    total_source: str | None


class WithdrawnRow(NamedTuple):
    """A CRM's row of a deal that was deleted or archived there."""

    #: Source and id of the row, and how opportunities would cite it.
    source: str
    record_id: str
    source_key: str
    #: When the CRM told so (UTC).
    told_at: datetime


@dataclass(frozen=True)
class Member:
    """A source of an opportunity: the backlink, with how sure it is that it belongs there."""

    fragment_id: str
    kind: str
    occurred_at: datetime
    probability: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Opportunity:
    """One deal as all its sources tell it."""

    #: Hash of its first source: the same sources give the same id in any order.
    opportunity_id: str
    title: str
    customer_domain: str | None
    customer: str | None
    stage: str
    stage_evidence: str | None
    #: ``high``, ``medium`` or ``low``, with the points and their reasons.
    priority: str
    priority_reasons: tuple[str, ...]
    unit_low: float | None
    unit_high: float | None
    unit: str | None
    #: Price band of one unit.
    price_low: float | None
    price_high: float | None
    currency: str | None
    #: Stated total, or quantity times price of the upper ends where none is stated; unknown where
    #: the newest source has lines of several products.
    value: float | None
    value_is_inferred: bool
    has_several_lines: bool
    margin_low: float | None
    margin_high: float | None
    #: Saving per unit or in total in ``cost_upside_currency``; per cent where that is None.
    cost_upside: float | None
    cost_upside_currency: str | None
    delivery_on: date | None
    quote_due_on: date | None
    decision_on: date | None
    #: Day by which the CRM has it closed, and the source that says so.
    close_on: date | None
    close_on_source: str | None
    lead_time_days: float | None
    payment_terms: str | None
    delivery_terms: str | None
    products: tuple[str, ...]
    part_numbers: tuple[str, ...]
    references: tuple[str, ...]
    competitors: tuple[str, ...]
    actors: tuple[Actor, ...]
    next_steps: tuple[NextStep, ...]
    tags: tuple[str, ...]
    first_seen_at: datetime
    last_touched_at: datetime
    members: tuple[Member, ...]
    candidates: tuple[Candidate, ...]
    conflicts: tuple[Conflict, ...]
    #: By part number, else product; steps of one product by quantity as told.
    lines: tuple[LineItem, ...] = ()
    #: Several lines, and every quantity and price of the sources that hold is of a known one.
    lines_are_matched: bool = False
    #: Rows of it that CRMs have deleted or archived; they are no sources of it.
    withdrawn: tuple[WithdrawnRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Standing:
    """As much of an opportunity as what hangs on the day alone needs; fields as there."""

    opportunity_id: str
    stage: str
    lead_time_days: float | None
    delivery_on: date | None
    quote_due_on: date | None
    decision_on: date | None
    close_on: date | None
    last_touched_at: datetime
    #: The last source.
    members: tuple[Member, ...]
    #: Those that hold.
    candidates: tuple[Candidate, ...]
    next_steps: tuple[NextStep, ...]


@dataclass(frozen=True)
class Finding:
    """Something about an opportunity that a person should look at (see ``quality``)."""

    opportunity_id: str
    #: Name of the rule that found it.
    rule: str
    #: ``completeness``, ``consistency`` or ``staleness``.
    kind: str
    #: ``blocker``, ``warning`` or ``note``.
    severity: str
    #: Field that it is about; None where it is about the whole.
    field: str | None
    message: str
    #: What to do about it.
    remedy: str
    #: Sources that it speaks of; empty where it is about the whole, and so of all.
    sources: tuple[str, ...] = ()
