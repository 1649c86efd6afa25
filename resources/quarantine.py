"""Rows set aside, with the reason: nothing that a source said is dropped in silence.

One Parquet dataset per gate, ``<root>/<gate>/<YYYY-MM-DD>/part.parquet``, all in one schema, so
that ``<root>/**/*.parquet`` reads them together. The gates, in the order in which a row meets them:

- ``fetch``: a connector could not put the record into the lake's envelope (truncated JSON, a CSV
  row with too few fields, HTML where XML was promised);
- ``read``: a reader of ``detection`` could not make sense of a stored document;
- ``raw``: the record is in the lake or among the detections, but a value in it cannot be true;
- ``unified``: a row of the warehouse breaks its contract;
- ``outgoing``: a row that was about to be published breaks its contract.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from resources.clock import utc_now
from resources.masking import mask
from resources.parquet import Dataset, Written

GATES = ("fetch", "read", "raw", "unified", "outgoing")
SEVERITIES = ("critical", "warning")

#: Longest excerpt kept, in characters: enough to recognise the record, small enough to read.
EXCERPT_LENGTH = 500

QUARANTINE = pa.schema(
    [
        pa.field("gate", pa.string(), nullable=False),
        pa.field("source", pa.string(), nullable=False),
        pa.field("stream", pa.string(), nullable=False),
        pa.field("record_id", pa.string(), nullable=False),
        pa.field("payload_sha256", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("severity", pa.string(), nullable=False),
        pa.field("quarantined_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("excerpt", pa.string()),
    ]
)

#: A row is set aside once per rule and content; a second run of the same day adds nothing.
KEY = ("source", "stream", "record_id", "payload_sha256", "rule")


@dataclass(frozen=True, kw_only=True)
class QuarantinedRow:
    """One row set aside by one rule.

    ``source`` and ``stream`` are the lake's names; for a warehouse row they are its schema and
    table. ``record_id`` names the record as a person would look for it; ``payload_sha256`` is the
    content's hash, empty when there was no content. ``rule`` is a short stable name, ``reason`` a
    sentence with the value found and what was expected. ``quarantined_at`` is UTC. Personal data
    and secrets in ``reason`` and ``excerpt`` are masked; ``record_id`` stays, because by it the row
    is left out of the warehouse.
    """

    gate: str
    source: str
    stream: str
    record_id: str
    payload_sha256: str = ""
    rule: str
    reason: str
    severity: str = "critical"
    quarantined_at: datetime
    excerpt: str | None = None

    def __post_init__(self) -> None:
        if self.gate not in GATES:
            raise ValueError(f"quarantine gate is {self.gate!r}; expected one of {GATES}")
        if self.severity not in SEVERITIES:
            raise ValueError(f"severity is {self.severity!r}; expected one of {SEVERITIES}")
        for name in ("source", "stream", "record_id", "payload_sha256", "rule", "reason"):
            object.__setattr__(self, name, _storable(str(getattr(self, name))))
        object.__setattr__(self, "reason", mask(self.reason))
        object.__setattr__(self, "excerpt", mask(excerpt_of(self.excerpt)))


def excerpt_of(value: str | bytes | None, length: int = EXCERPT_LENGTH) -> str | None:
    """The first ``length`` characters of text or bytes as one storable line; None stays None.

    Bytes that are not UTF-8 are shown with replacement characters, because what is set aside is
    often set aside for exactly that.
    """
    if value is None:
        return None
    if isinstance(value, bytes):
        # No character takes more than four bytes, so a 10 MB page is never decoded whole.
        value = value[: length * 4].decode("utf-8", "replace")
    text = _storable(value[: length * 2])
    text = "".join(c if c.isprintable() or c == " " else " " for c in text)
    return text if len(text) <= length else text[: length - 1] + "…"


def _storable(text: str) -> str:
    """``text`` without lone surrogates, which Arrow strings cannot hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class QuarantineCount:
    """How many rows one rule set aside for one stream, with one reason as an example."""

    gate: str
    source: str
    stream: str
    rule: str
    severity: str
    rows: int
    last_quarantined_at: datetime
    sample_reason: str


class Quarantine:
    """The quarantine under a folder or fsspec URL."""

    def __init__(self, root: str | Path) -> None:
        self.root = str(root).rstrip("/")

    def dataset(self, gate: str) -> Dataset:
        """The dataset of one gate. Raises ``ValueError`` for a gate that does not exist."""
        if gate not in GATES:
            raise ValueError(f"quarantine gate is {gate!r}; expected one of {GATES}")
        return Dataset(f"{self.root}/{gate}", QUARANTINE, KEY)

    def ensure(self) -> None:
        """Make every gate's dataset readable, also before the first row is set aside."""
        for gate in GATES:
            self.dataset(gate).ensure()

    def add(self, gate: str, day: date, rows: Iterable[QuarantinedRow]) -> Written | None:
        """Set rows aside in the partition of ``day``; rows already there are not doubled.

        Returns None when there was nothing to write. Raises ``ValueError`` for another gate's rows.
        """
        table = _to_table(gate, rows)
        if not table.num_rows:
            return None
        return self.dataset(gate).merge(day, table)

    def settle(
        self, gate: str, day: date, suites: Collection[str], rows: Iterable[QuarantinedRow]
    ) -> Written | None:
        """Make ``rows`` all that the rules of ``suites`` set aside on ``day``.

        A suite's rules are those named ``<suite>: <rule>``. For a gate that judges a partition
        anew: a row that passes now leaves the quarantine, a row that still fails keeps the time it
        was first set aside, and what other suites set aside stays. Nothing is written when nothing
        changes. Raises ``ValueError`` for a row whose rule belongs to none of ``suites``.
        """
        dataset = self.dataset(gate)
        table = _to_table(gate, rows)
        own = set(suites)
        stored = dataset.read([day])
        kept, first_seen = [], {}
        for row in stored.to_pylist():
            if suite_of(row["rule"]) in own:
                first_seen[tuple(row[c] for c in KEY)] = row["quarantined_at"]
            else:
                kept.append(row)
        settled: dict[tuple[str, ...], dict] = {}
        for row in table.to_pylist():
            if suite_of(row["rule"]) not in own:
                raise ValueError(f"rule {row['rule']!r} belongs to none of {sorted(own)}")
            key = tuple(row[c] for c in KEY)
            row["quarantined_at"] = first_seen.get(key, row["quarantined_at"])
            settled.setdefault(key, row)
        wanted = pa.Table.from_pylist([*kept, *settled.values()], schema=QUARANTINE)
        if wanted.equals(stored.cast(QUARANTINE)):
            return None
        return dataset.replace(day, wanted)

    def read(self, gate: str | None = None, days: Iterable[date] | None = None) -> pa.Table:
        """Rows set aside, of one gate or of all, on the given days (default: all)."""
        wanted = None if days is None else list(days)
        gates = GATES if gate is None else (gate,)
        return pa.concat_tables([self.dataset(g).read(wanted) for g in gates])

    def refused(self) -> frozenset[tuple[str, ...]]:
        """Source, stream, record and content of what the gates before the warehouse set aside."""
        return frozenset(
            tuple(row[column] for column in ("source", "stream", "record_id", "payload_sha256"))
            for gate in ("fetch", "read", "raw")
            for row in self.read(gate).to_pylist()
            if row["severity"] == "critical"
        )

    def summary(self, days: Iterable[date] | None = None) -> list[QuarantineCount]:
        """Rows set aside, counted by gate, source, stream and rule, most first."""
        groups: dict[tuple[str, ...], list[dict]] = {}
        for row in self.read(days=days).to_pylist():
            key = tuple(row[c] for c in ("gate", "source", "stream", "rule", "severity"))
            groups.setdefault(key, []).append(row)
        counts = [
            QuarantineCount(
                *key,
                rows=len(rows),
                last_quarantined_at=max(row["quarantined_at"] for row in rows),
                sample_reason=rows[0]["reason"],
            )
            for key, rows in groups.items()
        ]
        return sorted(counts, key=lambda c: (-c.rows, c.gate, c.source, c.stream, c.rule))


def _to_table(gate: str, rows: Iterable[QuarantinedRow]) -> pa.Table:
    names = [field.name for field in fields(QuarantinedRow)]
    listed = list(rows)
    for row in listed:
        if row.gate != gate:
            raise ValueError(
                f"a row of gate {row.gate!r} ({row.source}/{row.stream} {row.record_id}) was given "
                f"to gate {gate!r}"
            )
    columns = {name: [getattr(row, name) for row in listed] for name in names}
    return pa.table(columns, schema=QUARANTINE)


def suite_of(rule: str) -> str:
    """The suite a rule named ``<suite>: <rule>`` belongs to; empty for any other rule."""
    return rule.split(": ", 1)[0] if ": " in rule else ""


def set_aside(
    gate: str,
    source: str,
    stream: str,
    record_id: str,
    rule: str,
    reason: str,
    *,
    payload_sha256: str = "",
    severity: str = "critical",
    quarantined_at: datetime | None = None,
    excerpt: str | bytes | None = None,
) -> QuarantinedRow:
    """A row to set aside, stamped with the current time unless one is given."""
    return QuarantinedRow(
        gate=gate,
        source=source,
        stream=stream,
        record_id=record_id,
        payload_sha256=payload_sha256,
        rule=rule,
        reason=reason,
        severity=severity,
        quarantined_at=quarantined_at or utc_now(),
        excerpt=excerpt_of(excerpt),
    )
