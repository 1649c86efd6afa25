"""A publisher killed with SIGKILL at any moment leaves readers a whole publication."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from resources.publication import audit, connect_published, current, list_publications, publish

ROOT = Path(__file__).resolve().parents[3]

PUBLISHER = """
import os, signal, sys
from pathlib import Path
from resources.publication import publish

warehouse, published, kill_at = sys.argv[1:]

def progress(step):
    if step == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

print("ready", flush=True)
publish(Path(warehouse), Path(published), 2, progress=progress)
"""


def start(warehouse, published, kill_at="never"):
    return subprocess.Popen(
        [sys.executable, "-c", PUBLISHER, str(warehouse), str(published), kill_at],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def count(published):
    with connect_published(published) as connection:
        return connection.execute("SELECT count(*) FROM core.companies").fetchall()[0][0]


def leftovers(published):
    return [p.name for p in published.iterdir() if p.name.startswith((".building", ".current"))]


@pytest.mark.parametrize(
    ("step", "rows_after_kill"),
    [
        ("hashed", 1000),
        ("copied core.companies", 1000),
        ("checkpointed", 1000),
        ("audited", 1000),
        ("renamed", 1000),
        ("swapped", 990),
    ],
)
def test_killed_at_each_step(warehouse, published, change, step, rows_after_kill):
    publish(warehouse, published, 2)
    change("DELETE FROM core.companies WHERE employee_count < 10")
    process = start(warehouse, published, kill_at=step)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert count(published) == rows_after_kill
    assert audit(current(published).path).success
    # The next run completes, whatever was left, and leaves no litter.
    finished = publish(warehouse, published, 2)
    assert finished.is_current
    assert count(published) == 990
    assert audit(finished.path).success
    assert leftovers(published) == []
    assert len(list_publications(published)) == 2


def test_killed_in_the_very_first_publication(warehouse, published):
    process = start(warehouse, published, kill_at="copied core.companies")
    process.communicate(timeout=60)
    assert current(published) is None
    assert publish(warehouse, published, 2).rows["core.companies"] == 1000
    assert leftovers(published) == []


@pytest.mark.slow
def test_killed_at_random_moments(warehouse, published, change):
    change(
        "INSERT INTO core.companies SELECT 'x' || range, md5(range::VARCHAR), range + 1000, "
        "random() FROM range(100000)"
    )
    publish(warehouse, published, 2)
    rows = count(published)
    moment = random.Random(20261120)
    killed = 0
    for turn in range(4):
        change(f"DELETE FROM core.companies WHERE employee_count = {5000 + turn}")
        process = start(warehouse, published)
        assert process.stdout.readline() == b"ready\n"
        time.sleep(moment.uniform(0.0, 0.45))
        process.kill()
        process.communicate(timeout=60)
        killed += process.returncode == -signal.SIGKILL
        now = current(published)
        assert audit(now.path).success
        assert count(published) in (rows, rows - 1)
        finished = publish(warehouse, published, 2)
        assert leftovers(published) == []
        assert count(published) == rows - 1
        assert finished.version >= now.version
        rows -= 1
    assert killed > 0
