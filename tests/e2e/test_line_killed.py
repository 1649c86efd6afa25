"""Killed at any moment, the line leaves everything readable, and the next run completes.

The whole process group dies by SIGKILL, as when a machine loses power or a container is taken down.
A reader works on the published copy all the while.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest

from resources.publication import audit, connect_published, current
from resources.settings import PROJECT_ROOT
from resources.sources.declaration import load_declarations
from sandbox.truth import in_market_domains

pytestmark = pytest.mark.slow

#: Seconds after which a run that never reached the moment of its end is given up.
PATIENCE = 120.0
#: Seconds between two looks at a run.
LOOK_EVERY = 0.03


class Reader(threading.Thread):
    """Reads the published copy again and again, as a dashboard does."""

    def __init__(self, published) -> None:
        super().__init__(daemon=True)
        self.published = published
        self.done = threading.Event()
        self.reads = 0
        self.failures: list[str] = []
        self.versions: set[str] = set()

    def run(self) -> None:
        while not self.done.wait(0.1):
            try:
                with connect_published(self.published) as connection:
                    [(leads, scores)] = connection.execute(
                        "SELECT (SELECT count(*) FROM leads.leads), "
                        "(SELECT count(*) FROM leads.lead_scores)"
                    ).fetchall()
                assert leads == scores > 0
                self.versions.add(current(self.published).version)
                self.reads += 1
            except Exception as error:
                self.failures.append(repr(error))


@pytest.fixture(scope="module")
def reader(house):
    thread = Reader(house.line.settings.published)
    thread.start()
    yield thread
    thread.done.set()
    thread.join(timeout=30)


def started(house, step: str) -> Callable[[str], bool]:
    """Whether a run is inside a step, by Dagster's own records."""

    def look(run_id: str) -> bool:
        for item in house.line.instance.get_run_step_stats(run_id):
            if item.step_key == step and item.start_time and not item.end_time:
                return True
        return False

    return look


def building(house) -> Callable[[str], bool]:
    """Whether a publication is being built."""
    return lambda run_id: any(house.line.settings.published.glob(".building-*"))


def writing_the_warehouse(house) -> Callable[[str], bool]:
    """Whether dbt has written what is not yet in the warehouse file itself."""
    log = house.line.settings.warehouse.with_name("warehouse.duckdb.wal")
    inside = started(house, "warehouse")
    return lambda run_id: log.exists() and log.stat().st_size > 0 and inside(run_id)


def kill_when(house, moment: Callable[[str], bool], job: str) -> None:
    """Start a run of the next day in a process of its own and kill it at the moment."""
    known = {run.run_id for run in house.line.instance.get_runs(limit=50)}
    command = [sys.executable, "-m", "orchestration", "run", "--job", job]
    command += ["--day", house.tomorrow.isoformat()]
    # Retraining has no partition that would tell it the day.
    day = house.tomorrow if job == "daily_line" else house.today
    log = (house.home / "killed.log").open("wb")
    child = subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        env=os.environ | {"BUYING_SIGNALS_AS_OF": day.isoformat()},
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    until = time.monotonic() + PATIENCE
    try:
        run_id = None
        while time.monotonic() < until:
            if run_id is None:
                new = [r for r in house.line.instance.get_runs(limit=5) if r.run_id not in known]
                run_id = new[0].run_id if new else None
            elif moment(run_id):
                return
            try:
                child.wait(timeout=LOOK_EVERY)
            except subprocess.TimeoutExpired:
                continue
            break
        output = (house.home / "killed.log").read_text("utf-8", "replace")
        pytest.fail(f"the run ended ({child.returncode}) before the moment came: {output[-3000:]}")
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            assert child.wait(timeout=30) == -signal.SIGKILL
        log.close()


@pytest.mark.parametrize(
    ("moment", "job"),
    [
        (lambda house: started(house, "ingest_press"), "daily_line"),
        (lambda house: started(house, "train_models"), "retrain_models"),
        (building, "retrain_models"),
        (writing_the_warehouse, "daily_line"),
    ],
    ids=["while_fetching", "while_training", "while_publishing", "while_building"],
)
def test_a_kill_leaves_everything_readable(house, reader, moment, job):
    before = house.lake_rows()
    kill_when(house, moment(house), job)
    after = house.lake_rows()
    assert {name: after.get(name, 0) >= rows for name, rows in before.items()} == dict.fromkeys(
        before, True
    ), "a kill loses nothing that was stored"
    publication = house.published()
    assert audit(publication.path).problems == ()
    assert house.query("SELECT count(*) FROM leads.leads", publication)[0][0] > 0
    assert house.line.services.clock is not None
    assert house.deliveries(), "the state store can be read"


def test_what_a_killed_build_left_is_neither_learnt_from_nor_published(house, reader):
    """The last kill was in the middle of dbt's build: its tables are of two days."""
    before = house.published().version
    assert not house.line.run_job("retrain_models", "Retraining")
    assert "run the job daily_line" in " ".join(house.output.getvalue().split())
    assert house.published().version == before


def test_the_next_run_completes_though_a_source_is_down(house, reader):
    """It repairs what the killed ones left, and a source that fails harms no other."""
    sent = house.deliveries()
    # As if an hour had passed: the killed runs have left answers that are still fresh.
    shutil.rmtree(house.home / "http_cache")
    boards = house.lake_rows()["greenhouse/boards"]
    with house.fault("greenhouse", "http_500"):
        assert house.run(house.tomorrow), house.output.getvalue()
    steps = house.steps()
    assert set(steps.values()) == {"SUCCESS"}
    publication = house.published()
    assert publication.as_of == house.tomorrow
    assert publication.version != house.first.version
    assert audit(publication.path).problems == ()
    health = dict(
        house.query("SELECT DISTINCT source, status FROM operations.source_health", publication)
    )
    assert health["greenhouse"] == "failing"
    others = {name: status for name, status in health.items() if name != "greenhouse"}
    # Nobody drops files, sends webhooks or has connected accounts of their own in this house.
    declared = load_declarations(house.line.settings.config_dir, "sandbox").sources
    unset = {
        name
        for name, found in declared.items()
        if found.connector in ("file_drop", "webhook") or found.missing({"SANDBOX_URL": "set"})
    }
    assert {others[name] for name in unset} == {"not_configured"}
    assert {name: others[name] for name in others.keys() - unset if others[name] != "healthy"} == {}
    [(error,)] = house.query(
        "SELECT DISTINCT last_error FROM operations.source_health WHERE source = 'greenhouse'",
        publication,
    )
    assert "500" in error
    # A board that could not be read leaves no row: the absence of its postings is no closure.
    assert house.lake_rows()["greenhouse/boards"] == boards
    assert house.line.alert()
    assert set(sent) <= set(house.deliveries()), "what was told is told once"


def test_leads_after_all_this_are_as_good_as_before(house, reader):
    buyers = in_market_domains(house.market, house.tomorrow)
    leads = house.query("SELECT domain FROM leads.leads ORDER BY lead_rank", house.published())
    base = sum(domain in buyers for (domain,) in leads) / len(leads)
    assert sum(domain in buyers for (domain,) in leads[:25]) / 25 / base >= 2.5


def test_nothing_that_killed_runs_built_is_left(house, reader):
    published = house.line.settings.published
    assert [path.name for path in published.iterdir() if path.name.startswith(".building")] == []
    assert not house.line.settings.warehouse.with_name("warehouse.duckdb.wal").exists()


def test_the_reader_never_failed_and_saw_the_new_publication(house, reader):
    for _ in range(100):
        if house.published().version in reader.versions or reader.failures:
            break
        reader.done.wait(0.1)
    assert reader.failures == []
    assert reader.reads > 20
    assert {house.first.version, house.published().version} <= reader.versions
