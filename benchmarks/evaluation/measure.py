"""What a measurement answers with, and the lake rows that measured files become."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from resources.lake import Record

#: The fetch time given to files: when they were fetched is not known and decides nothing.
FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Metric:
    """One figure: its value, the number of cases, a simple baseline's value, wall seconds."""

    name: str
    value: float
    n: int
    baseline: float
    seconds: float
    #: What the baseline is, in a few words.
    baseline_is: str


@dataclass(frozen=True)
class Miss:
    """One case where the reading differs from what is expected."""

    metric: str
    record: str
    expected: str
    got: str


@dataclass
class Evaluation:
    """Everything one kind of data gave."""

    metrics: list[Metric] = field(default_factory=list)
    misses: list[Miss] = field(default_factory=list)
    #: Names of files or folders that were not measured, with the reason.
    skipped: list[str] = field(default_factory=list)


class Stopwatch:
    """Wall seconds since it was made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()

    def seconds(self) -> float:
        """Seconds so far, to the millisecond."""
        return round(time.perf_counter() - self._start, 3)


def rows(records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Records as the mappings that readers take."""
    for record in records:
        yield {f.name: getattr(record, f.name) for f in dataclasses.fields(record)}
