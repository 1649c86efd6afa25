"""Item 5.02 of an 8-K (before 23 August 2004: item 6 and item 5) to changes of executives.

Precision comes first: a sentence that fails to name the person and the position gives nothing, and
an item about pay, plans or elections of the whole board by shareholders gives none at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from detection.biography import earlier_companies, employers
from detection.dates import FoundDate, find_dates
from detection.documents import tidy
from detection.employment import Change, find_changes
from detection.filings.parties import is_registrant
from detection.filings.text import item_sentences
from detection.people import find_people, find_positions, is_board_position
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
    #: Who held the position before or holds it after, where the item names both.
    predecessor_name: str | None = None
    successor_name: str | None = None
    #: Earlier employers of who comes, from the biography.
    earlier_companies: tuple[str, ...] = ()


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
    sentences = [s for s in _sentences(text) if not _HEADING.match(s)]
    for sentence in sentences:
        _remember(sentence, known, held)
        changes = find_changes(sentence, company)
        for change in changes:
            person = _full_name(change, known)
            if person is None:
                continue
            # Someone who leaves leaves what he held; someone who comes gets what is said.
            position = change.position or (
                held.get(person) if change.direction == "outgoing" else None
            )
            if position is None and change.direction == "outgoing":
                position = _left_to(sentence, person, readings)
            interim = change.is_interim
            if change.direction == "incoming" and (taken := _taken_over(sentence, change, known)):
                position = _position_of(taken, readings, held) or position
                interim = interim or _ON_INTERIM.search(sentence, change.start) is not None
            if position is None:
                continue
            if interim and not re.search(r"\b(?:interim|acting)\b", position, re.I):
                position = f"Interim {position}"
            key = (_person_key(person), change.direction)
            effective = _effective_on(sentence, change, changes, filed_on)
            earlier = readings.get(key)
            if earlier is not None:
                if earlier.effective_on is None and effective is not None:
                    readings[key] = replace(earlier, effective_on=effective)
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
                is_interim=interim,
                is_board_only=is_board_position(position),
                confidence=0.9 if change.position and not change.is_short_name else 0.7,
                sentence=sentence,
            )
        _later_dates(sentence, readings, filed_on)
    found = [_from_inside(r, sentences, company) for r in readings.values()]
    found = [
        replace(r, earlier_companies=earlier_companies(sentences, r.person_name, company))
        if r.direction == "incoming"
        else r
        for r in found
    ]
    return _linked(found, sentences, known)


def _sentences(text: str) -> list[str]:
    """Sentences of an item without the form's own title, which stands before the first."""
    return item_sentences(_ITEM_TITLE.sub("\n", tidy(text)))


#: Duties, not a position, are taken over: the position is that of who had them.
_TAKES_OVER = re.compile(
    r"\bassum\w+ (?:the )?(?:(?:Mr|Ms|Mrs|Dr)\. )?(?P<whose>[A-ZÀ-Þ][\w’'-]+?)[’']s? "
    r"(?:former |previous |current )?(?:responsibilit|duties|role|position|function)",
)
_ON_INTERIM = re.compile(r"\b(?:on an? (?:interim|acting|temporary) basis|in the interim)\b", re.I)


def _taken_over(sentence: str, change: Change, known: dict[str, str]) -> str | None:
    """Full name of whose duties a sentence says the person takes over."""
    match = _TAKES_OVER.search(sentence, max(0, change.start - 2))
    return known.get(match.group("whose").casefold()) if match else None


def _left_to(
    sentence: str, person: str, readings: dict[tuple[str, str], ExecutiveChangeReading]
) -> str | None:
    """The position of who is replaced in the same sentence: the one that the successor takes."""
    told = _AFTER_WHOM.search(sentence)
    if told is None or told.group("who").split()[-1].rstrip(".,") != person.rsplit(maxsplit=1)[-1]:
        return None
    taken = next(
        (
            r.position
            for r in readings.values()
            if r.direction == "incoming" and r.sentence == sentence
        ),
        None,
    )
    # Who comes for the interim takes a position that was held for good.
    return re.sub(r"^(?:interim|acting) ", "", taken, flags=re.I) if taken else None


def _position_of(
    person: str, readings: dict[tuple[str, str], ExecutiveChangeReading], held: dict[str, str]
) -> str | None:
    leaving = readings.get((_person_key(person), "outgoing"))
    return leaving.position if leaving else held.get(person)


#: "has served as president of Fenmark": of the registrant, whom a caller knows by name.
_SERVED_AT = re.compile(
    r"\b(?:served|serves|serving|worked|joined)\b[^.;]{0,60}? (?:of|at|with|joined) (?:the )?"
    r"(?P<whose>[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+){0,3})"
)
#: "has served as Vice President since 2006": still there, and nobody else is named.
_SINCE = re.compile(
    r"\bhas (?:also )?(?:served|been|held|worked)\b[^.;]{3,120}\bsince (?:\w+ )?(?:19|20)\d\d", re.I
)


def _from_inside(
    reading: ExecutiveChangeReading, sentences: list[str], company: str | None
) -> ExecutiveChangeReading:
    """A new position for somebody who is with the company already is a promotion.

    Told by an apposition ("Ana Quill, the Company's Vice President"), by a biography that says
    so ("has served as the Company's ..."), or by having joined the company before.
    """
    if reading.change_type != "new_hire" or reading.is_board_only:
        return reading
    family = re.escape(_person_key(reading.person_name).split()[-1])
    name = rf"\b{family}\b(?:, (?:jr|sr|iii|ii|iv)\b\.?)?"
    ours = r"(?:the (?:company|registrant|corporation|bank|firm)[’']s|our)"
    patterns = (
        rf"{name},? (?:age \d+,? |\d\d,? )?(?:currently |presently )?{ours} (?:current |existing |"
        r"present )?(?!new\b|newly\b|next\b)\w",
        rf"{name}[^.;]{{0,60}}\b(?:currently|presently|most recently) (?:serves|served|serving|is|"
        rf"as)[^.;]{{0,40}}\b{ours}",
        rf"(?:{name}|^(?:he|she)\b)[^.;]{{0,40}} (?:has |had )?(?:previously |most recently |"
        rf"also )?"
        rf"(?:served|been|worked|held)[^.;]{{0,80}}? (?:{ours}|with the (?:company|registrant))",
        rf"(?:{name}|^(?:he|she)\b)[^.;]{{0,80}}\b(?:since (?:first )?joining|joined) (?:us|"
        r"the (?:company|registrant|bank|corporation|firm))[^.;]{0,30}\b(?:in|on|"
        r"since)\b[^.;]{0,16}"
        r"(?:19|20)\d\d",
        rf"(?:{name}|^(?:he|she)\b) (?:is|was|has been) an? [^.;]{{3,60}} of the "
        r"(?:company|registrant|corporation|bank)\b",
        rf"{name}[^.;]{{0,40}} (?:has |have )?been (?:with|employed by) (?:us|the (?:company|"
        r"registrant|bank|corporation))",
        rf"{name} will continue (?:to serve |to act |in (?:his|her) )",
    )
    about = False
    for sentence in sentences:
        named = re.search(name, sentence, re.I) is not None
        about = named or (about and re.match(r"(?:he|she|his|her|prior|previously|since|from)\b",
                                             sentence, re.I) is not None)  # fmt: skip
        if about and (
            any(re.search(pattern, sentence, re.I) for pattern in patterns)
            or (_SINCE.search(sentence) and not employers(sentence, company))
            or (
                sentence != reading.sentence
                and any(
                    is_registrant(m.group("whose"), company) for m in _SERVED_AT.finditer(sentence)
                )
            )
        ):
            return replace(reading, change_type="promotion")
    return reading


_AFTER_WHOM = re.compile(
    r"\b(?:succeed(?:s|ed|ing)?|replac(?:e|es|ed|ing)|successor to|in place of|filling the vacancy "
    r"(?:created|left) by(?: the (?:resignation|retirement|departure) of)?)\s+(?:(?:Mr|Ms|Mrs|"
    r"Dr)\. )?"
    r"(?P<who>[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*){0,3})",
)


def _linked(
    found: list[ExecutiveChangeReading], sentences: list[str], known: dict[str, str]
) -> list[ExecutiveChangeReading]:
    """Who comes joined to who goes: said so in a sentence, or one of each for the same position."""
    before: dict[str, str] = {}
    for reading in found:
        if reading.direction != "incoming":
            continue
        family = _person_key(reading.person_name).split()[-1]
        for sentence in sentences:
            if family not in sentence.casefold():
                continue
            told = _AFTER_WHOM.search(sentence)
            if told is None:
                continue
            words = re.sub(r"[’']s$", "", told.group("who")).rstrip(".").split()
            name = known.get(words[-1].casefold()) or (" ".join(words) if len(words) > 1 else None)
            if name and _person_key(name) != _person_key(reading.person_name):
                before.setdefault(reading.person_name, name)
                break
    goers = [r for r in found if r.direction == "outgoing"]
    for reading in found:
        if reading.direction != "incoming" or reading.person_name in before:
            continue
        same = [
            g for g in goers
            if _roles(g.position) & _roles(reading.position)
            and _person_key(g.person_name) != _person_key(reading.person_name)
        ]  # fmt: skip
        if len(same) == 1:
            before[reading.person_name] = same[0].person_name
    after = {_person_key(gone): came for came, gone in before.items()}
    return [
        replace(r, predecessor_name=before.get(r.person_name))
        if r.direction == "incoming"
        else replace(r, successor_name=after.get(_person_key(r.person_name)))
        for r in found
    ]


_SMALL = re.compile(r"\b(?:interim|acting|the|of|our|its|company|board|directors)\b", re.I)


def _roles(position: str) -> set[str]:
    """The single roles of a joined position, without "interim": what two people may both hold."""
    parts = re.split(r",? and |, | & |/", _SMALL.sub("", position).casefold())
    return {" ".join(p.split()) for p in parts if len(p.split()) > 1 or p.strip() == "president"}


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


def _effective_on(
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


#: The day of an agreement is not the day of a change.
_PAPER_DATE = re.compile(
    r"\b(?:dated(?: as of| on)?|filed (?:on|with \w+(?: \w+){0,4} on)) $", re.I
)


def _marked(sentence: str, days: list[FoundDate]) -> date | None:
    for marker in _EFFECTIVE.finditer(sentence):
        for day in days:
            if 0 <= day.start - marker.end() <= 12:
                return day.day
    return None


_DATED_LATER = re.compile(
    r"\b(?:(?:(?:(?:Mr|Ms|Mrs|Dr)\. )?(?P<name>[A-ZÀ-Þ][\w-]+)[’']s?)|(?:His|Her|Their|This|The|"
    r"Such)) "
    r"(?P<what>appointment|election|promotion|employment|resignation|retirement|departure|"
    r"termination) (?:from [^.;]{3,60} )?(?:is|was|will be|became|will become|becomes|shall be|"
    r"takes|will take) (?P<rest>effect(?:ive)?\b.*)",
)


def _later_dates(
    sentence: str, readings: dict[tuple[str, str], ExecutiveChangeReading], filed_on: date | None
) -> None:
    """ "Mr. Larkin's resignation is effective as of 3 May 2024" dates what was told before."""
    marker = _DATED_LATER.search(sentence)
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
    family = (marker.group("name") or "").casefold()
    for key in reversed(list(readings)):
        reading = readings[key]
        if key[1] == direction and key[0].endswith(family):
            if reading.effective_on is None:
                readings[key] = replace(reading, effective_on=days[0].day)
            return  # "his resignation" is that of who was told last


def _near(day: date, reference: date | None) -> bool:
    return reference is None or abs((day - reference).days) <= 730
