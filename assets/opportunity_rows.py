"""The rows that opportunities are written as: one dataclass a table defines what dbt stages.

Lists are JSON texts; what people count and filter has rows of its own (evidence, actors, steps).
Days are calendar days, times UTC, ``None`` is "not stated".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True)
class OpportunityRow:
    """One opportunity."""

    opportunity_id: str
    title: str
    customer_domain: str | None
    customer_name: str | None
    #: Source and id of the CRM's row and its account, where the CRM has it (the first by name).
    crm_source: str | None
    crm_record_id: str | None
    crm_account_id: str | None
    #: JSON list of {"source", "record_id", "told_at"}: rows of it that CRMs deleted or archived.
    crm_withdrawn: str
    stage: str
    stage_evidence: str | None
    priority: str
    priority_reasons: str
    unit_low: float | None
    unit_high: float | None
    unit: str | None
    price_low: float | None
    price_high: float | None
    currency: str | None
    value: float | None
    value_is_inferred: bool
    margin_low: float | None
    margin_high: float | None
    cost_upside: float | None
    cost_upside_currency: str | None
    delivery_on: date | None
    quote_due_on: date | None
    decision_on: date | None
    #: Day by which the CRM has it closed, and the source that says so (``crm:...``).
    close_on: date | None
    close_on_source: str | None
    lead_time_days: float | None
    payment_terms: str | None
    delivery_terms: str | None
    products: str
    part_numbers: str
    reference_numbers: str
    competitors: str
    tags: str
    #: Mean of its sources' probabilities of belonging together; 1 for a source alone.
    probability: float
    source_count: int
    mail_count: int
    call_count: int
    crm_count: int
    conflict_count: int
    #: 0 to 100 (``ml.opportunities.quality``).
    quality_score: float
    completeness: float
    consistency: float
    freshness: float
    blocker_count: int
    first_seen_at: datetime
    last_touched_at: datetime


@dataclass(frozen=True, kw_only=True)
class FromSource:
    """A row that rests on one source: where that stands in the lake."""

    opportunity_id: str
    #: ``mail:``, ``call:``, ``crm:`` or ``review:`` and the source's own id.
    source_key: str
    kind: str
    occurred_at: datetime
    source: str | None
    stream: str | None
    record_id: str | None
    payload_sha256: str | None
    source_url: str | None
    reader: str | None
    reader_version: str | None


@dataclass(frozen=True, kw_only=True)
class SaidValue:
    """What is said of a field; ``value`` is text, the rest numbers and days."""

    value: str | None
    low: float | None
    high: float | None
    unit: str | None
    currency: str | None
    day: date | None
    is_inferred: bool
    confidence: float
    sentence: str | None


@dataclass(frozen=True, kw_only=True)
class EvidenceRow(FromSource, SaidValue):
    """One source of an opportunity (field ``source``), or one thing that it says of a field."""

    evidence_id: str
    #: A name that the opportunity may have had (``id_of_source``).
    alias_id: str
    #: That the source belongs to this opportunity, and why.
    probability: float
    reasons: str
    #: ``source``, ``stage``, or a field of the opportunity.
    field: str
    authority: int | None
    is_chosen: bool
    #: Characters in the source's text; milliseconds from the start of a call.
    start_at: int | None
    end_at: int | None
    at_ms: int | None


@dataclass(frozen=True, kw_only=True)
class ConflictRow(FromSource, SaidValue):
    """One candidate of a field about which sources disagree."""

    conflict_id: str
    field: str
    candidate: int
    authority: int
    is_chosen: bool
    #: Why the chosen one holds.
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepRow(FromSource):
    """One next step."""

    next_step_id: str
    text: str
    owner: str | None
    owner_is_inferred: bool
    due_on: date | None
    due_is_inferred: bool
    #: ``open``, ``done`` or ``overdue``.
    status: str


@dataclass(frozen=True, kw_only=True)
class LineRow(FromSource):
    """One line: a product with its own quantity and price; the source is that of the price, else
    of the quantity."""

    line_id: str
    line_number: int
    product: str | None
    part_number: str | None
    quantity_low: float | None
    quantity_high: float | None
    unit: str | None
    price_low: float | None
    price_high: float | None
    currency: str | None
    total: float | None
    #: Quantity times price of the upper ends, where no source tells the line's total.
    total_is_inferred: bool
    quantity_source_key: str | None
    quantity_sentence: str | None
    price_source_key: str | None
    price_sentence: str | None
    #: Place of the price, else of the quantity: characters in the source's text; milliseconds from
    #: the start of a call.
    start_at: int | None
    end_at: int | None
    at_ms: int | None
    confidence: float


@dataclass(frozen=True, kw_only=True)
class ActorRow(FromSource):
    """One person of an opportunity; the source is the last that names them."""

    actor_id: str
    name: str | None
    email: str | None
    side: str
    first_seen_at: datetime
    source_count: int
    #: All sources that name them, in the order of time.
    source_keys: str


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """Something about an opportunity that a person should look at; the source is the last of those
    that it speaks of, whose kind is the beginning of ``source_key``."""

    opportunity_id: str
    finding_id: str
    rule: str
    kind: str
    severity: str
    field: str | None
    message: str
    remedy: str
    source_key: str
    occurred_at: datetime
    source: str | None
    stream: str | None
    record_id: str | None
    payload_sha256: str | None
    source_url: str | None
    reader: str | None
    reader_version: str | None
    #: Sources that it speaks of, in the order of time; all where it is about the whole.
    source_keys: str


@dataclass(frozen=True, kw_only=True)
class RunRow:
    """One joining: what it looked at and what it made; says that the day was joined at all."""

    as_of: date
    #: From 1 on each day; the last one holds for the day. The three are None of before runs were
    #: told apart.
    run_number: int | None
    #: Hash of what the run made: one that makes the same on one day is the same run.
    run_id: str | None
    joined_at: datetime | None
    sources: int
    opportunities: int
    messages: int
    meetings: int
    crm_rows: int
    vocabulary_edition: str


#: Row type and key of each table.
TABLES: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "opportunities": (OpportunityRow, ("opportunity_id",)),
    "opportunity_evidence": (EvidenceRow, ("evidence_id",)),
    "opportunity_conflicts": (ConflictRow, ("conflict_id",)),
    "next_steps": (StepRow, ("next_step_id",)),
    "opportunity_lines": (LineRow, ("line_id",)),
    "opportunity_actors": (ActorRow, ("opportunity_id", "actor_id")),
    "quality_findings": (FindingRow, ("finding_id",)),
    "runs": (RunRow, ("as_of", "run_number")),
}
