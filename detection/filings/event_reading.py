"""One event that an item of a filing tells, and how it is made of a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from detection.dates import find_dates
from detection.filings.parties import Party, counterparty_after


@dataclass(frozen=True)
class FilingEventReading:
    """One event an item tells, with the sentence it rests on; what it does not state is None."""

    signal_type: str
    signal_subtype: str
    sentence: str
    occurred_on: date | None
    status: str = "done"
    polarity: str = "positive"
    counterparty_name: str | None = None
    amount: float | None = None
    currency: str | None = None
    #: Canonical round for financings: ``debt`` or ``post_ipo_equity``.
    round_type: str | None = None
    city: str | None = None
    country: str | None = None
    square_feet: int | None = None
    confidence: float = 0.8


#: Sentences of an item that are read for what an agreement is about.
SENTENCES = 8
#: That a paper was signed or money came, before whoever signed or gave it.
ENTERED = re.compile(
    r"\b(?:enter(?:ed|s)? into|sign(?:ed|s)|execut(?:ed|es)|announc\w+|agree[ds]?|awarded|"
    r"consummat\w+|complet\w+|clos(?:ed|ing)|acquired|received|issued|sold|amended)\b",
    re.I,
)
#: A day further from the filing belongs to an older paper that the item recalls.
_FAR_DAYS = 400


def telling(body: list[str]) -> str:
    """The sentence that says that something was signed; the first where none does."""
    return next((s for s in body[:SENTENCES] if ENTERED.search(s)), body[0])


def _day(sentence: str, filed_on: date | None) -> date | None:
    for found in find_dates(sentence):
        if filed_on is None or abs((found.day - filed_on).days) <= _FAR_DAYS:
            return found.day
    return None


def event_of(
    signal_type: str, subtype: str, sentence: str, filed_on: date | None, **told: Any
) -> FilingEventReading:
    """An event on the day that its sentence names; ``told`` are further fields of the reading."""
    return FilingEventReading(signal_type, subtype, sentence, _day(sentence, filed_on), **told)


def regulatory_filing(subtype: str, sentence: str, filed_on: date | None) -> FilingEventReading:
    """A filing of which no more is known than what it is about."""
    return event_of("regulatory_filing", subtype, sentence, filed_on, confidence=0.9)


def other_party(sentence: str, paper: re.Pattern[str], company: str | None) -> Party | None:
    """Who signs besides the registrant: named after the signing, else after the paper's name."""
    for start in (ENTERED.search(sentence), paper.search(sentence)):
        if start is not None and (other := counterparty_after(sentence, start.end(), company)):
            return other
    return None
