"""Annotations in the state store: added, never changed, never taken away.

Taking one back is an annotation of its own (``withdraw``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from resources.annotations.record import Annotation
from resources.state import StateStore, UtcDateTime, metadata

opportunity_annotations = sa.Table(
    "opportunity_annotations",
    metadata,
    sa.Column("annotation_id", sa.String(24), primary_key=True, comment="hash of what it says"),
    sa.Column("about", sa.Text, nullable=False, comment="source or opportunity"),
    sa.Column("action", sa.String(20), nullable=False),
    sa.Column("field", sa.String(40)),
    sa.Column("value", sa.Text),
    sa.Column("currency", sa.String(3)),
    sa.Column("other", sa.Text),
    sa.Column("reviewer", sa.String(200), nullable=False),
    sa.Column("reviewed_at", UtcDateTime, nullable=False),
    sa.Column("comment", sa.Text),
    sa.Column("origin", sa.Text, nullable=False, comment="file or command it came by"),
    sa.Column("stored_at", UtcDateTime, nullable=False),
)


@dataclass(frozen=True)
class StoredAnnotation:
    """An annotation with where it came from and when it was stored (UTC)."""

    annotation: Annotation
    origin: str
    stored_at: datetime


def add_annotations(
    state: StateStore, annotations: Sequence[Annotation], origin: str, now: datetime
) -> int:
    """Keep annotations, all or none; returns how many were new."""
    rows = {
        a.annotation_id: {
            "annotation_id": a.annotation_id,
            **a.model_dump(),
            "origin": origin,
            "stored_at": now,
        }
        for a in annotations
    }
    state.ensure_tables()
    with state.write() as connection:
        known = set(connection.scalars(sa.select(opportunity_annotations.c.annotation_id)))
        fresh = [row for key, row in rows.items() if key not in known]
        state.upsert(connection, opportunity_annotations, fresh, update=False)
    return len(fresh)


def list_annotations(state: StateStore) -> list[StoredAnnotation]:
    """All annotations by time and id, as the reviewers gave them."""
    columns = opportunity_annotations.c
    state.ensure_tables()
    query = sa.select(opportunity_annotations).order_by(columns.reviewed_at, columns.annotation_id)
    with state.read() as connection:
        return [
            StoredAnnotation(
                Annotation.model_validate(
                    {name: getattr(row, name) for name in Annotation.model_fields}
                ),
                row.origin,
                row.stored_at,
            )
            for row in connection.execute(query)
        ]
