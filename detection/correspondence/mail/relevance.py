"""Whether a mail talks of business: customers, prices, contracts, projects, markets, results.

Most mail does not: arrangements, personal words, jobs, newsletters. A linear model weighs the words
of subject, own text and what is passed on, and the mail's shape. The shipped one learns, when first
asked, from the short mails of ``detection/data/mail_relevance.yaml`` and nothing else. It sorts, it
throws nothing away: what reads opportunities uses the probability as one reason among others.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from detection.correspondence.mail.linear import LinearScorer, fit
from detection.correspondence.mail.subjects import bare_subject
from detection.correspondence.records import MailMessage
from detection.packaged import read_yaml

#: Probability from which a mail counts as business: below a half, since a mail that is passed over
#: costs more than one that is read for nothing.
LEAST = 0.4
#: Characters of own and of passed-on text that are looked at.
_OWN, _PASSED_ON = 4_000, 3_000
_SHAPE = re.compile(r"(?:length|recipients|forwards|outside):")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
#: Words without a subject of their own.
_EMPTY = frozenset(
    {"the", "a", "an", "of", "to", "and", "in", "is", "it", "be", "for", "on", "at", "by", "with"}
    | {"as", "are", "was", "were", "been", "am", "i", "you", "we", "he", "she", "they", "my"}
    | {"your", "his", "her", "our", "their", "me", "us", "them", "this", "that", "not", "but", "or"}
    | {"if", "from", "have", "has", "had", "will", "would", "can", "could", "do", "did", "so"}
    | {"all", "any", "what", "when", "there", "here", "which", "who", "about", "up", "out", "no"}
)
_NUMBER = re.compile(r"[$€£%]|\d{1,3}(?:[.,]\d{3})+|\b\d+(?:\.\d+)?\s?(?:%|percent|million|k\b)")


@dataclass(frozen=True)
class Relevance:
    """How likely a mail talks of business, and what in it speaks for that."""

    probability: float
    #: Words and traits that weigh most for business, strongest first.
    reasons: tuple[str, ...]

    @property
    def is_business(self) -> bool:
        """The probability reaches what counts as business."""
        return self.probability >= LEAST


def text_features(text: str) -> set[str]:
    """Words that bear meaning, their beginnings, pairs of them, and whether there are amounts.

    Beginnings of four letters stand for a family ("negotiate", "negotiation"), so that few examples
    reach further.
    """
    words = [w for w in _WORD.findall(text.lower().replace("’", "'")) if w not in _EMPTY]
    found = set(words) | {f"{a} {b}" for a, b in pairwise(words)}
    found |= {f"{word[:4]}..." for word in words if len(word) > 4}
    if _NUMBER.search(text):
        found.add("amounts")
    return found


def mail_features(mail: MailMessage) -> set[str]:
    """What the model weighs of a mail; no name and no address is among it but as words of text."""
    passed_on = " ".join(one.body_text for one in mail.forwards)[:_PASSED_ON]
    found = text_features(f"{bare_subject(mail.subject)} . {mail.new_text[:_OWN]} {passed_on}")
    found.add(f"length:{min(len(mail.new_text), 65_535).bit_length()}")
    found.add(f"recipients:{min(len(mail.to) + len(mail.cc), 8)}")
    found.add(f"forwards:{min(len(mail.forwards), 2)}")
    if mail.attachments:
        found.add("attachments")
    if mail.is_bulk:
        found.add("bulk")
    if mail.is_automatic:
        found.add("automatic")
    own = mail.sender.domain if mail.sender else None
    others = {one.domain for one in (*mail.to, *mail.cc) if one.domain}
    found.add(f"outside:{bool(others - {own})}")
    return found


def fit_relevance(features: Sequence[set[str]], truth: Sequence[bool]) -> LinearScorer:
    """A model learnt from mails' features and whether each talks of business."""
    return fit(features, truth, rare=2)


@cache
def _packaged() -> tuple[dict[str, list[str]], str]:
    raw = resources.files("detection.data").joinpath("mail_relevance.yaml").read_bytes()
    return read_yaml(raw), hashlib.sha256(raw).hexdigest()[:6]


def version() -> str:
    """Short hash of what the shipped model is made of."""
    return _packaged()[1]


@cache
def shipped_scorer() -> LinearScorer:
    """The model over the packaged mails, learnt once a process (a second)."""
    data = _packaged()[0]
    written = [(text, kind == "business") for kind in ("business", "others") for text in data[kind]]
    return fit(
        [text_features(text.replace(" | ", " . ")) for text, _ in written],
        [is_business for _, is_business in written],
    )


def relevance_of(mail: MailMessage, scorer: LinearScorer | None = None) -> Relevance:
    """How likely ``mail`` talks of business; lists and machines never count as it."""
    scorer = scorer or shipped_scorer()
    features = mail_features(mail)
    probability = scorer.probability(features)
    if mail.is_bulk or mail.is_automatic:
        probability = min(probability, LEAST / 2)
    said = (reason for reason in scorer.reasons(features, 12) if _SHAPE.match(reason) is None)
    return Relevance(round(probability, 4), tuple(said)[:5])
