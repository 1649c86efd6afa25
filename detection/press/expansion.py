"""Expansion: sites opened and closed, markets entered, teams grown; layoffs as bad news."""

from __future__ import annotations

import re

from detection.money import find_money
from detection.places import find_place
from detection.press.parts import ENTER, SITE, acting_company, day_of, has_any, status_of
from detection.press.reading import Item, PressReading

#: A site is one of these; a sentence without any opens and closes none.
_SITE_STEMS = (
    "office", "headquarter", "hq", "hub", "campus", "facilit", "plant", "factor", "cent", "branch",
    "warehouse", "lab", "store", "showroom", "location", "site", "base", "outpost", "operations",
)  # fmt: skip
_STAFF_STEMS = (
    "job", "people", "employee", "role", "staff", "position", "worker", "engineer", "hires",
    "specialist", "workforce", "headcount", "team",
)  # fmt: skip
_OPEN = re.compile(
    rf"\b(?:open(?:s|ed|ing|ing of)?|establish(?:es|ed)|inaugurat(?:es|ed)|unveil(?:s|ed)|"
    rf"launch(?:es|ed)|"
    rf"set(?:s|ting)? up|cut(?:s)? the ribbon on|mov(?:es|ed|ing) into|relocat(?:es|ed|ing)|"
    rf"announce[sd]? (?:the )?(?:opening of)?"
    rf"|add(?:s|ed)|expand(?:s|ed)(?: with| its)?|break(?:s)? ground on|broke ground on|"
    rf"builds?|(?-i:building)|establish|"
    rf"inaugurate|lease[sd]?|sign(?:s|ed) (?:a |an )?(?:[\w-]+ ){{0,3}}lease|to open|"
    rf"select(?:s|ed)|choos(?:es)|chose|creat(?:e|es|ed))\b"
    rf"(?P<middle>(?:(?!\bclos)[^.;]){{0,80}}?)\b(?P<site>{SITE})\b",
    re.I,
)
_CLOSE = re.compile(
    rf"\b(?:clos(?:es|ed|e|ing)|shut(?:s|ting)?(?: down)?|shutter(?:s|ed|ing)?|vacat(?:es|ed|ing)|"
    rf"exit(?:s|ed|ing)?)\b(?P<middle>[^.;$€£\d]{{0,60}}?)\b(?P<site>{SITE}|operations|stores?)\b",
    re.I,
)
_GROWS = re.compile(
    r"\b(?:(?:to |will |plans? to |has |have )?(?:hir(?:e|es|ed|ing)|add(?:s|ed|ing)?|"
    r"creat(?:e|es|ed|ing)|"
    r"recruit(?:s|ed|ing)?|plans?|bring(?:s|ing)?)(?: (?:on|up|to|about|around|more|than|"
    r"another|some|over|"
    r"nearly|an|additional|at|least|a|further)){0,4} (?P<count>\d{1,3}(?:,\d{3})+|\d{1,6})"
    r"(?: (?!million|billion|percent|years?|days?|stores?)[\w-]+){0,3}? "
    r"(?:jobs|people|employees|roles|staff|positions|workers|engineers|hires|specialists)"
    r"|(?:increas|grow|expand|doubl|trebl|tripl)\w*(?: \w+){0,2} (?:workforce|headcount|team|"
    r"staff)\b"
    r"(?: (?:by|to|from|with))?(?: (?:about|over|nearly|more than))?(?: "
    r"(?P<count2>\d{1,3}(?:,\d{3})+|\d{1,6}))?)",
    re.I,
)
_MARKET = re.compile(
    r"\b(?:new market|international\w*|global\w*|(?:European|Asian|German|French|British|American|"
    r"Nordic|Canadian|Indian|Australian|UK|US|U\.S\.) market)",
    re.I,
)
_LAYOFF = re.compile(
    r"\b(?:lay(?:s|ing)? off|laid off|layoffs?|cut(?:s|ting)? (?:about |around |some |nearly "
    r")?[\d,]+ "
    r"(?:\w+ )?(?:jobs|roles|positions|employees)|(?:job|workforce) cuts|cut(?:s|ting)? "
    r"\d+(?:%| percent) of)\b",
    re.I,
)
_HEADCOUNT = re.compile(
    r"\b(?:creat\w*|hir\w*|add\w*|employ\w*|hous\w*|recruit\w*|bring\w*|"
    r"accommodat\w*)\b[^.;\d]{0,50}?"
    r"(?P<count>\d{1,3}(?:,\d{3})+|\d{1,6})(?: (?!million|billion|percent|years?|"
    r"days?)[\w-]+){0,3}? "
    r"(?:jobs|people|employees|roles|staff|positions|workers|engineers|hires|specialists|team "
    r"members|professionals)\b",
    re.I,
)


def read_expansion(item: Item, sentence: str) -> list[PressReading]:
    """The closure, opening, market entry, growth or layoff a sentence tells; at most one."""
    lowered = sentence.lower()
    at_site = has_any(lowered, _SITE_STEMS)
    for pattern, subtype, polarity in (
        (_CLOSE, "closure", "negative"),
        (_OPEN, "new_office", "positive"),
        (ENTER, "new_market", "positive"),
    ):
        match = pattern.search(sentence) if at_site or subtype == "new_market" else None
        if match is None:
            continue
        if find_money(match.group(0)) and subtype != "new_office":
            continue
        if subtype == "new_office" and re.search(
            r"\b(?:product|app|store front|online|virtual|back office|office suite)\b",
            match.group("middle"),
            re.I,
        ):
            continue
        company = acting_company(item, sentence[: match.start()])
        if company is None:
            continue
        place = find_place(sentence[match.start() :]) or (
            find_place("in " + sentence[match.end() :].strip()) if subtype == "new_market" else None
        )
        if (
            subtype == "new_market"
            and place is None
            and not _MARKET.search(sentence, match.start())
        ):
            continue
        if (
            subtype == "new_office"
            and place is None
            and not re.search(r"\bnew\b|headquarters|first|second", sentence, re.I)
        ):
            continue
        if subtype == "closure" and match.group("site").lower() == "operations" and place is None:
            continue
        return [
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="expansion",
                signal_subtype=subtype,
                sentence=sentence,
                status=status_of(sentence, match.start(), match.start() + 20),
                polarity=polarity,
                occurred_on=day_of(item, sentence),
                city=place.city if place else None,
                country=place.country if place else None,
                headcount=_headcount(sentence),
                confidence=0.8 if place else 0.6,
            )
        ]
    grows = _GROWS.search(sentence) if has_any(lowered, _STAFF_STEMS) else None
    if (
        grows
        and not _LAYOFF.search(sentence)
        and (company := acting_company(item, sentence[: grows.start()]))
    ):
        place = find_place(sentence)
        count = grows.group("count") or grows.group("count2")
        return [
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="expansion",
                signal_subtype="headcount_growth",
                sentence=sentence,
                status=status_of(sentence, grows.start(), grows.end()),
                occurred_on=day_of(item, sentence),
                city=place.city if place else None,
                country=place.country if place else None,
                headcount=int(count.replace(",", "")) if count else None,
                confidence=0.7,
            )
        ]
    layoff = _LAYOFF.search(sentence) if has_any(lowered, ("lay", "laid", "cut")) else None
    if layoff:
        company = acting_company(item, sentence[: layoff.start()])
        if company:
            return [
                PressReading(
                    company_name=company,
                    company_domain=None,
                    signal_type="news_mention",
                    signal_subtype="layoffs",
                    sentence=sentence,
                    polarity="negative",
                    status=status_of(sentence, layoff.start(), layoff.end()),
                    occurred_on=day_of(item, sentence),
                    confidence=0.7,
                )
            ]
    return []


def _headcount(sentence: str) -> int | None:
    found = _HEADCOUNT.search(sentence)
    return int(found.group("count").replace(",", "")) if found else None
