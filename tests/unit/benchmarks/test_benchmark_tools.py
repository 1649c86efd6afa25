"""The measuring tools measure, and the generated lake is always the same."""

from __future__ import annotations

import io
import json
import math
import sys
from datetime import date
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from benchmarks.__main__ import PARTS, keep, metrics, parts, run_part
from benchmarks.generate import Plan, generate
from benchmarks.linkage import run as linkage
from benchmarks.measure import (
    CommandFailedError,
    Measured,
    NotFinishedError,
    label_of,
    measure,
)
from resources.lake import Lake
from resources.sources.registry import all_streams

PLAN = Plan(companies=25, as_of=date(2026, 3, 20), seed=3)


def contents(folder: Path) -> dict[str, list[tuple[str, str]]]:
    lake = Lake(str(folder))
    found = {}
    for source, stream in all_streams():
        table = lake.read(source, stream, columns=["record_id", "payload_sha256"])
        found[f"{source}/{stream}"] = [tuple(row.values()) for row in table.to_pylist()]
    return found


def test_the_same_plan_gives_the_same_lake(tmp_path: Path):
    counts = generate(PLAN, tmp_path / "a", workers=1)
    again = generate(PLAN, tmp_path / "b", workers=1)
    first = contents(tmp_path / "a")
    assert counts == again
    assert first == contents(tmp_path / "b")
    assert {name: len(rows) for name, rows in first.items() if rows} == counts
    assert Lake(str(tmp_path / "a")).dataset("crm", "accounts").days()[0] == PLAN.days[0]
    # A second call finds the lake and writes nothing.
    stamp = (tmp_path / "a" / "generated.json").stat().st_mtime_ns
    assert generate(PLAN, tmp_path / "a") == counts
    assert (tmp_path / "a" / "generated.json").stat().st_mtime_ns == stamp


def test_a_plan_of_records_has_about_so_many():
    assert Plan.of_records(1_000_000, date(2026, 3, 20)).companies == pytest.approx(61_000, rel=0.1)
    assert PLAN.days == [date(2026, 1, 19), date(2026, 2, 18), date(2026, 3, 20)]


def test_a_command_is_ended_with_its_children_after_its_time(tmp_path: Path):
    told = tmp_path / "pid"
    program = (
        "import pathlib, subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid)); child.wait()"
    )
    with pytest.raises(NotFinishedError, match="was ended while it ran"):
        measure([sys.executable, "-c", program], limit_seconds=1.5)
    child = int(told.read_text())
    assert not psutil.pid_exists(child) or psutil.Process(child).status() == "zombie"


def test_a_peer_that_does_not_finish_is_said_to_be_none(tmp_path: Path, monkeypatch):
    def step(name: str, folder: Path, records: int, limit_seconds: float = math.inf) -> Measured:
        if name == "peer":
            assert limit_seconds == linkage.PEER_SECONDS
            raise NotFinishedError("ended")
        folder.mkdir(parents=True, exist_ok=True)
        told = {"cpu_seconds": 20.0 if name == "full" else 0.1, "seconds": 0.2, "f1": 0.9}
        (folder / f"{name}.json").write_text(json.dumps(told))
        return Measured(12.0, 20.0, 300.0)

    monkeypatch.setattr(linkage, "_step", step)
    found = linkage.run(tmp_path, [1_000, 2_000])
    assert found["linkage.cpu_seconds.1k"] == {
        "value": 20.0,
        "unit": "s",
        "peer": None,
        "ratio": None,
    }
    assert found["linkage.increment_share"]["value"] == 0.005
    assert found["linkage.increment_growth"]["value"] == 1.0


def test_results_are_kept_part_by_part(tmp_path: Path):
    console = Console(file=io.StringIO(), width=200)
    known = parts(tmp_path, tmp_path / "none", [1_000], console)
    assert tuple(known) == PARTS
    output = tmp_path / "build" / "benchmarks.json"
    keep(output, run_part("mail", lambda: {"a": {"value": 1}}, console))
    keep(output, {"b": {"value": 2}})
    keep(output, {"a": {"value": 3}})
    assert json.loads(output.read_text()) == {"a": {"value": 3}, "b": {"value": 2}}

    def failing() -> dict:
        raise CommandFailedError("no such package")

    assert run_part("filings", failing, console) == {}
    assert "filings skipped" in console.file.getvalue()
    with pytest.raises(CommandFailedError):
        run_part("line", failing, console)


def test_children_count():
    program = (
        "import subprocess, sys; x = bytearray(60_000_000);"
        "subprocess.run([sys.executable, '-c',"
        " 'x = bytearray(b\"1\") * 90_000_000; sum(range(12_000_000))'], check=True)"
    )
    measured = measure([sys.executable, "-c", program])
    # More than either of the two takes alone (60 and 90 million bytes, and the interpreter).
    assert measured.peak_mib > 120
    assert 0 < measured.cpu_seconds < 60
    assert measured.seconds > 0


def test_a_failing_command_says_why():
    program = "print('x' * 200_000); raise SystemExit('the reason')"
    with pytest.raises(CommandFailedError, match="the reason"):
        measure([sys.executable, "-c", program])


def test_ratios_above_one_favour_the_line():
    measured = {
        "detections": Measured(20.0, 38.0, 900.0),
        "builds": Measured(15.0, 20.0, 1000.0),
        "publish": Measured(5.0, 5.0, 300.0),
        "scores": Measured(8.0, 12.0, 700.0),
        "pandas_pipeline": Measured(60.0, 60.0, 4000.0),
    }
    results = metrics("100k", 100_000, measured)
    assert results["line.records_per_minute.100k"] == {
        "value": 150_000.0,
        "unit": "records/minute",
        "peer": 75_000.0,
        "ratio": 2.0,
    }
    assert results["line.peak_memory_mib.100k"]["ratio"] == 4.0
    assert results["line.ratio_to_pandas.100k"]["value"] == 7.5
    assert results["line.cpu_ratio_to_pandas.100k"]["value"] == 5.0
    assert all(set(row) == {"value", "unit", "peer", "ratio"} for row in results.values())
    assert (label_of(1_000_000), label_of(100_000), label_of(2_000)) == ("1m", "100k", "2k")
