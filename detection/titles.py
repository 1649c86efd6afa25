"""Job titles to seniority level and department: English, and the common German and French words.

Levels: ``c_suite`` (chief officers, presidents, founders, owners, managing directors, board
chairs), ``vp`` (vice presidents of any grade), ``director`` (directors, heads of, principals of a
function), ``manager`` (managers, leads, supervisors). Individual contributors have None: a title
that says nothing of rank is not guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class TitleReading:
    """What a job title says; None where it says nothing."""

    level: str | None
    department: str | None
    confidence: float
    #: Stage of a career: management, director, lead, senior, junior.
    seniority: str | None = None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{text})(?!\w)")


#: Someone who assists or reports to a rank does not hold it.
_ASSISTS = _pattern(
    r"(?:executive |personal |administrative )?assistant(?:e)? (?:to|of|der|des)|"
    r"assistentin?(?: der| des)?|chief of staff|office of the|sekret[aä]r\w*|secrétaire|ea to|"
    r"executive assistant|board secretary|assistante? de direction"
)

#: Checked in this order: the first rank met is the level, but a chief officer outranks a vp.
_LEVELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "vp",
        _pattern(
            r"(?:senior |executive |group |assistant |associate |corporate |first |regional )*"
            r"vice[ -]?president\w*|[esag]?vp|vice[ -]?pr[ée]sident\w*|vizepr[äa]sident\w*"
        ),
    ),
    (
        "c_suite",
        _pattern(
            r"c[efotimrps]o|cmto|cpto|cdo|cco|cro|chro|ciso|cio|cso|cbo|cgo|clo|cxo|"
            r"chief (?!of staff|engineer\b|architect\b|estimator\b|inspector\b)[\w&, /-]{2,50}?"
            r"(?:officer|executive)|chief executive|"
            r"(?:co-?)?founder|(?:co-?)?founding partner|president|pr[ée]sidente?|"
            r"pr[äa]sident(?:in)?|chair(?:man|woman|person)?(?: of the board)?|"
            r"managing director|managing partner|owner|inhaber(?:in)?|"
            r"gesch[äa]ftsf[üu]hr(?:er|erin|ung)|gesch[äa]ftsf[üu]hrende[rn]? \w+|"
            r"(?:vorstand|vorstands(?:mitglied|vorsitzende[rn]?))|"
            r"pdg|directeur g[ée]n[ée]ral|directrice g[ée]n[ée]rale|g[ée]rante?|"
            r"general counsel|principal (?:executive|financial|accounting) officer"
        ),
    ),
    (
        "director",
        _pattern(
            r"directors?|director general|directeur|directrice|direktor(?:in)?|"
            r"head(?: of)?|global head|bereichsleit(?:er|erin|ung)|hauptabteilungsleit\w*|"
            r"responsable de département|controller|treasurer|"
            r"leit(?:er|erin|ung)|\w+direktor(?:in)?"
        ),
    ),
    (
        "manager",
        _pattern(
            r"managers?|mgr|team ?lead(?:er)?|lead|supervisor|superintendent|foreman|"
            r"team-?leit(?:er|erin|ung)|\w*leit(?:er|erin|ung)|manager(?:in)?|chef(?:fe)?|"
            r"responsable|gestionnaire|\w+manager(?:in)?"
        ),
    ),
)

#: Departments in the order in which they are tried: the more particular word wins.
_DEPARTMENTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "security",
        re.compile(
            r"cyber|information security|infosec|(?<!\w)ciso(?!\w)|security (?:engineer|analyst|"
            r"architect|operations|officer|manager|director)|appsec|(?:of|head) security|"
            r"sicherheit|s[ée]curit[ée]|penetration test|threat"
        ),
    ),
    (
        "legal",
        re.compile(
            r"(?<!\w)(?:general |associate |corporate )?counsel(?!\w)|(?<!\w)legal|attorney|lawyer|"
            r"compliance|(?<!\w)clo(?!\w)|paralegal|jurist|juridique|rechtsabteilung|privacy|"
            r"regulatory"
        ),
    ),
    (
        "human_resources",
        re.compile(
            r"recruit(?:er|ing|ment)\b|talent acqui|talent partner|sourcer|hr business partner"
        ),
    ),
    (
        "marketing",
        re.compile(
            # Whom one sells to is no marketing: "Mid-Market Account Executive".
            r"(?<!mid)(?<!mid[ -])(?<!key )(?<!emerging )market(?!place)|"
            r"(?<!\w)cmo(?!\w)|brand|communications?(?!\w)|(?<!\w)pr(?!\w)|"
            r"public relations|demand gen|content (?:strateg|writer|manager|lead|editor)|growth|"
            r"(?<!\w)seo(?!\w)|(?<!\w)sem(?!\w)|social media|copywrit|kommunikation|werbung|messe|"
            r"[ée]v[ée]nement|events?(?!\w)|media relations|advertis|campaign|communaut[ée]|"
            r"presse|field marketing"
        ),
    ),
    (
        "sales",
        re.compile(
            r"(?<!\w)(?:\w{3,}[ -]?)?sales(?!force)|account[ -]?(?:executive|manage|director|"
            r"development)|"
            r"(?<!\w)(?:cro|sdr|ae|kam)(?!\w)|revenue|vertrieb|verkauf|verk[äa]uf|commercial|"
            r"vente|key[ -]?account|aussendienst|außendienst|innendienst|pre-?sales|"
            r"solutions? (?:consultant|engineer)|territory|channel|customer acquisition|"
            r"gebietsleit|au[sß]endienst|deal desk"
        ),
    ),
    (
        "business_development",
        re.compile(
            r"business development|(?<!\w)biz ?dev|gesch[äa]ftsentwicklung|"
            r"d[ée]veloppement (?:commercial|des affaires)|partnership|alliances|"
            r"(?<!\w)bdr(?!\w)|corporate development|business (?:develop\w*|unit|excellence)|"
            r"unternehmensentwicklung|new business|strategic partner"
        ),
    ),
    (
        "human_resources",
        re.compile(
            r"human resources|(?<!\w)hr(?!\w)|(?<!\w)chro(?!\w)|people (?:ops|operations|partner|&|"
            r"and|team|officer|experience|analytics|business)|(?:of|chief|vp|director|head),? "
            r"people|"
            r"talent|recruit|personal(?:leit|wesen|abteil|referent|entwick|manage|marketing)|"
            r"ressources humaines|"
            r"(?<!\w)drh(?!\w)|compensation|learning (?:&|and) development|payroll|sourcer"
        ),
    ),
    (
        "procurement",
        re.compile(
            r"procurement|purchas|sourcing|(?<!\w)buyer|eink[aä]uf|achat|acheteu|supply chain|"
            r"(?<!\w)cpo(?!\w)(?=.*procure)|vendor management|category manager"
        ),
    ),
    (
        "customer_success",
        re.compile(
            r"customer (?:success|support|service|experience|care|operations|engineer)|"
            r"client (?:success|services?|support)|"
            r"(?:technical |product )?support (?:engineer|specialist|manager|agent|lead|director)|"
            r"kundendienst|kundenservice|kundenbetreu|kundenmanagement|service client|helpdesk|"
            r"help desk|call cent|implementation (?:manager|consultant|specialist)|onboarding|"
            r"professional services|technical account manager"
        ),
    ),
    (
        "administrative",
        re.compile(
            r"(?:assistan(?:t|te)|assisten[tz]\w*|sekret[aä]r\w*|"
            r"secr[ée]taire)(?: [a-zäöü.]+){0,3}? "
            r"(?:gesch\w+|gf|gl|gesch[aä]fts\w*|vorstand\w*|direktion|direction|ceo|cfo|to|"
            r"management)"
            r"|office manage|management assistan|personal assistan|executive assistan|"
            r"team-?assisten"
        ),
    ),
    (
        "data",
        re.compile(
            r"(?<!\w)data(?!\w)|analytics|machine learning|(?<!\w)(?:ml|ai)(?!\w)|artificial "
            r"intelligence|business intelligence|(?<!\w)bi(?!\w)|statistic|(?<!\w)cdo(?!\w)|"
            r"data scien|daten|donn[ée]es|applied scientist|research scientist"
        ),
    ),
    (
        "product",
        re.compile(
            r"(?<!\w)product (?:manage|owner|lead|design|director|market|strateg|operations|"
            r"officer|analyst|development|researcher)|"
            r"(?:of|chief|vp|director|head|group|principal|senior|staff),? product(?!ion)|"
            r"(?<!\w)cpo(?!\w)|(?<!\w)(?:ux|ui)(?!\w)|user experience|product manager|"
            r"produktmanag|produktentwick|chef(?:fe)? de produit|(?<!\w)product(?!\w)|designer|"
            r"user research"
        ),
    ),
    (
        "information_technology",
        re.compile(
            r"(?<!\w)(?:it|cio|edv|sap|crm|erp|dsi)(?!\w)|information (?:technology|systems|"
            r"officer)|informatik|informatique|(?:system|network|database)s? ?admin\w*|sysadmin|"
            r"technical support|desktop|help ?desk|salesforce admin\w*|"
            r"infrastructure (?:manager|director)|syst[èe]mes et r[ée]seaux|it-\w+|"
            r"enterprise (?:architect|applications)|business systems|digitali[sz]|"
            r"(?<!\w)digital(?! market)|"
            r"digital transformation"
        ),
    ),
    (
        "finance",
        re.compile(
            r"financ|(?<!\w)cfo(?!\w)|account(?:ing|ant|s payable|s receivable)|controll|treasur|"
            r"audit|(?<!\w)tax(?!\w)|fp&a|buchhalt|comptab|finanz|investor relations|billing|"
            r"bookkeep|steuer|principal accounting"
        ),
    ),
    ("consulting", re.compile(r"consult|berater|beratung|conseil|advis[eo]r")),
    (
        "project_management",
        re.compile(
            r"project|projekt|projet|program(?:me)? (?:manager|director|lead|management)|(?<!\w)pmo"
            r"(?!\w)|scrum|agile|transformation"
        ),
    ),
    ("customer_success", re.compile(r"(?<!\w)support(?!ing)|kundendienst")),
    (
        "engineering",
        re.compile(
            r"engineer|develop(?:er|ment)|software|(?<!\w)(?:cto|qa|sre|devops|r&d)(?!\w)|"
            r"programmer|architect|technolog|technical|front ?end|back ?end|full ?stack|"
            r"entwickl|ing[ée]nieur|d[ée]veloppeu|recherche|forschung|firmware|hardware|"
            r"platform|(?<!\w)tech(?!\w)|quality assurance|tester"
        ),
    ),
    (
        "operations",
        re.compile(
            r"operation|operating officer|(?<!\w)coo(?!\w)|logisti|manufactur|production|"
            r"produktion|warehouse|facilit|fulfil|quality|qualit[äa]t|plant manager|lager|"
            r"betriebsleit|exploitation|transport|fleet|workplace"
        ),
    ),
    (
        "administrative",
        re.compile(
            r"administrat|assistan|assisten[tz]|secretar|secr[ée]taire|sekret|receptionist|office "
            r"manager|b[üu]ro|sachbearbeit|clerk"
        ),
    ),
    (
        "executive",
        re.compile(
            r"(?<!\w)ceo(?!\w)|chief executive|founder|(?<!vice )(?<!vice-)president|"
            r"managing (?:director|partner)|general manager|owner|chair(?:man|woman|person)?|"
            r"gesch[äa]ftsf[üu]hr|vorstand|inhaber|pdg|directeur g[ée]n[ée]ral|board|"
            r"directrice g[ée]n[ée]rale|country manager|(?<!vize)pr[äa]sident"
        ),
    ),
    ("consulting", re.compile(r"strateg")),
)

#: Stages of a career in the order in which they are tried. A rank (``level``) says who decides; a
#: stage says how far someone has come, also where there is no rank.
_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "junior",
        _pattern(
            r"juniors?|jr|trainee|intern(?:ship)?|apprentice|graduate|entry[ -]level|"
            r"working student|"
            r"werkstudent(?:in)?|praktikant(?:in)?|auszubildende[rn]?|azubi|volont[äa]r(?:in)?|"
            r"stagiaire|alternant(?:e)?|apprenti(?:e)?|student(?:in|ische \w+)?|"
            r"ph\.?d\.? candidate|"
            r"doktorand(?:in)?"
        ),
    ),
    (
        "director",
        _pattern(
            r"(?:\w*[ -])*(?:directors?|director general|directeur|directrice|\w*direktor(?:in)?)"
        ),
    ),
    (
        "lead",
        _pattern(
            r"heads?(?: of)?|head\w*|\w*leit(?:er|erin|ung|erinnen)|team-?\s?lead(?:er|erin)?|"
            r"team-?lead\w*|prokurist(?:in)?|chapter lead|tech lead|"
            r"chef(?:fe)? (?:de|du|d['’])\s?\w+|\w*chef(?:in)?|leitende[rn]?|ltg|abt\.? ?leit\w*|"
            r"gesch[äa]ftsleitung|principal|superintendent|foreman|supervisor"
        ),
    ),
    (
        "junior",
        _pattern(
            r"assistent(?:in)?|assistenz|assistante?|associate|\w*analyst(?:in|e)?|"
            r"referent(?:in)?|\w*mitarbeiter(?:in)?|"
            r"sachbearbeiter(?:in)?|clerk|secretary|sekret[äa]r(?:in)?|secr[ée]taire|receptionist|"
            r"research associate|\w*-?hilfe|aushilfe|helper"
        ),
    ),
    (
        "senior",
        _pattern(
            r"senior|sr|staff|\w*manager(?:in)?|mgr|managing \w+|executive|expert(?:in|e)?|"
            r"consultant(?:in|e)?|\w*berater(?:in)?|specialist|spezialist(?:in)?|fachspezialist\w*|"
            r"architect(?:e)?|architekt(?:in)?|\w*engineer|ing[ée]nieur(?:e)?|\w*ingenieur(?:in)?|"
            r"responsable|charg[ée]e?|coordinator|koordinator(?:in)?|advisor|adviser|"
            r"administrator(?:in)?|administrateur|developer|entwickler(?:in)?|lead|"
            r"key account\w*|account \w+|partner(?:in)?|gestionnaire|officer|strateg(?:ist|e|in)|"
            r"scientist|counsel|attorney|\w*management"
        ),
    ),
)

_SPACES = re.compile(r"[\s_]+")
_DOTS = re.compile(r"(?<=\b\w)\.(?=\w?\b)")

#: Every department a title can get, for tests and vocabularies.
DEPARTMENTS = tuple(dict.fromkeys(name for name, _ in _DEPARTMENTS))
#: The levels from the top down.
LEVELS = ("c_suite", "vp", "director", "manager")
#: The stages from the top down.
SENIORITIES = ("management", "director", "lead", "senior", "junior")


@lru_cache(maxsize=65_536)
def read_title(title: str) -> TitleReading:
    """Level and department of a job title.

    >>> read_title("VP of Engineering")
    TitleReading(level='vp', department='engineering', confidence=0.9, seniority='management')
    """
    text = _SPACES.sub(" ", title[:300]).strip().casefold()
    text = _DOTS.sub("", text)
    if not text:
        return TitleReading(None, None, 0.0)
    level = _level(text)
    department = _department(text)
    known = (level is not None) + (department is not None)
    return TitleReading(level, department, (0.3, 0.7, 0.9)[known], _seniority(text, level))


def _level(text: str) -> str | None:
    if _ASSISTS.search(text):
        return None
    # "Senior Vice President and Chief Financial Officer" is a chief officer.
    without_vp = _LEVELS[0][1].sub(" ", text)
    if _LEVELS[1][1].search(without_vp):
        return "c_suite"
    for level, pattern in _LEVELS:
        if pattern.search(text):
            if level == "director" and _is_board_seat(text):
                return None
            return level
    return None


def _seniority(text: str, level: str | None) -> str | None:
    """Stage of a career: ranks of the whole company first, then the first stage that is named."""
    if level in ("c_suite", "vp") and not _MANAGING_DIRECTOR.search(text):
        return "management"
    for stage, pattern in _STAGES:
        if pattern.search(text):
            return stage
    return {"c_suite": "management", "vp": "management", "manager": "senior"}.get(
        level or "", level
    )


#: In English a managing director heads a company or, in banks and groups, a part of it.
_MANAGING_DIRECTOR = _pattern(r"managing director|deputy managing director")

_BOARD_SEAT = re.compile(
    r"(?:(?:independent|non-?executive|lead|outside|class i{1,3}|member of the|a) )*"
    r"(?:board )?(?:director|member)(?: of the (?:company|board|corporation))?"
    r"|(?:member of the )?board of directors"
)


def _is_board_seat(text: str) -> bool:
    """A seat on the board ("director", "independent director") is no rank of a department."""
    return _BOARD_SEAT.fullmatch(text) is not None and text != "director"


def _department(text: str) -> str | None:
    for department, pattern in _DEPARTMENTS:
        if pattern.search(text):
            return department
    return None
