"""The invented market built by dbt once day by day and once in one go, for all tests here."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest
from fsspec.implementations.local import LocalFileSystem

from orchestration.rebuild import rebuild
from resources.parquet import PART, write_table
from resources.settings import Settings
from tests.dbt.world import DAY_2, DAY_3, DAYS, amend, build_world, tell_late

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

#: What a query answers.
Rows = list[tuple]


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage: among all that dbt holds of a project it is a tenth of a build."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Dbt:
    """dbt in this process, parsing the project once for all commands and homes."""

    def __init__(self, target: Path, project: Path = PROJECT) -> None:
        self.project = project
        self.options = [
            "--project-dir", str(project), "--profiles-dir", str(project),
            "--target-path", str(target), "--log-path", str(target),
            # What dbt would tell is a sixth of its time; here its results are read.
            "--log-level", "none", "--log-level-file", "none", "--no-write-json",
        ]  # fmt: skip
        self.manifest: Manifest | None = None

    def __call__(self, home: Path, as_of: date, *arguments: str) -> object:
        """Run one command on the warehouse of ``home``, let go of its file, return dbt's result.

        Raises ``AssertionError`` with the messages of the nodes that failed.
        """
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        (home / "warehouse").mkdir(parents=True, exist_ok=True)
        run = pa.table({"as_of": [as_of]})
        write_table(LocalFileSystem(), str(home / "reference" / "run" / PART), run)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("BUYING_SIGNALS_HOME", str(home))
            patch.setenv("DBT_SEND_ANONYMOUS_USAGE_STATS", "false")
            patch.setenv("DO_NOT_TRACK", "1")
            patch.delenv("BUYING_SIGNALS_LAKE_URL", raising=False)
            patch.chdir(self.project)
            if self.manifest is None:
                parsed = dbtRunner().invoke(["parse", *self.options])
                assert parsed.success, parsed.exception
                self.manifest = parsed.result
            with uncollected():
                done = dbtRunner(manifest=self.manifest).invoke([*arguments, *self.options])
            DuckDBConnectionManager.close_all_connections()
        failed = [
            f"{result.node.name}: {result.message}"
            for result in (done.result or ())
            if str(result.status) in ("error", "fail")
        ]
        assert done.success, "\n".join(failed) or str(done.exception)
        return done.result

    def show(self, home: Path, as_of: date, sql: str, *arguments: str) -> Rows:
        """Rows of a query that may use the project's macros."""
        command = ("show", "--inline", sql, "--limit", "-1", "--output", "json", *arguments)
        table = self(home, as_of, *command).results[0].agate_table
        return [tuple(row.values()) for row in table.rows]


@pytest.fixture(scope="session")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """One parse for all commands."""
    return Dbt(tmp_path_factory.mktemp("dbt_target"))


@pytest.fixture(scope="session")
def in_one_go(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """All days laid down, then built once with every data and unit test; then a past day again."""
    home = tmp_path_factory.mktemp("in_one_go")
    build_world().write(home, DAYS)
    dbt(home, DAY_3, "build")
    return home


@pytest.fixture(scope="session")
def day_by_day(tmp_path_factory: pytest.TempPathFactory, in_one_go: Path, dbt: Dbt) -> Path:
    """Each day laid down and built before the next one is known."""
    home = tmp_path_factory.mktemp("day_by_day")
    world = build_world()
    for day in DAYS:
        world.write(home, (day,))
        kinds = ("--resource-type", "model", "--resource-type", "seed")
        dbt(home, day, "build", *kinds)
        shutil.copy(home / "warehouse" / "warehouse.duckdb", state_of(home, day))
    return home


def state_of(home: Path, day: date) -> Path:
    """The warehouse of ``home`` as it stood at the end of a day."""
    return home / "warehouse" / f"{day}.duckdb"


@pytest.fixture(scope="session")
def rebuilt_past(in_one_go: Path, dbt: Dbt, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished warehouse on which an earlier day is built again, long after."""
    home = tmp_path_factory.mktemp("rebuilt") / "home"
    shutil.copytree(in_one_go, home)
    dbt(home, DAY_2, "run")
    return home


@pytest.fixture(scope="session")
def told_late(dbt: Dbt, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A home in which more is told late on the last day, and an earlier day rebuilt beside it."""
    home = tmp_path_factory.mktemp("told_late")
    world = build_world()
    tell_late(world)
    world.write(home, DAYS)
    kinds = ("--resource-type", "model", "--resource-type", "seed")
    dbt(home, DAY_3, "build", *kinds)
    again = rebuild(
        Settings(home=home), DAY_2, lambda apart, day: dbt(apart.home, day, "build", *kinds)
    )
    return home, again


@pytest.fixture(scope="session")
def amended(
    in_one_go: Path, rebuilt_past: Path, dbt: Dbt, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """What was built is set aside and read anew afterwards: a used warehouse and a new one.

    The used one has seen the last day, then an earlier one, then the last again.
    """
    used, new = (tmp_path_factory.mktemp(name) / "home" for name in ("used", "new"))
    shutil.copytree(rebuilt_past, used)
    shutil.copytree(in_one_go, new, ignore=shutil.ignore_patterns("warehouse"))
    for home in (used, new):
        amend(home)
        dbt(home, DAY_3, "build", "--resource-type", "model", "--resource-type", "seed")
    return used, new


def opened(home: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse of ``home``, or the warehouse file itself, for reading."""
    path = home if home.is_file() else home / "warehouse" / "warehouse.duckdb"
    return duckdb.connect(str(path), read_only=True)


def query(home: Path, sql: str) -> Rows:
    """Rows of a query on the warehouse of ``home``, or on the warehouse file itself."""
    with opened(home) as connection:
        return connection.execute(sql).fetchall()


#: Tables that hold a day's state, and no more: the histories grow by a day with each build.
TABLES = """
    select table_schema || '.' || table_name from information_schema.tables
    where table_schema in ('core', 'signals', 'leads', 'opportunities', 'outcomes', 'features',
                           'intermediate')
      and table_name not in ('lead_score_history', 'lead_score_point_history',
                             'icp_profile_versions', 'buying_readiness_history', 'discoveries')
    order by 1"""


def differences(one: Path, other: Path) -> dict[str, tuple[Rows, Rows]]:
    """Every table of ``other`` whose rows are not those of ``one``, with both sides' rows.

    At what moment a run has joined opportunities (``joined_at``) is its own.
    Raises ``AssertionError`` where there are hardly any tables to compare.
    """
    found: dict[str, tuple[Rows, Rows]] = {}
    with opened(one) as left, opened(other) as right:
        tables = [table for (table,) in right.execute(TABLES).fetchall()]
        assert len(tables) > 45
        for table in tables:
            sql = f"select columns(c -> c <> 'joined_at') from {table} order by all"
            rows = left.execute(sql).fetchall(), right.execute(sql).fetchall()
            if rows[0] != rows[1]:
                found[table] = rows
    return found


@pytest.fixture(scope="session")
def ask(in_one_go: Path) -> Callable[[str], Rows]:
    """Query the warehouse that was built in one go."""
    return lambda sql: query(in_one_go, sql)
