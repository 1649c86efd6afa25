"""Learning which events a sentence tells: one logistic regression a label over words and families.

A sentence may tell several events, so every label has a model of its own. What a probability must
reach is learned too, on sentences that the model has not seen: with few examples of a label the
model's probabilities are low throughout, and a half is too much to ask.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detection.news.engine import TypedEvent
from detection.news.features import THINGS, grams, trigger_features, trigger_of, words_of

if TYPE_CHECKING:
    import numpy as np

#: Inverse strength of the penalty on weights; 0.3 to 10 give the same figures within their error.
PENALTY = 1.0
#: Weight of a family beside a sentence's words, whose weights together have length 1.
FAMILY_WEIGHT = 0.5
#: Weight of parts of words (three to five letters), which tell of endings and compounds.
PARTS_WEIGHT = 0.7
#: Parts of the examples that are in turn held out to learn what a probability must reach.
FOLDS = 4
#: Probabilities that are tried as the least one.
_LEAST_TRIED = tuple(step / 50 for step in range(5, 46))
#: Tried probabilities to either side with which the F1 of one is averaged.
_AROUND = 5
#: Sentences of a label from which its least probability is learned; with fewer it is a half.
_ENOUGH = 15

Labels = Sequence[Sequence[str]]


@dataclass
class EventModel:
    """A fitted classifier; an :class:`~detection.news.engine.EventEngine`."""

    labels: tuple[str, ...]
    least: tuple[float, ...]
    vectorizers: list[tuple[Any, float]]
    models: list[Any]
    name: str = "news_events"
    version: str = "1"
    _fast: dict[str, Any] = field(default_factory=dict, repr=False)

    def probabilities(self, sentences: Sequence[str]) -> np.ndarray:
        """One row a sentence, one column a label."""
        import numpy as np

        matrix = _matrix(self.vectorizers, sentences)
        return np.column_stack([_probability(model, matrix) for model in self.models])

    def classify(self, sentences: Sequence[str]) -> list[tuple[TypedEvent, ...]]:
        """Events whose probability reaches what their label asks for, most certain first."""
        if not sentences:
            return []
        return [
            self._events(sentence, row)
            for sentence, row in zip(sentences, self.probabilities(sentences), strict=True)
        ]

    def _events(self, sentence: str, row: Sequence[float]) -> tuple[TypedEvent, ...]:
        told = [
            TypedEvent(label, round(float(probability), 4))
            for label, probability, least in zip(self.labels, row, self.least, strict=True)
            if probability >= least
        ]
        return tuple(sorted(told, key=lambda event: (-event.confidence, event.label)))


def fit_events(
    sentences: Sequence[str],
    labels: Labels,
    groups: Sequence[str] | None = None,
    *,
    parts: bool = True,
    rare: int = 2,
    rarer: float = 1.0,
) -> EventModel:
    """Learn from sentences and the labels each bears (none, one or several).

    ``groups`` names each sentence's document, so that a document is never on both sides when the
    least probabilities are learned; without it sentences are taken one by one. ``parts`` adds parts
    of words. Words seen in fewer than ``rare`` sentences are not learned. ``rarer`` says how many
    times rarer a label is among the sentences that will be asked about than among the examples: the
    probability that a label asks for is learned for such sentences. The result depends on the
    arguments alone. Raises ValueError when no sentence bears a label.
    """
    import numpy as np

    names = tuple(sorted({label for each in labels for label in each}))
    if not names:
        raise ValueError("no example bears a label, so there is nothing to learn")
    truth = np.array([[name in each for name in names] for each in labels], dtype=int)
    sentences = list(sentences)
    owners = np.array([str(g) for g in groups] if groups is not None else range(len(sentences)))
    held_out = np.full(truth.shape, np.nan)
    for inside, outside in _folds(owners, truth):
        vectorizers = _vectorizers([sentences[i] for i in inside], parts, rare)
        train = _matrix(vectorizers, [sentences[i] for i in inside])
        rest = _matrix(vectorizers, [sentences[i] for i in outside])
        for column in range(len(names)):
            if 0 < truth[inside, column].sum() < len(inside):
                model = _regression().fit(train, truth[inside, column])
                held_out[outside, column] = _probability(model, rest)
    vectorizers = _vectorizers(sentences, parts, rare)
    matrix = _matrix(vectorizers, sentences)
    return EventModel(
        labels=names,
        least=tuple(_least(truth[:, c], held_out[:, c], rarer) for c in range(len(names))),
        vectorizers=vectorizers,
        models=[_regression().fit(matrix, truth[:, c]) for c in range(len(names))],
    )


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    # Coordinate descent on the dual is what is fast and exact for few and wide examples.
    return LogisticRegression(
        C=PENALTY, class_weight="balanced", solver="liblinear", max_iter=200, random_state=0
    )


def _probability(model: Any, matrix: Any) -> np.ndarray:
    import numpy as np

    if len(model.classes_) < 2:
        return np.full(matrix.shape[0], float(model.classes_[0]))
    return model.predict_proba(matrix)[:, 1]


def _folds(owners: np.ndarray, truth: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import GroupKFold

    count = min(FOLDS, len(set(owners.tolist())))
    if count < 2:
        return []
    return list(GroupKFold(count).split(truth, truth, owners))


def _vectorizers(sentences: list[str], parts: bool, rare: int) -> list[tuple[Any, float]]:
    """Fitted vectorizers, each with its weight."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    rare = rare if len(sentences) >= 200 else 1
    made = [
        (TfidfVectorizer(analyzer=word_features, sublinear_tf=True, min_df=rare), 1.0),
        (
            TfidfVectorizer(
                analyzer=trigger_features, binary=True, norm=None, use_idf=False, min_df=rare
            ),
            FAMILY_WEIGHT,
        ),
    ]
    if parts:
        made.append(
            (
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=rare
                ),
                PARTS_WEIGHT,
            )
        )
    for vectorizer, _ in made:
        vectorizer.fit(sentences)
    return made


def word_features(text: str) -> list[str]:
    """Words and pairs of words."""
    return grams(words_of(text), 2)


def _matrix(vectorizers: list[tuple[Any, float]], sentences: Sequence[str]) -> Any:
    from scipy.sparse import hstack

    return hstack([v.transform(sentences) * weight for v, weight in vectorizers]).tocsr()


def _least(truth: np.ndarray, held_out: np.ndarray, rarer: float) -> float:
    """The probability from which a label's F1 is highest on what was held out.

    Each sentence without the label counts ``rarer`` times.
    """
    import numpy as np

    seen = ~np.isnan(held_out)
    truth, held_out = truth[seen], held_out[seen]
    if truth.sum() < _ENOUGH:
        return 0.5
    tried = np.array(_LEAST_TRIED)
    told = held_out >= tried[:, None]
    right = (told & (truth == 1)).sum(axis=1)
    wrong = rarer * (told.sum(axis=1) - right)
    f1 = 2 * right / np.maximum(1, right + wrong + truth.sum())
    # A peak that its neighbours do not share is chance.
    around = np.pad(f1, _AROUND, mode="edge")
    smooth = np.convolve(around, np.full(2 * _AROUND + 1, 1 / (2 * _AROUND + 1)), mode="valid")
    return float(tried[smooth.argmax()])


@dataclass(frozen=True)
class SentenceScorer:
    """A fitted model without word parts as one table of weights, for reading line by line.

    The same figures as ``EventModel``, a hundred times sooner for a single sentence: sparse
    matrices cost more than the few hundred additions that a sentence needs. Also an engine.
    """

    labels: tuple[str, ...]
    least: tuple[float, ...]
    #: Weight of each word feature by label, its inverse document frequency first.
    words: dict[str, tuple[float, tuple[float, ...]]]
    families: dict[str, tuple[float, ...]]
    intercepts: tuple[float, ...]
    name: str = "news_events"
    version: str = "1"

    @classmethod
    def of(cls, model: EventModel) -> SentenceScorer:
        """The table of a model fitted with ``parts=False``. Raises ValueError for another."""
        if len(model.vectorizers) != 2:
            raise ValueError("only a model without word parts can be read from one table")
        (words, _), (triggers, weight) = model.vectorizers
        width = len(words.vocabulary_)
        rows = [[float(value) for value in one.coef_[0]] for one in model.models]
        return cls(
            labels=model.labels,
            least=model.least,
            words={
                feature: (float(words.idf_[at]), tuple(row[at] for row in rows))
                for feature, at in words.vocabulary_.items()
            },
            families={
                feature: tuple(row[width + at] * weight for row in rows)
                for feature, at in triggers.vocabulary_.items()
            },
            intercepts=tuple(float(one.intercept_[0]) for one in model.models),
            name=model.name,
            version=model.version,
        )

    def probabilities(self, sentence: str) -> list[float]:
        """Probability of each label."""
        counts: dict[str, int] = {}
        for feature in word_features(sentence):
            if feature in self.words:
                counts[feature] = counts.get(feature, 0) + 1
        values = [
            (self.words[feature], (1.0 + math.log(count)) * self.words[feature][0])
            for feature, count in counts.items()
        ]
        length = math.sqrt(sum(value * value for _, value in values)) or 1.0
        scores = list(self.intercepts)
        for (_, weights), value in values:
            share = value / length
            for at, weight in enumerate(weights):
                scores[at] += share * weight
        for feature in set(trigger_features(sentence)):
            for at, weight in enumerate(self.families.get(feature, ())):
                scores[at] += weight
        return [1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, score)))) for score in scores]

    def classify(self, sentences: Sequence[str]) -> list[tuple[TypedEvent, ...]]:
        """Events whose probability reaches what their label asks for, most certain first."""
        answers = []
        for sentence in sentences:
            told = [
                TypedEvent(label, round(probability, 4), self._trigger(sentence, at))
                for at, (label, probability, least) in enumerate(
                    zip(self.labels, self.probabilities(sentence), self.least, strict=True)
                )
                if probability >= least
            ]
            answers.append(tuple(sorted(told, key=lambda e: (-e.confidence, e.label))))
        return answers

    def _trigger(self, sentence: str, at: int) -> str | None:
        """The words of the family that speaks most for a label."""
        best: tuple[float, str] | None = None
        for feature in trigger_features(sentence):
            kind, _, name = feature.partition(":")
            weights = self.families.get(feature)
            if (
                kind == "family"
                and name not in THINGS
                and weights
                and weights[at] > 0
                and (best is None or weights[at] > best[0])
            ):
                best = weights[at], name
        found = trigger_of(sentence, best[1]) if best else None
        return found.group(0) if found else None
