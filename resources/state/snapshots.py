"""State tables as Arrow, for the published warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from resources.state.health import SourceHealth
from resources.state.store import StateStore
from resources.state.tables import UtcDateTime

_TIMESTAMP = pa.timestamp("us", tz="UTC")

SOURCE_HEALTH_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("family", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("last_success_at", _TIMESTAMP),
        pa.field("last_attempt_at", _TIMESTAMP),
        pa.field("last_error", pa.string()),
        pa.field("records_last_run", pa.int64()),
        pa.field("consecutive_failures", pa.int64()),
        pa.field("freshness_hours", pa.float64()),
        pa.field("age_hours", pa.float64()),
        pa.field("circuit", pa.string()),
        pa.field("open_circuits", pa.int64()),
        pa.field("probe_at", _TIMESTAMP),
    ]
)


def health_table(rows: Iterable[SourceHealth]) -> pa.Table:
    """Source health as Arrow, for ``operations/source_health``."""
    return pa.Table.from_pylist([vars(row) for row in rows], schema=SOURCE_HEALTH_SCHEMA)


def arrow_schema(table: sa.Table) -> pa.Schema:
    """The Arrow schema of a state table: text, whole numbers, floats, days and UTC times."""
    return pa.schema(
        [pa.field(c.name, _arrow_type(c.type), nullable=bool(c.nullable)) for c in table.columns]
    )


def _arrow_type(kind: sa.types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(kind, UtcDateTime):
        return _TIMESTAMP
    if isinstance(kind, sa.Date):
        return pa.date32()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    if isinstance(kind, sa.Float):
        return pa.float64()
    return pa.string()


def snapshot(state: StateStore, table: sa.Table) -> pa.Table:
    """All rows of a state table as Arrow, ordered by primary key, for ``operations/<name>``."""
    query = sa.select(table).order_by(*table.primary_key)
    with state.read() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(table))
