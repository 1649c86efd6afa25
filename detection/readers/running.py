"""Running a reader over lake rows: what is read, and what is set aside with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detection.correspondence.rfq.vocabulary import VocabularyError
from detection.errors import UnreadableError
from detection.readers.lake_row import Row
from detection.readers.reader import Reader
from detection.records import Detection

if TYPE_CHECKING:
    import pyarrow as pa

#: Characters of a document or payload kept with a rejected row.
EXCERPT = 300


@dataclass(frozen=True)
class Rejected:
    """A lake row that could not be read, with what a person needs to mend it."""

    source: str
    stream: str
    record_id: str
    payload_sha256: str
    #: Short stable name of the fault.
    rule: str
    reason: str
    excerpt: str


@dataclass(frozen=True)
class ReadResult:
    """What reading gave: typed rows, and the rows set aside."""

    rows: list[Detection]
    rejected: list[Rejected]


def read_rows(reader: Reader, rows: Iterable[Row]) -> ReadResult:
    """Read lake rows; what cannot be read is set aside with its reason, whatever the fault.

    Job titles are given once each, however many jobs bear them.
    """
    found: list[Detection] = []
    rejected: list[Rejected] = []
    seen: set[str] = set()
    for row in rows:
        try:
            read = list(reader.read(row))
        except UnreadableError as error:
            rejected.append(_rejected(row, error.rule, error.reason))
            continue
        except VocabularyError:
            raise  # The user's file is at fault, not the row.
        except Exception as error:  # one malformed document must never stop the rest
            rejected.append(_rejected(row, "reader_failed", f"{type(error).__name__}: {error}"))
            continue
        for record in read:
            if record.detection_id not in seen:
                seen.add(record.detection_id)
                found.append(record)
    return ReadResult(found, rejected)


def _rejected(row: Row, rule: str, reason: str) -> Rejected:
    body = row.get("body")
    excerpt = (
        bytes(body[:EXCERPT]).decode("utf-8", "replace")
        if body
        else str(row.get("payload") or "")[:EXCERPT]
    )
    return Rejected(
        source=str(row.get("source") or ""),
        stream=str(row.get("stream") or ""),
        record_id=str(row.get("record_id") or ""),
        payload_sha256=str(row.get("payload_sha256") or ""),
        rule=rule,
        reason=reason[:500],
        excerpt=excerpt.encode("utf-8", "replace").decode(),
    )


def read_table(reader: Reader, table: pa.Table) -> tuple[pa.Table, list[Rejected]]:
    """Read an Arrow table of lake rows to an Arrow table of the reader's record type."""
    result = read_rows(reader, _rows(reader, table))
    return records_table(reader.record, result.rows), result.rejected


def _rows(reader: Reader, table: pa.Table) -> Iterator[dict[str, Any]]:
    """Rows as mappings, batch by batch, so that documents are not all in memory twice."""
    wanted = [name for name in reader.columns if name in table.column_names]
    for batch in table.select(wanted).to_batches(max_chunksize=1_000):
        yield from batch.to_pylist()


def records_table(record: type[Detection], rows: Iterable[Detection]) -> pa.Table:
    """Records as an Arrow table in the record type's schema."""
    import pyarrow as pa

    from detection.records import arrow_schema

    schema = arrow_schema(record)
    rows = list(rows)
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in schema.names}, schema=schema
    )
