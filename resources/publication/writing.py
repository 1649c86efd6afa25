"""Write, audit, publish: a finished copy of the warehouse, swapped in as one step."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from resources.clock import utc_now
from resources.durable import fsync, write_durably
from resources.publication.auditing import audit, differences
from resources.publication.records import (
    CONFIG,
    FILE,
    MANIFEST,
    PUBLISHED_SCHEMAS,
    STORAGE_VERSION,
    VOLATILE,
    Publication,
    PublicationError,
)
from resources.publication.tables import (
    Table,
    content_hash_of,
    described,
    fingerprints,
    literal,
    quote,
    tables_of,
)
from resources.publication.versions import (
    BUILDING,
    clean,
    current_or_none,
    list_publications,
    load,
    locked,
    prune,
    swap,
    time_of,
    version_names,
)

if TYPE_CHECKING:
    import duckdb


def publish(
    warehouse: Path,
    published: Path,
    keep: int,
    *,
    as_of: date | None = None,
    schemas: Collection[str] = PUBLISHED_SCHEMAS,
    required: Collection[str] = (),
    volatile: Collection[str] = VOLATILE,
    manifest: Path | None = None,
    progress: Callable[[str], None] = lambda step: None,
    now: Callable[[], datetime] = utc_now,
) -> Publication:
    """Publish the tables of ``schemas`` and keep the newest ``keep`` publications.

    When the content equals the current publication's, nothing is written and the current one is
    returned with ``unchanged``. The same holds for content that a person has rolled back: it does
    not come back by a re-run (``note`` names the version, which ``rollback`` can still bring back).
    ``required`` names tables (``schema.table``) that must exist, and must not be empty if the
    current publication has rows in them. ``volatile`` names schemas or ``schema.table`` that are
    published without counting as content. ``manifest`` is dbt's: its descriptions become the
    comments of tables and columns that have none in the warehouse. ``progress`` hears each step's
    name as it is reached.
    Raises ``PublicationError`` when the warehouse is missing, in use or not closed, when a required
    table is missing, when the copy differs from the warehouse, or when another publication runs.
    """
    if keep < 1:
        raise ValueError(f"keep is {keep}; at least the publication just made has to stay")
    warehouse, published = Path(warehouse), Path(published)
    _require_closed(warehouse)
    published.mkdir(parents=True, exist_ok=True)
    with locked(published):
        clean(published)
        progress("cleaned")
        building = published / f"{BUILDING}{uuid.uuid4().hex[:12]}"
        building.mkdir()
        try:
            with _attached(warehouse, building) as connection:
                tables = tables_of(connection, "warehouse", schemas)
                tables = described(tables, manifest)
                rows, hashes = fingerprints(connection, "warehouse", tables)
                content_hash = content_hash_of(tables, hashes, volatile)
                before = current_or_none(published)
                _require_tables(required, rows, before)
                known = _known(published, before, content_hash)
                if known is not None:
                    return known
                progress("hashed")
                _copy(connection, building / FILE, tables, progress)
            _audit_copy(building / FILE, rows, hashes)
            progress("audited")
            publication = _finish(published, building, as_of, content_hash, rows, hashes, now)
            progress("renamed")
            swap(published, publication.version)
            progress("swapped")
            prune(published, keep)
            progress("pruned")
            return replace(publication, is_current=True)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def _require_closed(warehouse: Path) -> None:
    if not warehouse.is_file():
        raise PublicationError(
            f"there is no warehouse at {warehouse}; build it first (dbt assets of the main job)."
        )
    wal = warehouse.with_name(warehouse.name + ".wal")
    if wal.exists():
        raise PublicationError(
            f"{wal} exists: the warehouse was not closed by its last writer, so its file alone "
            "lacks rows. If a build is running, wait for its end. If none is, one was killed: run "
            "the build again; it replays the log, finishes the tables and closes the file."
        )


@contextmanager
def _attached(warehouse: Path, building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    connection = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": str(building)})
    try:
        try:
            connection.execute(f"ATTACH {literal(str(warehouse))} AS warehouse (READ_ONLY)")
        except (duckdb.IOException, duckdb.BinderException) as error:
            raise PublicationError(
                f"the warehouse {warehouse} cannot be read ({error}). If a build or another tool "
                "has it open for writing, wait for it or close it, then publish again."
            ) from error
        yield connection
    finally:
        connection.close()


def _require_tables(
    required: Collection[str], rows: dict[str, int], before: Publication | None
) -> None:
    missing = sorted(set(required) - set(rows))
    if missing:
        raise PublicationError(
            f"the warehouse lacks {', '.join(missing)}, so nothing was published and readers keep "
            "what they have. Build those models, then publish again."
        )
    emptied = [
        name for name in required if before and before.rows.get(name, 0) > 0 and rows[name] == 0
    ]
    if emptied and before is not None:
        raise PublicationError(
            f"{', '.join(sorted(emptied))} would become empty, while publication {before.version} "
            "has rows there; nothing was published. Look for a source or a model that failed."
        )


def _known(published: Path, before: Publication | None, content_hash: str) -> Publication | None:
    """What to return instead of a new copy, when this content is already here."""
    if before is not None and before.content_hash == content_hash:
        return replace(before, unchanged=True)
    for publication in list_publications(published):
        if publication.content_hash != content_hash:
            continue
        if publication.is_rolled_back and before is not None:
            return replace(
                before,
                unchanged=True,
                note=f"withheld: the content equals {publication.version}, which was rolled back. "
                f"`python -m orchestration rollback --to {publication.version}` brings it back.",
            )
        is_newer = before is None or publication.version > before.version
        if is_newer and audit(publication.path).success:
            # A run was killed after the copy was complete and before the swap.
            swap(published, publication.version)
            return replace(publication, is_current=True, note="finished by a later run")
    return None


def _copy(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    tables: Collection[Table],
    progress: Callable[[str], None],
) -> None:
    # Nothing reads this file before its checkpoint, and after a kill it is thrown away: a log of
    # what is written to it would be written for nobody.
    connection.execute(
        f"ATTACH {literal(str(target))} AS published "
        f"(STORAGE_VERSION '{STORAGE_VERSION}', RECOVERY_MODE 'no_wal_writes')"
    )
    for schema in dict.fromkeys(table.schema for table in tables):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS published.{quote(schema)}")
    for table in tables:
        connection.execute(
            f"CREATE TABLE {table.sql('published')} AS FROM {table.sql('warehouse')}"
        )
        progress(f"copied {table.label}")
    _comment(connection, tables)
    connection.execute("CHECKPOINT published")
    progress("checkpointed")
    connection.execute("DETACH published")
    if target.with_name(target.name + ".wal").exists():
        raise PublicationError(
            f"{target} still has a log after its checkpoint and was thrown away. Publish again."
        )


def _comment(connection: duckdb.DuckDBPyConnection, tables: Collection[Table]) -> None:
    """Write the descriptions of tables and columns.

    In one transaction: a thousand of their own would each wait for the disk. The rows above are
    copied table by table, because a transaction's small tables go through the log first.
    """
    connection.execute("BEGIN")
    for table in tables:
        name = table.sql("published")
        if table.comment:
            connection.execute(f"COMMENT ON TABLE {name} IS {literal(table.comment)}")
        for column, _, comment in table.columns:
            if comment:
                connection.execute(
                    f"COMMENT ON COLUMN {name}.{quote(column)} IS {literal(comment)}"
                )
    connection.execute("COMMIT")


def _audit_copy(path: Path, rows: dict[str, int], hashes: dict[str, str]) -> None:
    problems = differences(path, rows, hashes)
    if problems:
        raise PublicationError(
            f"the copy differs from the warehouse and was thrown away: {'; '.join(problems)}. "
            "Readers keep what they have. Check the disk, then publish again."
        )


def _finish(
    published: Path,
    building: Path,
    as_of: date | None,
    content_hash: str,
    rows: dict[str, int],
    hashes: dict[str, str],
    now: Callable[[], datetime],
) -> Publication:
    """Write the manifest, bring everything to disk and give the folder its version name."""
    for path in building.iterdir():
        if path.name != FILE:
            # DuckDB's own temporary folder, when the copy was larger than memory.
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    at = now().astimezone(UTC).replace(microsecond=0)
    newest = next(iter(version_names(published)), None)
    if newest is not None:
        # Versions sort by time also when the machine's clock has jumped back.
        at = max(at, time_of(newest) + timedelta(seconds=1))
    version = f"{at:%Y%m%dT%H%M%SZ}-{content_hash[:8]}"
    manifest = {
        "version": version,
        "published_at": at.isoformat(),
        "as_of": as_of.isoformat() if as_of else None,
        "content_hash": content_hash,
        "bytes": (building / FILE).stat().st_size,
        "rows": rows,
        "table_hashes": hashes,
    }
    fsync(building / FILE)
    write_durably(building / MANIFEST, json.dumps(manifest, indent=2))
    os.rename(building, published / version)
    fsync(published)
    return load(published, version)
