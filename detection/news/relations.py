"""Learning how two companies of one sentence stand to each other, and which way round.

"Acme was bought by Globex" and "Acme bought Globex" hold the same words; what tells them apart is
their order around the two names. A mention is therefore described from its names outwards: the
words between them, before the first and behind the second, which of the two comes first, and the
families that those words and the names' own words belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from detection.news.features import families, grams, words_of

#: Words before the first and behind the second name that are looked at, as words and by family.
_NEAR, _WIDE = 5, 9
#: Words between two names that are looked at: the first and the last ones of a longer stretch.
_BETWEEN = 7
#: Inverse strength of the penalty on weights.
PENALTY = 1.0
#: Weight of the families beside the words, whose weights together have length 1.
FAMILY_WEIGHT = 0.25
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


def word_features(mention: Mention) -> list[str]:
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
    return features


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


def family_features(mention: Mention) -> list[str]:
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
    return features


def _families(part: str, text: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in families(part).items() if pattern.search(text))


@dataclass
class RelationModel:
    """A fitted classifier of mentions."""

    vectorizers: list[tuple[Any, float]]
    model: Any

    def predict(self, mentions: Sequence[Mention]) -> list[Relation]:
        """The likeliest relation of each mention."""
        if not mentions:
            return []
        return [relation_of(str(label)) for label in self.model.predict(self._matrix(mentions))]

    def _matrix(self, mentions: Sequence[Mention]) -> Any:
        from scipy.sparse import hstack

        return hstack([v.transform(mentions) * weight for v, weight in self.vectorizers]).tocsr()


def fit_relations(mentions: Sequence[Mention], relations: Sequence[Relation]) -> RelationModel:
    """Learn from mentions and what holds in each; the result depends on the arguments alone.

    Each mention is learned in both orders of its names, the relation turned round with them, so
    that what is learned of one direction holds for the other; relations of which no example is
    turned round count as symmetric. One linear separator a relation and direction, with rare ones
    weighted up. Raises ValueError when fewer than two relations are given, for there is nothing to
    tell apart.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.svm import LinearSVC

    turned = {relation.name for relation in relations if relation.inverse}
    mentions = [*mentions, *(Mention(m.tokens, m.second, m.first) for m in mentions)]
    relations = [
        *relations,
        *(Relation(r.name, r.name in turned and not r.inverse) for r in relations),
    ]
    labels = [relation.label for relation in relations]
    if len(set(labels)) < 2:
        raise ValueError("the examples hold one relation only, so there is nothing to tell apart")
    rare = 2 if len(mentions) >= 200 else 1
    vectorizers = [
        (TfidfVectorizer(analyzer=word_features, sublinear_tf=True, min_df=rare), 1.0),
        (
            TfidfVectorizer(
                analyzer=family_features, binary=True, norm=None, use_idf=False, min_df=rare
            ),
            FAMILY_WEIGHT,
        ),
    ]
    for vectorizer, _ in vectorizers:
        vectorizer.fit(mentions)
    fitted = RelationModel(
        vectorizers, LinearSVC(C=PENALTY, class_weight="balanced", random_state=0)
    )
    fitted.model.fit(fitted._matrix(mentions), labels)
    return fitted
