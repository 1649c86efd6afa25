"""Which sources are declared, what a company needs to be asked about, and how they are.

The warehouse joins this with what each source has told: ``operations.source_coverage``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from resources.sources.declaration import Declaration
from resources.state import StateStore, source_health

_TIMESTAMP = pa.timestamp("us", tz="UTC")

DECLARED_SOURCES = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("families", pa.string(), nullable=False),
        pa.field("connector", pa.string(), nullable=False),
        pa.field("asks_by", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("last_success_at", _TIMESTAMP),
        pa.field("last_attempt_at", _TIMESTAMP),
        pa.field("last_error", pa.string()),
        pa.field("freshness_hours", pa.float64(), nullable=False),
    ]
)


def declared_sources_table(
    state: StateStore, declarations: Iterable[Declaration], now: datetime
) -> pa.Table:
    """One row per declared source at ``now`` (UTC), ordered by name."""
    declared = sorted(declarations, key=lambda item: item.name)
    health = {row.source: row for row in source_health(state, declared, now)}
    rows = [
        {
            "source": item.name,
            "families": ", ".join(item.families),
            "connector": item.connector,
            "asks_by": item.asks_by,
            "status": health[item.name].status,
            "last_success_at": health[item.name].last_success_at,
            "last_attempt_at": health[item.name].last_attempt_at,
            "last_error": health[item.name].last_error,
            "freshness_hours": item.freshness_hours,
        }
        for item in declared
    ]
    return pa.Table.from_pylist(rows, schema=DECLARED_SOURCES)
