"""Linkage of invented companies beside Splink alone, and the cost of one more day."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Measured, measure
from resources.settings import PROJECT_ROOT

Results = dict[str, dict[str, object]]


def run(folder: Path, sizes: Sequence[int]) -> Results:
    """Metrics ``linkage.*`` of histories of so many records, the smallest first."""
    results: Results = {}
    days: list[float] = []
    for records in sorted(sizes):
        label = f"{records // 1_000_000}m" if records % 1_000_000 == 0 else f"{records // 1_000}k"
        base = folder / f"linkage-{label}"
        shutil.rmtree(base, ignore_errors=True)
        _step("make", base, records)
        full, peer = _step("full", base, records), _step("peer", base, records)
        _step("day", base, records)
        own, other, one = (
            json.loads((base / f"{step}.json").read_text()) for step in ("full", "peer", "day")
        )
        days.append(one["cpu_seconds"])
        for name, unit, value, beside in (
            ("seconds", "s", full.seconds, peer.seconds),
            ("cpu_seconds", "s", full.cpu_seconds, peer.cpu_seconds),
            ("peak_memory_mib", "MiB", full.peak_mib, peer.peak_mib),
            ("f1", "pairwise F1", own["f1"], other["f1"]),
        ):
            better = value / beside if name == "f1" else beside / value
            results[f"linkage.{name}.{label}"] = _metric(value, unit, beside, better)
        results[f"linkage.increment_share.{label}"] = _metric(
            one["cpu_seconds"] / own["cpu_seconds"], "of a full run's processor time"
        )
        results[f"linkage.increment_seconds.{label}"] = _metric(one["seconds"], "s")
        shutil.rmtree(base, ignore_errors=True)
    if len(days) > 1:
        results["linkage.increment_share"] = results[f"linkage.increment_share.{label}"]
        results["linkage.increment_growth"] = _metric(
            days[-1] / days[0], "times the processor time of the smallest history"
        )
    return results


def _step(step: str, folder: Path, records: int) -> Measured:
    command = [sys.executable, "-m", "benchmarks.linkage", step, "--folder", str(folder)]
    return measure([*command, "--records", str(records)], {"PYTHONPATH": str(PROJECT_ROOT)})


def _metric(
    value: float, unit: str, peer: float | None = None, ratio: float | None = None
) -> dict[str, object]:
    return {
        "value": round(value, 5),
        "unit": unit,
        "peer": None if peer is None else round(peer, 5),
        "ratio": None if ratio is None else round(ratio, 3),
    }
