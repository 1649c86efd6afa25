"""Reviewers' files: CSV with a header, or JSON; an error names file, line, field and remedy."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from resources.annotations.record import Annotation

COLUMNS = tuple(Annotation.model_fields)
_NEEDED = ("about", "action", "reviewer", "reviewed_at")
#: Lines told of at once; who has more wrong mends these first.
_TOLD = 20


class AnnotationFileError(Exception):
    """A file of annotations cannot be used; the message says which lines, and what to change."""


def read_annotations(path: Path) -> list[Annotation]:
    """All annotations of a ``.csv`` or ``.json`` file, in its order.

    CSV: UTF-8, parted by commas or semicolons, with the columns ``COLUMNS`` in any order. JSON: a
    list of objects with these names, also under ``annotations``. Nothing is taken from a file of
    which a line is wrong. Raises ``AnnotationFileError``.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotationFileError(f"{path} cannot be read ({error}); save it as UTF-8") from error
    reader = {".csv": _csv_rows, ".json": _json_rows}.get(Path(path).suffix.lower())
    if reader is None:
        raise AnnotationFileError(f"{path} is neither .csv nor .json; rename or convert it")
    found: list[Annotation] = []
    wrong: list[str] = []
    for place, row in reader(Path(path), text):
        try:
            found.append(Annotation.model_validate(row))
        except ValidationError as error:
            wrong += [f"{path}, {place}, {_told(item)}" for item in error.errors()]
    if wrong:
        more = f"\n... and {len(wrong) - _TOLD} more" if len(wrong) > _TOLD else ""
        raise AnnotationFileError("\n".join(wrong[:_TOLD]) + more)
    return found


def _told(error: Mapping[str, Any]) -> str:
    """One mistake: the field, what is wrong, and what was got."""
    message = str(error["msg"]).removeprefix("Value error, ")
    field = ".".join(str(part) for part in error["loc"])
    if not field:
        return message
    if error["type"] == "extra_forbidden":
        return f"{field}: there is no such field; there are {', '.join(COLUMNS)}"
    if error["type"] == "missing":
        return f"{field}: it is missing; every annotation needs {', '.join(_NEEDED)}"
    return f"{field}: {message} (got {error['input']!r:.80})"


def _csv_rows(path: Path, text: str) -> Iterator[tuple[str, dict[str, str]]]:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower() for name in next(lines, [])]
        if missing := [name for name in _NEEDED if name not in header]:
            raise AnnotationFileError(
                f"{path}, line 1: no column {missing[0]}; there may be {', '.join(COLUMNS)}"
            )
        if twice := [name for name in header if header.count(name) > 1]:
            raise AnnotationFileError(f"{path}, line 1: column {twice[0]} stands there twice")
        begins = lines.line_num + 1
        for cells in lines:
            place, begins = f"line {begins}", lines.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                raise AnnotationFileError(
                    f"{path}, {place}: {len(cells)} cells under {len(header)} columns; put text"
                    f" that holds {delimiter!r} in quotation marks"
                )
            named = dict(zip(header, cells, strict=False))
            yield place, {k: v for k, v in named.items() if v.strip() or k in _NEEDED}
    except csv.Error as error:
        raise AnnotationFileError(
            f"{path}, line {lines.line_num}: {error}; check the quotation marks"
        ) from error


def _json_rows(path: Path, text: str) -> Iterator[tuple[str, Any]]:
    try:
        stated = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnnotationFileError(f"{path} is not valid JSON: {error}") from error
    rows = stated.get("annotations") if isinstance(stated, dict) else stated
    if not isinstance(rows, list):
        raise AnnotationFileError(
            f"{path}: write a list of annotations, or an object with the list 'annotations'"
        )
    for number, row in enumerate(rows, 1):
        yield f"entry {number}", row
