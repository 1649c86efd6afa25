"""What a gate found, as values, and its small memory from run to run.

One JSON file per gate and day, ``<reports>/data_quality/runs/<gate>/<YYYY-MM-DD>.json``; a re-run
of a day replaces what it checked again and leaves the rest. The report and the comparison with
earlier runs are made from these files alone.
"""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path

#: Runs kept per gate: enough for a quarter's trend, small enough to read in one go.
KEPT_RUNS = 90

#: Example reasons kept with each check.
SAMPLES = 5


@dataclass(frozen=True)
class CheckResult:
    """One expectation on one table.

    ``severity`` is ``critical`` or ``warning``. ``blocks`` says that this failure stops the line: a
    critical expectation on the table as a whole failed, or more rows failed than the table allows.
    ``message`` names the table, the column, what was expected, what was found and what to do.
    """

    table: str
    expectation: str
    column: str | None
    severity: str
    success: bool
    blocks: bool
    observed: str | None
    unexpected_count: int
    total: int
    message: str
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableResult:
    """All checks on one table; ``quarantined_rows`` counts rows set aside, each once."""

    table: str
    rows: int
    quarantined_rows: int
    seconds: float
    checks: tuple[CheckResult, ...]

    @property
    def success(self) -> bool:
        """Whether nothing on this table stops the line."""
        return not any(check.blocks for check in self.checks)


@dataclass(frozen=True)
class GateResult:
    """What one gate decided on one day."""

    gate: str
    day: date
    checked_at: datetime
    seconds: float
    tables: tuple[TableResult, ...] = field(default=())

    @property
    def checks(self) -> list[CheckResult]:
        """Every check, table by table."""
        return [check for table in self.tables for check in table.checks]

    @property
    def blocking_failures(self) -> list[CheckResult]:
        """The failures that stop the line."""
        return [check for check in self.checks if check.blocks]

    @property
    def warnings(self) -> list[CheckResult]:
        """Failures that are reported and let the batch pass."""
        return [check for check in self.checks if not check.success and not check.blocks]

    @property
    def success(self) -> bool:
        """Whether the line may go on."""
        return not self.blocking_failures

    @property
    def rows(self) -> int:
        """Rows looked at."""
        return sum(table.rows for table in self.tables)

    @property
    def quarantined_rows(self) -> int:
        """Rows set aside."""
        return sum(table.quarantined_rows for table in self.tables)

    def explain(self) -> str:
        """The blocking failures as text for a person; empty when there are none."""
        return "\n".join(check.message for check in self.blocking_failures)


def to_json(result: GateResult) -> dict:
    """A gate's result as plain JSON values."""
    return {
        "gate": result.gate,
        "day": result.day.isoformat(),
        "checked_at": result.checked_at.isoformat(),
        "seconds": round(result.seconds, 3),
        "tables": {table.table: asdict(table) for table in result.tables},
    }


def from_json(data: dict) -> GateResult:
    """The inverse of ``to_json``. Raises ``KeyError`` or ``ValueError`` for other JSON."""
    tables = []
    for table in data["tables"].values():
        checks = tuple(
            CheckResult(**{**check, "samples": tuple(check["samples"])})
            for check in table["checks"]
        )
        tables.append(TableResult(**{**table, "checks": checks}))
    return GateResult(
        gate=data["gate"],
        day=date.fromisoformat(data["day"]),
        checked_at=datetime.fromisoformat(data["checked_at"]),
        seconds=data["seconds"],
        tables=tuple(tables),
    )


class RunHistory:
    """Results of past runs under ``<reports>/data_quality/runs``."""

    def __init__(self, reports: Path) -> None:
        self.root = Path(reports) / "data_quality" / "runs"

    def save(self, result: GateResult) -> Path:
        """Keep a result; tables of the same gate and day that were not checked again stay."""
        path = self.root / result.gate / f"{result.day.isoformat()}.json"
        data = to_json(result)
        earlier = self._load(path)
        if earlier is not None:
            kept = {t.table: asdict(t) for t in earlier.tables if t.table not in data["tables"]}
            data["tables"] = {**kept, **data["tables"]}
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
        temporary.write_text(json.dumps(data, indent=1), encoding="utf-8")
        os.replace(temporary, path)
        for old in sorted(path.parent.glob("*.json"))[:-KEPT_RUNS]:
            old.unlink(missing_ok=True)
        return path

    def runs(self, gate: str) -> list[GateResult]:
        """Kept results of a gate, oldest first; a file that cannot be read is passed over."""
        found = (self._load(path) for path in sorted((self.root / gate).glob("????-??-??.json")))
        return [result for result in found if result is not None]

    def before(self, gate: str, day: date) -> GateResult | None:
        """The newest result of a gate from a day before ``day``."""
        paths = sorted((self.root / gate).glob("????-??-??.json"), reverse=True)
        for path in paths:
            if path.stem < day.isoformat():
                result = self._load(path)
                if result is not None:
                    return result
        return None

    @staticmethod
    def _load(path: Path) -> GateResult | None:
        with suppress(FileNotFoundError, ValueError, KeyError, TypeError):
            return from_json(json.loads(path.read_text(encoding="utf-8")))
        return None
