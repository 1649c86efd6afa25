"""Groups are those of average linkage over all pairs, whatever else is in the table."""

import numpy as np
import pyarrow as pa
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from ml.identity.clusters import CLIP, LINK_WEIGHT, MEAN_WEIGHT, cluster


def table(left: np.ndarray, right: np.ndarray, weight: np.ndarray) -> pa.Table:
    return pa.table({"left_row": left, "right_row": right, "weight": weight})


def invented(seed: int, count: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Some pairs of records of ten companies, no two of one weight."""
    chance = np.random.default_rng(seed)
    left, right = np.triu_indices(count, 1)
    compared = chance.random(len(left)) < 0.3
    left, right = left[compared], right[compared]
    company = chance.integers(0, 10, count)
    mean = np.where(company[left] == company[right], 5.0, -3.0)
    weight = np.clip(mean + chance.normal(0, 4, len(left)), -11.5, 11.5)
    return left, right, weight + chance.random(len(left)) * 0.1


def by_matrix(count: int, left: np.ndarray, right: np.ndarray, weight: np.ndarray) -> list[int]:
    """The same by the full matrix: parts that strong pairs hold together, each cut by its mean."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    strong = weight >= LINK_WEIGHT
    graph = coo_matrix((strong[strong], (left[strong], right[strong])), (count, count))
    part = connected_components(graph, directed=False)[1]
    apart = np.where(part[:, None] == part[None, :], -CLIP, -1e6)
    inside = part[left] == part[right]
    left, right, weight = left[inside], right[inside], weight[inside]
    apart[left, right] = apart[right, left] = weight
    distance = CLIP - apart
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance), "average")
    found = fcluster(tree, CLIP - MEAN_WEIGHT, "distance")
    return [int(np.flatnonzero(found == number)[0]) for number in found]


@pytest.mark.parametrize("seed", range(12))
def test_groups_are_those_of_the_full_matrix(seed: int) -> None:
    left, right, weight = invented(seed)
    labels = cluster(60, table(left, right, weight)).tolist()
    assert labels == by_matrix(60, left, right, weight)
    assert 1 < len(set(labels)) < 60


def test_a_group_of_equals_is_one() -> None:
    left, right = np.triu_indices(300, 1)
    almost = (left + right) % 7 != 0
    weight = np.full(almost.sum(), 9.0)
    assert set(cluster(300, table(left[almost], right[almost], weight)).tolist()) == {0}


def test_equally_near_groups_join_alike_whatever_stands_beside_them() -> None:
    chance = np.random.default_rng(5)
    left, right = np.triu_indices(40, 1)
    weight = chance.choice([-9.0, -1.5, 0.0, 4.0, 8.5], len(left), p=[0.3, 0.2, 0.1, 0.2, 0.2])
    alone = cluster(40, table(left, right, weight))
    # Two strangers come in between, tied to each other.
    rows = np.arange(40) + (np.arange(40) >= 11) + (np.arange(40) >= 23)
    more = [np.append(rows[left], 11), np.append(rows[right], 24), np.append(weight, 9.0)]
    beside = cluster(42, table(*more))
    assert beside[rows].tolist() == rows[alone].tolist()
    assert beside[[11, 24]].tolist() == [11, 11]


def test_what_is_held_together_counts_by_what_was_compared() -> None:
    # 1 was not compared with 2, but is held together with 0, which was.
    pairs = table(np.array([0]), np.array([2]), np.array([4.0]))
    assert cluster(3, pairs, together=[(0, 1)]).tolist() == [0, 0, 0]
    both = table(np.array([0, 1]), np.array([2, 2]), np.array([4.0, -4.5]))
    assert cluster(3, both, together=[(0, 1)]).tolist() == [0, 0, 2]
    assert cluster(3, pairs, together=[(0, 1)], apart=[(1, 2)]).tolist() == [0, 0, 2]
    assert cluster(2, pairs.slice(0, 0), together=[(0, 1)], apart=[(0, 1)]).tolist() == [0, 0]
    # Held together, two values of a key are: neither value's records join them for that.
    keys = [["a.example", "b.example", "a.example"]]
    assert cluster(3, pairs, together=[(0, 1)], keys=keys).tolist() == [0, 0, 2]


def test_nothing_to_join() -> None:
    nothing = table(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    assert cluster(0, nothing).tolist() == []
    assert cluster(3, nothing, keys=[["", None, "a.example"]]).tolist() == [0, 1, 2]
