"""A run whose process was killed is ended by the next one, and gives back its pool slot."""

import os
import signal
import subprocess
import sys

import dagster as dg
import pytest

from orchestration.killed_runs import end_killed_runs, marked_alive
from resources.settings import PROJECT_ROOT

HOLD = """
import sys
from pathlib import Path
from orchestration.killed_runs import marked_alive
with marked_alive(Path(sys.argv[1]), sys.argv[2]):
    print("holding", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def run(instance):
    """A run in the middle of a step that holds the only slot of a pool."""
    made = instance.create_run_for_job(_job)
    instance.report_dagster_event(
        dg.DagsterEvent("PIPELINE_START", job_name=_job.name), run_id=made.run_id
    )
    storage = instance.event_log_storage
    storage.set_concurrency_slots("warehouse", 1)
    assert storage.claim_concurrency_slot("warehouse", made.run_id, "build").is_claimed
    return made


@dg.op
def build() -> None: ...


@dg.job(name="tiny")
def _job() -> None:
    build()


def test_a_killed_run_is_ended_and_its_slot_freed(instance, run, tmp_path):
    folder = tmp_path / "running"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), run.run_id],
        cwd=PROJECT_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert child.stdout.readline() == b"holding\n"
    assert end_killed_runs(instance, folder) == [], "it lives"
    assert not instance.get_run_by_id(run.run_id).is_finished
    os.kill(child.pid, signal.SIGKILL)
    child.wait(timeout=10)
    child.stdin.close()
    child.stdout.close()
    assert end_killed_runs(instance, folder) == [run.run_id]
    assert instance.get_run_by_id(run.run_id).status == dg.DagsterRunStatus.FAILURE
    free = instance.event_log_storage.claim_concurrency_slot("warehouse", "the next", "build")
    assert free.is_claimed
    assert end_killed_runs(instance, folder) == []


def test_a_run_that_ends_by_itself_leaves_no_mark(instance, run, tmp_path):
    folder = tmp_path / "running"
    with pytest.raises(KeyError), marked_alive(folder, run.run_id):
        raise KeyError("the run fails")
    assert list(folder.iterdir()) == []
    assert end_killed_runs(instance, folder) == []


def test_a_mark_without_a_run_is_cleared(instance, tmp_path):
    folder = tmp_path / "running"
    folder.mkdir()
    (folder / "never-created.lock").write_text("")
    assert end_killed_runs(instance, folder) == ["never-created"]
    assert list(folder.iterdir()) == []
