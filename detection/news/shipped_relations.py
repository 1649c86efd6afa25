"""How two companies of a sentence stand to each other, as the line asks it: learned on demand.

The learner is ``relations``, its examples ``detection/data/relation_examples.yaml`` and nothing
else. By words alone: a few hundred examples are learned in less than a second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources

from detection.learned import learned
from detection.news.mentions import Mention, Relation, relation_of
from detection.news.relation_scorer import RelationScorer
from detection.news.relations import fit_relations
from detection.packaged import read_yaml

#: Relations that hold both ways.
SYMMETRIC = frozenset({"merged_with", "collaboration", "competitor_of", "undefined"})
_TOKEN = re.compile(r"[\w&]+(?:['’-]\w+)*|[^\w\s]")
_MARKED = re.compile(r"\[([^\]]+)\]|<([^>]+)>")

Span = tuple[int, int]


def mention_of(sentence: str, first: Span, second: Span) -> Mention | None:
    """Two names of a sentence, given by their places in it; None when one has no word."""
    tokens = [(found.group(0), found.start(), found.end()) for found in _TOKEN.finditer(sentence)]

    def words(span: Span) -> Span | None:
        inside = [at for at, (_, start, end) in enumerate(tokens)
                  if start < span[1] and end > span[0]]  # fmt: skip
        return (inside[0], inside[-1]) if inside else None

    one, two = words(first), words(second)
    if one is None or two is None:
        return None
    return Mention(tuple(token for token, _, _ in tokens), one, two)


def marked(text: str) -> Mention:
    """The mention that an example marks: the first name in brackets, the second in angles.

    Raises ValueError when a mark is missing or stands twice.
    """
    plain, spans, at = "", {}, 0
    for found in _MARKED.finditer(text):
        plain += text[at : found.start()]
        which = "first" if found.group(1) else "second"
        if which in spans:
            raise ValueError(f"two names are marked as the {which} one in {text!r}")
        name = found.group(1) or found.group(2)
        spans[which] = (len(plain), len(plain) + len(name))
        plain, at = plain + name, found.end()
    plain += text[at:]
    mention = mention_of(plain, spans["first"], spans["second"]) if len(spans) == 2 else None
    if mention is None:
        raise ValueError(f"an example marks one [name] and another <name>, not {text!r}")
    return mention


@cache
def relation_examples() -> tuple[tuple[Mention, ...], tuple[Relation, ...]]:
    """Mentions of the shipped examples, and what holds in each.

    A name in angles that stands before the one in brackets changes nothing: what is told is how
    the bracketed one stands to the other. Each example of a directed relation is also taken with
    its marks exchanged, so that the learner knows which relations have a direction.
    """
    raw = resources.files("detection.data").joinpath("relation_examples.yaml").read_text("utf-8")
    mentions: list[Mention] = []
    relations: list[Relation] = []
    for name, written in read_yaml(raw).items():
        for number, text in enumerate(written):
            mention, turned = marked(text), name not in SYMMETRIC and number % 2 == 1
            if turned:
                mention = Mention(mention.tokens, mention.second, mention.first)
            mentions.append(mention)
            relations.append(Relation(name, turned))
    return tuple(mentions), tuple(relations)


@cache
def shipped_relations() -> RelationScorer:
    """The classifier of relations, learned once (``detection.learned``)."""
    return learned("relations", lambda: RelationScorer.of(fit_relations(*relation_examples())))


def likeliest(
    sentence: str, pairs: Sequence[tuple[Span, Span]], names: frozenset[str]
) -> tuple[int, Relation] | None:
    """Of several pairs of names the one that most likely stands in one of the relations asked for.

    Its place among ``pairs`` and the relation; None when for every pair something else, or
    nothing, is likelier.
    """
    model = shipped_relations()
    mentions = [(at, mention_of(sentence, *pair)) for at, pair in enumerate(pairs)]
    asked = [(at, mention) for at, mention in mentions if mention is not None]
    if not asked:
        return None
    found: list[tuple[float, int, Relation]] = []
    for (at, _), row in zip(asked, model.scores([m for _, m in asked]), strict=True):
        best = int(row.argmax())
        relation = relation_of(model.labels[best])
        if relation.name in names:
            found.append((float(row[best]), at, relation))
    if not found:
        return None
    _, at, relation = max(found, key=lambda one: (one[0], -one[1]))
    return at, relation
