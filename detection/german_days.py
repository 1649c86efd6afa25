"""Days that German mail looks ahead to: "am 8. Mai", "bis übermorgen", "Ende nächsten Monats".

As in ``days_ahead``, a stretch is given by its last working day, and what is reckoned from the day
of writing is marked. Dotted days and "KW 34" are read there.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (("januar", "jänner"), ("februar",), ("märz", "maerz"), ("april",), ("mai",), ("juni",),
         ("juli",), ("august",), ("september",), ("oktober",), ("november",), ("dezember",)), 1
    )
    for name in names
}  # fmt: skip
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_SMALL = {
    "ein": 1, "einem": 1, "einer": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4,
    "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12,
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_COUNT = rf"\d{{1,3}}|{'|'.join(_SMALL)}"
_THIS = r"(?:(?P<which>dieses|diesen|dieser|nächsten|nächster|kommenden|kommender|des|der)\s+)"
_DAY = re.compile(
    rf"""\b(?:(?P<day>[0-3]?\d)\.?\s(?P<month>{_MONTH})(?:\s(?P<year>20\d\d))?
    |(?P<part>anfang|mitte|ende)\s+(?:(?P<of>{_MONTH})(?:\s(?P<of_year>20\d\d))?
      |{_THIS}?(?P<span>woche|monats?|quartals?|jahres?))
    |(?P<end>monats|quartals|jahres)ende
    |(?P<week_which>nächste|nächster|kommende|kommender|diese|dieser)\s+(?P<week>woche)
    |(?:(?:kommenden?|nächsten?|diesen?)\s+)?(?P<weekday>{"|".join(_WEEKDAYS)})
    |(?<!guten\s)(?P<near>übermorgen|heute|morgen(?!s|\s+(?:zusammen|allerseits)))
    |(?:in|binnen|innerhalb(?:\s+von)?)\s+(?:etwa\s+|ca\.\s+)?(?P<count>{_COUNT})\s+
      (?P<unit>arbeitstagen?|werktagen?|tage?n?|wochen?|monate?n?)
    |(?P<number>[1-5]?\d)\.\s?(?:kw|kalenderwoche))\b""",
    re.I | re.X,
)
#: Words of which each such day holds one.
GERMAN_DAY_WORDS = frozenset(
    {*_MONTHS, *_WEEKDAYS, "heute", "morgen", "übermorgen", "kw", "kalenderwoche", "woche",
     "wochen", "tag", "tage", "tagen", "monat", "monate", "monaten", "monats", "quartal",
     "quartals", "jahr", "jahres", "monatsende", "quartalsende", "jahresende", "arbeitstag",
     "arbeitstage", "arbeitstagen", "werktag", "werktage", "werktagen"}
)  # fmt: skip

#: Day, start, end, precision, whether it was reckoned.
Found = tuple[date, int, int, str, bool]


def german_days(text: str, reference: date) -> Iterator[Found]:
    """Every day that German words of ``text`` name or reckon from ``reference``, in order.

    >>> next(german_days("bis Ende nächsten Monats", date(2026, 3, 11)))[0].isoformat()
    '2026-04-30'
    """
    for match in _DAY.finditer(text):
        group = {name: (value or "").lower() for name, value in match.groupdict().items()}
        read = _read(group, reference)
        if read is not None:
            day, precision, is_inferred = read
            yield day, match.start(), match.end(), precision, is_inferred


def _read(group: dict[str, str], reference: date) -> tuple[date, str, bool] | None:
    if group["month"]:
        return _named(int(group["day"]), _MONTHS[group["month"]], group["year"], reference)
    if group["of"]:
        month = _MONTHS[group["of"]]
        year = int(group["of_year"] or reference.year + (month < reference.month))
        return _part(group["part"], year, month), "month", True
    if group["span"] or group["end"]:
        span = (group["span"] or group["end"]).rstrip("s")
        following = group["which"].startswith(("nächst", "kommend"))
        return _span(span, group["part"] or "ende", following, reference)
    if group["week"]:
        ahead = 0 if group["week_which"].startswith("diese") else 7
        monday = reference - timedelta(days=reference.weekday()) + timedelta(days=ahead)
        return max(reference, monday + timedelta(days=4)), "week", True
    if group["weekday"]:
        ahead = (_WEEKDAYS.index(group["weekday"]) - reference.weekday()) % 7 or 7
        return reference + timedelta(days=ahead), "day", True
    if group["near"]:
        ahead = {"heute": 0, "morgen": 1, "übermorgen": 2}[group["near"]]
        return reference + timedelta(days=ahead), "day", True
    if group["count"]:
        count = _SMALL.get(group["count"]) or int(group["count"])
        return _after(count, group["unit"], reference)
    return _calendar_week(int(group["number"]), reference)


def _named(day: int, month: int, year: str, reference: date) -> tuple[date, str, bool] | None:
    """A day of a month; without its year the one nearest to the reference."""
    found = []
    for candidate in [int(year)] if year else [reference.year + n for n in (-1, 0, 1)]:
        try:
            found.append(date(candidate, month, day))
        except ValueError:
            continue
    if not found:
        return None
    return min(found, key=lambda one: abs((one - reference).days)), "day", False


def _part(part: str, year: int, month: int) -> date:
    if part == "anfang":
        return date(year, month, 7)
    if part == "mitte":
        return date(year, month, 15)
    return date(year, month, calendar.monthrange(year, month)[1])


def _span(span: str, part: str, following: bool, reference: date) -> tuple[date, str, bool] | None:
    if span == "woche":
        monday = reference - timedelta(days=reference.weekday() - 7 * following)
        ahead = {"anfang": 1, "mitte": 2}.get(part, 4)
        return max(reference, monday + timedelta(days=ahead)), "week", True
    if span == "jahre" or span == "jahr":
        return date(reference.year + following, 12, 31), "quarter", True
    if span == "quartal":
        last = ((reference.month - 1) // 3 + following) * 3 + 2
        return _part("ende", reference.year + last // 12, last % 12 + 1), "quarter", True
    month = reference.month - 1 + following
    return _part(part, reference.year + month // 12, month % 12 + 1), "month", True


def _after(count: int, unit: str, reference: date) -> tuple[date, str, bool]:
    if unit.startswith(("arbeits", "werk")):
        day = reference
        for _ in range(min(count, 400)):
            day += timedelta(days=3 if day.weekday() == 4 else 1)
        return day, "day", True
    if unit.startswith("tag"):
        return reference + timedelta(days=count), "day", True
    if unit.startswith("woche"):
        return reference + timedelta(weeks=count), "week", True
    month = reference.month - 1 + count
    year, month = reference.year + month // 12, month % 12 + 1
    return date(year, month, min(reference.day, calendar.monthrange(year, month)[1])), "month", True


def _calendar_week(week: int, reference: date) -> tuple[date, str, bool] | None:
    """Friday of the next ISO week of that number."""
    for year in (reference.year, reference.year + 1):
        try:
            day = date.fromisocalendar(year, week, 5)
        except ValueError:
            return None
        if day >= reference:
            return day, "week", True
    return None
