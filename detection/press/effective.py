"""The day on which a change told in a sentence takes effect: stated as such, else None."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from detection.dates import FoundDate, find_nearby_dates
from detection.press.reading import Item

#: A change may be announced this many days before it takes effect, and told that long after.
WITHIN_DAYS = 400
_AT_ONCE = re.compile(
    r"\beffective (?:immediately|today|at once)\b|\b(?:with|takes) immediate effect\b",
    re.I,
)
#: The last day of the month or year in which it is told.
_AT_THE_END = re.compile(
    r"\b(?:effective|will|to|plans|intends)\b[^.;]{0,80}?\b"
    r"(?:at|from|by|as of|until|effective) the end of (?:the|this) (?P<of>month|year)\b",
    re.I,
)
#: What stands right before a day that is one of effect.
_MARKED = re.compile(
    r"\b(?:effective|with effect|tak(?:es?|ing) effect|commenc(?:es|ing)|beginning|starting|"
    r"as of|as from)(?: (?:as of|as from|on|from|the|in))*\s+$",
    re.I,
)
#: What is said to come, and on which day.
_TO_COME = re.compile(
    r"\b(?:will|is set to|are set to|plans to|intends to|is due to|expects to|to) (?:also |be )?"
    r"(?:step|depart|leav|retir|resign|exit|join|start|begin|assum|tak|becom|succeed|move|serve|"
    r"return|hand|relinquish|transition|appoint|promot)\w*\b[^;]{0,120}?\b"
    r"(?:on|from|as of|until)(?: the)? $",
    re.I,
)


def effective_on(item: Item, sentence: str, start: int, starts: list[int]) -> date | None:
    """The day of effect of the change whose words begin at ``start``.

    ``starts`` are the beginnings of all changes of the sentence: a day belongs to the change that
    it follows, unless there is only one. "Immediately" is the day of publication.
    """
    told_on = item.published_on
    if told_on is None:
        return None
    until = min((other for other in starts if other > start), default=len(sentence))
    days = find_nearby_dates(sentence, told_on, WITHIN_DAYS)
    own = [d for d in days if len(set(starts)) == 1 or start < d.start < until]
    marked = next((d for d in own if _is_of_effect(sentence, d)), None)
    if marked is not None:
        return marked.day
    if _AT_ONCE.search(sentence):
        return told_on
    ends = _AT_THE_END.search(sentence)
    if ends is None or not (len(set(starts)) == 1 or start < ends.end() <= until):
        return None
    month = 12 if ends.group("of").lower() == "year" else told_on.month
    return date(told_on.year, month, monthrange(told_on.year, month)[1])


def _is_of_effect(sentence: str, day: FoundDate) -> bool:
    before = sentence[: day.start]
    return bool(_MARKED.search(before) or _TO_COME.search(before))
