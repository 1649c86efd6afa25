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
from detection.news.mentions import Mention, Relation, ordered, relation_of
from detection.news.taught import Reading
from detection.news.teaching import Lesson

if TYPE_CHECKING:
    import numpy as np

#: Words before the first and behind the second name that are looked at, as words and by family.
_NEAR, _WIDE = 5, 9
#: Words between two names that are looked at: the first and the last ones of a longer stretch.
_BETWEEN = 7
#: What holds the examples' weights back; between 0.12 and 0.5 the figures hardly differ.
PENALTY = 0.25
#: Weights of likeness by families and by vectors, beside that of likeness by words.
FAMILY_WEIGHT, VECTOR_WEIGHT = 0.5, 2.0
#: Weight of the score by likeness beside the logarithm of the probability that the taught layers
#: give, and the least probability, so that these alone rule nothing out. Weights of 6 to 16 and
#: probabilities of 0.02 to 0.1 give the same figures within their error.
LIKENESS_WEIGHT, LEAST_PROBABILITY = 10.0, 0.05
#: Mentions whose features are kept, so that a cross-validation makes them once.
_KEPT = 16_384


@lru_cache(maxsize=_KEPT)
def word_features(mention: Mention) -> tuple[str, ...]:
    """Words around and between the two names, with their place."""
    earlier, later, order = ordered(mention)
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


def _shape(mention: Mention, order: str, distance: int) -> list[str]:
    features = [
        f"order:{order}",
        f"distance:{min(8, distance // 2)}",
        f"length:{min(8, len(mention.tokens) // 8)}",
        f"starts:{order}:{min(mention.first[0], mention.second[0]) < 2}",
    ]
    earlier, later, _ = ordered(mention)
    between = mention.tokens[earlier[1] + 1 : later[0]]
    if "(" in between or "-LRB-" in between:
        features.append(f"bracket:{order}")
    features.append(f"commas:{min(4, between.count(','))}")
    return features


@lru_cache(maxsize=_KEPT)
def family_features(mention: Mention) -> tuple[str, ...]:
    """Families of the words in each place and of the two names, and which occur together."""
    earlier, later, order = ordered(mention)
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
        both = np.log(self.taught(mentions) + LEAST_PROBABILITY) + LIKENESS_WEIGHT * alike
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
    turned round count as symmetric. ``encode`` adds vectors, ``lesson`` what an encoder's upper
    layers learn of the examples (both in ``mention_states``). Raises ValueError when fewer than two
    relations are given, for there is nothing to tell apart.
    """
    import numpy as np
    from sklearn.feature_extraction.text import TfidfVectorizer

    directed = {relation.name for relation in relations if relation.inverse}
    both = [*mentions, *(mention.turned() for mention in mentions)]
    labels = [relation.label for relation in relations]
    labels += [Relation(r.name, r.name in directed and not r.inverse).label for r in relations]
    names = tuple(sorted(set(labels)))
    if len(names) < 2:
        raise ValueError("the examples hold one relation only, so there is nothing to tell apart")
    rare = 2 if len(both) >= 200 else 1
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
        fit_ridge(likeness.fit(both), targets, PENALTY),
        lesson.learn(mentions, targets[: len(mentions)], Reading(exchange=_turned(names)))
        if lesson is not None
        else None,
    )


def _turned(labels: Sequence[str]) -> np.ndarray:
    """For each label the number of that which holds when the names change places.

    The label itself where none has the other direction.
    """
    import numpy as np

    number = {label: at for at, label in enumerate(labels)}
    relations = [relation_of(label) for label in labels]
    others = [Relation(relation.name, not relation.inverse).label for relation in relations]
    return np.array([number.get(other, at) for at, other in enumerate(others)])
