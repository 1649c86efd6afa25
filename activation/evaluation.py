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
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from activation.conditions import candidates, has_moved, signal_meets
from activation.evidence import (
    CONTEXT_DAYS,
    CONTEXT_SIGNALS,
    Evidence,
    Row,
    recent_signals,
    signal_evidence,
    signal_weight,
    why_line,
)
from activation.rules import (
    PRIORITY_ORDER,
    LeadRule,
    SignalRule,
)
from activation.text import as_number, clean, score


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
            for lead in candidates(rule.conditions, rows):
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


def _signal_alerts(
    rule: SignalRule, lead: Row, signals: list[Row], as_of: date, now: datetime
) -> list[Alert]:
    found = [signal for signal in signals if signal_meets(rule.conditions, signal, as_of)]
    alerts = []
    for signal in sorted(found, key=signal_weight):
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
    if not has_moved(rule.conditions, lead, before):
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
