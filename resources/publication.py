"""Write, audit, publish: finished read-only copies of the warehouse, swapped in one atomic step.

``publish`` copies the tables people read into a new DuckDB file, checks the copy against the
warehouse table by table, and only then moves the symlink ``<published>/current``. A reader resolves
``current`` when it connects (``connect_published``) and keeps its own file for as long as it likes.

A kill at any moment leaves ``current`` on a whole publication: everything is built in a folder
whose name starts with ``.building-``, a folder gets its version name only when the file in it is
complete, audited and on disk, and what a killed run left behind is removed by the next one.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from resources.clock import utc_now

if TYPE_CHECKING:
    import duckdb

FILE = "buying_signals.duckdb"
MANIFEST = "publication.json"
CURRENT = "current"
ROLLED_BACK = "rolled_back.json"
_LOCK = ".lock"
_BUILDING = ".building-"
_SWAPPING = ".current-"

#: Schemas that people read. Staging, intermediate and feature tables stay in the warehouse.
PUBLISHED_SCHEMAS = (
    "core",
    "signals",
    "leads",
    "buying_groups",
    "opportunities",
    "predictions",
    "outcomes",
    "operations",
)

#: What a run writes about itself: published, but no reason for a new publication.
VOLATILE = ("operations",)

#: Oldest DuckDB whose clients open the file: BI tools carry old ones.
STORAGE_VERSION = "v1.0.0"

#: One configuration for every connection: within a process DuckDB shares an open file only between
#: connections that are configured alike. A missing extension fails at once, it is never fetched.
CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}

#: Floating-point sums differ in their last digits with the order in which threads add; six decimals
#: keep that noise out of the content hash and are finer than any published score or amount.
HASHED_DECIMALS = 6


class PublicationError(Exception):
    """A publication could not be made, found or trusted; the message says what to do."""


@dataclass(frozen=True)
class Publication:
    """One finished read-only copy.

    ``rows`` is the number of rows per ``schema.table``, ``bytes`` the file's size, ``content_hash``
    independent of row order and of what a run writes about itself. ``unchanged`` says that no new
    copy was made because this one already holds the content; ``note`` tells anything a person
    should know about that.
    """

    version: str
    path: Path
    published_at: datetime
    as_of: date | None
    content_hash: str
    rows: dict[str, int]
    table_hashes: dict[str, str]
    bytes: int
    unchanged: bool = False
    is_current: bool = False
    is_rolled_back: bool = False
    note: str | None = None

    @property
    def tables(self) -> int:
        """How many tables are published."""
        return len(self.rows)

    @property
    def total_rows(self) -> int:
        """How many rows are published, over all tables."""
        return sum(self.rows.values())


@dataclass(frozen=True)
class Audit:
    """What reading a publication back and comparing it with its own manifest has shown."""

    version: str
    problems: tuple[str, ...]
    seconds: float

    @property
    def success(self) -> bool:
        """Whether every table holds the rows that were published."""
        return not self.problems


@dataclass(frozen=True)
class _Table:
    schema: str
    name: str
    comment: str | None
    #: Column name, type and comment, in order.
    columns: tuple[tuple[str, str, str | None], ...]

    @property
    def label(self) -> str:
        return f"{self.schema}.{self.name}"

    def sql(self, database: str) -> str:
        return f"{_quote(database)}.{_quote(self.schema)}.{_quote(self.name)}"


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
    with _publishing(published):
        _clean(published)
        progress("cleaned")
        building = published / f"{_BUILDING}{uuid.uuid4().hex[:12]}"
        building.mkdir()
        try:
            with _attached(warehouse, building) as connection:
                tables = _tables(connection, "warehouse", schemas)
                tables = _described(tables, manifest)
                rows, hashes = _fingerprints(connection, "warehouse", tables)
                content_hash = _content_hash(tables, hashes, volatile)
                before = _current_or_none(published)
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
            _swap(published, publication.version)
            progress("swapped")
            _prune(published, keep)
            progress("pruned")
            return replace(publication, is_current=True)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def current(published: Path) -> Publication | None:
    """The publication that readers get, or None before the first.

    Raises ``PublicationError`` when ``current`` points to something that is not a publication.
    """
    published = Path(published)
    link = published / CURRENT
    if not link.is_symlink():
        return None
    version = os.readlink(link)
    try:
        found = _load(published, version)
    except (OSError, ValueError, KeyError) as error:
        raise PublicationError(
            f"{link} points to {version!r}, which is not a readable publication ({error}). "
            "Run `python -m orchestration rollback` to point it to the newest whole one."
        ) from error
    return replace(found, is_current=True)


def list_publications(published: Path) -> list[Publication]:
    """Every publication that is kept, newest first; ``is_current`` marks the one readers get."""
    published = Path(published)
    link = published / CURRENT
    now_current = os.readlink(link) if link.is_symlink() else None
    found = []
    for version in _versions(published):
        with suppress(OSError, ValueError, KeyError):
            publication = _load(published, version)
            found.append(replace(publication, is_current=version == now_current))
    return found


def rollback(
    published: Path, version: str | None = None, *, now: Callable[[], datetime] = utc_now
) -> Publication:
    """Point ``current`` to an earlier publication (default: the newest one before it).

    ``version`` may be shortened to any unambiguous beginning, and may also name a newer
    publication, to undo a rollback. The target is audited first. The versions left behind are
    remembered, so that a re-run on the same content does not publish them again.

    Raises ``PublicationError`` when there is no such publication or its audit fails.
    """
    published = Path(published)
    if not published.is_dir():
        raise PublicationError(f"there is no publication in {published}: nothing to roll back to")
    with _publishing(published):
        kept = list_publications(published)
        target = _target(published, kept, version)
        outcome = audit(target.path)
        if not outcome.success:
            raise PublicationError(
                f"publication {target.version} is damaged and was not made current: "
                f"{'; '.join(outcome.problems)}. Choose another with `--to`; available: "
                f"{', '.join(p.version for p in kept)}."
            )
        marks = _rolled_back(published)
        before = next((p for p in kept if p.is_current), None)
        if before is not None and target.version < before.version:
            for publication in kept:
                if target.version < publication.version <= before.version:
                    marks.setdefault(publication.version, now().isoformat())
        marks.pop(target.version, None)
        _write_durably(published / ROLLED_BACK, json.dumps(marks, indent=2, sort_keys=True))
        _swap(published, target.version)
        return replace(target, is_current=True, is_rolled_back=False)


def audit(path: Path) -> Audit:
    """Read a publication (its folder or its file) back and compare it with its own manifest."""
    started = time.monotonic()
    folder = Path(path).resolve()
    folder = folder.parent if folder.name == FILE else folder
    try:
        publication = _load(folder.parent, folder.name)
    except (OSError, ValueError, KeyError) as error:
        problem = f"{folder / MANIFEST} is not readable ({error})"
        return Audit(folder.name, (problem,), time.monotonic() - started)
    problems = _differences(publication.path, publication.rows, publication.table_hashes)
    return Audit(publication.version, tuple(problems), time.monotonic() - started)


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
            # The version's own path, because within one process DuckDB hands out the file that is
            # already open under a path, and ``current`` is the same path for every version.
            return duckdb.connect(str(publication.path), read_only=True, config=CONFIG)
        except duckdb.IOException:
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


# --- building ------------------------------------------------------------------------------------


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
def _publishing(published: Path) -> Iterator[None]:
    """Hold the one lock of a published folder; the system frees it when a process dies."""
    with open(published / _LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PublicationError(
                f"another process is publishing to {published} or rolling it back; try again when "
                "it has ended (it takes seconds)."
            ) from error
        yield


def _clean(published: Path) -> None:
    """Remove what a killed run left behind."""
    for path in published.glob(f"{_BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in published.glob(f"{_SWAPPING}*"):
        with suppress(FileNotFoundError):
            path.unlink()


@contextmanager
def _attached(warehouse: Path, building: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    connection = duckdb.connect(":memory:", config={**CONFIG, "temp_directory": str(building)})
    try:
        try:
            connection.execute(f"ATTACH {_literal(str(warehouse))} AS warehouse (READ_ONLY)")
        except (duckdb.IOException, duckdb.BinderException) as error:
            raise PublicationError(
                f"the warehouse {warehouse} cannot be read ({error}). If a build or another tool "
                "has it open for writing, wait for it or close it, then publish again."
            ) from error
        yield connection
    finally:
        connection.close()


def _tables(
    connection: duckdb.DuckDBPyConnection, database: str, schemas: Collection[str]
) -> list[_Table]:
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
        _Table(schema, name, comment, tuple(columns[schema, name]))
        for schema, name, comment in relations
        if "__dbt_" not in name
    ]
    return sorted(tables, key=lambda t: (wanted.index(t.schema), t.name))


def _described(tables: list[_Table], manifest: Path | None) -> list[_Table]:
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


def _fingerprints(
    connection: duckdb.DuckDBPyConnection, database: str, tables: Collection[_Table]
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
    column = _quote(name)
    return f"round({column}, {HASHED_DECIMALS})" if kind in ("DOUBLE", "FLOAT") else column


def _content_hash(
    tables: Collection[_Table], hashes: dict[str, str], volatile: Collection[str]
) -> str:
    digest = hashlib.sha256()
    for table in sorted(tables, key=lambda t: t.label):
        if table.schema in volatile or table.label in volatile:
            continue
        digest.update(f"{table.label} {hashes[table.label]}\n".encode())
    return digest.hexdigest()


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
            _swap(published, publication.version)
            return replace(publication, is_current=True, note="finished by a later run")
    return None


def _copy(
    connection: duckdb.DuckDBPyConnection,
    target: Path,
    tables: Collection[_Table],
    progress: Callable[[str], None],
) -> None:
    connection.execute(
        f"ATTACH {_literal(str(target))} AS published (STORAGE_VERSION '{STORAGE_VERSION}')"
    )
    for schema in dict.fromkeys(table.schema for table in tables):
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS published.{_quote(schema)}")
    for table in tables:
        name = table.sql("published")
        connection.execute(f"CREATE TABLE {name} AS FROM {table.sql('warehouse')}")
        if table.comment:
            connection.execute(f"COMMENT ON TABLE {name} IS {_literal(table.comment)}")
        for column, _, comment in table.columns:
            if comment:
                connection.execute(
                    f"COMMENT ON COLUMN {name}.{_quote(column)} IS {_literal(comment)}"
                )
        progress(f"copied {table.label}")
    connection.execute("CHECKPOINT published")
    progress("checkpointed")
    connection.execute("DETACH published")
    if target.with_name(target.name + ".wal").exists():
        raise PublicationError(
            f"{target} still has a log after its checkpoint and was thrown away. Publish again."
        )


def _audit_copy(path: Path, rows: dict[str, int], hashes: dict[str, str]) -> None:
    problems = _differences(path, rows, hashes)
    if problems:
        raise PublicationError(
            f"the copy differs from the warehouse and was thrown away: {'; '.join(problems)}. "
            "Readers keep what they have. Check the disk, then publish again."
        )


def _differences(path: Path, rows: dict[str, int], hashes: dict[str, str]) -> list[str]:
    """In what way the tables in a file are not the ones described; empty when they are."""
    import duckdb

    try:
        connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as error:
        return [f"{path.name} cannot be opened ({error})"]
    try:
        database = connection.execute("SELECT current_database()").fetchall()[0][0]
        schemas = dict.fromkeys(label.split(".", 1)[0] for label in rows)
        tables = _tables(connection, database, schemas)
        found_rows, found_hashes = _fingerprints(connection, database, tables)
    except duckdb.Error as error:
        return [f"{path.name} cannot be read ({error})"]
    finally:
        connection.close()
    problems = [f"{name} is missing" for name in sorted(set(rows) - set(found_rows))]
    problems += [f"{name} was not published" for name in sorted(set(found_rows) - set(rows))]
    for name in sorted(set(rows) & set(found_rows)):
        if rows[name] != found_rows[name]:
            problems.append(f"{name} has {found_rows[name]} rows instead of {rows[name]}")
        elif hashes[name] != found_hashes[name]:
            problems.append(f"{name} has other values than were published")
    return problems


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
    newest = next(iter(_versions(published)), None)
    if newest is not None:
        # Versions sort by time also when the machine's clock has jumped back.
        at = max(at, _time_of(newest) + timedelta(seconds=1))
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
    _fsync(building / FILE)
    _write_durably(building / MANIFEST, json.dumps(manifest, indent=2))
    os.rename(building, published / version)
    _fsync(published)
    return _load(published, version)


def _swap(published: Path, version: str) -> None:
    temporary = published / f"{_SWAPPING}{uuid.uuid4().hex[:12]}"
    os.symlink(version, temporary)
    os.replace(temporary, published / CURRENT)
    _fsync(published)


def _prune(published: Path, keep: int) -> None:
    """Remove all but the newest ``keep`` publications; an open reader keeps its file's data."""
    now_current = os.readlink(published / CURRENT)
    versions = _versions(published)
    for version in versions[keep:]:
        if version == now_current:
            continue
        # Out of the list first, so that nobody finds half a publication.
        doomed = published / f"{_BUILDING}{uuid.uuid4().hex[:12]}"
        os.rename(published / version, doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    marks = _rolled_back(published)
    remaining = {v: at for v, at in marks.items() if (published / v).is_dir()}
    if remaining != marks:
        _write_durably(published / ROLLED_BACK, json.dumps(remaining, indent=2, sort_keys=True))


# --- looking up ----------------------------------------------------------------------------------


def _versions(published: Path) -> list[str]:
    """Names of the version folders, newest first."""
    if not published.is_dir():
        return []
    names = []
    for path in published.iterdir():
        if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
            with suppress(ValueError):
                _time_of(path.name)
                names.append(path.name)
    return sorted(names, reverse=True)


def _time_of(version: str) -> datetime:
    return datetime.strptime(version.split("-", 1)[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _load(published: Path, version: str) -> Publication:
    path = published / version / FILE
    manifest = json.loads((published / version / MANIFEST).read_text(encoding="utf-8"))
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing")
    as_of = manifest["as_of"]
    return Publication(
        version=manifest["version"],
        path=path,
        published_at=datetime.fromisoformat(manifest["published_at"]),
        as_of=date.fromisoformat(as_of) if as_of else None,
        content_hash=manifest["content_hash"],
        rows=manifest["rows"],
        table_hashes=manifest["table_hashes"],
        bytes=manifest["bytes"],
        is_rolled_back=version in _rolled_back(published),
    )


def _current_or_none(published: Path) -> Publication | None:
    """The current publication; a damaged one counts as none, because a new copy mends that."""
    try:
        return current(published)
    except PublicationError:
        return None


def _rolled_back(published: Path) -> dict[str, str]:
    """Versions that a person has rolled back, with the time (ISO, UTC)."""
    try:
        marks = json.loads((published / ROLLED_BACK).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return marks if isinstance(marks, dict) else {}


def _target(published: Path, kept: list[Publication], version: str | None) -> Publication:
    available = ", ".join(p.version for p in kept) or "none"
    if version is not None:
        matches = [p for p in kept if p.version.startswith(version)]
        if len(matches) == 1:
            return matches[0]
        problem = "is ambiguous" if matches else "does not exist"
        raise PublicationError(f"publication {version!r} {problem}; available: {available}.")
    link = published / CURRENT
    before = os.readlink(link) if link.is_symlink() else None
    # A damaged current publication is not in the list of kept ones, but still has its place in it.
    older = [p for p in kept if before is None or p.version < before]
    healthy = [p for p in older if not p.is_rolled_back] or older
    if not healthy:
        raise PublicationError(
            f"there is no publication before {before} to roll back to; available: {available}."
        )
    return healthy[0]


# --- small tools ---------------------------------------------------------------------------------


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_durably(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old text or the new one, also after a crash."""
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
    _fsync(path.parent)
