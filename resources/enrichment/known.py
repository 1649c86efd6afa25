"""What enrichment knows of companies and people: every value with source, time and confidence.

Rows are versions: a value that changes, wins or loses ends its row and begins another, so that any
past day can be told from the same table. Nothing is rewritten except for erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from resources.enrichment.tables import enriched_fields, enrichment_steps
from resources.enrichment.values import Observation, Subject
from resources.enrichment.waterfall import Choice, confidence_of
from resources.state import StateStore, arrow_schema

_KEY = ("field", "operation")
#: What makes a row another version. A new look at the same is one too: what a past day was told,
#: and when that had been fetched, can be told again only from what is never changed.
_CONTENT = (
    "value", "confidence", "value_confidence", "is_winner", "is_confident", "reason", "basis",
    "stated_at", "source_url", "fetched_at", "expires_at",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """An observation with when it was fetched, until when it counts, and at which level."""

    observation: Observation
    fetched_at: datetime
    expires_at: datetime
    level: str


class Known:
    """The table ``enriched_fields`` and the log of steps."""

    def __init__(self, state: StateStore) -> None:
        self.state = state
        state.ensure_tables()

    def statements(self, subject: Subject, now: datetime) -> list[Statement]:
        """What is known of a subject and has not expired."""
        c = enriched_fields.c
        query = (
            sa.select(enriched_fields)
            .where(
                c.entity_type == subject.entity,
                c.entity_id == subject.entity_id,
                c.known_to.is_(None),
                c.expires_at > now,
            )
            .order_by(c.field, c.operation)
        )
        with self.state.read() as connection:
            rows = connection.execute(query).all()
        return [
            Statement(
                Observation(
                    row.field, row.value, row.confidence, row.operation, row.basis or "",
                    is_refuted=row.confidence == 0, stated_at=row.stated_at,
                    source_url=row.source_url,
                ),
                row.fetched_at, row.expires_at, row.level,
            )
            for row in rows
        ]  # fmt: skip

    def write(
        self,
        subject: Subject,
        statements: Sequence[Statement],
        choices: Iterable[Choice],
        now: datetime,
    ) -> int:
        """Make ``statements`` what is known of a subject; returns the rows begun or ended.

        Statements about fields that are not in ``choices`` stay as they are.
        """
        rows = {}
        chosen = {choice.field: choice for choice in choices}
        for field, choice in chosen.items():
            own = [s for s in statements if s.observation.field == field]
            for statement, reason in zip(own, choice.reasons, strict=True):
                row = _row(subject, statement, choice, reason, [s.observation for s in own])
                rows[tuple(row[k] for k in _KEY)] = row
        c = enriched_fields.c
        mine = (c.entity_type == subject.entity) & (c.entity_id == subject.entity_id)
        changed = 0
        with self.state.write() as connection:
            current = {
                tuple(getattr(row, k) for k in _KEY): row
                for row in connection.execute(
                    sa.select(enriched_fields).where(mine, c.known_to.is_(None))
                )
                if row.field in chosen
            }
            for key, old in current.items():
                new = rows.get(key)
                where = mine & sa.and_(*(c[k] == v for k, v in zip(_KEY, key, strict=True)))
                where &= c.known_from == old.known_from
                if new is not None and all(getattr(old, k) == new[k] for k in _CONTENT):
                    del rows[key]
                    continue
                if old.known_from == now:
                    connection.execute(sa.delete(enriched_fields).where(where))
                else:
                    connection.execute(sa.update(enriched_fields).where(where).values(known_to=now))
                changed += 1
            if rows:
                connection.execute(
                    sa.insert(enriched_fields),
                    [{**row, "known_from": now, "known_to": None} for row in rows.values()],
                )
        return changed + len(rows)

    def erase(self, entity_ids: Sequence[str]) -> int:
        """Delete every version of some entities' fields; returns how many rows."""
        if not entity_ids:
            return 0
        with self.state.write() as connection:
            return connection.execute(
                sa.delete(enriched_fields).where(enriched_fields.c.entity_id.in_(list(entity_ids)))
            ).rowcount

    def personal_values(self) -> list[tuple[str, str, str, str]]:
        """(entity_id, name, field, value) of every value about people, to check suppressions."""
        c = enriched_fields.c
        query = sa.select(c.entity_id, c.entity_name, c.field, c.value).where(
            c.entity_type == "person"
        )
        with self.state.read() as connection:
            return [tuple(row) for row in connection.execute(query.distinct())]

    def log(self, rows: Sequence[dict[str, Any]]) -> None:
        """Keep what was done."""
        if rows:
            with self.state.write() as connection:
                connection.execute(sa.insert(enrichment_steps), list(rows))

    def table(self) -> pa.Table:
        """All versions as Arrow, for the warehouse."""
        columns = [c.name for c in enriched_fields.columns]
        order = ["entity_type", "entity_id", "field", "operation", "known_from"]
        query = sa.select(enriched_fields).order_by(*(enriched_fields.c[k] for k in order))
        with self.state.read() as connection:
            rows = [dict(row._mapping) for row in connection.execute(query)]
        return pa.Table.from_pylist(rows, schema=FIELDS_SCHEMA).select(columns)


def _row(
    subject: Subject,
    statement: Statement,
    choice: Choice,
    reason: str,
    own: Sequence[Observation],
) -> dict[str, Any]:
    observation = statement.observation
    wins = observation is choice.winner
    return {
        "entity_type": subject.entity,
        "entity_id": subject.entity_id,
        "company_id": subject.company_id,
        "entity_name": subject.name[:300],
        "field": observation.field,
        "operation": observation.operation,
        "source": observation.source,
        "value": observation.value,
        "confidence": observation.confidence,
        "value_confidence": confidence_of(observation.value, own),
        "is_winner": wins,
        "is_confident": wins and choice.is_confident,
        "reason": reason,
        "basis": observation.basis or None,
        "level": statement.level,
        "stated_at": observation.stated_at,
        "source_url": observation.source_url,
        "fetched_at": statement.fetched_at,
        "expires_at": statement.expires_at,
    }


def _schema() -> pa.Schema:
    """Arrow schema of ``enriched_fields``; booleans as such."""
    schema = arrow_schema(enriched_fields)
    for name in ("is_winner", "is_confident"):
        schema = schema.set(schema.get_field_index(name), pa.field(name, pa.bool_()))
    return schema


FIELDS_SCHEMA = _schema()
