"""A classifier of relations that knows words alone, as tables of weights.

A score is a weighted sum of likenesses to the examples, and a likeness a sum over shared features;
so both sums are made once, for each feature, and an example is never looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detection.feature_weights import FeatureWeights
from detection.news.mentions import Mention, Relation, relation_of
from detection.news.relations import RelationModel, family_features, word_features

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class RelationScorer:
    """A fitted model for mentions that are read one by one: the scores of ``RelationModel``."""

    labels: tuple[str, ...]
    words: FeatureWeights
    families: FeatureWeights
    #: Each label's share among the examples: its score where nothing is known.
    share: Any

    @classmethod
    def of(cls, model: RelationModel) -> RelationScorer:
        """The tables of a fitted model. Raises ValueError for one that an encoder takes part in."""
        import numpy as np

        if model.likeness.encode is not None or model.taught is not None:
            raise ValueError("only a model of words can be read from tables")
        (words, _), (families, weight) = model.likeness.features
        # Rows of the examples bear the root of a kind's weight, and so do those compared with them.
        examples = model.likeness._rows[0].astype(np.float64)
        weights = examples.T @ model.ridge.weights.astype(np.float64)
        parted = len(words.vocabulary_)
        return cls(
            model.labels,
            FeatureWeights.of(words, weights[:parted]),
            FeatureWeights.of(families, weights[parted:] * weight**0.5),
            np.asarray(model.ridge.share, dtype=np.float64),
        )

    def scores(self, mentions: Sequence[Mention]) -> list[np.ndarray]:
        """Score of each label for each mention: one row a mention, about 0 to 1."""
        return [
            self.words.scores(word_features(mention))
            + self.families.scores(family_features(mention))
            + self.share
            for mention in mentions
        ]

    def predict(self, mentions: Sequence[Mention]) -> list[Relation]:
        """The likeliest relation of each mention."""
        return [relation_of(self.labels[int(row.argmax())]) for row in self.scores(mentions)]
