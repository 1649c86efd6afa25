"""An alert as a message: structured for machines, Markdown for people.

The payload is what a webhook's receiver gets and what the inbox keeps, so its keys are stable:
``type``, ``delivery_id``, ``title``, ``priority``, ``markdown``, and ``alert`` or ``alerts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from activation.evaluation import Alert
from activation.evidence import Evidence, advised
from activation.text import (
    deal_size,
    markdown,
    money,
    percent,
    safe_url,
    score,
    source_label,
    timing,
    window,
)

#: A digest lists so many of its members by name; the rest are counted (all are in ``alerts``).
DIGEST_LINES = 50


def alert_payload(alert: Alert, delivery_id: str) -> dict[str, Any]:
    """The message of one alert."""
    return {
        "type": "buying_signals.alert",
        "delivery_id": delivery_id,
        "title": alert.title,
        "priority": alert.priority,
        "as_of": alert.as_of.isoformat(),
        "markdown": alert_markdown(alert),
        "alert": _plain(alert),
    }


def digest_payload(alerts: Sequence[Alert], delivery_id: str) -> dict[str, Any]:
    """One message for many alerts of one rule, which come the most important first."""
    first = alerts[0]
    title = f"{first.rule_name}: {len(alerts)} more"
    lines = [f"# {markdown(title)}", ""]
    for alert in alerts[:DIGEST_LINES]:
        lines.append(
            f"- **{markdown(alert.company_name)}** "
            f"(score {score(alert.lead_score)}, {alert.tier or 'no tier'}): "
            f"{markdown(alert.title)}"
        )
    if len(alerts) > DIGEST_LINES:
        lines.append(f"- and {len(alerts) - DIGEST_LINES} more")
    return {
        "type": "buying_signals.alert_digest",
        "delivery_id": delivery_id,
        "title": title,
        "priority": first.priority,
        "as_of": first.as_of.isoformat(),
        "markdown": "\n".join([*lines, ""]),
        "alerts": [_plain(alert) for alert in alerts],
    }


def alert_markdown(alert: Alert) -> str:
    """One alert as a page that a seller reads in half a minute."""
    reached = score(alert.lead_score)
    if alert.previous_score is not None:
        reached += f" (was {score(alert.previous_score)})"
    company = markdown(alert.company_name)
    if alert.domain:
        company += f" ({markdown(alert.domain)})"
    lines = [
        f"# {markdown(alert.title)}",
        "",
        f"- **Company**: {company}",
        f"- **Lead score**: {reached}, tier {alert.tier or '-'}",
        f"- **Priority**: {alert.priority}, respond by {_moment(alert.respond_by)}"
        + (f", escalate at {_moment(alert.escalate_at)}" if alert.escalate_at else ""),
        f"- **Expected timing**: "
        f"{timing(alert.expected_days, alert.lower_days, alert.upper_days)}, "
        f"P(buy within 90 days) {percent(alert.probability_90d)}",
        f"- **Deal size**: "
        f"{deal_size(alert.amount_p50, alert.amount_p10, alert.amount_p90, alert.currency)}, "
        f"expected value {money(alert.expected_value, alert.currency)}",
        f"- **Rule**: {markdown(alert.rule_name)} (`{alert.rule_id}`)",
    ]
    if alert.recipients:
        lines.append(f"- **For**: {', '.join(markdown(name) for name in alert.recipients)}")
    lines += ["", "## Why now", ""]
    lines += [evidence_markdown(item) for item in alert.evidence] or ["No dated signal known."]
    lines += advice_markdown(alert)
    return "\n".join([*lines, ""])


def advice_markdown(alert: Alert) -> list[str]:
    """What to do and to say about the first reason that comes with advice, citing that reason."""
    item = advised(alert.evidence)
    if item is None or item.advice is None:
        return []
    advice = item.advice
    days = window(advice.engage_from, advice.engage_to, alert.as_of)
    lines = ["", "## What to do", "", f"Best {days}, because of:", "", evidence_markdown(item), ""]
    lines += [f"1. {markdown(text)}" for text in advice.actions]
    if advice.talking_points:
        lines += ["", "To open the talk:", ""]
        lines += [f"- {markdown(text)}" for text in advice.talking_points]
    return lines


def evidence_markdown(item: Evidence) -> str:
    """One reason as a list item: date, what, source as a link."""
    day = item.day.isoformat() if item.day else "undated"
    label = markdown(source_label(item.source))
    url = safe_url(item.url)
    source = f"[{label}](<{url}>)" if url else label
    if item.sources > 1:
        source += f", {item.sources} sources, {item.independent_sources} independent"
    return f"- {day}: {markdown(item.text)} ({source})"


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _plain(alert: Alert) -> dict[str, Any]:
    """The alert in JSON types; the outbox's own settings are left out."""
    plain = {key: _json(value) for key, value in asdict(alert).items()}
    for key in ("channels", "cooldown_days", "digest_above"):
        del plain[key]
    return plain | {"signal_ids": list(alert.signal_ids), "why": alert.why}


def _json(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    return value
