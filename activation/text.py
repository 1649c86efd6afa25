"""Small renderings of values for people: days, money, shares, names of sources, safe text.

Text comes from outside (press titles, filings, CRM fields), so everything that reaches a terminal
or a Markdown file goes through ``clean`` first.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlsplit

#: How sources are called in front of people; others are shown by their declared name.
SOURCE_LABELS = {
    "sec_edgar": "SEC EDGAR",
    "crunchbase": "Crunchbase",
    "greenhouse": "Greenhouse",
    "lever": "Lever",
    "ashby": "Ashby",
    "company_site": "company site",
    "leadership_pages": "leadership page",
    "coresignal": "Coresignal",
    "dns": "DNS",
    "builtwith": "BuiltWith",
    "press": "press",
    "crm": "CRM",
    "company_list": "company list",
    "newsapi": "NewsAPI",
    "google_news": "Google News",
    "workday": "Workday",
    "adzuna": "Adzuna",
    "usajobs": "USAJobs",
    "boardex": "BoardEx",
    "cb_insights": "CB Insights",
    "hg_insights": "HG Insights",
    "pitchbook": "PitchBook",
    "zoominfo": "ZoomInfo",
    "datanyze": "Datanyze",
    "g2": "G2",
    "dice": "Dice",
    "indeed": "Indeed",
    "glassdoor": "Glassdoor",
    "linkedin_jobs": "LinkedIn Jobs",
    "linkedin_sales_navigator": "LinkedIn Sales Navigator",
}

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#~])")


def clean(value: object, limit: int | None = None) -> str:
    """Text on one line without control, format or surrogate characters, cut at ``limit``."""
    text = "" if value is None else str(value)
    text = "".join(
        " " if character in "\n\r\t" else character
        for character in text
        if character in "\n\r\t" or unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    text = " ".join(text.split())
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)].rstrip() + "…"
    return text


def markdown(value: object, limit: int | None = None) -> str:
    """``clean`` text in which no character has a meaning in Markdown or HTML."""
    return _MARKDOWN.sub(r"\\\1", clean(value, limit))


def window(start: date | None, end: date | None, today: date) -> str:
    """The days in which to act: "until 2026-06-24", "from 2026-06-05 to 2026-06-24", "any day"."""
    if end is None:
        return "any day"
    if start is None or start <= today:
        return f"until {end.isoformat()}"
    return f"from {start.isoformat()} to {end.isoformat()}"


def safe_url(value: object) -> str | None:
    """The URL when it is a plain http(s) one, else ``None``."""
    text = clean(value)
    if not text or re.search(r"[\s<>\"'`\\]", text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def as_day(value: object) -> date | None:
    """The UTC day of a date, a timestamp (naive ones are UTC) or ISO text; ``None`` if unusable."""
    if isinstance(value, datetime):
        return (value.astimezone(UTC) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and value:
        try:
            return as_day(datetime.fromisoformat(value))
        except ValueError:
            return None
    return None


def as_number(value: object) -> float | None:
    """A finite float, or ``None`` for anything else (also NaN, as unknown numbers often are)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def money(value: object, currency: object = "USD") -> str:
    """An amount at three significant places, as ``$1.25M``; ``-`` when unknown."""
    amount = as_number(value)
    if amount is None:
        return "-"
    code = clean(currency) or "USD"
    sign = "-" if amount < 0 else ""
    amount = abs(amount)
    # 999.5 and above would print as 1000 of the smaller unit, so the step is taken there.
    for size, suffix in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if amount >= size * 0.9995:
            scaled = amount / size
            digits = 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0
            number = f"{scaled:.{digits}f}"
            if "." in number:
                number = number.rstrip("0").rstrip(".")
            return f"{sign}{_SYMBOLS.get(code, code + ' ')}{number}{suffix}"
    return f"{sign}{_SYMBOLS.get(code, code + ' ')}{amount:.0f}"


def percent(value: object) -> str:
    """A share as whole percent, with ``<1%`` and ``>99%`` at the ends; ``-`` when unknown."""
    share = as_number(value)
    if share is None:
        return "-"
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{share * 100:.0f}%"


def score(value: object) -> str:
    """A score of 0 to 100 without its fraction; ``-`` when unknown.

    It is cut, not rounded: 79.6 is warm, and as 80 it would read like the first hot score.
    """
    number = as_number(value)
    return "-" if number is None else str(math.floor(number))


def source_label(value: object) -> str:
    """How a source is called in front of people."""
    name = clean(value)
    return SOURCE_LABELS.get(name, name.replace("_", " ")) or "unknown source"


def timing(expected: object, lower: object, upper: object) -> str:
    """Days to purchase from a prediction: its median with range, or only what it can bound.

    ``expected_days`` is empty when fewer than half of such companies buy within the horizon the
    model can see; then only ``lower_days`` ("no sooner than") is honest.
    """
    median, low, high = as_number(expected), as_number(lower), as_number(upper)
    if median is None:
        return "-" if low is None else f"no sooner than {low:.0f} days"
    if low is None:
        return f"{median:.0f} days"
    return (
        f"{median:.0f} days ({low:.0f}–{high:.0f})"
        if high is not None
        else (f"{median:.0f} days ({low:.0f} or more)")
    )


def deal_size(p50: object, p10: object, p90: object, currency: object = "USD") -> str:
    """Expected deal size with its 80% interval, as ``$48k ($20k–$110k)``; ``-`` when unknown."""
    if as_number(p50) is None:
        return "-"
    middle = money(p50, currency)
    if as_number(p10) is None or as_number(p90) is None:
        return middle
    return f"{middle} ({money(p10, currency)}–{money(p90, currency)})"
