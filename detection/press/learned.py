"""What no rule foresaw: sentences that the learned engine types, with the parts that can be found.

The engine is asked only where the rules told nothing, and only about the headline and the first
sentences. It gives a type and a certainty; a sentence becomes an event when words that belong to
the type stand in it, a company acts, and the type's own parts are there: the other company of a
takeover or partnership, and by a learned relation who takes over whom. Executive changes are
left to the rules, since a change without a person is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from detection.companies import NAME, clean_name, first_actor
from detection.money import find_money
from detection.news.engine import EventEngine, TypedEvent
from detection.news.mentions import Relation
from detection.places import find_place, is_large_place
from detection.press.funding import round_type_of
from detection.press.parts import (
    QUESTION,
    SPECULATION,
    acting_company,
    day_of,
    status_of,
)
from detection.press.reading import Item, PressReading

#: Probability from which a sentence that no rule read is believed.
LEAST = 0.7
#: Sentences asked about: the headline and the beginning of the text.
SENTENCES = 3
#: What a reader by words alone can be sure of at most.
_HIGHEST = 0.65
_NAMES = re.compile(NAME)
_SUBTYPES = {
    "expansion.growth": None,
    "expansion.reduction": "closure",
    "funding_round": None,
    "product_launch": None,
    "earnings_call": "results",
    "regulatory_filing": "filing",
}
#: How two companies stand to each other when they are told of in an event of a type.
_RELATIONS = {
    "acquisition": frozenset({"acquired_by", "merged_with"}),
    "partnership": frozenset({"collaboration"}),
}
#: Names on each side of the words that tell a takeover or partnership that are looked at.
_NEAREST = 2
#: Who is named so is no company.
_GENERIC = frozenset(
    ("investors", "shareholders", "analysts", "customers", "employees", "shares", "regulators",
     "revenue", "sales", "profit", "earnings", "results", "management", "founders", "backers")
)  # fmt: skip
_CALL = re.compile(r"\b(?:call|webcast|transcript)\b", re.I)
_SITE = re.compile(
    r"\b(?:offices?|headquarters|hub|campus|facilit(?:y|ies)|plants?|factor(?:y|ies)|cent(?:er|re)"
    r"|branch(?:es)?|warehouses?|labs?|stores?|sites?|base)\b",
    re.I,
)


def read_learned(item: Item, sentences: Sequence[str], engine: EventEngine) -> list[PressReading]:
    """The first event that the engine finds in an item of which the rules told nothing."""
    asked = [s for s in sentences[:SENTENCES] if s and not _is_doubtful(s)]
    for sentence, told in zip(asked, engine.classify(asked), strict=True):
        if {"expansion.growth", "expansion.reduction"} <= {event.label for event in told}:
            continue  # Words that speak for both say neither.
        for event in told:
            if event.confidence < LEAST or not event.trigger:
                continue
            reading = _reading(item, sentence, event, engine)
            if reading is not None:
                return [reading]
    return []


def _is_doubtful(sentence: str) -> bool:
    return bool(QUESTION.search(sentence) or SPECULATION.search(sentence))


def _reading(
    item: Item, sentence: str, event: TypedEvent, engine: EventEngine
) -> PressReading | None:
    trigger = str(event.trigger)
    start = sentence.find(trigger)
    if start < 0:
        return None
    common = {
        "company_domain": None,
        "sentence": sentence,
        "status": status_of(sentence, start, start + len(trigger)),
        "occurred_on": day_of(item, sentence),
        "confidence": min(_HIGHEST, round(event.confidence, 3)),
        "engine": f"{engine.name} {engine.version}",
    }
    if event.label in ("acquisition", "partnership"):
        return _between(sentence, (start, start + len(trigger)), event.label, common)
    if event.label not in _SUBTYPES:
        return None
    company = acting_company(item, sentence[:start]) or first_actor(sentence)
    if company is None or is_large_place(company) or company.casefold() in _GENERIC:
        return None
    subtype = _SUBTYPES[event.label]
    if event.signal_type == "funding_round":
        money = next(iter(find_money(sentence)), None)
        kind = round_type_of(sentence)
        if money is None and kind is None:
            return None
        common |= {"round_type": kind}
        if money is not None:
            common |= {"amount": money.amount, "currency": money.currency}
    elif event.signal_type == "expansion":
        place = find_place(sentence[start:])
        site = _SITE.search(sentence)
        if place is None and site is None:
            return None
        if subtype is None:
            subtype = "new_office" if site else "new_market"
        common |= {
            "city": place.city if place else None,
            "country": place.country if place else None,
            "polarity": "negative" if event.kind == "reduction" else "positive",
        }
    elif event.signal_type == "earnings_call" and _CALL.search(sentence):
        subtype = "call"
    return PressReading(
        company_name=company,
        signal_type=event.signal_type,
        signal_subtype=subtype,
        **common,
    )


def names_in(sentence: str) -> list[tuple[str, tuple[int, int]]]:
    """Names of possible companies with where they stand; places are left out."""
    found = []
    for match in _NAMES.finditer(sentence):
        name = clean_name(match.group(0))
        if name is None or is_large_place(name) or not name[0].isupper():
            continue
        start = sentence.find(name, match.start())
        found.append((name, (start, start + len(name))))
    return found


def _between(
    sentence: str, trigger: tuple[int, int], signal_type: str, common: dict
) -> PressReading | None:
    """A takeover, merger or partnership of two companies that stand on both sides of the words.

    Which two of several, and who takes over whom, is learned from examples
    (:mod:`detection.news.shipped_relations`); where it sees nothing of the kind, nothing is told.
    """
    from detection.news.shipped_relations import likeliest

    names = names_in(sentence)
    before = [named for named in names if named[1][1] <= trigger[0]][-_NEAREST:]
    behind = [named for named in names if named[1][0] >= trigger[1]][:_NEAREST]
    pairs = [(one, two) for one in before for two in behind if one[0] != two[0]]
    told = likeliest(sentence, [(one[1], two[1]) for one, two in pairs], _RELATIONS[signal_type])
    if told is None:
        return None
    (first, _), (second, _) = pairs[told[0]]
    subtype, money = None, None
    if signal_type == "acquisition":
        subtype = "acquired" if told[1] == Relation("acquired_by") else "acquirer"
        money = next(iter(find_money(sentence)), None)
    return PressReading(
        company_name=first,
        signal_type=signal_type,
        signal_subtype=subtype,
        counterparty_name=second,
        amount=money.amount if money else None,
        currency=money.currency if money else None,
        **common,
    )
