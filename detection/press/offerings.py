"""Money that no investor's round brings: grants that are awarded, and offerings to the public."""

from __future__ import annotations

import re

from detection.companies import name_after
from detection.money import Money, find_money
from detection.press.parts import acting_company, day_of
from detection.press.reading import Item, PressReading

_IPO = r"(?:IPO|initial public offering|(?:stock[ -]market|public) (?:listing|debut|flotation))"
#: Who is on the way: "has filed for an IPO", "plans to go public", "seeks €9m in IPO".
_TO_GO_PUBLIC = re.compile(
    rf"\b(?:(?:has |have )?(?:confidentially )?(?:files|filed|submit(?:s|ted))"
    rf"(?: (?:confidentially|papers|paperwork|documents|a registration statement))* "
    rf"(?:for|to) (?:(?:an?|its|the|planned|proposed) )*(?:{_IPO}|go public|list)"
    rf"|(?:plans?|prepares?|intends?|seeks?|aims?|eyes|weighs?|considers?|explores?|targets?|"
    rf"mulls?|readies|is (?:planning|preparing|considering|weighing|exploring|set|about))"
    rf"(?: (?:for|to (?:launch|hold|raise|pursue)))?(?: (?:an?|its|the|about|up|to|around|possible|"
    rf"potential))*(?: \S*\d\S*(?: (?:million|billion|m|bn))?)?(?: (?:in|from|through|with))?"
    rf"(?: (?:an?|its|the))? (?:{_IPO}|go public))\b",
    re.I,
)
#: Whose offering is over: "goes public", "prices its IPO".
_WENT_PUBLIC = re.compile(
    rf"\b(?:(?:goes|went|has gone|have gone) public|"
    rf"(?:has |have )?(?:prices?|priced|completes?|completed|closes?|closed) "
    rf"(?:(?:an?|its|the|upsized|\S*\d\S*|million|billion) )*{_IPO})\b",
    re.I,
)
_GRANT = (
    r"(?:(?:research|innovation|development|government|federal|state|competitive|sbir) )*grants?"
)
#: "has been awarded a grant of $9m by", "was granted a $9m research grant".
_WAS_AWARDED = re.compile(
    rf"\b(?:has been|have been|was|were|is|gets?|got) (?:awarded|granted|given)\b"
    rf"(?=[^.;]{{0,60}}?\b{_GRANT}\b)",
    re.I,
)
#: "awards a $9m grant to Acme", "has awarded Acme a grant".
_AWARDS = re.compile(
    r"\b(?:award(?:s|ed)|gives|gave|grants|granted|provides|provided)\b(?=[^.;]{3,120}?\bgrants?\b)",
    re.I,
)
_TO_COMPANY = re.compile(r"\bgrants? (?:funding )?(?:to|for) (?=[A-Z])")
#: "$9m grant for Acme": the sum stands right before.
_GRANT_FOR = re.compile(r"^ (?:[a-z-]+ ){0,2}grant (?:for|to) (?=[A-Z])")


def read_offering(item: Item, sentence: str) -> list[PressReading]:
    """The public offering that a sentence tells: on the way, or over."""
    for pattern, status in ((_WENT_PUBLIC, "done"), (_TO_GO_PUBLIC, "planned")):
        found = pattern.search(sentence)
        company = acting_company(item, sentence[: found.start()]) if found else None
        if company:
            money = next(iter(find_money(sentence)), None)
            return [_reading(item, sentence, company, "ipo", status, money)]
    return []


def read_grant(item: Item, sentence: str) -> list[PressReading]:
    """The grant that a sentence tells, from the side of who gets or of who gives it."""
    moneys = find_money(sentence)
    money = moneys[0] if moneys else None
    if awarded := _WAS_AWARDED.search(sentence):
        company = acting_company(item, sentence[: awarded.start()])
        return [_reading(item, sentence, company, "grant", "done", money)] if company else []
    for each in moneys:
        if headed := _GRANT_FOR.match(sentence[each.end :]):
            company = name_after(sentence[each.end + headed.end() :])
            return [_reading(item, sentence, company, "grant", "done", each)] if company else []
    gives = _AWARDS.search(sentence)
    if gives is None:
        return []
    giver = acting_company(item, sentence[: gives.start()])
    to = _TO_COMPANY.search(sentence, gives.end())
    rest = sentence[to.end() :] if to else sentence[gives.end() :]
    if giver is None or not (to or re.match(r" [A-Z]", rest)):
        return []
    company = name_after(rest)
    if company is None or company == giver:
        return []
    return [_reading(item, sentence, company, "grant", "done", money, investors=(giver,))]


def _reading(
    item: Item,
    sentence: str,
    company: str,
    kind: str,
    status: str,
    money: Money | None,
    investors: tuple[str, ...] = (),
) -> PressReading:
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type="funding_round",
        signal_subtype=kind,
        sentence=sentence,
        status=status,
        occurred_on=day_of(item, sentence),
        amount=money.amount if money else None,
        currency=money.currency if money else None,
        round_type=kind,
        investors=investors,
        confidence=0.7,
    )
