"""Agreements to work together with a named company."""

from __future__ import annotations

import re
from datetime import date

from detection.filings.event_reading import (
    FilingEventReading,
    event_of,
    other_party,
    regulatory_filing,
    telling,
)
from detection.filings.parties import Party, named_parties
from detection.money import find_money

_PARTNERSHIPS = {
    "joint_venture": "joint_venture",
    "license": "license",
    "supply": "supply",
    "distribution": "distribution",
    "collaboration": "collaboration",
    "service": "service_contract",
}


_JOINT_PAPER = re.compile(r"\b(?:agreement|contract|venture|alliance|licen[cs]e)\b", re.I)
_AWARDED_BY = re.compile(r"\b(?P<who>[A-Z][\w&.’' -]{1,60}?) (?:has |have )?awarded\b")


def partnership_events(
    kind: str, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """An agreement to work together with a named company; without a name a mere filing."""
    lead = body[:4]
    sentence = telling(lead)
    awarded = _AWARDED_BY.search(sentence)
    other: Party | None = None
    if awarded is not None:
        givers = named_parties(awarded.group("who"), company)
        other = givers[-1] if givers else None
    if other is None:
        other = other_party(sentence, _JOINT_PAPER, company)
    subtype = _PARTNERSHIPS[kind]
    if other is None:
        return [
            regulatory_filing(
                f"{subtype}_agreement".replace("_agreement_agreement", "_agreement"),
                sentence,
                filed_on,
            )
        ]
    money = next((m for m in find_money(sentence) if m.amount >= 10_000), None)
    return [
        event_of(
            "partnership",
            subtype,
            sentence,
            filed_on,
            counterparty_name=other.name,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            confidence=0.8,
        )
    ]
