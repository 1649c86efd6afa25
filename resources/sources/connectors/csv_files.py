"""CSV exports, from a folder or over HTTP: new and changed rows as ``{header: text}``."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from resources.http import BadResponseError, PermanentError, TooLargeError, encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Rejected, stated_time


def read(context: Context, location: str) -> tuple[bytes, str]:
    """Bytes of a CSV file at a path, ``file:`` URL or http(s) URL, and its name for messages."""
    if location.startswith(("http://", "https://")):
        answer = context.session.get(location)
        return answer.content, answer.url
    path = Path(unquote(urlsplit(location).path) if location.startswith("file:") else location)
    try:
        size = path.stat().st_size
        if size > context.declaration.max_body_bytes:
            raise TooLargeError(
                context.source,
                str(path),
                f"file has {size:,} bytes; the limit is "
                f"{context.declaration.max_body_bytes:,} (max_body_bytes)",
            )
        return path.read_bytes(), str(path)
    except OSError as error:
        raise PermanentError(
            context.source, str(path), f"file cannot be read: {error.strerror}"
        ) from None


def decode(content: bytes) -> str:
    """Text of a CSV file: UTF-8 with or without mark, else UTF-16 by its mark, else Windows-1252.

    The last reads any byte, as spreadsheet programs write it in western countries.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def parse_rows(
    content: bytes,
    *,
    source: str,
    stream: str,
    required: Sequence[str],
    identify: Callable[[dict[str, str]], str | None],
    time_columns: Sequence[str] = (),
    fetched_at: datetime,
    source_url: str = "file:",
) -> list[Record | Rejected]:
    """Rows of a CSV file with a header row.

    A row without an id, or with more or fewer fields than the header, is rejected by its line.
    Raises ``BadResponseError`` naming file and column when a required column is missing.
    """
    text = decode(content)
    if not text.strip():
        raise BadResponseError(source, source_url, "file is empty; expected a header row")
    reader = csv.reader(io.StringIO(text, newline=""), strict=False)
    try:
        header = [name.strip() for name in next(reader)]
    except (csv.Error, StopIteration) as error:
        raise BadResponseError(
            source, source_url, f"line 1 is no CSV header: {error}", excerpt=content
        ) from None
    lacking = [name for name in required if name not in header]
    if lacking:
        page = " (it is an HTML page)" if text[:500].lstrip().lower().startswith("<") else ""
        raise BadResponseError(
            source,
            source_url,
            f"column {', '.join(map(repr, lacking))} is missing{page}; the file has "
            f"{', '.join(header)[:300]}",
            excerpt=content,
        )
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise BadResponseError(
            source, source_url, f"column {twice[0]!r} stands twice in the header", excerpt=content
        )
    answer: list[Record | Rejected] = []
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return answer
        except csv.Error as error:
            answer.append(
                Rejected(
                    source, stream, f"line {line}", "unreadable_row", _at(source_url, line, error)
                )
            )
            continue
        if not any(field.strip() for field in fields):
            continue
        row = dict(zip(header, fields, strict=False))
        identifier = identify(row) if len(fields) == len(header) else None
        if identifier is None:
            rule, problem = "missing_id", "row has no id"
            if len(fields) != len(header):
                rule = "field_count"
                problem = f"row has {len(fields)} fields, the header {len(header)}"
            answer.append(
                Rejected(
                    source,
                    stream,
                    f"line {line}",
                    rule,
                    _at(source_url, line, problem),
                    excerpt=",".join(fields),
                )
            )
            continue
        answer.append(
            Record(
                source=source,
                stream=stream,
                record_id=identifier,
                observed_at=_observed(row, time_columns, fetched_at),
                fetched_at=fetched_at,
                source_url=source_url,
                payload=encode_json(row),
            )
        )


def _at(source_url: str, line: int, problem: object) -> str:
    return f"{source_url} line {line}: {problem}"


def _observed(row: dict[str, str], columns: Sequence[str], fetched_at: datetime) -> datetime:
    """The latest of the row's own times that has passed; the fetch time when it states none."""
    stated = [stated_time(row.get(column), fetched_at) for column in columns]
    passed = [moment for moment in stated if moment < fetched_at]
    return max(passed) if passed else fetched_at


def changed(context: Context, stream: str, answer: list[Record | Rejected]) -> Iterator[Emission]:
    """Rejected rows, and rows that are new or differ from what the lake last held."""
    if not answer and context.versions(stream):
        yield Rejected(
            context.source,
            stream,
            stream,
            "suddenly_empty",
            f"{stream} held {len(context.versions(stream))} rows before and has none now; the rows "
            "stored stay as they are",
            severity="warning",
        )
    for item in answer:
        if isinstance(item, Rejected) or context.is_new(item):
            yield item
