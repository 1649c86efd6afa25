"""Ridge regression over likenesses: what both learners of news learn with.

Two sentences are as like each other as the words, word parts and families that they share, and,
where an encoder is at hand, as near as their vectors lie. A label's score is then a weighted sum of
the likenesses to all examples. With a few thousand examples that is one system of equations for
all labels at once, and its inverse also tells exactly what each document would have scored had it
been left out, so nothing is fitted again to learn thresholds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

#: From items (sentences, mentions) to one dense vector each.
Encode = Callable[[Sequence[Any]], "np.ndarray"]


@dataclass
class Likeness:
    """How like two items are: shared features by weight, and the nearness of their vectors.

    ``features`` are vectorizers with the weight of their cosine. Vectors, if any, are brought to
    equal spread and length; their likeness is ``weight * exp(-sharpness * (1 - cosine))``, so that
    only what lies near counts.
    """

    features: list[tuple[Any, float]]
    encode: Encode | None = None
    weight: float = 1.0
    sharpness: float = 1.0
    _rows: tuple[Any, Any] | None = None
    _spread: tuple[Any, Any] | None = None

    def fit(self, items: Sequence[Any]) -> np.ndarray:
        """Learn features and spread from the examples; their likenesses to each other."""
        for vectorizer, _ in self.features:
            vectorizer.fit(items)
        if self.encode is not None:
            vectors = self.encode(items)
            self._spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
        self._rows = self._described(items)
        return self._compare(self._rows)

    def to_examples(self, items: Sequence[Any]) -> np.ndarray:
        """Likeness of each item to each example: one row an item."""
        return self._compare(self._described(items))

    def _described(self, items: Sequence[Any]) -> tuple[Any, Any]:
        import numpy as np
        from scipy.sparse import hstack

        words = hstack([v.transform(items) * weight**0.5 for v, weight in self.features]).tocsr()
        if self.encode is None or self._spread is None:
            return words, None
        vectors = (self.encode(items) - self._spread[0]) / self._spread[1]
        return words, vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)

    def _compare(self, described: tuple[Any, Any]) -> np.ndarray:
        import numpy as np

        assert self._rows is not None
        words, vectors = described
        alike = (words @ self._rows[0].T).toarray().astype(np.float32)
        if vectors is not None:
            near = (vectors @ self._rows[1].T).astype(np.float32)
            alike += self.weight * np.exp(self.sharpness * (near - 1))
        return alike


@dataclass(frozen=True)
class Ridge:
    """Weights of the examples (one column a label) and each label's share among them."""

    weights: Any
    share: Any

    def scores(self, alike: np.ndarray) -> np.ndarray:
        """Score of each item for each label, about 0 (it does not bear it) to 1 (it does)."""
        return alike @ self.weights + self.share


def fit_ridge(alike: np.ndarray, targets: np.ndarray, penalty: float) -> Ridge:
    """Weights that give the examples their labels, held back by ``penalty``."""
    import numpy as np
    from scipy.linalg import cho_factor, cho_solve

    system = alike.astype(np.float32)
    system[np.diag_indices_from(system)] += penalty
    share = targets.mean(axis=0, dtype=np.float32)
    factor = cho_factor(system, overwrite_a=True, check_finite=False)
    return Ridge(cho_solve(factor, (targets - share).astype(np.float32), check_finite=False), share)


def fit_ridge_held_out(
    alike: np.ndarray, targets: np.ndarray, penalty: float, groups: Sequence[Hashable]
) -> tuple[Ridge, np.ndarray]:
    """The same, and what each example scores when its group is left out.

    For a group ``g`` and the inverse ``Q`` of the system the residual is ``Q[g,g]^-1 (Q y)[g]``
    (leave-one-out of ridge regression, by blocks), so nothing is solved again.
    """
    import numpy as np

    share = targets.mean(axis=0)
    inverse = np.linalg.inv(alike.astype(np.float64) + penalty * np.eye(len(targets)))
    weights = inverse @ (targets - share)
    held_out = np.empty(targets.shape)
    members: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        members.setdefault(group, []).append(at)
    for own in members.values():
        block = inverse[np.ix_(own, own)]
        held_out[own] = targets[own] - np.linalg.solve(block, weights[own])
    return Ridge(weights.astype(np.float32), share), held_out


def best_threshold(truth: np.ndarray, scores: np.ndarray) -> float:
    """The score from which the F1 of telling everything above it is highest.

    Half way between the last score that is told and the next below. Without any true case nothing
    is told: the threshold is infinite.
    """
    import numpy as np

    if not truth.any():
        return float("inf")
    order = np.argsort(-scores, kind="stable")
    right = np.cumsum(truth[order])
    told = np.arange(1, len(scores) + 1)
    last = int(np.argmax(2 * right / (told + truth.sum())))
    below = order[min(last + 1, len(order) - 1)]
    return float((scores[order[last]] + scores[below]) / 2)
