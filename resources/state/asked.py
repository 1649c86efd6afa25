"""Of which companies each source was asked, and whether it answered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from resources.state.store import StateStore
from resources.state.tables import asked_companies

#: Longest key and error that are kept.
_KEY, _ERROR = 255, 500


def record_asked(
    state: StateStore,
    source: str,
    outcomes: Mapping[tuple[str, str], str | None],
    asked_at: datetime,
) -> None:
    """Keep the latest outcome of each ``(key type, key)``: None, or why there was no answer.

    ``asked_at`` is UTC and that of the partition: fetching a past day again never hides what a
    later one found.
    """
    if not outcomes:
        return
    table = asked_companies
    query = sa.select(table.c.key_type, table.c.key).where(
        table.c.source == source, table.c.asked_at > asked_at
    )
    with state.write() as connection:
        later = {(row.key_type, row.key) for row in connection.execute(query)}
        rows = {
            (key_type, key[:_KEY]): {
                "source": source,
                "key_type": key_type,
                "key": key[:_KEY],
                "asked_at": asked_at,
                "error": error[:_ERROR] if error is not None else None,
            }
            for (key_type, key), error in outcomes.items()
            if (key_type, key[:_KEY]) not in later
        }
        state.upsert(connection, table, list(rows.values()))
