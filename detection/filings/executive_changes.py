"""Item 5.02 of an 8-K (before 23 August 2004: item 6 and item 5) to changes of executives.

Precision comes first: a sentence that fails to name the person and the position gives nothing, and
an item about pay, plans or elections of the whole board by shareholders gives none at all.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from detection.biography import earlier_companies
from detection.documents import tidy
from detection.employment import Change, find_changes
from detection.filings.effective_days import dated_later, effective_on
from detection.filings.executives import ExecutiveChangeReading
from detection.filings.known_people import KnownPeople, person_key
from detection.filings.promotions import is_from_inside
from detection.filings.succession import linked, position_left_to
from detection.filings.text import item_sentences
from detection.people import is_board_position
from detection.titles import read_title

#: The items that may tell of executives, best first.
ITEM_CODES = ("5.02", "6", "5")

#: The form's own title of the item, which stands before the first sentence.
_ITEM_TITLE = re.compile(
    r"(?:Departure|DEPARTURE|Resignations?|RESIGNATIONS?) (?:of|OF) (?:Directors?|DIRECTORS?|"
    r"Registrant.s|REGISTRANT.S)(?:[^.\n]|\n(?![A-Z(]))*?(?:Officers?|OFFICERS?|Directors|DIRECTORS)"
    r"(?:;(?:[^.\n]|\n(?!On|The|\())*?(?:Officers?|OFFICERS?|Directors|DIRECTORS))*\.?(?=[\s(]|$)"
)
_HEADING = re.compile(
    r"^(?:item ?\d\.\d\d)?[ .:()a-z]{0,12}(?:departure|resignation)s? of .{0,220}$", re.I
)
#: Duties, not a position, are taken over: the position is that of who had them.
_TAKES_OVER = re.compile(
    r"\bassum\w+ (?:the )?(?:(?:Mr|Ms|Mrs|Dr)\. )?(?P<whose>[A-ZÀ-Þ][\w’'-]+?)[’']s? "
    r"(?:former |previous |current )?(?:responsibilit|duties|role|position|function)",
)
_ON_INTERIM = re.compile(r"\b(?:on an? (?:interim|acting|temporary) basis|in the interim)\b", re.I)

#: Readings of an item by person and direction, in the order told.
_Readings = dict[tuple[str, str], ExecutiveChangeReading]


def read_executive_changes(
    text: str, filed_on: date | None = None, company: str | None = None
) -> list[ExecutiveChangeReading]:
    """Changes of executives in an item's text, one per person and direction.

    ``filed_on`` bounds dates (an effective day more than two years away is a misreading),
    ``company`` keeps the registrant's own name from being read as a person.
    """
    readings: _Readings = {}
    people = KnownPeople()
    sentences = [s for s in _sentences(text) if not _HEADING.match(s)]
    for sentence in sentences:
        people.read(sentence)
        changes = find_changes(sentence, company)
        for change in changes:
            person = people.full_name(change)
            if person is None:
                continue
            position, is_interim = _position(sentence, change, person, people, readings)
            if position is None:
                continue
            effective = effective_on(sentence, change, changes, filed_on)
            key = (person_key(person), change.direction)
            if key not in readings:
                title = read_title(position)
                readings[key] = ExecutiveChangeReading(
                    person_name=person,
                    position=position,
                    level=title.level,
                    department=title.department,
                    change_type=change.change_type,
                    direction=change.direction,
                    effective_on=effective,
                    is_interim=is_interim,
                    is_board_only=is_board_position(position),
                    confidence=0.9 if change.position and not change.is_short_name else 0.7,
                    sentence=sentence,
                )
            elif readings[key].effective_on is None and effective is not None:
                readings[key] = replace(readings[key], effective_on=effective)
        _date_earlier(sentence, readings, filed_on)
    found = [_with_past(reading, sentences, company) for reading in readings.values()]
    return linked(found, sentences, people)


def _sentences(text: str) -> list[str]:
    """Sentences of an item without the form's own title, which stands before the first."""
    return item_sentences(_ITEM_TITLE.sub("\n", tidy(text)))


def _position(
    sentence: str, change: Change, person: str, people: KnownPeople, readings: _Readings
) -> tuple[str | None, bool]:
    """The position that a change is about, and whether it is held for a time only.

    Someone who leaves leaves what he held; someone who comes gets what is said.
    """
    position, interim = change.position, change.is_interim
    if change.direction == "outgoing":
        position = (
            position
            or people.position(person)
            or position_left_to(sentence, person, readings.values())
        )
    elif taken := _taken_over(sentence, change, people):
        leaving = readings.get((person_key(taken), "outgoing"))
        position = (leaving.position if leaving else people.position(taken)) or position
        interim = interim or _ON_INTERIM.search(sentence, change.start) is not None
    if position and interim and not re.search(r"\b(?:interim|acting)\b", position, re.I):
        position = f"Interim {position}"
    return position, interim


def _taken_over(sentence: str, change: Change, people: KnownPeople) -> str | None:
    """Full name of whose duties a sentence says the person takes over."""
    match = _TAKES_OVER.search(sentence, max(0, change.start - 2))
    return people.named(match.group("whose")) if match else None


def _date_earlier(sentence: str, readings: _Readings, filed_on: date | None) -> None:
    """Date a change that was told before: "his resignation" is that of who was told last."""
    told = dated_later(sentence, filed_on)
    if told is None:
        return
    for key in reversed(list(readings)):
        if key[1] == told.direction and key[0].endswith(told.family):
            if readings[key].effective_on is None:
                readings[key] = replace(readings[key], effective_on=told.day)
            return


def _with_past(
    reading: ExecutiveChangeReading, sentences: list[str], company: str | None
) -> ExecutiveChangeReading:
    """A reading with what the item tells of the person's past."""
    if (
        reading.change_type == "new_hire"
        and not reading.is_board_only
        and is_from_inside(reading.person_name, reading.sentence, sentences, company)
    ):
        reading = replace(reading, change_type="promotion")
    if reading.direction != "incoming":
        return reading
    companies = earlier_companies(sentences, reading.person_name, company)
    return replace(reading, earlier_companies=companies)
