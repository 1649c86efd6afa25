"""Days, months, quarters, half-years and years that a text names, each by its last day.

What is to happen "in the third quarter" has happened by its end and not before, so the last day
stands for the whole; ``precision`` says how exact it is. Builds on ``detection.dates``.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from detection.dates import find_nearby_dates, month_number

#: From the most exact on.
PRECISIONS = ("day", "month", "quarter", "half", "year")
#: A period lies within this many days of the day on which it is told.
HORIZON_DAYS = 1100

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
_YEAR = r"\ (?:of\ )?(?:(?P<{0}_year>20\d\d)|(?P<{0}_of>this|next|the)\ year)"
_PERIOD = re.compile(
    rf"""
    \b(?P<month>{_MONTHS})\b\.?(?:,?\ (?:of\ )?(?P<month_year>20\d\d))?(?!\.?\ \d{{1,2}}\b)
    |\b(?:(?P<ordinal>first|second|third|fourth|final|last)[\ -](?:calendar\ |fiscal\ )?quarter
       |[Qq](?P<quarter>[1-4]))\b(?:{_YEAR.format("quarter")})?
    |\b(?P<half>first|second)\ half\b(?:{_YEAR.format("half")})?
    |\b[Hh](?P<h>[12])\ (?P<h_year>20\d\d)\b
    |\b(?P<which>this|next|the|current)\ (?P<span>month|quarter|year)\b
    |(?<![\d.,$€£-])\b(?P<year>20\d\d)\b(?![\d,%-])
    """,
    re.X,
)
#: A month without its year is one only where something is said to be in it: "in March", not "May".
_IN_MONTH = re.compile(
    r"\b(?:in|by|for|from|until|during|of|since|(?:early|mid|late|early in|late in)[ -]?) ?$", re.I
)


@dataclass(frozen=True)
class Period:
    """A stretch of time: its last day, and how exactly it is told."""

    last_day: date
    #: One of ``PRECISIONS``.
    precision: str
    start: int
    end: int


def find_periods(text: str, told_on: date) -> list[Period]:
    """Every period that ``text`` names, in order; those without a year are reckoned ahead."""
    found = [
        Period(d.day, "day", d.start, d.end) for d in find_nearby_dates(text, told_on, HORIZON_DAYS)
    ]
    for match in _PERIOD.finditer(text):
        if any(match.start() < p.end and p.start < match.end() for p in found):
            continue
        read = _read(match, text, told_on)
        if read is not None and abs((read[0] - told_on).days) <= HORIZON_DAYS:
            found.append(Period(*read, match.start(), match.end()))
    return sorted(found, key=lambda p: p.start)


def _read(match: re.Match[str], text: str, told_on: date) -> tuple[date, str] | None:
    group = match.groupdict()
    if group["month"]:
        month = month_number(group["month"])
        if group["month_year"]:
            return _end(int(group["month_year"]), month), "month"
        if not _IN_MONTH.search(text, 0, match.start()):
            return None
        return _end(told_on.year + (month < told_on.month), month), "month"
    if group["ordinal"] or group["quarter"]:
        number = _ORDINALS[group["ordinal"]] if group["ordinal"] else int(group["quarter"])
        return _part(number, 3, group["quarter_year"], group["quarter_of"], told_on), "quarter"
    if group["half"]:
        number = _ORDINALS[group["half"]]
        return _part(number, 6, group["half_year"], group["half_of"], told_on), "half"
    if group["h"]:
        return _end(int(group["h_year"]), int(group["h"]) * 6), "half"
    if group["span"]:
        return _around(group["span"], group["which"] == "next", told_on), group["span"]
    return date(int(group["year"]), 12, 31), "year"


def _part(number: int, months: int, year: str | None, of: str | None, told_on: date) -> date:
    """The end of a quarter or half; without a year the next one that has not ended."""
    month = number * months
    if year:
        return _end(int(year), month)
    if of:
        return _end(told_on.year + (of == "next"), month)
    return _end(told_on.year + (_end(told_on.year, month) < told_on), month)


def _around(span: str, following: bool, told_on: date) -> date:
    months = {"month": 1, "quarter": 3, "year": 12}[span]
    last = ((told_on.month - 1) // months + 1 + following) * months
    return _end(told_on.year + (last - 1) // 12, (last - 1) % 12 + 1)


def _end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
