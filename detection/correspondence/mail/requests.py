"""Sentences of a mail that ask somebody to do, answer, decide or come.

A sentence is its words, runs of up to three, how it begins and ends, and the cues of
``detection/data/mail_requests.yaml``; a linear model weighs them. The shipped one learns, when it
is first asked, from that file's sentences and nothing else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from detection.correspondence.mail.linear import LinearScorer, fit
from detection.packaged import read_yaml
from detection.prefilter import Prefilter
from detection.sentences import sentence_spans

#: Probability from which a sentence counts as a request.
LEAST = 0.5
#: Characters that are looked at, and the longest run of words that is a feature.
_LOOKED_AT, _LONGEST = 600, 3
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+|[?!$:]")


@dataclass(frozen=True)
class RequestSentence:
    """A request within a text."""

    text: str
    #: First character within the text that was read.
    position: int
    #: The model's probability.
    confidence: float


@cache
def _packaged() -> tuple[dict[str, Any], str]:
    raw = resources.files("detection.data").joinpath("mail_requests.yaml").read_bytes()
    return read_yaml(raw), hashlib.sha256(raw).hexdigest()[:6]


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(text, re.I) for name, text in _packaged()[0]["cues"].items()}


@cache
def _scan() -> Prefilter:
    return Prefilter(_cues())


def version() -> str:
    """Short hash of what the shipped model is made of."""
    return _packaged()[1]


def request_features(sentence: str, known: Container[str] | None = None) -> set[str]:
    """What the model weighs of a sentence; where ``known`` are the features of a model, its alone.

    A model that knows a run of words knows the shorter ones within it, so longer runs are put
    together of known ones only.
    """
    text = sentence[:_LOOKED_AT].replace("’", "'").strip()
    words = ["<n>" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]
    runs = list(enumerate(words))
    if known is not None:
        runs = [run for run in runs if run[1] in known]
    found = {run for _, run in runs}
    for length in range(2, _LONGEST + 1):
        whole = len(words) - length + 1
        runs = [(at, f"{run} {words[at + length - 1]}") for at, run in runs if at < whole]
        if known is not None:
            runs = [run for run in runs if run[1] in known]
        found.update([run for _, run in runs])
    found |= {f"begins:{' '.join(words[:length])}" for length in range(1, _LONGEST + 1)}
    found.add(f"ends:{text[-1:] if text[-1:] in ('?', ':', '!', '.') else ''}")
    found.add(f"length:{min(len(words) // 5, 6)}")
    may = _scan().may_match(text)
    cues = [name for name, pattern in _cues().items() if name in may and pattern.search(text)]
    found |= {f"cue:{name}" for name in cues or ("none",)}
    found |= {f"cues:{a}+{b}" for at, a in enumerate(cues) for b in cues[at + 1 :]}
    return found


def fit_requests(sentences: Sequence[str], truth: Sequence[bool]) -> LinearScorer:
    """A model learnt from sentences and whether each is a request."""
    return fit_requests_of([request_features(sentence) for sentence in sentences], truth)


def fit_requests_of(features: Sequence[set[str]], truth: Sequence[bool]) -> LinearScorer:
    """As ``fit_requests``, from the sentences' features."""
    return fit(features, truth)


@cache
def shipped_scorer() -> LinearScorer:
    """The model over the packaged sentences, learnt once a process (a second)."""
    data = _packaged()[0]
    asking, others = data["requests"], data["others"]
    return fit_requests([*asking, *others], [True] * len(asking) + [False] * len(others))


def find_requests(
    text: str, scorer: LinearScorer | None = None, least: float = LEAST
) -> list[RequestSentence]:
    """The requests of a text in their order, with where they stand.

    Lines of a paragraph are joined first: mail programs break lines within sentences.
    """
    scorer = scorer or shipped_scorer()
    found = []
    for start, sentence in sentences_of(text):
        probability = scorer.probability(request_features(sentence, scorer.weights))
        if probability >= least:
            found.append(RequestSentence(sentence, start, round(probability, 4)))
    return found


def sentences_of(text: str) -> list[tuple[int, str]]:
    """The sentences of a mail with their places, lines that a program broke joined."""
    joined = _unwrapped(text)
    return [(start, joined[start:end]) for start, end in sentence_spans(joined)]


#: A line of at most so many characters that ends in a comma is a greeting.
_GREETING = 30
#: No sentence ends in these words, whatever the next line begins with.
_OPEN_END = re.compile(
    r"\b(?:by|to|for|the|an?|of|at|and|or|with|our|your|than|please state)$", re.I
)
_ENDED = (".", "!", "?", ":", ";")


def _unwrapped(text: str) -> str:
    """The text with blanks for the line ends within sentences; every place stays where it was."""
    joined: list[str] = []
    last = ""
    for line in text.split("\n"):
        goes_on = line[:1].islower() or line[:1].isdigit() or line[:1] == "("
        is_greeting = last.endswith(",") and len(last) <= _GREETING
        goes_on = goes_on or (_OPEN_END.search(last) is not None and line.strip() != "")
        if last and goes_on and not last.endswith(_ENDED) and not is_greeting:
            joined[-1] += f" {line}"
        else:
            joined.append(line)
        last = line.rstrip()
    return "\n".join(joined)
