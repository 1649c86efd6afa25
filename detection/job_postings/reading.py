"""One posting read whole: fields the vendor states first, then what its words say."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from detection.job_postings import location, pay, recruiters, workplace, years
from detection.job_postings.cues import cue_lines
from detection.job_postings.location import JobPlace
from detection.job_postings.payloads import Advert
from detection.job_postings.skills import skill_list
from detection.job_postings.text import Line, lines_of, plain_text
from detection.technology_names import technologies_in

#: Descriptions kept read: boards repeat one text over many places and days.
KEPT_TEXTS = 4_096
#: Terms of one kind that a posting may bear; more than that is a list of everything.
MOST_TERMS = 60

_PREFERRED_LINE = re.compile(
    r"nice[ -]to[ -]have|\ba (?:strong |big |huge |definite )?plus\b|\bpreferred\b|preferably|"
    r"\bbonus\b|"
    r"\bideally\b|desirable|advantageous|von vorteil|wünschenswert|idealerweise|\bun plus\b|"
    r"un atout|souhaité|apprécié",
    re.I,
)
_REQUIRED_LINE = re.compile(
    r"\bexperience (?:with|in|using|of|working)|proficien|knowledge of|familiar|expertise|\bmust\b|"
    r"required|fluen|skilled in|background in|understanding of|degree|kenntnisse|erfahrung|"
    r"beherrsch|sicher(?:er)? (?:im )?umgang|maîtrise|connaissance|expérience (?:en|avec|de)",
    re.I,
)
#: From the highest down.
_DEGREES = (
    ("doctorate", re.compile(r"\bph\.?d\b|doctorate|doctoral|promotion in|doctorat", re.I)),
    (
        "master",
        re.compile(
            r"\bmaster['’]?s?\b(?: degree| of|/|,| or| in)|\bmba\b|\bm\.?sc\b|bac ?\+ ?5", re.I
        ),
    ),
    (
        "bachelor",
        re.compile(
            r"bachelor|\bb\.?sc\b|\bb\.?a\.?/b\.?s|undergraduate degree|hochschulabschluss|"
            r"studium\b|"
            r"abgeschlossenes (?:\w+ )?studium|university degree|college degree|licence en|"
            r"bac ?\+ ?3",
            re.I,
        ),
    ),
    (
        "vocational",
        re.compile(
            r"berufsausbildung|abgeschlossene ausbildung|apprenticeship|"
            r"\bbts\b",
            re.I,
        ),
    ),
)

_EMPLOYMENT = (
    (
        "internship",
        re.compile(
            r"intern(?:ship)?\b|praktik|werkstudent|working student|stage\b|"
            r"stagiaire|alternance",
            re.I,
        ),
    ),
    ("part_time", re.compile(r"part[ -_]?time|teilzeit|temps partiel|parttime", re.I)),
    (
        "contract",
        re.compile(
            r"contract(?:or)?\b|freelance|befristet|\bcdd\b|fixed[ -]term|"
            r"consultant \(",
            re.I,
        ),
    ),
    ("temporary", re.compile(r"tempor|seasonal|aushilf|intérim", re.I)),
    (
        "full_time",
        re.compile(
            r"full[ -_]?time|vollzeit|temps plein|fulltime|permanent|"
            r"\bregular\b|festanstellung|unbefristet|\bcdi\b",
            re.I,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """A technology or skill with how it is asked for: required, preferred or mentioned."""

    name: str
    category: str
    requirement: str


@dataclass(frozen=True, slots=True)
class TextReading:
    """What a description's words say; equal texts give equal readings."""

    pay: pay.Pay | None = None
    years: years.Years | None = None
    workplace: tuple[str, str] | None = None
    recruiter: str | None = None
    degree: tuple[str, str] | None = None
    technologies: tuple[NamedTerm, ...] = ()
    skills: tuple[NamedTerm, ...] = ()
    certifications: tuple[NamedTerm, ...] = ()
    #: First line that a kind of term was read from.
    evidence: tuple[tuple[str, str], ...] = ()
    #: Hash of the words, without case, digits and punctuation; None for an empty text.
    fingerprint: str | None = None
    characters: int = 0


@dataclass(frozen=True, slots=True)
class PostingReading:
    """One posting: what is stated of it, and None for what is not."""

    advert: Advert
    text: TextReading
    place: JobPlace | None
    other_places: tuple[JobPlace, ...]
    remote_option: str | None
    employment_type: str | None
    pay: pay.Pay | None
    #: field or text; None without pay.
    pay_source: str | None
    is_recruiter: bool
    confidence: float
    #: The words or field that each reading rests on, by field.
    evidence: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=KEPT_TEXTS)
def read_text(description: str, headed: tuple[tuple[str, str], ...] = ()) -> TextReading:
    """Read a description (HTML or plain) with further blocks under their headings.

    >>> read_text("<h3>Your skills</h3><li>5+ years of experience with Java</li>").years.low
    5
    """
    text = plain_text(description)
    lines = lines_of(text, tuple((heading, plain_text(block)) for heading, block in headed))
    if not lines:
        return TextReading()
    words = [line.text for line in lines]
    hits = cue_lines(words)

    def held(kind: str) -> Iterable[int]:
        return range(len(lines)) if hits is None else hits[kind]

    terms, evidence = _terms(lines, held("technology"), held("skill"))
    return TextReading(
        pay=pay.read_pay([(words[n - 1] if n else "", words[n]) for n in held("pay")]),
        years=years.read_years([(lines[n].section, words[n]) for n in held("years")]),
        workplace=workplace.of_lines(words[n] for n in held("workplace")),
        recruiter=next(
            filter(None, (recruiters.of_line(words[n]) for n in held("recruiter"))), None
        ),
        degree=_degree(lines[n] for n in held("degree")),
        technologies=tuple(terms["technology"].values())[:MOST_TERMS],
        skills=tuple(terms["skill"].values())[:MOST_TERMS],
        certifications=tuple(terms["certification"].values())[:MOST_TERMS],
        evidence=tuple(evidence.items()),
        fingerprint=fingerprint("\n".join(words)),
        characters=sum(map(len, words)) + len(words) - 1,
    )


def _terms(
    lines: list[Line], with_technologies: Iterable[int], with_skills: Iterable[int]
) -> tuple[dict[str, dict[str, NamedTerm]], dict[str, str]]:
    """Technologies, skills and certificates with how they are asked for, and a line for each."""
    terms: dict[str, dict[str, NamedTerm]] = {"technology": {}, "skill": {}, "certification": {}}
    evidence: dict[str, str] = {}
    has_section = any(line.section == "required" for line in lines)

    def keep(kind: str, name: str, category: str, line: Line) -> None:
        requirement = _requirement(line, has_section)
        known = terms[kind].get(name)
        if known is None or _RANK[requirement] < _RANK[known.requirement]:
            terms[kind][name] = NamedTerm(name, category, requirement)
            evidence.setdefault(f"{kind}:{requirement}", line.text[:300])

    # What the benefits and the company's own story name is not asked for. A line that names
    # nothing is left as a full stop: it parts the lines around it, as it does in the whole text.
    naming = {n for n in with_technologies if lines[n].section != "other"}
    starts, texts, total = [], [], 0
    for number, line in enumerate(lines if naming else ()):
        text = line.text if number in naming else "."
        starts.append(total)
        texts.append(text)
        total += len(text) + 1
    for mention in technologies_in("\n".join(texts)) if naming else ():
        if not mention.is_leaving:
            line = lines[bisect_right(starts, mention.start) - 1]
            keep("technology", mention.technology, mention.category, line)
    skills = skill_list()
    for number in with_skills:
        line = lines[number]
        for term in skills.find(line.text):
            if line.section != "other" or term.kind == "certification":
                keep(term.kind, term.name, term.category, line)
    return terms, evidence


def _degree(lines: Iterable[Line]) -> tuple[str, str] | None:
    """The least degree that the first line on degrees accepts."""
    for line in lines:
        if line.section in ("other", "preferred") or _PREFERRED_LINE.search(line.text):
            continue
        named = [degree for degree, pattern in _DEGREES if pattern.search(line.text)]
        if named:
            return named[-1], line.text[:300]
    return None


_RANK = {"required": 0, "preferred": 1, "mentioned": 2}


@lru_cache(maxsize=20_000)
def _requirement(line: Line, has_required_section: bool) -> str:
    if _PREFERRED_LINE.search(line.text):
        return "preferred"
    if line.section in ("required", "preferred"):
        return line.section
    if not has_required_section and _REQUIRED_LINE.search(line.text):
        return "required"
    return "mentioned"


_LETTERS = re.compile(r"[^\W\d_]+")
#: The same for texts of ASCII alone, which most are, in a tenth of the time.
_ONLY_LETTERS = {number: " " for number in range(128) if not chr(number).isalpha()}


def fingerprint(text: str) -> str | None:
    """Hash of a text's words, in which spacing, digits, case and punctuation do not count."""
    text = text.lower()
    if text.isascii():
        words = " ".join(text.translate(_ONLY_LETTERS).split())
    else:
        words = " ".join(_LETTERS.findall(text))
    if not words:
        return None
    return hashlib.md5(words.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def read_advert(advert: Advert) -> PostingReading:
    """Read one posting. Pure: nothing is looked up beyond packaged data."""
    text = read_text(advert.description, advert.headed)
    evidence: dict[str, str] = dict(text.evidence)
    remote, remote_evidence = _remote(advert, text)
    if remote_evidence:
        evidence["remote_option"] = remote_evidence
    stated, source = _pay(advert, text)
    if stated:
        evidence["salary"] = stated.evidence
    if text.years:
        evidence["years"] = text.years.evidence
    if text.degree:
        evidence["degree"] = text.degree[1]
    places = _places(advert)
    if places:
        written = next((name for name in advert.locations if name), None)
        evidence["place"] = written or ", ".join(filter(None, advert.addresses[0]))
    recruits = recruiters.by_name(advert.company_name)
    if recruits:
        evidence["recruiter"] = str(advert.company_name)
    elif text.recruiter:
        evidence["recruiter"] = text.recruiter
    return PostingReading(
        advert=advert,
        text=text,
        place=places[0] if places else None,
        other_places=tuple(places[1:20]),
        remote_option=remote,
        employment_type=_employment(advert),
        pay=stated,
        pay_source=source,
        is_recruiter=recruits or text.recruiter is not None,
        confidence=0.95 if text.characters >= 200 else 0.8,
        evidence=evidence,
    )


def _remote(advert: Advert, text: TextReading) -> tuple[str | None, str | None]:
    """The vendor's field, then title and place, then the text, then a plain yes or no."""
    option = workplace.of_field(advert.workplace)
    if option:
        return option, f"workplace={advert.workplace}"
    for name in (*advert.locations[:1], advert.title or ""):
        option = workplace.of_name(name)
        if option:
            return option, name[:300]
    if advert.is_remote:
        return "remote", "is_remote=true"
    if text.workplace:
        return text.workplace
    return None, None


def _pay(advert: Advert, text: TextReading) -> tuple[pay.Pay | None, str | None]:
    stated = advert.pay
    told = text.pay
    if advert.pay_text and (stated is None or stated.period is None):
        told = pay.read_pay([("", plain_text(advert.pay_text))]) or told
    if stated is None:
        return (told, "text") if told else (None, None)
    period = stated.period
    high = stated.high if stated.high is not None else stated.low
    if period is None and told and told.currency == stated.currency:
        period = told.period
    if period is None and high is not None and 15_000 <= high <= 2_000_000:
        period = "year"
    elif period is None and high is not None and high < 200:
        period = "hour"
    return pay.Pay(stated.low, stated.high, stated.currency, period, stated.evidence), "field"


def _employment(advert: Advert) -> str | None:
    for told in (advert.title if _is_intern(advert.title) else None, advert.employment):
        if not told:
            continue
        for kind, pattern in _EMPLOYMENT:
            if pattern.search(told):
                return kind
    return None


_INTERN_TITLE = re.compile(
    r"\bintern(?:ship)?\b|praktik|werkstudent|working student|stagiaire|alternance", re.I
)


def _is_intern(title: str | None) -> bool:
    return bool(title) and _INTERN_TITLE.search(title) is not None


def _places(advert: Advert) -> list[JobPlace]:
    country = location.country_of(advert.country)
    places: list[JobPlace] = []

    def add(place: JobPlace) -> None:
        if place not in places:
            places.append(place)

    for position, (city, region, stated) in enumerate(advert.addresses):
        home = location.country_of(stated) or (country if position == 0 else None)
        region = location.region_name(region, home)
        named = None
        if city:
            read = location.read_places(city, home)
            named = read[0] if read and read[0].city else JobPlace(city, None, home)
        if named:
            add(JobPlace(named.city, region or named.region, home or named.country))
        elif home or region:
            written = advert.locations[position] if position < len(advert.locations) else ""
            inner = location.read_places(written, home) if written else ()
            cities = [p for p in inner if p.city]
            for place in cities:
                add(place)
            if not cities:
                add(JobPlace(None, region, home))
        elif position < len(advert.locations):
            for place in location.read_places(advert.locations[position], None):
                add(place)
    if not places:
        for written in advert.locations:
            # A country given for the posting belongs to its first place.
            for place in location.read_places(written, country if not places else None):
                add(place)
    if not places and country:
        add(JobPlace(None, None, country))
    cities = {(p.city, p.country) for p in places if p.city and p.region}
    countries = {p.country for p in places if p.city}
    return [
        p
        for p in places
        if not (p.city and not p.region and (p.city, p.country) in cities)
        and not (not p.city and p.country in countries)
    ]
