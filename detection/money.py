"""Amounts of money in running text.

Reads "$25M", "US$1.2 billion", "EUR 4,5 Mio.", "£300k", "17,50,000 rupees" to a number and an ISO
4217 code. An amount without a currency is not read: "25 million users" is no money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SYMBOLS = {
    "us$": "USD",
    "usd$": "USD",
    "c$": "CAD",
    "ca$": "CAD",
    "cad$": "CAD",
    "a$": "AUD",
    "au$": "AUD",
    "nz$": "NZD",
    "s$": "SGD",
    "hk$": "HKD",
    "r$": "BRL",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₩": "KRW",
    "₪": "ILS",
    "rs.": "INR",
    "rs": "INR",
    "chf": "CHF",
    "sfr": "CHF",
    "kr": "SEK",
}
_CODES = """
    USD EUR GBP JPY INR CAD AUD NZD CHF SEK NOK DKK SGD HKD BRL CNY RMB KRW ILS MXN PLN ZAR
    AED SAR TRY CZK THB IDR MYR PHP TWD
    """.split()  # noqa: SIM905

_WORDS = {
    "us dollars": "USD",
    "u.s. dollars": "USD",
    "dollars": "USD",
    "euros": "EUR",
    "euro": "EUR",
    "pounds sterling": "GBP",
    "pounds": "GBP",
    "swiss francs": "CHF",
    "yen": "JPY",
    "rupees": "INR",
    "yuan": "CNY",
    "kronor": "SEK",
}
_SCALES = {
    "trillion": 1e12,
    "tn": 1e12,
    "billion": 1e9,
    "billions": 1e9,
    "milliard": 1e9,
    "milliards": 1e9,
    "milliarden": 1e9,
    "mrd": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "million": 1e6,
    "millions": 1e6,
    "millionen": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "mn": 1e6,
    "mm": 1e6,
    "m": 1e6,
    "crore": 1e7,
    "crores": 1e7,
    "cr": 1e7,
    "lakh": 1e5,
    "lakhs": 1e5,
    "thousand": 1e3,
    "k": 1e3,
}
#: Texts in lower case of which every amount with a currency, said or written, holds one.
CURRENCY_TEXTS = frozenset({*_SYMBOLS, *_WORDS, "dollar", *(code.lower() for code in _CODES)})
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[,.'’]\d{2,3}){1,6}(?:[.,]\d{1,2})?(?![\d])|\d{1,15}(?:[.,]\d{1,6})?(?!\d)"
_SYMBOL = "|".join(
    [re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True) if not s.isalpha()]
    + [rf"\b{s}\b\.?" for s in _SYMBOLS if s.isalpha()]
    + [rf"\b{c}\b" for c in _CODES]
)
_TRAILING = "|".join([*sorted(_WORDS, key=len, reverse=True), *_CODES, "€", "£", "¥", "₹"])
#: "EUR 4,-": a dash for no cents.
_NO_CENTS = r"(?:,[-–—]{1,2})?"
_MONEY = re.compile(
    rf"(?:(?P<symbol>{_SYMBOL})[ ]?(?P<number>{_NUMBER}){_NO_CENTS}"
    rf"(?:[ -]?(?P<scale>{_SCALE})(?![A-Za-z]))?"
    rf"(?:[ ](?P<after>{'|'.join(_CODES)})\b)?)"
    rf"|(?:(?<![\w.,$€£])(?P<number2>{_NUMBER}){_NO_CENTS}"
    rf"(?:[ -]?(?P<scale2>{_SCALE})(?![A-Za-z]))?\.?[ ]?"
    rf"(?P<word>{_TRAILING})(?!\w))",
    re.I,
)
#: No company event is worth more than this many units; a larger number is a misreading.
MAX_AMOUNT = 1e13


@dataclass(frozen=True)
class Money:
    """An amount in a currency, and where in the text it stands."""

    amount: float
    currency: str
    start: int
    end: int
    text: str


def currency_of_word(word: str) -> str | None:
    """ISO 4217 code of a currency's name, symbol or code; None for anything else.

    >>> currency_of_word("Euros")
    'EUR'
    """
    key = word.lower().strip()
    code = _WORDS.get(key) or _WORDS.get(f"{key}s") or _SYMBOLS.get(key)
    if code is None and key.upper() in _CODES:
        code = key.upper()
    return "CNY" if code == "RMB" else code


def parse_number(text: str, has_scale: bool = False) -> float | None:
    """A written number, with English, European or Indian grouping.

    A single separator with exactly three digits after it groups thousands, unless a scale word
    follows ("1.250 million" is one and a quarter million). None when it is no number.
    """
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text)
    text = text.replace("'", "").replace("’", "").replace(" ", "")
    if not text.isascii() or not _WRITTEN_NUMBER.fullmatch(text):
        return None
    separators = [c for c in text if c in ".,"]
    if not separators:
        return float(text)
    last = separators[-1]
    head, _, tail = text.rpartition(last)
    if len(set(separators)) == 2:
        decimal = last if separators.count(last) == 1 else None
    elif len(separators) > 1:
        decimal = None
    else:
        grouped = len(tail) == 3 and len(head) <= 3 and head != "0" and not has_scale
        decimal = None if grouped else last
    try:
        if decimal:
            return float(f"{head.replace('.', '').replace(',', '') or '0'}.{tail or '0'}")
        return float(text.replace(".", "").replace(",", ""))
    except ValueError:
        return None


_DIGITS = re.compile(r"\d+")
_WRITTEN_NUMBER = re.compile(r"\d[\d.,]*")
#: The longest symbol with a blank, before a number.
_BEFORE_NUMBER = 6


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What ``_MONEY.finditer`` gives, trying only where a number is near: most text has none."""
    end = 0
    for digits in _DIGITS.finditer(text):
        first = digits.start()
        if first < end:
            continue
        for position in range(max(end, first - _BEFORE_NUMBER), first + 1):
            if match := _MONEY.match(text, position):
                end = match.end()
                yield match
                break


def find_money(text: str) -> list[Money]:
    """Every amount with a currency in ``text``, in order."""
    found = []
    for match in _matches(text):
        leading = match.group("symbol")
        number = match.group("number") or match.group("number2")
        scale = (match.group("scale") or match.group("scale2") or "").lower()
        if leading is not None:
            key = leading.lower()
            currency = match.group("after") or _SYMBOLS.get(key) or _SYMBOLS.get(key.rstrip("."))
            currency = currency or leading.upper().rstrip(".")
        else:
            word = match.group("word").lower()
            currency = _WORDS.get(word) or _SYMBOLS.get(word) or word.upper()
        value = parse_number(number, has_scale=bool(scale))
        if value is None:
            continue
        amount = value * _SCALES.get(scale, 1.0)
        # Prices of small parts have fractions of a cent.
        amount = round(amount, 2 if amount >= 100 else 6)
        if 0 < amount <= MAX_AMOUNT:
            currency = {"RMB": "CNY"}.get(currency.upper(), currency.upper())
            found.append(Money(amount, currency, match.start(), match.end(), match.group(0)))
    return found


def format_money(amount: float, currency: str) -> str:
    """Short form that ``find_money`` reads back: ``USD 25M``.

    >>> format_money(25_000_000, "USD")
    'USD 25M'
    """
    for scale, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if amount >= scale:
            return f"{currency} {amount / scale:.6g}{letter}"
    return f"{currency} {amount:.6g}"
