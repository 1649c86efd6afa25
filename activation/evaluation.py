"""Which alerts a publication calls for: rules against rows, and nothing else.

``evaluate`` is pure: it reads rows of the published copy as dictionaries and knows nothing of what
was sent before. That an alert leaves only once is the outbox's affair (``activation.outbox``),
which recognises it by ``Alert.key``.

Columns read of a lead: ``organisation_id, icp_profile_id, company_id, company_name, domain,
industry, country, lead_score, intent_score, fit_score, tier, expected_days, lower_days, upper_days,
probability_90d, amount_p10, amount_p50, amount_p90, currency, expected_value, is_discovered``; of a
signal those of ``signals.buying_signals``. Missing columns and NULLs mean unknown and meet no
condition.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from activation.rules import (
    PRIORITY_ORDER,
    STRENGTH_ORDER,
    TIER_ORDER,
    ChangeConditions,
    LeadConditions,
    LeadRule,
    SignalConditions,
    SignalRule,
    Where,
)
from activation.text import as_day, as_number, clean, money, score, source_label

Row = Mapping[str, Any]

#: How many other recent signals of the company an alert shows beside its own.
CONTEXT_SIGNALS = 4
#: How far back those reach, in days; longer-ago news rarely helps a first call.
CONTEXT_DAYS = 90


@dataclass(frozen=True)
class Advice:
    """What to do and to say about a signal, and the days in which to do it, both included."""

    actions: tuple[str, ...]
    talking_points: tuple[str, ...]
    engage_from: date | None
    engage_to: date | None


@dataclass(frozen=True)
class Evidence:
    """One dated reason with the place where it can be read."""

    signal_id: str
    signal_type: str
    day: date | None
    source: str
    text: str
    url: str | None
    sources: int = 1
    independent_sources: int = 1
    advice: Advice | None = None


@dataclass(frozen=True)
class Alert:
    """What somebody should be told, complete in itself.

    ``subject`` is what the alert is about once and for all: a signal's id, or company and day for a
    lead's movement. ``signal_id`` is empty for alerts on leads. Times are UTC; scores 0-100;
    ``respond_by`` and ``escalate_at`` count from the evaluation.
    """

    rule_id: str
    rule_name: str
    subject: str
    organisation_id: str
    company_id: str
    company_name: str
    domain: str | None
    signal_id: str | None
    title: str
    evidence: tuple[Evidence, ...]
    lead_score: float | None
    previous_score: float | None
    tier: str | None
    previous_tier: str | None
    expected_days: float | None
    lower_days: float | None
    upper_days: float | None
    probability_90d: float | None
    amount_p10: float | None
    amount_p50: float | None
    amount_p90: float | None
    currency: str
    expected_value: float | None
    priority: str
    as_of: date
    respond_by: datetime
    escalate_at: datetime | None
    channels: tuple[str, ...]
    recipients: tuple[str, ...]
    cooldown_days: int
    digest_above: int | None

    @property
    def signal_ids(self) -> tuple[str, ...]:
        """Ids of all signals shown, the one that caused the alert first."""
        return tuple(item.signal_id for item in self.evidence)

    @property
    def why(self) -> str:
        """The reasons, one per line, each with its date, source and address."""
        return "\n".join(why_line(item) for item in self.evidence)

    def key(self, channel: str) -> str:
        """The same for the same rule, subject and channel, whatever else has changed."""
        parts = (self.organisation_id, self.rule_id, self.subject, channel)
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]


def why_line(item: Evidence) -> str:
    """One reason as text: date, what, source, address."""
    day = item.day.isoformat() if item.day else "undated"
    told = source_label(item.source)
    if item.sources > 1:
        told += f", told by {item.sources} sources, {item.independent_sources} independent"
    return f"{day}: {item.text} ({told}){' ' + item.url if item.url else ''}"


def evaluate(
    rules: Sequence[SignalRule | LeadRule],
    leads: Iterable[Row],
    signals: Iterable[Row],
    previous: Iterable[Row],
    as_of: date,
    now: datetime,
) -> list[Alert]:
    """Alerts that ``rules`` call for, the most urgent and best-scored first.

    ``leads`` are the current scores, ``previous`` the newest scores before them (columns
    ``organisation_id, icp_profile_id, company_id, tier, lead_score``), ``signals`` the signals
    known at ``as_of``, at least those since ``evidence_since``. ``now`` starts the response time.
    A company under several ICP profiles is judged by its best-scored one that the rule allows.
    """
    by_company: dict[str, list[Row]] = defaultdict(list)
    for lead in leads:
        by_company[str(lead["company_id"])].append(lead)
    known: dict[str, list[Row]] = defaultdict(list)
    for signal in signals:
        if signal.get("known_to") is None and str(signal.get("company_id")) in by_company:
            known[str(signal["company_id"])].append(signal)
    before = {_lead_key(row): row for row in previous}
    alerts: list[Alert] = []
    for rule in rules:
        for company_id, rows in by_company.items():
            for lead in _candidates(rule.conditions, rows):
                mine = known.get(company_id, [])
                if isinstance(rule, SignalRule):
                    found = _signal_alerts(rule, lead, mine, as_of, now)
                else:
                    found = _lead_alerts(rule, lead, mine, before.get(_lead_key(lead)), as_of, now)
                alerts.extend(found)
    return sorted(alerts, key=_rank)


def evidence_since(rules: Sequence[SignalRule | LeadRule], as_of: date) -> date:
    """The oldest day of which ``evaluate`` can use a signal; older ones need not be read."""
    days = max([CONTEXT_DAYS, *(rule.conditions.max_age_days for rule in rules)])
    return as_of - timedelta(days=days)


def _rank(alert: Alert) -> tuple[Any, ...]:
    return (
        PRIORITY_ORDER.index(alert.priority),
        -(alert.expected_value or 0.0),
        -(alert.lead_score or 0.0),
        alert.rule_id,
        alert.subject,
    )


def _lead_key(row: Row) -> tuple[str, str, str]:
    return (
        str(row.get("organisation_id") or ""),
        str(row.get("icp_profile_id") or ""),
        str(row["company_id"]),
    )


def _candidates(conditions: LeadConditions, rows: list[Row]) -> list[Row]:
    """The best lead of each organisation that meets the conditions on leads."""
    best: dict[str, Row] = {}
    for row in rows:
        if not _lead_meets(conditions, row):
            continue
        organisation = str(row.get("organisation_id") or "")
        held = best.get(organisation)
        if held is None or (as_number(row.get("lead_score")) or 0) > (
            as_number(held.get("lead_score")) or 0
        ):
            best[organisation] = row
    return list(best.values())


def _lead_meets(conditions: LeadConditions, lead: Row) -> bool:
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
        if not _at_least(lead.get(column), least):
            return False
    if conditions.companies and not (
        _folded(conditions.companies)
        & _folded([lead.get("company_id"), lead.get("domain"), lead.get("company_name")])
    ):
        return False
    for column, wanted in (("industry", conditions.industries), ("country", conditions.countries)):
        if wanted and clean(lead.get(column)).casefold() not in _folded(wanted):
            return False
    return all(_holds(where, lead) for where in conditions.where if where.field.startswith("lead."))


def _folded(values: Iterable[object]) -> set[str]:
    return {clean(value).casefold() for value in values if value} - {""}


def _at_least(value: object, least: float | None) -> bool:
    if least is None:
        return True
    number = as_number(value)
    return number is not None and number >= least


def _signal_meets(conditions: SignalConditions, signal: Row, as_of: date) -> bool:
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
        if not _at_least(signal.get(column), least):
            return False
    day = _signal_day(signal)
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


def _signal_day(signal: Row) -> date | None:
    for column in ("occurred_at", "published_at", "detected_at"):
        day = as_day(signal.get(column))
        if day is not None:
            return day
    return None


def _signal_weight(signal: Row) -> tuple[Any, ...]:
    """Sort key that puts the weightiest, then the newest signal first; the id settles ties."""
    strength = signal.get("signal_strength")
    place = STRENGTH_ORDER.index(strength) if strength in STRENGTH_ORDER else -1
    day = _signal_day(signal) or date.min
    return (
        -place,
        -(as_number(signal.get("relevance_score")) or 0.0),
        -day.toordinal(),
        str(signal.get("signal_id")),
    )


def signal_evidence(signal: Row) -> Evidence:
    """A signal as a dated reason."""
    return Evidence(
        signal_id=str(signal["signal_id"]),
        signal_type=clean(signal.get("signal_type")),
        day=_signal_day(signal),
        source=clean(signal.get("primary_source")),
        text=_told_text(signal),
        url=clean(signal.get("source_url")) or None,
        sources=int(as_number(signal.get("source_count")) or 1),
        independent_sources=int(as_number(signal.get("independent_source_count")) or 1),
        advice=_advice(signal),
    )


def _advice(signal: Row) -> Advice | None:
    """The advice beside a signal, one sentence a line in its columns; None where there is none."""
    actions, points = (
        tuple(text for line in str(signal.get(column) or "").splitlines() if (text := clean(line)))
        for column in ("recommended_actions", "talking_points")
    )
    if not actions and not points:
        return None
    return Advice(
        actions, points, as_day(signal.get("engage_from")), as_day(signal.get("engage_to"))
    )


def advised(evidence: Iterable[Evidence]) -> Evidence | None:
    """The first reason that comes with advice."""
    return next((item for item in evidence if item.advice is not None), None)


def _told_text(signal: Row) -> str:
    """The signal's title, with the sum raised where the title does not say it."""
    text = clean(signal.get("title") or signal.get("evidence"), 200)
    if signal.get("signal_type") != "funding_round" or any(mark in text for mark in "$€£"):
        return text
    try:
        data = json.loads(signal.get("signal_data") or "{}")
    except (TypeError, ValueError):
        return text
    amount = money(data.get("amount"), data.get("currency")) if isinstance(data, dict) else "-"
    return text if amount == "-" else f"{text}, {amount}"


def recent_signals(
    signals: Iterable[Row], as_of: date, days: int, limit: int, but: str | None = None
) -> list[Row]:
    """The weightiest signals of the last ``days`` that speak for a purchase, at most ``limit``.

    Signals whose polarity is negative, whose day is unknown, or whose id is ``but``, are left out.
    """
    fitting = []
    for signal in signals:
        day = _signal_day(signal)
        if day is None or (as_of - day).days > days or str(signal["signal_id"]) == but:
            continue
        if signal.get("polarity") == "negative":
            continue
        fitting.append(signal)
    return sorted(fitting, key=_signal_weight)[:limit]


def _signal_alerts(
    rule: SignalRule, lead: Row, signals: list[Row], as_of: date, now: datetime
) -> list[Alert]:
    found = [signal for signal in signals if _signal_meets(rule.conditions, signal, as_of)]
    alerts = []
    for signal in sorted(found, key=_signal_weight):
        signal_id = str(signal["signal_id"])
        shown = [signal, *recent_signals(signals, as_of, CONTEXT_DAYS, CONTEXT_SIGNALS, signal_id)]
        name = clean(lead.get("company_name") or lead["company_id"])
        what = clean(signal.get("title") or signal.get("signal_type"), 160)
        title = what if name.casefold() in what.casefold() else f"{name}: {what}"
        alerts.append(_alert(rule, lead, None, signal_id, signal_id, title, shown, as_of, now))
    return alerts


def _lead_alerts(
    rule: LeadRule,
    lead: Row,
    signals: list[Row],
    before: Row | None,
    as_of: date,
    now: datetime,
) -> list[Alert]:
    if not _moved(rule.conditions, lead, before):
        return []
    return [lead_alert(rule, lead, signals, before, as_of, now)]


def lead_alert(
    rule: LeadRule,
    lead: Row,
    signals: Iterable[Row],
    before: Row | None,
    as_of: date,
    now: datetime,
) -> Alert:
    """The alert that a lead moved since ``before``, with its company's recent signals."""
    now_at = as_number(lead.get("lead_score")) or 0.0
    name = clean(lead.get("company_name") or lead["company_id"])
    was = as_number(before.get("lead_score")) if before else None
    change = now_at - (was or 0)
    if rule.conditions.discovered:
        title = f"{name} discovered, {clean(lead.get('tier'))}"
    elif before is not None and before.get("tier") == lead.get("tier"):
        title = f"{name} {'gained' if change >= 0 else 'lost'} {abs(change):.0f} points"
    else:
        title = f"{name} {'became' if change >= 0 else 'fell to'} {clean(lead.get('tier'))}"
    moved = f"{score(was)} → {score(now_at)}" if before else f"{score(now_at)}, newly scored"
    title = f"{title}: {moved}"
    subject = f"{lead['company_id']}@{as_of.isoformat()}"
    shown = recent_signals(list(signals), as_of, rule.conditions.max_age_days, CONTEXT_SIGNALS)
    return _alert(rule, lead, before, subject, None, title, shown, as_of, now)


def _moved(conditions: ChangeConditions, lead: Row, before: Row | None) -> bool:
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


def _alert(
    rule: SignalRule | LeadRule,
    lead: Row,
    before: Row | None,
    subject: str,
    signal_id: str | None,
    title: str,
    shown: list[Row],
    as_of: date,
    now: datetime,
) -> Alert:
    escalate = rule.escalate_after_minutes
    return Alert(
        rule_id=rule.id,
        rule_name=rule.name,
        subject=subject,
        organisation_id=str(lead.get("organisation_id") or ""),
        company_id=str(lead["company_id"]),
        company_name=clean(lead.get("company_name") or lead["company_id"]),
        domain=clean(lead.get("domain")) or None,
        signal_id=signal_id,
        title=title,
        evidence=tuple(signal_evidence(signal) for signal in shown),
        lead_score=as_number(lead.get("lead_score")),
        previous_score=as_number(before.get("lead_score")) if before else None,
        tier=clean(lead.get("tier")) or None,
        previous_tier=(clean(before.get("tier")) or None) if before else None,
        expected_days=as_number(lead.get("expected_days")),
        lower_days=as_number(lead.get("lower_days")),
        upper_days=as_number(lead.get("upper_days")),
        probability_90d=as_number(lead.get("probability_90d")),
        amount_p10=as_number(lead.get("amount_p10")),
        amount_p50=as_number(lead.get("amount_p50")),
        amount_p90=as_number(lead.get("amount_p90")),
        currency=clean(lead.get("currency")) or "USD",
        expected_value=as_number(lead.get("expected_value")),
        priority=rule.priority,
        as_of=as_of,
        respond_by=now + timedelta(minutes=rule.response_sla_minutes),
        escalate_at=None if escalate is None else now + timedelta(minutes=escalate),
        channels=tuple(dict.fromkeys(rule.channels)),
        recipients=tuple(rule.recipients),
        cooldown_days=rule.cooldown_days,
        digest_above=rule.digest_above,
    )
