"""A small linear model that learns a title's class from examples: letters, words and the rules.

The rules (``detection.titles``) know words; a title that bears none of them still shares letters
with titles that do ("Verkaufsinnendienst", "Chargée de recrutement"). The model sees runs of two to
five letters, words and pairs of words, and what the rules say, so it begins where they end. What it
learns from is given by the caller; the examples that are shipped (``data/title_examples.yaml``) are
our own and serve titles that no rule knows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from detection.feature_weights import FeatureWeights
from detection.learned import learned
from detection.packaged import read_yaml
from detection.titles import read_title

_WORDS = re.compile(r"\w+")
#: Margin over the next class below which a title stays unknown, for the shipped examples: over it,
#: answers on 330 titles of real postings that no rule knows agree with the postings' own
#: departments almost as often as the rules do on the others (``docs/evaluation.md``).
CERTAIN_MARGIN = 0.8
#: Lengths of the runs of letters that are features.
_SHORTEST, _LONGEST = 2, 5
#: Words of rank around each shipped example, so that no department owns one of them.
FRAMES = ("{}", "senior {}", "head of {}", "{} manager", "leiter {}", "responsable {}")


def normalized_title(title: str) -> str:
    """A title as compared: no accents, no case, words only. Equal ones are one case.

    >>> normalized_title("Chargé(e) d'Études")
    'charge e d etudes'
    """
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    return " ".join(_WORDS.findall("".join(c for c in decomposed if not unicodedata.combining(c))))


def _letters(title: str) -> str:
    return normalized_title(title)


def _words(title: str) -> list[str]:
    words = normalized_title(title).split()
    read = read_title(title)
    said = [f"says:{read.department}", f"says:{read.level}", f"says:{read.seniority}"]
    return [*words, *(f"{a} {b}" for a, b in pairwise(words)), *said]


@dataclass(frozen=True)
class TitleModel:
    """A fitted model. ``labels`` are in alphabetical order."""

    labels: tuple[str, ...]
    _features: Any
    _machine: Any

    @classmethod
    def fit(cls, titles: Sequence[str], labels: Sequence[str], rarest: int = 2) -> TitleModel:
        """Learn from titles and their labels; needs two labels at least (ValueError otherwise).

        ``rarest`` is the number of titles that must share a run of letters for it to count.
        Classes weigh the same whatever their size, since rare departments matter as much.
        """
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import FeatureUnion
        from sklearn.svm import LinearSVC

        kinds = tuple(sorted(set(labels)))
        if len(kinds) < 2:
            raise ValueError(f"two labels at least are needed to learn, not {len(kinds)}")
        features = FeatureUnion(
            [
                (
                    "letters",
                    TfidfVectorizer(
                        analyzer="char_wb",
                        preprocessor=_letters,
                        ngram_range=(_SHORTEST, _LONGEST),
                        sublinear_tf=True,
                        min_df=rarest,
                    ),
                ),
                ("words", TfidfVectorizer(analyzer=_words, sublinear_tf=True)),
            ]
        )
        machine = LinearSVC(C=1.0, class_weight="balanced", random_state=0)
        machine.fit(features.fit_transform(titles), list(labels))
        return cls(kinds, features, machine)

    def predict(self, titles: Sequence[str]) -> list[str]:
        """The most likely label of each title."""
        return [str(label) for label in self._machine.predict(self._features.transform(titles))]

    def predict_with_margin(self, titles: Sequence[str]) -> list[tuple[str, float]]:
        """The most likely label of each title and how far it is ahead of the next one."""
        import numpy as np

        scores = np.atleast_2d(self._machine.decision_function(self._features.transform(titles)))
        if scores.shape[0] == 1 and len(titles) > 1:
            scores = np.column_stack([-scores[0], scores[0]])
        order = np.sort(scores, axis=1)
        best = scores.argmax(axis=1)
        margins = order[:, -1] - order[:, -2]
        classes = self._machine.classes_
        return [(str(classes[b]), float(m)) for b, m in zip(best, margins, strict=True)]


def letter_runs(title: str) -> list[str]:
    """Runs of letters within each word, with its bounds as spaces.

    As scikit-learn's ``char_wb`` has them, which a test holds; a word that is shorter than a run
    is one itself.
    """
    runs = []
    for word in normalized_title(title).split():
        bounded = f" {word} "
        for length in range(_SHORTEST, _LONGEST + 1):
            if length >= len(bounded):
                runs.append(bounded)
                break
            runs += [bounded[at : at + length] for at in range(len(bounded) - length + 1)]
    return runs


@dataclass(frozen=True, eq=False)
class TitleScorer:
    """A fitted model as tables of weights, for titles that are read one by one.

    The same answers as ``TitleModel``, sooner and without scikit-learn.
    """

    labels: tuple[str, ...]
    letters: FeatureWeights
    words: FeatureWeights
    intercepts: Any

    @classmethod
    def of(cls, model: TitleModel) -> TitleScorer:
        """The tables of a fitted model. Raises ValueError for one of two labels."""
        import numpy as np

        coefficients = np.asarray(model._machine.coef_)
        if len(coefficients) != len(model.labels):
            raise ValueError("of two labels a model weighs one only, so it has no table for both")
        (_, letters), (_, words) = model._features.transformer_list
        parted = len(letters.vocabulary_)
        return cls(
            tuple(str(label) for label in model._machine.classes_),
            FeatureWeights.of(letters, coefficients[:, :parted].T),
            FeatureWeights.of(words, coefficients[:, parted:].T),
            np.asarray(model._machine.intercept_, dtype=np.float64),
        )

    def predict_with_margin(self, titles: Sequence[str]) -> list[tuple[str, float]]:
        """The most likely label of each title and how far it is ahead of the next one."""
        answers = []
        for title in titles:
            scores = (
                self.letters.scores(letter_runs(title))
                + self.words.scores(_words(title))
                + self.intercepts
            )
            best = int(scores.argmax())
            second = max(score for at, score in enumerate(scores.tolist()) if at != best)
            answers.append((self.labels[best], float(scores[best]) - second))
        return answers


def shipped_examples() -> tuple[list[str], list[str]]:
    """Titles and departments of the packaged examples, all of them written by us."""
    from importlib.resources import files

    text = files("detection.data").joinpath("title_examples.yaml").read_text("utf-8")
    listed = read_yaml(text)["departments"]
    pairs = [(title, department) for department, titles in listed.items() for title in titles]
    return [title for title, _ in pairs], [department for _, department in pairs]


@cache
def shipped_model() -> TitleScorer:
    """The model over the packaged examples, learned once (``detection.learned``)."""
    return learned("titles", lambda: TitleScorer.of(fit_shipped()))


def fit_shipped() -> TitleModel:
    """A model fitted to the packaged examples, each in the frames that no department owns."""
    titles, departments = shipped_examples()
    return TitleModel.fit(
        [frame.format(title) for title in titles for frame in FRAMES],
        [department for department in departments for _ in FRAMES],
    )


def department_of(title: str) -> str | None:
    """Department by the rules, else by likeness to our examples; None when neither is sure.

    >>> department_of("VP of Engineering"), department_of("Chief executive of nothing at all")
    ('engineering', 'executive')
    """
    return read_title(title).department or department_by_likeness(title)


@lru_cache(maxsize=65_536)
def department_by_likeness(title: str) -> str | None:
    """Department of a title no rule knows, by likeness to our examples; None when unsure."""
    if not normalized_title(title):
        return None
    [(label, margin)] = shipped_model().predict_with_margin([title])
    return label if margin >= CERTAIN_MARGIN else None
