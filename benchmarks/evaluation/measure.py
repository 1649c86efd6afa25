"""What a measurement answers with, and the lake rows that measured files become."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterable, Iterator
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
    #: 95 % interval of the value; None where the figure is a count of everything there is.
    interval: tuple[float, float] | None = None


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
    #: Tables written out for a person's review: file name to header and rows.
    reviews: dict[str, list[list[str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hits:
    """What one case (a filing, a company, a document) gave: right, found and expected items."""

    right: int
    found: int
    expected: int


def f1_of(cases: Iterable[Hits]) -> float:
    """Micro-averaged F1; 0 where nothing is found and nothing expected."""
    cases = list(cases)
    both = sum(c.found + c.expected for c in cases)
    return 2 * sum(c.right for c in cases) / both if both else 0.0


#: Samples drawn for an interval, and the seed that makes it the same every time.
DRAWS, SEED = 2_000, 20_260_101


def f1_interval(cases: Iterable[Hits]) -> tuple[float, float] | None:
    """95 % interval of ``f1_of`` by drawing whole cases with replacement (percentile bootstrap).

    Cases stay whole because items of one filing or company are right or wrong together. Where all
    are right, drawing again shows nothing else: Wilson's interval of so many cases stands instead.
    None for fewer than two cases.
    """
    import numpy as np

    cases = list(cases)
    if len(cases) < 2:
        return None
    if all(c.right == c.found == c.expected for c in cases):
        return share_interval(len(cases), len(cases))
    counts = np.array([(c.right, c.found + c.expected) for c in cases], dtype=float)
    random = np.random.default_rng(SEED)
    values = []
    for _ in range(DRAWS):
        right, both = counts[random.integers(0, len(counts), len(counts))].sum(axis=0)
        values.append(2 * right / both if both else 0.0)
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def drawn_interval(
    cases: Iterable[Hits], figure: Callable[[list[Hits]], float]
) -> tuple[float, float] | None:
    """95 % interval of any figure over whole cases, by the same draws as ``f1_interval``."""
    import numpy as np

    cases = list(cases)
    if len(cases) < 2:
        return None
    random = np.random.default_rng(SEED)
    values = [
        figure([cases[i] for i in random.integers(0, len(cases), len(cases))]) for _ in range(DRAWS)
    ]
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def share_interval(right: int, of: int) -> tuple[float, float] | None:
    """95 % Wilson interval of a share of independent cases; None without cases."""
    if of == 0:
        return None
    z = 1.959964
    share, spread = right / of, z * z / of
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + spread)
    return max(0.0, round(centre - half, 12)), min(1.0, round(centre + half, 12))


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
