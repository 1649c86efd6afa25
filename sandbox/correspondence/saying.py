"""Numbers, prices and days as people write and say them."""

from __future__ import annotations

from datetime import date
from random import Random

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£"}
_NAMES = {"EUR": "euros", "USD": "dollars", "GBP": "pounds"}


def in_words(number: int) -> str:
    """A whole number below a million in English words.

    >>> in_words(2350)
    'two thousand three hundred and fifty'
    """
    if number < 20:
        return _ONES[number]
    if number < 100:
        tens = _TENS[number // 10]
        return tens if number % 10 == 0 else f"{tens}-{_ONES[number % 10]}"
    if number < 1000:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{_ONES[number // 100]} hundred{rest}"
    rest = ""
    if number % 1000:
        rest = f" {'and ' if number % 1000 < 100 else ''}{in_words(number % 1000)}"
    return f"{in_words(number // 1000)} thousand{rest}"


def count(number: int, random: Random, spoken: bool) -> str:
    """A quantity as written ("2,500", "2.500", "2.5k") or said ("two and a half thousand")."""
    if spoken:
        forms = [in_words(number)]
        if number % 1000 == 500 and number < 20_000:
            forms += [f"{in_words(number // 1000)} and a half thousand"] * 2
            if number > 1000:
                forms.append(f"{in_words(number // 100)} hundred")
        if number % 1000 == 0:
            forms.append(f"{number // 1000}k")
        if number == 500_000:
            forms.append("half a million")
        return random.choice(forms)
    forms = [f"{number:,}", str(number)]
    if number >= 1000:
        forms += [f"{number:,}".replace(",", "."), f"{number:,}".replace(",", "'")]
    if number >= 1000 and number % 100 == 0:
        forms.append(f"{number / 1000:g}k")
    return random.choice(forms)


def counts(low: int, high: int, random: Random, spoken: bool) -> str:
    """A quantity or a range of quantities."""
    if low == high:
        return count(low, random, spoken)
    if spoken:
        if low % 1000 == 0 and high % 1000 == 0 and random.random() < 0.4:
            return f"{in_words(low // 1000)} to {in_words(high // 1000)} thousand"
        first, second = in_words(low), in_words(high)
        return random.choice([f"{first} to {second}", f"between {first} and {second}"])
    if low % 1000 == 0 and high % 1000 == 0 and random.random() < 0.4:
        return random.choice(
            [f"{low // 1000}-{high // 1000}k", f"{low // 1000} to {high // 1000} thousand"]
        )
    return random.choice(
        [f"{low:,} to {high:,}", f"{low:,}-{high:,}", f"between {low:,} and {high:,}"]
    )


def price(amount: float, currency: str, random: Random, spoken: bool) -> str:
    """A price, with symbol, code or words, and decimals of either kind."""
    if spoken:
        whole, cents = int(amount), round(amount * 100) % 100
        words = in_words(whole)
        if not cents:
            return f"{words} {_NAMES[currency]}"
        unit = "pence" if currency == "GBP" else "cents"
        return random.choice(
            [
                f"{words} {_NAMES[currency]} {in_words(cents)} {unit}",
                f"{words} {_NAMES[currency]} and {in_words(cents)} {unit}",
                f"{amount:.2f} {_NAMES[currency]}",
            ]
        )
    point, comma = f"{amount:.2f}", f"{amount:.2f}".replace(".", ",")
    symbol = _SYMBOLS[currency]
    forms = [f"{symbol}{point}", f"{currency} {point}", f"{point} {currency}", f"{symbol} {point}"]
    if currency == "EUR":
        forms += [f"{currency} {comma}", f"{comma} {symbol}", f"{comma} {currency}"]
    return random.choice(forms)


def prices(low: float, high: float, currency: str, random: Random, spoken: bool) -> str:
    """A price or a range of prices."""
    if low == high:
        return price(low, currency, random, spoken)
    if spoken:
        return f"between {low:.2f} and {high:.2f} {_NAMES[currency]}"
    symbol = _SYMBOLS[currency]
    return random.choice(
        [
            f"{currency} {low:.2f}-{high:.2f}",
            f"{low:.2f} to {high:.2f} {currency}",
            f"between {symbol}{low:.2f} and {symbol}{high:.2f}",
            f"{symbol}{low:.2f} to {symbol}{high:.2f}",
        ]
    )


def day(value: date, random: Random, spoken: bool) -> str:
    """A day, written out with its year."""
    month = _MONTHS[value.month - 1]
    forms = [f"{value.day} {month} {value.year}", f"{month} {value.day}, {value.year}"]
    if not spoken:
        forms += [value.isoformat(), f"{value:%d.%m.%Y}", f"{value.day} {month[:3]} {value.year}"]
    return random.choice(forms)
