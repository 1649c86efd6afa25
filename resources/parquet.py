"""Day-partitioned Parquet datasets on a folder or any fsspec URL, written atomically.

A dataset is a folder ``<root>/<YYYY-MM-DD>/part.parquet`` plus a zero-row
``<root>/schema.parquet``, so that the glob ``<root>/**/*.parquet`` always matches and always has
the full schema, also before the first row arrives.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import chain

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.core import url_to_fs

from resources.durable import fsync

PART = "part.parquet"
#: Bytes (before compression) and rows of a row group: what a reader that goes through a file piece
#: by piece holds at a time. Rows with bodies, as of mail, are large.
GROUP_BYTES, MOST_GROUP_ROWS = 64 * 1024 * 1024, 1_048_576


def write_table(filesystem: fsspec.AbstractFileSystem, path: str, table: pa.Table) -> int:
    """Write ``table`` to ``path`` so that a reader sees the old file or the new one, never half.

    On a local disk: temporary file, fsync, rename, fsync of the folder. On an object store a single
    put is already atomic. Returns the file's size in bytes.
    """
    return _write(filesystem, path, table.schema, [table])


def _write(
    filesystem: fsspec.AbstractFileSystem, path: str, schema: pa.Schema, tables: Iterable[pa.Table]
) -> int:
    """As ``write_table``, of tables that come one after the other; on a disk one is held."""
    parent = path.rsplit("/", 1)[0]
    filesystem.makedirs(parent, exist_ok=True)
    if not _is_disk(filesystem):
        sink = pa.BufferOutputStream()
        _write_groups(sink, schema, tables)
        data = sink.getvalue()
        filesystem.pipe_file(path, data.to_pybytes())
        return data.size
    temporary = f"{parent}/.{uuid.uuid4().hex}.tmp"
    try:
        with open(temporary, "wb") as out:
            _write_groups(out, schema, tables)
            out.flush()
            size = out.tell()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
    fsync(parent)
    return size


def _write_groups(sink: object, schema: pa.Schema, tables: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for table in tables:
            rows = max(1, table.num_rows * GROUP_BYTES // max(1, table.nbytes))
            writer.write_table(table, row_group_size=min(rows, MOST_GROUP_ROWS))


def _is_disk(filesystem: fsspec.AbstractFileSystem) -> bool:
    return "file" in _protocols(filesystem)


def _protocols(filesystem: fsspec.AbstractFileSystem) -> tuple[str, ...]:
    protocol = filesystem.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)


@dataclass(frozen=True)
class Written:
    """What one partition write left behind."""

    path: str
    rows: int
    new_rows: int
    bytes: int


def _completed(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """The table in the given schema, with NULL in columns that it has not."""
    for field in schema:
        if field.name not in table.column_names and field.nullable:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(schema.names).cast(schema)


class Dataset:
    """One Parquet dataset partitioned by day.

    ``key`` names the columns that make a row the same row: merging keeps the row already stored.
    """

    def __init__(self, url: str, schema: pa.Schema, key: Sequence[str]) -> None:
        self.filesystem, self.root = url_to_fs(url)
        self.schema = schema
        self.key = tuple(key)

    def partition_path(self, day: date) -> str:
        """Path of the one file of a day's partition."""
        return f"{self.root}/{day.isoformat()}/{PART}"

    def ensure(self) -> None:
        """Write the zero-row schema file when it is missing or its columns have changed."""
        path = f"{self.root}/schema.parquet"
        if self.filesystem.exists(path):
            with self.filesystem.open(path, "rb") as source:
                if pq.read_schema(source).equals(self.schema):
                    return
        write_table(self.filesystem, path, self.schema.empty_table())

    def days(self) -> list[date]:
        """Days that have a partition, oldest first."""
        if not self.filesystem.exists(self.root):
            return []
        found = []
        for path in self.filesystem.glob(f"{self.root}/*/{PART}"):
            with suppress(ValueError):
                found.append(date.fromisoformat(path.rsplit("/", 2)[-2]))
        return sorted(found)

    def read(
        self, days: Iterable[date] | None = None, columns: list[str] | None = None
    ) -> pa.Table:
        """Rows of the given days (default: all), restricted to ``columns``.

        Days without a partition contribute no rows; a column that a partition was written without
        is NULL in its rows.
        """
        wanted = self.days() if days is None else list(days)
        schema = (
            self.schema if columns is None else pa.schema([self.schema.field(c) for c in columns])
        )
        tables = []
        for day in wanted:
            path = self.partition_path(day)
            if self.filesystem.exists(path):
                with self.filesystem.open(path, "rb") as source:
                    file = pq.ParquetFile(source)
                    stored = [name for name in schema.names if name in file.schema_arrow.names]
                    tables.append(_completed(file.read(columns=stored), schema))
        return pa.concat_tables(tables) if tables else schema.empty_table()

    def replace(self, day: date, table: pa.Table) -> Written:
        """Make ``table`` the whole partition of ``day``."""
        table = table.cast(self.schema)
        self.ensure()
        path = self.partition_path(day)
        size = write_table(self.filesystem, path, table)
        return Written(path, table.num_rows, table.num_rows, size)

    def keep_newest(self, count: int, also: Collection[date] = ()) -> list[date]:
        """Take away the partitions of all but the newest ``count`` days; returns these days.

        Days of ``also`` stay whatever their age.
        """
        days = self.days()
        gone = [day for day in (days[:-count] if count else days) if day not in also]
        for day in gone:
            self.filesystem.rm(self.partition_path(day).rsplit("/", 1)[0], recursive=True)
        return gone

    def merge(self, day: date, table: pa.Table) -> Written:
        """Add the rows of ``table`` whose key the partition of ``day`` does not hold yet.

        Running it again with the same rows changes nothing: the file is then not even rewritten.
        Of a large partition on a disk a row group is held at a time.
        """
        path = self.partition_path(day)
        stored = self.read([day], list(self.key))
        seen = set(zip(*(stored.column(c).to_pylist() for c in self.key), strict=True))
        keep = []
        for index, key in enumerate(
            zip(*(table.column(c).to_pylist() for c in self.key), strict=True)
        ):
            if key not in seen:
                seen.add(key)
                keep.append(index)
        if not keep and self.filesystem.exists(path):
            return Written(path, stored.num_rows, 0, self.filesystem.size(path))
        new = table.take(pa.array(keep, pa.int64())).cast(self.schema)
        if not (_is_disk(self.filesystem) and self._is_large(path)):
            written = self.replace(day, pa.concat_tables([self.read([day]), new]))
            return Written(written.path, written.rows, len(keep), written.bytes)
        self.ensure()
        size = _write(self.filesystem, path, self.schema, chain(self.groups(day), [new]))
        return Written(path, stored.num_rows + len(keep), len(keep), size)

    def _is_large(self, path: str) -> bool:
        """Whether a file has more than one row group: its size on disk says little of its rows."""
        if not self.filesystem.exists(path):
            return False
        with self.filesystem.open(path, "rb") as source:
            return pq.ParquetFile(source).num_row_groups > 1

    def groups(self, day: date, columns: list[str] | None = None) -> Iterator[pa.Table]:
        """What ``read`` gives of a day, row group by row group; nothing without a partition."""
        path = self.partition_path(day)
        if not self.filesystem.exists(path):
            return
        schema = (
            self.schema if columns is None else pa.schema([self.schema.field(c) for c in columns])
        )
        with self.filesystem.open(path, "rb") as source:
            file = pq.ParquetFile(source)
            stored = [name for name in schema.names if name in file.schema_arrow.names]
            for number in range(file.num_row_groups):
                yield _completed(file.read_row_group(number, columns=stored), schema)
