"""A publication read back and compared with its own manifest."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from resources.publication.records import CONFIG, FILE, MANIFEST, Audit
from resources.publication.tables import fingerprints, tables_of
from resources.publication.versions import load

if TYPE_CHECKING:
    pass


def audit(path: Path) -> Audit:
    """Read a publication (its folder or its file) back and compare it with its own manifest."""
    started = time.monotonic()
    folder = Path(path).resolve()
    folder = folder.parent if folder.name == FILE else folder
    try:
        publication = load(folder.parent, folder.name)
    except (OSError, ValueError, KeyError) as error:
        problem = f"{folder / MANIFEST} is not readable ({error})"
        return Audit(folder.name, (problem,), time.monotonic() - started)
    problems = differences(publication.path, publication.rows, publication.table_hashes)
    return Audit(publication.version, tuple(problems), time.monotonic() - started)


def differences(path: Path, rows: dict[str, int], hashes: dict[str, str]) -> list[str]:
    """In what way the tables in a file are not the ones described; empty when they are."""
    import duckdb

    try:
        connection = duckdb.connect(str(path), read_only=True, config=CONFIG)
    except duckdb.Error as error:
        return [f"{path.name} cannot be opened ({error})"]
    try:
        database = connection.execute("SELECT current_database()").fetchall()[0][0]
        schemas = dict.fromkeys(label.split(".", 1)[0] for label in rows)
        tables = tables_of(connection, database, schemas)
        found_rows, found_hashes = fingerprints(connection, database, tables)
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
