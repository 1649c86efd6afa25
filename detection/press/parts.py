"""What the families share: who acts, whether it is planned, and on which day it happens."""

from __future__ import annotations

import re
from datetime import date

from detection.companies import subject_before
from detection.dates import find_nearby_dates
from detection.press.reading import Item

SPECULATION = re.compile(
    r"\b(?:denie[sd]|no plans? to|rumou?r\w*|could|might|may (?:be|soon)|would consider|"
    r"speculat\w+|"
    r"what if|how to|why |should |if (?:it|the|they)|hypothetical|alleged\w*|failed to|fails to|"
    r"did not|does not|won[’']t|will not|not to|unable to|abandon\w*|call(?:s|ed) off|cancel\w*|"
    r"scrap(?:s|ped)|withdr[ae]w\w*|postpone\w*|delays?)\b",
    re.I,
)
#: A notice that takes a report back: by its headline, or by the first words of its text.
_WITHDRAWN_TITLE = re.compile(
    r"^\W*(?:retract(?:ed|ion)|withdrawn|(?:article|story|report|release) (?:withdrawn|retracted)|"
    r"kill notice|(?:mandatory )?kill\b|advisory[:,] disregard)\b",
    re.I,
)
_WITHDRAWN_TEXT = re.compile(
    r"\b(?:this|the|an?|our|that) (?:earlier |previous )?(?:article|story|report|item|post|press "
    r"release|release|piece)\b[^.]{0,60}?\b(?:has|have|had|was|is) (?:been )?(?:withdrawn|"
    r"retracted|taken down|removed)\b|\bwe (?:have )?(?:retract(?:ed)?|"
    r"withdr(?:aw|ew|awn))\b[^.]{0,40}"
    r"(?:article|story|report|item|post|release)\b|\b(?:article|story|report)\b[^.]{0,80}\bwrong "
    r"[^.]{0,40}\b(?:removed|withdrawn|retracted)\b",
    re.I,
)
QUESTION = re.compile(r"\?\s*[\"”’']?$")
PLANNED = re.compile(
    r"\b(?:will|plans?|planning|planned|intends?|is set|are set|set to|to be|expects?|"
    r"expected|aims?|"
    r"agree[ds]? to|definitive agreement|has signed|signs|in talks|seeks?|seeking|looks? to|"
    r"looking|preparing|later this|by (?:the end of|early|late|mid)|next (?:year|month|quarter)|"
    r"upcoming|proposed|eyes|eyeing|targets|talks|discussions|negotiat\w+|consider(?:s|ing)|"
    r"explor(?:es|ing)|weigh(?:s|ing)?|mulls?|mulling|hopes?|wants?|offers? to|nears|close to|"
    r"about to|"
    r"letter of intent|subject to|pending)\b|\bto (?:acquire|open|launch|expand|raise|buy|close|"
    r"enter|"
    r"shut|establish|create|partner|merge|introduce|join|become|lead|hire|add|build|recruit|"
    r"grow|take over|purchase|inaugurate|set up|relocate|move)\b",
    re.I,
)
SITE = (
    r"(?:offices?|headquarters|hq|hubs?|campus|facilit(?:y|ies)|plants?|factor(?:y|ies)|centre|"
    r"center|data cent(?:er|re)s?|branch(?:es)?|warehouses?|lab(?:oratory|s)?|stores?|showroom|"
    r"location|site|base|outpost|fulfil?ment cent(?:er|re)|distribution cent(?:er|re))"
)
ENTER = re.compile(
    r"\b(?:expand(?:s|ed|ing)?(?:\s+(?:its|their|the|global|international|footprint|presence|"
    r"operations|services|"
    r"business|reach|further|north|european|company|coverage|platform|sales|commercial|"
    r"team)){0,5}\s+"
    r"(?:in)?to|expansion\s+(?:\w+ ){0,2}?(?:in)?to|enter(?:s|ed|ing)?(?! into)(?:\s+the)?|"
    r"launch(?:es|ed|ing)?(?:\s+(?!new\b)[\w-]+){0,5}?\s+in(?=\s+(?:the\s+)?(?-i:[A-Z]))|"
    r"(?:bring(?:s|ing)?|brought|tak(?:es|ing)|took)\s+(?:its|"
    r"their)\s+(?:[\w-]+\s+){1,5}?to(?=\s+(?:the\s+)?(?-i:[A-Z]))|"
    r"(?:begins|began|starts|started)\s+(?:operations|sales|operating)\s+in|expands? (?:its "
    r")?presence in|"
    r"debuts? in|arrives? in|goes? live in|expand(?:s|ed|ing) (?:internationally|globally))\b",
    re.I,
)


def has_any(lowered: str, stems: tuple[str, ...]) -> bool:
    """Whether a lower-case text has one of the stems (a loop: ``any`` costs twice as much)."""
    for stem in stems:  # noqa: SIM110
        if stem in lowered:
            return True
    return False


def is_withdrawn(title: str, body: str) -> bool:
    """Whether the item is a notice that a report is taken back; such an item tells no event.

    The words must stand in the headline or in the first 300 characters: further down they speak
    of somebody else's article.
    """
    return bool(_WITHDRAWN_TITLE.search(title) or _WITHDRAWN_TEXT.search(body[:300]))


def acting_company(item: Item, before: str) -> str | None:
    """The company that acts, from the words before its verb; "the company" is the item's."""
    return subject_before(before, item.main_company)


def status_of(sentence: str, start: int, end: int) -> str:
    """planned when a word of intent stands just before or inside the verb phrase."""
    found = PLANNED.search(sentence, max(0, start - 45))
    return "planned" if found and found.start() < end else "done"


def day_of(item: Item, sentence: str) -> date | None:
    """The day the sentence states ("today" is the day of publication); None when it states none."""
    if item.published_on is None:
        return None
    found = find_nearby_dates(sentence, item.published_on)
    if found:
        return found[0].day
    return item.published_on if re.search(r"\btoday\b", sentence, re.I) else None
