"""What an alert shows as its reason: signals, said in a line each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from activation.rules import (
    STRENGTH_ORDER,
)
from activation.text import as_day, as_number, clean, money, source_label

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


def why_line(item: Evidence) -> str:
    """One reason as text: date, what, source, address."""
    day = item.day.isoformat() if item.day else "undated"
    told = source_label(item.source)
    if item.sources > 1:
        told += f", told by {item.sources} sources, {item.independent_sources} independent"
    return f"{day}: {item.text} ({told}){' ' + item.url if item.url else ''}"


def signal_day(signal: Row) -> date | None:
    """The day a signal happened, else was published, else was found."""
    for column in ("occurred_at", "published_at", "detected_at"):
        day = as_day(signal.get(column))
        if day is not None:
            return day
    return None


def signal_weight(signal: Row) -> tuple[Any, ...]:
    """Sort key that puts the weightiest, then the newest signal first; the id settles ties."""
    strength = signal.get("signal_strength")
    place = STRENGTH_ORDER.index(strength) if strength in STRENGTH_ORDER else -1
    day = signal_day(signal) or date.min
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
        day=signal_day(signal),
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
        day = signal_day(signal)
        if day is None or (as_of - day).days > days or str(signal["signal_id"]) == but:
            continue
        if signal.get("polarity") == "negative":
            continue
        fitting.append(signal)
    return sorted(fitting, key=signal_weight)[:limit]
