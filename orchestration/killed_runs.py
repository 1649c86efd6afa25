"""Runs of the command line whose process was killed: found, ended, and their pool slots freed.

A killed process cannot tell Dagster that its run is over. The run would stay "started" for good,
and its slot in a pool would make every later run wait. A lock that the system itself frees when a
process dies tells the dead from the living.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg

_SUFFIX = ".lock"


@contextmanager
def marked_alive(folder: Path, run_id: str) -> Iterator[None]:
    """Hold the run's lock in ``folder`` for as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{run_id}{_SUFFIX}"
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def end_killed_runs(instance: dg.DagsterInstance, folder: Path) -> list[str]:
    """End every run of ``folder`` whose process is dead; returns their ids."""
    ended = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        with path.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            run_id = path.name.removesuffix(_SUFFIX)
            run = instance.get_run_by_id(run_id)
            if run is not None and not run.is_finished:
                instance.report_run_failed(run, "The process of this run was killed.")
            instance.event_log_storage.free_concurrency_slots_for_run(run_id)
            path.unlink(missing_ok=True)
            ended.append(run_id)
    return ended
