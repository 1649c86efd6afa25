"""The data-quality report: one HTML page that stands alone, and the same as JSON.

Great Expectations' own Data Docs load scripts from outside and are bare without a network. This
page has no script, needs no network, reads on a phone and prints.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from resources.clock import utc_now
from resources.quality.results import CheckResult, GateResult, RunHistory, TableResult
from resources.quarantine import Quarantine, QuarantineCount

#: The gates in the order in which data meets them, with what each guards.
GATES = {
    "raw": "What came in: the day's lake partitions and what was read in them",
    "unified": "What was built: companies, signals and scores in the warehouse",
    "outgoing": "What leaves: leads, predictions and opportunities",
}

#: Runs shown in the trend.
TREND_RUNS = 30


@dataclass(frozen=True)
class TrendPoint:
    """One run of one gate, in numbers."""

    day: str
    success: bool
    rows: int
    quarantined_rows: int
    failed_checks: int


@dataclass(frozen=True)
class _Bar:
    x: float
    y: float
    height: float
    state: str
    title: str


def write_report(
    reports: Path, quarantine: Quarantine, *, now: Callable[[], datetime] = utc_now
) -> Path:
    """Write ``<reports>/data_quality/index.html`` and ``report.json`` from the kept runs.

    Returns the page's path. Shown is the newest run of each gate; what is in quarantine is counted
    over the newest runs' days.
    """
    history = RunHistory(reports)
    runs = {gate: history.runs(gate) for gate in GATES}
    latest = {gate: found[-1] for gate, found in runs.items() if found}
    days = {result.day for result in latest.values()}
    counts = quarantine.summary(days) if days else []
    trends = {gate: [_point(run) for run in found[-TREND_RUNS:]] for gate, found in runs.items()}
    at = now()
    folder = Path(reports) / "data_quality"
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            written_at=at,
            gates=GATES,
            latest=latest,
            trends={gate: _bars(points) for gate, points in trends.items()},
            points=trends,
            quarantine=counts,
            quarantined=sum(count.rows for count in counts),
            verdict=_verdict(latest),
        )
    )
    _write(folder / "report.json", json.dumps(_as_json(at, latest, counts, trends), indent=1))
    path = folder / "index.html"
    _write(path, page)
    return path


def _verdict(latest: dict[str, GateResult]) -> tuple[str, str]:
    """Overall state (fail, warn, pass, none) and the sentence a reader sees first."""
    if not latest:
        return "none", "No gate has run yet."
    failed = [gate for gate, result in latest.items() if not result.success]
    if failed:
        return "fail", f"The line is stopped at the {' and '.join(failed)} gate."
    warnings = sum(len(result.warnings) for result in latest.values())
    if warnings:
        plural = "check" if warnings == 1 else "checks"
        return "warn", f"All gates passed; {warnings} {plural} to look at."
    return "pass", "All gates passed."


def _point(result: GateResult) -> TrendPoint:
    return TrendPoint(
        result.day.isoformat(),
        result.success,
        result.rows,
        result.quarantined_rows,
        sum(not check.success for check in result.checks),
    )


def _bars(points: list[TrendPoint]) -> list[_Bar]:
    """Bars of rows looked at, in a box 300 wide and 60 high, newest at the right."""
    highest = max((point.rows for point in points), default=0) or 1
    bars = []
    for index, point in enumerate(points):
        height = max(2.0, 56 * point.rows / highest)
        state = "fail" if not point.success else "warn" if point.failed_checks else "pass"
        title = (
            f"{point.day}: {point.rows:,} rows, {point.quarantined_rows:,} set aside, "
            f"{point.failed_checks} failed checks"
        )
        x = 300 - 10 * (len(points) - index)
        bars.append(_Bar(x, round(60 - height, 1), round(height, 1), state, title))
    return bars


def _state(check: CheckResult) -> str:
    """How a check is shown: pass, fail (stops the line), set aside, or warn."""
    if check.success:
        return "pass"
    if check.blocks:
        return "fail"
    return "aside" if check.severity == "critical" else "warn"


def _table_state(table: TableResult) -> str:
    states = {_state(check) for check in table.checks}
    return next((s for s in ("fail", "aside", "warn") if s in states), "pass")


def _title(expectation: str) -> str:
    """``expect_column_values_to_be_unique`` as words."""
    return expectation.removeprefix("expect_").removeprefix("column_").replace("_", " ")


def _environment():
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["state"] = _state
    environment.filters["table_state"] = _table_state
    environment.filters["title_words"] = _title
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["minute"] = lambda value: value.strftime("%Y-%m-%d %H:%M UTC")
    return environment


def _as_json(
    at: datetime,
    latest: dict[str, GateResult],
    counts: list[QuarantineCount],
    trends: dict[str, list[TrendPoint]],
) -> dict:
    from resources.quality.results import to_json

    return {
        "written_at": at.isoformat(),
        "success": all(result.success for result in latest.values()),
        "gates": {gate: {"success": r.success, **to_json(r)} for gate, r in latest.items()},
        "quarantine": [
            {**asdict(c), "last_quarantined_at": c.last_quarantined_at.isoformat()} for c in counts
        ],
        "trend": {gate: [asdict(point) for point in points] for gate, points in trends.items()},
    }


def _write(path: Path, text: str) -> None:
    """Write a file so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
