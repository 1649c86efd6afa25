"""Whether a lead or a signal meets the conditions of a rule."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from activation.evidence import Row, signal_day
from activation.rules import (
    STRENGTH_ORDER,
    TIER_ORDER,
    ChangeConditions,
    LeadConditions,
    SignalConditions,
    Where,
)
from activation.text import as_number, clean


def candidates(conditions: LeadConditions, rows: list[Row]) -> list[Row]:
    """The best lead of each organisation that meets the conditions on leads."""
    best: dict[str, Row] = {}
    for row in rows:
        if not lead_meets(conditions, row):
            continue
        organisation = str(row.get("organisation_id") or "")
        held = best.get(organisation)
        if held is None or (as_number(row.get("lead_score")) or 0) > (
            as_number(held.get("lead_score")) or 0
        ):
            best[organisation] = row
    return list(best.values())


def lead_meets(conditions: LeadConditions, lead: Row) -> bool:
    """Whether a lead meets all that the rule asks of it."""
    if conditions.tiers and lead.get("tier") not in conditions.tiers:
        return False
    if conditions.icp_profiles and lead.get("icp_profile_id") not in conditions.icp_profiles:
        return False
    for column, least in (
        ("lead_score", conditions.min_lead_score),
        ("fit_score", conditions.min_fit_score),
        ("intent_score", conditions.min_intent_score),
        ("probability_90d", conditions.min_probability_90d),
    ):
        if not at_least(lead.get(column), least):
            return False
    if conditions.companies and not (
        folded(conditions.companies)
        & folded([lead.get("company_id"), lead.get("domain"), lead.get("company_name")])
    ):
        return False
    for column, wanted in (("industry", conditions.industries), ("country", conditions.countries)):
        if wanted and clean(lead.get(column)).casefold() not in folded(wanted):
            return False
    return all(_holds(where, lead) for where in conditions.where if where.field.startswith("lead."))


def folded(values: Iterable[object]) -> set[str]:
    """Values without regard to case."""
    return {clean(value).casefold() for value in values if value} - {""}


def at_least(value: object, least: float | None) -> bool:
    """Whether a number is known and large enough; true where nothing is asked."""
    if least is None:
        return True
    number = as_number(value)
    return number is not None and number >= least


def signal_meets(conditions: SignalConditions, signal: Row, as_of: date) -> bool:
    """Whether a signal meets all that the rule asks of it on a day."""
    for column, wanted in (
        ("signal_type", conditions.signal_types),
        ("signal_subtype", conditions.signal_subtypes),
        ("status", conditions.statuses),
        ("polarity", conditions.polarities),
    ):
        if wanted and signal.get(column) not in wanted:
            return False
    if conditions.min_strength:
        strength = signal.get("signal_strength")
        if strength not in STRENGTH_ORDER:
            return False
        if STRENGTH_ORDER.index(strength) < STRENGTH_ORDER.index(conditions.min_strength):
            return False
    for column, least in (
        ("relevance_score", conditions.min_relevance),
        ("urgency_score", conditions.min_urgency),
        ("impact_score", conditions.min_impact),
        ("confidence_score", conditions.min_confidence),
    ):
        if not at_least(signal.get(column), least):
            return False
    day = signal_day(signal)
    if day is None or (as_of - day).days > conditions.max_age_days:
        return False
    return all(
        _holds(where, signal) for where in conditions.where if where.field.startswith("signal.")
    )


def _holds(where: Where, row: Row) -> bool:
    value: Any = row
    for step in where.field.split(".")[1:]:
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError:
                value = None
        value = value.get(step) if isinstance(value, Mapping) else None
    wanted = where.value
    if where.operator in ("not_equals", "not_in"):
        inner = "equals" if where.operator == "not_equals" else "in"
        return not _compare(inner, value, wanted)
    return value not in (None, "") and _compare(where.operator, value, wanted)


def _compare(operator: str, value: Any, wanted: Any) -> bool:
    if operator == "equals":
        return _same(value, wanted)
    if operator == "in":
        return any(_same(value, item) for item in wanted)
    if operator == "contains":
        if isinstance(value, list):
            return any(_same(item, wanted) for item in value)
        return clean(wanted).casefold() in clean(value).casefold()
    number = as_number(value)
    if number is None:
        return False
    return number >= wanted if operator == "at_least" else number <= wanted


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return bool(value == wanted)


def has_moved(conditions: ChangeConditions, lead: Row, before: Row | None) -> bool:
    """Whether a lead has changed since ``before`` in the way that the rule asks about."""
    if conditions.discovered and not lead.get("is_discovered"):
        return False
    if before is None and not conditions.include_new:
        return False
    if conditions.crossed_into is not None:
        tier, was = lead.get("tier"), before.get("tier") if before else None
        if tier not in conditions.crossed_into or tier not in TIER_ORDER:
            return False
        place = TIER_ORDER.index(was) if was in TIER_ORDER else -1
        if TIER_ORDER.index(tier) <= place:
            return False
    if conditions.min_score_change is not None:
        reached = as_number(lead.get("lead_score"))
        was_score = (as_number(before.get("lead_score")) if before else 0.0) or 0.0
        if reached is None or reached - was_score < conditions.min_score_change:
            return False
    return True
