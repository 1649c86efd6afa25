"""The inbox of webhooks: events that others send us, durable before they are acknowledged.

One SQLite file (WAL, every commit on disk before it returns). An event is known by its source and
its own id: sent again it is stored once. Its sequence number rises with each commit, whoever
writes, so that a reader who remembers the last number misses nothing.

Belongs here: storing and reading. Does not belong here: HTTP (``api``), what an event means
(``resources.sources.connectors.webhook``).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

Outcome = Literal["stored", "duplicate", "conflict"]

_SCHEMA = """
create table if not exists events (
    sequence integer primary key autoincrement,
    source text not null,
    event_id text not null,
    received_at text not null,
    body text not null,
    body_sha256 text not null,
    unique (source, event_id)
)
"""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event as it came: its JSON text, and the id by which its sender knows it."""

    source: str
    event_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Received:
    """One event of the inbox. ``received_at`` is UTC."""

    sequence: int
    event_id: str
    received_at: datetime
    body: str


class Inbox:
    """The inbox at a path; made when it is not there and ``create`` is given.

    Raises ``FileNotFoundError`` when it is not there and is not to be made. One connection, for one
    thread; several processes may open the same file.
    """

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not path.exists():
            raise FileNotFoundError(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
            self._connection.execute(f"pragma {pragma}")
        self._connection.execute(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def add(self, events: Sequence[Incoming], received_at: datetime) -> list[Outcome]:
        """Store events in one transaction that is on disk when this returns.

        The same id again is a ``duplicate``, with another content a ``conflict``: the first stays.
        Raises ``sqlite3.Error`` when nothing could be stored.
        """
        outcomes: list[Outcome] = []
        moment = received_at.astimezone(UTC).isoformat()
        self._connection.execute("begin immediate")
        try:
            for event in events:
                digest = hashlib.sha256(event.body.encode()).hexdigest()
                added = self._connection.execute(
                    "insert into events (source, event_id, received_at, body, body_sha256) "
                    "values (?, ?, ?, ?, ?) on conflict do nothing",
                    (event.source, event.event_id, moment, event.body, digest),
                ).rowcount
                outcomes.append("stored" if added else self._compare(event, digest))
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")
        return outcomes

    def _compare(self, event: Incoming, digest: str) -> Outcome:
        [(known,)] = self._connection.execute(
            "select body_sha256 from events where source = ? and event_id = ?",
            (event.source, event.event_id),
        ).fetchall()
        return "duplicate" if known == digest else "conflict"

    def read(self, source: str, after: int, until: datetime) -> Iterator[Received]:
        """Events of a source past a sequence number, in order, up to the first after ``until``."""
        query = (
            "select sequence, event_id, received_at, body from events "
            "where source = ? and sequence > ? order by sequence"
        )
        for sequence, event_id, moment, body in self._connection.execute(query, (source, after)):
            received_at = datetime.fromisoformat(moment)
            if received_at > until:
                # Not passed over: a reader who remembers a higher number would never see it.
                return
            yield Received(sequence, event_id, received_at, body)

    def latest(self, sources: Sequence[str]) -> int:
        """The highest sequence number of any of these sources; 0 when nothing has come."""
        marks = ", ".join("?" * len(sources))
        [(newest,)] = self._connection.execute(
            f"select max(sequence) from events where source in ({marks})", tuple(sources)
        ).fetchall()
        return newest or 0

    def prune(self, source: str, through: int, before: datetime) -> int:
        """Forget events up to a sequence number that came before a time; returns how many.

        For what the lake holds already: its own ids still keep it from being stored twice.
        """
        return self._connection.execute(
            "delete from events where source = ? and sequence <= ? and received_at < ?",
            (source, through, before.astimezone(UTC).isoformat()),
        ).rowcount
