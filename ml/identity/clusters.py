"""From pairs to companies, without chains.

Two records are one company when all that speaks for it outweighs all that speaks against it: groups
are joined while the mean weight between their records is positive (average linkage), so that a
record between two companies does not make them one. What must not be together - two CIKs, two
domains, a person's "apart" - is never joined; what a person holds together is from the start.

Groups that are each other's nearest are joined all at once, round by round, which gives the tree
that joining the nearest two of all one after another gives (the mean of two groups never lies above
both: Murtagh, "A survey of recent advances in hierarchical clustering algorithms", 1983). Pairs
never compared are not held, so that a round costs by the others and not by the square of a group.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

#: Pairs of at least this weight (log2 of the odds: 8 to 1) hold groups together at all.
LINK_WEIGHT = 3.0
#: Groups join while the mean weight between them is at least this (as likely as not).
MEAN_WEIGHT = 0.0
#: Weights count up to this either way; pairs that were never compared count as the lower end.
CLIP = 12.0
#: Weights are added as whole numbers of this fraction, so that no order of adding shows.
STEP = 2.0**-20
#: Pairs up to which parts of a graph are found without a matrix.
FEW_PAIRS = 200
#: Value of one kind of key for every row.
Keys = Sequence[str | None] | pa.ChunkedArray


@dataclass
class _Pairs:
    """Pairs of groups (``low`` < ``high``) with what speaks for them, each pair once."""

    low: np.ndarray
    high: np.ndarray
    #: Sum over their records of weight plus ``CLIP``, in steps: pairs not compared add nothing.
    support: np.ndarray
    #: Whether a person holds records of theirs apart.
    apart: np.ndarray

    def where(self, kept: np.ndarray) -> _Pairs:
        """Some of the pairs."""
        return _Pairs(self.low[kept], self.high[kept], self.support[kept], self.apart[kept])

    def renamed(self, group: np.ndarray) -> _Pairs:
        """The pairs between the groups that theirs are in now, with what they have in all."""
        one, other = group[self.low], group[self.high]
        outside = one != other
        one, other = one[outside], other[outside]
        low, high = np.minimum(one, other), np.maximum(one, other)
        order = np.argsort(low * len(group) + high, kind="stable")
        low, high = low[order], high[order]
        starts = np.flatnonzero(
            np.concatenate([[True], (low[1:] != low[:-1]) | (high[1:] != high[:-1])])[: len(low)]
        )
        if not len(starts):
            return self.where(np.zeros(len(self.low), dtype=bool))
        return _Pairs(
            low[starts],
            high[starts],
            np.add.reduceat(self.support[outside][order], starts),
            np.logical_or.reduceat(self.apart[outside][order], starts),
        )


@dataclass
class _Told:
    """Values of one kind of key in each group, as the smallest and the largest number of theirs."""

    least: np.ndarray
    most: np.ndarray

    @classmethod
    def of(cls, codes: np.ndarray, group: np.ndarray) -> _Told:
        """From the number of each row's value, -1 for none."""
        told = np.flatnonzero(codes >= 0)
        least = np.full(len(codes), len(codes), dtype=np.int64)
        most = np.full(len(codes), -1, dtype=np.int64)
        np.minimum.at(least, group[told], codes[told])
        np.maximum.at(most, group[told], codes[told])
        return cls(least, most)

    def differ(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Whether two groups, both with a value, have more than one between them."""
        both = (self.most[low] >= 0) & (self.most[high] >= 0)
        least = np.minimum(self.least[low], self.least[high])
        return both & (least != np.maximum(self.most[low], self.most[high]))

    def join(self, low: np.ndarray, high: np.ndarray) -> None:
        """``high`` is part of ``low`` from now on."""
        self.least[low] = np.minimum(self.least[low], self.least[high])
        self.most[low] = np.maximum(self.most[low], self.most[high])


def cluster(
    count: int,
    scored: pa.Table,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    keys: Iterable[Keys] = (),
) -> np.ndarray:
    """Group number of each of ``count`` rows; a group's number is its smallest row.

    ``keys``: for each kind of key that a company has one of, the value of every row or None; two
    different values of a kind never join. ``together`` is stronger than these and than ``apart``.
    Each pair stands once in ``scored`` (``left_row``, ``right_row``, ``weight``).
    """
    left = np.asarray(scored.column("left_row"), dtype=np.int64)
    right = np.asarray(scored.column("right_row"), dtype=np.int64)
    weight = np.clip(np.asarray(scored.column("weight"), dtype=np.float64), -CLIP, CLIP)
    codes = [_codes(kind) for kind in keys]
    tied, split = (np.array([*pairs], np.int64).reshape(-1, 2).T for pairs in (together, apart))
    strong = weight >= LINK_WEIGHT
    for values in codes:
        strong &= (values[left] < 0) | (values[right] < 0) | (values[left] == values[right])
    part = _components(
        count, *(np.concatenate([a[strong], b]) for a, b in zip((left, right), tied, strict=True))
    )
    inside = part[left] == part[right]
    labels = _smallest(_components(count, *tied))
    pairs = _between(labels, left[inside], right[inside], weight[inside], *split)
    return _join(labels, pairs, [_Told.of(values, labels) for values in codes], _places(part))


def _codes(values: Keys) -> np.ndarray:
    """A number for each different value, -1 for none."""
    import pyarrow.compute as pc

    told = (
        values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values], pa.string())
    )
    told = pc.if_else(pc.equal(told, ""), None, told).combine_chunks()
    return np.asarray(told.dictionary_encode().indices.fill_null(-1), dtype=np.int64)


def _smallest(part: np.ndarray) -> np.ndarray:
    """The smallest row of each row's part."""
    first = np.full(part.max(initial=-1) + 1, len(part), dtype=np.int64)
    np.minimum.at(first, part, np.arange(len(part)))
    return first[part]


def _places(part: np.ndarray) -> np.ndarray:
    """The number of each row within its part."""
    order = np.argsort(part, kind="stable")
    begins = np.concatenate([[0], np.cumsum(np.bincount(part))[:-1]]).astype(np.int64)
    places = np.empty(len(part), dtype=np.int64)
    places[order] = np.arange(len(part)) - begins[part[order]]
    return places


def _between(
    group: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    one: np.ndarray,
    other: np.ndarray,
) -> _Pairs:
    """Pairs of groups from pairs of rows, of which ``one`` and ``other`` are held apart.

    Rows held together stand for each other: what was compared counts for those that were not.
    """
    records = np.bincount(group, minlength=len(group))
    support = np.rint((weight + CLIP) / STEP).astype(np.int64)
    nothing = np.zeros(len(one), dtype=np.int64)
    compared = _Pairs(
        np.concatenate([left, one]),
        np.concatenate([right, other]),
        np.concatenate([support, nothing]),
        np.concatenate([np.zeros(len(left), dtype=bool), np.ones(len(one), dtype=bool)]),
    )
    pairs = compared.renamed(group)
    several = records[pairs.low] * records[pairs.high]
    if (several > 1).any():
        counted = replace(compared, support=(~compared.apart).astype(np.int64)).renamed(group)
        pairs.support = pairs.support * several // np.maximum(counted.support, 1)
    return pairs


def _join(labels: np.ndarray, pairs: _Pairs, told: list[_Told], place: np.ndarray) -> np.ndarray:
    """Join groups while any two have a mean of at least ``MEAN_WEIGHT``, all nearest at once.

    Of equally near groups those join whose numbers in ``place`` differ in the lowest bit, as in a
    tournament: half of a group of equals at once, and the same whatever else is in the table.
    """
    records = np.bincount(labels, minlength=len(labels))
    enough = round((MEAN_WEIGHT + CLIP) / STEP)
    within = np.arange(len(labels))
    while True:
        compared = records[pairs.low] * records[pairs.high]
        close = ~pairs.apart & (pairs.support >= enough * compared)
        for kind in told:
            close &= ~kind.differ(pairs.low, pairs.high)
        if not close.any():
            return within[labels]
        # Who is close to none stays so: means of what is below the bound are below it.
        open_ = np.zeros(len(labels), dtype=bool)
        open_[pairs.low[close]] = open_[pairs.high[close]] = True
        kept = open_[pairs.low] & open_[pairs.high]
        near = pairs.where(close)
        low, high = near.low, near.high
        bits = place[low] ^ place[high]
        order = np.lexsort((place[low], bits, -near.support / compared[close]))
        best = np.full(len(labels), len(order), dtype=np.int64)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        np.minimum.at(best, low, rank)
        np.minimum.at(best, high, rank)
        mutual = (best[low] == rank) & (best[high] == rank)
        low, high = low[mutual], high[mutual]
        records[low] += records[high]
        for kind in told:
            kind.join(low, high)
        now = np.arange(len(labels))
        now[high] = low
        within = now[within]
        pairs = pairs.where(kept).renamed(now)


def _components(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    if len(left) <= FEW_PAIRS:
        return _components_of_few(count, left.tolist(), right.tolist())
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(left), np.int8), (left, right)), shape=(count, count))
    return connected_components(graph, directed=False)[1]


def _components_of_few(count: int, left: list[int], right: list[int]) -> np.ndarray:
    """As ``_components``, without the matrix, which costs more than so few pairs."""
    above = list(range(count))
    for pair in zip(left, right, strict=True):
        low, high = sorted(_root(above, row) for row in pair)
        above[high] = low
    numbers: dict[int, int] = {}
    return np.array(
        [numbers.setdefault(_root(above, row), len(numbers)) for row in range(count)], np.int64
    )


def _root(above: list[int], row: int) -> int:
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row
