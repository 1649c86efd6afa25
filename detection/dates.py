"""Calendar days in running English text.

Only full days are read ("January 10, 2024", "10 January 2024", "2024-01-10", "1/10/2024" the
American way, unless its first number is no month); "Q3 2026" or "this spring" is no day and is not
turned into one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: The same without their first letter, which a pattern may ask to be a capital.
_MONTH_ENDS = "|".join(sorted({name[1:] for name in _MONTHS}, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s?,\s?|\s)"
    rf"(?P<year>(?:19|20)\d\d)\b"
    rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?[\s-](?:of\s)?(?P<month2>{_MONTH})\b\.?,?[\s-]"
    rf"(?P<year2>(?:19|20)\d\d)\b"
    r"|\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b"
    r"|\b(?P<us_month>\d{1,2})/(?P<us_day>\d{1,2})/(?P<us_year>(?:19|20)\d\d)\b",
    re.I,
)
_YEARLESS = re.compile(
    rf"\b(?P<month>{_MONTH})\b\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?,?\s?\d{{4}})"
    # "all 3 may be delayed" is no day: before a month without a capital no number counts.
    rf"|(?<![\d.,$€£])\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?"
    rf"(?P<month2>(?-i:[JFMASOND])(?:{_MONTH_ENDS}))\b(?!\.?\s?,?\s?\d{{1,4}}\b)",
    re.I,
)

#: Every form of a day has one of these; looking for them is cheap.
_NUMBER_AFTER = re.compile(r"\w\.?\s\d|(?:19|20)\d\d|\d(?:st|nd|rd|th)?\s")
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_MONTHS = tuple(name for name in _MONTHS if len(name) == 3)


def _names_month(text: str) -> bool:
    low = text.lower()
    return any(month in low for month in _SHORT_MONTHS)


@dataclass(frozen=True)
class FoundDate:
    """A day and where in the text it stands."""

    day: date
    start: int
    end: int


def month_number(name: str) -> int:
    """1 to 12 for an English month's name or its usual short form.

    >>> month_number("Sept")
    9
    """
    return _MONTHS[name.lower()]


def find_dates(text: str) -> list[FoundDate]:
    """Every full day in ``text``, in order; impossible ones (31 June) are left out."""
    found = []
    for match in _DATE.finditer(text):
        group = match.groupdict()
        try:
            if group["iso"]:
                day = date.fromisoformat(group["iso"])
            elif group["us_year"]:
                first, second = int(group["us_month"]), int(group["us_day"])
                month, number = (second, first) if first > 12 else (first, second)
                day = date(int(group["us_year"]), month, number)
            else:
                month = _MONTHS[(group["month"] or group["month2"]).lower()]
                day = date(
                    int(group["year"] or group["year2"]), month, int(group["day"] or group["day2"])
                )
        except ValueError:
            continue
        found.append(FoundDate(day, match.start(), match.end()))
    return found


def find_nearby_dates(text: str, reference: date, days: int = 200) -> list[FoundDate]:
    """Full days, and days without a year taken as the one nearest to ``reference``.

    Only days within ``days`` of the reference are given: an anniversary is no event date.
    """
    if not _NUMBER_AFTER.search(text):
        return []
    if not (_names_month(text) or _YEAR.search(text)):
        return []
    found = [f for f in find_dates(text) if abs((f.day - reference).days) <= days]
    for match in _YEARLESS.finditer(text) if _names_month(text) else ():
        named = match.group("month") or match.group("month2")
        month = _MONTHS.get(named.lower())
        number = int(match.group("day") or match.group("day2"))
        if month is None:
            continue
        candidates = []
        for year in (reference.year - 1, reference.year, reference.year + 1):
            try:
                candidates.append(date(year, month, number))
            except ValueError:
                continue
        if candidates:
            nearest = min(candidates, key=lambda d: abs((d - reference).days))
            if abs((nearest - reference).days) <= days:
                found.append(FoundDate(nearest, match.start(), match.end()))
    return sorted(found, key=lambda f: f.start)
