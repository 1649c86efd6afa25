"""Days that mail and talk look ahead to: "by Friday", "in two weeks", "KW 34", "end of Q2".

Builds on ``detection.dates`` (written days) and adds what only makes sense beside a reference
day: the day the mail was sent or the call was held. A stretch (a week, a month, a quarter) is given
by its last working day, as a promise for it is kept then; ``precision`` says how exact it is.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from detection.dates import find_nearby_dates, month_number
from detection.german_days import GERMAN_DAY_WORDS, german_days

#: A requested day lies within this many days of the reference.
HORIZON_DAYS = 550

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = "|".join(_WEEKDAYS)
_SMALL = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "a couple of": 2, "the next": 1,
}  # fmt: skip
_COUNT = (
    r"\d{1,3}|a\ couple\ of|one|two|three|four|five|six|seven|eight|nine|ten|twelve|an?|the\ next"
)
_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_RELATIVE = re.compile(
    rf"""
    \b(?P<from_count>{_COUNT})\ (?P<from_unit>days?|weeks?|months?)\ from\ (?:today|now)\b
    |\b(?:by|until|till|before|on)\ the\ (?P<nth>[0-3]?\d)(?:st|nd|rd|th)\b(?!\ (?:of\b|{_MONTHS}))
    |(?P<today>\b(?:today|tonight|eod|end\ of\ (?:the\ )?day)\b)
    |(?P<tomorrow>\btomorrow\b)
    |\b(?P<weekday_next>next|this|coming|following)?\ ?\b(?P<weekday>{_WEEKDAY})\b
    |\b(?P<end>(?:(?:by\ |at\ )?(?:the\ )?end\ of|later|early|mid|by)\ )?
      (?P<span_which>this|the|next|the\ next|coming|following)\ (?P<span>week|month|quarter)\b
    |\b(?P<eo>eow|eom|eoq)\b
    |\b(?:in|within)\ (?:about\ |the\ next\ )?(?P<count>{_COUNT})\s
      (?P<unit>working\ days?|business\ days?|days?|weeks?|months?)\b
    |\b(?:kw|cw|calendar\ week|week)\ ?(?P<week>[1-5]?\d)(?!\d|\ ?%)(?:[/ ](?P<week_year>20\d\d))?\b
    |\b(?:end\ of\ |by\ )?(?P<quarter>q[1-4])(?:[ /'](?P<quarter_year>20\d\d|\d\d))?\b
    |\b(?P<part>beginning\ of|early|mid|middle\ of|end\ of|late)[ -](?P<month>{_MONTHS})\b
      (?:\ (?P<month_year>20\d\d))?
    |\b(?P<of_month>[0-3]?\d)(?:st|nd|rd|th)?\ (?:of\ )?(?P<named_month>{_MONTHS})\b
      (?!\.?,?\ ?\d{{4}})
    |(?P<to>\b(?:by|until|on|before|am|bis|zum|ab)\ )?(?<![\d.,])(?P<d>[0-3]?\d)\.(?P<m>[01]?\d)\.
      (?P<y>20\d\d|\d\d)?(?!\d)
    """,
    re.I | re.X,
)
_DIGIT = re.compile(r"\d")
#: What a day without any of ``DAY_WORDS`` has: a week's or quarter's number, or two dots.
_SHORT_FORM = re.compile(r"[kKcC][wW] ?\d|[qQ][1-4]|\d\.\d\d?\.")
_NTH = re.compile(r"\bthe \d\d?(?:st|nd|rd|th)\b", re.I)
_OF_MONTH = re.compile(r"\d(?:st|nd|rd|th)? (?:of )?[a-z]{3}", re.I)
_LETTERS = re.compile(r"[a-zäöüß]+")
#: Words of which one stands in every day that is said without a figure.
DAY_WORDS = frozenset(
    {*_WEEKDAYS, "today", "tonight", "tomorrow", "day", "days", "week", "weeks", "month", "months",
     "quarter", "eod", "eow", "eom", "eoq", "early", "mid", "middle", "late", "end", "beginning"}
)  # fmt: skip


@dataclass(frozen=True)
class DayAhead:
    """A day that a text looks ahead to, and where it stands."""

    day: date
    start: int
    end: int
    text: str
    #: ``day``, ``week``, ``month`` or ``quarter``.
    precision: str
    #: True when it was worked out from the reference day, False when it is written out.
    is_inferred: bool


def may_have_day(text: str) -> bool:
    """Whether a text may hold a day, in figures or words; quick."""
    if _DIGIT.search(text):
        return True
    words = _LETTERS.findall(text.lower())
    return not (DAY_WORDS.isdisjoint(words) and GERMAN_DAY_WORDS.isdisjoint(words))


def _may_be_relative(text: str) -> bool:
    """Whether a day may be said by its distance, a stretch, a week's number or with dots; quick."""
    if _SHORT_FORM.search(text) or _OF_MONTH.search(text) or _NTH.search(text):
        return True
    return not DAY_WORDS.isdisjoint(_LETTERS.findall(text.lower()))


def find_days_ahead(text: str, reference: date) -> list[DayAhead]:
    """Every day that ``text`` names or reckons from ``reference``, in order, none overlapping."""
    found = [
        DayAhead(f.day, f.start, f.end, text[f.start : f.end], "day", False)
        for f in find_nearby_dates(text, reference, HORIZON_DAYS)
    ]
    if _may_be_relative(text):
        for match in _RELATIVE.finditer(text):
            read = _read(match, reference)
            if read is None or any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            day, precision, inferred = read
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            found.append(
                DayAhead(day, start, match.end(), text[start : match.end()], precision, inferred)
            )
    if not GERMAN_DAY_WORDS.isdisjoint(_LETTERS.findall(text.lower())):
        found += [
            DayAhead(day, start, end, text[start:end], precision, is_inferred)
            for day, start, end, precision, is_inferred in german_days(text, reference)
            if not any(start < f.end and f.start < end for f in found)
        ]
    return sorted(found, key=lambda f: f.start)


def _read(match: re.Match[str], reference: date) -> tuple[date, str, bool] | None:
    group = match.groupdict()
    if group["from_count"]:
        return _after(group["from_count"].lower(), group["from_unit"].lower(), reference)
    if group["nth"]:
        return _of_this_month(int(group["nth"]), reference)
    if group["today"]:
        return reference, "day", True
    if group["tomorrow"]:
        return reference + timedelta(days=1), "day", True
    if group["weekday"]:
        return _weekday(group["weekday"], group["weekday_next"], reference), "day", True
    if group["span"]:
        return _span(group["span"].lower(), "next" in group["span_which"].lower(), reference)
    if group["eo"]:
        span = {"eow": "week", "eom": "month", "eoq": "quarter"}[group["eo"].lower()]
        return _span(span, False, reference)
    if group["count"]:
        return _after(group["count"].lower(), group["unit"].lower(), reference)
    if group["week"]:
        return _calendar_week(int(group["week"]), group["week_year"], reference)
    if group["quarter"]:
        return _quarter(int(group["quarter"][1]), group["quarter_year"], reference)
    if group["of_month"]:
        return _nearest(int(group["of_month"]), group["named_month"], reference)
    if group["month"]:
        return _part_of_month(group["part"].lower(), group["month"], group["month_year"], reference)
    if not (group["y"] or group["to"]):
        return None  # "version 2.1." or a price: a day without its year is read after "by"
    return _dotted(group["d"], group["m"], group["y"], reference)


def _weekday(name: str, which: str | None, reference: date) -> date:
    """The next such day after the reference; "next Friday" said on a Monday is a week later."""
    ahead = (_WEEKDAYS.index(name.lower()) - reference.weekday()) % 7 or 7
    same_week = reference.weekday() + ahead < 7
    if which and which.lower() == "next" and same_week:
        ahead += 7
    return reference + timedelta(days=ahead)


def _of_this_month(day: int, reference: date) -> tuple[date, str, bool] | None:
    """The next such day of a month: "by the 20th"."""
    for month in (reference.month, reference.month + 1):
        year = reference.year + (month - 1) // 12
        try:
            found = date(year, (month - 1) % 12 + 1, day)
        except ValueError:
            continue
        if found >= reference:
            return found, "day", True
    return None


def _friday(day: date) -> date:
    """The Friday of a day's week, or the day itself where that is past."""
    return max(day, day + timedelta(days=4 - day.weekday()))


def _span(span: str, following: bool, reference: date) -> tuple[date, str, bool]:
    if span == "week":
        return _friday(reference + timedelta(days=7 if following else 0)), "week", True
    if span == "month":
        month = reference.month + (1 if following else 0)
        return (
            _end_of_month(reference.year + (month - 1) // 12, (month - 1) % 12 + 1),
            "month",
            True,
        )
    quarter = (reference.month - 1) // 3 + (1 if following else 0)
    return _end_of_month(reference.year + quarter // 4, quarter % 4 * 3 + 3), "quarter", True


def _after(count: str, unit: str, reference: date) -> tuple[date, str, bool]:
    number = int(count) if count.isdigit() else _SMALL[count]
    if unit.startswith(("working", "business")):
        day = reference
        for _ in range(min(number, 400)):
            day += timedelta(days=3 if day.weekday() == 4 else 1)
        return day, "day", True
    if unit.startswith("day"):
        return reference + timedelta(days=number), "day", True
    if unit.startswith("week"):
        return reference + timedelta(weeks=number), "week", True
    month = reference.month - 1 + number
    year, month = reference.year + month // 12, month % 12 + 1
    day = min(reference.day, calendar.monthrange(year, month)[1])
    return date(year, month, day), "month", True


def _calendar_week(week: int, year: str | None, reference: date) -> tuple[date, str, bool] | None:
    """Friday of an ISO week; without a year the next such week."""
    for candidate in [int(year)] if year else [reference.year, reference.year + 1]:
        try:
            day = date.fromisocalendar(candidate, week, 5)
        except ValueError:
            return None
        if year or day >= reference:
            return day, "week", not year
    return None


def _quarter(quarter: int, year: str | None, reference: date) -> tuple[date, str, bool] | None:
    if year:
        number = int(year) if len(year) == 4 else 2000 + int(year)
        if abs(number - reference.year) > 2:
            return None
        return _end_of_month(number, quarter * 3), "quarter", False
    day = _end_of_month(reference.year, quarter * 3)
    return (
        (day if day >= reference else _end_of_month(reference.year + 1, quarter * 3)),
        "quarter",
        True,
    )


def _part_of_month(
    part: str, name: str, year: str | None, reference: date
) -> tuple[date, str, bool] | None:
    month = month_number(name)
    chosen = int(year) if year else reference.year + (month < reference.month)
    if part.startswith(("beginning", "early")):
        return date(chosen, month, 7), "month", True
    if part.startswith("mid"):
        return date(chosen, month, 15), "month", True
    return _end_of_month(chosen, month), "month", True


def _nearest(day: int, name: str, reference: date) -> tuple[date, str, bool] | None:
    """A day without its year, as the one nearest to the reference; "5 may fail" is none."""
    if name.islower() and name in ("may", "mar", "march"):
        return None
    found = []
    for year in (reference.year - 1, reference.year, reference.year + 1):
        try:
            found.append(date(year, month_number(name), day))
        except ValueError:
            continue
    if not found:
        return None
    return min(found, key=lambda one: abs((one - reference).days)), "day", False


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _dotted(
    day: str, month: str, year: str | None, reference: date
) -> tuple[date, str, bool] | None:
    """Day first, as dots are written: 15.03.2026, or 15.3. for the next one."""
    try:
        if year:
            return (
                date(int(year) if len(year) == 4 else 2000 + int(year), int(month), int(day)),
                "day",
                False,
            )
        found = date(reference.year, int(month), int(day))
        if found < reference:
            found = found.replace(year=reference.year + 1)
        return found, "day", True
    except ValueError:
        return None
