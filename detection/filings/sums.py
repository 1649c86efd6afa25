"""Prices in the words of filings."""

from __future__ import annotations

import re

from detection.money import Money, find_money

PER_SHARE = re.compile(
    r"^\s*(?:\(?[\w ]{0,12}\)? )?(?:per|a|for each|each|/) ?(?:share|unit)\b", re.I
)
_PRICE = re.compile(
    r"(?:consideration|purchase price|price|for (?:approximately|an aggregate|a total|about|"
    r"cash of)"
    r"|in exchange for|valued at|payment of|in cash|for)\b",
    re.I,
)


def price_of(sentences: list[str]) -> Money | None:
    """The price of a deal: an amount after a word of price, never that of one share."""
    for sentence in sentences:
        amounts = [m for m in find_money(sentence) if not PER_SHARE.match(sentence[m.end :])]
        for money in amounts:
            if _PRICE.search(sentence[max(0, money.start - 90) : money.start]):
                return money
    return None
