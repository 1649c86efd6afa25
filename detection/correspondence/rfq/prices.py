"""Unit and total prices, margins and cost upside of a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detection.correspondence.rfq.numbers import FoundNumber, find_numbers
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.money import Money, currency_of_word

_CURRENCY_WORD = re.compile(
    r"""\s*(us\ dollars|dollars?|euros?|pounds\ sterling|pounds|swiss\ francs|yen|rupees|yuan
    |kronor|usd|eur|gbp|chf|€|£)(?!\w)
    (?:\s*(?:and\s+)?(?P<cents>[a-z]+(?:[ -][a-z]+)?|\d\d?)\s*(?:cents?|pence|p)\b
    |\s+and\s+(?:a\s+)?(?P<part>half|quarter)\b
    |\s+(?P<after>\d\d)(?=\s+(?:per|pro|je|a|an|each|apiece|das|for|für)\b|\s*(?:[.,;?!](?!\d)|$))
    |\s+(?P<bare>(?:ten|(?:thir|four|fif|six|seven|eigh|nine)teen|eleven|twelve
       |(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five
       |six|seven|eight|nine))?))(?=\s+(?:per|a|an|each|apiece|for)\b|\s*(?:[.,;?!]|$)))?""",
    re.I | re.X,
)
#: "75 TEUR", "75 T€", "75 k€", "1.2 MEUR".
_THOUSANDS_OF = re.compile(r"\s?(?P<scale>T|k|M)\s?(?P<currency>EUR|€|USD|\$|GBP|£|CHF)(?!\w)")
_CENTS_AFTER = re.compile(r"\s(\d\d)(?=\s+(?:per|pro|je|das|apiece|each|for (?:each|one))\b)", re.I)
_PARTS = {"half": 0.5, "quarter": 0.25}
#: Amounts in the smaller coin alone; whose cents they are is not said.
COIN_TEXTS = frozenset({"cent", "pence", "pennies", "ct"})
_SMALL_COIN = re.compile(r"\s*(cents?|pence|pennies|ct)\b", re.I)
_PER_UNIT = re.compile(
    r"""\s*(?:\(?(?:net|ex\ works|plus\ vat)\)?\s*)?
    (?:(?:per|pro|je|das|/|a|the|for\ each|for\ one)\s*
     (?:pop|teil|einheit|satz|unit|piece|pcs?|item|set|kit|part|board|seat|licen[cs]e|user|kg|metre|meter|m|litre|panel
     |module|driver|housing|sensor|reel|tonne|ton|pair|box|stück|stk|each)\b
    |each\b|apiece\b|ea\b|unit\ price|per\s+\w+\b(?!\s*cent))""",
    re.I | re.X,
)
_UNIT_BEFORE = re.compile(
    r"""(?:\b(?:stückpreis\w*|einzelpreis\w*|preis\ (?:pro|je)\ (?:stück|teil)|stückkosten
    |unit\ (?:price|cost)s?|price\ per\ (?:unit|piece)|piece\ price|target\ prices?
    |prices?\s*/\s*(?:unit|pc|piece)|price\ point|each\ at|pieces?\ at|units?\ at|pcs\ at|price\ of
    |priced\ at|per\ unit)\b
    [^.;]{0,25}|@\s*)$""",
    re.I | re.X,
)
_TOTAL = re.compile(
    r"""\b(?:gesamt\w+|auftragswert|bestellwert|insgesamt|alles\ zusammen|in\ summe|all\ in
    |totals?|totalling|in\ all|altogether|overall|order\ value|value\ of\ the\ order
    |contract\ value|order\ volume|purchase\ volume|budget|sum|amount\ of|worth
    |package|lump\ sum|turnover|spend)\b""",
    re.I | re.X,
)
_TOTAL_AFTER = re.compile(
    r"^\s*(?:in total|all in|altogether|overall|in all|all told|for the (?:lot|whole|package)|total"
    r"|budget|turnover)\b",
    re.I,
)
_EACH = re.compile(
    r"\b(?:each|apiece|a piece|one (?:piece|unit|part)|one|per (?:unit|piece|part))\b[^.;,]{0,25}$",
    re.I,
)
_EACH_AFTER = re.compile(
    r"""^[^.;,]{0,35}?\b(?:apiece|a\ piece|each|for\ one
    |(?:per|for\ (?:each|every))\ (?:unit|piece|part|item|set))\b""",
    re.I | re.X,
)
#: What makes a number before "per piece" or "each" a price where no currency is named.
_PRICE_WORD = re.compile(
    r"\b(?:target(?:ing)?|prices?|priced|budget|cost(?:s|ing)?|pay|offer|quoted?|come\ down\ to"
    r"|land at|preis|zielpreis|schmerzgrenze|limit|ceiling)\b[^.;\d]{0,30}$",
    re.I,
)
_TO = re.compile(r"\s*(?:-|–|—|to|and|or|bis|und)\s*", re.I)
_MARGIN = re.compile(
    r"\b(?:marge|handelsspanne|deckungsbeitrag|rohertrag|bleib(?:en|t) uns|leaves us|we keep"
    r"|gross(?: margins?| profit)?|margins?|mark-?up|gm|contribution)\b"
    r"|\b(?:make|earn|clear)\b(?=[^.]{0,30}(?:%|per ?cent) on\b)",
    re.I,
)
_SAVING = re.compile(
    r"""\b(?:cost[- ](?:down|savings?|reductions?|upside|advantage)|sav(?:e|es|ing|ings)|upside
    |cheaper|bring(?:s|ing)?\ [^.;\d]{0,30}\bdown|take\ out\ of\ the\ cost
    |(?:costs?|prices?)\ (?:would\ |will\ )?(?:comes?|goes?|go)\ down
    |sparen|spart|gespart|einspar\w*|günstiger|(?:knock|shave)s?
    |(?:cut|lower)(?:s|ting|ing)?\ [^.;\d]{0,25}(?:costs?|prices?)|reduction\ of)\b""",
    re.I | re.X,
)
_EACH_WORD = re.compile(r"\b(?:per|each|apiece|a piece|pro|je|das stück)\b", re.I)
_PERCENT = re.compile(r"\s*(?:%|per\s?cent\b|prozent\b|pct\b|percentage points?\b|points?\b)", re.I)
_BETWEEN = re.compile(r"\b(?:between|from|zwischen)\b", re.I)
_GRAND = re.compile(r"\bgrand\b", re.I)
#: What a prefilter can ask for.
PATTERNS = {"slang": _GRAND, "margin": _MARGIN, "saving": _SAVING, "per_unit": _EACH_WORD}
#: Words between a percentage or amount and what it measures.
_NEAR = 60


@dataclass(frozen=True)
class _Amount:
    low: float
    high: float
    currency: str | None
    start: int
    end: int


def find_prices(reading: Reading) -> Iterator[RfqSignal]:
    """Prices and cost upside in money, and percentages of margin and cost upside."""
    if reading.may_hold("currency") or reading.may_hold("slang"):
        for amount in _amounts(reading):
            yield _priced(reading, amount)
    if reading.may_hold("per_unit"):
        yield from _without_currency(reading)
    if reading.may_hold("margin") or reading.may_hold("saving"):
        yield from _percentages(reading)


def _amounts(reading: Reading) -> list[_Amount]:
    """Amounts of money, said or written, with ranges joined."""
    amounts = [_with_cents(reading, m) for m in reading.money]
    for number in reading.numbers:
        if thousands := _THOUSANDS_OF.match(reading.text, number.end):
            code = currency_of_word(thousands.group("currency")) or "EUR"
            factor = 1e6 if thousands.group("scale").lower() == "m" else 1e3
            value = round(number.value * factor, 2)
            amounts = [a for a in amounts if not a.start < thousands.end() or a.end <= number.start]
            amounts.append(_Amount(value, value, code, number.start, thousands.end()))
            continue
        inside = any(a.start < number.end and number.start < a.end for a in amounts)
        if inside:
            continue
        if coin := _SMALL_COIN.match(reading.text, number.end):
            pounds = coin.group(1).lower().startswith("p")
            value = round(number.value / 100, 6)
            currency = "GBP" if pounds else None
            amounts.append(_Amount(value, value, currency, number.start, coin.end()))
            continue
        match = _CURRENCY_WORD.match(reading.text, number.end)
        if match is None:
            if number.scale == 1e3 and _GRAND.search(reading.text, number.start, number.end):
                # Money, whosever: nothing else is counted in grands.
                amounts.append(_Amount(number.value, number.value, None, number.start, number.end))
            continue
        cents = _PARTS.get((match.group("part") or "").lower()) or _cents(
            match.group("cents")
            or match.group("after")
            or (match.group("bare") if number.is_spoken else None)
        )
        currency = currency_of_word(match.group(1))
        if currency:
            value = round(number.value + cents, 4)
            amounts.append(_Amount(value, value, currency, number.start, match.end()))
    return _joined(reading, sorted(amounts, key=lambda a: a.start))


def _with_cents(reading: Reading, money: Money) -> _Amount:
    """An amount with the cents that follow its word: "11 Euro 90 je Stück"."""
    after = _CENTS_AFTER.match(reading.text, money.end)
    if after is None or money.amount != int(money.amount) or not money.text[-1:].isalpha():
        return _Amount(money.amount, money.amount, money.currency, money.start, money.end)
    value = round(money.amount + int(after.group(1)) / 100, 2)
    return _Amount(value, value, money.currency, money.start, after.end())


def _without_currency(reading: Reading) -> Iterator[RfqSignal]:
    """Unit prices in a currency that everybody knows: "target four twenty per piece", "4.20 each".

    Two spoken numbers side by side are whole and hundredths; a whole number alone is none, as it
    may as well count.
    """
    numbers = reading.numbers
    for i, number in enumerate(numbers):
        if reading.is_taken(number.start, number.end):
            continue
        before = numbers[i - 1] if i else None
        value, start = number.value, number.start
        if before and _are_whole_and_hundredths(reading, before, number):
            value, start = round(before.value + number.value / 100, 4), before.start
        elif value == int(value) or value >= 1000:
            continue
        per = _PER_UNIT.match(reading.text, number.end)
        # "Twelve fifty apiece" counts nothing: whole and hundredths are said of money alone.
        is_price = start != number.start
        if per and (is_price or _PRICE_WORD.search(reading.before(start, _NEAR))):
            yield reading.signal(
                "unit_price", start, per.end(), 0.7, low=value, high=value, unit="unit"
            )


def _are_whole_and_hundredths(reading: Reading, whole: FoundNumber, part: FoundNumber) -> bool:
    return (
        whole.is_spoken and part.is_spoken
        and reading.text[whole.end : part.start] == " "
        and whole.scale == part.scale == 1
        and whole.value == int(whole.value) and part.value == int(part.value)
        and whole.value < 100 and 10 <= part.value < 100
        and not reading.is_taken(whole.start, whole.end)
    )  # fmt: skip


def _cents(words: str | None) -> float:
    numbers = find_numbers(words or "")
    return numbers[0].value / 100 if numbers and numbers[0].value < 100 else 0.0


def _joined(reading: Reading, amounts: list[_Amount]) -> list[_Amount]:
    """Ranges as one: "EUR 4.20-4.60", "4.20 to 4.60 euros", "between $10 and $12"."""
    joined: list[_Amount] = []
    for amount in amounts:
        previous = joined[-1] if joined else None
        if (
            previous
            and previous.low == previous.high
            and previous.currency == amount.currency
            and previous.high < amount.low <= previous.high * 10
            and _TO.fullmatch(reading.text, previous.end, amount.start)
            and _is_range(reading, previous, amount)
        ):
            joined[-1] = _Amount(
                previous.low, amount.high, amount.currency, previous.start, amount.end
            )
            continue
        if amount.low == amount.high:
            amount = _with_bare_end(reading, amount)
        joined.append(amount)
    return joined


def _is_range(reading: Reading, first: _Amount, second: _Amount) -> bool:
    """Whether two amounts are ends: "10 and 12 dollars" is a range only after "between"."""
    between = reading.text[first.end : second.start].strip().lower()
    return between != "and" or "between" in reading.before(first.start, 20).lower()


def _with_bare_end(reading: Reading, amount: _Amount) -> _Amount:
    """The other end of a range that bears no currency of its own."""
    for number in reading.numbers:
        if number.start >= amount.end and _TO.fullmatch(reading.text, amount.end, number.start):
            joins = reading.text[amount.end : number.start].strip().lower() not in ("and", "or")
            joins = joins or "between" in reading.before(amount.start, 20).lower()
            value = _like(number, amount.low)
            if joins and value and not _PERCENT.match(reading.text, number.end):
                return _Amount(amount.low, value, amount.currency, amount.start, number.end)
        if number.end <= amount.start and _TO.fullmatch(reading.text, number.end, amount.start):
            between = reading.text[number.end : amount.start].strip().lower()
            joins = between not in ("and", "or") or "between" in reading.before(number.start, 20)
            if joins and number.value < amount.low <= number.value * 10:
                return _Amount(number.value, amount.high, amount.currency, number.start, amount.end)
    return amount


def _like(number: FoundNumber, low: float) -> float | None:
    return number.value if low < number.value <= low * 10 else None


def _priced(reading: Reading, amount: _Amount) -> RfqSignal:
    values = {"low": amount.low, "high": amount.high, "currency": amount.currency}
    before, after = reading.before(amount.start, _NEAR), reading.after(amount.end)
    if per := _PER_UNIT.match(after):
        unit = re.sub(r"^\W*(?:per|/|a|for each|for one)?\s*", "", per.group().lower()).strip()
        end = amount.end + per.end()
        if _SAVING.search(before):
            return reading.signal("cost_upside", amount.start, end, 0.85, unit="unit", **values)
        return reading.signal("unit_price", amount.start, end, 0.95, unit=unit or "unit", **values)
    place = (amount.start, amount.end)
    if _SAVING.search(before[-40:]) or re.match(r"\s*(?:cheaper|savings?|upside|less)\b", after):
        return reading.signal("cost_upside", *place, 0.8, unit="total", **values)
    if _UNIT_BEFORE.search(before):
        return reading.signal("unit_price", *place, 0.85, unit="unit", **values)
    if _EACH.search(reading.before(amount.start, 30)) or _EACH_AFTER.match(after):
        return reading.signal("unit_price", *place, 0.75, unit="unit", **values)
    if _TOTAL.search(before) or _TOTAL_AFTER.search(after):
        return reading.signal("total_price", *place, 0.85, **values)
    return reading.signal("price", *place, 0.5, **values)


def _percentages(reading: Reading) -> Iterator[RfqSignal]:
    text = reading.text
    for i, number in enumerate(reading.numbers):
        sign = _PERCENT.match(text, number.end)
        if sign is None or reading.is_taken(number.start, number.end) or number.value > 100:
            continue
        low, start = number.value, number.start
        if i and _TO.fullmatch(text, reading.numbers[i - 1].end, number.start):
            previous = reading.numbers[i - 1]
            if previous.value < number.value and not reading.is_taken(previous.start, previous.end):
                low, start = previous.value, previous.start
        high, end = _other_percentage(reading, i, sign.end())
        around = text[max(0, start - _NEAR) : end + _NEAR]
        kind = _measured(around, start - max(0, start - _NEAR))
        if kind:
            yield reading.signal(kind, start, end, 0.85, low=low, high=high, unit="%")


def _other_percentage(reading: Reading, at: int, end: int) -> tuple[float, int]:
    """The upper end of "between 18% and 22%" and where it ends; where it has none, the number."""
    number = reading.numbers[at]
    following = reading.numbers[at + 1] if at + 1 < len(reading.numbers) else None
    if following is None or not number.value < following.value <= 100:
        return number.value, end
    sign = _PERCENT.match(reading.text, following.end)
    if sign is None or not _TO.fullmatch(reading.text, end, following.start):
        return number.value, end
    is_list = reading.text[end : following.start].strip().lower() in ("and", "or")
    if is_list and not _BETWEEN.search(reading.before(number.start, 20)):
        return number.value, end
    return following.value, sign.end()


def _measured(around: str, position: int) -> str | None:
    """What a percentage measures: the nearer of margin and saving."""
    near = [
        # What is named before the figure is nearer than what comes after it.
        (position - m.end() if m.end() <= position else 2 * (m.start() - position), kind)
        for kind, pattern in (("margin", _MARGIN), ("cost_upside", _SAVING))
        for m in pattern.finditer(around)
    ]
    return min(near)[1] if near else None
