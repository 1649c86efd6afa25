"""When a takeover closes and when a site or market opens or closes, as an item says it.

An item names the day beside the news, often in a sentence of its own that names no company: "The
transaction is expected to close in the third quarter." Such a sentence is of the item's one
takeover or expansion; where an item tells two, only a day in the event's own sentence counts.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from detection.periods import PRECISIONS, Period, find_periods
from detection.press.parts import has_any
from detection.press.reading import Item, PressReading

_TO_BE = (
    r"(?:(?:is|are|was|were|be|been|being|remains?) )?(?:(?:now|currently|still|also) )?"
    r"(?:expected|anticipated|scheduled|slated|set|planned|due|targeted|projected|likely)"
)
_WILL = (
    rf"(?:will|shall|would|{_TO_BE} to|(?:expects?|plans?|intends?|aims?|hopes?|anticipates?) "
    r"(?:to|that)|to)"
)
#: What follows the words before the day, with nothing but a short phrase between.
_GAP = r"[^;.]{0,70}?(?<!\w)$"
#: The verbs and nouns by which a deal ends, and what is said of a day to come or gone by.
_DEAL = "clos|complet|finali|conclu|consummat|effect|transaction|deal|acquisition|merger|takeover"
_DEAL_TO_COME = re.compile(
    rf"\b(?:{_WILL} (?:\w+ ){{0,4}}?(?:close|complete[ds]?|be (?:completed|closed|finali[sz]ed|"
    r"concluded|effective)|finali[sz]e|conclude|consummate|take effect|become effective)|"
    rf"(?:closing|completion|conclusion|consummation)\b[^;.]{{0,60}}?{_TO_BE}|"
    rf"(?:transaction|deal|acquisition|merger|takeover) {_TO_BE}|takes? effect)\b" + _GAP,
    re.I,
)
_DEAL_DONE = re.compile(
    r"\b(?:(?:was|were|has been|have been) (?:completed|closed|finali[sz]ed|concluded|consummated)|"
    r"(?:completed|closed|finali[sz]ed|concluded|took effect|became effective)|"
    r"effective(?: as of| from| on)?)\b" + _GAP,
    re.I,
)
_SITE_TO_COME = re.compile(
    rf"\b(?:{_WILL} (?:\w+ ){{0,4}}?(?:open|launch|start|begin|commence|enter|move|close|shut|"
    r"cease|go live|inaugurate|take effect|relocate|vacate|be (?:available|operational|"
    r"completed|ready|opened|closed|launched|live|finished|up and running|fully \w+))|"
    r"(?:opening|launch|closure|closing|completion|move|relocation|inauguration|start|sales|"
    rf"operations|construction)\b[^;.]{{0,50}}?{_TO_BE}|"
    rf"{_TO_BE} (?:to|for)|takes? effect|"
    r"(?:opens|launches|closes|starts|begins))\b" + _GAP,
    re.I,
)
_STEMS = {
    "acquisition": ("clos", "complet", "finali", "conclu", "consummat", "effect", "expected"),
    "expansion": ("will", "to ", "expect", "plan", "schedul", "slated", "effect", "opens",
                  "launches", "closes", "starts", "begins", "set for", "due"),
}  # fmt: skip


def complete_effects(
    item: Item, events: list[PressReading], sentences: list[str]
) -> list[PressReading]:
    """The events, with the day of effect of a takeover or an expansion where the item tells it.

    What is told to come is planned until then; a day that has passed says that it is done.
    """
    told_on = item.published_on
    if told_on is None:
        return events
    made = list(events)
    for family in _STEMS:
        of_family = [n for n, event in enumerate(made) if event.signal_type == family]
        # A team that grows with a new site takes no effect of its own.
        dated = [n for n in of_family if made[n].signal_subtype != "headcount_growth"]
        for number in of_family:
            event = made[number]
            if event.effective_on is not None:
                continue
            told_in = [event.sentence]
            if [number] in (of_family, dated):
                told_in += [s for s in sentences if s != event.sentence]
            found = [p for s in told_in if (p := _told(s, family, told_on))]
            if found:
                # "later this year" in one sentence and a month in the next: the more exact counts.
                best = min(found, key=lambda p: PRECISIONS.index(p.precision))
                made[number] = _with_day(event, best, told_on)
    return made


def _with_day(event: PressReading, found: Period, told_on: date) -> PressReading:
    occurred = event.occurred_on
    if occurred is not None and (occurred > told_on or occurred == found.last_day):
        occurred = None  # the day of effect, not that of the news
    return replace(
        event,
        effective_on=found.last_day,
        effective_precision=found.precision,
        occurred_on=occurred,
        status="planned" if found.last_day > told_on else "done",
    )


def _told(sentence: str, family: str, told_on: date) -> Period | None:
    """The first period that a sentence names as that of effect."""
    if not has_any(sentence.lower(), _STEMS[family]):
        return None
    for period in find_periods(sentence, told_on):
        before = sentence[: period.start]
        ahead = period.last_day >= told_on
        if family == "expansion":
            # Of an opening that is done the day of the news is the day.
            if ahead and _SITE_TO_COME.search(before):
                return period
        elif (ahead and _DEAL_TO_COME.search(before)) or (
            period.precision == "day" and not ahead and _DEAL_DONE.search(before)
        ):
            return period
    return None
