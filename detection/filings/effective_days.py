"""The day on which a change of executives takes effect, as an item's sentences tell it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from detection.dates import FoundDate, find_dates
from detection.employment import Change

#: Days between a filing and a stated day beyond which the day is a misreading.
_FARTHEST = 730

_EFFECTIVE = re.compile(
    r"\b(?:effective|commenc\w+|beginning|starting|with effect)\b"
    r"(?: (?:as of|on|from|immediately|upon))*",
    re.I,
)
_ON_DAY = re.compile(r"\b(?:on|as of|until) $", re.I)
_LEADING_DAY = re.compile(r"^(?:\([a-z]\) ?)*(?:On|As of|Effective(?: as of| on)?) ", re.I)
_NOTICE = re.compile(
    r"\b(?:notified|informed|announce[ds]?|notice|advised|issued|agree[ds]?|entered into|intention|"
    r"intends?|will|would|to be)\b",
    re.I,
)
#: The day of an agreement is not the day of a change.
_PAPER_DATE = re.compile(
    r"\b(?:dated(?: as of| on)?|filed (?:on|with \w+(?: \w+){0,4} on)) $", re.I
)
_DATED_LATER = re.compile(
    r"\b(?:(?:(?:(?:Mr|Ms|Mrs|Dr)\. )?(?P<name>[A-ZÀ-Þ][\w-]+)[’']s?)|(?:His|Her|Their|This|The|"
    r"Such)) "
    r"(?P<what>appointment|election|promotion|employment|resignation|retirement|departure|"
    r"termination) (?:from [^.;]{3,60} )?(?:is|was|will be|became|will become|becomes|shall be|"
    r"takes|will take) (?P<rest>effect(?:ive)?\b.*)",
)
_COMING = ("appointment", "election", "promotion", "employment")


@dataclass(frozen=True)
class DatedLater:
    """A day that a sentence gives to a change told before it."""

    direction: Literal["incoming", "outgoing"]
    #: Family name in small letters of whose change it is; empty for who was told last.
    family: str
    day: date


def effective_on(
    sentence: str, change: Change, changes: list[Change], filed_on: date | None
) -> date | None:
    """The day a change takes effect: stated after it, before the next change of the sentence."""
    days = [d for d in find_dates(sentence) if _near(d.day, filed_on)]
    days = [d for d in days if not _PAPER_DATE.search(sentence[: d.start])]
    if not days:
        return None
    until = min((c.start for c in changes if c.start > change.start), default=len(sentence))
    own = [d for d in days if change.start < d.start < until]
    for within in (own, days if len(changes) == 1 else []):
        if day := _marked(sentence, within):
            return day
    if re.search(r"effective immediately|with immediate effect", sentence, re.I):
        return days[0].day
    for day in own:
        if _ON_DAY.search(sentence[: day.start]):
            return day.day
    leading = (
        _LEADING_DAY.match(sentence) if change.start <= min(c.start for c in changes) else None
    )
    if leading and days[0].start <= leading.end() + 2:
        between = sentence[days[0].end : change.start + 30]
        if not _NOTICE.search(between):
            return days[0].day
    return None


def dated_later(sentence: str, filed_on: date | None) -> DatedLater | None:
    """ "Mr. Larkin's resignation is effective as of 3 May 2024": what it dates, if it does."""
    marker = _DATED_LATER.search(sentence)
    if marker is None:
        return None
    days = [d for d in find_dates(marker.group("rest")) if _near(d.day, filed_on)]
    if not days:
        return None
    return DatedLater(
        "incoming" if marker.group("what").lower() in _COMING else "outgoing",
        (marker.group("name") or "").casefold(),
        days[0].day,
    )


def _marked(sentence: str, days: list[FoundDate]) -> date | None:
    for marker in _EFFECTIVE.finditer(sentence):
        for day in days:
            if 0 <= day.start - marker.end() <= 12:
                return day.day
    return None


def _near(day: date, reference: date | None) -> bool:
    return reference is None or abs((day - reference).days) <= _FARTHEST
