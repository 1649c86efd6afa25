"""Funding rounds: who raised how much in which round."""

from __future__ import annotations

import re

from detection.companies import name_after
from detection.money import Money, find_money
from detection.places import find_place
from detection.press.offerings import read_grant, read_offering
from detection.press.parts import acting_company, day_of
from detection.press.reading import Item, PressReading

_RAISE = re.compile(
    r"\b(?:rais(?:es|ed|ing|e)|secur(?:es|ed|ing|e)|clos(?:es|ed|ing|e)|land(?:s|ed)|net(?:s|ted)|"
    r"bag(?:s|ged)|receiv(?:es|ed)|complet(?:es|ed)|obtain(?:s|ed)|garner(?:s|ed)|attract(?:s|ed)|"
    r"pull(?:s|ed) in|haul(?:s|ed) in|score[sd]?|snag(?:s|ged)|collect(?:s|ed)|grab(?:s|bed)|"
    r"win(?:s)?|won|announce[sd]?|announcing|draw(?:s)? in|picks? up|picked up|get(?:s)?|"
    r"scoop(?:s|ed)(?: up)?|lock(?:s|ed) in|brings in|reel(?:s|ed) in|gains?|takes in|"
    r"clinch(?:es|ed)|fetch(?:es|ed)|extends?|extended|is in talks|in talks)\b",
    re.I,
)
_STRONG_RAISE = re.compile(
    r"^(?:rais|secur|land|net|bag|garner|pull|haul|snag|grab|scoop|reel|lock|pick|obtain|attract|"
    r"collect)",
    re.I,
)
FUNDING_NOUN = re.compile(
    r"\b(?:funding|financing|series [a-j]\d?\b|(?:pre-?)?seed\b|(?:funding|investment|growth|angel|"
    r"equity|venture|strategic|bridge|debt|convertible|extension|up|down) round|round\b|"
    r"investment|venture capital|growth capital|growth equity|"
    r"equity|venture debt|convertible notes?|credit facility|debt facility|term loan|"
    r"(?:research |innovation |government )?grant\b|capital raise|in capital|new capital|"
    r"fresh capital|IPO|initial public offering)",
    re.I,
)
_NOT_FUNDING = re.compile(
    r"\b(?:guidance|forecast|outlook|dividends?|prices?|estimates?|target price|awareness|"
    r"concerns?|"
    r"questions?|for charity|charit\w+|donat\w+|hospital|scholarship|contracts?|orders?|lawsuit|"
    r"damages|settlement|fine[sd]?|verdict|revenues?|sales of|profits?|earnings|deal worth|"
    r"tender|minimum wage|stake in|pay(?:s|ments?)|award worth|tax|salary|quarter)\b",
    re.I,
)
_FUND_VEHICLE = re.compile(
    r"\b(?:(?:venture|growth|debut|new|oversubscribed|flagship|inaugural|second|third|fourth|fifth|"
    r"first|buyout|credit|impact|seed|opportunity|early-stage|evergreen)[ "
    r"-]){1,3}(?:fund\b(?! ?rais)|funds\b)|"
    r"\bfund (?:[IVX]{1,4}|\d)\b|\bfor its (?:\w+ ){0,3}fund\b|\bfund to (?:back|invest)",
    re.I,
)
_VALUATION_BEFORE = re.compile(
    r"\b(?:valu(?:ation|ed|ing|es)|worth|market cap\w*|total(?:s|ing|ling)?|to date|revenue|"
    r"arr|assets|billing|previous(?:ly)?|raised so far|bring\w*)[^$€£\d.;]{0,40}$",
    re.I,
)
VALUATION_AFTER = re.compile(
    r"^[ ,]*(?:\w+[ -]){0,2}(?:valuation|in (?:annual|total|revenue|sales|arr)|of (?:annual "
    r")?revenue|"
    r"arr\b|in assets|market|to date|raised to date|in total|post-money|pre-money|company|unicorn|"
    r"contract|order|deal)",
    re.I,
)
_ROUND = re.compile(
    r"\b(?:(?P<series>series[ -](?P<letter>[a-j])(?:[ -]?[1-3])?)\b|(?P<preseed>pre-?seed)\b|"
    r"(?P<seed>seed)\b(?! (?:oil|company|bank|production|treatment))|(?P<bridge>bridge "
    r"(?:round|financing|loan|funding))|"
    r"(?P<debt>venture debt|debt (?:financing|facility|funding|round)|credit facility|term loan|"
    r"loan facility|revolving credit)|(?P<grant>\bgrants?\b)|(?P<ipo>\bIPO\b|initial public "
    r"offering))",
    re.I,
)
_INVESTS = re.compile(r"\b(?:invest(?:s|ed)|leads|led|pours|poured|injects|injected)\b", re.I)
#: What an investor does with a company, right before its name.
_BACKS = re.compile(
    r"\b(?:(?:has |have )?(?:invest(?:s|ed)|put money|takes? a stake) in(?:to)?|"
    r"backs|(?:has )?backed|"
    r"(?:has )?led (?:the|an?) [\w -]{0,30}?(?:round|investment|financing) (?:of|in)) "
    r"(?=(?-i:[A-Z]))",
    re.I,
)
_ANNOUNCED_THAT = re.compile(
    r",? (?:today |has )?(?:announce[sd]?|said)(?: today)? that (?:it|the (?:firm|investor))\s*$",
    re.I,
)
#: "announced that it has led the round of": who announces it is not the one who raised.
_ANNOUNCED_LEAD = re.compile(
    r" (?:today )?(?:that (?:it|they) )?(?:has |have )?(?:co-)?led\b", re.I
)
_INVESTOR_NAME = re.compile(
    r"\b(?:Ventures?|Capital|Partners|Equity|Angels|Venture|VC|Growth|Investors?|Investments?|"
    r"Invest|Holdings?|Fund)$"
)
_IN_COMPANY = re.compile(
    r"\b(?:investment|round|funding|financing|million|billion|series [a-j]|m|bn) (?:in|into|for) ",
    re.I,
)
_NOUN_RAISE = re.compile(
    r"\b(?:with|after|on|through|via|following)(?: a| an| its| new| fresh)* (?=\D{0,4}\d)", re.I
)
_RAISE_NOUN_AFTER = re.compile(
    r"^ (?:[\w-]+ ){0,2}(?:raise|round|funding|financing|investment|injection|series [a-j])\b", re.I
)
_REACHES = re.compile(
    r"\b(?:hits|reaches|reached|becomes|became|achieves|doubles|triples|tops|joins|accelerates|"
    r"boosts|fuels|scales)\b",
    re.I,
)
_FOR_COMPANY = re.compile(
    r"\b(?:series [a-j]|seed(?: round)?|round|funding|financing|capital|investment|"
    r"million|billion|bn|m) for (?=(?-i:[A-Z]))",
    re.I,
)
_INTO_COMPANY = re.compile(
    r"\b(?:(?:put|invested|pumped|poured|injected|ploughed|lend|lends|lent|provides?|provided|"
    r"extends?|"
    r"extended|grants?|granted|backs?|backed) "
    r"(?:[^.;]|\.\d){0,60}?\b(?:into|to|in) (?=(?-i:[A-Z])))",
    re.I,
)
#: Intent and rumour. "To raise" also stands inside: "plans for 2027 include a round to raise".
_INTENT = re.compile(
    r"\b(?:to raise|plans?|planning|seeks?|seeking|in (?:\w+ )?(?:talks|discussions|negotiations)|"
    r"(?:discussions|negotiations|talks) (?:with|about|over|to|on)|looking|looks to|aims|aiming|"
    r"will|eyes|"
    r"eyeing|target(?:s|ing)|considers|considering|explores|exploring|weighs|weighing|mulls|"
    r"mulling|"
    r"intends|hopes|hoping|wants|expects|is expected|about to|set to|close to|nears|nearing|"
    r"preparing|"
    r"prepares|upcoming|in the process of)\b",
    re.I,
)
_PURPOSE = re.compile(
    r" to (?:grow|scale|expand|build|fund|fuel|accelerate|boost|develop|launch|bring|help|make|"
    r"hire|"
    r"speed|support|power|drive|double|transform|automate|improve)\b"
)
_OTHER_VERB = re.compile(
    r"\b(?:after|following|since|months? after|which|while|as it|when|because|acquires?|"
    r"acquired|launch\w*|"
    r"hires|appoints|report(?:s|ed)|partner(?:s|ed))\b",
    re.I,
)


def read_funding(item: Item, sentence: str) -> list[PressReading]:
    """The round a sentence tells, whoever acts: the company, its investor, or the round itself."""
    moneys = find_money(sentence)
    lowered = sentence.lower()
    if not (moneys or _ROUND.search(sentence) or "go public" in lowered or _BACKS.search(sentence)):
        return []
    if not FUNDING_NOUN.search(sentence) and not re.search(
        r"\brais(?:es|ed|ing|e)\b|\bsecur(?:es|ed)\b|\bland(?:s|ed)\b|\bbag|picks? up|picked up|"
        r"nvest|\bput\b|\bdebt\b|\bbacks\b|\bbacked\b",
        sentence,
        re.I,
    ):
        return []
    if "fund" in lowered and _FUND_VEHICLE.search(sentence):
        return []
    for verb in _RAISE.finditer(sentence):
        if _ANNOUNCED_LEAD.match(sentence, verb.end()):
            continue
        rest = sentence[verb.end() : verb.end() + 200]
        noun = FUNDING_NOUN.search(rest)
        money = _raised(sentence, moneys, verb.end())
        strong = _STRONG_RAISE.match(verb.group(0)) is not None
        if money is None and not (noun and noun.start() < 60 and _ROUND.search(rest)):
            continue
        if noun is None and not strong:
            continue
        if (
            noun is None
            and money is not None
            and _NOT_FUNDING.search(_without_purpose(sentence[verb.end() :]))
        ):
            continue
        between = sentence[verb.end() : money.start if money else verb.end() + noun.start()]
        if _NOT_FUNDING.search(between) or ";" in between or _other_verb(between):
            continue
        tail = sentence[money.end : money.end + 40] if money else ""
        if re.match(
            r"\s+(?:in |of )?(?:\w+ )?(?:revenue|sales|damages|donations|profit|tax|fine|"
            r"contract|orders?)\b",
            tail,
            re.I,
        ):
            continue
        if "talks" in verb.group(0).lower() and _FOR_COMPANY.search(sentence, verb.end()):
            continue  # talks over a round for another: the investor speaks
        company = acting_company(item, sentence[: verb.start()])
        if company is None:
            continue
        planned = _is_planned(sentence, verb.start(), verb.end() + 12)
        return [
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="funding_round",
                signal_subtype=round_type_of(sentence),
                sentence=sentence,
                status="planned" if planned else "done",
                occurred_on=day_of(item, sentence),
                amount=money.amount if money else None,
                currency=money.currency if money else None,
                round_type=round_type_of(sentence),
                confidence=0.8 if noun and money else 0.6,
            )
        ]
    return (
        (read_grant(item, sentence) if "grant" in lowered else [])
        or (read_offering(item, sentence) if "public" in lowered or "ipo" in lowered else [])
        or _funding_by_investor(item, sentence, moneys)
        or _funding_by_noun(item, sentence, moneys)
    )


def _funding_by_investor(item: Item, sentence: str, moneys: list[Money]) -> list[PressReading]:
    """The investor acts: "Tidewater invests $20M in Acme", "leads $20M round for Acme"."""
    verb = _INVESTS.search(sentence)
    if not moneys:
        return _investment_without_sum(item, sentence)
    if verb is None:
        return []
    money = next((m for m in moneys if 0 <= m.start - verb.end() < 30), None)
    where = _IN_COMPANY.search(sentence, money.start - 1) if money else None
    if where is None:
        for_ = re.search(r"\b(?:in|into) (?=[A-Z])", sentence[money.end :]) if money else None
        if for_ is None or for_.start() > 3:
            return []
        rest = sentence[money.end + for_.end() :]
    else:
        rest = sentence[where.end() :]
    company = name_after(rest)
    investor = acting_company(item, sentence[: verb.start()])
    if company is None or investor is None or find_place("in " + company) is not None:
        return []
    if re.match(r"(?:AI|R&D|Europe|Asia)\b", company):
        return []
    lead = verb.group(0).lower().startswith("le")
    return [
        PressReading(
            company_name=company,
            company_domain=None,
            signal_type="funding_round",
            signal_subtype=round_type_of(sentence),
            sentence=sentence,
            status=_status(sentence, verb.start()),
            occurred_on=day_of(item, sentence),
            amount=money.amount,
            currency=money.currency,
            round_type=round_type_of(sentence),
            investors=(investor,),
            lead_investor=investor if lead else None,
            confidence=0.6,
        )
    ]


def _investment_without_sum(item: Item, sentence: str) -> list[PressReading]:
    """An investor by its name tells of a company and of no sum: "Oxbow Ventures backs Fenmark"."""
    verb = _BACKS.search(sentence)
    before = _ANNOUNCED_THAT.sub("", sentence[: verb.start()]) if verb else ""
    investor = acting_company(item, before) if before.strip() else None
    if investor is None or not _INVESTOR_NAME.search(investor):
        return []
    company = name_after(sentence[verb.end() :])
    if company is None or company == investor or find_place("in " + company) is not None:
        return []
    return [
        PressReading(
            company_name=company,
            company_domain=None,
            signal_type="funding_round",
            signal_subtype=round_type_of(sentence),
            sentence=sentence,
            status=_status(sentence, verb.start()),
            occurred_on=day_of(item, sentence),
            round_type=round_type_of(sentence),
            investors=(investor,),
            lead_investor=investor if "led" in verb.group(0).lower() else None,
            confidence=0.55,
        )
    ]


def _funding_for(item: Item, sentence: str, moneys: list[Money]) -> PressReading | None:
    """The company is the one provided for: "Series B for Acme: $31M", "put $14M into Acme"."""
    found = _FOR_COMPANY.search(sentence) or (_INTO_COMPANY.search(sentence) if moneys else None)
    if found is None:
        return None
    company = name_after(sentence[found.end() :])
    money = _raised(sentence, moneys, 0)
    round_type = round_type_of(sentence)
    if company is None or (money is None and round_type is None):
        return None
    if find_place("in " + company) is not None:
        return None
    if money is not None and not (
        round_type or FUNDING_NOUN.search(sentence) or "nvest" in sentence
    ):
        return None
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type="funding_round",
        signal_subtype=round_type,
        sentence=sentence,
        status=_status(sentence, found.start()),
        occurred_on=day_of(item, sentence),
        amount=money.amount if money else None,
        currency=money.currency if money else None,
        round_type=round_type,
        confidence=0.65,
    )


def _funding_by_noun(item: Item, sentence: str, moneys: list[Money]) -> list[PressReading]:
    """The round is a noun: "hits $2B valuation with $240M raise", "$5M Series A for Acme"."""
    if provided := _funding_for(item, sentence, moneys):
        return [provided]
    for money in moneys:
        if not _RAISE_NOUN_AFTER.match(sentence[money.end : money.end + 60]):
            continue
        before = _NOUN_RAISE.search(sentence[max(0, money.start - 24) : money.start + 6])
        verb = _REACHES.search(sentence)
        if before and verb and verb.end() < money.start:
            company = acting_company(item, sentence[: verb.start()])
        else:
            for_ = re.match(r"[^.;]{0,40}?\bfor (?=[A-Z])", sentence[money.end :])
            company = name_after(sentence[money.end + for_.end() :]) if for_ else None
        if company:
            return [
                PressReading(
                    company_name=company,
                    company_domain=None,
                    signal_type="funding_round",
                    signal_subtype=round_type_of(sentence),
                    sentence=sentence,
                    status=_status(sentence, money.start),
                    occurred_on=day_of(item, sentence),
                    amount=money.amount,
                    currency=money.currency,
                    round_type=round_type_of(sentence),
                    confidence=0.7,
                )
            ]
    return []


def _is_planned(sentence: str, start: int, end: int) -> bool:
    """Whether a word of intent or rumour stands shortly before ``start`` or up to ``end``."""
    found = _INTENT.search(sentence, max(0, start - 50), end)
    return found is not None


def _status(sentence: str, start: int) -> str:
    """A round told from the investor's side, or as a noun, is planned as one that is raised."""
    return "planned" if _is_planned(sentence, start, start) else "done"


def _without_purpose(text: str) -> str:
    """What stands before the use of the money: "... to grow its order business" decides nothing."""
    found = _PURPOSE.search(text)
    return text[: found.start()] if found else text


def _other_verb(text: str) -> bool:
    return _OTHER_VERB.search(text) is not None


def _raised(sentence: str, moneys: list[Money], after: int) -> Money | None:
    """The amount raised: the first after the verb that is no valuation, revenue or running "
    "total."""
    candidates = []
    for money in moneys:
        if _VALUATION_BEFORE.search(sentence[max(0, money.start - 60) : money.start]) and not (
            re.search(r"total(?:s|ing)? of $", sentence[: money.start], re.I)
            and money.start - after < 20
        ):
            continue
        if VALUATION_AFTER.match(sentence[money.end : money.end + 40]):
            continue
        if re.match(r"\s*(?:or more|per|a year|annually|/)", sentence[money.end : money.end + 12]):
            continue
        candidates.append(money)
    following = [m for m in candidates if 0 <= m.start - after < 110]
    return following[0] if following else None


def round_type_of(sentence: str) -> str | None:
    """The round on the ladder pre_seed, seed, series_a to series_j, bridge, debt, grant, ipo."""
    best = None
    for match in _ROUND.finditer(sentence):
        kind = match.lastgroup
        before = sentence[max(0, match.start() - 25) : match.start()].lower()
        if re.search(
            r"(?:previous|prior|since its|last|earlier|follows|following (?:a|its|the)|after "
            r"(?:a|its|the))\W*(?:\$?\S+ )?$",
            before,
        ):
            continue
        if match.group("series"):
            return f"series_{match.group('letter').lower()}"
        name = {"preseed": "pre_seed"}.get(kind or "", kind)
        if name == "ipo" and re.search(r"\b(?:before|ahead of|towards?|eventual|pre)\W*$", before):
            continue
        best = best or name
    return best
