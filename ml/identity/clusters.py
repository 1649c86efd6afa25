"""From pairs to companies, without chains.

Two records are one company when all that speaks for it outweighs all that speaks against it: groups
are joined while the mean weight between their records is positive (average linkage), so that a
record between two companies does not make them one. What must not be together - two CIKs, two
domains, a person's "apart" - weighs more than any likeness; a person's "together" likewise.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa

#: Pairs of at least this weight (log2 of the odds: 8 to 1) hold groups together at all.
LINK_WEIGHT = 3.0
#: Groups join while the mean weight between them is at least this (as likely as not).
MEAN_WEIGHT = 0.0
#: Weights count up to this either way; pairs that were never compared count as the lower end.
CLIP = 12.0
#: Weight of what must, or must not, be together.
BOUND = 1e6
#: Records joined in one go; larger groups are first cut along their weaker links.
LARGEST_GROUP = 3_000
#: Pairs up to which parts of a graph are found without a matrix.
FEW_PAIRS = 200


def cluster(
    count: int,
    scored: pa.Table,
    together: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    keys: Iterable[list[str | None]] = (),
) -> np.ndarray:
    """Group number of each of ``count`` rows; a group's number is its smallest row.

    ``keys``: for each kind of key that a company has one of, the value of every row or None; two
    different values of a kind never join. ``together`` is stronger than these.
    """
    left = np.asarray(scored.column("left_row"), dtype=np.int64)
    right = np.asarray(scored.column("right_row"), dtype=np.int64)
    weight = np.clip(np.asarray(scored.column("weight"), dtype=np.float64), -CLIP, CLIP)
    kinds = [np.unique([v or "" for v in kind], return_inverse=True) for kind in keys]
    codes = [np.where(np.asarray(names)[i] == "", -1, i) for names, i in kinds]
    for values in codes:
        differ = (values[left] >= 0) & (values[right] >= 0) & (values[left] != values[right])
        weight[differ] = -BOUND
    bound = [(a, b, BOUND) for a, b in together] + [(a, b, -BOUND) for a, b in apart]
    if bound:
        named = {(min(a, b), max(a, b)) for a, b, _ in bound}
        free = np.fromiter(
            ((a, b) not in named for a, b in zip(left, right, strict=True)), bool, len(left)
        )
        extra = np.array(bound, dtype=np.float64)
        left = np.concatenate([left[free], np.minimum(extra[:, 0], extra[:, 1]).astype(np.int64)])
        right = np.concatenate([right[free], np.maximum(extra[:, 0], extra[:, 1]).astype(np.int64)])
        weight = np.concatenate([weight[free], extra[:, 2]])
    labels = np.arange(count)
    _join(labels, np.arange(count), left, right, weight, codes, LINK_WEIGHT)
    return labels


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


def _join(
    labels: np.ndarray,
    rows: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    codes: list[np.ndarray],
    link: float,
) -> None:
    """Label ``rows``; left and right are positions in ``rows``."""
    strong = weight >= link
    part = _components(len(rows), left[strong], right[strong])
    inside = part[left] == part[right]
    left, right, weight = left[inside], right[inside], weight[inside]
    order = np.argsort(part[left], kind="stable")
    left, right, weight = left[order], right[order], weight[order]
    sizes = np.bincount(part)
    edges = np.bincount(part[left], minlength=len(sizes))
    lowest = np.full(len(sizes), np.inf)
    np.minimum.at(lowest, part[left], weight)
    first = np.full(len(sizes), len(labels), dtype=np.int64)
    np.minimum.at(first, part, rows)
    # Every pair compared and none speaks against it: one company, nothing to weigh. A pair that was
    # not compared cannot hide a conflict of keys then.
    whole = (sizes == 1) | ((edges == sizes * (sizes - 1) // 2) & (lowest >= MEAN_WEIGHT))
    labels[rows[whole[part]]] = first[part[whole[part]]]
    starts = np.concatenate([[0], np.cumsum(edges)])
    by_part = np.argsort(part, kind="stable")
    begins = np.concatenate([[0], np.cumsum(sizes)])
    position = np.empty(len(rows), dtype=np.int64)
    for number in np.flatnonzero(~whole):
        members = by_part[begins[number] : begins[number + 1]]
        position[members] = np.arange(len(members))
        here = slice(starts[number], starts[number + 1])
        a, b, w = position[left[here]], position[right[here]], weight[here]
        if len(members) > LARGEST_GROUP and link < CLIP:
            _join(labels, rows[members], a, b, w, codes, link + 1.0)
        elif len(members) > LARGEST_GROUP:
            labels[rows[members]] = rows[members]
        else:
            _average(labels, rows[members], a, b, w, codes)


def _average(
    labels: np.ndarray,
    rows: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    weight: np.ndarray,
    codes: list[np.ndarray],
) -> None:
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    matrix = np.full((len(rows), len(rows)), -CLIP)
    for values in codes:
        own = values[rows]
        told = own >= 0
        matrix[(own[:, None] != own[None, :]) & told[:, None] & told[None, :]] = -BOUND
    matrix[left, right] = matrix[right, left] = weight
    # Records that a person holds together stand for each other where only one was compared.
    for a, b in zip(left[weight >= BOUND], right[weight >= BOUND], strict=True):
        for one, other in ((a, b), (b, a)):
            free = matrix[one] == -CLIP
            free[[a, b]] = False
            matrix[one, free] = matrix[free, one] = matrix[other, free]
    distance = BOUND - matrix
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    # Merges come in order of their distance: what merges within the mean is a group. ``fcluster``
    # would say the same, most of its time spent on checking the tree.
    groups = {leaf: [row] for leaf, row in enumerate(rows.tolist())}
    for merge, (one, other, apart, _) in enumerate(tree.tolist(), start=len(rows)):
        if apart > BOUND - MEAN_WEIGHT:
            break
        groups[merge] = groups.pop(int(one)) + groups.pop(int(other))
    for members in groups.values():
        labels[members] = min(members)
