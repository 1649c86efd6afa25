"""``clusters.cluster`` for the many groups of few records: the same labels, mostly without arrays.

A block of a handful of records is most often one group that nothing speaks against, or several that
nothing ties; both are seen from the pairs alone. Only what has to be weighed goes to ``cluster``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ml.identity.clusters import LINK_WEIGHT, MEAN_WEIGHT, cluster

#: Two records by row, and the weight of what speaks for their being one.
Pair = tuple[int, int, float]


def cluster_pairs(
    count: int,
    pairs: Sequence[Pair],
    together: Iterable[tuple[int, int]] = (),
    keys: Sequence[Sequence[str | None]] = (),
) -> list[int]:
    """Group number of each of ``count`` rows, as ``cluster`` gives it: the group's smallest row.

    Each pair stands once in ``pairs``; ``together`` and ``keys`` as there.
    """
    bound = dict.fromkeys((min(a, b), max(a, b)) for a, b in together)
    told = [k for k in keys if any(k)]
    against: set[tuple[int, int]] = set()
    above = list(range(count))
    for a, b in bound:
        _tie(above, a, b)
    for a, b, weight in pairs:
        if (a, b) in bound or (b, a) in bound:
            continue
        if any(k[a] and k[b] and k[a] != k[b] for k in told):
            against.add((a, b))
        elif weight >= LINK_WEIGHT:
            _tie(above, a, b)
        elif weight < MEAN_WEIGHT:
            against.add((a, b))
    parts: dict[int, list[int]] = defaultdict(list)
    for row in range(count):
        parts[_top(above, row)].append(row)
    inside: dict[int, list[Pair]] = defaultdict(list)
    compared: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for pair in pairs:
        part = _top(above, pair[0])
        if part == _top(above, pair[1]):
            inside[part].append(pair)
            compared[part].add((min(pair[:2]), max(pair[:2])))
    for a, b in bound:
        compared[_top(above, a)].add((a, b))
    doubted = {_top(above, a) for a, b in against if _top(above, a) == _top(above, b)}
    labels = list(range(count))
    for part, rows in parts.items():
        whole = len(compared[part]) == len(rows) * (len(rows) - 1) // 2
        if part in doubted or not whole:
            _weigh(labels, rows, inside[part], bound, told)
        else:
            for row in rows:
                labels[row] = rows[0]
    return labels


def _weigh(
    labels: list[int],
    rows: list[int],
    pairs: list[Pair],
    bound: Iterable[tuple[int, int]],
    keys: Sequence[Sequence[str | None]],
) -> None:
    """Label the rows of one part by the mean weight between its groups."""
    import pyarrow as pa

    at = {row: number for number, row in enumerate(rows)}
    scored = pa.table(
        {
            "left_row": pa.array([at[a] for a, _, _ in pairs], pa.int64()),
            "right_row": pa.array([at[b] for _, b, _ in pairs], pa.int64()),
            "weight": pa.array([weight for _, _, weight in pairs], pa.float64()),
        }
    )
    found = cluster(
        len(rows),
        scored,
        together=[(at[a], at[b]) for a, b in bound if a in at],
        keys=[[k[row] for row in rows] for k in keys],
    )
    for row, label in zip(rows, found.tolist(), strict=True):
        labels[row] = rows[label]


def _top(above: list[int], row: int) -> int:
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row


def _tie(above: list[int], one: int, other: int) -> None:
    low, high = sorted((_top(above, one), _top(above, other)))
    above[high] = low
