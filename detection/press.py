"""One press or news item to the events it tells, each with its sentence.

Rules read one sentence at a time: a verb of the event, the company before it, and what follows the
verb. They are written on how press language is built, and a sentence that lacks a part gives no
event. The title and the first sentences are read; boilerplate ("About ...") is not.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from detection.companies import clean_name, name_after, split_names, subject_before
from detection.dates import find_nearby_dates
from detection.documents import html_to_text, looks_like_html, plain_to_text
from detection.employment import find_changes
from detection.money import Money, find_money
from detection.names import normalize_company_name
from detection.places import find_place
from detection.sentences import split_sentences
from detection.titles import read_title

#: Sentences of the body that are read; news stands at the top of an item.
MAX_SENTENCES = 14
#: Characters of the body that are read.
MAX_BODY = 12_000


@dataclass(frozen=True)
class PressReading:
    """One event of one company in one item; what the item does not state is None."""

    company_name: str
    company_domain: str | None
    signal_type: str
    signal_subtype: str | None
    sentence: str
    status: str = "done"
    polarity: str = "positive"
    occurred_on: date | None = None
    amount: float | None = None
    currency: str | None = None
    round_type: str | None = None
    investors: tuple[str, ...] = ()
    lead_investor: str | None = None
    person_name: str | None = None
    position: str | None = None
    level: str | None = None
    department: str | None = None
    change_type: str | None = None
    city: str | None = None
    country: str | None = None
    headcount: int | None = None
    counterparty_name: str | None = None
    confidence: float = 0.7


@dataclass
class _Item:
    """What the reading of one item has found so far."""

    published_on: date | None
    main_company: str | None = None
    events: list[PressReading] = field(default_factory=list)


# --- What belongs to no event -----------------------------------------------------------------
_BOILERPLATE = re.compile(
    r"(?:^|\n)\s*(?:About [A-Z][^\n.]{0,60}(?:\n|$)|About the company|Forward-Looking Statements|"
    r"Safe Harbor|(?:Media |Press )?Contacts?:|The post .{0,200} (?:appeared|first))",
    re.I,
)
_FEED_TAIL = re.compile(
    r"The post .{0,300}? appeared first on .{0,80}$|\[(?:…|\.\.\.)\]|Read more\W*$", re.I | re.S
)
_DATELINE = re.compile(
    r"^[A-ZÀ-Þ][\w .,’'&/-]{1,70}?(?:\((?:[A-Z][\w ]{2,30})\)\s*)?(?:,?\s*(?:Jan|Feb|Mar|Apr|"
    r"May|Jun|Jul|Aug|Sep|Oct|"
    r"Nov|Dec)[a-z]*\.? \d{1,2}(?:, ?\d{4})?)?\s*(?:/[^/\n]{3,40}/|\([^)]{3,40}\))?\s*(?:--+|"
    r"—|–)\s+"
)
_SPECULATION = re.compile(
    r"\b(?:denie[sd]|no plans? to|rumou?r\w*|could|might|may (?:be|soon)|would consider|"
    r"speculat\w+|"
    r"what if|how to|why |should |if (?:it|the|they)|hypothetical|alleged\w*|failed to|fails to|"
    r"did not|does not|won[’']t|will not|not to|unable to|abandon\w*|call(?:s|ed) off|cancel\w*|"
    r"scrap(?:s|ped)|withdr[ae]w\w*|postpone\w*|delays?)\b",
    re.I,
)
_QUESTION = re.compile(r"\?\s*[\"”’']?$")
_PLANNED = re.compile(
    r"\b(?:will|plans?|planning|planned|intends?|is set|are set|set to|to be|expects?|"
    r"expected|aims?|"
    r"agree[ds]? to|definitive agreement|has signed|signs|in talks|seeks?|seeking|looks? to|"
    r"looking|preparing|later this|by (?:the end of|early|late|mid)|next (?:year|month|quarter)|"
    r"upcoming|proposed|eyes|targets)\b|\bto (?:acquire|open|launch|expand|raise|buy|close|enter|"
    r"shut|establish|create|partner|merge|introduce|join|become|lead|hire|add|build|recruit|"
    r"grow)\b|wants? to\b",
    re.I,
)
_TODAY = re.compile(r"\b(?:today|yesterday)\b", re.I)

# --- Funding ------------------------------------------------------------------------------------
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
_FUNDING_NOUN = re.compile(
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
    r"(?:valu(?:ation|ed|ing|es)|worth|market cap\w*|total(?:s|ing|ling)?|to date|revenue|"
    r"arr|assets|billing|previous(?:ly)?|raised so far|bring\w*)[^$€£\d.;]{0,40}$",
    re.I,
)
_VALUATION_AFTER = re.compile(
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
_LED = re.compile(
    r"\b(?:co-?led by|led(?: jointly)? by|spearheaded by|lead investors? (?:is|was|were|are)?|"
    r"headed by|anchored by)\s+(?P<names>[^.;]{3,160})",
    re.I,
)
_LEADS = re.compile(
    r"(?P<names>[A-Z][^.;:]{2,80}?) (?:co-)?(?:led|leads|is leading|was the lead)\b(?! "
    r"by)[^.;]{0,30}\b(?:round|funding|financing|investment|raise|series)",
    re.I,
)
_PARTICIPANTS = re.compile(
    r"\b(?:(?:with )?(?:the )?(?:participation|investment|backing|support|contributions?) "
    r"(?:from|by|of)|"
    r"joined by|alongside|participants? includ\w+|investors? includ\w+|also participat\w+ "
    r"(?:were|are)|"
    r"backed by|funding from|financing from|investment from|round from|include[ds]? existing "
    r"investors?)\s+"
    r"(?P<names>[^.;]{3,200})",
    re.I,
)
_PARTICIPATED = re.compile(
    r"(?P<names>[A-Z][^.;:]{2,160}?) (?:also )?(?:participated|joined the round|took part|"
    r"invested)\b"
)

# --- Expansion, acquisition, partnership, launch -------------------------------------------------
_SITE = (
    r"(?:offices?|headquarters|hq|hubs?|campus|facilit(?:y|ies)|plants?|factor(?:y|ies)|centre|"
    r"center|data cent(?:er|re)s?|branch(?:es)?|warehouse|lab(?:oratory|s)?|stores?|showroom|"
    r"location|site|base|outpost|fulfil?ment cent(?:er|re)|distribution cent(?:er|re))"
)
_OPEN = re.compile(
    rf"\b(?:open(?:s|ed|ing|ing of)?|establish(?:es|ed)|inaugurat(?:es|ed)|unveil(?:s|ed)|"
    rf"launch(?:es|ed)|"
    rf"set(?:s|ting)? up|cut(?:s)? the ribbon on|moves? into|relocat(?:es|ed|ing)|"
    rf"announce[sd]? (?:the )?(?:opening of)?"
    rf"|add(?:s|ed)|expand(?:s|ed)(?: with| its)?|break(?:s)? ground on|broke ground on|"
    rf"build(?:s|ing)?|establish|"
    rf"inaugurate|lease[sd]?|sign(?:s|ed) (?:a |an )?(?:[\w-]+ ){{0,3}}lease|to open|"
    rf"select(?:s|ed)|choos(?:es)|chose|creat(?:e|es|ed))\b"
    rf"(?P<middle>(?:(?!\bclos)[^.;]){{0,80}}?)\b(?P<site>{_SITE})\b",
    re.I,
)
_CLOSE = re.compile(
    rf"\b(?:clos(?:es|ed|e|ing)|shut(?:s|ting)?(?: down)?|shutter(?:s|ed|ing)?|vacat(?:es|ed|ing)|"
    rf"exit(?:s|ed|ing)?)\b(?P<middle>[^.;$€£\d]{{0,60}}?)\b(?P<site>{_SITE}|operations|stores?)\b",
    re.I,
)
_ENTER = re.compile(
    r"\b(?:expand(?:s|ed|ing)?(?:\s+(?:its|their|the|global|international|footprint|presence|operations|services|"
    r"business|reach|further|north|european|company|coverage|platform|sales|commercial|team)){0,5}\s+"
    r"(?:in)?to|expansion\s+(?:\w+ ){0,2}?(?:in)?to|enter(?:s|ed|ing)?(?! into)(?:\s+the)?|"
    r"launch(?:es|ed|ing)?(?:\s+(?!new\b)[\w-]+){0,5}?\s+in(?=\s+(?:the\s+)?[A-Z])|"
    r"(?:bring(?:s|ing)?|brought|tak(?:es|ing)|took)\s+(?:its|their)\s+(?:[\w-]+\s+){1,5}?to(?=\s+(?:the\s+)?[A-Z])|"
    r"(?:begins|began|starts|started)\s+(?:operations|sales|operating)\s+in|expands? (?:its "
    r")?presence in|"
    r"debuts? in|arrives? in|goes? live in|expand(?:s|ed|ing) (?:internationally|globally))\b",
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
_ACQUIRE = re.compile(
    r"\b(?:acquir(?:es|ed|ing|e)|buy(?:s|ing)?(?: out)?|bought|(?:tak(?:es|e)|took) over(?! "
    r"as\b| from\b| for\b| the (?:role|post|position)| leadership)|purchas(?:es|ed)|"
    r"snap(?:s|ped) up|scoop(?:s|ed) up|(?:complet(?:es|ed)|announce[sd]?|closes|closed|"
    r"finali[sz]e[sd]?) (?:the |its )?(?:acquisition|purchase|takeover) of|"
    r"acquisition of|merg(?:es|ed|ing|e) with)\b",
    re.I,
)
_ACQUIRED_BY = re.compile(
    r"\b(?:(?:has been|have been|was|is|is being|to be|will be|being|been|agreed to be|gets?) "
    r"(?:acquired|bought|purchased|taken over)|acquired|bought) by\b"
    r"|\b(?:sells?|sold)(?: itself)? to\b",
    re.I,
)
_NOT_ACQUISITION = re.compile(
    r"^\s*(?:(?:\d[\d,.]*|a|an|new|more|the|additional|its|\w+ly|minority|\d+%|majority)\s+)*"
    r"(?:customers?|users?|talent|skills|shares?|stake|land|property|building|rights?|licen[cs]es?|"
    r"patents?|bitcoin|stock|bonds?|data|knowledge|assets? (?:of|worth)|clients?|subscribers?|"
    r"aircraft|vehicles|tickets|reputation|interest|products?|ads?|time)\b"
    r"(?!\s+(?!in\b|from\b|of\b|for\b|to\b|with\b)(?:[a-z-]+\s+){0,2}[A-Z])",
    re.I,
)
_PARTNER = re.compile(
    r"\b(?:partner(?:s|ed|ing)?(?: up)? with|team(?:s|ed|ing)? up with|join(?:s|ed|ing)? "
    r"forces with|"
    r"collaborat(?:es|ed|ing)(?: \w+)? with|"
    r"(?:partnership|alliance|collaboration|cooperation|tie-up)(?: agreement)?(?: \w+){0,2} with|"
    r"(?:partners|teams up|joins forces|collaborates|allies) (?:to|on)\b|"
    r"(?:enter(?:s|ed)|sign(?:s|ed)|form(?:s|ed)|strike[s]?|struck|announce[sd]?|ink(?:s|ed)|"
    r"expand(?:s|ed)) (?:into )?(?:a |an |its |the |their )?"
    r"(?:[\w-]+ ){0,4}(?:partnership|alliance|collaboration|joint venture|strategic agreement|"
    r"reseller agreement|distribution agreement|integration)(?: \w+){0,3}? with|select(?:s|"
    r"ed) (?=[A-Z])|integrat(?:es|ed) with)",
    re.I,
)
_BOTH_PARTNER = re.compile(
    r"^(?P<one>[A-Z][^,;:]{1,60}?) (?:and|&) (?P<two>[A-Z][^,;:]{1,60}?)(?: today)? (?:have |"
    r"today |will )?(?:announce[sd]? |"
    r"form(?:ed)? |enter(?:ed)? (?:into )?|sign(?:ed)? |team(?:ed)? up|partner(?:ed)?\b|"
    r"join(?:ed)? forces|strike |ink )"
    r"(?P<rest>.*)$"
)
_PARTNER_NOUN = re.compile(
    r"\b(?:partner\w*|alliance|collaborat\w+|joint venture|team up|teamed up|forces)\b", re.I
)
_LAUNCH = re.compile(
    r"\b(?:launch(?:es|ed|ing)?|unveil(?:s|ed)?|introduc(?:es|ed|ing|e)|releas(?:es|ed)|debut(?:s|ed)|"
    r"roll(?:s|ed) out|ship(?:s|ped)|announce[sd]? (?:the )?(?:launch|general availability|"
    r"release|availability) of|"
    r"present(?:s|ed)(?= (?:new|its new)))\b",
    re.I,
)
_PRODUCT = re.compile(
    r"\b(?:product|platform|app|application|software|suite|tool|solution|service|version|feature|"
    r"api|sdk|assistant|copilot|agent|model|module|device|dashboard|engine|marketplace|plugin|"
    r"integration|edition|offering|system|studio|cloud|analytics|hardware|robot|sensor|"
    r"generation|line of|"
    r"\d\.\d|2\.0|ai-powered|beta|toolkit|programme? interface|card|wallet|payments?)\b",
    re.I,
)
_NOT_PRODUCT = re.compile(
    r"\b(?:investigation|probe|lawsuit|attack|campaign|search for|review|fund\b|foundation|"
    r"scholarship|contest|competition|strike|bid|appeal|award|report|survey|study|webinar|"
    r"conference|event|initiative|podcast|hiring|recruitment|earnings|results|offer(?:ing)? of|"
    r"tender|statement|secondary|ipo|missile|satellite|trial|inquiry|course)\b",
    re.I,
)
_HEADCOUNT = re.compile(
    r"\b(?:creat\w*|hir\w*|add\w*|employ\w*|hous\w*|recruit\w*|bring\w*|accommodat\w*)\b[^.;\d]{0,50}?"
    r"(?P<count>\d{1,3}(?:,\d{3})+|\d{1,6})(?: (?!million|billion|percent|years?|"
    r"days?)[\w-]+){0,3}? "
    r"(?:jobs|people|employees|roles|staff|positions|workers|engineers|hires|specialists|team "
    r"members|professionals)\b",
    re.I,
)
_TITLE_OF = re.compile(r"\s+[|–—-]\s+[A-Z][\w .&]{2,30}$")


def content_fingerprint(title: str, body: str) -> str:
    """Hash of an item's normalised words: equal for copies of one release.

    Case, punctuation, mark-up and blanks do not count. Replaceable by a sketch for near duplicates
    without changing the rows' shape.
    """
    words = " ".join(re.findall(r"\w+", f"{title} {body}".casefold()))
    return hashlib.md5(words.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def body_text(summary: str | None, content: str | None) -> str:
    """The longer of content and summary as plain text, without feed tails and boilerplate."""
    raw = content if content and len(content) >= len(summary or "") else (summary or "")
    raw = raw[: MAX_BODY * 4]
    if "<" in raw or "&" in raw:
        text = html_to_text(raw) if looks_like_html(raw) else plain_to_text(raw)
    else:
        text = raw.strip()
    return _FEED_TAIL.sub("", text[:MAX_BODY]).strip()


def read_press(
    title: str,
    summary: str | None = None,
    content: str | None = None,
    published_at: datetime | None = None,
) -> list[PressReading]:
    """Events of one item, at most one per company, type and counterpart, best evidence first."""
    body = body_text(summary, content)
    headline = _TITLE_OF.sub("", " ".join(title.split())[:400])
    boilerplate = _BOILERPLATE.search(body)
    told = body[: boilerplate.start()] if boilerplate else body
    told = _DATELINE.sub("", told, count=1)
    item = _Item(published_on=published_at.date() if published_at else None)
    sentences = split_sentences(told)[:MAX_SENTENCES]
    if sentences and normalize_company_name(sentences[0]) == normalize_company_name(headline):
        sentences = sentences[1:]
    for position, sentence in enumerate([headline, *sentences]):
        if sentence:
            _read_sentence(item, sentence, position)
    if not item.events:
        return []
    events = _completed(item, [headline, *sentences])
    return [_with_domain(event, body) for event in events]


def _read_sentence(item: _Item, sentence: str, position: int) -> None:
    lowered = sentence.lower()
    confidence = 0.8 if position == 0 else 0.75 if position <= 3 else 0.55
    for reader, stems in _FAMILIES:
        if not any(stem in lowered for stem in stems):
            continue
        for event in reader(item, sentence):
            if _QUESTION.search(sentence) or _SPECULATION.search(sentence):
                return
            if item.main_company is None:
                item.main_company = event.company_name
            _add(item, replace(event, confidence=min(event.confidence, confidence)))


def _company(item: _Item, before: str) -> str | None:
    return subject_before(before, item.main_company)


def _status(sentence: str, start: int, end: int) -> str:
    """planned when a word of intent stands just before or inside the verb phrase."""
    return "planned" if _PLANNED.search(sentence[max(0, start - 45) : end]) else "done"


def _day(item: _Item, sentence: str) -> date | None:
    if item.published_on is None:
        return None
    found = find_nearby_dates(sentence, item.published_on)
    if found:
        return found[0].day
    return item.published_on if re.search(r"\btoday\b", sentence, re.I) else None


# --- Readers, one per family --------------------------------------------------------------------
def _funding(item: _Item, sentence: str) -> list[PressReading]:
    if not _FUNDING_NOUN.search(sentence) and not re.search(
        r"\brais(?:es|ed|ing|e)\b|\bsecur(?:es|ed)\b|\bland(?:s|ed)\b|\bbag|picks? up|picked up|"
        r"nvest|\bput\b|\bdebt\b",
        sentence,
        re.I,
    ):
        return []
    if _FUND_VEHICLE.search(sentence):
        return []
    moneys = find_money(sentence)
    for verb in _RAISE.finditer(sentence):
        rest = sentence[verb.end() : verb.end() + 200]
        noun = _FUNDING_NOUN.search(rest)
        money = _raised(sentence, moneys, verb.end())
        strong = _STRONG_RAISE.match(verb.group(0)) is not None
        if money is None and not (noun and noun.start() < 60 and _ROUND.search(rest)):
            continue
        if noun is None and not strong:
            continue
        if noun is None and money is not None and _NOT_FUNDING.search(sentence[verb.end() :]):
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
        company = _company(item, sentence[: verb.start()])
        if company is None:
            continue
        planned = re.search(
            r"\b(?:to raise|plans|planning|seek\w*|in talks|looking|aims|will|eyes|target\w*)\b",
            sentence[max(0, verb.start() - 30) : verb.end() + 12],
            re.I,
        )
        return [
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="funding_round",
                signal_subtype=_round_type(sentence),
                sentence=sentence,
                status="planned" if planned else "done",
                occurred_on=_day(item, sentence),
                amount=money.amount if money else None,
                currency=money.currency if money else None,
                round_type=_round_type(sentence),
                confidence=0.8 if noun and money else 0.6,
            )
        ]
    return _funding_by_investor(item, sentence, moneys) or _funding_by_noun(item, sentence, moneys)


_INVESTS = re.compile(r"\b(?:invest(?:s|ed)|leads|led|pours|poured|injects|injected)\b", re.I)
_IN_COMPANY = re.compile(
    r"\b(?:investment|round|funding|financing|million|billion|series [a-j]|m|bn) (?:in|into|for) ",
    re.I,
)


def _funding_by_investor(item: _Item, sentence: str, moneys: list[Money]) -> list[PressReading]:
    """The investor acts: "Tidewater invests $20M in Acme", "leads $20M round for Acme"."""
    verb = _INVESTS.search(sentence)
    if verb is None or not moneys:
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
    investor = _company(item, sentence[: verb.start()])
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
            signal_subtype=_round_type(sentence),
            sentence=sentence,
            occurred_on=_day(item, sentence),
            amount=money.amount,
            currency=money.currency,
            round_type=_round_type(sentence),
            investors=(investor,),
            lead_investor=investor if lead else None,
            confidence=0.6,
        )
    ]


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
    r"million|billion|bn|m) for (?=[A-Z])",
    re.I,
)
_INTO_COMPANY = re.compile(
    r"\b(?:(?:put|invested|pumped|poured|injected|ploughed|lend|lends|lent|provides?|provided|extends?|"
    r"extended|grants?|granted|backs?|backed) [^.;]{0,60}?\b(?:into|to|in) (?=[A-Z]))",
    re.I,
)


def _funding_for(item: _Item, sentence: str, moneys: list[Money]) -> PressReading | None:
    """The company is the one provided for: "Series B for Acme: $31M", "put $14M into Acme"."""
    found = _FOR_COMPANY.search(sentence) or (_INTO_COMPANY.search(sentence) if moneys else None)
    if found is None:
        return None
    company = name_after(sentence[found.end() :])
    money = _raised(sentence, moneys, 0)
    round_type = _round_type(sentence)
    if company is None or (money is None and round_type is None):
        return None
    if find_place("in " + company) is not None:
        return None
    if money is not None and not (
        round_type or _FUNDING_NOUN.search(sentence) or "nvest" in sentence
    ):
        return None
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type="funding_round",
        signal_subtype=round_type,
        sentence=sentence,
        occurred_on=_day(item, sentence),
        amount=money.amount if money else None,
        currency=money.currency if money else None,
        round_type=round_type,
        confidence=0.65,
    )


def _funding_by_noun(item: _Item, sentence: str, moneys: list[Money]) -> list[PressReading]:
    """The round is a noun: "hits $2B valuation with $240M raise", "$5M Series A for Acme"."""
    if provided := _funding_for(item, sentence, moneys):
        return [provided]
    for money in moneys:
        if not _RAISE_NOUN_AFTER.match(sentence[money.end : money.end + 60]):
            continue
        before = _NOUN_RAISE.search(sentence[max(0, money.start - 24) : money.start + 6])
        verb = _REACHES.search(sentence)
        if before and verb and verb.end() < money.start:
            company = _company(item, sentence[: verb.start()])
        else:
            for_ = re.match(r"[^.;]{0,40}?\bfor (?=[A-Z])", sentence[money.end :])
            company = name_after(sentence[money.end + for_.end() :]) if for_ else None
        if company:
            return [
                PressReading(
                    company_name=company,
                    company_domain=None,
                    signal_type="funding_round",
                    signal_subtype=_round_type(sentence),
                    sentence=sentence,
                    occurred_on=_day(item, sentence),
                    amount=money.amount,
                    currency=money.currency,
                    round_type=_round_type(sentence),
                    confidence=0.7,
                )
            ]
    return []


_OTHER_VERB = re.compile(
    r"\b(?:after|following|since|months? after|which|while|as it|when|because|acquires?|"
    r"acquired|launch\w*|"
    r"hires|appoints|report(?:s|ed)|partner(?:s|ed))\b",
    re.I,
)


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
        if _VALUATION_AFTER.match(sentence[money.end : money.end + 40]):
            continue
        if re.match(r"\s*(?:or more|per|a year|annually|/)", sentence[money.end : money.end + 12]):
            continue
        candidates.append(money)
    following = [m for m in candidates if 0 <= m.start - after < 110]
    return following[0] if following else None


def _round_type(sentence: str) -> str | None:
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


def _executive(item: _Item, sentence: str) -> list[PressReading]:
    events = []
    for change in find_changes(sentence, item.main_company):
        if change.position is None or change.is_short_name:
            continue
        company = _employer(item, sentence, change.start, change.person)
        if company is None or normalize_company_name(company) == normalize_company_name(
            change.person
        ):
            continue
        title = read_title(change.position)
        planned = change.direction == "outgoing" and re.search(
            r"\b(?:will|plans? to|to step|to retire|intends|set to)\b", sentence, re.I
        )
        events.append(
            PressReading(
                company_name=company,
                company_domain=None,
                signal_type="executive_change",
                signal_subtype=change.change_type,
                sentence=sentence,
                status="planned" if planned else "done",
                polarity="negative" if change.direction == "outgoing" else "positive",
                occurred_on=_day(item, sentence),
                person_name=change.person,
                position=change.position,
                level=title.level,
                department=title.department,
                change_type=change.change_type,
                confidence=0.8,
            )
        )
    return events


_JOINS = re.compile(r"\bjoin(?:s|ed|ing)? (?:the )?", re.I)
_AT_COMPANY = re.compile(r"\b(?:of|at|from|for|with) (?=[A-Z])")


def _employer(item: _Item, sentence: str, start: int, person: str) -> str | None:
    """Whose position it is: who acts, whom one joins, or the item's company."""
    place = sentence.find(person)
    joins = _JOINS.search(sentence)
    if joins and place >= 0 and place < joins.start():
        name = name_after(sentence[joins.end() :])
        if name and not re.match(r"(?:Board|Company)\b", name):
            return _trim_titles(name)
    if place < 0 or start < place:
        company = _company(
            item,
            re.sub(r"[’']s? (?:board|board of directors)\s*$", "", sentence[:start], flags=re.I),
        )
        if company and not re.search(r"\b(?:board|appointment)\b", company, re.I):
            return company
    if item.main_company:
        return item.main_company
    leaves = _LEAVES.search(sentence, max(place, 0))
    if leaves and (name := name_after(sentence[leaves.end() :])):
        return _trim_titles(name)
    says = _SAYS.search(sentence)
    if says and 0 < says.start() < max(place, 0):
        company = _company(item, sentence[: says.start()])
        if company:
            return company
    possessive = re.search(
        r"\b([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4})[’']s? (?:new |next |first |former "
        r")?(?:[A-Z]|chief|board|vice|head|director|president)",
        sentence,
    )
    if possessive and (name := clean_name(possessive.group(1))) and name != person:
        return name
    for match in _AT_COMPANY.finditer(sentence, max(place, 0) + len(person)):
        name = name_after(sentence[match.end() :])
        if name and not _is_function(name):
            return _trim_titles(name)
    before = sentence[: max(place, 0)]
    lead = re.match(
        r"([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,4}?) (?:interim |acting |former |new |Interim |"
        r"Acting )?(?:C[EFTOIMRP]O|CHRO|CISO|Chief|President|VP|Vice|Chair\w*|co-founder|"
        r"founder|Head|Director)\b",
        before,
    )
    return clean_name(lead.group(1)) if lead else None


_LEAVES = re.compile(
    r"\b(?:depart(?:s|ed|ing)?|leav(?:e|es|ing)|left|exit(?:s|ed|ing)?|quits?)(?: from)? (?=[A-Z])"
)
_SAYS = re.compile(
    r"\b(?:announce[sd]?|announcing|said|says|confirm(?:s|ed)|disclose[sd]?|reveal(?:s|ed)|"
    r"report(?:s|ed)|parts ways)\b",
    re.I,
)
_FUNCTIONS = re.compile(
    r"^(?:Engineering|Sales|Marketing|Finance|Product|Operations|People|Human|Information|Data|"
    r"Customer|Business|Global|Revenue|Security|Legal|Technology|Growth|Strategy|Directors|Research|"
    r"Procurement|Communications|Worldwide|North|Europe|EMEA|Americas|the|IT|HR)\b"
)


def _is_function(name: str) -> bool:
    return _FUNCTIONS.match(name) is not None


def _trim_titles(name: str) -> str:
    return re.split(
        r" (?:as|As|to|for|in|on)\b| (?:Chief|CEO|CFO|CTO|COO|CRO|CMO|VP|President|Board)\b", name
    )[0]


def _expansion(item: _Item, sentence: str) -> list[PressReading]:
    for pattern, subtype, polarity in (
        (_CLOSE, "closure", "negative"),
        (_OPEN, "new_office", "positive"),
        (_ENTER, "new_market", "positive"),
    ):
        match = pattern.search(sentence)
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
        company = _company(item, sentence[: match.start()])
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
                status=_status(sentence, match.start(), match.start() + 20),
                polarity=polarity,
                occurred_on=_day(item, sentence),
                city=place.city if place else None,
                country=place.country if place else None,
                headcount=_headcount(sentence),
                confidence=0.8 if place else 0.6,
            )
        ]
    grows = _GROWS.search(sentence)
    if (
        grows
        and not _LAYOFF.search(sentence)
        and (company := _company(item, sentence[: grows.start()]))
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
                status=_status(sentence, grows.start(), grows.end()),
                occurred_on=_day(item, sentence),
                city=place.city if place else None,
                country=place.country if place else None,
                headcount=int(count.replace(",", "")) if count else None,
                confidence=0.7,
            )
        ]
    layoff = _LAYOFF.search(sentence)
    if layoff:
        company = _company(item, sentence[: layoff.start()])
        if company:
            return [
                PressReading(
                    company_name=company,
                    company_domain=None,
                    signal_type="news_mention",
                    signal_subtype="layoffs",
                    sentence=sentence,
                    polarity="negative",
                    status=_status(sentence, layoff.start(), layoff.end()),
                    occurred_on=_day(item, sentence),
                    confidence=0.7,
                )
            ]
    return []


def _headcount(sentence: str) -> int | None:
    found = _HEADCOUNT.search(sentence)
    return int(found.group("count").replace(",", "")) if found else None


def _acquisition(item: _Item, sentence: str) -> list[PressReading]:
    passive = _ACQUIRED_BY.search(sentence)
    if passive:
        company = _company(item, sentence[: passive.start()])
        other = name_after(sentence[passive.end() :])
        if company and other:
            return [_deal(item, sentence, "acquisition", "acquired", company, other, passive)]
        return []
    for match in _ACQUIRE.finditer(sentence):
        rest = sentence[match.end() :]
        if _NOT_ACQUISITION.match(rest) or find_money(rest[:14]):
            continue
        if not re.match(
            r"\s+(?:(?:the|a|an|its|all|of|[a-z][\w-]*|[\w]+-based)\s+){0,7}[A-Z0-9]", rest
        ):
            continue
        other = name_after(rest)
        before = sentence[: match.start()]
        company = _company(item, before)
        if other is None or company is None or other == company:
            continue
        event = _deal(item, sentence, "acquisition", "acquirer", company, other, match)
        money = next((m for m in find_money(rest) if m.start < 120), None)
        if money and not _VALUATION_AFTER.match(rest[money.end : money.end + 40]):
            event = replace(event, amount=money.amount, currency=money.currency)
        return [event]
    return []


def _deal(
    item: _Item,
    sentence: str,
    kind: str,
    subtype: str,
    company: str,
    other: str,
    match: re.Match[str],
) -> PressReading:
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type=kind,
        signal_subtype=subtype,
        sentence=sentence,
        status=_status(sentence, match.start(), match.end())
        if not re.search(r"\bcomplet\w+|\bclosed\b|\bfinali", sentence[: match.end()], re.I)
        else "done",
        occurred_on=_day(item, sentence),
        counterparty_name=other,
        confidence=0.75,
    )


def _partnership(item: _Item, sentence: str) -> list[PressReading]:
    both = _BOTH_PARTNER.match(sentence)
    if both and _PARTNER_NOUN.search(sentence):
        one, two = clean_name(both.group("one")), name_after(both.group("two"))
        if one and two and one != two and len(one.split()) <= 6:
            return [_partner(item, sentence, one, two)]
    match = _PARTNER.search(sentence)
    if match is None:
        return []
    rest = sentence[match.end() :]
    if not re.match(
        r"\s*(?:(?:the|a|an|global|leading|software|cloud|[a-z][\w-]*)\s+){0,6}[A-Z0-9]", rest
    ):
        return []
    company = _company(item, sentence[: match.start()])
    other = name_after(rest)
    if company is None or other is None or company == other:
        return []
    selected = match.group(0).lower().startswith("select")
    if selected and not re.search(
        r"\b(?:as its|to power|for its|as the|platform|partner|provider)\b", rest
    ):
        return []
    return [_partner(item, sentence, company, other)]


def _partner(item: _Item, sentence: str, company: str, other: str) -> PressReading:
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type="partnership",
        signal_subtype=None,
        sentence=sentence,
        status="planned"
        if re.search(r"\b(?:will|plans? to|in talks)\b", sentence, re.I)
        else "done",
        occurred_on=_day(item, sentence),
        counterparty_name=other,
        confidence=0.75,
    )


def _launch(item: _Item, sentence: str) -> list[PressReading]:
    match = _LAUNCH.search(sentence)
    if match is None:
        return []
    rest = sentence[match.end() : match.end() + 140]
    named = re.split(r"\bfor\b", rest)[0]
    if re.match(r"\s+in\b", rest) or re.match(rf".{{0,60}}\b{_SITE}\b", named, re.I):
        return []
    entering = _ENTER.match(sentence, match.start())
    if entering and find_place(sentence[entering.start() :]) is not None:
        return []
    clause = re.split(r"\b(?:to help|that|which|after|following)\b|[,;]", rest)[0]
    if _NOT_PRODUCT.search(clause) or find_money(clause):
        return []
    if not _PRODUCT.search(rest) and not re.match(
        r"\s+(?:[A-Z][\w.]+|new\b|its new|the new)", rest
    ):
        return []
    company = _company(item, sentence[: match.start()])
    if company is None:
        return []
    return [
        PressReading(
            company_name=company,
            company_domain=None,
            signal_type="product_launch",
            signal_subtype=None,
            sentence=sentence,
            status=_status(sentence, match.start(), match.start()),
            occurred_on=_day(item, sentence),
            confidence=0.75 if _PRODUCT.search(rest) else 0.5,
        )
    ]


#: Each family's reader, and the pieces of words of which one must occur before it is asked:
#: looking for these is many times cheaper than the patterns, and most sentences have none.
_FAMILIES: tuple[tuple[Callable[[_Item, str], list[PressReading]], tuple[str, ...]], ...] = (
    (
        _funding,
        ("rais", "secur", "fund", "financ", "series ", "series-", "seed", "invest", "round",
         "grant", "capital", "debt", "credit", "loan", "ipo", "public offering", "bag", "land",
         "pick", "equity", "convertible", "put ", "facility"),
    ),
    (
        _executive,
        ("appoint", "name", "naming", "hire", "hiring", "promot", "elect", "tap", "welcom",
         "recruit", "resign", "retir", "step", "depart", "leav", "left", "succe", "becom",
         "became", "bring", "brought", "exit", "oust", "join", "poach", "assum", "takes over",
         "took over", "serve as", "dismiss", "fire", "add", "pick", "remov", "terminat",
         "passed away", "engag", "design", "arrival"),
    ),
    (
        _expansion,
        ("open", "establish", "inaugurat", "unveil", "launch", "set up", "sets up", "setting up",
         "ribbon", "move", "moving", "relocat", "announc", "add", "expan", "ground", "build",
         "leas", "select", "choos", "chose", "creat", "clos", "shut", "vacat", "exit", "enter",
         "began", "begin", "start", "debut", "arriv", "live in", "bring", "brought", "tak",
         "took", "hir", "recruit", "workforce", "headcount", "team", "staff", "lay", "laid",
         "cut", "plans"),
    ),
    (
        _acquisition,
        ("acqui", "buy", "bought", "over", "purchas", "snap", "scoop", "merg", "sell", "sold"),
    ),
    (
        _partnership,
        ("partner", "team", "force", "collaborat", "alliance", "cooperat", "tie-up", "venture",
         "agreement", "select", "integrat"),
    ),
    (
        _launch,
        ("launch", "unveil", "introduc", "releas", "debut", "roll", "ship", "availab", "present"),
    ),
)  # fmt: skip


# --- From sentences to the item -----------------------------------------------------------------
def _key(event: PressReading) -> tuple[str, ...]:
    parts = [event.signal_type, _loose(event.company_name)]
    if event.signal_type == "executive_change":
        parts += [_loose(event.person_name or ""), event.polarity]
    elif event.signal_type in ("acquisition", "partnership"):
        parts.append(_loose(event.counterparty_name or ""))
    elif event.signal_type == "expansion":
        parts += [event.signal_subtype or ""]
    return tuple(parts)


def _loose(name: str) -> str:
    return normalize_company_name(name).replace(" ", "")


def _add(item: _Item, event: PressReading) -> None:
    """Keep the event, or complete the one already told with what this sentence adds."""
    key = _key(event)
    for position, earlier in enumerate(item.events):
        if _key(earlier) == key or _same(earlier, event):
            filled = {
                name: getattr(event, name)
                for name in _FILLABLE
                if getattr(earlier, name) in (None, ()) and getattr(event, name) not in (None, ())
            }
            if earlier.amount is not None:
                filled.pop("currency", None)
            item.events[position] = replace(
                earlier,
                **filled,
                confidence=min(0.95, max(earlier.confidence, event.confidence) + 0.1),
            )
            return
    item.events.append(event)


_FILLABLE = (
    "occurred_on", "amount", "currency", "round_type", "lead_investor", "investors", "city",
    "country", "headcount", "signal_subtype",
)  # fmt: skip


def _same(one: PressReading, two: PressReading) -> bool:
    """The same event with the company named shorter or longer ("Acme" and "Acme Robotics")."""
    if one.signal_type != two.signal_type or one.polarity != two.polarity:
        return False
    first, second = _loose(one.company_name), _loose(two.company_name)
    alike = first.startswith(second) or second.startswith(first)
    if one.signal_type == "executive_change":
        return _loose(one.person_name or "") == _loose(two.person_name or "")
    if one.signal_type in ("acquisition", "partnership"):
        others = _loose(one.counterparty_name or ""), _loose(two.counterparty_name or "")
        crossed = (first, others[0]) == (others[1], second)
        return crossed or (
            alike and (others[0].startswith(others[1]) or others[1].startswith(others[0]))
        )
    if one.signal_type == "expansion" and one.signal_subtype != two.signal_subtype:
        return False
    return alike


def _completed(item: _Item, sentences: list[str]) -> list[PressReading]:
    """Investors and round type of the item's one funding round, from all its sentences."""
    rounds = [e for e in item.events if e.signal_type == "funding_round"]
    if len(rounds) != 1:
        return item.events
    lead, investors = None, list(rounds[0].investors)
    round_type = rounds[0].round_type
    for sentence in sentences:
        if not re.search(
            r"led|lead|participat|joined|investor|back|from|alongside", sentence, re.I
        ):
            continue
        found_lead, found = _investors(sentence, rounds[0].company_name)
        lead = lead or found_lead
        for name in found:
            if _loose(name) not in {_loose(i) for i in investors}:
                investors.append(name)
    if round_type is None:
        for sentence in sentences[:5]:
            if _FUNDING_NOUN.search(sentence) and (round_type := _round_type(sentence)):
                break
    complete = replace(
        rounds[0],
        investors=tuple(investors),
        lead_investor=rounds[0].lead_investor or lead,
        round_type=round_type,
        signal_subtype=round_type,
    )
    return [complete if e is rounds[0] else e for e in item.events]


def _investors(sentence: str, company: str) -> tuple[str | None, list[str]]:
    lead = None
    names: list[str] = []
    led = _LED.search(sentence)
    leads = None if led else _LEADS.search(sentence)
    if led:
        text = re.split(
            r"\b(?:with|alongside|and (?:included|includes|joined)|joined by|to |at a|"
            r"bring\w*|after|as )\b",
            led.group("names"),
        )[0]
        leaders = split_names(text)
        lead = leaders[0] if leaders else None
        names += leaders
    elif leads:
        subject = subject_before(leads.group("names"))
        if subject:
            lead = subject
            names.append(subject)
    for pattern in (_PARTICIPANTS, _PARTICIPATED):
        for match in pattern.finditer(sentence):
            text = re.split(
                r"\b(?:to (?:accelerate|expand|fund|grow|support|help)|bring\w*|at a|who|"
                r"which|as well as its)\b",
                match.group("names"),
            )[0]
            names += split_names(text)
    own = _loose(company)
    names = [n for n in names if (_loose(n) != own and not n.isupper()) or len(n) < 6]
    return lead, [n for n in names if _loose(n) != own]


_URL_DOMAIN = re.compile(
    r"(?:https?://|www\.|\bvisit |\bat "
    r")(?:www\.)?([a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){1,3})\b",
    re.I,
)


def _with_domain(event: PressReading, body: str) -> PressReading:
    """The company's own domain where the item names one that bears the company's name."""
    if "." not in body:
        return event
    own = _loose(event.company_name)
    for match in _URL_DOMAIN.finditer(body):
        host = match.group(1).lower()
        label = re.sub(
            r"[^a-z0-9]",
            "",
            host.split(".")[0]
            if host.count(".") == 1
            else host.split(".")[-2]
            if len(host.split(".")[-2]) > 3
            else host.split(".")[0],
        )
        if len(label) >= 4 and (own.startswith(label) or label.startswith(own)) and len(own) >= 3:
            return replace(event, company_domain=host)
    return event


def investors_json(reading: PressReading) -> str:
    """Investor names as the JSON list that the detection table holds."""
    return json.dumps(list(reading.investors), ensure_ascii=False)
