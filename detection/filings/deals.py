"""Companies and parts of companies bought and sold, as an item tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from detection.filings.event_reading import SENTENCES, FilingEventReading, event_of
from detection.filings.parties import Party, counterparty_after, is_registrant, named_parties
from detection.filings.sums import price_of
from detection.names import normalize_company_name

_COMPLETED = re.compile(
    r"\b(?:complet(?:ed|es|ion of)|consummat(?:ed|es|ion of)|clos(?:ed|ing of)|was (?:merged|"
    r"completed|consummated)|has been merged|became effective|acquired|sold|purchased)\b",
    re.I,
)
#: The verb or noun of a deal, with what is bought or sold after it.
_BUYS = re.compile(
    r"\b(?:acquired|purchased|acquisition of|purchase of|to (?:acquire|purchase)|"
    r"(?:will|would|shall|agreed to|agrees to) (?:acquire|purchase)|acquire[sd]?)\b",
    re.I,
)
_SELLS = re.compile(
    r"\b(?:sold|sale of|divest\w+ of|dispos(?:ed|ition|al) of|to sell|(?:will|agreed to) sell|"
    r"transferred)\b",
    re.I,
)
_INTO = re.compile(
    r"\b(?:merge[ds]?|merged|merging|merger(?: of [^.;]{2,80}?)?)[, ]+(?:\w+ )?with and into "
    r"(?P<into>(?:the |an? )?[^.,;()]{2,80})",
    re.I,
)
_MERGE_AGREEMENT = re.compile(
    r"\b(?:agreement and plan of (?:merger|reorgani[sz]ation)|(?:definitive )?merger agreement|"
    r"plan of merger|business combination agreement|arrangement agreement|"
    r"(?:share|stock|asset|equity|securities|unit|interests?) (?:sale and )?"
    r"(?:purchase|transfer)(?: and sale)? agreement|purchase (?:and sale )?agreement)\b",
    re.I,
)
#: Shares, assets or interests "of" somebody: that one is bought, whoever sells them.
_HOLDING = re.compile(
    r"\b(?:stock|shares?|interests?|assets|securities|equity|business(?:es)?|operations|division)"
    r"(?: \([^)]{0,60}\))?(?: used| relating)?[^.;]{0,60}? (?:of|in) (?=(?:[a-z]{1,2})?[A-Z0-9])"
)
_WE_ARE_BOUGHT = re.compile(
    r"\b(?:with and into the (?:company|registrant)|(?:company|registrant)[^.]{0,60} (?:surviving|"
    r"will become)[^.]{0,80} wholly[- ]owned subsidiary of (?!the company|the registrant)|"
    r"each (?:outstanding )?share of (?:the )?(?:company|"
    r"registrant).{0,40}converted into the right)",
    re.I,
)


def completed_deals(
    body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """Completed purchases and sales, one for each other company."""
    found: dict[str, FilingEventReading] = {}
    for position, sentence in enumerate(body[: SENTENCES + 4]):
        if not _COMPLETED.search(sentence) and not re.search(r"\bmerg", sentence, re.I):
            continue
        deal = _one_deal(sentence, company)
        if deal is None:
            continue
        subtype, other = deal
        key = normalize_company_name(other.name)
        told = any(k.startswith(key) or key.startswith(k) for k in found)
        if told or (found and position > 4):
            continue
        price = price_of(body[position : position + 4])
        found[key] = event_of(
            "acquisition",
            subtype,
            sentence,
            filed_on,
            polarity="negative" if subtype == "divestiture" else "positive",
            counterparty_name=other.name,
            amount=price.amount if price else None,
            currency=price.currency if price else None,
            confidence=0.85,
        )
    if found:
        return list(found.values())
    # The agreement is recalled first and its completion told without a name.
    return [
        replace(e, status="done", confidence=0.75) for e in agreed_deals(body, filed_on, company)
    ]


def _one_deal(sentence: str, company: str | None) -> tuple[str, Party] | None:
    """What the registrant does in a sentence (buys, sells, is bought) and with whom."""
    if (into := _INTO.search(sentence)) is not None:
        if re.match(r"(?:the )?(?:company|registrant)[’']s |our |its ", into.group("into"), re.I):
            ours = named_parties(sentence[: into.start()][-120:], company)
            return ("acquirer", ours[-1]) if ours else None
        target = re.sub(r"[’']s\b.*$", "", into.group("into")).strip()
        target = re.sub(r"^(?:the |an? )", "", target)
        if is_registrant(target, company) or re.match(r"(?:company|registrant)\b", target, re.I):
            return _bought(sentence, company)
        parties = named_parties(into.group("into"), company)
        if parties:
            return ("acquirer", parties[0])
    buys, sells = _BUYS.search(sentence), _SELLS.search(sentence)
    if buys is not None and (sells is None or _subject_is_registrant(sentence, buys, company)):
        if re.search(r"\b(?:was|been|be|were) $", sentence[: buys.start()], re.I):
            return _bought(sentence, company)
        if not _subject_is_registrant(sentence, buys, company):
            buyer = named_parties(sentence[: buys.start()], company)
            if buyer and _registrant_in(sentence[buys.end() :], company):
                return (_what_we_lose(sentence[buys.end() :], company), buyer[-1])
        other = _object_of(sentence, buys.end(), company)
        return ("acquirer", other) if other else None
    if sells is not None:
        to = re.search(r"\bto (?=[A-Z0-9])", sentence[sells.end() :])
        if to is not None:
            parties = named_parties(sentence[sells.end() + to.end() :][:200], company)
            if parties:
                return ("divestiture", parties[0])
    return None


def _subject_is_registrant(sentence: str, verb: re.Match[str], company: str | None) -> bool:
    before = re.sub(r"\([^)]*\)", "", sentence[: verb.start()])
    if re.search(r"\b(?:the (?:company|registrant)|we|its|our)\b[^,]{0,60}$", before, re.I):
        return True
    names = re.findall(r"[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+)*", before)
    return bool(names) and is_registrant(re.sub(r"[’']s$", "", names[-1]), company)


def _registrant_in(text: str, company: str | None) -> bool:
    if re.search(r"\b(?:the (?:company|registrant)|our)\b", text, re.I):
        return True
    return any(
        is_registrant(name, company)
        for name in re.findall(r"[A-Z][\w&’'-]+(?: [A-Z][\w&-]+)*", text)
    )


def _what_we_lose(text: str, company: str | None) -> str:
    """Whether another's purchase is of the registrant itself or of a part of it."""
    whole = re.match(
        r"\s+(?:all (?:of )?|the |an? |outstanding |issued |and |\w+ )*?(?:shares?|stock|control|"
        r"interests?) (?:of|in) (?:the )?(?P<whose>[^,.;(]{2,60})",
        text,
    )
    if whole is None:
        return "divestiture"
    whose = re.sub(r"[’']s\b.*$", "", whole.group("whose")).strip()
    return (
        "acquired"
        if is_registrant(whose, company) or whose.startswith("common stock of the")
        else "divestiture"
    )


def _bought(sentence: str, company: str | None) -> tuple[str, Party] | None:
    parent = re.search(r"\bsubsidiary of (?=[A-Z])", sentence) or re.search(
        r"\b(?:by|among|between|with) (?=[A-Z])", sentence
    )
    if parent is None:
        return None
    parties = [p for p in named_parties(sentence[parent.end() :][:400], company) if not p.is_agent]
    return ("acquired", parties[0]) if parties else None


def _object_of(sentence: str, position: int, company: str | None) -> Party | None:
    """Who or whose shares are bought: the first company named after the verb."""
    rest = sentence[position : position + 420]
    holding = _HOLDING.search(rest)
    if holding is not None and holding.start() < 200:
        whose = [p for p in named_parties(rest[holding.end() :][:120], company) if p.start < 25]
        if whose:
            return whose[0]
    # "from the seller certain assets of the target": the seller is not what is bought.
    seller = re.match(
        r"\s*from (?P<seller>[^,]{2,120}?)(?=,| (?:all|certain|substantially|the|\d))", rest
    )
    parties = [p for p in named_parties(rest, company) if not p.is_agent]
    if seller is not None:
        named = [p for p in parties if p.start >= seller.end()]
        parties = named or parties
    return parties[0] if parties else None


def agreed_deals(
    body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """A purchase, sale or merger that is agreed and not yet completed."""
    lead = body[:5]
    paper = next((s for s in lead if _MERGE_AGREEMENT.search(s)), lead[0])
    deal = None
    for sentence in [paper, *[s for s in lead if s is not paper]]:
        if deal := _one_deal(sentence, company):
            break
    if deal is None:
        agreement = _MERGE_AGREEMENT.search(paper)
        other = counterparty_after(paper, agreement.end() if agreement else 0, company)
        if other is None:
            return []
        bought = any(_WE_ARE_BOUGHT.search(s) for s in lead)
        sells = agreement is None and _SELLS.search(paper)
        deal = ("acquired" if bought else "divestiture" if sells else "acquirer", other)
    subtype, other = deal
    if subtype == "acquirer" and any(_WE_ARE_BOUGHT.search(s) for s in lead):
        subtype = "acquired"
    price = price_of(body[:6])
    return [
        event_of(
            "acquisition",
            subtype,
            paper,
            filed_on,
            status="done" if _completed_already(lead) else "planned",
            polarity="negative" if subtype == "divestiture" else "positive",
            counterparty_name=other.name,
            amount=price.amount if price else None,
            currency=price.currency if price else None,
        )
    ]


_DONE_ALREADY = re.compile(
    r"\b(?:merger|acquisition|transaction|sale|closing) (?:was|were|has been) "
    r"(?:completed|consummated)|\bcompleted (?:the|its) (?:acquisition|merger)",
    re.I,
)


def _completed_already(lead: list[str]) -> bool:
    return any(_DONE_ALREADY.search(s) for s in lead)
