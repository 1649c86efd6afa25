"""Circuits of hosts, and the rate limit that several processes share."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resources.circuits import Breakers, BreakerSettings, Circuit, OpenCircuitError, worst
from resources.shared_limit import SharedLimit
from resources.state import StateStore, get_circuits, set_circuits

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
SETTINGS = BreakerSettings(failures=3, pause_seconds=60, longest_pause_seconds=200)
ROOT = Path(__file__).resolve().parents[3]


class Time:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def opened(clock: Time) -> Breakers:
    breakers = Breakers(SETTINGS, clock)
    for _ in range(3):
        breakers.admit("down.example")
        breakers.failed("down.example", "status 503")
    return breakers


def test_it_opens_after_failures_in_a_row_only():
    clock = Time()
    breakers = Breakers(SETTINGS, clock)
    for _ in range(5):
        breakers.failed("shaky.example", "timeout")
        breakers.failed("shaky.example", "timeout")
        breakers.answered("shaky.example")
    breakers.admit("shaky.example")
    breakers = opened(clock)
    with pytest.raises(OpenCircuitError) as refused:
        breakers.admit("down.example")
    assert str(refused.value) == (
        "not asked: the circuit of down.example is open after 3 failures in a row, the last: "
        "status 503; it is asked again from 2026-06-15 12:01:00 UTC"
    )
    # Another host of the source is none the worse.
    breakers.admit("up.example")


def test_half_open_lets_one_question_through_and_its_retries():
    clock = Time()
    breakers = opened(clock)
    clock.now += timedelta(seconds=61)
    breakers.admit("down.example")
    breakers.admit("down.example")
    refused = []

    def another() -> None:
        try:
            breakers.admit("down.example")
        except OpenCircuitError as error:
            refused.append(error)

    thread = threading.Thread(target=another)
    thread.start()
    thread.join()
    assert len(refused) == 1
    breakers.answered("down.example")
    breakers.admit("down.example")
    assert breakers.changes() == ([], ["down.example"])


def test_each_failed_probe_doubles_the_pause_up_to_the_longest():
    clock = Time()
    breakers = opened(clock)
    pauses = []
    for _ in range(3):
        clock.now += timedelta(days=1)
        breakers.admit("down.example")
        breakers.failed("down.example", "status 503")
        [circuit], _ = breakers.changes()
        pauses.append((circuit.probe_at - clock.now).total_seconds())
    assert pauses == [120, 200, 200]
    assert circuit.opened_at == NOON


def test_the_next_run_knows_what_the_last_one_learnt(tmp_path):
    state = StateStore(f"sqlite:///{tmp_path}/state.sqlite")
    clock = Time()
    set_circuits(state, "site", *opened(clock).changes())
    [known] = get_circuits(state, "site")
    assert (known.failures, known.probe_at) == (3, NOON + timedelta(seconds=60))
    later = Breakers(SETTINGS, clock, [known])
    with pytest.raises(OpenCircuitError):
        later.admit("down.example")
    assert worst([known], NOON) == "open"
    clock.now += timedelta(seconds=61)
    assert worst([known], clock.now) == "half_open"
    later.admit("down.example")
    later.answered("down.example")
    set_circuits(state, "site", *later.changes())
    assert get_circuits(state, "site") == []
    assert worst([Circuit("a", 1)], NOON) == "closed"


ASK = """
import sys, time
from pathlib import Path
from resources.shared_limit import SharedLimit
limit = SharedLimit("sec.gov", 10, 1.0, Path(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    limit.wait()
    print(time.monotonic())
"""


def test_processes_share_one_limit(tmp_path):
    asking = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path), "12"], stdout=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(2)
    ]
    moments = sorted(float(line) for p in asking for line in p.communicate()[0].split())
    assert len(moments) == 24
    # Turns are taken at most ten a second; what is printed comes a moment after its turn.
    closest = min(b - a for a, b in zip(moments, moments[10:], strict=False))
    assert closest > 0.9
    assert moments[-1] - moments[0] > 1.9


def test_a_limit_that_is_free_costs_no_wait_and_survives_a_torn_file_and_a_restart(tmp_path):
    clock = [1000.0]
    pauses: list[float] = []

    def sleep(seconds: float) -> None:
        pauses.append(seconds)
        clock[0] += seconds

    limit = SharedLimit("Sec.gov", 2, 1.0, tmp_path, sleep=sleep, clock=lambda: clock[0])
    assert [limit.wait(), limit.wait()] == [0, 0]
    assert limit.wait() == pytest.approx(1.001)
    assert limit.path.name == "sec.gov.moments"
    limit.path.write_bytes(limit.path.read_bytes()[:-3])
    assert limit.wait() == 0
    # After a restart of the machine its clock is young: what lies ahead of it is void.
    clock[0] = 5.0
    assert limit.wait() == 0


def test_threads_share_it_too(tmp_path):
    begun, taken = time.monotonic(), []

    def ask() -> None:
        limit = SharedLimit("x", 5, 0.3, tmp_path)
        for _ in range(5):
            limit.wait()
            taken.append(time.monotonic() - begun)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 15
    assert max(taken) > 0.59
