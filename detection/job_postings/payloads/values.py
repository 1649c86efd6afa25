"""Values of a payload as they may be: text, numbers and times, or None where they are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from detection.job_postings.pay import Pay
from detection.job_postings.payloads.advert import Payload


def text_of(value: object) -> str | None:
    """Text without spaces around it; None for anything else and for nothing."""
    if not isinstance(value, str):
        return None
    return value.strip() or None


def map_of(value: object) -> Payload:
    """An object of JSON; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def list_of(value: object) -> list[Any]:
    """A list of JSON; an empty one for anything else."""
    return value if isinstance(value, list) else []


def amount_of(value: object) -> float | None:
    """A positive sum below a billion, from a number or its digits."""
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if 0 < number < 1e9 else None


def moment_of(value: object) -> datetime | None:
    """An ISO time or epoch milliseconds as UTC; None for others and for years nobody means."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            moment = datetime.fromtimestamp(value / 1000, UTC)
        elif isinstance(value, str) and value:
            moment = datetime.fromisoformat(value)
        else:
            return None
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if 1990 <= moment.year <= 2100 else None


def day_of(value: object) -> date | None:
    """The day (UTC) of ``moment_of``."""
    moment = moment_of(value)
    return moment.date() if moment else None


def pay_of(
    low: object, high: object, currency: object, period: str | None, told: str
) -> Pay | None:
    """A stated range of pay, ``told`` as evidence; None where neither end is an amount."""
    least, most = amount_of(low), amount_of(high)
    if least is None and most is None:
        return None
    code = (
        currency.strip().upper()
        if isinstance(currency, str) and len(currency.strip()) == 3
        else None
    )
    return Pay(least, most, code, period, told)
