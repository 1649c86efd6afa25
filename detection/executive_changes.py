"""Item 5.02 of an 8-K (before 23 August 2004: item 6 and item 5) to changes of executives.

Precision comes first: a sentence that fails to name the person and the position gives nothing, and
an item about pay, plans or elections of the whole board by shareholders gives none at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from detection.dates import find_dates
from detection.documents import tidy
from detection.employment import Change, find_changes
from detection.people import find_people, find_positions, is_board_position
from detection.sentences import split_sentences
from detection.titles import read_title


@dataclass(frozen=True)
class ExecutiveChangeReading:
    """One change of one person, with the sentence it rests on."""

    person_name: str
    position: str
    level: str | None
    department: str | None
    change_type: str
    direction: str
    effective_on: date | None
    is_interim: bool
    is_board_only: bool
    confidence: float
    sentence: str


#: The items that may tell of executives, best first.
ITEM_CODES = ("5.02", "6", "5")

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
#: The form's own title of the item, which stands before the first sentence.
_ITEM_TITLE = re.compile(
    r"(?:Departure|DEPARTURE|Resignations?|RESIGNATIONS?) (?:of|OF) (?:Directors?|DIRECTORS?|"
    r"Registrant.s|REGISTRANT.S)(?:[^.\n]|\n(?![A-Z(]))*?(?:Officers?|OFFICERS?|Directors|DIRECTORS)"
    r"(?:;(?:[^.\n]|\n(?!On|The|\())*?(?:Officers?|OFFICERS?|Directors|DIRECTORS))*\.?(?=[\s(]|$)"
)
_HEADING = re.compile(
    r"^(?:item ?\d\.\d\d)?[ .:()a-z]{0,12}(?:departure|resignation)s? of .{0,220}$", re.I
)


def read_executive_changes(
    text: str, filed_on: date | None = None, company: str | None = None
) -> list[ExecutiveChangeReading]:
    """Changes of executives in an item's text, one per person and direction.

    ``filed_on`` bounds dates (an effective day more than two years away is a misreading),
    ``company`` keeps the registrant's own name from being read as a person.
    """
    readings: dict[tuple[str, str], ExecutiveChangeReading] = {}
    known: dict[str, str] = {}
    held: dict[str, str] = {}
    for sentence in split_sentences(_unwrapped(text)):
        sentence = sentence.lstrip("-–—*•. ")
        if _HEADING.match(sentence):
            continue
        _remember(sentence, known, held)
        for change in find_changes(sentence, company):
            person = _full_name(change, known)
            if person is None:
                continue
            # Someone who leaves leaves what he held; someone who comes gets what is said.
            position = change.position or (
                held.get(person) if change.direction == "outgoing" else None
            )
            if position is None:
                continue
            key = (_person_key(person), change.direction)
            effective = _effective_on(sentence, change, filed_on)
            earlier = readings.get(key)
            if earlier is not None:
                if earlier.effective_on is None and effective is not None:
                    readings[key] = _dated(earlier, effective)
                continue
            title = read_title(position)
            readings[key] = ExecutiveChangeReading(
                person_name=person,
                position=position,
                level=title.level,
                department=title.department,
                change_type=change.change_type,
                direction=change.direction,
                effective_on=effective,
                is_interim=change.is_interim,
                is_board_only=is_board_position(position),
                confidence=0.9 if change.position and not change.is_short_name else 0.7,
                sentence=sentence,
            )
        _later_dates(sentence, readings, filed_on)
    return list(readings.values())


def _unwrapped(text: str) -> str:
    """Hard-wrapped lines joined: a line break ends a sentence only after a full stop or colon."""
    text = re.sub(r"(?<![.:;!?”\"])\n(?=[\w(“\"$])", " ", _ITEM_TITLE.sub("\n", tidy(text)))
    return text.strip()


def _person_key(name: str) -> str:
    """First and family name: "Ana B. Larkin" and "Ana Larkin" are one person in one filing."""
    words = name.casefold().replace(",", "").replace(".", "").split()
    words = [w for w in words if w not in ("jr", "sr", "ii", "iii", "iv")]
    return f"{words[0]} {words[-1]}" if words else name.casefold()


def _remember(sentence: str, known: dict[str, str], held: dict[str, str]) -> None:
    for person in find_people(sentence):
        if person.is_short:
            continue
        family = person.text.split()[-1].rstrip(".").casefold()
        if family in ("jr", "sr", "ii", "iii", "iv"):
            family = person.text.replace(",", "").split()[-2].casefold()
        known.setdefault(family, person.text)
        for position in find_positions(sentence):
            gap = sentence[person.end : position.start]
            if 0 < len(gap) < 40 and re.fullmatch(
                r", (?:age \d+, |\d\d, )?(?:the |our |its )?(?:Company|Registrant|[\w.]+)?"
                r"(?:[’']s )?(?:current |former )?",
                gap,
            ):
                held.setdefault(person.text, position.text)


def _full_name(change: Change, known: dict[str, str]) -> str | None:
    if not change.is_short_name:
        return change.person
    return known.get(change.person.split()[-1].casefold())


def _effective_on(sentence: str, change: Change, filed_on: date | None) -> date | None:
    days = [d for d in find_dates(sentence) if _near(d.day, filed_on)]
    if not days:
        return None
    for marker in _EFFECTIVE.finditer(sentence):
        for day in days:
            if 0 <= day.start - marker.end() <= 12:
                return day.day
    if re.search(r"effective immediately", sentence, re.I):
        return days[0].day
    for day in days:
        if day.start > change.start and _ON_DAY.search(sentence[: day.start]):
            return day.day
    leading = _LEADING_DAY.match(sentence)
    if leading and days[0].start <= leading.end() + 2:
        between = sentence[days[0].end : change.start + 30]
        if not _NOTICE.search(between):
            return days[0].day
    return None


def _later_dates(
    sentence: str, readings: dict[tuple[str, str], ExecutiveChangeReading], filed_on: date | None
) -> None:
    """ "Mr. Larkin's resignation is effective as of 3 May 2024" dates what was told before."""
    marker = re.search(
        r"(?:(?:Mr|Ms|Mrs|Dr)\. )(?P<name>[\w’'-]+?)[’']s? (?P<what>\w+) (?:is|was|will be|became) "
        r"(?P<rest>effective.*)",
        sentence,
    )
    if marker is None:
        return
    direction = (
        "incoming"
        if marker.group("what").lower() in ("appointment", "election", "promotion", "employment")
        else "outgoing"
    )
    days = [d for d in find_dates(marker.group("rest")) if _near(d.day, filed_on)]
    if not days:
        return
    family = marker.group("name").casefold()
    for key, reading in readings.items():
        if key[1] == direction and key[0].endswith(family) and reading.effective_on is None:
            readings[key] = _dated(reading, days[0].day)


def _dated(reading: ExecutiveChangeReading, day: date) -> ExecutiveChangeReading:
    return replace(reading, effective_on=day)


def _near(day: date, reference: date | None) -> bool:
    return reference is None or abs((day - reference).days) <= 730
