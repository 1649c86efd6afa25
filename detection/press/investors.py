"""Who put the money in: lead and other investors of an item's one round, from all its sentences."""

from __future__ import annotations

import re
from dataclasses import replace

from detection.companies import split_names, subject_before
from detection.press.funding import FUNDING_NOUN, round_type_of
from detection.press.merging import loose_name
from detection.press.parts import has_any
from detection.press.reading import Item, PressReading

_LED = re.compile(
    r"\b(?:co-?led by|led(?: jointly)? by|spearheaded by|lead investors? (?:is|was|were|are)?|"
    r"headed by|anchored by)\s+(?P<names>[^.;]{3,160})",
    re.I,
)
_LEADS = re.compile(
    r"(?P<names>[A-Z][^.;:]{2,80}?) (?:co-)?(?:led|leads|is leading|was the lead)\b(?! "
    r"by)[^.;]{0,30}\b(?:round|funding|financing|investment|raise|series)",
    re.I,
)
_PARTICIPANTS = re.compile(
    r"\b(?:(?:with )?(?:the )?(?:participation|investment|backing|support|contributions?) "
    r"(?:from|by|of)|"
    r"joined by|alongside|participants? includ\w+|investors? includ\w+|also participat\w+ "
    r"(?:were|are)|"
    r"backed by|funding from|financing from|investment from|round from|include[ds]? existing "
    r"investors?)\s+"
    r"(?P<names>[^.;]{3,200})",
    re.I,
)
_PARTICIPATED = re.compile(
    r"(?P<names>[A-Z][^.;:]{2,160}?) (?:also )?(?:participated|joined the round|took part|"
    r"invested)\b"
)

#: Looked for first: the patterns try every capital letter.
_LEAD_VERB = re.compile(r" (?:co-)?(?:led|leads|is leading|was the lead)\b", re.I)
_TELLS_OF_INVESTORS = (
    "led", "lead", "participat", "joined", "investor", "back", "from", "alongside",
)  # fmt: skip


def complete_round(item: Item, sentences: list[str]) -> list[PressReading]:
    """Investors and round type of the item's one funding round, from all its sentences."""
    rounds = [e for e in item.events if e.signal_type == "funding_round"]
    if len(rounds) != 1:
        return item.events
    lead, investors = None, list(rounds[0].investors)
    round_type = rounds[0].round_type
    for sentence in sentences:
        if not has_any(sentence.lower(), _TELLS_OF_INVESTORS):
            continue
        found_lead, found = _investors(sentence, rounds[0].company_name)
        lead = lead or found_lead
        for name in found:
            if loose_name(name) not in {loose_name(i) for i in investors}:
                investors.append(name)
    if round_type is None:
        for sentence in sentences[:5]:
            if FUNDING_NOUN.search(sentence) and (round_type := round_type_of(sentence)):
                break
    complete = replace(
        rounds[0],
        investors=tuple(investors),
        lead_investor=rounds[0].lead_investor or lead,
        round_type=round_type,
        signal_subtype=round_type,
    )
    return [complete if e is rounds[0] else e for e in item.events]


def _investors(sentence: str, company: str) -> tuple[str | None, list[str]]:
    lead = None
    names: list[str] = []
    led = _LED.search(sentence)
    leads = None if led or not _LEAD_VERB.search(sentence) else _LEADS.search(sentence)
    if led:
        text = re.split(
            r"\b(?:with|alongside|and (?:included|includes|joined)|joined by|to |at a|"
            r"bring\w*|after|as )\b",
            led.group("names"),
        )[0]
        leaders = split_names(text)
        lead = leaders[0] if leaders else None
        names += leaders
    elif leads:
        subject = subject_before(leads.group("names"))
        if subject:
            lead = subject
            names.append(subject)
    lowered = sentence.lower()
    took_part = has_any(lowered, ("participated", "joined the round", "took part", "invested"))
    for pattern in (_PARTICIPANTS, _PARTICIPATED) if took_part else (_PARTICIPANTS,):
        for match in pattern.finditer(sentence):
            text = re.split(
                r"\b(?:to (?:accelerate|expand|fund|grow|support|help)|bring\w*|at a|who|"
                r"which|as well as its)\b",
                match.group("names"),
            )[0]
            names += split_names(text)
    own = loose_name(company)
    names = [n for n in names if (loose_name(n) != own and not n.isupper()) or len(n) < 6]
    return lead, [n for n in names if loose_name(n) != own]
