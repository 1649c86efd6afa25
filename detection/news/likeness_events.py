"""Learning which events a sentence tells from its likeness to examples; see ``kernel``.

Where many examples are at hand this learner tells more than the linear one of ``events``, above all
with an encoder's vectors, and is learned in seconds; it answers a few hundred sentences a second,
where the linear one's table answers thousands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from detection.news.engine import TypedEvent
from detection.news.events import Labels, word_features
from detection.news.features import trigger_features
from detection.news.kernel import Encode, Likeness, Ridge, best_threshold, fit_ridge_held_out

#: What holds the examples' weights back.
PENALTY = 0.5
#: Weights of likeness by families of words, parts of words and vectors, beside that by words.
FAMILY_WEIGHT, PARTS_WEIGHT, VECTOR_WEIGHT = 0.5, 0.5, 1.0
#: How sharply likeness by vectors falls off.
SHARPNESS = 2.0


@dataclass
class LikenessEvents:
    """A fitted classifier; an :class:`~detection.news.engine.EventEngine`."""

    labels: tuple[str, ...]
    least: tuple[float, ...]
    likeness: Likeness
    ridge: Ridge
    name: str = "news_likeness"
    version: str = "1"

    def classify(self, sentences: Sequence[str]) -> list[tuple[TypedEvent, ...]]:
        """Events whose score reaches what their label asks for, highest first.

        The confidence is the score, cut to 0 to 1: an order, no calibrated probability.
        """
        if not sentences:
            return []
        return [
            tuple(
                sorted(
                    (
                        TypedEvent(label, round(min(1.0, max(0.0, float(score))), 4))
                        for label, score, least in zip(self.labels, row, self.least, strict=True)
                        if score >= least
                    ),
                    key=lambda event: (-event.confidence, event.label),
                )
            )
            for row in self.ridge.scores(self.likeness.to_examples(sentences))
        ]


def fit_likeness_events(
    sentences: Sequence[str],
    labels: Labels,
    groups: Sequence[str] | None = None,
    encode: Encode | None = None,
) -> LikenessEvents:
    """Learn from sentences and the labels each bears (none, one or several).

    ``groups`` names each sentence's document: the score that a label asks for is learned from what
    sentences score without their document; without it sentences are taken one by one. ``encode``
    adds the vectors of an encoder. The result depends on the arguments alone. Raises ValueError
    when no sentence bears a label.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    names = tuple(sorted({label for each in labels for label in each}))
    if not names:
        raise ValueError("no example bears a label, so there is nothing to learn")
    rare = 2 if len(sentences) >= 200 else 1
    likeness = Likeness(
        [
            (TfidfVectorizer(analyzer=word_features, sublinear_tf=True, min_df=rare), 1.0),
            (TfidfVectorizer(analyzer=trigger_features, binary=True, min_df=rare), FAMILY_WEIGHT),
            (
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=rare
                ),
                PARTS_WEIGHT,
            ),
        ],
        encode,
        VECTOR_WEIGHT,
        SHARPNESS,
    )
    truth = np.array([[name in each for name in names] for each in labels], dtype=float)
    owners = list(groups) if groups is not None else range(len(sentences))
    ridge, held_out = fit_ridge_held_out(likeness.fit(sentences), truth, PENALTY, owners)
    least = tuple(best_threshold(truth[:, at], held_out[:, at]) for at in range(len(names)))
    return LikenessEvents(names, least, likeness, ridge)
