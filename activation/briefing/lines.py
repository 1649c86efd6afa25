"""Lines of a briefing in plain words, the same in a terminal and on a page."""

from __future__ import annotations

from activation.briefing.choosing import Briefing, LeadBrief, Row
from activation.text import as_number, clean

_COMPONENTS = ("intent", "fit", "accessibility")


def headline(briefing: Briefing) -> str:
    """What is shown, as of when, and how many leads of each tier there are."""
    counts = ", ".join(
        f"{briefing.tiers[tier]:,} {tier}"
        for tier in ("hot", "warm", "nurture", "cold")
        if briefing.tiers.get(tier)
    )
    market = " of the simulated market" if briefing.simulated else ""
    return f"Top leads{market} as of {briefing.as_of} ({briefing.scored:,} scored: {counts or '-'})"


def model_lines(briefing: Briefing) -> list[str]:
    """One line per model; plain words where there is none."""
    if not briefing.models:
        return ["No model has been trained yet: timing, probability and deal size are not known."]
    lines = []
    for model in briefing.models:
        name = clean(model.get("model_name")).replace("_", " ")
        if model.get("status") == "trained":
            rows, events = as_number(model.get("train_rows")), as_number(model.get("train_events"))
            size = f", trained on {rows:,.0f} rows" if rows else ""
            size += f" with {events:,.0f} events" if rows and events else ""
            alias = clean(model.get("alias"))
            lines.append(
                f"{name}: version {clean(model.get('model_version'))}"
                + (f" ({alias})" if alias else "")
                + size
            )
        else:
            state = "rejected" if model.get("status") == "rejected" else "not trained"
            reason = clean(model.get("reason")) or "no reason recorded"
            lines.append(f"{name}: {state}: {reason}")
    return lines


def alert_line(briefing: Briefing) -> str | None:
    """How many alerts were delivered, held back and are waiting; None where there were none."""
    if not briefing.alerts:
        return None
    words = {
        "delivered": "delivered",
        "in_digest": "told in a digest",
        "suppressed": "held back (quiet days)",
        "pending": "waiting",
        "retrying": "being retried",
        "sending": "being sent",
        "abandoned": "given up",
    }
    parts = [f"{briefing.alerts[key]:,} {words[key]}" for key in words if briefing.alerts.get(key)]
    return "Alerts: " + (", ".join(parts) or "none")


def stage_line(row: Row) -> str:
    """The buying stage and why: "Buying stage: decision (Series B, 2026-05-07 [press])"."""
    reason = clean(row.get("stage_reason"), 160)
    return f"Buying stage: {clean(row.get('buying_stage'))}" + (f" ({reason})" if reason else "")


def score_lines(lead: LeadBrief) -> list[str]:
    """How a score came about: per component its value, weight and points with their evidence."""
    lines = []
    for component in _COMPONENTS:
        value = as_number(lead.row.get(f"{component}_score"))
        mine = [point for point in lead.points if point.get("component") == component]
        if value is None and not mine:
            continue
        weight = next((w for p in mine if (w := as_number(p.get("weight"))) is not None), None)
        line = component if value is None else f"{component} {value:.2f}"
        if weight is not None and value is not None:
            line += f" x {weight:.2f} = {value * weight:.2f}"
        awarded = [point for point in mine if (as_number(point.get("points")) or 0) != 0]
        awarded.sort(key=lambda point: -(as_number(point.get("points")) or 0))
        if awarded:
            line += ": " + ", ".join(
                f"{clean(point.get('rule_id')).replace('_', ' ')} {as_number(point['points']):.0f}"
                f"/{as_number(point.get('max_points')) or 0:.0f}"
                for point in awarded
            )
        lines.append(line)
    return lines
