"""Runs of sources, circuits of their hosts, and what both say of a source's health."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from resources.circuits import Circuit, worst
from resources.state.store import StateStore
from resources.state.tables import circuits, source_runs


class HealthDeclaration(Protocol):
    """What ``source_health`` needs to know of a source's declaration."""

    name: str
    families: Sequence[str]
    freshness_hours: float

    def missing(self) -> Sequence[str]:
        """Environment variables the source needs and does not find."""


@dataclass(frozen=True)
class SourceRun:
    """One attempt to fetch one source for one partition."""

    source: str
    day: date
    status: str
    started_at: datetime
    finished_at: datetime
    records: int = 0
    new_rows: int = 0
    bytes: int = 0
    requests: int = 0
    cache_hits: int = 0
    rejected: int = 0
    failed_targets: int = 0
    seconds: float = 0.0
    error: str | None = None


@dataclass(frozen=True)
class SourceHealth:
    """How one source is, for one signal family it feeds. Ages and freshness in hours."""

    source: str
    family: str
    status: str
    last_success_at: datetime | None
    last_attempt_at: datetime | None
    last_error: str | None
    records_last_run: int | None
    consecutive_failures: int
    freshness_hours: float
    age_hours: float | None
    circuit: str = "closed"
    open_circuits: int = 0
    probe_at: datetime | None = None


#: Statuses after which a source counts as having answered.
SUCCESSFUL = ("ok", "unchanged", "partial")


def record_source_run(state: StateStore, run: SourceRun) -> str:
    """Keep the outcome of one fetch; returns its run id."""
    run_id = str(uuid.uuid4())
    with state.write() as connection:
        connection.execute(sa.insert(source_runs).values(run_id=run_id, **vars(run)))
    return run_id


def get_circuits(state: StateStore, source: str) -> list[Circuit]:
    """The hosts of a source that have failed of late."""
    query = sa.select(circuits).where(circuits.c.source == source).order_by(circuits.c.host)
    with state.read() as connection:
        return [
            Circuit(row.host, row.failures, row.opened_at, row.probe_at, row.pause_seconds,
                    row.last_error)
            for row in connection.execute(query)
        ]  # fmt: skip


def set_circuits(
    state: StateStore, source: str, failing: Sequence[Circuit], answering: Sequence[str]
) -> None:
    """Keep what a fetch learnt of its hosts: those that fail, and those that answer again."""
    if not failing and not answering:
        return
    rows = [
        {
            "source": source,
            "host": circuit.host[:255],
            "failures": circuit.failures,
            "opened_at": circuit.opened_at,
            "probe_at": circuit.probe_at,
            "pause_seconds": circuit.pause_seconds,
            "last_error": circuit.last_error,
        }
        for circuit in failing
    ]
    with state.write() as connection:
        state.upsert(connection, circuits, rows)
        for start in range(0, len(answering), 500):
            some = [host[:255] for host in answering[start : start + 500]]
            connection.execute(
                sa.delete(circuits).where(circuits.c.source == source, circuits.c.host.in_(some))
            )


def source_health(
    state: StateStore, declarations: Iterable[HealthDeclaration], now: datetime
) -> list[SourceHealth]:
    """One row per declared source and family at ``now`` (UTC), ordered by source and family.

    ``not_configured``: a variable or folder it needs is missing. ``never_run``: no attempt yet.
    ``failing``: the last attempt failed. ``stale``: the last success is older than
    ``freshness_hours``. ``healthy``: otherwise. ``circuit`` is the worst of the source's hosts.
    """
    query = sa.select(source_runs).order_by(source_runs.c.finished_at.desc())
    health = []
    with state.read() as connection:
        for declared in sorted(declarations, key=lambda item: item.name):
            attempts = connection.execute(
                query.where(
                    source_runs.c.source == declared.name,
                    source_runs.c.status != "not_configured",
                ).limit(100)
            ).all()
            idle = None
            if not attempts:
                idle = connection.execute(
                    query.where(source_runs.c.source == declared.name)
                ).first()
            health.extend(_health_rows(declared, attempts, now, idle))
    told = {declared: get_circuits(state, declared) for declared in {row.source for row in health}}
    return [_with_circuit(row, told[row.source], now) for row in health]


def _with_circuit(row: SourceHealth, known: Sequence[Circuit], now: datetime) -> SourceHealth:
    probes = [circuit.probe_at for circuit in known if circuit.probe_at is not None]
    return replace(
        row,
        circuit=worst(known, now),
        open_circuits=len(probes),
        probe_at=min(probes, default=None),
    )


def _health_rows(
    declared: HealthDeclaration, attempts: Sequence[Any], now: datetime, idle: Any = None
) -> list[SourceHealth]:
    """``idle`` is the last run of a source that has never had anything to read from."""
    success = next((run for run in attempts if run.status in SUCCESSFUL), None)
    failures = 0
    for run in attempts:
        if run.status in SUCCESSFUL:
            break
        failures += 1
    age = (now - success.finished_at).total_seconds() / 3600 if success else None
    missing = list(declared.missing())
    last_error = attempts[0].error if attempts else None
    if missing:
        status, last_error = "not_configured", f"set {', '.join(missing)}"
    elif idle is not None:
        status, last_error = "not_configured", idle.error
    elif not attempts:
        status = "never_run"
    elif failures:
        status = "failing"
    elif age is not None and age > declared.freshness_hours:
        status = "stale"
    else:
        status = "healthy"
    return [
        SourceHealth(
            source=declared.name,
            family=family,
            status=status,
            last_success_at=success.finished_at if success else None,
            last_attempt_at=attempts[0].finished_at if attempts else None,
            last_error=last_error,
            records_last_run=attempts[0].records if attempts else None,
            consecutive_failures=failures,
            freshness_hours=float(declared.freshness_hours),
            age_hours=age,
        )
        for family in sorted(declared.families)
    ]
