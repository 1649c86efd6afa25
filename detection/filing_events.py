"""Agreements, acquisitions and financings that the items of an 8-K tell, as typed events.

Items 1.01, 2.01, 2.03 and 3.02, and before 23 August 2004 items 1, 2 and 5. A credit agreement is
a debt financing, a lease of new space an expansion, a merger an acquisition, a supply contract with
a named company a partnership; pay gives nothing (item 5.02 tells of people), and what remains is a
regulatory filing. Nothing is guessed: a counterparty, amount or place the text lacks is None.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from detection.dates import find_dates
from detection.filing_agreements import kind_of, only_refers
from detection.filing_parties import Party, counterparty_after, is_registrant, named_parties
from detection.filing_text import is_title, item_sentences
from detection.money import Money, find_money
from detection.names import normalize_company_name
from detection.places import find_place


@dataclass(frozen=True)
class FilingEventReading:
    """One event an item tells, with the sentence it rests on."""

    signal_type: str
    signal_subtype: str
    status: str
    polarity: str
    occurred_on: date | None
    counterparty_name: str | None
    amount: float | None
    currency: str | None
    #: Canonical round for financings: ``debt`` or ``post_ipo_equity``.
    round_type: str | None
    city: str | None
    country: str | None
    square_feet: int | None
    confidence: float
    sentence: str


#: Items that are read, in the order in which one event told twice is kept.
ITEM_CODES = ("2.01", "1.01", "2.03", "3.02", "2", "5")
#: Sentences of an item that are read for what an agreement is about.
SENTENCES = 8

_PARTNERSHIPS = {
    "joint_venture": "joint_venture",
    "license": "license",
    "supply": "supply",
    "distribution": "distribution",
    "collaboration": "collaboration",
    "service": "service_contract",
}
_ENTERED = re.compile(
    r"\b(?:enter(?:ed|s)? into|sign(?:ed|s)|execut(?:ed|es)|announc\w+|agree[ds]?|awarded|"
    r"consummat\w+|complet\w+|clos(?:ed|ing)|acquired|received|issued|sold|amended|received)\b",
    re.I,
)
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
_PRICE = re.compile(
    r"(?:consideration|purchase price|price|for (?:approximately|an aggregate|a total|about|"
    r"cash of)"
    r"|in exchange for|valued at|payment of|in cash|for)\b",
    re.I,
)
_PROCEEDS = re.compile(
    r"\b(?:(?:gross|net|aggregate) (?:\w+ )?(?:proceeds|purchase price|offering price|"
    r"consideration)"
    r"|proceeds|total (?:purchase )?price|aggregate of)\b",
    re.I,
)
_BORROWED = re.compile(
    r"\b(?:principal amount|facility|loans?|notes?|debentures?|bonds?|borrow\w*|commitments?|"
    r"line of credit|revolver|credit|indebtedness)\b",
    re.I,
)
_PER_SHARE = re.compile(
    r"^\s*(?:\(?[\w ]{0,12}\)? )?(?:per|a|for each|each|/) ?(?:share|unit)\b", re.I
)
_SOLD_OWN = re.compile(
    r"\b(?:sold|issued and sold|issue and sell|agreed to (?:issue|sell))\b", re.I
)
_STANDING = re.compile(
    r"\b(?:existing|outstanding|previous(?:ly)?|prior|remaining)\b[^,;]{0,60}$", re.I
)
_OLD_LOAN = re.compile(
    r"\b(?:(?<!as )amend(?:s|ed|ment|ing)?|amend and restate|extend(?:s|ed)? the maturity|"
    r"waive[rs]?|"
    r"forbearance|reduc\w+|terminat\w+|joinder|consent)\b",
    re.I,
)
_MORE_LOAN = re.compile(
    r"\b(?:increas\w+|additional|incremental|new|expanded|replac\w+|refinanc\w+)\b", re.I
)
_NEW_SPACE = re.compile(
    r"\b(?:new (?:lease|headquarters|facility|office|building|space|campus)|additional|"
    r"expan(?:d|sion)|relocat\w+|will (?:move|occupy|serve as|house)|addition of|build-to-suit|"
    r"to be constructed|larger)\b",
    re.I,
)
_OLD_SPACE = re.compile(
    r"\b(?:amend(?:ed|ment|s)|exten(?:d|sion|ds|ded)|renew\w*|terminat\w+|sale[- ]leaseback|"
    r"surrender|reduc\w+|assign\w+|continue leasing)\b",
    re.I,
)
_NO_SPACE = re.compile(
    r"\b(?:equipment|aircraft|vessel|vehicle|capital|mineral|oil|gas) leases?\b", re.I
)
_FEET = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d{3,7})[ -](?:rentable )?(?:square[ -]f(?:ee|oo)t|sq\.? ?ft)", re.I
)
_ADDED_FEET = re.compile(
    r"\b(?:addition(?:al)?|expan\w+|new)\b[^.]{0,60}?(\d{1,3}(?:,\d{3})+|\d{3,7})[ -](?:rentable )?"
    r"(?:square[ -]f(?:ee|oo)t|sq\.? ?ft)",
    re.I,
)
_FINANCE_PAPER = re.compile(r"\b(?:agreement|facility|letter|notes?|indenture)\b", re.I)
_JOINT_PAPER = re.compile(r"\b(?:agreement|contract|venture|alliance|licen[cs]e)\b", re.I)
_AWARDED_BY = re.compile(r"\b(?P<who>[A-Z][\w&.’' -]{1,60}?) (?:has |have )?awarded\b")
_NOT_EVENT_YEARS = 400


def read_filing_events(
    code: str, text: str, filed_on: date | None = None, company: str | None = None
) -> list[FilingEventReading]:
    """Events that the item ``code`` tells; none when it only points elsewhere or speaks of pay.

    ``filed_on`` bounds dates: a day more than 400 days away is the date of an older paper.
    ``company`` is the registrant, which is never its own counterparty.
    """
    if code not in ITEM_CODES or only_refers(text):
        return []
    sentences = item_sentences(text)
    body = [s for s in sentences if len(s) > 40 or s[-1:] in ".;"]
    if not body or (len(body) == 1 and is_title(body[0])):
        return []
    if code in ("2.01", "2"):
        found = _deals(body, filed_on, company)
        return found or [_rest("assets_acquired_or_sold", body[0], filed_on)]
    kind = kind_of(" ".join(body))
    if code == "2.03" and kind not in ("debt",):
        return []
    if code == "3.02":
        return _unregistered(kind, body, filed_on, company)
    # "Other events" held dividends and results too: only what says that a paper was signed.
    told = kind in ("merger", "purchase", "debt", "equity") and _signed(body[0])
    if code == "5" and not told:
        return []
    if kind in (None, "other"):
        return [_rest("material_agreement", _telling(body), filed_on)] if code == "1.01" else []
    if kind == "pay":
        return []
    if kind in ("merger", "purchase"):
        deals = _agreed_deals(body, filed_on, company)
        if deals or code == "5":
            return deals
        return [_rest("material_agreement", _telling(body), filed_on)] if code == "1.01" else []
    if kind in ("debt", "equity"):
        return _financing(kind, body, filed_on, company)
    if kind == "lease":
        return _lease(body, filed_on, company)
    return _partnership(kind, body, filed_on, company)


def _unregistered(
    kind: str | None, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """Own securities sold for a stated sum; shares given for a bought company raise no money."""
    told = " ".join(body[:6])
    if kind not in ("equity", "purchase", "debt", None) or not _SOLD_OWN.search(told):
        return []
    events = _financing("debt" if kind == "debt" else "equity", body, filed_on, company)
    return [e for e in events if e.signal_type == "funding_round" and e.amount is not None]


def _signed(sentence: str) -> bool:
    return (
        re.search(r"\b(?:enter(?:ed|ing) into|signed|executed|agreed)\b", sentence, re.I)
        is not None
    )


def _telling(body: list[str]) -> str:
    return next((s for s in body[:SENTENCES] if _ENTERED.search(s)), body[0])


def _day(sentence: str, filed_on: date | None) -> date | None:
    for found in find_dates(sentence):
        if filed_on is None or abs((found.day - filed_on).days) <= _NOT_EVENT_YEARS:
            return found.day
    return None


def _event(signal_type: str, subtype: str, sentence: str, filed_on: date | None, **more):
    values = {
        "status": "done", "polarity": "positive", "occurred_on": _day(sentence, filed_on),
        "counterparty_name": None, "amount": None, "currency": None, "round_type": None,
        "city": None, "country": None, "square_feet": None, "confidence": 0.8,
    } | more  # fmt: skip
    return FilingEventReading(signal_type, subtype, sentence=sentence, **values)


def _rest(subtype: str, sentence: str, filed_on: date | None) -> FilingEventReading:
    return _event("regulatory_filing", subtype, sentence, filed_on, confidence=0.9)


def _price(sentences: list[str]) -> Money | None:
    """The price of a deal: an amount after a word of price, never that of one share."""
    for sentence in sentences:
        amounts = [m for m in find_money(sentence) if not _PER_SHARE.match(sentence[m.end :])]
        for money in amounts:
            if _PRICE.search(sentence[max(0, money.start - 90) : money.start]):
                return money
    return None


def _deals(body: list[str], filed_on: date | None, company: str | None) -> list[FilingEventReading]:
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
        price = _price(body[position : position + 4])
        found[key] = _event(
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
        replace(e, status="done", confidence=0.75) for e in _agreed_deals(body, filed_on, company)
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


def _agreed_deals(
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
    price = _price(body[:6])
    return [
        _event(
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


def _financing(
    kind: str, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """Debt taken up or own shares sold. A change of terms without new money is no financing."""
    lead = body[:6]
    sentence = _telling(lead)
    money = _sum(kind, [sentence, *[s for s in lead if s is not sentence]])
    if (
        kind == "debt"
        and _OLD_LOAN.search(sentence)
        and not any(_MORE_LOAN.search(s) for s in lead)
    ):
        return [_rest("credit_terms_changed", sentence, filed_on)]
    other = _other_party(sentence, _FINANCE_PAPER, company)
    committed = re.search(
        r"\b(?:commitment letter|proposed|intends? to|will offer)\b", sentence, re.I
    )
    return [
        _event(
            "funding_round",
            "debt" if kind == "debt" else "post_ipo_equity",
            sentence,
            filed_on,
            status="planned" if committed else "done",
            counterparty_name=other.name if other else None,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            round_type="debt" if kind == "debt" else "post_ipo_equity",
        )
    ]


def _other_party(sentence: str, paper: re.Pattern[str], company: str | None) -> Party | None:
    """Who signs besides the registrant: named after the signing, else after the paper's name."""
    for start in (_ENTERED.search(sentence), paper.search(sentence)):
        if start is not None and (other := counterparty_after(sentence, start.end(), company)):
            return other
    return None


def _sum(kind: str, sentences: list[str]) -> Money | None:
    """The sum raised: the largest amount of the first sentence that states one of this kind."""
    pattern = _BORROWED if kind == "debt" else _PROCEEDS
    for sentence in sentences:
        near = []
        for money in find_money(sentence):
            if _PER_SHARE.match(sentence[money.end :]) or money.amount < 10_000:
                continue
            if _STANDING.search(sentence[: money.start]):
                continue
            around = sentence[max(0, money.start - 80) : money.end + 60]
            if pattern.search(around):
                near.append(money)
        if near:
            return max(near, key=lambda m: m.amount) if kind == "debt" else near[0]
    return None


def _lease(body: list[str], filed_on: date | None, company: str | None) -> list[FilingEventReading]:
    """New space is an expansion; a changed or prolonged lease of the same space is not."""
    lead = body[:6]
    sentence = next((s for s in lead if re.search(r"\blease", s, re.I)), lead[0])
    text = " ".join(lead)
    if _NO_SPACE.search(text[:600]):
        return [_rest("lease", sentence, filed_on)]
    added = _ADDED_FEET.search(text)
    grows = added is not None or _NEW_SPACE.search(text) is not None
    if _OLD_SPACE.search(sentence) and not grows:
        return [_rest("lease_changed", sentence, filed_on)]
    feet = added or _FEET.search(text)
    place = next((p for s in lead if (p := find_place(s)) is not None), None)
    other = counterparty_after(sentence, 0, company)
    return [
        _event(
            "expansion",
            "new_office",
            sentence,
            filed_on,
            status="planned",
            counterparty_name=other.name if other else None,
            city=place.city if place else None,
            country=place.country if place else None,
            square_feet=int(feet.group(1).replace(",", "")) if feet else None,
            confidence=0.75 if not _OLD_SPACE.search(sentence) else 0.65,
        )
    ]


def _partnership(
    kind: str, body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """An agreement to work together with a named company; without a name a mere filing."""
    lead = body[:4]
    sentence = _telling(lead)
    awarded = _AWARDED_BY.search(sentence)
    other: Party | None = None
    if awarded is not None:
        givers = named_parties(awarded.group("who"), company)
        other = givers[-1] if givers else None
    if other is None:
        other = _other_party(sentence, _JOINT_PAPER, company)
    subtype = _PARTNERSHIPS[kind]
    if other is None:
        return [
            _rest(
                f"{subtype}_agreement".replace("_agreement_agreement", "_agreement"),
                sentence,
                filed_on,
            )
        ]
    money = next((m for m in find_money(sentence) if m.amount >= 10_000), None)
    return [
        _event(
            "partnership",
            subtype,
            sentence,
            filed_on,
            counterparty_name=other.name,
            amount=money.amount if money else None,
            currency=money.currency if money else None,
            confidence=0.8,
        )
    ]
