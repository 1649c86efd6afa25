"""Pay in a description: a range with currency and period, as its sentence states it.

Reads "$151K - $231K", "£45,000 to £55,000 per annum", "60.000 € - 75.000 € brutto/Jahr",
"€ 4.200 bis 5.100 monatlich", "$28.50/hour". An amount alone is pay only beside a word that says
so; funding, revenue, budgets and bonuses are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_CURRENCY = (
    r"US\$|USD|C\$|CA\$|CAD|A\$|AU\$|AUD|NZ\$|NZD|S\$|SGD|HK\$|HKD|R\$|BRL|EUR|GBP|CHF|SEK|NOK|DKK|"
    r"PLN|INR|JPY|MXN|ZAR|ILS|AED|CZK|Fr\.|[$€£₹¥₪]|zł"
)
_CODES = {
    "$": "USD", "us$": "USD", "usd": "USD", "c$": "CAD", "ca$": "CAD", "cad": "CAD", "a$": "AUD",
    "au$": "AUD", "aud": "AUD", "nz$": "NZD", "nzd": "NZD", "s$": "SGD", "sgd": "SGD",
    "hk$": "HKD", "hkd": "HKD", "r$": "BRL", "brl": "BRL", "€": "EUR", "eur": "EUR", "£": "GBP",
    "gbp": "GBP", "chf": "CHF", "fr.": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
    "pln": "PLN", "zł": "PLN", "₹": "INR", "inr": "INR", "¥": "JPY", "jpy": "JPY", "mxn": "MXN",
    "zar": "ZAR", "₪": "ILS", "ils": "ILS", "aed": "AED", "czk": "CZK",
}  # fmt: skip
_NUMBER = r"\d{1,3}(?:[.,' ’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"


def _amount(sign: str, name: str, thousand: str) -> str:
    """Pattern of one amount with its currency before or behind."""
    return (
        rf"(?:(?P<{sign}1>{_CURRENCY})\s?)?(?P<{name}>{_NUMBER})\s?(?P<{thousand}>[kK]\b)?\+?"
        rf"(?:\s?(?P<{sign}2>{_CURRENCY})(?![a-z]))?"
    )


_RANGE = re.compile(
    r"(?<![\d.,])"
    + _amount("a", "low", "ka")
    + r"(?:\s?(?:per (?:year|hour|month)|/ ?(?:yr|year|hr|hour|month)))?"
    r"\s?(?:-|–|—|−|to|and|bis|à|und|et|up to)\s?(?:max\. )?"
    + _amount("b", "high", "kb")
    + r"(?!\s?(?:[mMbB]\b|million|billion|mio|mrd|%|users|employees|people|\d))"
)
_SINGLE = re.compile(
    r"(?<![\d.,])"
    + _amount("a", "low", "ka")
    + r"(?!\s?(?:[mMbB]\b|million|billion|mio|mrd|%|[-–—]\s?\d|[.,]?\d))"
)
#: Signs of money that make a line worth a closer look.
_MONEY = re.compile(rf"(?:{_CURRENCY})\s?\d|\d\s?[kK]?\s?(?:{_CURRENCY})")
_PAY_NAME = re.compile(
    r"salar|\bpay\b|compensation|\bwage|remunerat|\bOTE\b|on[- ]target earn|gehalt|vergütung|"
    r"stundenlohn|bruttolohn|jahresbrutto|salaire|rémunération|hourly rate|\bbase\b",
    re.I,
)
_NOT_PAY = re.compile(
    r"bonus of|sign[- ]?on|signing|referral|stipend|401|revenue|\bARR\b|raised|funding|valuation|"
    r"budget|quota|portfolio|reimburse|allowance|contribut|insur|match(?:ing)?\b|deposit|fee\b|"
    r"gift|donat|sales of|clients|customers|equipment|\bHRA\b|fertility|wellness|learning|"
    r"per child|"
    r"health|life insurance|tuition|up to",
    re.I,
)
_PERIODS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "hour",
        re.compile(r"per hour|/ ?(?:hr|hour|h)\b|hourly|an hour|stunde|de l['’]heure|/std", re.I),
    ),
    ("day", re.compile(r"per day|/ ?day|daily rate|day rate|tagessatz|par jour", re.I)),
    ("week", re.compile(r"per week|/ ?week|weekly|wöchentlich", re.I)),
    (
        "month",
        re.compile(
            r"per month|/ ?month|monthly|monatlich|/ ?monat|pro monat|par mois|"
            r"mensuel",
            re.I,
        ),
    ),
    (
        "year",
        re.compile(
            r"per year|per annum|/ ?y(?:ea)?r|annual|yearly|p\.a\.|jährlich|/ ?jahr|jahres|par an|"
            r"annuel|\bOTE\b",
            re.I,
        ),
    ),
)

#: What pay may be for a period, in units of most currencies; outside it something else is meant.
_PLAUSIBLE = {
    "hour": (5.0, 500.0),
    "day": (50.0, 5_000.0),
    "week": (200.0, 20_000.0),
    "month": (500.0, 90_000.0),
    "year": (8_000.0, 3_000_000.0),
}
#: Currencies with a hundred units where the dollar has one.
_SMALL_UNITS = {"JPY": 150.0, "INR": 85.0, "CZK": 23.0, "MXN": 18.0, "ZAR": 18.0}


@dataclass(frozen=True, slots=True)
class Pay:
    """A range of pay; one figure gives both ends. ``period``: hour, day, week, month, year."""

    low: float | None
    high: float | None
    currency: str | None
    period: str | None
    evidence: str


def read_pay(lines: Iterable[tuple[str, str]]) -> Pay | None:
    """Pay that lines state, each given with the line before it.

    Several ranges of one currency and period (towns, grades) are joined to one.
    """
    found: Pay | None = None
    for before, line in lines:
        if not _MONEY.search(line):
            continue
        for pay in _of_line(line, before if len(before) < 120 else ""):
            if found is None:
                found = pay
            elif (found.currency, found.period) == (pay.currency, pay.period):
                low, high = min(found.low or 0, pay.low or 0), max(found.high or 0, pay.high or 0)
                found = Pay(low, high, found.currency, found.period, found.evidence)
    return found


def _of_line(line: str, before: str) -> list[Pay]:
    told: list[Pay] = []
    for match in _RANGE.finditer(line):
        window = line[max(0, match.start() - 90) : match.end() + 60]
        pay = _pay(match, window, line, before)
        if pay is not None and not _NOT_PAY.search(
            line[max(0, match.start() - 40) : match.end() + 25]
        ):
            told.append(pay)
    if told:
        return told
    for match in _SINGLE.finditer(line):
        if not (match.group("a1") or match.group("a2")):
            continue
        window = line[max(0, match.start() - 60) : match.end() + 40]
        if not _PAY_NAME.search(window) or _NOT_PAY.search(window):
            continue
        pay = _pay(match, window, line, before)
        if pay is not None:
            return [pay]
    return []


def _pay(match: re.Match[str], window: str, line: str, before: str) -> Pay | None:
    groups = match.groupdict()
    sign = groups["a1"] or groups["a2"] or groups.get("b1") or groups.get("b2")
    if sign is None:
        return None
    currency = _CODES.get(sign.strip().lower())
    high_text = groups.get("high")
    low, high = number(groups["low"]), number(high_text) if high_text else None
    if low is None:
        return None
    # "60-70k": the thousand of the second stands for both.
    thousand_low = groups["ka"] or (groups.get("kb") and low < 1_000)
    low = low * 1_000 if thousand_low else low
    if high is not None:
        high = high * 1_000 if groups.get("kb") or (groups["ka"] and high < 1_000) else high
    high = low if high is None else high
    period = period_of(window) or period_of(before)
    factor = _SMALL_UNITS.get(currency or "", 1.0)
    if period is None:
        period = _likely_period(high / factor)
    if period is None or high < low or high > 6 * low:
        return None
    least, most = _PLAUSIBLE[period]
    if not least <= low / factor <= most or high / factor > most:
        return None
    return Pay(low, high, currency, period, line.strip()[:300])


def period_of(text: str) -> str | None:
    """Period that words name: hour, day, week, month, year; None when they name none."""
    for period, pattern in _PERIODS:
        if pattern.search(text):
            return period
    return None


def _likely_period(amount: float) -> str | None:
    """Period of a range that names none: only yearly pay is told without saying so."""
    return "year" if 15_000 <= amount <= 2_000_000 else None


def number(text: str) -> float | None:
    """A number as written in English or in German and French order; None when it is none.

    >>> number("60.000"), number("151,5"), number("1,200.50"), number("45 000")
    (60000.0, 151.5, 1200.5, 45000.0)
    """
    text = re.sub(r"[\s'’]", "", text)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", text):
        return float(re.sub(r"[.,]", "", text))
    mixed = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+)[.,](\d{1,2})", text)
    if mixed:
        return float(re.sub(r"[.,]", "", mixed.group(1)) + "." + mixed.group(2))
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
