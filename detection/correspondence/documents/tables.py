"""Rows of tables as lines that say which value is what, so that they are read like sentences.

A row ``LD-1,500,4.20`` under the headers ``Part,Qty,Unit price (EUR)`` becomes ``Part: LD-1;
Quantity: 500 pieces; Unit price: EUR 4.20 per piece``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence

from detection.correspondence.column_titles import (
    CURRENCIES,
    PRICES,
    QUANTITIES,
    TOTALS,
    UNITS,
    currency_of_title,
    letters_of,
    title_key,
)
from detection.correspondence.documents.limits import DocumentLimits
from detection.money import currency_of_word, parse_number

_MARKS = re.compile(r"\*\*|__|`")
_HEADING = re.compile(r"^ {0,3}#{1,6}\s+|\s+#+\s*$")
_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_TABLE_TAG = re.compile(r"<t[dhr]\b", re.I)
#: Tables of one page that are looked at.
_MAX_TABLES = 200
_DELIMITERS = (",", ";", "\t", "|")


def csv_text(text: str, limits: DocumentLimits) -> str:
    """Lines of a CSV file, as ``table_lines`` gives them."""
    return "\n".join(table_lines(list(_rows(text, limits))))


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows as lines: those above the headers as they stand, those below named by them.

    A table without a header that is known is given as it stands.
    """
    width = max((len(row) for row in rows), default=0)
    header = next((i for i, row in enumerate(rows) if _is_header(row, width)), None)
    if header is None:
        return [_plain(row) for row in rows]
    named = [row_text(rows[header], row) for row in rows[header + 1 :]]
    return [_plain(row) for row in rows[:header]] + named


def _plain(row: Sequence[str]) -> str:
    """A row of two is a label and its value."""
    filled = [cell for cell in row if cell]
    return (": " if len(filled) == 2 else "; ").join(filled)


def markdown_text(text: str, limits: DocumentLimits) -> str:
    """Markdown without its marks, tables as named rows."""
    lines: list[str] = []
    header: list[str] | None = None
    listed, named = text.split("\n"), 0
    for number, line in enumerate(listed):
        following = listed[number + 1] if number + 1 < len(listed) else ""
        is_row = "|" in line
        if header is None and is_row and "|" in following and _RULE.match(following[:1_000]):
            header = _cells(line, limits)
        elif header is not None and _RULE.match(line[:1_000]):
            continue
        elif header is not None and is_row and named < limits.rows:
            named += 1
            lines.append(row_text(header, _cells(line, limits)))
        else:
            header = None
            lines.append(_HEADING.sub("", _MARKS.sub("", line)))
    return "\n".join(lines)


def html_with_named_rows(html: str, limits: DocumentLimits) -> str:
    """HTML in which the rows of tables with known headers are lines, as ``table_lines`` gives them.

    Tables that only lay a page out are left as they are.
    """
    tags = len(_TABLE_TAG.findall(html))
    if not 0 < tags <= limits.rows * 10:
        return html
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(html)
    for table in page.css("table")[:_MAX_TABLES]:
        rows = [row.css("td, th")[: limits.cells] for row in table.css("tr")[: limits.rows]]
        texts = [[" ".join(cell.text().split()) for cell in row] for row in rows]
        width = max(map(len, texts), default=0)
        header = next((i for i, row in enumerate(texts) if _is_header(row, width)), None)
        if header is None or table.css_first("table table") is not None:
            continue
        for cells, row in zip(rows[header + 1 :], texts[header + 1 :], strict=True):
            for cell in cells[1:]:
                cell.decompose()
            if cells:
                cells[0].replace_with(row_text(texts[header], row))
    return page.html or html


def row_text(header: Sequence[str], row: Sequence[str]) -> str:
    """One row under its headers, numbers with the unit and currency that their column tells."""
    named = list(zip(header, row, strict=False))
    currency = unit = ""
    for title, value in named:
        key = letters_of(title)
        if key in CURRENCIES and currency_of_word(value):
            currency = value.strip()
        elif key in UNITS and re.fullmatch(r"[^\W\d_]{1,20}\.?", value.strip()):
            unit = value.strip()
    said = []
    for title, value in named:
        value = value.strip()
        key = title_key(title)
        if not value or key in CURRENCIES or key in UNITS:
            continue
        said.append(_said(title.strip(), key, value, currency_of_title(title) or currency, unit))
    return "; ".join(said)


def _said(title: str, key: str, value: str, currency: str, unit: str) -> str:
    is_number = parse_number(value) is not None
    amount = f"{currency} {value}".strip() if is_number else value
    if key in QUANTITIES:
        return f"Quantity: {value} {unit or 'pieces'}" if is_number else f"Quantity: {value}"
    if key in PRICES:
        return f"Unit price: {amount} per {unit or 'piece'}"
    if key in TOTALS:
        return f"Total: {amount}"
    return f"{title}: {value}"


def _rows(text: str, limits: DocumentLimits) -> Iterator[list[str]]:
    lines = text.split("\n")
    beginning = "\n".join(lines[:20])
    delimiter = max(_DELIMITERS, key=beginning.count)
    # A quotation mark that is never closed takes the rest of its own line, and no more.
    for line in lines[: limits.rows]:
        if not line.strip():
            continue
        try:
            row = next(csv.reader([line], delimiter=delimiter, strict=False), [])
        except csv.Error:
            continue
        cells = [cell.strip() for cell in row[: limits.cells]]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield cells


def _is_header(row: Sequence[str], width: int) -> bool:
    keys = {title_key(cell) for cell in row}
    return len(row) > 2 and len(row) >= width - 1 and bool(keys & (QUANTITIES | PRICES | TOTALS))


def _cells(line: str, limits: DocumentLimits) -> list[str]:
    plain = _MARKS.sub("", line).strip().strip("|")
    return [cell.strip() for cell in plain.split("|")[: limits.cells]]
