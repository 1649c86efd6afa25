"""Excess over chance, shares and their intervals, and the correction for many questions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.associations.history import History, Occasions, last_before


@dataclass(frozen=True)
class Excess:
    """How much more often a kind follows than it would by chance.

    ``companies`` are those that showed both; ``following`` those in which it followed. ``lags`` are
    days, one for each time that it followed.
    """

    companies: int
    following: int
    observed: int
    expected: float
    lift: float
    lower: float
    upper: float
    p_value: float
    lags: np.ndarray


def excess_after(
    history: History,
    first: Occasions,
    seen_since: np.ndarray,
    kind: str,
    rate: np.ndarray,
    window: int,
    level: float,
) -> Excess:
    """Whether ``kind`` occurs within ``window`` days after ``first`` more often than by chance.

    Each company is compared with itself, as in the self-controlled case series (Farrington 1995):
    given how often it shows ``kind`` at all, chance spreads these occasions over the days on which
    the company can be seen, in proportion to the rate of the kind among all companies on those
    days. So neither busy companies, nor seasons, nor days without a fetch make an excess. The
    p-value (one-sided) is the larger of an exact Poisson one and one whose variance is taken over
    companies, which holds when occasions of one company come in bursts.
    """
    then = history.kinds[kind]
    # Only days on which both can be seen are compared.
    early = seen_since[first.company]
    first = Occasions(first.company[first.day >= early], first.day[first.day >= early])
    late = seen_since[then.company]
    then = Occasions(then.company[then.day > late], then.day[then.day > late])
    size = len(history.company_ids)
    total = np.bincount(then.company, minlength=size)
    both = (np.bincount(first.company, minlength=size) > 0) & (total > 0)
    _, lag = last_before(first, then)
    follows = lag <= window
    observed = np.bincount(then.company[follows], minlength=size)
    # Days after an occasion, each counted once.
    following = np.full(len(first.day), np.iinfo(np.int64).max)
    same = first.company[1:] == first.company[:-1]
    following[:-1][same] = first.day[1:][same]
    until = np.minimum(np.minimum(first.day + window, following), history.end)
    exposed = np.bincount(
        first.company,
        weights=rate[until - history.start] - rate[first.day - history.start],
        minlength=size,
    )
    since = np.where(both, seen_since, history.end).astype(int)
    watched = rate[-1] - rate[np.maximum(since - history.start, 0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(both & (watched > 0), exposed / watched, 0.0)
    expected = total * share
    count, chance = int(observed[both].sum()), float(expected[both].sum())
    spread = float(((observed - expected)[both] ** 2).sum())
    lift, lower, upper = _ratio(count, chance, spread, level)
    return Excess(
        companies=int(both.sum()),
        following=int(((observed > 0) & both).sum()),
        observed=count,
        expected=chance,
        lift=lift,
        lower=lower,
        upper=upper,
        p_value=_excess_p(count, chance, spread, int(both.sum())),
        lags=lag[follows],
    )


def _ratio(count: int, chance: float, spread: float, level: float) -> tuple[float, float, float]:
    """Observed over expected with an interval on the log; half a case more where there is none."""
    if chance <= 0:
        return math.nan, math.nan, math.nan
    seen = count or 0.5
    width = _normal(level) * math.sqrt(max(spread, seen)) / seen
    lift = seen / chance
    return count / chance, lift * math.exp(-width), lift * math.exp(width)


def _excess_p(count: int, chance: float, spread: float, companies: int) -> float:
    from scipy import stats

    if chance <= 0 or companies < 2 or count <= chance:
        return 1.0
    poisson = float(stats.poisson.sf(count - 1, chance))
    if spread <= 0:
        return poisson
    between = float(stats.t.sf((count - chance) / math.sqrt(spread), companies - 1))
    return max(poisson, between)


def _normal(level: float) -> float:
    from scipy import stats

    return float(stats.norm.ppf(0.5 + level / 2))


def wilson(count: int, total: int, level: float) -> tuple[float, float]:
    """Wilson's interval of a share (1927); of nothing counted it is 0 to 1."""
    if total == 0:
        return 0.0, 1.0
    z = _normal(level)
    share = count / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = (
        z
        / (1 + z * z / total)
        * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def median_interval(values: np.ndarray, level: float) -> tuple[float, float, float]:
    """Median with the interval that its order statistics give, whatever the distribution."""
    from scipy import stats

    if not len(values):
        return math.nan, math.nan, math.nan
    ordered = np.sort(values)
    low = int(stats.binom.ppf((1 - level) / 2, len(ordered), 0.5))
    return (
        float(np.median(ordered)),
        float(ordered[max(0, low - 1)]),
        float(ordered[min(len(ordered) - 1, len(ordered) - low)]),
    )


@dataclass(frozen=True)
class Contrast:
    """How much more frequent something is in one group than in another, within strata."""

    lift: float
    lower: float
    upper: float
    p_value: float


def contrast(has: np.ndarray, is_case: np.ndarray, stratum: np.ndarray, level: float) -> Contrast:
    """Ratio of the shares that ``has`` among cases and among the rest, by Mantel and Haenszel.

    Interval by Greenland and Robins (1985); the one-sided p-value of the stratified test has the
    continuity correction. Strata keep calendar time out of the comparison.
    """
    from scipy import stats

    _, place = np.unique(stratum, return_inverse=True)
    case = is_case.astype(float)
    n1, n0 = np.bincount(place, case), np.bincount(place, 1 - case)
    a, b = np.bincount(place, case * has), np.bincount(place, (1 - case) * has)
    n, m = n1 + n0, a + b
    up, down = float((a * n0 / n).sum()), float((b * n1 / n).sum())
    if up > 0 and down > 0:
        variance = float(((m * n1 * n0 - a * b * n) / n**2).sum()) / (up * down)
        lift = up / down
    else:
        cases, others, total, rest = a.sum() + 0.5, b.sum() + 0.5, n1.sum() + 1, n0.sum() + 1
        lift = float((cases / total) / (others / rest))
        variance = float(1 / cases - 1 / total + 1 / others - 1 / rest)
    width = _normal(level) * math.sqrt(max(variance, 0.0))
    chance = float((n1 * m / n).sum())
    large = n > 1
    spread = float((n1 * n0 * m * (n - m))[large] @ (1 / (n**2 * (n - 1.0))[large]))
    excess = float(a.sum()) - chance
    p = float(stats.norm.sf((excess - 0.5) / math.sqrt(spread))) if spread > 0 else 1.0
    return Contrast(lift, lift * math.exp(-width), lift * math.exp(width), min(1.0, p))


def corrected(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's q-values (1995) of all questions asked together."""
    from scipy import stats

    if not p_values:
        return []
    return [float(q) for q in stats.false_discovery_control(list(p_values), method="bh")]
