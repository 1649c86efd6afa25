"""Few records are grouped as many are, without arrays."""

import random

import pyarrow as pa
import pytest

from ml.identity.clusters import cluster
from ml.identity.small_clusters import cluster_pairs


def by_arrays(count, pairs, together, keys) -> list[int]:
    scored = pa.table(
        {
            "left_row": pa.array([a for a, _, _ in pairs], pa.int64()),
            "right_row": pa.array([b for _, b, _ in pairs], pa.int64()),
            "weight": pa.array([w for _, _, w in pairs], pa.float64()),
        }
    )
    return cluster(count, scored, together=together, keys=keys).tolist()


@pytest.mark.parametrize("seed", range(120))
def test_labels_are_those_of_the_arrays(seed: int) -> None:
    chance = random.Random(seed)
    count = chance.randint(1, 9)
    every = [(a, b) for a in range(count) for b in range(a + 1, count)]
    compared = [pair for pair in every if chance.random() < 0.85]
    pairs = [(a, b, chance.choice((-9.0, -1.5, 0.0, 2.5, 4.0, 8.5))) for a, b in compared]
    together = [pair for pair in every if chance.random() < 0.08]
    keys = [[chance.choice((None, None, "x", "y")) for _ in range(count)] for _ in range(2)]
    expected = by_arrays(count, pairs, together, keys)
    assert cluster_pairs(count, pairs, together, keys) == expected


def test_a_source_between_two_deals_does_not_make_them_one() -> None:
    pairs = [(0, 1, 4.0), (1, 2, 3.0), (0, 2, -9.0)]
    assert cluster_pairs(3, pairs) == [0, 0, 2]


def test_nothing_speaks_against_one_group() -> None:
    assert cluster_pairs(3, [(0, 1, 4.0), (1, 2, 3.5), (0, 2, 0.5)]) == [0, 0, 0]
    assert cluster_pairs(2, []) == [0, 1]
    assert cluster_pairs(2, [(0, 1, 9.0)], keys=[["P-1", "P-2"]]) == [0, 1]
    assert cluster_pairs(2, [(0, 1, 9.0)], [(0, 1)], [["P-1", "P-2"]]) == [0, 0]
