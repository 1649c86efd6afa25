"""The state store: what the platform must remember between runs and cannot derive from the lake.

SQLite (WAL) by default, PostgreSQL by URL; the same SQLAlchemy Core statements serve both, and
several processes may use it at once. Times are UTC and timezone-aware in Python. Rooms that need
a table of their own declare it on ``metadata`` before ``StateStore`` is opened.

Belongs here: tables, small typed functions over them. Does not belong here: what to do about what
they say (``activation`` decides, ``resources.sources.ingestion`` fetches).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from resources.circuits import Circuit, worst

#: Version of the tables below; raised whenever one of them changes shape.
SCHEMA_VERSION = 1

#: Key under which PostgreSQL serialises the creation of tables (any constant of ours will do).
_CREATION_LOCK = 741_852_963


class StateStoreError(Exception):
    """The state store cannot be used; the message says which one and what to do."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """A UTC time: aware in Python, ``timestamptz`` in PostgreSQL, ISO text in SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse a naive time: it would be read back as another moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"time {value!r} has no timezone; pass an aware UTC datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Give the time back aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData()

schema_version = sa.Table(
    "schema_version",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("applied_at", UtcDateTime, nullable=False),
)

cursors = sa.Table(
    "cursors",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("stream", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True, comment="'' or the company asked about"),
    sa.Column("value", sa.Text, nullable=False),
    sa.Column("updated_at", UtcDateTime, nullable=False),
)

source_runs = sa.Table(
    "source_runs",
    metadata,
    sa.Column("run_id", sa.String(36), primary_key=True),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("day", sa.Date, nullable=False, comment="partition that was fetched"),
    sa.Column(
        "status", sa.String(20), nullable=False, comment="ok, unchanged, partial, failed, ..."
    ),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime, nullable=False),
    sa.Column("records", sa.BigInteger, nullable=False, default=0),
    sa.Column("new_rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("bytes", sa.BigInteger, nullable=False, default=0),
    sa.Column("requests", sa.BigInteger, nullable=False, default=0),
    sa.Column("cache_hits", sa.BigInteger, nullable=False, default=0),
    sa.Column("rejected", sa.BigInteger, nullable=False, default=0),
    sa.Column("failed_targets", sa.BigInteger, nullable=False, default=0),
    sa.Column("seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("error", sa.Text),
)
_source_runs_index = sa.Index("source_runs_by_source", source_runs.c.source, source_runs.c.day)

circuits = sa.Table(
    "circuits",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("opened_at", UtcDateTime, comment="null: it fails, but not often enough yet"),
    sa.Column("probe_at", UtcDateTime, comment="from then on one question may be asked"),
    sa.Column("pause_seconds", sa.Float, nullable=False, default=0.0),
    sa.Column("last_error", sa.Text),
)

publications = sa.Table(
    "publications",
    metadata,
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("as_of", sa.Date, nullable=False),
    sa.Column(
        "status", sa.String(20), nullable=False, comment="current, kept, rolled_back, pruned"
    ),
    sa.Column("published_at", UtcDateTime, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False, default=0),
    sa.Column("tables", sa.Integer, nullable=False, default=0),
    sa.Column("rows", sa.BigInteger, nullable=False, default=0),
    sa.Column("run_id", sa.String(64)),
    sa.Column("note", sa.Text),
)

alert_deliveries = sa.Table(
    "alert_deliveries",
    metadata,
    sa.Column("delivery_id", sa.String(64), primary_key=True, comment="rule + signal + channel"),
    sa.Column("rule_id", sa.String(128), nullable=False),
    sa.Column("signal_id", sa.String(128), comment="null: the alert is about a lead"),
    sa.Column("company_id", sa.String(128), comment="null: a digest of several companies"),
    sa.Column("channel", sa.String(64), nullable=False),
    sa.Column("payload", sa.Text, nullable=False, comment="JSON of what is said"),
    sa.Column(
        "priority",
        sa.String(16),
        nullable=False,
        default="medium",
        comment="critical, high, medium, low",
    ),
    sa.Column(
        "status",
        sa.String(20),
        nullable=False,
        comment="pending, sending, retrying, delivered, abandoned, in_digest, suppressed",
    ),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("next_attempt_at", UtcDateTime, nullable=False),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("delivered_at", UtcDateTime),
)
_alert_deliveries_index = sa.Index(
    "alert_deliveries_due", alert_deliveries.c.status, alert_deliveries.c.next_attempt_at
)

pipeline_runs = sa.Table(
    "pipeline_runs",
    metadata,
    sa.Column("run_id", sa.String(64), primary_key=True),
    sa.Column("job", sa.String(128), nullable=False),
    sa.Column("as_of", sa.Date),
    sa.Column("environment", sa.String(64), nullable=False),
    sa.Column("status", sa.String(20), nullable=False, comment="running, succeeded, failed"),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("finished_at", UtcDateTime),
    sa.Column("publication", sa.String(64)),
    sa.Column("error", sa.Text),
    sa.Column("details", sa.Text, comment="JSON of figures worth keeping"),
)


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


class StateStore:
    """The state store at a SQLAlchemy URL; creates what is missing when opened.

    Raises ``StateStoreError`` when the database was written by a newer version of the platform.
    """

    def __init__(self, url: str) -> None:
        parsed = sa.make_url(url)
        self.dialect = parsed.get_backend_name()
        if self.dialect == "sqlite" and parsed.database not in (None, "", ":memory:"):
            Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
        if self.dialect not in ("sqlite", "postgresql"):
            raise StateStoreError(
                f"state store {parsed.render_as_string(hide_password=True)!r}: only sqlite and "
                "postgresql are supported; change BUYING_SIGNALS_STATE_URL"
            )
        self.url = parsed
        self.engine = sa.create_engine(parsed, pool_pre_ping=self.dialect == "postgresql")
        if self.dialect == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
        self._create()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def __enter__(self) -> StateStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """A transaction that may write.

        SQLite takes its write lock at once: a transaction that reads first and writes later would
        fail instead of waiting when another process wrote in between.
        """
        with self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    connection.rollback()
                    raise
                connection.exec_driver_sql("COMMIT")
                connection.commit()
            else:
                with connection.begin():
                    yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection for reading."""
        with self.engine.connect() as connection:
            yield connection

    def upsert(
        self,
        connection: sa.Connection,
        table: sa.Table,
        rows: Sequence[Mapping[str, Any]],
        *,
        update: bool = True,
    ) -> int:
        """Insert ``rows``; those whose primary key exists are updated, or left when not ``update``.

        Returns the number of rows written.
        """
        if not rows:
            return 0
        module = sqlite if self.dialect == "sqlite" else postgresql
        statement = module.insert(table)
        keys = [column.name for column in table.primary_key]
        changed = {
            name: statement.excluded[name] for name in rows[0] if update and name not in keys
        }
        if changed:
            statement = statement.on_conflict_do_update(index_elements=keys, set_=changed)
        else:
            statement = statement.on_conflict_do_nothing(index_elements=keys)
        return max(connection.execute(statement, list(rows)).rowcount, 0)

    def ensure_tables(self) -> None:
        """Create tables that a room declared on ``metadata`` after the store was opened."""
        self._create()

    def _create(self) -> None:
        with self.write() as connection:
            if self.dialect == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
            for table in metadata.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))
                for index in table.indexes:
                    connection.execute(CreateIndex(index, if_not_exists=True))
            found = connection.execute(sa.select(sa.func.max(schema_version.c.version))).scalar()
            if found is not None and found > SCHEMA_VERSION:
                raise StateStoreError(
                    f"state store {self.url.render_as_string(hide_password=True)!r} has schema "
                    f"version {found}, this code knows {SCHEMA_VERSION}; update the platform"
                )
            self.upsert(
                connection,
                schema_version,
                [{"version": SCHEMA_VERSION, "applied_at": datetime.now(UTC)}],
                update=False,
            )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Let several processes share the file, and lose nothing that was committed."""
    # The driver must not open transactions by itself: StateStore.write does, with the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


# --- cursors ---------------------------------------------------------------------------------


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


# --- source runs and health -------------------------------------------------------------------

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


# --- publications and pipeline runs -----------------------------------------------------------


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


# --- snapshots for the published warehouse ----------------------------------------------------

_TIMESTAMP = pa.timestamp("us", tz="UTC")

SOURCE_HEALTH_SCHEMA = pa.schema(
    [
        pa.field("source", pa.string(), nullable=False),
        pa.field("family", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("last_success_at", _TIMESTAMP),
        pa.field("last_attempt_at", _TIMESTAMP),
        pa.field("last_error", pa.string()),
        pa.field("records_last_run", pa.int64()),
        pa.field("consecutive_failures", pa.int64()),
        pa.field("freshness_hours", pa.float64()),
        pa.field("age_hours", pa.float64()),
        pa.field("circuit", pa.string()),
        pa.field("open_circuits", pa.int64()),
        pa.field("probe_at", _TIMESTAMP),
    ]
)


def health_table(rows: Iterable[SourceHealth]) -> pa.Table:
    """Source health as Arrow, for ``operations/source_health``."""
    return pa.Table.from_pylist([vars(row) for row in rows], schema=SOURCE_HEALTH_SCHEMA)


def arrow_schema(table: sa.Table) -> pa.Schema:
    """The Arrow schema of a state table: text, whole numbers, floats, days and UTC times."""
    return pa.schema(
        [pa.field(c.name, _arrow_type(c.type), nullable=bool(c.nullable)) for c in table.columns]
    )


def _arrow_type(kind: sa.types.TypeEngine[Any]) -> pa.DataType:
    if isinstance(kind, UtcDateTime):
        return _TIMESTAMP
    if isinstance(kind, sa.Date):
        return pa.date32()
    if isinstance(kind, sa.Integer):
        return pa.int64()
    if isinstance(kind, sa.Float):
        return pa.float64()
    return pa.string()


def snapshot(state: StateStore, table: sa.Table) -> pa.Table:
    """All rows of a state table as Arrow, ordered by primary key, for ``operations/<name>``."""
    query = sa.select(table).order_by(*table.primary_key)
    with state.read() as connection:
        rows = [dict(row._mapping) for row in connection.execute(query)]
    return pa.Table.from_pylist(rows, schema=arrow_schema(table))
