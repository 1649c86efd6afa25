"""What a briefing shows: the best leads, each with its chosen reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from activation.evidence import Evidence, recent_signals, signal_evidence
from activation.text import clean

Row = Mapping[str, Any]


#: Days back to look for reasons; what is older is no reason for "now".
WHY_NOW_DAYS = 90


#: Reasons in the table's cell, each of another signal type, and in the details.
REASONS_IN_TABLE = 2


REASONS_IN_DETAILS = 5


@dataclass(frozen=True)
class LeadBrief:
    """One lead with its chosen reasons and, for those shown in detail, its points."""

    rank: int
    row: Row
    reasons: tuple[Evidence, ...]
    details: tuple[Evidence, ...]
    points: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Briefing:
    """All that is shown; ``simulated`` says that the market behind it is not the world."""

    as_of: date
    leads: tuple[LeadBrief, ...]
    scored: int
    tiers: Mapping[str, int]
    models: tuple[Row, ...]
    alerts: Mapping[str, int] = field(default_factory=dict)
    simulated: bool = False
    detailed: int = 3


def brief(
    leads: Sequence[Row],
    signals: Iterable[Row],
    points: Iterable[Row],
    models: Iterable[Row],
    as_of: date,
    *,
    alerts: Mapping[str, int] | None = None,
    simulated: bool = False,
    top: int = 10,
    detailed: int = 3,
) -> Briefing:
    """Choose what to show. ``leads`` come best first; ``alerts`` counts deliveries by status."""
    chosen = list(leads)[:top]
    wanted = {str(lead["company_id"]) for lead in chosen}
    by_company: dict[str, list[Row]] = defaultdict(list)
    for signal in signals:
        if str(signal.get("company_id")) in wanted and signal.get("known_to") is None:
            by_company[str(signal["company_id"])].append(signal)
    by_lead: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for point in points:
        by_lead[_lead_key(point)].append(point)
    tiers: dict[str, int] = defaultdict(int)
    for lead in leads:
        tiers[clean(lead.get("tier")) or "none"] += 1
    briefs = []
    for rank, lead in enumerate(chosen, start=1):
        recent = recent_signals(
            by_company[str(lead["company_id"])], as_of, WHY_NOW_DAYS, limit=1_000
        )
        evidence = [signal_evidence(signal) for signal in recent]
        briefs.append(
            LeadBrief(
                rank=rank,
                row=lead,
                reasons=tuple(_one_per_type(evidence)[:REASONS_IN_TABLE]),
                details=tuple(_varied(evidence)[:REASONS_IN_DETAILS]),
                points=tuple(by_lead[_lead_key(lead)]) if rank <= detailed else (),
            )
        )
    return Briefing(
        as_of=as_of,
        leads=tuple(briefs),
        scored=len(leads),
        tiers=dict(tiers),
        models=tuple(models),
        alerts=dict(alerts or {}),
        simulated=simulated,
        detailed=detailed,
    )


def _lead_key(row: Row) -> tuple[str, str, str]:
    return (
        str(row.get("organisation_id") or ""),
        str(row.get("icp_profile_id") or ""),
        str(row["company_id"]),
    )


def _one_per_type(evidence: Sequence[Evidence]) -> list[Evidence]:
    seen: set[str] = set()
    return [e for e in evidence if not (e.signal_type in seen or seen.add(e.signal_type))]


def _varied(evidence: Sequence[Evidence]) -> list[Evidence]:
    """One of each type first, then the rest, so that forty postings do not hide the funding."""
    first = _one_per_type(evidence)
    return [*first, *(item for item in evidence if item not in first)]
