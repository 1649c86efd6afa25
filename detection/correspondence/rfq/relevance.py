"""Whether a text is about business of ours, and which way it goes.

Most mail is no opportunity. A text counts where something is asked or offered and something of
ours is named, and nothing speaks against it: newsletters, own people among themselves, private
mail, our own purchasing, and talk of requests that concern something else.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.prefilter import Prefilter

_NEWSLETTER = re.compile(
    r"""\b(?:unsubscribe|view\ (?:this|it)\ in\ (?:your\ )?browser|newsletter|webinar|abmelden
    |you\ (?:are\ )?receiv(?:e|ing)\ this\ (?:e-?mail|newsletter)|manage\ (?:your\ )?preferences
    |register\ (?:now|today)|this\ week\ in)\b""",
    re.I | re.X,
)
_PERSONAL = re.compile(
    r"""\b(?:birthday|wedding|holiday\ photos|the\ kids|dinner|see\ you\ at\ home|miss\ you
    |weekend\ plans|barbecue|school\ run|grandma|mum|dad|kitchen|bathroom|our\ (?:house|flat)
    |apartment|car\ insurance)\b""",
    re.I | re.X,
)
_REQUESTS = r"(?:RFQ|RFP|quotation|quote|tender|enquiry|inquiry)s?"
_ELSEWHERE = re.compile(
    rf"""\b{_REQUESTS}\s+(?:for|about|concerning|regarding|on)\s+(?:(?:the|our|a|an|some)\ )?
    (?:office|cleaning|catering|canteen|facilit\w+|insurance|travel|hotel|car|fleet|furniture
    |consult\w+|audit\w*|legal|training|recruit\w*|marketing|website|software\ licen\w+|payroll
    |security\ guards?|landscaping|parking|printers?|phones?|coffee)\b
    |\b(?:story|article|course|training|template|process|policy|tool|software|webinar|thesis)\b
    [^.]{{0,40}}\b{_REQUESTS}\b
    |\b{_REQUESTS}\b[^.]{{0,25}}\b(?:process|template|training|software|course|policy|workflow
    |module)\b""",
    re.I | re.X,
)
_OUR_PURCHASE = re.compile(
    r"\b(?:your invoice|we (?:would like to )?(?:buy|purchase|order) from you|your remittance)\b",
    re.I,
)
_BULK = Prefilter({"newsletter": _NEWSLETTER})
_SCAN = Prefilter(
    {
        "personal": _PERSONAL,
        "elsewhere": _ELSEWHERE,
        "our_purchase": _OUR_PURCHASE,
    }
)
_ASKING = frozenset({"rfq"})
_DEAL = frozenset({"rfq", "quoting", "po_in_progress", "won", "lost", "research_concept"})
_FACTS = frozenset({"quantity", "unit_price", "total_price", "price", "lead_time", "delivery_date",
                    "payment_terms", "delivery_terms", "part_number", "reference", "margin",
                    "cost_upside", "quote_due"})  # fmt: skip
#: Facts that make a deal plausible without a word that asks or offers.
ENOUGH_FACTS = 2
#: Where no product is known, nothing says what is ours: then so many kinds of facts must stand near
#: words that ask or offer, one of them of what is counted.
FULL_FACTS = 3
_COUNTED = frozenset({"quantity", "unit_price", "part_number"})
#: What is asked or stated of a product stands within so many characters of its name: an article
#: that names a housing here and a price there is about neither.
NEAR = 300


@dataclass(frozen=True)
class Relevance:
    """A verdict with its reason, one word of the closed list below."""

    is_business: bool
    #: ``asked``, ``offered``, ``ordered``, ``discussed``; or ``bulk``, ``internal``, ``personal``,
    #: ``other_subject``, ``purchase``, ``nothing_asked``, ``nothing_of_ours``.
    reason: str
    #: 0 to 1.
    confidence: float


def domain_of(address: str) -> str:
    """What stands behind the @, in lower case; empty without one."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def judge(
    text: str,
    signals: Sequence[RfqSignal],
    sender: str,
    recipients: Collection[str],
    vocabulary: Vocabulary,
    is_bulk: bool = False,
) -> Relevance:
    """Relevance of a mail or a call, from its words, signals and addresses.

    ``sender`` and ``recipients`` are addresses; for a call the sender is empty and the
    recipients are everyone whose address is known.
    """
    aside = set_aside(text, sender, recipients, vocabulary, is_bulk)
    return aside or weigh(text, signals, sender, vocabulary)


def set_aside(
    text: str,
    sender: str,
    recipients: Collection[str],
    vocabulary: Vocabulary,
    is_bulk: bool = False,
) -> Relevance | None:
    """The verdict on newsletters and on own people's mail; None where its signals must decide.

    Most mail is of these kinds, and nothing else need be read of it.
    """
    everyone = {d for a in (sender, *recipients) if (d := domain_of(a))}
    is_internal = bool(everyone) and everyone <= vocabulary.own_domains
    if is_bulk or ("newsletter" in _BULK.may_match(text) and len(_NEWSLETTER.findall(text)) >= 2):
        return Relevance(False, "bulk", 0.95)
    return Relevance(False, "internal", 0.95) if is_internal else None


def weigh(
    text: str, signals: Sequence[RfqSignal], sender: str, vocabulary: Vocabulary
) -> Relevance:
    """The verdict on what is neither bulk nor internal, by what is said near what is ours."""
    may = _SCAN.may_match(text)
    own = vocabulary.own_domains
    named = [s for s in signals if s.kind in ("product", "part_number")]
    near = [s for s in signals if any(_apart(s, n) <= NEAR for n in named)] if named else signals
    cues = {s.value for s in near if s.kind == "stage_cue"}
    facts = {s.kind for s in near if s.kind in _FACTS}
    products = [s for s in named if s.kind == "product"]
    if not cues & _DEAL and not (products and len(facts) >= ENOUGH_FACTS):
        return Relevance(False, "nothing_asked", 0.9)
    if not products and _is_other_subject(text, may, vocabulary):
        return Relevance(False, "other_subject", 0.85)
    if not (products and facts) and "personal" in may and _PERSONAL.search(text):
        return Relevance(False, "personal", 0.8)
    by_us = bool(own) and domain_of(sender) in own
    ours = "our_purchase" in may and _OUR_PURCHASE.search(text)
    if ours or _is_our_purchase(by_us, cues, bool(products), sender):
        return Relevance(False, "purchase", 0.8)
    if vocabulary.products and not named:
        return Relevance(False, "nothing_of_ours", 0.8)
    if not products and len(facts) < ENOUGH_FACTS:
        return Relevance(False, "nothing_of_ours", 0.6)
    if not vocabulary.products and not _is_full(signals):
        return Relevance(False, "nothing_of_ours", 0.6)
    reason = _reason(cues, by_us)
    sure = 0.6 + 0.1 * min(3, len(facts)) + (0.05 if products else 0.0)
    return Relevance(True, reason, round(sure, 3))


def _is_full(signals: Sequence[RfqSignal]) -> bool:
    """Whether a text states a whole request or offer in one place, whatever it is of."""
    cues = [s for s in signals if s.kind == "stage_cue" and s.value in _DEAL]
    facts = {
        s.kind for s in signals if s.kind in _FACTS and any(_apart(s, c) <= NEAR for c in cues)
    }
    return len(facts) >= FULL_FACTS and not facts.isdisjoint(_COUNTED)


def _is_other_subject(text: str, may: Collection[str], vocabulary: Vocabulary) -> bool:
    if "elsewhere" in may and _ELSEWHERE.search(text):
        return True
    own = vocabulary.other_subject_pattern
    return own is not None and own.search(text) is not None


def _apart(signal: RfqSignal, other: RfqSignal) -> int:
    return max(0, signal.start - other.end, other.start - signal.end)


def _is_our_purchase(by_us: bool, cues: set[str | None], products: bool, sender: str) -> bool:
    """We ask others for their offer, or others offer us what is not ours."""
    if not sender or products:
        return False
    return (by_us and cues <= _ASKING) or (not by_us and "rfq" not in cues and "quoting" in cues)


def _reason(cues: set[str | None], by_us: bool) -> str:
    if cues & {"po_in_progress", "won"}:
        return "ordered"
    if "quoting" in cues and by_us:
        return "offered"
    return "asked" if "rfq" in cues else "discussed"
