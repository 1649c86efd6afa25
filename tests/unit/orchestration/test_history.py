"""Dagster's history is held open while a run writes it, and loses nothing when that is killed."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from orchestration.history import quick_history
from resources.settings import PROJECT_ROOT


def engine_of(path: Path) -> sa.Engine:
    """An engine that opens the file anew for each use, as Dagster does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table if not exists events (number integer)")
    connection.close()
    return sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)


def synchronous(engine: sa.Engine) -> int:
    """SQLite's mode: 2 waits for the disk at each commit (FULL), 1 does not (NORMAL)."""
    with engine.connect() as connection:
        return connection.execute(sa.text("pragma synchronous")).scalar_one()


def tell(engine: sa.Engine, number: int) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("insert into events values (:number)"), {"number": number})


def test_only_the_history_is_written_without_waiting_and_only_for_its_run(tmp_path: Path) -> None:
    history = engine_of(tmp_path / "dagster" / "history" / "runs" / "index.db")
    state = engine_of(tmp_path / "state" / "state.sqlite")
    log = tmp_path / "dagster" / "history" / "runs" / "index.db-wal"
    with quick_history(tmp_path / "dagster"):
        assert (synchronous(history), synchronous(state)) == (1, 2)
        tell(history, 1)
        tell(state, 1)
        # Nobody uses the file now, and its log is still there: it need not be made for each event.
        assert log.exists()
        assert not (tmp_path / "state" / "state.sqlite-wal").exists()
    assert not log.exists()
    assert synchronous(history) == 2
    with history.connect() as connection:
        assert connection.execute(sa.text("select number from events")).all() == [(1,)]


@pytest.mark.parametrize("mode", ["delete", "truncate"])
def test_a_file_without_a_log_is_left_as_it_is(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "dagster" / "other.db"
    engine_of(path)
    with sqlite3.connect(path) as connection:
        connection.execute(f"pragma journal_mode = {mode}")
    connection.close()
    with quick_history(tmp_path / "dagster"):
        assert synchronous(sa.create_engine(f"sqlite:///{path}", poolclass=NullPool)) == 2


KILLED = """
import os, signal, sys
from pathlib import Path
from orchestration.history import quick_history
from tests.unit.orchestration.test_history import engine_of, tell
home = Path(sys.argv[1])
history = engine_of(home / "history" / "index.db")
with quick_history(home):
    for number in range(50):
        tell(history, number)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_run_leaves_all_its_events(tmp_path: Path) -> None:
    child = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT_ROOT, check=False
    )
    assert child.returncode == -signal.SIGKILL
    with sqlite3.connect(tmp_path / "history" / "index.db") as connection:
        assert connection.execute("select count(*) from events").fetchone() == (50,)
