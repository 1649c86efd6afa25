"""The invented market built by dbt once day by day and once in one go, for all tests here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from tests.dbt.world import DAY_2, DAY_3, DAYS, build_world

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"

#: Rows as (columns, sorted tuples).
Rows = list[tuple]


def run_dbt(home: Path, target: Path, as_of: date, *arguments: str) -> str:
    """Run one dbt command on the warehouse of ``home``; its output when it fails is the error."""
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "BUYING_SIGNALS_HOME": str(home),
        "BUYING_SIGNALS_AS_OF": as_of.isoformat(),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    environment.pop("BUYING_SIGNALS_LAKE_URL", None)
    dbt = Path(sys.executable).with_name("dbt")
    done = subprocess.run(
        [str(dbt), "--no-use-colors", *arguments, "--project-dir", str(PROJECT),
         "--profiles-dir", str(PROJECT), "--target-path", str(target), "--log-path", str(target)],
        env=environment, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One parse cache for all invocations."""
    return tmp_path_factory.mktemp("dbt_target")


@pytest.fixture(scope="session")
def in_one_go(tmp_path_factory: pytest.TempPathFactory, target: Path) -> Path:
    """All days laid down, then built once with every data and unit test; then a past day again."""
    home = tmp_path_factory.mktemp("in_one_go")
    build_world().write(home, DAYS)
    run_dbt(home, target, DAY_3, "build")
    return home


@pytest.fixture(scope="session")
def day_by_day(tmp_path_factory: pytest.TempPathFactory, in_one_go: Path, target: Path) -> Path:
    """Each day laid down and built before the next one is known."""
    home = tmp_path_factory.mktemp("day_by_day")
    world = build_world()
    for day in DAYS:
        world.write(home, (day,))
        kinds = ("--resource-type", "model", "--resource-type", "seed")
        run_dbt(home, target, day, "build", *kinds)
    return home


@pytest.fixture(scope="session")
def rebuilt_past(in_one_go: Path, target: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the finished warehouse on which an earlier day is built again, long after."""
    import shutil

    home = tmp_path_factory.mktemp("rebuilt") / "home"
    shutil.copytree(in_one_go, home)
    run_dbt(home, target, DAY_2, "run", "--select", "+lead_score_history")
    return home


def query(home: Path, sql: str) -> Rows:
    """Rows of a query on the warehouse of ``home``."""
    path = home / "warehouse" / "warehouse.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def ask(in_one_go: Path) -> Callable[[str], Rows]:
    """Query the warehouse that was built in one go."""
    return lambda sql: query(in_one_go, sql)
