"""One small simulated market, and the whole line run on it once, shared by these tests.

The market's calendar is fixed and lies in the past, where the simulated vendors can be asked too:
whatever the day these tests run on, the figures are the same.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.line import Line
from resources.publication import Publication, current
from resources.settings import load_settings
from sandbox.market import Market, MarketConfig
from sandbox.process import running_market
from sandbox.truth import tables

#: Enough companies for each model to have what it learns from.
COMPANIES = 400
DAYS = 548
START = date(2024, 1, 1)
#: The day the line is run for; the runs that are disturbed are for the day after it.
TODAY = START + timedelta(days=DAYS)
#: Days before it that are fetched first: two, so that what came can also be seen to have gone.
EARLIER_FETCHES = (60, 30)


@dataclass
class House:
    """A home in which the line has run, the market it ran on, and what can be asked of both."""

    home: Path
    url: str
    line: Line
    market: Market
    output: io.StringIO
    first: Publication
    environment: dict[str, str]
    today: date = TODAY
    tomorrow: date = TODAY + timedelta(days=1)
    companies: int = COMPANIES
    truth: dict = field(default_factory=dict)

    def query(self, sql: str, publication: Publication | None = None) -> list[tuple]:
        """Rows of a query on a publication (default: the first), with the truth's tables in it."""
        if not self.truth:
            wanted = ("companies", "events", "event_sources", "in_market", "leaders")
            self.truth.update(tables(self.market, wanted))
        with duckdb.connect() as connection:
            for name, table in self.truth.items():
                connection.register(f"true_{name}", table)
            path = (publication or self.first).path
            connection.execute(f"ATTACH '{path}' AS published (READ_ONLY)")
            connection.execute("USE published")
            return connection.execute(sql).fetchall()

    def published(self) -> Publication:
        found = current(self.line.settings.published)
        assert found is not None
        return found

    def run(self, day: date, job: str = "daily_line") -> bool:
        """Run a job in this home, also for a fixture that is older than a test's variables."""
        with variables(self.environment):
            return self.line.run_job(job, f"{job} {day}", day)

    def steps(self, job: str = "daily_line") -> dict[str, str]:
        """Steps of the newest run of a job and how each ended."""
        run = next(r for r in self.line.instance.get_runs(limit=20) if r.job_name == job)
        statistics = self.line.instance.get_run_step_stats(run.run_id)
        return {item.step_key: item.status.value for item in statistics if item.status}

    @contextmanager
    def fault(self, source: str, kind: str) -> Iterator[None]:
        """While in here, every answer of a source is spoilt."""
        _ask(f"{self.url}/_sandbox/faults", "POST", {"source": source, "kind": kind, "rate": 1.0})
        try:
            yield
        finally:
            _ask(f"{self.url}/_sandbox/faults", "DELETE")

    def lake_rows(self) -> dict[str, int]:
        """Rows of each stream of the lake; fails when a file of it cannot be read."""
        return parquet_rows(self.home / "lake", depth=2)

    def deliveries(self) -> list[tuple]:
        with sqlite3.connect(self.home / "state" / "state.sqlite") as connection:
            return connection.execute(
                "SELECT delivery_id, status, attempts FROM alert_deliveries ORDER BY 1"
            ).fetchall()


def parquet_rows(root: Path, depth: int) -> dict[str, int]:
    """Rows per dataset (``depth`` folders below ``root``), counted by reading every column."""
    import pyarrow.parquet as pq

    counts: dict[str, int] = {}
    for path in sorted(root.rglob("*.parquet")):
        name = "/".join(path.relative_to(root).parts[:depth])
        counts[name] = counts.get(name, 0) + pq.read_table(path).num_rows
    return counts


def _ask(url: str, method: str, body: dict | None = None) -> None:
    request = urllib.request.Request(
        url, method=method, data=json.dumps(body).encode() if body else None
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10):
        pass


@contextmanager
def variables(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables for this process and its children, and put all back afterwards."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in values.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    """The line, run as the demo runs it: earlier fetches, then the whole line and alerts."""
    from orchestration.definitions import build_definitions

    home = tmp_path_factory.mktemp("home")
    config = MarketConfig(companies=COMPANIES, start=START, days=DAYS)
    with running_market(
        companies=COMPANIES, seed=config.seed, start=START, days=DAYS, home=home
    ) as url:
        environment = {
            "BUYING_SIGNALS_HOME": str(home),
            "BUYING_SIGNALS_ENVIRONMENT": "sandbox",
            "SANDBOX_URL": url,
            "DAGSTER_HOME": str(home / "dagster"),
            # Children that may keep what they have compiled start in a third of the time.
            "PYTHONDONTWRITEBYTECODE": "",
        }
        with variables(environment):
            output = io.StringIO()
            line = Line(load_settings(), Console(file=output, width=200))
            # A platform of its own: that of ``defs`` remembers the home it was first used with.
            line.__dict__["definitions"] = build_definitions()
            days = [*line.missing_history(TODAY, EARLIER_FETCHES)]
            ok = all(line.run_job("ingest_sources", f"Fetching {day}", day) for day in days)
            ok = ok and line.run_job("daily_line", f"The whole line, {TODAY}", TODAY)
            ok = ok and line.alert()
            first = current(line.settings.published)
            assert ok, output.getvalue()
            assert first is not None
        yield House(home, url, line, Market(config), output, first, environment)
        line.services.state.close()
        line.instance.dispose()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(autouse=True)
def _in_the_house(house) -> Iterator[None]:
    """Each test, and what it starts, works in the shared home; other tests do not."""
    with variables(house.environment):
        yield
