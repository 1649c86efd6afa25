"""Debt taken up and own securities sold, as an item tells it."""

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
from detection.filings.sums import PER_SHARE
from detection.money import Money, find_money

_PROCEEDS = re.compile(
    r"\b(?:(?:gross|net|aggregate) (?:\w+ )?(?:proceeds|purchase price|offering price|"
    r"consideration)"
    r"|proceeds|total (?:purchase )?price|aggregate of)\b",
    re.I,
)
_BORROWED = re.compile(
    r"\b(?:principal amount|facility|loans?|notes?|debentures?|bonds?|borrow\w*|commitments?|"
    r"line of credit|revolver|credit|indebtedness)\b",
    re.I,
)
_SOLD_OWN = re.compile(
    r"\b(?:sold|issued and sold|issue and sell|agreed to (?:issue|sell))\b", re.I
)
_STANDING = re.compile(
    r"\b(?:existing|outstanding|previous(?:ly)?|prior|remaining)\b[^,;]{0,60}$", re.I
)
_OLD_LOAN = re.compile(
    r"\b(?:(?<!as )amend(?:s|ed|ment|ing)?|amend and restate|extend(?:s|ed)? the maturity|"
    r"waive[rs]?|"
    r"forbearance|reduc\w+|terminat\w+|joinder|consent)\b",
    re.I,
)
_MORE_LOAN = re.compile(
    r"\b(?:increas\w+|additional|incremental|new|expanded|replac\w+|refinanc\w+)\b", re.I
)
_FINANCE_PAPER = re.compile(r"\b(?:agreement|facility|letter|notes?|indenture)\b", re.I)


def unregistered_sales(
    kind: str | None, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """Own securities sold for a stated sum; shares given for a bought company raise no money."""
    told = " ".join(body[:6])
    if kind not in ("equity", "purchase", "debt", None) or not _SOLD_OWN.search(told):
        return []
    events = financing_events("debt" if kind == "debt" else "equity", body, filed_on, company)
    return [e for e in events if e.signal_type == "funding_round" and e.amount is not None]


def financing_events(
    kind: str, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """Debt taken up or own shares sold. A change of terms without new money is no financing."""
    lead = body[:6]
    sentence = telling(lead)
    money = _sum(kind, [sentence, *[s for s in lead if s is not sentence]])
    if (
        kind == "debt"
        and _OLD_LOAN.search(sentence)
        and not any(_MORE_LOAN.search(s) for s in lead)
    ):
        return [regulatory_filing("credit_terms_changed", sentence, filed_on)]
    other = other_party(sentence, _FINANCE_PAPER, company)
    committed = re.search(
        r"\b(?:commitment letter|proposed|intends? to|will offer)\b", sentence, re.I
    )
    return [
        event_of(
            "funding_round",
            "debt" if kind == "debt" else "post_ipo_equity",
            sentence,
            filed_on,
            status="planned" if committed else "done",
            counterparty_name=other.name if other else None,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            round_type="debt" if kind == "debt" else "post_ipo_equity",
        )
    ]


def _sum(kind: str, sentences: list[str]) -> Money | None:
    """The sum raised: the largest amount of the first sentence that states one of this kind."""
    pattern = _BORROWED if kind == "debt" else _PROCEEDS
    for sentence in sentences:
        near = []
        for money in find_money(sentence):
            if PER_SHARE.match(sentence[money.end :]) or money.amount < 10_000:
                continue
            if _STANDING.search(sentence[: money.start]):
                continue
            around = sentence[max(0, money.start - 80) : money.end + 60]
            if pattern.search(around):
                near.append(money)
        if near:
            return max(near, key=lambda m: m.amount) if kind == "debt" else near[0]
    return None
