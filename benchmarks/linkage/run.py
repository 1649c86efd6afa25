"""Linkage of invented companies beside Splink alone, and the cost of one more day."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Measured, NotFinishedError, label_of, measure
from resources.settings import PROJECT_ROOT

#: Seconds after which the peer is ended: several times what the line takes for a million records.
PEER_SECONDS = 900.0

Results = dict[str, dict[str, object]]


def run(folder: Path, sizes: Sequence[int]) -> Results:
    """Metrics ``linkage.*`` of histories of so many records, the smallest first."""
    results: Results = {}
    days: list[float] = []
    for records in sorted(sizes):
        label = label_of(records)
        base = folder / f"linkage-{label}"
        shutil.rmtree(base, ignore_errors=True)
        _step("make", base, records)
        full = _step("full", base, records)
        peer = _peer(base, records)
        _step("day", base, records)
        own, one = (json.loads((base / f"{step}.json").read_text()) for step in ("full", "day"))
        days.append(one["cpu_seconds"])
        for name, unit, value, beside in (
            ("seconds", "s", full.seconds, peer and peer[0].seconds),
            ("cpu_seconds", "s", full.cpu_seconds, peer and peer[0].cpu_seconds),
            ("peak_memory_mib", "MiB", full.peak_mib, peer and peer[0].peak_mib),
            ("f1", "pairwise F1", own["f1"], peer and peer[1]),
        ):
            ratio = beside and (value / beside if name == "f1" else beside / value)
            results[f"linkage.{name}.{label}"] = _metric(value, unit, beside, ratio)
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


def _peer(folder: Path, records: int) -> tuple[Measured, float] | None:
    """What the peer took and its F1; None where it did not finish."""
    try:
        measured = _step("peer", folder, records, PEER_SECONDS)
    except NotFinishedError:
        return None
    return measured, json.loads((folder / "peer.json").read_text())["f1"]


def _step(step: str, folder: Path, records: int, limit_seconds: float = math.inf) -> Measured:
    command = [sys.executable, "-m", "benchmarks.linkage", step, "--folder", str(folder)]
    return measure(
        [*command, "--records", str(records)], {"PYTHONPATH": str(PROJECT_ROOT)}, limit_seconds
    )


def _metric(
    value: float, unit: str, peer: float | None = None, ratio: float | None = None
) -> dict[str, object]:
    return {
        "value": round(value, 5),
        "unit": unit,
        "peer": None if peer is None else round(peer, 5),
        "ratio": None if ratio is None else round(ratio, 3),
    }
