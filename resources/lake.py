"""The lake: what each source said, as it said it, append-only.

One dataset per ``source/stream``, partitioned by the UTC day on which it was fetched. Nothing is
parsed away here, so that a reader can be mended and the past read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from fsspec.core import url_to_fs

from resources.parquet import Dataset, Written

ENVELOPE = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("stream", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("observed_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("fetched_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("source_url", pa.string()),
        pa.field("payload", pa.string(), nullable=False),
        pa.field("payload_sha256", pa.string(), nullable=False),
        pa.field("body", pa.binary()),
        pa.field("media_type", pa.string()),
    ]
)


@dataclass(frozen=True)
class Record:
    """One record of a stream in the lake's envelope.

    ``payload`` is the source's own JSON text (or a JSON object of a CSV row), ``body`` a document's
    bytes. ``observed_at`` is the time the source states for the record, else the fetch time.
    ``payload_sha256`` is taken over payload and body, so either one changing makes a new version.
    """

    source: str
    stream: str
    record_id: str
    observed_at: datetime
    fetched_at: datetime
    source_url: str | None
    payload: str
    body: bytes | None = None
    media_type: str | None = None
    payload_sha256: str = field(default="")

    def __post_init__(self) -> None:
        if not self.payload_sha256:
            object.__setattr__(self, "payload_sha256", content_sha256(self.payload, self.body))


def content_sha256(payload: str, body: bytes | None = None) -> str:
    """SHA-256 over a payload and, for documents, the body after it."""
    digest = hashlib.sha256(payload.encode("utf-8", "surrogatepass"))
    if body is not None:
        digest.update(b"\x00")
        digest.update(body)
    return digest.hexdigest()


def to_table(records: Iterable[Record]) -> pa.Table:
    """Records as an Arrow table in the envelope schema."""
    rows = list(records)
    return pa.table(
        {name: [getattr(row, name) for row in rows] for name in ENVELOPE.names}, schema=ENVELOPE
    )


class Lake:
    """The lake at a folder or an fsspec URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    def dataset(self, source: str, stream: str) -> Dataset:
        """The dataset of one stream."""
        return Dataset(f"{self.url}/{source}/{stream}", ENVELOPE, ("record_id", "payload_sha256"))

    def sources_of(self, stream: str) -> list[str]:
        """Sources that have a stream of this name, by name."""
        filesystem, root = url_to_fs(self.url)
        found = filesystem.glob(f"{root}/*/{stream}/schema.parquet")
        return sorted(path.split("/")[-3] for path in found)

    def ensure(self, streams: Iterable[tuple[str, str]]) -> None:
        """Make every declared stream readable, also those that have no record yet."""
        for source, stream in streams:
            self.dataset(source, stream).ensure()

    def write(self, source: str, stream: str, day: date, records: Iterable[Record]) -> Written:
        """Merge ``records`` into the partition of ``day``; re-running adds nothing twice."""
        return self.dataset(source, stream).merge(day, to_table(records))

    def read(
        self,
        source: str,
        stream: str,
        days: Iterable[date] | None = None,
        columns: list[str] | None = None,
    ) -> pa.Table:
        """Records of a stream on the given fetch days (default: all)."""
        return self.dataset(source, stream).read(days, columns)

    def versions(self, source: str, stream: str, until: datetime | None = None) -> dict[str, str]:
        """Latest stored ``payload_sha256`` of each record id, by fetch time.

        ``until`` (UTC) leaves out what was fetched later, so that a past partition fetched again
        is compared with what was known then.
        """
        table = self.read(source, stream, columns=["record_id", "fetched_at", "payload_sha256"])
        if until is not None:
            table = table.filter(pc.less_equal(table.column("fetched_at"), pa.scalar(until)))
        ordered = table.sort_by("fetched_at")
        return dict(
            zip(
                ordered.column("record_id").to_pylist(),
                ordered.column("payload_sha256").to_pylist(),
                strict=True,
            )
        )

    def newest(self, source: str, stream: str) -> datetime | None:
        """The newest ``observed_at`` stored, from which a lost cursor is rebuilt."""
        column = self.read(source, stream, columns=["observed_at"]).column("observed_at")
        return pc.max(column).as_py() if len(column) else None
