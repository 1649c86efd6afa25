"""``python -m benchmarks``: measure the line beside its peer, into ``build/benchmarks.json``."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import filings, fingerprints, mail, opportunities, reading
from benchmarks import people as linked_people
from benchmarks.compare import require_equal
from benchmarks.generate import Plan, generate
from benchmarks.linkage import run as linkage
from benchmarks.measure import CommandFailedError, Measured, label_of, measure
from benchmarks.stages import prepare
from resources.settings import PROJECT_ROOT

#: The line from lake to published tables, in this order.
LINE = ("detections", "builds", "publish")
#: A fixed day, so that every machine measures the same lake.
AS_OF = date(2026, 11, 20)
#: What the line is built to reach on two cores.
AIM_RECORDS_PER_MINUTE = 300_000
AIM_RATIO = 10
AIM_PEAK_MIB = 4096

#: Records of people, at which their linkage is measured.
PEOPLE_SIZES = (20_000, 100_000)
#: What can be measured, in this order.
PARTS = ("line", "reading", "mail", "correspondence", "fingerprints", "filings", "linkage",
         "people")  # fmt: skip

Results = dict[str, dict[str, object]]
Parts = Mapping[str, Callable[[], Results]]


def run_size(records: int, folder: Path, console: Console) -> Results:
    """Generate, measure and compare one size; returns its metrics."""
    label = label_of(records)
    plan = Plan.of_records(records, AS_OF)
    base = folder / label
    with console.status(f"{label}: generating the lake of {plan.companies:,} companies"):
        counts = generate(plan, base / "lake", workers=min(2, os.cpu_count() or 1))
    total = sum(counts.values())
    home, scores_home = base / "home", base / "scores"
    for made in (home, scores_home):
        shutil.rmtree(made, ignore_errors=True)
        prepare(made, base / "lake", AS_OF)
    measured: dict[str, Measured] = {}

    def step(stage: str, where: Path) -> None:
        with console.status(f"{label}: {stage}"):
            command = [sys.executable, "-m", "benchmarks.stages", stage, "--home", str(where)]
            measured[stage] = measure(
                [*command, "--as-of", str(AS_OF)], {"PYTHONPATH": str(PROJECT_ROOT)}
            )
        one = measured[stage]
        console.print(
            f"{label} {stage}: {one.seconds:.1f} s, {one.cpu_seconds:.1f} processor seconds, "
            f"peak {one.peak_mib:,.0f} MiB"
        )

    for stage in LINE:
        step(stage, home)
    step("tests", home)
    step("gates", home)
    # The same work as the peer's, and no more, in a warehouse of its own.
    (scores_home / "detections").symlink_to(home / "detections", target_is_directory=True)
    step("scores", scores_home)
    step("pandas_pipeline", scores_home)
    equal = require_equal(scores_home / "warehouse" / "warehouse.duckdb", scores_home / "pandas")
    console.print(
        f"{label}: equal results: " + ", ".join(f"{n:,} {name}" for name, n in equal.items())
    )
    return metrics(label, total, measured)


def run_line(folder: Path, sizes: Sequence[int], console: Console) -> Results:
    """The line at each size of the lake."""
    results: Results = {}
    for records in sizes:
        results |= run_size(records, folder, console)
    return results


def parts(folder: Path, data: Path, sizes: Sequence[int], console: Console) -> Parts:
    """What can be measured, by name: each part is run alone and compared within itself."""
    real = data if data.is_dir() else None
    return {
        "line": lambda: run_line(folder, sizes, console),
        "reading": lambda: reading.run(folder),
        "mail": lambda: mail.run(folder / "mail"),
        "correspondence": opportunities.run,
        "fingerprints": lambda: fingerprints.run(folder, real),
        "filings": lambda: filings.run(folder, real),
        "linkage": lambda: linkage.run(folder, sizes),
        "people": lambda: linked_people.run(folder, PEOPLE_SIZES),
    }


def run_part(name: str, part: Callable[[], Results], console: Console) -> Results:
    """Measure one part; nothing where its peer cannot be installed or run."""
    with contextlib.ExitStack() as shown:
        if name != "line":
            shown.enter_context(console.status(name))
        try:
            return part()
        except CommandFailedError as error:
            if name == "line":
                raise
            console.print(f"{name} skipped, a command did not succeed: {error}")
            return {}


def keep(path: Path, results: Results) -> None:
    """Write what was measured so far, over what the file holds of other parts."""
    known = json.loads(path.read_text()) if path.is_file() else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(known | results, indent=2) + "\n")


def metrics(label: str, records: int, measured: dict[str, Measured]) -> Results:
    """Metrics of one size from its measured stages."""
    line = sum(measured[stage].seconds for stage in LINE)
    readers, peer = measured["detections"], measured["pandas_pipeline"]
    peer_total = readers.seconds + peer.seconds
    peak = max(measured[stage].peak_mib for stage in LINE)
    peer_peak = max(readers.peak_mib, peer.peak_mib)
    results: Results = {
        f"line.records_per_minute.{label}": _metric(
            records * 60 / line, "records/minute", records * 60 / peer_total, line_over_peer=True
        ),
        f"line.peak_memory_mib.{label}": _metric(peak, "MiB", peer_peak, line_over_peer=False),
        # Both build signals, points and scores from the same lake and detections.
        f"line.ratio_to_pandas.{label}": {
            "value": round(peer.seconds / measured["scores"].seconds, 3),
            "unit": "times as fast",
            "peer": 1.0,
            "ratio": round(peer.seconds / measured["scores"].seconds, 3),
        },
        f"line.cpu_ratio_to_pandas.{label}": {
            "value": round(peer.cpu_seconds / measured["scores"].cpu_seconds, 3),
            "unit": "times less processor time",
            "peer": 1.0,
            "ratio": round(peer.cpu_seconds / measured["scores"].cpu_seconds, 3),
        },
        f"line.records.{label}": {"value": records, "unit": "records", "peer": None, "ratio": None},
    }
    for stage, one in measured.items():
        for kind, value in (("seconds", one.seconds), ("cpu_seconds", one.cpu_seconds)):
            results[f"stage.{stage}.{kind}.{label}"] = {
                "value": round(value, 3),
                "unit": "s",
                "peer": None,
                "ratio": None,
            }
        results[f"stage.{stage}.peak_memory_mib.{label}"] = {
            "value": round(one.peak_mib, 1),
            "unit": "MiB",
            "peer": None,
            "ratio": None,
        }
    return results


def _metric(value: float, unit: str, peer: float, *, line_over_peer: bool) -> dict[str, object]:
    ratio = value / peer if line_over_peer else peer / value
    return {
        "value": round(value, 1),
        "unit": unit,
        "peer": round(peer, 1),
        "ratio": round(ratio, 3),
    }


def show(results: Results, console: Console) -> None:
    """Print the metrics; a ratio above 1 is in the line's favour."""
    table = Table(title="The line beside its peers: same input, same run")
    table.add_column("metric", no_wrap=True)
    table.add_column("value", justify="right", no_wrap=True)
    table.add_column("unit")
    table.add_column("peer", justify="right", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    for name, row in results.items():
        if not name.startswith("stage."):
            table.add_row(name, *(_cell(row[key]) for key in ("value", "unit", "peer", "ratio")))
    console.print(table)
    console.print(
        f"Aim on two cores: over {AIM_RECORDS_PER_MINUTE:,} records a minute, {AIM_RATIO} times "
        f"pandas, under {AIM_PEAK_MIB:,} MiB. Measured on {platform.machine()} with "
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end."
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, float | int):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.2f}"
    return str(value)


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--records",
        type=int,
        nargs="+",
        default=[100_000, 1_000_000],
        help="sizes of the lake in records (default: 100000 1000000)",
    )
    build = PROJECT_ROOT / "build"
    parser.add_argument("--folder", type=Path, default=build / "benchmark")
    parser.add_argument("--output", type=Path, default=build / "benchmarks.json")
    parser.add_argument(
        "--data",
        type=Path,
        default=PROJECT_ROOT.parent / "shared" / "data",
        help="folder of real files; where it is missing, invented pages are read",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts to measure (default: all)")
    options = parser.parse_args(arguments)
    console = Console()
    results: Results = {}
    known = parts(options.folder.resolve(), options.data, options.records, console)
    for name in options.only or PARTS:
        results |= run_part(name, known[name], console)
        keep(options.output, results)
    show(results, console)
    console.print(f"Written to {options.output}")


if __name__ == "__main__":
    main()
