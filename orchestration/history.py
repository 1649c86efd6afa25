"""Dagster's SQLite history, written without waiting for the disk after every event.

Dagster opens a file of its history anew for each of a run's thousands of events, and closes it
again. By default SQLite then waits for the disk twice each time: when the event is committed, and
when the last one who has the file open closes it (it folds the write-ahead log into the file and
deletes it). Here the log is kept, by holding each file open, and is flushed when it is folded in
(``synchronous = NORMAL``). A process that is killed loses nothing by that; a computer that loses
power may lose the last events of a run's history, and nothing else: the lake, the state store and
the publications are no part of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import sqlalchemy as sa


@contextmanager
def quick_history(folder: Path) -> Iterator[None]:
    """Within it, SQLite files below ``folder`` that SQLAlchemy opens are held open and written so.

    Files in another journal mode than write-ahead logging are left as they are.
    """
    within, held, lock = folder.resolve(), dict[str, sqlite3.Connection](), Lock()

    def connected(connection: object, _: object) -> None:
        if not isinstance(connection, sqlite3.Connection):
            return
        file = next(row[2] for row in connection.execute("pragma database_list"))
        if not file or within not in Path(file).resolve().parents:
            return
        if connection.execute("pragma journal_mode").fetchone()[0] != "wal":
            return
        connection.execute("pragma synchronous = normal")
        with lock:
            if file not in held:
                # Only who has read from the file has it open as SQLite counts.
                held[file] = sqlite3.connect(file, check_same_thread=False)
                held[file].execute("select count(*) from sqlite_master").fetchall()

    sa.event.listen(sa.engine.Engine, "connect", connected)
    try:
        yield
    finally:
        sa.event.remove(sa.engine.Engine, "connect", connected)
        for connection in held.values():
            connection.close()
