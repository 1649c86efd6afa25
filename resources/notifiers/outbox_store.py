"""The outbox on the state store: rows of ``alert_deliveries``, each step one transaction.

A delivery is inserted once for good (its id is a hash of rule, subject and channel), claimed by one
process at a time, and recorded only by the process that still holds the claim. What follows an
attempt is decided elsewhere and given to ``record``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from resources.state import StateStore, alert_deliveries, snapshot

Row = dict[str, Any]

#: Statuses of deliveries that still have to leave; the same as in ``activation.outbox``.
OPEN_STATUSES = ("pending", "retrying", "sending")
#: Identifiers per query: SQLite takes at most 32,766 parameters, PostgreSQL 65,535.
_CHUNK = 5_000
#: Key under which PostgreSQL lets only one process plan at a time (any constant of ours will do).
_PLANNING_LOCK = 741_852_964

_PRIORITY = sa.case(
    {"critical": 0, "high": 1, "medium": 2, "low": 3}, value=alert_deliveries.c.priority, else_=4
)


class OutboxStore:
    """Deliveries in the state store; several processes may use it at once."""

    def __init__(self, state: StateStore) -> None:
        self._state = state

    def enqueue(
        self,
        candidates: Collection[str],
        remember: timedelta,
        now: datetime,
        plan: Callable[[list[Row]], Sequence[Row]],
    ) -> list[Row]:
        """Let ``plan`` decide what to add, seeing what is there, and add it; all or nothing.

        ``plan`` gets the rows (without payload) whose ids are in ``candidates``, and those created
        within ``remember`` before ``now``; no other process plans meanwhile. Returns the new rows.
        """
        columns = [c for c in alert_deliveries.c if c.name != "payload"]
        with self._state.write() as connection:
            if self._state.dialect == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_PLANNING_LOCK)))
            known: dict[str, Row] = {}
            queries = [
                sa.select(*columns).where(alert_deliveries.c.delivery_id.in_(ids))
                for ids in _chunks(sorted(candidates))
            ]
            if remember > timedelta(0):
                queries.append(
                    sa.select(*columns).where(alert_deliveries.c.created_at >= now - remember)
                )
            for query in queries:
                for row in connection.execute(query).mappings():
                    known[row["delivery_id"]] = dict(row)
            rows = [row for row in plan(list(known.values())) if row["delivery_id"] not in known]
            self._state.upsert(connection, alert_deliveries, rows, update=False)
        return rows

    def claim(
        self,
        now: datetime,
        lease: timedelta,
        *,
        channels: Sequence[str] | None = None,
        skip: Collection[str] = (),
    ) -> Row | None:
        """Take the most urgent due delivery for sending; ``None`` when nothing is due.

        It becomes ``sending`` and not due again before ``now + lease``. The attempt is counted
        here, so that a message which kills its sender ends too. ``channels`` are those to consider
        (default: all) and ``skip`` those to leave alone.
        """
        due = (
            sa.select(alert_deliveries.c.delivery_id)
            .where(
                alert_deliveries.c.status.in_(OPEN_STATUSES),
                alert_deliveries.c.next_attempt_at <= now,
            )
            .order_by(_PRIORITY, alert_deliveries.c.created_at, alert_deliveries.c.delivery_id)
            .limit(1)
        )
        if channels is not None:
            due = due.where(alert_deliveries.c.channel.in_(list(channels)))
        if skip:
            due = due.where(alert_deliveries.c.channel.not_in(list(skip)))
        if self._state.dialect == "postgresql":
            due = due.with_for_update(skip_locked=True)
        claim = (
            sa.update(alert_deliveries)
            .where(alert_deliveries.c.delivery_id == due.scalar_subquery())
            .values(
                status="sending",
                attempts=alert_deliveries.c.attempts + 1,
                next_attempt_at=now + lease,
            )
            .returning(*alert_deliveries.c)
        )
        with self._state.write() as connection:
            row = connection.execute(claim).mappings().first()
            return None if row is None else dict(row)

    def record(self, claimed: Mapping[str, Any], changes: Mapping[str, Any]) -> bool:
        """Write what became of a claimed delivery.

        False when the claim was lost meanwhile: its lease ended and another process counted a
        further attempt, whose outcome then stands.
        """
        statement = (
            sa.update(alert_deliveries)
            .where(
                alert_deliveries.c.delivery_id == claimed["delivery_id"],
                alert_deliveries.c.status == "sending",
                alert_deliveries.c.attempts == claimed["attempts"],
            )
            .values(**changes)
        )
        with self._state.write() as connection:
            return connection.execute(statement).rowcount == 1

    def rows(self, status: str | None = None) -> list[Row]:
        """Deliveries (of one status), newest first."""
        query = sa.select(alert_deliveries).order_by(
            alert_deliveries.c.created_at.desc(), alert_deliveries.c.delivery_id
        )
        if status is not None:
            query = query.where(alert_deliveries.c.status == status)
        with self._state.read() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def next_due(self, now: datetime) -> datetime | None:
        """When the longest-waiting delivery that is due at ``now`` became due; None without one."""
        query = sa.select(sa.func.min(alert_deliveries.c.next_attempt_at)).where(
            alert_deliveries.c.status.in_(OPEN_STATUSES),
            alert_deliveries.c.next_attempt_at <= now,
        )
        with self._state.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def counts(self) -> dict[str, int]:
        """Number of deliveries in each status."""
        query = sa.select(alert_deliveries.c.status, sa.func.count()).group_by(
            alert_deliveries.c.status
        )
        with self._state.read() as connection:
            return {str(status): int(count) for status, count in connection.execute(query)}

    def retry_abandoned(self, now: datetime, channel: str | None = None) -> int:
        """Make abandoned deliveries due again with all their attempts; returns how many."""
        statement = (
            sa.update(alert_deliveries)
            .where(alert_deliveries.c.status == "abandoned")
            .values(status="pending", attempts=0, next_attempt_at=now)
        )
        if channel is not None:
            statement = statement.where(alert_deliveries.c.channel == channel)
        with self._state.write() as connection:
            return connection.execute(statement).rowcount

    def table(self) -> pa.Table:
        """All deliveries as Arrow, for ``operations/alert_deliveries``."""
        return snapshot(self._state, alert_deliveries)


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
