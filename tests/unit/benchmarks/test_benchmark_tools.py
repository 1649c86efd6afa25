"""The measuring tools measure, and the generated lake is always the same."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from benchmarks.__main__ import label_of, metrics
from benchmarks.generate import Plan, generate
from benchmarks.measure import CommandFailedError, Measured, measure
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
