"""A sentence as the features that the learners weigh: its words, and the families they belong to.

A few hundred examples cannot show every verb by which a company buys another. The families
(``detection/data/news_triggers.yaml``) say which words mean alike, so that what is learned of one
holds for the rest; the words themselves say the remainder.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib import resources
from itertools import combinations

from detection.packaged import read_yaml

#: Matches of one family that are kept as words of their own.
_KEPT_MATCHES = 4
#: Families that name things rather than happenings: their words are features as words already.
THINGS = frozenset({"staff", "site", "product"})

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d[\d.,]*|[$€£%]")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
#: Spacing of tokenised text: "Acme Inc . said it ' s" is read as "Acme Inc. said it's".
_SPACED = (
    (re.compile(r"`\s*`|'\s+'|''"), '"'),
    (re.compile(r"\s+([.,;:!?%)’\]])"), r"\1"),
    (re.compile(r"([$(€£\[])\s+"), r"\1"),
    (re.compile(r"\s*'\s*(s|t|re|ve|ll|d|m)\b"), r"'\1"),
    (re.compile(r"\s*-\s+-\s*"), " - "),
)


def untokenised(text: str) -> str:
    """Text as people write it, from text whose punctuation stands apart from its words."""
    for pattern, replacement in _SPACED:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


def words_of(text: str) -> list[str]:
    """Lower-case words; years, other numbers and currency signs by their kind."""
    words = []
    for token in _TOKEN.findall(text):
        if token in "$€£":
            words.append("<currency>")
        elif token[0].isdigit():
            words.append("<year>" if _YEAR.fullmatch(token) else "<number>")
        else:
            words.append(token.casefold())
    return words


@cache
def families(part: str) -> Mapping[str, re.Pattern[str]]:
    """The families of one part of the packaged file (``events``, ``relations``, ``names``)."""
    return {
        name: re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.I)
        for name, patterns in _trigger_file()[part].items()
    }


@cache
def _trigger_file() -> dict[str, dict[str, list[str]]]:
    text = resources.files("detection.data").joinpath("news_triggers.yaml").read_text("utf-8")
    return read_yaml(text)


def grams(words: Iterable[str], longest: int, prefix: str = "") -> list[str]:
    """Runs of one to ``longest`` words, each behind ``prefix``."""
    listed = list(words)
    return [
        prefix + " ".join(listed[start : start + length])
        for length in range(1, longest + 1)
        for start in range(len(listed) - length + 1)
    ]


@lru_cache(maxsize=16_384)
def trigger_features(text: str) -> tuple[str, ...]:
    """Which families of events a sentence's words belong to, how many, and in what company."""
    found: list[str] = []
    features: list[str] = []
    for name, pattern in families("events").items():
        matches = pattern.findall(text)
        if not matches:
            continue
        found.append(name)
        features.append(f"family:{name}")
        if len(matches) > 1:
            features.append(f"several:{name}")
        if name not in THINGS:
            features += [
                f"match:{name}:{' '.join(match.casefold().split())[:24]}"
                for match in matches[:_KEPT_MATCHES]
            ]
    features += [f"both:{one}+{two}" for one, two in combinations(found, 2)]
    return tuple(features)


def trigger_of(text: str, family: str) -> re.Match[str] | None:
    """The first words of a sentence that belong to a family of events."""
    pattern = families("events").get(family)
    return pattern.search(text) if pattern else None
