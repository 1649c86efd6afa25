"""Acquisitions: who buys whom, told by either side."""

from __future__ import annotations

import re
from dataclasses import replace

from detection.companies import name_after
from detection.money import find_money
from detection.press.funding import VALUATION_AFTER
from detection.press.parts import acting_company, day_of, status_of
from detection.press.reading import Item, PressReading

_ACQUIRE = re.compile(
    r"\b(?:acquir(?:es|ed|ing|e)|buy(?:s|ing)?(?: out)?|bought|(?:tak(?:es|e)|took) over(?! "
    r"as\b| from\b| for\b| the (?:role|post|position)| leadership)|purchas(?:es|ed)|"
    r"snap(?:s|ped) up|scoop(?:s|ed) up|(?:complet(?:es|ed)|announce[sd]?|closes|closed|"
    r"finali[sz]e[sd]?) (?:the |its )?(?:acquisition|purchase|takeover) of|"
    r"acquisition of|merg(?:es|ed|ing|e) with)\b",
    re.I,
)
_ACQUIRED_BY = re.compile(
    r"\b(?:(?:has been|have been|was|is|is being|to be|will be|being|been|agreed to be|gets?) "
    r"(?:acquired|bought|purchased|taken over)|acquired|bought|purchased|taken over|"
    r"snapped up) by\b"
    r"|\b(?:sells?|sold)(?: itself)? to\b",
    re.I,
)
_NOT_ACQUISITION = re.compile(
    r"^\s*(?:(?:\d[\d,.]*|a|an|new|more|the|additional|its|\w+ly|minority|\d+%|majority)\s+)*"
    r"(?:customers?|users?|talent|skills|shares?|stake|land|property|building|rights?|licen[cs]es?|"
    r"patents?|bitcoin|stock|bonds?|data|knowledge|assets? (?:of|worth)|clients?|subscribers?|"
    r"aircraft|vehicles|tickets|reputation|interest|products?|ads?|time)\b"
    r"(?!\s+(?!in\b|from\b|of\b|for\b|to\b|with\b)(?:[a-z-]+\s+){0,2}[A-Z])",
    re.I,
)

#: The price of one share is not that of the company.
_EACH = re.compile(r"\s*(?:per|a|for each|/) ?share\b", re.I)


def read_acquisition(item: Item, sentence: str) -> list[PressReading]:
    """Acquisitions a sentence tells, from the side that stands as its subject."""
    passive = _ACQUIRED_BY.search(sentence)
    if passive:
        company = acting_company(item, sentence[: passive.start()])
        other = name_after(sentence[passive.end() :])
        if company and other:
            event = _deal(item, sentence, "acquisition", "acquired", company, other, passive)
            return [_with_price(event, sentence[passive.end() :])]
        return []
    for match in _ACQUIRE.finditer(sentence):
        rest = sentence[match.end() :]
        if _NOT_ACQUISITION.match(rest) or find_money(rest[:14]):
            continue
        if not re.match(
            r"\s+(?:(?:the|a|an|its|all|of|[a-z][\w-]*|[\w]+-based)\s+){0,7}[A-Z0-9]", rest
        ):
            continue
        other = name_after(rest)
        before = sentence[: match.start()]
        company = acting_company(item, before)
        if other is None or company is None or other == company:
            continue
        event = _deal(item, sentence, "acquisition", "acquirer", company, other, match)
        return [_with_price(event, rest)]
    return []


def _with_price(event: PressReading, rest: str) -> PressReading:
    """The event with the price that follows the other company's name, where one does."""
    money = next(
        (m for m in find_money(rest) if m.start < 120 and not _EACH.match(rest, m.end)), None
    )
    if money is None or VALUATION_AFTER.match(rest[money.end : money.end + 40]):
        return event
    return replace(event, amount=money.amount, currency=money.currency)


def _deal(
    item: Item,
    sentence: str,
    kind: str,
    subtype: str,
    company: str,
    other: str,
    match: re.Match[str],
) -> PressReading:
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type=kind,
        signal_subtype=subtype,
        sentence=sentence,
        status=status_of(sentence, match.start(), match.end())
        if not re.search(r"\bcomplet\w+|\bclosed\b|\bfinali", sentence[: match.end()], re.I)
        else "done",
        occurred_on=day_of(item, sentence),
        counterparty_name=other,
        confidence=0.75,
    )
