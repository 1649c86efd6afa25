"""One database for all processes: opening, transactions, upserts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from resources.state.tables import metadata, schema_version

#: Version of the tables below; raised whenever one of them changes shape.
SCHEMA_VERSION = 1
#: Key under which PostgreSQL serialises the creation of tables (any constant of ours will do).
_CREATION_LOCK = 741_852_963


class StateStoreError(Exception):
    """The state store cannot be used; the message says which one and what to do."""


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
