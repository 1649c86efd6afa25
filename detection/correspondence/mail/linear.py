"""A logistic regression over named features, read from one table: no matrices for one short text.

Learning uses scikit-learn; judging is a few dozen additions in plain Python. The same examples give
the same weights.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

#: Inverse strength of the penalty on weights; 3 to 30 give the same figures within their error.
PENALTY = 10.0


@dataclass(frozen=True)
class LinearScorer:
    """Weights of features, each already times its inverse document frequency."""

    #: Feature to (inverse document frequency, weight).
    weights: Mapping[str, tuple[float, float]]
    intercept: float

    def probability(self, features: Collection[str]) -> float:
        """Probability that something with these features is of the kind that was learnt."""
        weight_of = self.weights.get
        squares = total = 0.0
        for feature in features if isinstance(features, set) else set(features):
            if found := weight_of(feature):
                idf, weight = found
                squares += idf * idf
                total += idf * weight
        score = self.intercept + total / (math.sqrt(squares) or 1.0)
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score))))

    def reasons(self, features: Iterable[str], most: int = 5) -> tuple[str, ...]:
        """The features that speak most for the kind, strongest first."""
        speaking = [
            (idf * weight, feature)
            for feature in set(features)
            for idf, weight in (self.weights.get(feature, (0.0, 0.0)),)
            if weight > 0
        ]
        return tuple(feature for _, feature in sorted(speaking, key=lambda s: (-s[0], s[1]))[:most])


def fit(examples: Sequence[Collection[str]], truth: Sequence[bool], rare: int = 1) -> LinearScorer:
    """Learn from the features of examples and whether each is of the kind.

    Features of fewer than ``rare`` examples are not learnt. Raises ValueError when the examples are
    all of one kind.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    if len(set(truth)) < 2:
        raise ValueError("examples of both kinds are needed to learn to tell them apart")
    table = TfidfVectorizer(analyzer=sorted, binary=True, min_df=rare)
    matrix = table.fit_transform([set(features) for features in examples])
    model = LogisticRegression(C=PENALTY, solver="liblinear", random_state=0)
    model.fit(matrix, list(truth))
    return LinearScorer(
        weights={
            feature: (float(table.idf_[at]), float(model.coef_[0][at]))
            for feature, at in table.vocabulary_.items()
        },
        intercept=float(model.intercept_[0]),
    )
