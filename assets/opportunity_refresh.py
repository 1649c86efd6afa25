"""What the calendar alone changes of opportunities whose sources stay as they were.

Priorities look ahead, next steps fall due, deals go stale, features count days: all of that hangs
on the day. It is reckoned anew from the rows of before by the rules that joining uses, so that the
rows are those that joining all sources would give. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.opportunity_care import TABLES as CARE_TABLES
from assets.opportunity_care import Run
from assets.opportunity_tables import FINDING, LINK, as_table, finding_id, listed
from ml.opportunities.insights import until, window_counts
from ml.opportunities.next_steps import status_on
from ml.opportunities.priority import priority_of
from ml.opportunities.quality import quality_of
from ml.opportunities.quality_rules import DAY_RULES, is_of_the_day, late_steps
from ml.opportunities.records import Candidate, Claim, Finding, Member, NextStep, Standing
from ml.opportunities.settings import QualityConfig

#: Days that are wanted or passed: the field, and the opportunity's column.
DAYS = {"delivery_date": "delivery_on", "quote_due": "quote_due_on",
        "decision_date": "decision_on", "close_date": "close_on"}  # fmt: skip
#: Fields whose source findings of the day name.
TOLD = (*DAYS, "lead_time")


@dataclass(frozen=True)
class Deal:
    """What is kept of an opportunity beside its rows, to bring it to another day."""

    opportunity_id: str
    #: Hash of the part of the sources that it comes of (``opportunity_index``).
    part: int
    #: When the stage was told; when first and last something was said of it.
    since: datetime
    first: datetime
    last: datetime
    #: Time of each source, and whose word it is: 1 the customer's, 2 ours, 0 a CRM's.
    times: tuple[datetime, ...]
    sides: tuple[int, ...]
    #: The last source; those that tell the fields of ``TOLD``, in that order.
    last_source: str
    told_by: tuple[str | None, ...]


def refreshed(
    tables: Mapping[str, pa.Table],
    deals: Sequence[Deal],
    day: date,
    config: QualityConfig,
) -> dict[str, pa.Table]:
    """Tables of some opportunities on another day; ``tables`` hold no others.

    Every source of ``deals``, which are in the order of ids, is from before the end of both days.
    """
    opportunities = tables["opportunities"].to_pylist()
    features = tables["opportunity_features"].to_pylist()
    steps, new_status = _steps(tables["next_steps"], day)
    findings = _by_deal(tables["quality_findings"])
    found: dict[str, Sequence[Finding]] = {}
    for row, feature, deal in zip(opportunities, features, deals, strict=True):
        standing = _standing(row, deal, steps.get(deal.opportunity_id, ()))
        dated = [(f.replace("_", " "), d) for f, column in DAYS.items() if (d := row[column])]
        dated += [("next step", s.due_on) for s in standing.next_steps
                  if s.due_on and s.status != "done"]  # fmt: skip
        level, reasons = priority_of(row["stage"], row["value"], dated, day)
        row["priority"], row["priority_reasons"] = level, listed(reasons)
        told = findings.get(deal.opportunity_id, [])
        kept = [_finding(one) for one in told if not is_of_the_day(one["kind"], one["rule"])]
        fresh = [f for rule in DAY_RULES for f in rule(standing, day, config)]
        quality = quality_of(
            deal.opportunity_id, row["stage"], row["last_touched_at"], [*kept, *fresh], day, config
        )
        found[deal.opportunity_id] = quality.findings
        row |= {
            "quality_score": quality.score, "completeness": quality.completeness,
            "consistency": quality.consistency, "freshness": quality.freshness,
            "blocker_count": quality.count("blocker"),
        }  # fmt: skip
        feature |= _features(row, deal, standing, day)
        feature |= {"finding_count": len(quality.findings), "quality_score": quality.score,
                    "blocker_count": quality.count("blocker"), "priority": level}  # fmt: skip
    place = tables["next_steps"].schema.get_field_index("status")
    return {
        **tables,
        "opportunities": _like(tables["opportunities"], opportunities),
        "opportunity_features": _like(tables["opportunity_features"], features),
        "next_steps": tables["next_steps"].set_column(
            place, tables["next_steps"].schema.field(place), pa.array(new_status, pa.string())
        ),
        "quality_findings": _finding_rows(tables, findings, found),
    }


def snapshots_of(
    tables: Mapping[str, pa.Table], day: date, run: Run, overdue_days: int
) -> pa.Table:
    """Snapshots of opportunities by their rows, as ``run`` left them on ``day``."""
    steps, _ = _steps(tables["next_steps"], day)
    opportunities, features = tables["opportunities"], tables["opportunity_features"]
    record, _ = CARE_TABLES["opportunity_snapshots"]
    schema = as_table(record, ()).schema
    late = [
        sum(_is_late(s, day, overdue_days) for s in steps.get(i, ()))
        for i in opportunities["opportunity_id"].to_pylist()
    ]
    count = opportunities.num_rows
    columns: dict[str, Any] = {
        "run_id": [run.run_id] * count, "run_number": [run.run_number] * count,
        "joined_at": [run.joined_at] * count, "overdue_step_count": late,
        "conflict_count": features["conflict_count"],
    }  # fmt: skip
    return pa.table(
        {n: columns[n] if n in columns else opportunities[n] for n in schema.names}, schema=schema
    )


def _is_late(step: NextStep, day: date, days: int) -> bool:
    return bool(late_steps((step,), day, days))


def _like(table: pa.Table, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    listed_rows = list(rows)
    return pa.table(
        {n: [row[n] for row in listed_rows] for n in table.schema.names}, schema=table.schema
    )


def _steps(table: pa.Table, day: date) -> tuple[dict[str, list[NextStep]], list[str]]:
    """Steps by opportunity as they stand on a day, and the status of each row."""
    names = ("opportunity_id", "text", "owner", "owner_is_inferred", "due_on", "due_is_inferred",
             "source_key", "status")  # fmt: skip
    by_deal: dict[str, list[NextStep]] = defaultdict(list)
    statuses = []
    for key, *told, status in zip(*(table[n].to_pylist() for n in names), strict=True):
        status = status_on(status == "done", told[3], day)
        statuses.append(status)
        by_deal[key].append(NextStep(*told, status))
    return by_deal, statuses


def _standing(row: Mapping[str, Any], deal: Deal, steps: Sequence[NextStep]) -> Standing:
    candidates = tuple(
        Candidate(Claim(field), key, "", row["last_touched_at"], 0, True)
        for field, key in zip(TOLD, deal.told_by, strict=True)
        if key
    )
    last = Member(deal.last_source, "", row["last_touched_at"], 1.0, ())
    return Standing(
        opportunity_id=deal.opportunity_id,
        stage=row["stage"],
        lead_time_days=row["lead_time_days"],
        last_touched_at=row["last_touched_at"],
        members=(last,),
        candidates=candidates,
        next_steps=tuple(steps),
        **{column: row[column] for column in DAYS.values()},
    )


def _features(row: Mapping[str, Any], deal: Deal, standing: Standing, day: date) -> dict[str, Any]:
    end = datetime.combine(day, time.min, UTC) + timedelta(days=1)
    return {
        "as_of": day,
        **window_counts(
            deal.since, deal.first, deal.last, list(zip(deal.times, deal.sides, strict=True)), end
        ),
        "overdue_step_count": sum(s.status == "overdue" for s in standing.next_steps),
        "days_to_decision": until(row["decision_on"], day),
        "days_to_delivery": until(row["delivery_on"], day),
    }


def _by_deal(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in table.to_pylist():
        found[row["opportunity_id"]].append(row)
    return found


def _finding(row: Mapping[str, Any]) -> Finding:
    return Finding(*(row[name] for name in FINDING))


def _finding_rows(
    tables: Mapping[str, pa.Table],
    before: Mapping[str, list[dict[str, Any]]],
    found: Mapping[str, Sequence[Finding]],
) -> pa.Table:
    """Rows of findings: those of before where they are the same, else with what is new."""
    needed = {
        key for told in found.values() for f in told if is_of_the_day(f.kind, f.rule)
        for key in f.sources
    }  # fmt: skip
    links = _links(tables["opportunity_evidence"], needed)
    rows: list[dict[str, Any]] = []
    for deal, told in found.items():
        known = {(one["rule"], one["field"]): one for one in before.get(deal, ())}
        for number, finding in enumerate(told, 1):
            said = [getattr(finding, name) for name in FINDING]
            if is_of_the_day(finding.kind, finding.rule):
                keys = sorted(finding.sources, key=lambda key: (links[key]["occurred_at"], key))
                row = dict(zip(FINDING, said, strict=True)) | links[keys[-1]]
                row["source_keys"] = listed(tuple(keys))
            else:
                row = known[finding.rule, finding.field]
            rows.append(row | {"finding_id": finding_id(said, number)})
    return _like(tables["quality_findings"], rows)


def _links(evidence: pa.Table, keys: Collection[str]) -> dict[str, dict[str, Any]]:
    """Where sources stand in the lake, by their keys."""
    is_source = pc.and_(
        pc.equal(evidence["field"], "source"),
        pc.is_in(evidence["source_key"], pa.array(sorted(keys), pa.string())),
    )
    names = ["source_key", "occurred_at", *LINK]
    return {row["source_key"]: row for row in evidence.select(names).filter(is_source).to_pylist()}
