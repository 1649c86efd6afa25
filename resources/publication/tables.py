"""Tables of a database, their descriptions, and hashes of what is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from resources.publication.records import PublicationError

if TYPE_CHECKING:
    import duckdb

#: Floating-point sums differ in their last digits with the order in which threads add; six decimals
#: keep that noise out of the content hash and are finer than any published score or amount.
HASHED_DECIMALS = 6


@dataclass(frozen=True)
class Table:
    """A table or view to be published, with its comments."""

    schema: str
    name: str
    comment: str | None
    #: Column name, type and comment, in order.
    columns: tuple[tuple[str, str, str | None], ...]

    @property
    def label(self) -> str:
        """``schema.table``."""
        return f"{self.schema}.{self.name}"

    def sql(self, database: str) -> str:
        """Its quoted name in an attached database."""
        return f"{quote(database)}.{quote(self.schema)}.{quote(self.name)}"


def tables_of(
    connection: duckdb.DuckDBPyConnection, database: str, schemas: Collection[str]
) -> list[Table]:
    """Tables and views of the given schemas, in that order, without dbt's scratch tables."""
    wanted = list(schemas)
    relations = connection.execute(
        """
        SELECT schema_name, table_name AS name, comment FROM duckdb_tables()
        WHERE database_name = $database AND list_contains($schemas, schema_name)
        UNION ALL
        SELECT schema_name, view_name, comment FROM duckdb_views()
        WHERE database_name = $database AND list_contains($schemas, schema_name) AND NOT internal
        """,
        {"database": database, "schemas": wanted},
    ).fetchall()
    columns: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
    for schema, table, name, kind, comment in connection.execute(
        """
        SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = $database AND list_contains($schemas, schema_name)
        ORDER BY schema_name, table_name, column_index
        """,
        {"database": database, "schemas": wanted},
    ).fetchall():
        columns.setdefault((schema, table), []).append((name, kind, comment))
    tables = [
        Table(schema, name, comment, tuple(columns[schema, name]))
        for schema, name, comment in relations
        if "__dbt_" not in name
    ]
    return sorted(tables, key=lambda t: (wanted.index(t.schema), t.name))


def described(tables: list[Table], manifest: Path | None) -> list[Table]:
    """The tables with dbt's descriptions where the warehouse holds no comment."""
    if manifest is None:
        return tables
    try:
        nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"].values()
    except (OSError, ValueError, KeyError) as error:
        raise PublicationError(
            f"dbt's manifest {manifest} cannot be read ({error}); run `dbt parse` in dbt_project."
        ) from error
    models = {
        f"{node['schema']}.{node.get('alias') or node['name']}": node
        for node in nodes
        if node.get("resource_type") in ("model", "seed", "snapshot")
    }
    described = []
    for table in tables:
        node = models.get(table.label, {})
        texts = {n: column.get("description") for n, column in node.get("columns", {}).items()}
        columns = tuple((n, kind, comment or texts.get(n)) for n, kind, comment in table.columns)
        comment = table.comment or node.get("description")
        described.append(replace(table, comment=comment, columns=columns))
    return described


def fingerprints(
    connection: duckdb.DuckDBPyConnection, database: str, tables: Collection[Table]
) -> tuple[dict[str, int], dict[str, str]]:
    """Rows of each table, and a hash of its content that does not depend on the rows' order.

    Both the sum and the exclusive-or of the rows' hashes: the first counts duplicates, which the
    second cancels; the second spreads what a sum could balance.
    """
    rows, hashes = {}, {}
    for table in tables:
        values = ", ".join(_hashed(name, kind) for name, kind, _ in table.columns)
        count, total, mixed = connection.execute(
            f"SELECT count(*), sum(h::HUGEINT), bit_xor(h) "
            f"FROM (SELECT hash({values}) AS h FROM {table.sql(database)})"
        ).fetchall()[0]
        rows[table.label] = count
        shape = "|".join(f"{name} {kind}" for name, kind, _ in table.columns)
        text = f"{shape}|{count}|{total}|{mixed}"
        hashes[table.label] = hashlib.sha256(text.encode()).hexdigest()
    return rows, hashes


def _hashed(name: str, kind: str) -> str:
    column = quote(name)
    return f"round({column}, {HASHED_DECIMALS})" if kind in ("DOUBLE", "FLOAT") else column


def content_hash_of(
    tables: Collection[Table], hashes: dict[str, str], volatile: Collection[str]
) -> str:
    """One hash over all tables but the ``volatile`` ones."""
    digest = hashlib.sha256()
    for table in sorted(tables, key=lambda t: t.label):
        if table.schema in volatile or table.label in volatile:
            continue
        digest.update(f"{table.label} {hashes[table.label]}\n".encode())
    return digest.hexdigest()


def quote(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"
