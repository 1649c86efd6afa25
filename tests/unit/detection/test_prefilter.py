"""The prefilter: it never names one expression too few, with hyperscan or without."""

from __future__ import annotations

import re
import sys

import pytest

from detection.correspondence.mail import requests
from detection.correspondence.rfq import days, prices, relevance, signals, stages, terms
from detection.correspondence.transcripts import task_cues
from detection.prefilter import Prefilter, needed_literals
from sandbox.correspondence.generate import generate

PATTERNS = {
    **stages.PATTERNS,
    **terms.SENTENCE_PATTERNS,
    **terms.TEXT_PATTERNS,
    **days.PATTERNS,
    **prices.PATTERNS,
    **requests._cues(),
    **{name: pattern for name, (_, pattern, _) in task_cues.NAMED_RULES},
    **{name: pattern for name, (pattern, _) in task_cues.NAMED_WEIGHTS},
    "newsletter": relevance._NEWSLETTER,
    "elsewhere": relevance._ELSEWHERE,
}


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Lines of generated mails and calls, with letters beyond ASCII and shouted ones among them."""
    made = generate(3, 30, 60)
    texts = [mail.data.decode("utf-8", "replace") for mail in made.mails]
    texts += [str(call.vtt) for call in made.calls]
    found = sorted({line for text in texts for line in text.splitlines() if line.strip()})
    return [*found, *(line.upper() for line in found[::5]), "ſend uſ a Quote — für 5 Stück, bitte"]


@pytest.fixture(params=["hyperscan", "without"])
def prefilter(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Prefilter:
    """The same patterns with the matcher and without it."""
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "hyperscan", None)
    made = Prefilter(PATTERNS, {"signs": ["€", "eur"]})
    made.may_match("")
    return made


def test_every_match_was_announced(prefilter: Prefilter, lines: list[str]) -> None:
    matched = 0
    for line in lines:
        may = prefilter.may_match(line)
        for name, pattern in PATTERNS.items():
            if pattern.search(line):
                matched += 1
                assert name in may, (name, line)
    assert matched > 1_000


def test_most_are_ruled_out(prefilter: Prefilter, lines: list[str]) -> None:
    named = sum(len(prefilter.may_match(line)) for line in lines)
    assert named < 0.15 * len(lines) * len(PATTERNS)


def test_given_texts_are_found_beside_the_expressions(prefilter: Prefilter) -> None:
    assert "signs" in prefilter.may_match("5 € each")
    assert "signs" in prefilter.may_match("EUR 5")
    assert "signs" not in prefilter.may_match("five each")


def test_an_expression_that_needs_nothing_is_always_named() -> None:
    assert needed_literals(re.compile(r"\d+")) is None
    prefilter = Prefilter({"number": re.compile(r"\d+"), "quote": re.compile("quot(?:e|ation)")})
    assert set(prefilter.may_match("hello")) == {"number"}
    assert set(prefilter.may_match("a quotation")) == {"number", "quote"}


def test_blanks_of_a_verbose_expression_say_nothing() -> None:
    verbose = re.compile(r"\b (?: could\ you | please ) \  send [ x] \b", re.X | re.I)
    assert needed_literals(verbose) == frozenset({"could you", "please"})


def test_sentences_are_asked_for_what_the_readers_look_for() -> None:
    assert {"currency", "number_words", "day", "rfq", "reference"} <= set(
        signals._SENTENCE.may_match("RFQ 4711: could you quote twenty by Friday in euros?")
    )
    assert not set(signals._SENTENCE.may_match("See you then.")) & {"rfq", "day", "currency"}
