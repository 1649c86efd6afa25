"""Opportunities as rows of the tables of ``assets.opportunity_rows``. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any

import pyarrow as pa

from assets.opportunity_rows import (
    TABLES,
    ActorRow,
    ConflictRow,
    EvidenceRow,
    FindingRow,
    LineRow,
    OpportunityRow,
    SaidValue,
    StepRow,
)
from assets.opportunity_sources import Backlink
from detection.records import arrow_schema
from ml.opportunities.annotations import id_of_source
from ml.opportunities.building import Group
from ml.opportunities.quality import Quality
from ml.opportunities.records import MANY_FIELDS, Claim, Fragment, Member, Opportunity

#: What a row takes of a backlink and of a claim, and where a claim keeps it.
LINK = ("source", "stream", "record_id", "payload_sha256", "source_url", "reader",
        "reader_version")  # fmt: skip
_VALUE = tuple(SaidValue.__dataclass_fields__)
_SAID = attrgetter(*("evidence" if name == "sentence" else name for name in _VALUE))


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
    schema, told = arrow_schema(record), list(rows)
    return pa.table({n: list(map(attrgetter(n), told)) for n in schema.names}, schema=schema)


def _hash(*parts: object) -> str:
    text = "|".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]


def _json(values: Iterable[str]) -> str:
    return listed(tuple(values))


@lru_cache(maxsize=8192)  # an empty list, one product, one reason: few are told, and often
def listed(values: tuple[str, ...]) -> str:
    """A list of texts as the tables hold it."""
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
    lists = ("priority_reasons", "products", "part_numbers", "competitors", "tags")
    return OpportunityRow(
        **same | {name: _json(same[name]) for name in lists},
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
        **{name: getattr(link, name) if link else None for name in LINK},
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


#: What a finding says of itself, in its row as in its record.
FINDING = ("opportunity_id", "rule", "kind", "severity", "field", "message", "remedy")


def finding_id(said: Iterable[object], number: int) -> str:
    """Id of an opportunity's finding, by what it says (``FINDING``) and its place among all."""
    return _hash(*said, number)


def _findings(
    one: Opportunity, quality: Quality, backlinks: Mapping[str, Backlink]
) -> Iterator[FindingRow]:
    known = _times(one)
    whole = tuple(known)
    for number, finding in enumerate(quality.findings, 1):
        said = {name: getattr(finding, name) for name in FINDING}
        keys = sorted(finding.sources or whole, key=lambda key: (known[key][1], key))
        yield FindingRow(
            **_from(one, keys[-1], *known[keys[-1]], backlinks) | said,
            finding_id=finding_id(said.values(), number),
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
