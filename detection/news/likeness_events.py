"""Learning which events a sentence tells from its likeness to examples; see ``kernel``.

Where many examples are at hand this learner tells more than the linear one of ``events``, above all
with an encoder's vectors, and is learned in seconds; it answers a few hundred sentences a second,
where the linear one's table answers thousands. What the encoder's own upper layers learn of the
examples may be laid beside it (``teaching``), which takes minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from detection.news.engine import TypedEvent
from detection.news.events import Labels, word_features
from detection.news.features import trigger_features
from detection.news.kernel import Encode, Likeness, Ridge, best_threshold, fit_ridge_held_out
from detection.news.taught import Case, Reading
from detection.news.teaching import Lesson

if TYPE_CHECKING:
    import numpy as np

    from detection.news.encoder import Encoder

#: What holds the examples' weights back.
PENALTY = 0.5
#: Weights of likeness by families of words, parts of words and vectors, beside that by words.
FAMILY_WEIGHT, PARTS_WEIGHT, VECTOR_WEIGHT = 0.5, 0.5, 1.0
#: How sharply likeness by vectors falls off.
SHARPNESS = 2.0
#: Rounds in which the encoder's upper layers learn the examples.
ROUNDS = 3
#: How much a finer label counts beside one that is asked for, while those layers learn.
FINER_WEIGHT = 0.5


@dataclass
class LikenessEvents:
    """A fitted classifier; an :class:`~detection.news.engine.EventEngine`."""

    labels: tuple[str, ...]
    least: tuple[float, ...]
    likeness: Likeness
    ridge: Ridge
    taught: Callable[[Sequence[str]], np.ndarray] | None = None
    name: str = "news_likeness"
    version: str = "2"

    def scores(self, sentences: Sequence[str]) -> np.ndarray:
        """Score of each label for each sentence, about 0 to 1: one row a sentence."""
        alike = self.ridge.scores(self.likeness.to_examples(sentences))
        if self.taught is None:
            return alike
        return (alike + self.taught(sentences)[:, : len(self.labels)]) / 2

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
            for row in self.scores(sentences)
        ]


def fit_likeness_events(
    sentences: Sequence[str],
    labels: Labels,
    groups: Sequence[str] | None = None,
    encode: Encode | None = None,
    lesson: Lesson | None = None,
    finer: Labels | None = None,
) -> LikenessEvents:
    """Learn from sentences and the labels each bears (none, one or several).

    ``groups`` names each sentence's document: the score that a label asks for is learned from what
    sentences score without their document; without it sentences are taken one by one. ``encode``
    adds the vectors of an encoder, ``lesson`` what its upper layers learn of the examples
    (:func:`sentence_lesson`). ``finer`` are other labels of the same sentences: those layers learn
    them beside those asked for, since what tells them apart helps. The result depends on the
    arguments alone. Raises ValueError when no sentence bears a label.
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
    best = tuple(best_threshold(truth[:, at], held_out[:, at]) for at in range(len(names)))
    if lesson is None:
        return LikenessEvents(names, best, likeness, ridge)
    least = tuple(
        _half_of_f1(truth[:, at], held_out[:, at] >= score) for at, score in enumerate(best)
    )
    return LikenessEvents(names, least, likeness, ridge, _learn(lesson, sentences, truth, finer))


def _learn(
    lesson: Lesson, sentences: Sequence[str], truth: np.ndarray, finer: Labels | None
) -> Callable[[Sequence[str]], np.ndarray]:
    import numpy as np

    beside = tuple(sorted({label for each in finer or () for label in each}))
    more = [[[name in each for name in beside] for each in finer]] if finer and beside else []
    return lesson.learn(
        sentences,
        np.hstack([truth, *more]),
        Reading(exclusive=False, loudest=True),
        np.array([1.0] * truth.shape[1] + [FINER_WEIGHT] * len(beside)),
    )


def _half_of_f1(truth: np.ndarray, told: np.ndarray) -> float:
    """Half of the F1 of what is told.

    For probabilities that hold what they say, half of the highest F1 is the threshold that gives it
    (Lipton et al., Optimal Thresholding of Classifiers to Maximize F1 Measure, 2014); and what the
    layers have been taught cannot be held out without teaching them several times.
    """
    return float((truth * told).sum() / max(1.0, truth.sum() + told.sum()))


def sentence_lesson(encoder: Encoder) -> Lesson:
    """How sentences are put to the layers that are taught: all their places are asked about.

    A label is told by their mean and by the loudest of them, for events hang on single words.
    """

    def cases(sentences: Sequence[str]) -> list[Case]:
        return [Case(states, (tuple(range(len(states))),)) for states in encoder.lower(sentences)]

    return Lesson(encoder, cases, ROUNDS)
