"""The webhook inbox: events that were sent to us, read by the mapping of their declaration.

Events are read in the order in which they were committed, from the sequence number up to which the
lake holds them. What cannot be read is set aside with its reason; the inbox keeps it for as long as
it keeps any event, and a cursor that is deleted has all of them read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import orjson

from resources.mapped.rows import map_row
from resources.mapped.tables import Row
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    NotConfiguredError,
    Rejected,
)
from resources.sources.connectors.file_drop import as_record, faults
from resources.webhooks import Inbox, Received

#: Days that the inbox keeps events which the lake holds; option ``keep_days`` changes it.
KEEP_DAYS = 30
_CURSOR_KEY = "sequence"


def fetch(context: Context) -> Iterator[Emission]:
    """Events that came since the last fetch. Raises ``NotConfiguredError`` without an inbox."""
    path = Path(context.location("inbox"))
    try:
        inbox = Inbox(path)
    except FileNotFoundError:
        raise NotConfiguredError(
            f"no event has come: {path} does not exist; set "
            f"{context.option('secret_variable', 'the secret')} and start `python -m api`"
        ) from None
    stream = context.declaration.streams[0]
    after = after_sequence(context.cursors, stream)
    try:
        keep = timedelta(days=float(context.option("keep_days", KEEP_DAYS)))
        inbox.prune(context.source, after, context.fetched_at - keep)
        last = after
        for event in inbox.read(context.source, after, context.fetched_at):
            yield from _read(context, stream, event)
            last = event.sequence
        context.succeeded += 1
        if last != after:
            yield Cursor(stream, _CURSOR_KEY, str(last))
    finally:
        inbox.close()


def after_sequence(cursors: Mapping[tuple[str, str], str], stream: str) -> int:
    """The sequence number up to which the lake holds a stream's events; 0 before the first."""
    value = cursors.get((stream, _CURSOR_KEY), "0")
    return int(value) if value.isdigit() else 0


def _read(context: Context, stream: str, event: Received) -> Iterator[Emission]:
    place = f"event {event.event_id}"
    cells = orjson.loads(event.body)
    assert context.declaration.events is not None
    for mapped in map_row(Row(event.sequence, cells), context.declaration.events):
        for fault in faults(context.source, stream, place, mapped):
            # Named by its id, by which the sender knows it, not by a line.
            yield Rejected(
                fault.source, fault.stream, event.event_id, fault.rule, fault.reason,
                excerpt=fault.excerpt, severity=fault.severity,
            )  # fmt: skip
        if mapped.is_admitted:
            record, _ = as_record(context, stream, mapped, f"webhook:{context.source}", None)
            if context.is_new(record):
                yield record
