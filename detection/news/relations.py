"""Learning how two companies of one sentence stand to each other, and which way round.

"Acme was bought by Globex" and "Acme bought Globex" hold the same words; what tells them apart is
their order around the two names. A mention is therefore described from its names outwards: the
words between them, before the first and behind the second, which of the two comes first, and the
families that those words and the names' own words belong to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING

from detection.news.features import families, grams, words_of
from detection.news.kernel import Encode, Likeness, Ridge, fit_ridge
from detection.news.teaching import Case, Lesson

if TYPE_CHECKING:
    import numpy as np

    from detection.news.encoder import Encoder

#: Words before the first and behind the second name that are looked at, as words and by family.
_NEAR, _WIDE = 5, 9
#: Words between two names that are looked at: the first and the last ones of a longer stretch.
_BETWEEN = 7
#: What holds the examples' weights back; between 0.12 and 0.5 the figures hardly differ.
PENALTY = 0.25
#: Weights of likeness by families and by vectors, beside that of likeness by words.
FAMILY_WEIGHT, VECTOR_WEIGHT = 0.5, 2.0
#: Rounds in which the encoder's upper layers learn the examples, each in both orders of its names.
ROUNDS = 2
#: Weight of the score by likeness beside the logarithm of the probability that the taught layers
#: give, and the least probability, so that these alone rule nothing out. Weights of 6 to 16 and
#: probabilities of 0.02 to 0.1 give the same figures within their error.
LIKENESS_WEIGHT, LEAST_PROBABILITY = 10.0, 0.05
#: Word pieces of a name that the taught layers are asked about.
_PIECES = 6
#: Mentions whose features are kept, so that a cross-validation makes them once.
_KEPT = 16_384
#: Mark behind a relation that holds from the second company to the first.
INVERSE = "~"


@dataclass(frozen=True, slots=True)
class Mention:
    """Two names in one sentence: its tokens, and where each name's first and last token stand."""

    tokens: tuple[str, ...]
    first: tuple[int, int]
    second: tuple[int, int]

    def name(self, span: tuple[int, int]) -> str:
        """The words of one of the two names."""
        return " ".join(self.tokens[span[0] : span[1] + 1])

    def turned(self) -> Mention:
        """The same with its names in the other order."""
        return Mention(self.tokens, self.second, self.first)


@dataclass(frozen=True, slots=True)
class Relation:
    """What holds between the two: ``name`` from first to second, or back if ``inverse``."""

    name: str
    inverse: bool = False

    @property
    def label(self) -> str:
        """The relation and its direction as one word."""
        return f"{self.name}{INVERSE if self.inverse else ''}"


def relation_of(label: str) -> Relation:
    """The relation that a label stands for."""
    return Relation(label.removesuffix(INVERSE), label.endswith(INVERSE))


@lru_cache(maxsize=_KEPT)
def word_features(mention: Mention) -> tuple[str, ...]:
    """Words around and between the two names, with their place."""
    earlier, later, order = _ordered(mention)
    tokens = mention.tokens
    before = _plain(tokens[max(0, earlier[0] - _WIDE) : earlier[0]])[-_NEAR:]
    between = _plain(tokens[earlier[1] + 1 : later[0]])
    behind = _plain(tokens[later[1] + 1 : later[1] + 1 + _WIDE])[:_NEAR]
    near = between
    if len(between) > 2 * _BETWEEN:
        near = [*between[:_BETWEEN], "..", *between[-_BETWEEN:]]
    names = (f"E{order}", f"E{3 - int(order)}")
    features = grams([f"[{order}", *near, "]"], 3, "between:")
    features += grams([*before[-4:], "["], 3, "before:")
    features += grams(["]", *behind], 3, "behind:")
    features += grams([*before, names[0], *near, names[1], *behind], 2, "all:")
    features += _shape(mention, order, len(between))
    for which, span in (("1", mention.first), ("2", mention.second)):
        left = _plain(tokens[max(0, span[0] - 4) : span[0]])[-3:]
        right = _plain(tokens[span[1] + 1 : span[1] + 5])[:3]
        features += grams([*left, "@"], 3, f"left{which}:")
        features += grams(["@", *right], 3, f"right{which}:")
        own = _plain(tokens[span[0] : span[1] + 1])
        features += [f"name{which}:{word}" for word in own]
        features += [f"end{which}:{own[-1] if own else ''}", f"words{which}:{min(4, len(own))}"]
    return tuple(features)


def _plain(tokens: Iterable[str]) -> list[str]:
    words: list[str] = []
    for token in tokens:
        words += words_of(token) or [token]
    return words


def _ordered(mention: Mention) -> tuple[tuple[int, int], tuple[int, int], str]:
    if mention.first[0] <= mention.second[0]:
        return mention.first, mention.second, "1"
    return mention.second, mention.first, "2"


def _shape(mention: Mention, order: str, distance: int) -> list[str]:
    features = [
        f"order:{order}",
        f"distance:{min(8, distance // 2)}",
        f"length:{min(8, len(mention.tokens) // 8)}",
        f"starts:{order}:{min(mention.first[0], mention.second[0]) < 2}",
    ]
    earlier, later, _ = _ordered(mention)
    between = mention.tokens[earlier[1] + 1 : later[0]]
    if "(" in between or "-LRB-" in between:
        features.append(f"bracket:{order}")
    features.append(f"commas:{min(4, between.count(','))}")
    return features


@lru_cache(maxsize=_KEPT)
def family_features(mention: Mention) -> tuple[str, ...]:
    """Families of the words in each place and of the two names, and which occur together."""
    earlier, later, order = _ordered(mention)
    tokens = mention.tokens
    between = tokens[earlier[1] + 1 : later[0]]
    places = {
        "before": tokens[max(0, earlier[0] - _WIDE) : earlier[0]],
        "between": between,
        "start": between[:_BETWEEN],
        "end": between[-_BETWEEN:],
        "behind": tokens[later[1] + 1 : later[1] + 1 + _WIDE],
    }
    found = {place: _families("relations", " ".join(words)) for place, words in places.items()}
    features = []
    for place, names in found.items():
        features += [f"{place}:{name}" for name in names or ("none",)]
        features += [f"{place}{order}:{name}" for name in names]
    middle = found["between"]
    features += [f"both{order}:{one}+{two}" for one, two in combinations(middle, 2)]
    kinds = [
        _families("names", mention.name(span)) or ("other",)
        for span in (mention.first, mention.second)
    ]
    for which, own in enumerate(kinds, start=1):
        features += [f"kind{which}:{kind}" for kind in own]
        features += [f"kind{which}{order}:{name}:{kind}" for name, kind in product(middle, own)]
    features += [f"kinds:{one}|{two}" for one, two in product(*kinds)]
    shared = set(mention.name(mention.first).casefold().split()) & set(
        mention.name(mention.second).casefold().split()
    )
    if shared:
        features.append("names share a word")
    return tuple(features)


def _families(part: str, text: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in families(part).items() if pattern.search(text))


@dataclass
class RelationModel:
    """A fitted classifier of mentions."""

    labels: tuple[str, ...]
    likeness: Likeness
    ridge: Ridge
    taught: Callable[[Sequence[Mention]], np.ndarray] | None = None

    def scores(self, mentions: Sequence[Mention]) -> np.ndarray:
        """Score of each label for each mention: one row a mention, about 0 to 1."""
        import numpy as np

        alike = self.ridge.scores(self.likeness.to_examples(mentions))
        if self.taught is None:
            return alike
        names = {name: at for at, name in enumerate(self.labels)}
        turned = [names[_turned(relation_of(name), names).label] for name in self.labels]
        told = self.taught(mentions) + self.taught([m.turned() for m in mentions])[:, turned]
        both = np.log(told / 2 + LEAST_PROBABILITY) + LIKENESS_WEIGHT * alike
        both = np.exp(both - both.max(axis=1, keepdims=True))
        return both / both.sum(axis=1, keepdims=True)

    def predict(self, mentions: Sequence[Mention]) -> list[Relation]:
        """The likeliest relation of each mention."""
        if not mentions:
            return []
        return [relation_of(self.labels[at]) for at in self.scores(mentions).argmax(axis=1)]


def fit_relations(
    mentions: Sequence[Mention],
    relations: Sequence[Relation],
    encode: Encode | None = None,
    lesson: Lesson | None = None,
) -> RelationModel:
    """Learn from mentions and what holds in each; the result depends on the arguments alone.

    Each mention is learned in both orders of its names, the relation turned round with them, so
    that what is learned of one direction holds for the other; relations of which no example is
    turned round count as symmetric. ``encode`` adds vectors (:func:`mention_vectors`), ``lesson``
    what an encoder's upper layers learn of the examples (:func:`mention_lesson`). Raises
    ValueError when fewer than two relations are given, for there is nothing to tell apart.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    turned = {relation.name for relation in relations if relation.inverse}
    mentions = [*mentions, *(mention.turned() for mention in mentions)]
    labels = [relation.label for relation in relations]
    labels += [Relation(r.name, r.name in turned and not r.inverse).label for r in relations]
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError("the examples hold one relation only, so there is nothing to tell apart")
    rare = 2 if len(mentions) >= 200 else 1
    likeness = Likeness(
        [
            (TfidfVectorizer(analyzer=word_features, sublinear_tf=True, min_df=rare), 1.0),
            (TfidfVectorizer(analyzer=family_features, binary=True, min_df=rare), FAMILY_WEIGHT),
        ],
        encode,
        VECTOR_WEIGHT,
    )
    targets = np.array([[label == name for name in names] for label in labels], dtype=np.float32)
    return RelationModel(
        names,
        likeness,
        fit_ridge(likeness.fit(mentions), targets, PENALTY),
        lesson.learn(mentions, targets) if lesson is not None else None,
    )


def _turned(relation: Relation, labels: Iterable[str]) -> Relation:
    """What holds when the names change places; the same where no label has that direction."""
    other = Relation(relation.name, not relation.inverse)
    return other if other.label in labels else relation


def mention_vectors(encoder: Encoder) -> Encode:
    """Vectors of mentions by an encoder: both names, what stands between them, and the sentence.

    From a middle layer, whose states still tell which word stands where.
    """
    import numpy as np

    def encode(mentions: Sequence[Mention]) -> np.ndarray:
        sentences = list(dict.fromkeys(mention.tokens for mention in mentions))
        states = dict(zip(sentences, encoder.words(sentences), strict=True))
        return np.stack([vector(mention, states[mention.tokens]) for mention in mentions])

    def vector(mention: Mention, states: np.ndarray) -> np.ndarray:
        earlier, later, _ = _ordered(mention)
        between = states[earlier[1] + 1 : later[0]]
        return np.concatenate(
            [
                states[mention.first[0] : mention.first[1] + 1].mean(axis=0),
                states[mention.second[0] : mention.second[1] + 1].mean(axis=0),
                between.max(axis=0) if len(between) else np.zeros_like(states[0]),
                states.mean(axis=0),
            ]
        )

    return encode


def mention_lesson(encoder: Encoder) -> Lesson:
    """How mentions are put to the layers that are taught: both names marked, and asked about.

    Beside the two names the sentence's opening place is asked about, which gathers the rest.
    """

    def cases(mentions: Sequence[Mention]) -> list[Case]:
        sentences = list(dict.fromkeys(mention.tokens for mention in mentions))
        lower = dict(zip(sentences, encoder.lower_of_words(sentences), strict=True))
        made = []
        for mention in mentions:
            states, words = lower[mention.tokens]
            parts = [
                tuple(at for word in words[span[0] : span[1] + 1] for at in range(*word))[:_PIECES]
                for span in (mention.first, mention.second)
            ]
            made.append(Case(states, (*(part or (0,) for part in parts), (0,)), marked=2))
        return made

    return Lesson(encoder, cases, ROUNDS)
