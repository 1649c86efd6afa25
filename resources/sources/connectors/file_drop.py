"""File drops: a folder into which a person puts exports, read by a mapping in YAML.

A file is known by its content: dropped again, renamed or in another order it changes nothing, and
one that was changed is read anew. A file that may still be being written waits for the next run.
Of several files that tell the same record the newest statement counts: by the record's own
``updated_at``, else the date in the file's name, else the file's time.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import re
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import fsspec
from fsspec.core import url_to_fs

from resources.http import BadResponseError, PermanentError, TooLargeError, encode_json
from resources.lake import Record
from resources.mapped.mapping import FileMapping
from resources.mapped.rows import MappedRow, map_row
from resources.mapped.tables import BadRow, TableError, UnfinishedError, read_table
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    NotConfiguredError,
    Rejected,
    Skipped,
    parse_time,
)

#: A file younger than this may still be being copied; option ``settle_seconds`` changes it.
SETTLE_SECONDS = 5.0
#: Names of files that browsers, editors and copying programs have not finished with.
UNFINISHED_NAMES = ("~$*", ".*", "*.tmp", "*.part", "*.partial", "*.crdownload", "*.download")

_DATE_IN_NAME = re.compile(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class DroppedFile:
    """A file of the folder: its path, its name below the folder, size and time (UTC)."""

    path: str
    name: str
    size: int
    changed_at: datetime | None

    @property
    def dated(self) -> date | None:
        """The day that the file's name states."""
        match = _DATE_IN_NAME.search(self.name.rsplit("/", 1)[-1])
        try:
            return date(*map(int, match.groups())) if match else None
        except ValueError:
            return None

    @property
    def stamp(self) -> str:
        """What tells without opening it that the file was changed."""
        return f"{self.size}:{self.changed_at.isoformat() if self.changed_at else ''}"

    @property
    def stated_at(self) -> datetime | None:
        """The first moment (UTC) of the day that the file's name states."""
        return datetime.combine(self.dated, datetime.min.time(), UTC) if self.dated else None

    def order(self) -> tuple[str, str, str]:
        """Older files sort before newer ones."""
        changed = self.changed_at.isoformat() if self.changed_at else ""
        return (self.dated.isoformat() if self.dated else changed[:10], changed, self.name)


#: A row as a record with the time stated for it (None: none is), or why it is none.
ReadRow = tuple[Record, datetime | None] | Rejected


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of reading files into records of one stream.

    ``fingerprint`` changes when the way does, so that files are then read anew. ``rows`` raises
    ``TableError`` for a file that cannot be read as a whole.
    """

    name: str
    stream: str
    fingerprint: str
    rows: Callable[[DroppedFile, bytes], Iterable[ReadRow]]


def fetch(context: Context) -> Iterator[Emission]:
    """Records of files that are new or changed, newest statement of each record.

    Raises ``NotConfiguredError`` naming the folder when it does not exist.
    """
    filesystem, files = folder_files(context)
    mappings = context.declaration.files
    told = Told(context)
    for mapping in mappings:
        fitting = [file for file in files if fits(file.name, mapping.pattern)]
        reading = Reading(
            mapping.name,
            mapping.type.stream,
            mapping.fingerprint(),
            partial(_rows, context, mapping),
        )
        yield from read_files(context, filesystem, reading, fitting, told)
    yield from unnamed(files, [mapping.pattern for mapping in mappings])


def unnamed(files: Iterable[DroppedFile], patterns: Sequence[Sequence[str]]) -> Iterator[Skipped]:
    """Files that no pattern names."""
    for file in files:
        if not any(fits(file.name, pattern) for pattern in patterns):
            yield Skipped(file.name, "no mapping names this file; see 'pattern'")


def folder_files(context: Context) -> tuple[fsspec.AbstractFileSystem, list[DroppedFile]]:
    """The source's folder and what lay there by the end of the day, by name.

    Raises ``NotConfiguredError`` naming the folder when it does not exist.
    """
    filesystem, root = open_folder(context, context.location("folder"))
    day_ends = datetime.combine(context.day, datetime.min.time(), UTC) + timedelta(days=1)
    files = list_files(filesystem, root)
    return filesystem, [f for f in files if f.changed_at is None or f.changed_at < day_ends]


def open_folder(context: Context, location: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """File system and path of a folder. Raises ``NotConfiguredError`` when it does not exist."""
    try:
        filesystem, root = url_to_fs(location)
        exists = filesystem.exists(root)
    except (OSError, ValueError, ImportError) as error:
        raise PermanentError(
            context.source, location, f"folder cannot be opened: {error}"
        ) from None
    if not exists:
        raise NotConfiguredError(f"drop exports into {location} (it does not exist yet)")
    return filesystem, root.rstrip("/")


def list_files(filesystem: fsspec.AbstractFileSystem, root: str) -> list[DroppedFile]:
    """Files below ``root`` that are not obviously unfinished, by name."""
    found = []
    for path, info in filesystem.find(root, detail=True).items():
        name = path[len(root) :].lstrip("/")
        if any(fnmatch.fnmatch(part, p) for part in name.split("/") for p in UNFINISHED_NAMES):
            continue
        found.append(DroppedFile(path, name, int(info.get("size") or 0), _changed_at(info)))
    return sorted(found, key=lambda file: file.name)


def _changed_at(info: dict[str, Any]) -> datetime | None:
    value = info.get("mtime") or info.get("LastModified") or info.get("last_modified")
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.fromtimestamp(value, UTC) if isinstance(value, int | float) else None


def fits(name: str, patterns: Sequence[str]) -> bool:
    """Whether one of the patterns names a file, in any case."""
    name = name.rsplit("/", 1)[-1].casefold()
    return any(fnmatch.fnmatch(name, pattern.casefold()) for pattern in patterns)


def read_files(
    context: Context,
    filesystem: fsspec.AbstractFileSystem,
    reading: Reading,
    files: list[DroppedFile],
    told: Told,
) -> Iterator[Emission]:
    """Newest files first: the first statement of a record is the one that counts."""
    stream, fingerprint = reading.stream, reading.fingerprint

    def ask(file: DroppedFile) -> Iterable[Emission]:
        name_key = f"{reading.name}:{cursor_key(file.name)}"
        last = seen(context, stream, name_key)
        if last.get("stamp") == file.stamp and last.get("reading") == fingerprint:
            return
        if is_young(context, file):
            yield Skipped(file.name, "was written just now; it is read at the next run")
            return
        content = _content(context, filesystem, file)
        if content is None:
            yield Skipped(file.name, "changed while it was read; it is read at the next run")
            return
        digest = hashlib.sha256(content).hexdigest()
        # The same bytes under a name with another day are a statement of that day.
        content_key = f"{reading.name}:{digest}:{file.dated or ''}"
        new = {"stamp": file.stamp, "reading": fingerprint, "sha256": digest}
        if seen(context, stream, content_key).get("reading") != fingerprint:
            try:
                for row in reading.rows(file, content):
                    if isinstance(row, Rejected):
                        yield row
                    elif told.is_news(*row, file.name):
                        yield row[0]
            except UnfinishedError as error:
                if _age(file) < timedelta(minutes=10):
                    yield Skipped(file.name, f"{error}; perhaps it is still being written")
                    return
                raise _bad(context, file, error, content) from None
            except TableError as error:
                raise _bad(context, file, error, content) from None
            done = {"reading": fingerprint, "name": file.name}
            yield Cursor(stream, content_key, json.dumps(done))
        yield Cursor(stream, name_key, json.dumps(new))

    ordered = sorted(files, key=DroppedFile.order, reverse=True)
    for file in ordered:
        yield from context.each([file], lambda item: item.name, ask, stream)


def _bad(
    context: Context, file: DroppedFile, error: TableError, content: bytes
) -> BadResponseError:
    return BadResponseError(context.source, file.name, str(error), excerpt=content[:2000])


def cursor_key(name: str) -> str:
    """A file's name as part of a cursor's key, which is at most 255 characters long."""
    if len(name) <= 150:
        return name
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def seen(context: Context, stream: str, key: str) -> dict[str, Any]:
    """What was noted about a file when it was read last; empty for one that was not."""
    value = context.cursors.get((stream, key))
    try:
        return json.loads(value) if value else {}
    except ValueError:
        return {}


def _age(file: DroppedFile) -> timedelta:
    """Time since the file was written, by this machine's clock: the day fetched may be a past."""
    if file.changed_at is None:
        return timedelta.max
    return timedelta(seconds=time.time() - file.changed_at.timestamp())


def is_young(context: Context, file: DroppedFile) -> bool:
    """Whether the file may still be being written."""
    settle = float(context.option("settle_seconds", SETTLE_SECONDS))
    return timedelta(0) <= _age(file) < timedelta(seconds=settle)


def _content(
    context: Context, filesystem: fsspec.AbstractFileSystem, file: DroppedFile
) -> bytes | None:
    """The file's bytes; None when it changed or vanished meanwhile."""
    limit = context.declaration.max_body_bytes
    if file.size > limit:
        raise TooLargeError(
            context.source,
            file.name,
            f"file has {file.size:,} bytes; the limit is {limit:,} (max_body_bytes)",
        )
    try:
        content = filesystem.cat_file(file.path)
        after = filesystem.info(file.path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PermanentError(
            context.source, file.name, f"file cannot be read: {error.strerror or error}"
        ) from None
    unchanged = int(after.get("size") or 0) == file.size and _changed_at(after) == file.changed_at
    return content if unchanged and len(content) == file.size else None


class Told:
    """What this fetch has told already, and what the lake holds of each stream."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._by_stream: dict[str, dict[str, str]] = {}
        self._stored: dict[str, dict[str, tuple[datetime, set[str]]]] = {}

    def stored(self, stream: str) -> dict[str, tuple[datetime, set[str]]]:
        """Of each record id: the newest time stated for it, and every content it has had."""
        if stream not in self._stored:
            columns = ["record_id", "fetched_at", "observed_at", "payload_sha256"]
            table = self.context.lake.read(self.context.source, stream, columns=columns)
            found: dict[str, tuple[datetime, set[str]]] = {}
            for row in table.to_pylist():
                if row["fetched_at"] <= self.context.fetched_at:
                    newest, contents = found.get(row["record_id"], (row["observed_at"], set()))
                    contents.add(row["payload_sha256"])
                    found[row["record_id"]] = (max(newest, row["observed_at"]), contents)
            self._stored[stream] = found
        return self._stored[stream]

    def is_news(self, record: Record, told_at: datetime | None, file: str) -> bool:
        """Whether the record says something that is not known or known better.

        ``told_at`` is the time stated for it, None when there is none. Within a file the same id
        twice is passed on, so that ingestion sets the second aside by name.
        """
        by_id = self._by_stream.setdefault(record.stream, {})
        first = by_id.setdefault(record.record_id, file)
        if first != file:
            return False
        known = self.stored(record.stream).get(record.record_id)
        if known is None:
            return True
        newest, contents = known
        if record.payload_sha256 in contents:
            latest = self.context.versions(record.stream).get(record.record_id)
            # Said before and overtaken since: only a later statement brings it back.
            return latest != record.payload_sha256 and told_at is not None and told_at > newest
        return told_at is None or told_at >= newest


def _rows(
    context: Context, mapping: FileMapping, file: DroppedFile, content: bytes
) -> Iterator[ReadRow]:
    stream = mapping.type.stream
    for row in read_table(content, file.name, mapping):
        if isinstance(row, BadRow):
            yield bad_row(context.source, stream, file.name, row)
            continue
        for mapped in map_row(row, mapping):
            yield from faults(context.source, stream, file.name, mapped)
            if file.dated and fits(file.name, mapping.whole):
                mapped.fields["listed_on"] = file.dated.isoformat()
            if mapped.is_admitted:
                yield as_record(context, stream, mapped, f"file:{file.name}", file.stated_at)


def bad_row(source: str, stream: str, file: str, row: BadRow) -> Rejected:
    """A row that does not fit its table, as quarantine keeps it."""
    place = f"{file} line {row.line}"
    return Rejected(source, stream, place, row.rule, f"{place}: {row.problem}", excerpt=row.excerpt)


def read_file(
    context: Context, filesystem: fsspec.AbstractFileSystem, file: DroppedFile
) -> Generator[Emission, None, bytes | None]:
    """The file's bytes, or, with None, an emission that says why there are none."""
    try:
        content = _content(context, filesystem, file)
    except TooLargeError as error:
        stream = context.declaration.streams[0]
        yield Rejected(context.source, stream, file.name, "too_large", error.problem)
        return None
    except PermanentError as error:
        yield Failed(file.name, error.problem)
        return None
    if content is None:
        yield Skipped(file.name, "changed while it was read; it is read at the next run")
    return content


def faults(source: str, stream: str, place: str, row: MappedRow) -> Iterator[Rejected]:
    """What was wrong with a row, as quarantine keeps it."""
    for fault in row.faults:
        yield Rejected(
            source, stream, f"{place} line {row.line}", fault.rule,
            f"{place} line {row.line}: {fault.problem}",
            excerpt=encode_json(row.cells), severity=fault.severity,
        )  # fmt: skip


def as_record(
    context: Context, stream: str, row: MappedRow, place: str, stated: datetime | None
) -> tuple[Record, datetime | None]:
    """A mapped row in the lake's envelope, and the time stated for it if there is one."""
    return record_of(context.source, stream, row, place, stated, context.fetched_at)


def record_of(
    source: str,
    stream: str,
    row: MappedRow,
    place: str,
    stated: datetime | None,
    fetched_at: datetime,
) -> tuple[Record, datetime | None]:
    """A mapped row of any source in the lake's envelope, with the time stated for it.

    Of a list that names everybody the day of the list counts, whenever a row was last changed.
    """
    told_at = parse_time(row.fields.get("updated_at")) or stated
    if row.fields.get("listed_on"):
        told_at = stated
    if told_at is not None and told_at > fetched_at:
        told_at = None
    # What only says when the row was last touched is no content.
    content = {name: value for name, value in row.fields.items() if name != "updated_at"}
    return Record(
        source=source,
        stream=stream,
        record_id=row.record_id,
        observed_at=told_at or fetched_at,
        fetched_at=fetched_at,
        source_url=row.fields.get("source_url") or place,
        payload=encode_json({"fields": content, "row": row.cells}),
    ), told_at
