"""Opportunities as rows of the tables that dbt stages: one dataclass a table defines it.

Lists are JSON texts; what people count and filter has rows of its own (evidence, actors, steps).
Days are calendar days, times UTC, ``None`` is "not stated". Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import pyarrow as pa

from assets.opportunity_sources import Backlink
from detection.records import arrow_schema
from ml.opportunities.annotations import id_of_source
from ml.opportunities.building import Group
from ml.opportunities.quality import Quality
from ml.opportunities.records import MANY_FIELDS, Claim, Fragment, Member, Opportunity


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
class _FromSource:
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
class _Value:
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
class EvidenceRow(_FromSource, _Value):
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
class ConflictRow(_FromSource, _Value):
    """One candidate of a field about which sources disagree."""

    conflict_id: str
    field: str
    candidate: int
    authority: int
    is_chosen: bool
    #: Why the chosen one holds.
    reason: str


@dataclass(frozen=True, kw_only=True)
class StepRow(_FromSource):
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
class LineRow(_FromSource):
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
class ActorRow(_FromSource):
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
    sources: int
    opportunities: int
    messages: int
    meetings: int
    crm_rows: int
    vocabulary_edition: str


#: What a row takes of a backlink and of a claim, and where a claim keeps it.
_LINK = ("source", "stream", "record_id", "payload_sha256", "source_url", "reader",
         "reader_version")  # fmt: skip
_VALUE = tuple(_Value.__dataclass_fields__)
_SAID = attrgetter(*("evidence" if name == "sentence" else name for name in _VALUE))
#: Row type and key of each table.
TABLES: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "opportunities": (OpportunityRow, ("opportunity_id",)),
    "opportunity_evidence": (EvidenceRow, ("evidence_id",)),
    "opportunity_conflicts": (ConflictRow, ("conflict_id",)),
    "next_steps": (StepRow, ("next_step_id",)),
    "opportunity_lines": (LineRow, ("line_id",)),
    "opportunity_actors": (ActorRow, ("opportunity_id", "actor_id")),
    "quality_findings": (FindingRow, ("finding_id",)),
    "runs": (RunRow, ("as_of",)),
}


def tables_of(
    opportunities: Iterable[Opportunity],
    qualities: Mapping[str, Quality],
    groups: Iterable[Group],
    backlinks: Mapping[str, Backlink],
) -> dict[str, pa.Table]:
    """All tables but ``runs``, by name, in the order of opportunities.

    ``qualities`` are by opportunity.
    """
    rows: dict[str, list[Any]] = {name: [] for name in TABLES if name != "runs"}
    fragments = {f.fragment_id: f for group, _ in groups for f in group}
    for one in opportunities:
        quality = qualities[one.opportunity_id]
        rows["opportunities"].append(_opportunity(one, quality, backlinks))
        rows["quality_findings"] += _findings(one, quality, backlinks)
        rows["opportunity_evidence"] += _evidence(one, fragments, backlinks)
        rows["opportunity_conflicts"] += _conflicts(one, backlinks)
        rows["next_steps"] += _steps(one, fragments, backlinks)
        rows["opportunity_lines"] += _lines(one, backlinks)
        rows["opportunity_actors"] += _actors(one, fragments, backlinks)
    return {name: as_table(TABLES[name][0], found) for name, found in rows.items()}


def as_table(record: type, rows: Iterable[Any]) -> pa.Table:
    """Rows of one type as an Arrow table."""
    schema, listed = arrow_schema(record), list(rows)
    return pa.table({n: list(map(attrgetter(n), listed)) for n in schema.names}, schema=schema)


def _hash(*parts: object) -> str:
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]


def _json(values: Iterable[str]) -> str:
    return _listed(tuple(values))


@lru_cache(maxsize=8192)  # an empty list, one product, one reason: few are told, and often
def _listed(values: tuple[str, ...]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _opportunity(
    one: Opportunity, quality: Quality, backlinks: Mapping[str, Backlink]
) -> OpportunityRow:
    kinds = [member.kind for member in one.members]
    crm = next((backlinks[m.fragment_id] for m in one.members if m.kind == "crm"), None)
    same = {
        name: getattr(one, name)
        for name in OpportunityRow.__dataclass_fields__
        if name in Opportunity.__dataclass_fields__
    }
    listed = ("priority_reasons", "products", "part_numbers", "competitors", "tags")
    return OpportunityRow(
        **same | {name: _json(same[name]) for name in listed},
        reference_numbers=_json(one.references),
        customer_name=one.customer,
        crm_source=crm.source if crm else None,
        crm_record_id=crm.record_id if crm else None,
        crm_account_id=crm.account_id if crm else None,
        crm_withdrawn=_withdrawn(one),
        probability=round(sum(m.probability for m in one.members) / len(one.members), 3),
        source_count=len(kinds),
        mail_count=kinds.count("mail"),
        call_count=kinds.count("call"),
        crm_count=kinds.count("crm"),
        conflict_count=len(one.conflicts),
        quality_score=quality.score,
        completeness=quality.completeness,
        consistency=quality.consistency,
        freshness=quality.freshness,
        blocker_count=quality.count("blocker"),
    )


def _withdrawn(one: Opportunity) -> str:
    return json.dumps(
        [
            {"source": w.source, "record_id": w.record_id, "told_at": w.told_at.isoformat()}
            for w in one.withdrawn
        ]
    )


def _from(
    one: Opportunity, key: str, kind: str, at: datetime, backlinks: Mapping[str, Backlink]
) -> dict[str, Any]:
    """Backlink of a row; what a reviewer said stands in no lake."""
    link = backlinks.get(key)
    return {
        "opportunity_id": one.opportunity_id,
        "source_key": key,
        "kind": kind,
        "occurred_at": at,
        **{name: getattr(link, name) if link else None for name in _LINK},
    }


def _value(claim: Claim) -> dict[str, Any]:
    return dict(zip(_VALUE, _SAID(claim), strict=True))


def _evidence(
    one: Opportunity, fragments: Mapping[str, Fragment], backlinks: Mapping[str, Backlink]
) -> Iterator[EvidenceRow]:
    members = {member.fragment_id: member for member in one.members}
    numbers: dict[tuple[str, str], int] = {}
    #: What all rows of one source share.
    shared: dict[str, dict[str, Any]] = {}

    def row(member: Member, name: str, claim: Claim, authority: int | None, chosen: bool) -> Any:
        key = member.fragment_id
        number = numbers[key, name] = numbers.get((key, name), 0) + 1
        if key not in shared:
            shared[key] = _from(one, key, member.kind, member.occurred_at, backlinks) | {
                "alias_id": id_of_source(key),
                "probability": member.probability,
                "reasons": _json(member.reasons),
            }
        return EvidenceRow(
            **shared[key],
            **_value(claim),
            evidence_id=_hash(one.opportunity_id, key, name, number),
            field=name,
            authority=authority,
            is_chosen=chosen,
            start_at=claim.start,
            end_at=claim.end,
            at_ms=claim.at_ms,
        )

    for member in one.members:
        fragment = fragments[member.fragment_id]
        yield row(member, "source", Claim("source", value=fragment.title), None, True)
        for stage, confidence, sentence in fragment.stage_cues:
            claim = Claim("stage", value=stage, confidence=confidence, evidence=sentence)
            held = stage == one.stage and sentence == one.stage_evidence
            yield row(member, "stage", claim, None, held)
        for claim in fragment.claims:
            if claim.field in MANY_FIELDS:
                yield row(member, claim.field, claim, None, True)
    for candidate in one.candidates:
        # What a reviewer said belongs beyond doubt.
        member = members.get(candidate.fragment_id) or Member(
            candidate.fragment_id, candidate.kind, candidate.occurred_at, 1.0, (candidate.kind,)
        )
        claim = candidate.claim
        yield row(member, claim.field, claim, candidate.authority, candidate.is_chosen)


def _conflicts(one: Opportunity, backlinks: Mapping[str, Backlink]) -> Iterator[ConflictRow]:
    for conflict in one.conflicts:
        for number, candidate in enumerate(conflict.candidates, 1):
            yield ConflictRow(
                **_from(
                    one, candidate.fragment_id, candidate.kind, candidate.occurred_at, backlinks
                ),
                **_value(candidate.claim),
                conflict_id=_hash(one.opportunity_id, conflict.field, number),
                field=conflict.field,
                candidate=number,
                authority=candidate.authority,
                is_chosen=candidate.is_chosen,
                reason=conflict.reason,
            )


_FINDING = ("opportunity_id", "rule", "kind", "severity", "field", "message", "remedy")


def _findings(
    one: Opportunity, quality: Quality, backlinks: Mapping[str, Backlink]
) -> Iterator[FindingRow]:
    known = _times(one)
    whole = tuple(known)
    for number, finding in enumerate(quality.findings, 1):
        said = {name: getattr(finding, name) for name in _FINDING}
        keys = sorted(finding.sources or whole, key=lambda key: (known[key][1], key))
        yield FindingRow(
            **_from(one, keys[-1], *known[keys[-1]], backlinks) | said,
            finding_id=_hash(*said.values(), number),
            source_keys=_json(keys),
        )


def _times(one: Opportunity) -> dict[str, tuple[str, datetime]]:
    """Kind and time of everything that says something of an opportunity, reviews too."""
    told = {c.fragment_id: (c.kind, c.occurred_at) for c in one.candidates}
    return {m.fragment_id: (m.kind, m.occurred_at) for m in one.members} | told


def _actors(
    one: Opportunity, fragments: Mapping[str, Fragment], backlinks: Mapping[str, Backlink]
) -> Iterator[ActorRow]:
    naming: dict[str, dict[str, Member]] = {}
    for member in one.members:
        for actor in fragments[member.fragment_id].actors:
            for name in (actor.email, None if actor.email else actor.name):
                if name:
                    naming.setdefault(name.lower(), {})[member.fragment_id] = member
    for actor in one.actors:
        told: dict[str, Member] = {}
        for name in (actor.email, actor.name):
            told |= naming.get((name or "").lower(), {})
        members = sorted(told.values(), key=lambda m: (m.occurred_at, m.fragment_id))
        last = members[-1]
        yield ActorRow(
            **_from(one, last.fragment_id, last.kind, last.occurred_at, backlinks),
            actor_id=_hash(actor.side, actor.email, actor.name),
            name=actor.name,
            email=actor.email,
            side=actor.side,
            first_seen_at=members[0].occurred_at,
            source_count=len(members),
            source_keys=_json(m.fragment_id for m in members),
        )


def _lines(one: Opportunity, backlinks: Mapping[str, Backlink]) -> Iterator[LineRow]:
    times = _times(one)
    for number, item in enumerate(one.lines, 1):
        quantity, price = item.quantity, item.unit_price
        key = item.price_source or item.quantity_source or item.total_source
        if key is None:
            continue
        said = [claim for claim in (price, quantity) if claim]
        place = said[0] if said else Claim("total_price")
        yield LineRow(
            **_from(one, key, *times[key], backlinks),
            line_id=_hash(one.opportunity_id, item.product, item.part_number, number),
            line_number=number,
            product=item.product,
            part_number=item.part_number,
            quantity_low=quantity.low if quantity else None,
            quantity_high=quantity.high if quantity else None,
            unit=quantity.unit if quantity else None,
            price_low=price.low if price else None,
            price_high=price.high if price else None,
            currency=item.currency,
            total=item.total,
            total_is_inferred=item.total_is_inferred,
            quantity_source_key=item.quantity_source,
            quantity_sentence=quantity.evidence if quantity else None,
            price_source_key=item.price_source,
            price_sentence=price.evidence if price else None,
            start_at=place.start,
            end_at=place.end,
            at_ms=place.at_ms,
            confidence=min((claim.confidence for claim in said), default=1.0),
        )


def _steps(
    one: Opportunity, fragments: Mapping[str, Fragment], backlinks: Mapping[str, Backlink]
) -> Iterator[StepRow]:
    for step in one.next_steps:
        fragment = fragments[step.fragment_id]
        yield StepRow(
            **_from(one, step.fragment_id, fragment.kind, fragment.occurred_at, backlinks),
            next_step_id=_hash(one.opportunity_id, step.fragment_id, step.text),
            text=step.text,
            owner=step.owner,
            owner_is_inferred=step.owner_is_inferred,
            due_on=step.due_on,
            due_is_inferred=step.due_is_inferred,
            status=step.status,
        )
