"""Who comes for whom: people who leave and people who follow them, within one item."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from detection.filings.executives import ExecutiveChangeReading
from detection.filings.known_people import KnownPeople, person_key

_AFTER_WHOM = re.compile(
    r"\b(?:succeed(?:s|ed|ing)?|replac(?:e|es|ed|ing)|successor to|in place of|filling the vacancy "
    r"(?:created|left) by(?: the (?:resignation|retirement|departure) of)?)\s+(?:(?:Mr|Ms|Mrs|"
    r"Dr)\. )?"
    r"(?P<who>[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]*){0,3})",
)

_SMALL = re.compile(r"\b(?:interim|acting|the|of|our|its|company|board|directors)\b", re.I)


def position_left_to(
    sentence: str, person: str, readings: Iterable[ExecutiveChangeReading]
) -> str | None:
    """The position of who is replaced in a sentence: the one that the successor takes in it."""
    told = _AFTER_WHOM.search(sentence)
    if told is None or told.group("who").split()[-1].rstrip(".,") != person.rsplit(maxsplit=1)[-1]:
        return None
    taken = next(
        (r.position for r in readings if r.direction == "incoming" and r.sentence == sentence), None
    )
    # Who comes for the interim takes a position that was held for good.
    return re.sub(r"^(?:interim|acting) ", "", taken, flags=re.I) if taken else None


def linked(
    found: list[ExecutiveChangeReading], sentences: list[str], people: KnownPeople
) -> list[ExecutiveChangeReading]:
    """Who comes joined to who goes: said so in a sentence, or one of each for the same position."""
    before: dict[str, str] = {}
    for reading in found:
        if reading.direction == "incoming" and (gone := _followed(reading, sentences, people)):
            before.setdefault(reading.person_name, gone)
    goers = [r for r in found if r.direction == "outgoing"]
    for reading in found:
        if reading.direction != "incoming" or reading.person_name in before:
            continue
        same = [
            g for g in goers
            if _roles(g.position) & _roles(reading.position)
            and person_key(g.person_name) != person_key(reading.person_name)
        ]  # fmt: skip
        if len(same) == 1:
            before[reading.person_name] = same[0].person_name
    after = {person_key(gone): came for came, gone in before.items()}
    return [
        replace(r, predecessor_name=before.get(r.person_name))
        if r.direction == "incoming"
        else replace(r, successor_name=after.get(person_key(r.person_name)))
        for r in found
    ]


def _followed(
    reading: ExecutiveChangeReading, sentences: list[str], people: KnownPeople
) -> str | None:
    """Whom somebody follows, by the first sentence on them that names another."""
    family = person_key(reading.person_name).split()[-1]
    for sentence in sentences:
        told = _AFTER_WHOM.search(sentence) if family in sentence.casefold() else None
        if told is None:
            continue
        words = re.sub(r"[’']s$", "", told.group("who")).rstrip(".").split()
        name = people.named(words[-1]) or (" ".join(words) if len(words) > 1 else None)
        if name and person_key(name) != person_key(reading.person_name):
            return name
    return None


def _roles(position: str) -> set[str]:
    """The single roles of a joined position, without "interim": what two people may both hold."""
    parts = re.split(r",? and |, | & |/", _SMALL.sub("", position).casefold())
    return {" ".join(p.split()) for p in parts if len(p.split()) > 1 or p.strip() == "president"}
