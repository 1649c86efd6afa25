"""Figures over classes: F1 of each, their plain mean, and how far chance alone moves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

#: Draws of the bootstrap and the share of them that an interval holds.
DRAWS = 500
HELD = 0.95


def f1_by_class(expected: Sequence[str], got: Sequence[str]) -> dict[str, float]:
    """F1 of each class that is expected at least once, by name.

    >>> f1_by_class(["a", "a", "b"], ["a", "b", "b"])
    {'a': 0.6666666666666666, 'b': 0.6666666666666666}
    """
    right = Counter(e for e, g in zip(expected, got, strict=True) if e == g)
    asked, given = Counter(expected), Counter(got)
    return {label: 2 * right[label] / (asked[label] + given[label]) for label in sorted(asked)}


def macro_f1(expected: Sequence[str], got: Sequence[str]) -> float:
    """Mean of the classes' F1, each class alike whatever its size."""
    by_class = f1_by_class(expected, got)
    return sum(by_class.values()) / len(by_class)


def macro_f1_interval(
    expected: Sequence[str], got: Sequence[str], draws: int = DRAWS
) -> tuple[float, float]:
    """Percentile bootstrap over cases: the same seed each time, so a run can be repeated."""
    import numpy as np

    labels = sorted(set(expected) | set(got))
    place = {label: i for i, label in enumerate(labels)}
    asked = np.array([place[e] for e in expected])
    given = np.array([place[g] for g in got])
    scored = sorted({place[e] for e in expected})
    random = np.random.default_rng(0)
    figures = []
    for _ in range(draws):
        drawn = random.integers(0, len(asked), len(asked))
        a, g = asked[drawn], given[drawn]
        right = np.bincount(a[a == g], minlength=len(labels))
        both = np.bincount(a, minlength=len(labels)) + np.bincount(g, minlength=len(labels))
        counted = [c for c in scored if both[c]]
        figures.append(float(np.mean([2 * right[c] / both[c] for c in counted])))
    low, high = np.quantile(figures, [(1 - HELD) / 2, (1 + HELD) / 2])
    return float(low), float(high)
