"""What a gate decides about a day: which rows are set aside, and whether the line goes on."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from resources.clock import utc_now
from resources.quality.config import Allowance, Expectation, load_raw, load_warehouse
from resources.quality.expectations import Outcome, in_words, show, validate
from resources.quality.results import (
    SAMPLES,
    CheckResult,
    GateResult,
    RunHistory,
    TableResult,
)
from resources.quarantine import Quarantine, QuarantinedRow, set_aside
from resources.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

#: Rows set aside per check. A check that fails on more is a bad batch: its first rows tell why.
MAX_QUARANTINED_PER_CHECK = 10_000


@dataclass(frozen=True)
class RowIdentity:
    """How a row is named in quarantine."""

    source: str
    stream: str
    record_id: str
    payload_sha256: str
    excerpt: str | None


@dataclass(frozen=True)
class Finding:
    """Something found about a table as a whole without looking at values, such as its absence."""

    expectation: str
    success: bool
    message: str
    severity: str = "critical"
    column: str | None = None
    observed: str | None = None


@dataclass(frozen=True)
class TableUnderTest:
    """One table as a gate sees it.

    ``labels`` maps a frame column that was computed for a check to the name a reader knows, and
    ``shown`` to the column whose value is quoted in the reason.
    """

    name: str
    frame: pd.DataFrame
    expectations: list[Expectation]
    allowance: Allowance
    identify: Callable[[int], RowIdentity]
    findings: list[Finding] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)


def run_gate(
    gate: str,
    tables: Iterable[TableUnderTest],
    day: date,
    quarantine: Quarantine,
    history: RunHistory | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
) -> GateResult:
    """Judge ``tables`` (read one at a time), set failing rows aside and keep the result.

    Rows that fail a critical expectation are quarantined under the gate and ``day``; rows that pass
    now leave it again. The line stops (``GateResult.success`` is False) when a critical expectation
    on a table as a whole fails or when more rows fail than the table's allowance.
    """
    started = time.monotonic()
    at = now()
    results: list[TableResult] = []
    rows: list[QuarantinedRow] = []
    for table in tables:
        result, set_aside_rows = _judge(gate, table, at)
        results.append(result)
        rows += set_aside_rows
    quarantine.settle(gate, day, [result.table for result in results], rows)
    outcome = GateResult(gate, day, at, time.monotonic() - started, tuple(results))
    if history is not None:
        history.save(outcome)
    return outcome


def check_raw(settings: Settings, day: date, only: Collection[str] | None = None) -> GateResult:
    """The raw gate on the lake and detection partitions of ``day``.

    ``only`` restricts it to tables named ``<source>/<stream>`` or ``detections/<name>``.
    """
    from resources.quality.raw import raw_tables

    suites = load_raw(settings.config_dir)
    tables = raw_tables(settings.lake, settings.detections, day, suites, only)
    return run_gate(
        "raw", tables, day, Quarantine(settings.quarantine), RunHistory(settings.reports)
    )


def check_unified(settings: Settings, day: date, manifest: Path) -> GateResult:
    """The unified gate on the warehouse as built for ``day``; ``manifest`` is dbt's."""
    return _check_warehouse("unified", settings, day, manifest)


def check_outgoing(settings: Settings, day: date, manifest: Path) -> GateResult:
    """The outgoing gate on the warehouse as built for ``day``; ``manifest`` is dbt's."""
    return _check_warehouse("outgoing", settings, day, manifest)


def _check_warehouse(gate: str, settings: Settings, day: date, manifest: Path) -> GateResult:
    from resources.quality.warehouse import warehouse_tables

    history = RunHistory(settings.reports)
    tables = warehouse_tables(
        settings.warehouse,
        manifest,
        load_warehouse(settings.config_dir, gate),
        history.before(gate, day),
    )
    return run_gate(gate, tables, day, Quarantine(settings.quarantine), history)


# --- one table -----------------------------------------------------------------------------------


def _judge(
    gate: str, table: TableUnderTest, at: datetime
) -> tuple[TableResult, list[QuarantinedRow]]:
    started = time.monotonic()
    total = len(table.frame)
    # No row can fail in an empty table; only what is expected of it as a whole is judged.
    judged = [e for e in table.expectations if total or not e.columns]
    outcomes = validate(table.frame, judged) if judged else []
    failing: set[int] = set()
    for outcome in outcomes:
        if outcome.expectation.severity == "critical":
            failing.update(outcome.failing)
    exceeded = table.allowance.exceeded_by(len(failing), total) if total else False
    checks = [_check_of_finding(table, finding, total) for finding in table.findings]
    rows: list[QuarantinedRow] = []
    for outcome in outcomes:
        samples = list(dict.fromkeys(islice(_found(table, outcome), 20 * SAMPLES)))[:SAMPLES]
        checks.append(_check(table, outcome, total, samples, exceeded))
        if outcome.expectation.severity == "critical" and outcome.failing:
            rows += _quarantined(gate, table, outcome, at)
    if total:
        checks.append(_share_check(table, len(failing), total, exceeded))
    seconds = time.monotonic() - started
    return TableResult(table.name, total, len(failing), round(seconds, 3), tuple(checks)), rows


def _check_of_finding(table: TableUnderTest, finding: Finding, total: int) -> CheckResult:
    return CheckResult(
        table=table.name,
        expectation=finding.expectation,
        column=finding.column,
        severity=finding.severity,
        success=finding.success,
        blocks=not finding.success and finding.severity == "critical",
        observed=finding.observed,
        unexpected_count=0,
        total=total,
        message=finding.message,
    )


def _check(
    table: TableUnderTest, outcome: Outcome, total: int, samples: list[str], exceeded: bool
) -> CheckResult:
    expectation = outcome.expectation
    column = _column(table, expectation)
    subject = f"{table.name}.{column}" if column else table.name
    expected = in_words(expectation)
    count = len(outcome.failing)
    critical = expectation.severity == "critical"
    if outcome.success:
        message = f"{subject} {expected}: holds for {total:,} rows."
        blocks = False
    elif outcome.error:
        message = f"{subject} {expected}, but {outcome.error}."
        blocks = critical
    elif count:
        message = f"{subject} {expected}; {count:,} of {total:,} rows do not, e.g. {samples[0]}."
        blocks = critical and exceeded
    else:
        message = f"{subject} {expected}; found {show(outcome.observed)}."
        blocks = critical
    if not outcome.success:
        message += f" {expectation.why}" if expectation.why else ""
        if critical and count and not blocks:
            message += " They were set aside; the rest of the batch goes on."
    return CheckResult(
        table=table.name,
        expectation=expectation.type,
        column=column,
        severity=expectation.severity,
        success=outcome.success,
        blocks=blocks,
        observed=None if outcome.observed is None else show(outcome.observed),
        unexpected_count=count,
        total=total,
        message=message,
        samples=tuple(samples),
    )


def _share_check(table: TableUnderTest, failing: int, total: int, exceeded: bool) -> CheckResult:
    allowed = table.allowance
    limit = f"at most {allowed.max_quarantined_share:.1%} or {allowed.max_quarantined_rows} rows"
    message = f"{table.name}: {failing:,} of {total:,} rows set aside ({limit} may be)."
    if exceeded:
        message += (
            " That is a bad batch, not bad rows: read the reasons in quarantine, mend the source,"
            " reader or model, and run again (docs/runbooks/failed-gate.md)."
        )
    return CheckResult(
        table=table.name,
        expectation="rows_set_aside_to_be_within_allowance",
        column=None,
        severity="critical",
        success=not exceeded,
        blocks=exceeded,
        observed=f"{failing / total:.2%}",
        unexpected_count=failing,
        total=total,
        message=message,
    )


def _column(table: TableUnderTest, expectation: Expectation) -> str | None:
    names = [table.labels.get(column, column) for column in expectation.columns]
    return ", ".join(names) or None


def _found(table: TableUnderTest, outcome: Outcome) -> Iterator[str]:
    """What each failing row has, in words, made only as far as it is read."""
    columns = outcome.expectation.columns
    for position in outcome.failing[:MAX_QUARANTINED_PER_CHECK]:
        values = []
        for column in columns:
            value = table.frame[table.shown.get(column, column)].iloc[position]
            values.append(f"{table.labels.get(column, column)} is {show(_plain(value))}")
        yield " and ".join(values)


def _plain(value: object) -> object:
    import pandas as pd

    if not pd.api.types.is_scalar(value):
        return value
    return None if pd.isna(value) else value


def _quarantined(
    gate: str, table: TableUnderTest, outcome: Outcome, at: datetime
) -> list[QuarantinedRow]:
    expectation = outcome.expectation
    name = f"{_column(table, expectation)} {expectation.expect}"
    expected = in_words(expectation) + (f". {expectation.why}" if expectation.why else "")
    rows = []
    for position, found in zip(outcome.failing, _found(table, outcome), strict=False):
        identity = table.identify(position)
        rows.append(
            set_aside(
                gate,
                identity.source,
                identity.stream,
                identity.record_id,
                f"{table.name}: {name}",
                f"{found}; it {expected}",
                payload_sha256=identity.payload_sha256,
                severity="critical",
                quarantined_at=at,
                excerpt=identity.excerpt,
            )
        )
    return rows
