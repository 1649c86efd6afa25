"""Where each source was left, by stream and key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from resources.state.store import StateStore
from resources.state.tables import cursors


def get_cursors(state: StateStore, source: str) -> dict[tuple[str, str], str]:
    """All cursors of a source as ``{(stream, key): value}``."""
    query = sa.select(cursors.c.stream, cursors.c.key, cursors.c.value).where(
        cursors.c.source == source
    )
    with state.read() as connection:
        return {(row.stream, row.key): row.value for row in connection.execute(query)}


def set_cursors(
    state: StateStore, source: str, values: Mapping[tuple[str, str], str], now: datetime
) -> None:
    """Move a source's cursors in one transaction; called after the lake holds the records."""
    rows = [
        {"source": source, "stream": stream, "key": key, "value": value, "updated_at": now}
        for (stream, key), value in values.items()
    ]
    with state.write() as connection:
        state.upsert(connection, cursors, rows)


def delete_cursors(state: StateStore, source: str) -> int:
    """Forget a source's cursors, so that they are rebuilt from the lake; returns how many."""
    with state.write() as connection:
        return connection.execute(sa.delete(cursors).where(cursors.c.source == source)).rowcount
