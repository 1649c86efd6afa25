"""What to attend to first: points for worth, nearness and how far a deal is, with reasons."""

from __future__ import annotations

from datetime import date

#: Worth in the deal's own currency from which points are given (no rates are known here).
WORTH = ((250_000, 3), (50_000, 2), (10_000, 1))
#: Days to the next day that matters, and the points for it.
NEAR = ((7, 3), (21, 2), (60, 1))
STAGE_POINTS = {"po_in_progress": 3, "quoting": 2, "rfq": 2, "research_concept": 0}
HIGH, MEDIUM = 6, 3


def priority_of(
    stage: str, value: float | None, days: list[tuple[str, date]], as_of: date
) -> tuple[str, tuple[str, ...]]:
    """``high``, ``medium`` or ``low`` with its reasons; what is won or lost is low."""
    if stage in ("won", "lost"):
        return "low", (f"{stage}",)
    reasons, points = [], 0
    if worth := next((p for limit, p in WORTH if value is not None and value >= limit), 0):
        points += worth
        reasons.append(f"worth {value:,.0f} (+{worth})")
    ahead = sorted((day, name) for name, day in days if day >= as_of)
    if ahead:
        day, name = ahead[0]
        if near := next((p for limit, p in NEAR if (day - as_of).days <= limit), 0):
            points += near
            reasons.append(f"{name} {day.isoformat()} (+{near})")
    if far := STAGE_POINTS.get(stage, 0):
        points += far
        reasons.append(f"stage {stage} (+{far})")
    level = "high" if points >= HIGH else "medium" if points >= MEDIUM else "low"
    return level, tuple(reasons)
