"""A fitted vectorizer and what a linear model weighs its features by, as one table.

A text or title asked about one by one bears some hundred features. Looking these up and adding
their rows costs a tenth of what sparse matrices of one row cost, and reading needs no library of
learning: importing one takes each reading process more than a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class FeatureWeights:
    """Weights of one kind of feature: a row a feature, a column a label."""

    #: Row of each feature.
    rows: dict[str, int]
    #: What a feature counts by itself: the rarer among the examples, the more.
    rarity: np.ndarray
    weights: np.ndarray
    #: Whether a feature counts once, however often a text bears it.
    once: bool

    @classmethod
    def of(cls, vectorizer: Any, weights: np.ndarray) -> FeatureWeights:
        """Those of a fitted ``TfidfVectorizer``; ``weights`` has a row for each of its features.

        Raises ValueError for a vectorizer that counts in another way than this table does.
        """
        import numpy as np

        if not vectorizer.use_idf or vectorizer.norm != "l2" or vectorizer.smooth_idf is not True:
            raise ValueError("only rarity and rows of length 1 can be read from a table")
        if vectorizer.binary == vectorizer.sublinear_tf:
            raise ValueError("a feature counts once, or by the logarithm of how often it is there")
        return cls(
            {str(feature): int(row) for feature, row in vectorizer.vocabulary_.items()},
            np.asarray(vectorizer.idf_, dtype=np.float64),
            np.ascontiguousarray(weights, dtype=np.float64),
            bool(vectorizer.binary),
        )

    def scores(self, features: Iterable[str]) -> np.ndarray:
        """What the features of one text say for each label; zeros where none is known."""
        import numpy as np

        counts: dict[int, int] = {}
        rows = self.rows
        for feature in features:
            row = rows.get(feature)
            if row is not None:
                counts[row] = counts.get(row, 0) + 1
        if not counts:
            return np.zeros(self.weights.shape[1])
        known = np.fromiter(counts, dtype=np.intp, count=len(counts))
        values = self.rarity[known]
        if not self.once:
            values = values * [1.0 + math.log(count) for count in counts.values()]
        return (values / math.sqrt(values @ values)) @ self.weights[known]
