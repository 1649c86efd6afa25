"""How readers open the current publication."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources.publication.records import CONFIG, Publication, PublicationError
from resources.publication.versions import current

if TYPE_CHECKING:
    import duckdb


def connect_to(publication: Publication) -> duckdb.DuckDBPyConnection:
    """A read-only connection to one publication.

    By the version's own path, because within one process DuckDB hands out the file that is already
    open under a path, and ``current`` is the same path for every version.
    """
    import duckdb

    return duckdb.connect(str(publication.path), read_only=True, config=CONFIG)


def connect_published(published: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to the current publication.

    It keeps reading the same publication until it is closed, also across a swap; connect again to
    see a newer one. Raises ``PublicationError`` before the first publication.
    """
    import duckdb

    # The second and third attempt are for a publication that was pruned between the two lines.
    for attempt in range(3):
        publication = current(published)
        if publication is None:
            raise PublicationError(
                f"nothing is published in {published} yet; run the main job first (`make demo`)."
            )
        try:
            return connect_to(publication)
        except duckdb.IOException:
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def ask(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows of a query as mappings from column to value."""
    cursor = connection.execute(sql, parameters or {})
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
