"""Executives who come, rise or go, and whose position it is."""

from __future__ import annotations

import re
from datetime import date

from detection.companies import clean_name, name_after
from detection.employment import find_changes
from detection.names import normalize_company_name
from detection.people import POSITION
from detection.press.effective import effective_on
from detection.press.parts import acting_company, day_of, has_any
from detection.press.reading import Item, PressReading
from detection.titles import read_title

#: A change without a position is no event, and each position has one of these.
_POSITION_STEMS = (
    "chief", "president", "vp", "chair", "director", "head of", "officer", "board", "counsel",
    "manager", "secretary", "treasurer", "troller", "election", "ceo", "cfo", "coo", "cto", "cio",
    "cmo", "cro", "cpo", "cso", "cco", "cdo", "clo", "chro", "ciso", "cpto",
)  # fmt: skip
_JOINS = re.compile(r"\bjoin(?:s|ed|ing)? (?:the )?", re.I)
_AT_COMPANY = re.compile(r"\b(?:of|at|from|for|with) (?=[A-Z])")
_LEAVES = re.compile(
    r"\b(?:depart(?:s|ed|ing)?|leav(?:e|es|ing)|left|exit(?:s|ed|ing)?|quits?)(?: from)? (?=[A-Z])"
)
_SAYS = re.compile(
    r"\b(?:announce[sd]?|announcing|said|says|confirm(?:s|ed)|disclose[sd]?|reveal(?:s|ed)|"
    r"report(?:s|ed)|parts ways)\b",
    re.I,
)
_TO_GO = re.compile(r"\b(?:will|plans? to|to step|to retire|intends|set to)\b", re.I)
_FUNCTIONS = re.compile(
    r"^(?:Engineering|Sales|Marketing|Finance|Product|Operations|People|Human|Information|Data|"
    r"Customer|Business|Global|Revenue|Security|Legal|Technology|Growth|Strategy|Directors|"
    r"Research|"
    r"Procurement|Communications|Worldwide|North|Europe|EMEA|Americas|the|IT|HR)\b"
)


def read_executives(item: Item, sentence: str) -> list[PressReading]:
    """Changes of executives a sentence tells, each with the company whose position it is."""
    if not has_any(sentence.lower(), _POSITION_STEMS):
        return []
    events = []
    changes = find_changes(sentence, item.main_company)
    starts = [change.start for change in changes]
    for change in changes:
        if change.position is None or change.is_short_name:
            continue
        company = _employer(item, sentence, change.start, change.person)
        if company is None or normalize_company_name(company) == normalize_company_name(
            change.person
        ):
            continue
        title = read_title(change.position)
        effective = effective_on(item, sentence, change.start, starts)
        day = day_of(item, sentence)
        # News is of no day to come: that is one of effect, be it another change's.
        if day == effective or (day and item.published_on and day > item.published_on):
            day = None
        events.append(
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="executive_change",
                signal_subtype=change.change_type,
                sentence=sentence,
                status=_status(item, sentence, change.direction, effective),
                polarity="negative" if change.direction == "outgoing" else "positive",
                occurred_on=day,
                person_name=change.person,
                position=change.position,
                level=title.level,
                department=title.department,
                change_type=change.change_type,
                is_interim=change.is_interim,
                effective_on=effective,
                effective_precision="day" if effective else None,
                confidence=0.8,
            )
        )
    return events


def _status(item: Item, sentence: str, direction: str, effective: date | None) -> str:
    """planned while the day of effect is ahead; without a day, as the words say of who goes."""
    if effective is not None and item.published_on is not None:
        return "planned" if effective > item.published_on else "done"
    return "planned" if direction == "outgoing" and _TO_GO.search(sentence) else "done"


def _employer(item: Item, sentence: str, start: int, person: str) -> str | None:
    """Whose position it is: who acts, whom one joins, or the item's company."""
    place = sentence.find(person)
    joins = _JOINS.search(sentence)
    if joins and place >= 0 and place < joins.start():
        name = name_after(sentence[joins.end() :])
        if name and not re.match(r"(?:Board|Company)\b", name):
            return _trim_titles(name)
    if place < 0 or start < place:
        company = acting_company(
            item,
            re.sub(r"[’']s? (?:board|board of directors)\s*$", "", sentence[:start], flags=re.I),
        )
        if company and not re.search(r"\b(?:board|appointment)\b", company, re.I):
            return company
    if item.main_company:
        return item.main_company
    leaves = _LEAVES.search(sentence, max(place, 0))
    if leaves and (name := name_after(sentence[leaves.end() :])):
        return _trim_titles(name)
    says = _SAYS.search(sentence)
    if says and 0 < says.start() < max(place, 0):
        company = acting_company(item, sentence[: says.start()])
        if company:
            return company
    possessive = re.search(
        r"\b([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4})[’']s? (?:new |next |first |former "
        r")?(?:[A-Z]|chief|board|vice|head|director|president)",
        sentence,
    )
    if possessive and (name := clean_name(possessive.group(1))) and name != person:
        return name
    for match in _AT_COMPANY.finditer(sentence, max(place, 0) + len(person)):
        name = name_after(sentence[match.end() :])
        # "from Vice President of Sales to": a position is left, not an employer.
        if name and not _is_function(name) and not POSITION.match(sentence, match.end()):
            return _trim_titles(name)
    before = sentence[: max(place, 0)]
    lead = re.match(
        r"([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4}?) (?:interim |acting |former |new |Interim |"
        r"Acting )?(?:C[EFTOIMRP]O|CHRO|CISO|Chief|President|VP|Vice|Chair\w*|co-founder|"
        r"founder|Head|Director)\b",
        before,
    )
    return clean_name(lead.group(1)) if lead else None


def _is_function(name: str) -> bool:
    return _FUNCTIONS.match(name) is not None


def _trim_titles(name: str) -> str:
    return re.split(
        r" (?:as|As|to|for|in|on)\b| (?:Chief|CEO|CFO|CTO|COO|CRO|CMO|VP|President|Board)\b", name
    )[0]
