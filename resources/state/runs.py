"""Publications made and runs of the line, as they were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from resources.state.store import StateStore
from resources.state.tables import pipeline_runs, publications


def record_publication(state: StateStore, values: Mapping[str, Any]) -> None:
    """Insert or update a publication (columns of ``publications``, ``version`` required).

    One that is ``current`` makes the one before it ``kept``.
    """
    with state.write() as connection:
        if values.get("status") == "current":
            connection.execute(
                sa.update(publications)
                .where(
                    publications.c.status == "current",
                    publications.c.version != values["version"],
                )
                .values(status="kept")
            )
        state.upsert(connection, publications, [dict(values)])


def set_publication_status(state: StateStore, version: str, status: str) -> None:
    """Change the status of one publication."""
    with state.write() as connection:
        connection.execute(
            sa.update(publications).where(publications.c.version == version).values(status=status)
        )


def list_publications(state: StateStore) -> list[dict[str, Any]]:
    """All publications, newest first."""
    query = sa.select(publications).order_by(
        publications.c.published_at.desc(), publications.c.version.desc()
    )
    with state.read() as connection:
        return [dict(row._mapping) for row in connection.execute(query)]


def start_pipeline_run(
    state: StateStore,
    run_id: str,
    job: str,
    environment: str,
    now: datetime,
    as_of: date | None = None,
) -> None:
    """Record that a run began; starting the same run id again begins it anew."""
    row = {
        "run_id": run_id,
        "job": job,
        "as_of": as_of,
        "environment": environment,
        "status": "running",
        "started_at": now,
        "finished_at": None,
        "error": None,
    }
    with state.write() as connection:
        state.upsert(connection, pipeline_runs, [row])


def finish_pipeline_run(
    state: StateStore,
    run_id: str,
    status: str,
    now: datetime,
    *,
    publication: str | None = None,
    error: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Record how a run ended: ``succeeded`` or ``failed``."""
    with state.write() as connection:
        connection.execute(
            sa.update(pipeline_runs)
            .where(pipeline_runs.c.run_id == run_id)
            .values(
                status=status,
                finished_at=now,
                publication=publication,
                error=error,
                details=json.dumps(details, sort_keys=True, default=str) if details else None,
            )
        )
