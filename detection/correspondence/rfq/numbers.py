"""Numbers as people write and say them: "2.5k", "5'000", "two and a half thousand", "a dozen".

Digits are parsed by ``detection.money.parse_number`` (English, European and Indian grouping). What
is said in words is English. A number knows its scale word, so that "5 to 10 thousand" can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detection.correspondence.rfq.german_numbers import (
    SMALL,
    STEMS,
    german_numbers,
    may_hold_german,
)
from detection.money import parse_number

# fmt: off
_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
# fmt: on
_VALUES = {word: float(i) for i, word in enumerate(_ONES)} | {
    word: float(i) for i, word in zip(range(20, 100, 10), _TENS, strict=True)
}
_SCALES = {
    "tausend": 1e3, "tsd": 1e3,
    "hundred": 1e2, "dozen": 12.0, "thousand": 1e3, "k": 1e3, "grand": 1e3, "lakh": 1e5,
    "million": 1e6, "m": 1e6, "mio": 1e6, "mn": 1e6, "mm": 1e6, "billion": 1e9, "bn": 1e9,
}  # fmt: skip
_SCALE = r"tausend|tsd|hundred|dozen|thousand|grand|lakh|million|billion|mio|mn|mm|bn|k|m"
_BIG = r"hundred|dozen|thousand|million|billion"
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_SMALL = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_ONES[1:10])}))?|(?:{_ONE}))"
_DIGITS = r"\d{1,3}(?:[.,'’ ]\d{3})+(?:[.,]\d{1,4})?(?!\d)|\d+(?:[.,]\d+)?"
_IN_DIGITS = rf"""
    (?<![\w.,/#])(?<![A-Za-z]-)(?P<digits>{_DIGITS})
      (?P<and_half>\ and\ a\ half)?
      (?:[ ]?(?P<scale>{_SCALE})s?\b\.?)?(?!\w|/\d)
"""
_DIGIT_NUMBER = re.compile(_IN_DIGITS, re.I | re.X)
_NUMBER = re.compile(
    rf"""
    {_IN_DIGITS}
    |\b(?P<words>
      (?:(?:a|three)\ quarters?\ of\ a(?=\ (?:{_BIG}))|{_SMALL}
        |half\ (?:of\ )?an?(?=\ (?:{_BIG}))|an?\ couple\ of(?=\ (?:{_BIG}))|an?(?=\ (?:{_BIG})\b))
      (?:\ point(?:\ (?:{_ONE}))+|\ and\ a\ (?:half|quarter))?
      (?:[ -](?:{_BIG}|k|grand)s?(?:\ and\ a\ half)?(?:(?:\ and)?\ {_SMALL}\b)?)*
    )\b
    """,
    re.I | re.X,
)
_ABOUT = re.compile(
    r"(?:about|around|approx\.?|approximately|roughly|some|circa|ca\.?|up to|say|maybe|close to|~|"
    r"nearly|just over|just under|etwa|rund|gut|knapp|ungefähr|zirka|an die)\s*$",
    re.I,
)
_BETWEEN = re.compile(r"\bbetween\s+(?:\w+\s+)?$", re.I)
_DIGIT = re.compile(r"\d")
_DIGIT_RUN = re.compile(r"\d+")
_LETTERS = re.compile(r"[a-zäöüß]+")
#: Words of which one stands in every spoken number.
NUMBER_WORDS = frozenset({*_ONES, *_TENS, "half", "dozen", "couple", *_BIG.split("|"), *SMALL})
#: Texts of which one stands in every spoken number, German compounds included.
NUMBER_TEXTS = NUMBER_WORDS | frozenset(STEMS)


@dataclass(frozen=True)
class FoundNumber:
    """A number and where it stands."""

    value: float
    start: int
    end: int
    #: The scale word's factor, 1 where there is none.
    scale: float
    is_spoken: bool
    #: "about", "roughly" and the like stand before it.
    is_rounded: bool


def has_number(text: str) -> bool:
    """Whether a text may hold a number, in digits or words; quick."""
    if _DIGIT.search(text):
        return True
    low = text.lower()
    return not NUMBER_WORDS.isdisjoint(_LETTERS.findall(low)) or may_hold_german(low)


def find_numbers(text: str, has_words: bool = True) -> list[FoundNumber]:
    """Every number of ``text`` in order, money and percentages included.

    ``has_words`` is False where it is known that no number is said in words.
    """
    low = text.lower() if has_words else ""
    is_german = has_words and (may_hold_german(low) or not SMALL.isdisjoint(_LETTERS.findall(low)))
    has_words = has_words and not NUMBER_WORDS.isdisjoint(_LETTERS.findall(low))
    found = []
    for match in _NUMBER.finditer(text) if has_words else _in_digits(text):
        if match.group("digits"):
            scale = _SCALES.get((match.group("scale") or "").lower(), 1.0)
            value = parse_number(match.group("digits"), has_scale=scale > 1)
            if value is None:
                continue
            value = (value + (0.5 if match.group("and_half") else 0.0)) * scale
            spoken = False
        else:
            if two := _two(text, match):
                found += two
                continue
            read = _spoken(match.group("words").lower())
            if read is None:
                continue
            value, scale, spoken = *read, True
        rounded = bool(_ABOUT.search(text, max(0, match.start() - 16), match.start()))
        found.append(
            FoundNumber(round(value, 6), match.start(), match.end(), scale, spoken, rounded)
        )
    return _with_german(text, found) if is_german else found


def _with_german(text: str, found: list[FoundNumber]) -> list[FoundNumber]:
    """With the numbers that German words say, where no other stands."""
    said = [
        FoundNumber(
            round(value, 6), start, end, scale, True,
            bool(_ABOUT.search(text, max(0, start - 16), start)),
        )
        for value, scale, start, end in german_numbers(text)
        if not any(start < n.end and n.start < end for n in found)
    ]  # fmt: skip
    return sorted([*found, *said], key=lambda n: n.start)


def _in_digits(text: str) -> Iterator[re.Match[str]]:
    """What ``_NUMBER.finditer`` gives of a text without number words: tried at digits alone."""
    end = 0
    for digits in _DIGIT_RUN.finditer(text):
        if digits.start() >= end and (match := _DIGIT_NUMBER.match(text, digits.start())):
            end = match.end()
            yield match


def _two(text: str, match: re.Match[str]) -> list[FoundNumber]:
    """The two numbers of "between one thousand two hundred and three thousand", else none."""
    words = match.group("words")
    if " and " not in words.lower() or not _BETWEEN.search(text, 0, match.start()):
        return []
    for cut in re.finditer(r" and (?!a\b)", words, re.I):
        low, high = _spoken(words[: cut.start()].lower()), _spoken(words[cut.end() :].lower())
        if low and high and low[0] < high[0]:
            start, middle = match.start(), match.start() + cut.start()
            return [
                FoundNumber(round(low[0], 6), start, middle, low[1], True, False),
                FoundNumber(
                    round(high[0], 6), start + cut.end(), match.end(), high[1], True, False
                ),
            ]
    return []


def _spoken(words: str) -> tuple[float, float] | None:
    """Value of number words and the factor of their last scale."""
    words = words.replace("three quarters of a", "0.75").replace("a quarter of a", "0.25")
    words = re.sub(r"half (?:of )?an?\b", "0.5", words)
    words = re.sub(r"an? couple of", "2", words)
    total = current = 0.0
    scale, decimals = 1.0, 0
    words = words.replace("and a half", "half").replace("and a quarter", "quarter")
    for token in re.findall(r"[a-z]+|[\d.]+", words):
        singular = token.rstrip("s") if token not in _VALUES else token
        if token[0].isdigit():
            current += float(token)
        elif token == "point":
            decimals = 1
        elif token in _VALUES:
            if decimals:
                current += _VALUES[token] / 10**decimals
                decimals += 1
            else:
                current += _VALUES[token]
        elif token == "half":
            # "a million and a half": half of what was just said.
            if current == 0 and scale > 1:
                total += 0.5 * scale
            else:
                current += 0.5
        elif token == "quarter":
            current += 0.25
        elif singular in _SCALES:
            factor = _SCALES[singular]
            decimals = 0
            if factor == 100:
                current = (current or 1.0) * 100
            else:
                total += (current or 1.0) * factor
                current = 0.0
            scale = factor
    value = total + current
    return (value, scale) if value > 0 else None
