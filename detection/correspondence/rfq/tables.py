"""Tables in running text, row by row: columns parted by blanks, tabs or bars, as mails hold them.

A row under known titles says what each number is; without titles a row must name a product or part
number that the trade knows and bear a quantity and prices. Timetables, logs, signatures and the
heads of forwarded mails have neither. What is read is taken out of the text, so that it is not read
again as a sentence; places are those of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from detection.correspondence.column_titles import (
    CURRENCIES,
    DAYS,
    NAMES,
    PARTS,
    POSITIONS,
    PRICES,
    QUANTITIES,
    TOTALS,
    UNITS,
    currency_of_title,
    title_key,
)
from detection.correspondence.rfq.quantities import unit_of
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.correspondence.rfq.terms import find_names, find_references
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.days_ahead import find_days_ahead
from detection.money import currency_of_word, parse_number

_COLUMNS = {
    "quantity": QUANTITIES, "price": PRICES, "total": TOTALS, "unit": UNITS,
    "currency": CURRENCIES, "part": PARTS, "name": NAMES, "day": DAYS, "position": POSITIONS,
}  # fmt: skip
_GAP = re.compile(r"[ \u00a0]{2,}|\t")
_RULE = re.compile(r"[\s|+:=_-]*[|+=_-][\s|+:=_-]*")
_AMOUNT = re.compile(
    r"(?P<before>[€$£¥]|[A-Za-z]{2,4}\.?)?\s*(?P<number>\d[\d.,'’ ]*(?:,-+|\.-+)?)\s*"
    r"(?P<after>[€$£¥]|[^\W\d_]{1,12}\.?)?(?:\s*/\s*[^\W\d_]{1,8}\.?)?"
)
_PRICES_IN = re.compile(
    r"\b(?:prices?|amounts?|preise?|betr[aä]ge|prix|montants|currency|währung|devise)\b"
    r"[^.\n\d]{0,25}?(?P<currency>€|\$|£|\b(?:[A-Z]{3}|euros?|dollars?|pounds?)\b)",
    re.I,
)
_SUM = re.compile(
    r"^\W*(?:sub-?total|grand total|total|sum|summe|zwischensumme|gesamt\w*|netto\w*|mwst|ust|vat"
    r"|tax|tva|total ht|freight|fracht|versand|shipping|port)\b",
    re.I,
)
_CODE = re.compile(r"(?=[^\s]*\d)[A-Za-z0-9][A-Za-z0-9./_-]{2,30}")
_HAS_DIGIT = re.compile(r"\d")
#: Characters of a line, lines of a table, and columns that are looked at.
_LONGEST, _MOST_ROWS, _MOST_COLUMNS = 400, 200, 16
#: Lines before and after a table that may say its currency.
_AROUND = 200
#: Share by which quantity times price may miss the total that a row tells.
_SLACK = 0.01


@dataclass(frozen=True)
class _Cell:
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    cells: tuple[_Cell, ...]


@dataclass
class _Row:
    """One row: cells by what their column is."""

    line: _Line
    cells: dict[str, _Cell]


def read_tables(
    text: str, written_on: date | None, vocabulary: Vocabulary
) -> tuple[str, list[RfqSignal]]:
    """The text without the tables that were read, blanks in their place, and what they say."""
    found: list[RfqSignal] = []
    read: list[_Line] = []
    for block in _blocks(text):
        header, rows = _under_titles(block)
        if not rows:
            header, rows = None, _without_titles(block, vocabulary)
        if not rows:
            continue
        currency = _currency_around(text, block)
        said = _signals(text, header, rows, currency, written_on, vocabulary)
        if said:
            found += said
            read += [*([header] if header else []), *(row.line for row in rows)]
    for line in read:
        text = text[: line.start] + " " * (line.end - line.start) + text[line.end :]
    return text, found


def _blocks(text: str) -> Iterator[list[_Line]]:
    """Lines of at least two cells that follow each other; rules between them are nothing."""
    if "  " not in text and "\t" not in text and "|" not in text:
        return
    held: list[_Line] = []
    position = 0
    for line in text.split("\n"):
        start, position = position, position + len(line) + 1
        if len(line) <= _LONGEST and (
            _RULE.fullmatch(line) or (not line.strip() and len(held) == 1)
        ):
            continue
        cells = _cells(line, start) if len(line) <= _LONGEST else ()
        if 2 <= len(cells) <= _MOST_COLUMNS and len(held) < _MOST_ROWS:
            held.append(_Line(start, start + len(line), cells))
            continue
        if len(held) > 1:
            yield held
        held = []
    if len(held) > 1:
        yield held


def _cells(line: str, offset: int) -> tuple[_Cell, ...]:
    """Cells of a line; empty ones stay where bars or tabs show them."""
    bars = line.count("|") >= 2 or (line.count("|") == 1 and _GAP.search(line) is None)
    parts = "|" if bars else "\t" if line.strip().count("\t") else None
    found = []
    if parts:
        first, last = 0, len(line)
        stripped = line.strip()
        if bars and stripped.startswith("|"):
            first = line.index("|") + 1
        if bars and stripped.endswith("|") and len(stripped) > 1:
            last = line.rindex("|")
        at = first
        for piece in line[first:last].split(parts):
            found.append(_cell(line, at, at + len(piece), offset))
            at += len(piece) + 1
    else:
        at = len(line) - len(line.lstrip())
        for gap in _GAP.finditer(line, at):
            if gap.start() > at:
                found.append(_cell(line, at, gap.start(), offset))
            at = gap.end()
        if line[at:].strip():
            found.append(_cell(line, at, len(line), offset))
    while found and not found[-1].text:
        found.pop()
    return tuple(found)


def _cell(line: str, start: int, end: int, offset: int) -> _Cell:
    text = line[start:end]
    first = start + len(text) - len(text.lstrip())
    return _Cell(text.strip(), offset + first, offset + first + len(text.strip()))


def _under_titles(block: Sequence[_Line]) -> tuple[_Line | None, list[_Row]]:
    """The line of titles and the rows below it; none where there is no such line."""
    for at, line in enumerate(block[:4]):
        titles = [_column(cell.text) for cell in line.cells]
        known = {name for name in titles if name}
        is_told = "quantity" in known and known & {"part", "name", "price"}
        is_told = is_told or ("price" in known and known & {"part", "name"})
        if is_told and 2 * sum(map(bool, titles)) >= len(titles):
            rows = [_placed(line, titles, row) for row in block[at + 1 :]]
            return line, [row for row in rows if row is not None]
    return None, []


def _column(title: str) -> str | None:
    key = title_key(title)
    return next((name for name, titles in _COLUMNS.items() if key in titles), None)


def _placed(header: _Line, titles: Sequence[str | None], line: _Line) -> _Row | None:
    """A row's cells under the titles: by number where there are as many, else by place."""
    if len(line.cells) == len(titles):
        pairs = list(zip(titles, line.cells, strict=True))
    elif len(line.cells) < len(titles):
        pairs = []
        for cell in line.cells:
            left, right = cell.start - line.start, cell.end - line.start
            # Numbers end, and words begin, where their title does.
            nearest = min(
                range(len(titles)),
                key=lambda n: min(
                    abs(header.cells[n].start - header.start - left),
                    abs(header.cells[n].end - header.start - right),
                ),
            )
            pairs.append((titles[nearest], cell))
    else:
        return None
    cells: dict[str, _Cell] = {}
    for name, cell in pairs:
        if name and cell.text and name not in cells:
            cells[name] = cell
    numbers = [cells[n] for n in ("quantity", "price") if n in cells]
    if _SUM.match(line.cells[0].text or next((c.text for c in line.cells if c.text), "")):
        return None
    if not numbers or not all(_amount(cell.text) for cell in numbers):
        return None
    named = {"part", "name"} & {t for t in titles if t}
    if named and not named & cells.keys():
        return None
    return _Row(line, cells)


def _without_titles(block: Sequence[_Line], vocabulary: Vocabulary) -> list[_Row]:
    """Rows that all name a product or part, and have one quantity and one or two prices."""
    width = len(block[0].cells)
    lines = [
        line for line in block if len(line.cells) == width and not _SUM.match(line.cells[0].text)
    ]
    if len(lines) < 2 or width < 3 or len(lines) < len(block) - 1:
        return []
    columns = list(zip(*(line.cells for line in lines), strict=True))
    named = next(
        (n for n, c in enumerate(columns) if all(_is_named(x, vocabulary) for x in c)), None
    )
    if named is None:
        return []
    counts, prices = [], []
    for number, column in enumerate(columns):
        amounts = [_amount(cell.text) for cell in column]
        if number == named or not all(amounts):
            continue
        values = [a.value for a in amounts if a]
        is_money = any(a.currency for a in amounts if a) or all(
            (re.search(r"[.,]\d{2,4}(?!\d)", c.text) and v != int(v)) or ",-" in c.text
            or re.search(r"[.,]\d{2}(?!\d)", c.text) for c, v in zip(column, values, strict=True)
        )  # fmt: skip
        if is_money:
            prices.append(number)
        elif all(v == int(v) and v > 0 for v in values) and not _are_positions(values):
            counts.append(number)
    if len(counts) != 1 or len(prices) not in (1, 2):
        return []
    places = {"quantity": counts[0], "price": prices[0], "name": named}
    if len(prices) == 2:
        places["total"] = prices[1]
        if not all(_comes_to(columns[counts[0]][r], columns[prices[0]][r], columns[prices[1]][r])
                   for r in range(len(lines))):  # fmt: skip
            return []
    return [_Row(line, {k: line.cells[n] for k, n in places.items()}) for line in lines]


def _are_positions(values: Sequence[float]) -> bool:
    """Whether numbers only count the rows: 1, 2, 3 or 10, 20, 30."""
    step = values[0]
    return step in (1, 10, 100) and list(values) == [step * n for n in range(1, len(values) + 1)]


def _comes_to(count: _Cell, price: _Cell, total: _Cell) -> bool:
    told = [_amount(cell.text) for cell in (count, price, total)]
    if not all(told):
        return False
    quantity, each, whole = (a.value for a in told if a)
    return abs(quantity * each - whole) <= _SLACK * whole + 0.01


def _is_named(cell: _Cell, vocabulary: Vocabulary) -> bool:
    reading = Reading(cell.text, 0, None, vocabulary)
    return any(s.kind == "product" for s in find_names(reading)) or any(
        s.kind == "part_number" for s in find_references(reading)
    )


@dataclass(frozen=True)
class _Amount:
    value: float
    currency: str | None
    unit: str | None


def _amount(text: str, decimal: str | None = None) -> _Amount | None:
    """A cell that is a number, with currency or unit; ``decimal`` is the mark of its column."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    written = re.sub(r"[.,]-+$", "", match.group("number").strip())
    if decimal is not None:
        grouping = "." if decimal == "," else ","
        written = written.replace(grouping, "").replace(" ", "").replace(decimal, ".")
        try:
            value: float | None = float(re.sub(r"['’]", "", written))
        except ValueError:
            value = None
    else:
        value = parse_number(written)
    if value is None:
        return None
    currency = unit = None
    for word in (match.group("before"), match.group("after")):
        if word:
            code = currency_of_word(word.rstrip("."))
            currency, unit = currency or code, unit or (None if code else word.rstrip("."))
    if match.group("before") and currency_of_word(match.group("before").rstrip(".")) is None:
        return None
    return _Amount(value, currency, unit)


def _decimal_of(cells: Sequence[_Cell]) -> str | None:
    """The decimal mark of a column, where one of its cells shows it beyond doubt."""
    marks = {
        m.group(1) for c in cells if (m := re.search(r"([.,])(?:\d{1,2}|\d{4})(?!\d)\D*$", c.text))
    }
    return next(iter(marks)) if len(marks) == 1 else None


def _currency_around(text: str, block: Sequence[_Line]) -> str | None:
    around = text[max(0, block[0].start - _AROUND) : block[0].start]
    around += "\n" + text[block[-1].end : block[-1].end + _AROUND]
    match = _PRICES_IN.search(around)
    return currency_of_word(match.group("currency")) if match else None


def _signals(
    text: str,
    header: _Line | None,
    rows: Sequence[_Row],
    currency: str | None,
    written_on: date | None,
    vocabulary: Vocabulary,
) -> list[RfqSignal]:
    """What the rows say; nothing where they name goods and none that is ours or has a number."""
    sure = 0.9 if header else 0.8
    titles = {}
    for cell in header.cells if header else ():
        if (name := _column(cell.text)) and (code := currency_of_title(cell.text)):
            titles[name] = currency_of_word(code)
    money = [row.cells[n] for row in rows for n in ("price", "total") if n in row.cells]
    decimal = _decimal_of(money)
    readings = [
        Reading(text[r.line.start : r.line.end], r.line.start, written_on, vocabulary) for r in rows
    ]
    named = [list(_names(row, reading)) for row, reading in zip(rows, readings, strict=True)]
    has_names = any({"part", "name"} & row.cells.keys() for row in rows)
    if has_names and not any(named):
        return []
    found: list[RfqSignal] = []
    for row, reading, names in zip(rows, readings, named, strict=True):
        if has_names and not any(s.kind == "product" for s in names):
            names = [*names, *_own_name(row, reading, names)]
        found += names
        found += _numbers(row, reading, titles, currency, decimal, sure)
        day = row.cells.get("day")
        if day is not None and written_on is not None:
            for ahead in find_days_ahead(day.text, written_on)[:1]:
                place = (day.start - reading.offset, day.end - reading.offset)
                found.append(
                    reading.signal("delivery_date", *place, sure, day=ahead.day,
                                   is_inferred=ahead.is_inferred, unit=ahead.precision)
                )  # fmt: skip
    return found


def _names(row: _Row, reading: Reading) -> Iterator[RfqSignal]:
    """Products of the vocabulary, and the part number of its column or as parts are written."""
    part = row.cells.get("part")
    if part is not None and _CODE.fullmatch(part.text):
        place = (part.start - reading.offset, part.end - reading.offset)
        yield reading.signal("part_number", *place, 0.9, value=part.text.upper())
    else:
        yield from (s for s in find_references(reading) if s.kind == "part_number")
    yield from (s for s in find_names(reading) if s.kind == "product")


def _own_name(row: _Row, reading: Reading, names: Sequence[RfqSignal]) -> Iterator[RfqSignal]:
    """What a row calls goods that the vocabulary does not know, so that they are not taken for
    those of the row above."""
    cell = row.cells.get("name") or row.cells.get("part")
    if cell is not None and not names and not _amount(cell.text):
        place = (cell.start - reading.offset, cell.end - reading.offset)
        yield reading.signal("product", *place, 0.5, value=cell.text)


def _numbers(
    row: _Row,
    reading: Reading,
    titles: Mapping[str, str | None],
    currency: str | None,
    decimal: str | None,
    sure: float,
) -> Iterator[RfqSignal]:
    own = row.cells.get("currency")
    told = (currency_of_word(own.text) if own else None) or currency
    unit = row.cells.get("unit")
    for name, kind in (("quantity", "quantity"), ("price", "unit_price"), ("total", "total_price")):
        cell = row.cells.get(name)
        amount = _amount(cell.text, None if name == "quantity" else decimal) if cell else None
        if cell is None or amount is None or amount.value <= 0:
            continue
        place = (cell.start - reading.offset, cell.end - reading.offset)
        values = {"low": amount.value, "high": amount.value}
        if name == "quantity":
            if amount.value == int(amount.value):
                word = unit_of(unit.text if unit else amount.unit or "", reading.vocabulary.units)
                yield reading.signal(kind, *place, sure, unit=word or "unit", **values)
        else:
            code = amount.currency or titles.get(name) or titles.get("price") or told
            extra = {"unit": "unit"} if name == "price" else {}
            yield reading.signal(kind, *place, sure, currency=code, **extra, **values)
