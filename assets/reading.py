"""Reading a day's lake rows into a detection table, on all cores when there is much to read.

Knows nothing of Dagster, so that worker processes start fast and the benchmark measures this very
code.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from assets.fingerprints import Knowledge
from detection.readers import READERS, Reader, Rejected, read_table
from detection.records import DETECTIONS, arrow_schema
from resources.lake import Lake
from resources.language_model import LanguageModel
from resources.parquet import Dataset, Written

#: Rows handed to a worker at once: small enough to spread evenly, large enough to be worth sending.
CHUNK_ROWS = 250
#: Chunks that wait for each worker: enough to keep it busy, few enough to hold in memory.
AHEAD = 16
#: Below this many rows one process is done before others have started (about a second each).
PARALLEL_FROM_ROWS = 8_000
#: Bytes of a stream's rows from which they are read before more are fetched.
PIECE_BYTES = 256 * 1024 * 1024


def detection_dataset(folder: Path, table: str) -> Dataset:
    """The Parquet dataset of one detection table below ``folder``."""
    return Dataset(str(folder / table), arrow_schema(DETECTIONS[table]), ("detection_id",))


class Workers:
    """Processes that read; started when first needed, ended with the context.

    With ``keep`` they stay for the next context that asks for the same, until this process ends: a
    run reads one table after the other, and starting costs each process two seconds.
    """

    _kept: ClassVar[dict[tuple[int, Knowledge | None], ProcessPoolExecutor]] = {}

    def __init__(
        self,
        count: int | None = None,
        knowledge: Knowledge | None = None,
        *,
        keep: bool = False,
    ) -> None:
        self.count = count or os.cpu_count() or 1
        self.knowledge = knowledge
        self.keep = keep
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Workers:
        if self.knowledge is not None:
            self.knowledge.install()
        if self.keep:
            self._pool = self._kept.pop((self.count, self.knowledge), None)
        return self

    def start(self) -> None:
        """Start the processes ahead of the first rows; all rows then go to them.

        Worth it where it is known that much will be read, of many small tables or of large ones.
        """
        if self.count > 1:
            for _ in range(self.count):
                self._started().submit(_ready)

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if self._pool is None:
            return
        # After a failure a process may be gone or at work still.
        if self.keep and failure is None:
            self._kept[self.count, self.knowledge] = self._pool
        else:
            self._pool.shutdown(cancel_futures=True)
        self._pool = None

    def read(
        self, reader: Reader, tables: Iterable[pa.Table]
    ) -> Iterator[tuple[pa.Table, list[Rejected]]]:
        """Detections and rejected rows of ``tables``, chunk by chunk in order.

        Once a large table has started the other processes, they get all that follows.
        """
        waiting: deque[Future[tuple[pa.Table, list[Rejected]]]] = deque()
        for rows in tables:
            if not self._shared(rows):
                yield read_table(reader, rows)
                continue
            for start in range(0, rows.num_rows, CHUNK_ROWS):
                if len(waiting) > AHEAD * self.count:
                    yield waiting.popleft().result()
                chunk = _packed(rows.slice(start, CHUNK_ROWS))
                waiting.append(self._started().submit(_read_chunk, reader.table, chunk))
        while waiting:
            yield waiting.popleft().result()

    def _shared(self, rows: pa.Table) -> bool:
        """Whether other processes read these rows."""
        large = rows.num_rows >= PARALLEL_FROM_ROWS and self.count > 1
        return large or self._pool is not None

    def _started(self) -> ProcessPoolExecutor:
        """The processes, started at their first use."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=get_context("spawn"),
                initializer=self.knowledge.install if self.knowledge is not None else None,
            )
        return self._pool


def _packed(rows: pa.Table) -> bytes:
    """``rows`` as an Arrow stream: pickling a slice would send the whole table it is cut from."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    return sink.getvalue().to_pybytes()


def _ready() -> None:
    """Nothing to do but to be there."""


def _read_chunk(table: str, chunk: bytes) -> tuple[pa.Table, list[Rejected]]:
    with pa.ipc.open_stream(chunk) as stream:
        return read_table(READERS[table], stream.read_all())


def read_day(
    reader: Reader,
    lake: Lake,
    folder: Path,
    day: date,
    workers: Workers,
    model: LanguageModel | None = None,
) -> tuple[Written, list[Rejected], pa.Table]:
    """Read the day's lake rows with ``reader`` and make the result the day's partition.

    Replacing the partition, rather than merging, lets a mended reader take back what it read
    wrongly before. Press in which nothing is found is put to ``model`` where there is one. Returns
    what was written, the rows that could not be read, and the detections.
    """
    parts, rejected = [arrow_schema(reader.record).empty_table()], []
    for found, refused in workers.read(reader, _rows_of(reader, lake, day)):
        parts.append(found)
        rejected.extend(refused)
    table = _distinct(pa.concat_tables(parts))
    if reader.table == "press_events":
        if model is not None:
            from assets.second_reading import read_again

            again = [
                read_again(model, lake.read(source, stream, [day], list(reader.columns)), table)
                for source, stream in expand(reader.streams, lake)
            ]
            table = _distinct(pa.concat_tables([table, *again]))
        table = _with_releases(table, folder, day)
    return detection_dataset(folder, reader.table).replace(day, table), rejected, table


def _rows_of(reader: Reader, lake: Lake, day: date) -> Iterator[pa.Table]:
    """The day's rows of each stream that ``reader`` reads.

    What is large comes in pieces that fit into memory, as a mailbox of gigabytes does not; a piece
    has rows enough for other processes, where its rows are not that large.
    """
    for source, stream in expand(reader.streams, lake):
        dataset = lake.dataset(source, stream)
        dataset.ensure()
        held: list[pa.Table] = []
        for group in dataset.groups(day, list(reader.columns)):
            held.append(group)
            rows, size = sum(t.num_rows for t in held), sum(t.nbytes for t in held)
            if rows >= PARALLEL_FROM_ROWS or size >= PIECE_BYTES:
                yield pa.concat_tables(held)
                held = []
        if held:
            yield pa.concat_tables(held)


def _with_releases(events: pa.Table, folder: Path, day: date) -> pa.Table:
    """Press events with the release each prints, seen beside those of all earlier days."""
    from detection.press.releases import KNOWN_COLUMNS, with_releases

    stored = detection_dataset(folder, "press_events")
    earlier = [each for each in stored.days() if each < day]
    return with_releases(events, stored.read(earlier, list(KNOWN_COLUMNS)))


def expand(streams: Iterable[tuple[str, str]], lake: Lake) -> Iterator[tuple[str, str]]:
    """Streams to read, with those of every source ("*") as the lake has them, by name."""
    for source, stream in streams:
        if source == "*":
            yield from ((name, stream) for name in lake.sources_of(stream))
        else:
            yield source, stream


def _distinct(table: pa.Table) -> pa.Table:
    """Rows with distinct ``detection_id``: one title may stand on several boards."""
    identifiers = table.column("detection_id")
    if pc.count_distinct(identifiers).as_py() == table.num_rows:
        return table
    seen: set[str] = set()
    keep = [
        index
        for index, identifier in enumerate(identifiers.to_pylist())
        if not (identifier in seen or seen.add(identifier))
    ]
    return table.take(keep)
