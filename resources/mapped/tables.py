"""Files as rows: CSV, TSV, Excel workbooks, JSON and JSON lines, with what is wrong said by line.

Encoding, delimiter and the row that holds the header are found out unless the mapping states them:
exports often begin with a few lines on who downloaded what.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zipfile import BadZipFile

import orjson

from resources.mapped.profile_text import ProfileError, read_profile

#: Rows looked at in search of the header.
HEADER_WITHIN = 30
DELIMITERS = (",", ";", "\t", "|")


class TableError(Exception):
    """A file is no table of the declared kind; the message says where and what to do."""


class UnfinishedError(TableError):
    """A file that may still be being written: it is looked at again later."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line (CSV), row (workbook) or number (JSON), and its cells by column."""

    line: int
    cells: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that does not fit the table."""

    line: int
    rule: str
    problem: str
    excerpt: str


def key_of(column: str) -> str:
    """A column's name as compared: letters and digits only, in lower case."""
    return re.sub(r"[\W_]+", "", column.casefold())


class Shape(Protocol):
    """What must be known of a table to read it; a mapping of a file drop knows it."""

    format: str
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    records: str

    def all_columns(self) -> set[str]:
        """Columns that may be there, to tell the header from other rows."""

    def needed_columns(self) -> list[tuple[str, ...]]:
        """Groups of columns of each of which the header has at least one."""


def format_of(name: str, mapping: Shape) -> str:
    """The declared format, or the one the file's ending tells."""
    if mapping.format != "auto":
        return mapping.format
    ending = name.casefold().rsplit(".", 1)[-1]
    known = {"csv": "csv", "tsv": "tsv", "tab": "tsv", "xlsx": "xlsx", "xlsm": "xlsx",
             "json": "json", "jsonl": "jsonl", "ndjson": "jsonl", "txt": "csv"}  # fmt: skip
    if ending not in known:
        raise TableError(
            f"ending .{ending} is not known; declare 'format' (csv, tsv, xlsx, json, jsonl)"
        )
    return known[ending]


def read_table(content: bytes, name: str, mapping: Shape) -> Iterator[Row | BadRow]:
    """Rows of a file. Raises ``TableError`` when the file as a whole cannot be read."""
    kind = format_of(name, mapping)
    if not content.strip(b"\x00 \r\n\t"):
        raise UnfinishedError("file is empty")
    if kind == "json":
        return _json_rows(content, mapping)
    if kind == "jsonl":
        return _json_lines(content)
    if kind == "xlsx":
        return _headed(_workbook(content, mapping), mapping)
    text = decode(content, mapping.encoding)
    if text[:500].lstrip().casefold().startswith(("<!doctype html", "<html")):
        raise TableError("file is an HTML page, not a table; download the export again")
    if kind == "profile":
        return _profile(text)
    delimiter = mapping.delimiter or ("\t" if kind == "tsv" else find_delimiter(text, mapping))
    return _headed(_separated(text, delimiter), mapping)


def _profile(text: str) -> Iterator[Row]:
    try:
        rows = list(read_profile(text))
    except ProfileError as error:
        raise TableError(f"file is no pasted profile: {error}") from None
    return (Row(line, dict(cells)) for line, cells in rows)


def decode(content: bytes, encoding: str | None = None) -> str:
    """Text of a file in its declared encoding, else UTF-8, UTF-16 by its mark, or Windows-1252."""
    if encoding:
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise TableError(f"file is not in the declared encoding {encoding}: {error}") from None
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def find_delimiter(text: str, mapping: Shape) -> str:
    """The sign that separates most of the columns the mapping knows."""
    lines = text.splitlines()[:HEADER_WITHIN]
    known = {key_of(column) for column in mapping.all_columns()}

    def found(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        for line in lines:
            cells = next(csv.reader([line], delimiter=delimiter), [])
            best = max(best, (len({key_of(cell) for cell in cells} & known), len(cells)))
        return best

    return max(DELIMITERS, key=found)


def _separated(text: str, delimiter: str) -> Iterator[tuple[int, list[Any] | csv.Error]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, error
            continue
        yield line, list(cells)


def _workbook(content: bytes, mapping: Shape) -> Iterator[tuple[int, list[Any]]]:
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, OSError, ValueError) as error:
        raise UnfinishedError(f"file is no whole Excel workbook ({error})") from None
    try:
        if mapping.sheet is not None and mapping.sheet not in book.sheetnames:
            raise TableError(
                f"workbook has no sheet {mapping.sheet!r}; it has {', '.join(book.sheetnames)}"
            )
        sheet = book[mapping.sheet] if mapping.sheet else book.worksheets[0]
        # The stated size of a sheet is often wrong in exports; count it anew.
        sheet.reset_dimensions()
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, list(cells)
    finally:
        book.close()


def _headed(
    lines: Iterator[tuple[int, list[Any] | csv.Error]], mapping: Shape
) -> Iterator[Row | BadRow]:
    """Rows under the header, which is the first of the leading rows with all needed columns."""
    known = {key_of(column) for column in mapping.all_columns()}
    needed = mapping.needed_columns()
    looked_at: list[tuple[int, list[Any]]] = []
    header: list[str] | None = None
    for line, cells in lines:
        if isinstance(cells, csv.Error):
            yield BadRow(line, "unreadable_row", str(cells), "")
            continue
        if header is None:
            names = [_header_text(cell) for cell in cells]
            keys = {key_of(name) for name in names if name}
            if keys and _lacking(keys, needed) == []:
                header = _checked(names, line, known)
                continue
            looked_at.append((line, names))
            if len(looked_at) >= HEADER_WITHIN:
                break
            continue
        yield from _row(line, cells, header)
    if header is None:
        raise _no_header(looked_at, needed, known)


def _header_text(cell: Any) -> str:
    return "" if cell is None else str(cell).strip().strip("\ufeff")


def _lacking(keys: set[str], needed: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [group for group in needed if not keys & {key_of(column) for column in group}]


def _checked(names: list[str], line: int, known: set[str]) -> list[str]:
    """The header, refused when a column that is read stands there twice."""
    seen: dict[str, str] = {}
    for name in names:
        key = key_of(name)
        if key and key in known and key in seen:
            raise TableError(
                f"line {line}: column {name!r} stands twice in the header; export it once"
            )
        seen[key] = name
    return names


def _no_header(
    looked_at: list[tuple[int, list[Any]]], needed: Sequence[tuple[str, ...]], known: set[str]
) -> TableError:
    """What is missing, judged by the row that looks most like the header."""
    if not looked_at:
        return UnfinishedError("file has no rows")
    line, names = max(
        looked_at, key=lambda item: len({key_of(str(name)) for name in item[1]} & known)
    )
    lacking = _lacking({key_of(str(name)) for name in names if name}, needed)
    columns = "; ".join(" or ".join(map(repr, group)) for group in lacking)
    shown = ", ".join(str(name) for name in names if name)[:300]
    return TableError(
        f"line {line}: column {columns} is missing; the file has {shown or 'no header'}. Export it "
        "with that column, or name the column it is called now in the mapping"
    )


def _row(line: int, cells: list[Any], header: list[str]) -> Iterator[Row | BadRow]:
    if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells):
        return
    extra = [cell for cell in cells[len(header) :] if cell not in (None, "")]
    if extra:
        shown = ",".join("" if cell is None else str(cell) for cell in cells)
        problem = (
            f"row has {len(cells)} fields, the header {len(header)}; a field with the delimiter in "
            "it needs quotes"
        )
        yield BadRow(line, "field_count", problem, shown)
        return
    yield Row(line, {name: cell for name, cell in zip(header, cells, strict=False) if name})


def _json_rows(content: bytes, mapping: Shape) -> Iterator[Row | BadRow]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        # Cut off at the end, it may still be being written; broken before that, it is not JSON.
        kind = UnfinishedError if error.pos >= len(error.doc) - 1 else TableError
        raise kind(
            f"file is no JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    listed = value_at(document, mapping.records) if mapping.records else document
    if isinstance(listed, dict) and not mapping.records:
        listed = [listed]
    if not isinstance(listed, list):
        where = mapping.records or "the top"
        raise TableError(f"no list of records at {where!r}; set 'records' to the path of the list")
    return _objects(enumerate(listed, start=1))


def _json_lines(content: bytes) -> Iterator[Row | BadRow]:
    lines = content.decode("utf-8-sig", "replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            value = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield BadRow(number, "unreadable_row", f"line is no JSON: {error.msg}", line)
            continue
        yield from _objects([(number, value)])


def _objects(values: Any) -> Iterator[Row | BadRow]:
    for number, value in values:
        if isinstance(value, dict):
            yield Row(number, value)
        else:
            yield BadRow(number, "unreadable_row", f"is a {type(value).__name__}, not an object",
                         str(value))  # fmt: skip


def value_at(document: Any, path: str) -> Any:
    """The value at a path such as ``data.items[0].name``; None when it leads nowhere."""
    value = document
    for step in re.findall(r"[^.\[\]]+|\[\d+\]", path.removeprefix("$.").removeprefix("$")):
        if step.startswith("["):
            index = int(step[1:-1])
            value = value[index] if isinstance(value, list) and index < len(value) else None
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
