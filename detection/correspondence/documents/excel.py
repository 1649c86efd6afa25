"""Text of an Excel workbook: rows of its sheets as lines, named by their headers.

A cell is written as its sheet shows it where that says what it is: days as ISO, shares as per
cent, amounts with the currency of their format. Formulas are not reckoned: the value that the
program left is read.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from detection.correspondence.documents.limits import DEFAULT_LIMITS, DocumentLimits
from detection.correspondence.documents.package import opened, refuse_swollen
from detection.correspondence.documents.tables import table_lines
from detection.errors import UnreadableError

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

_BOOK = "xl/workbook.xml"
_ROWS_AND_WORDS = ("xl/worksheets/", "xl/sharedStrings.xml")
#: Sheets that are read.
_SHEETS = 10
_CURRENCY = re.compile(r"[€£]|\$(?!-)|\b(?:EUR|USD|GBP|CHF)\b")
_CODES = {"€": "EUR", "£": "GBP", "$": "USD"}


def excel_text(body: bytes, limits: DocumentLimits = DEFAULT_LIMITS) -> str | None:
    """Text of the workbook; None for a package that is none.

    Raises ``DocumentRefusedError`` for one that unpacks to more than is read, and
    ``UnreadableError`` for one that is broken or locked.
    """
    import openpyxl

    packed = _words_alone(body, limits)
    if packed is None:
        return None
    try:
        book = openpyxl.load_workbook(packed, read_only=True, data_only=True, keep_links=False)
        lines = [line for sheet in book.worksheets[:_SHEETS] for line in _lines(sheet, limits)]
    # A stranger's workbook makes its reader fail in any way.
    except Exception as error:
        raise UnreadableError("broken_office_file", f"is no whole workbook: {error}") from error
    return "\n".join(lines)


def _words_alone(body: bytes, limits: DocumentLimits) -> BytesIO | None:
    """The package's XML alone, so that nothing is read whose size was not looked at."""
    with opened(body, limits) as package:
        sizes = {m.filename: m.file_size for m in package.infolist()}
        if _BOOK not in sizes:
            return None
        read = {name: size for name, size in sizes.items() if name.endswith((".xml", ".rels"))}
        # A member gives no more bytes than it states.
        refuse_swollen(sum(read.values()), limits.workbook_bytes)
        other = sum(size for name, size in read.items() if not name.startswith(_ROWS_AND_WORDS))
        refuse_swollen(other, limits.workbook_other_bytes)
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w") as kept:
            for name in read:
                kept.writestr(name, package.read(name))
    return packed


def _lines(sheet: ReadOnlyWorksheet, limits: DocumentLimits) -> Iterator[str]:
    # The size that a sheet states is often wrong.
    sheet.reset_dimensions()
    rows = []
    for cells in sheet.iter_rows(max_row=limits.rows, max_col=limits.cells):
        row = [_shown(cell.value, getattr(cell, "number_format", "") or "") for cell in cells]
        while row and not row[-1]:
            row.pop()
        if row:
            rows.append(row)
    yield from table_lines(rows)


def _shown(value: Any, shape: str) -> str:
    """A cell's value as text; ``shape`` is its number format."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        if "%" in shape:
            return f"{value * 100:.10g}%"
        currency = _CURRENCY.search(shape)
        said = f"{value:.10g}"
        return f"{_CODES.get(currency[0], currency[0])} {said}" if currency else said
    return " ".join(str(value).split())
