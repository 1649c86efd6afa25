"""The classifier that the product reads with: learned from the examples that the project ships.

It is learned when first asked for, from ``detection/data/news_examples.yaml`` and from nothing
else, so what is installed is what reads; the same examples give the same weights.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from detection.learned import learned
from detection.news.engine import EventEngine
from detection.news.events import SentenceScorer, fit_events
from detection.packaged import read_yaml

#: Key of the sentences that tell of nothing.
NOTHING = "none"
#: How many times rarer an event is in what is read than among the examples: half of these tell of
#: one, of the sentences of an article about one in four.
RARER = 3.0


def _packaged(name: str) -> bytes:
    return resources.files("detection.data").joinpath(name).read_bytes()


@cache
def examples() -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Sentences, and the labels of each."""
    sentences: list[str] = []
    labels: list[tuple[str, ...]] = []
    for label, written in read_yaml(_packaged("news_examples.yaml")).items():
        for sentence in written:
            sentences.append(sentence)
            labels.append(() if label == NOTHING else (label,))
    return tuple(sentences), tuple(labels)


@cache
def version() -> str:
    """Short hash of all that the shipped classifiers, of events and relations, are made of."""
    names = ("news_examples", "news_triggers", "relation_examples")
    parts = (hashlib.sha256(_packaged(f"{name}.yaml")).hexdigest()[:8] for name in names)
    return hashlib.sha256("".join(parts).encode()).hexdigest()[:6]


@cache
def shipped_engine() -> EventEngine:
    """The classifier of sentences, learned once (``detection.learned``)."""
    return learned("news_events", _learn)


def _learn() -> SentenceScorer:
    model = fit_events(*examples(), parts=False, rarer=RARER)
    model.version = version()
    return SentenceScorer.of(model)
