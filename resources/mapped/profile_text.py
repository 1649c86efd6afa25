"""Profiles pasted as text: the page of a professional network, copied and saved as a file.

One row per position held, with the columns of ``COLUMNS``. Such a page has the person's name first,
a headline, and a section "Experience" in which every position ends with a line that says from when
to when. Two layouts are met: a position on its own (title, company, dates) and several at one
company (company, how long in all, then title and dates of each). Dates are given as ISO days; a
month stands for its first day, as a start; the end of a month or year is its last.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

COLUMNS = (
    "Full Name", "Headline", "Job Title", "Company", "Employment Type", "Started On", "Ended On",
    "Is Current", "Location", "Previous Company", "Previous Title", "Profile URL", "Evidence",
)  # fmt: skip

_MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januar janvier janv", "feb february februar février févr fevrier",
            "mar march märz mär maerz mars", "apr april avril avr", "may mai", "jun june juni juin",
            "jul july juli juillet juil", "aug august août aout",
            "sep sept september septembre", "oct october okt oktober octobre",
            "nov november novembre", "dec december dez dezember décembre déc decembre",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_POINT = r"(?:(?P<{0}month>[^\W\d_]{{3,10}})\.?\s+)?(?P<{0}year>(?:19|20)\d\d)"
_RANGE = re.compile(
    rf"^{_POINT.format('from_')}\s*(?:-|–|—|to|bis|à)\s*"
    rf"(?:{_POINT.format('to_')}|(?P<now>present|today|now|current|heute|aujourd[’']hui))"
    r"(?:\s*[·(].*)?$",
    re.I,
)
#: How long in all, below a company that several positions follow: "4 yrs 2 mos".
_DURATION = re.compile(
    r"^(?:[^·\d]{3,20}·\s*)?(?:\d+\s*(?:yrs?|years?|jahre?|ans?)\b\.?)?\s*"
    r"(?:\d+\s*(?:mos?|months?|monate?|mois)\b\.?)?$",
    re.I,
)
_EXPERIENCE = {"experience", "work experience", "berufserfahrung", "expérience", "experiences"}
_SECTIONS = {
    "education", "skills", "licenses & certifications", "certifications", "recommendations",
    "interests", "languages", "publications", "projects", "volunteering", "honors & awards",
    "courses", "organizations", "activity", "about", "featured", "ausbildung", "kenntnisse",
    "formation", "compétences", "volunteer experience", "causes",
}  # fmt: skip
_URL = re.compile(r"(?:https?://)?(?:[a-z]{2,3}\.)?(?:www\.)?linkedin\.[a-z]{2,7}/in/[\w%-]+", re.I)
_NOISE = re.compile(
    r"^(?:.*\blogo|contact info|message|connect|follow|more|\d+\+? connections?|[\d,.]+ followers?|"
    r"· ?(?:1st|2nd|3rd).*|(?:she|he|they)/.*|show all .*|…?see more|open to .*)$",
    re.I,
)
_PRONOUNS = re.compile(r"\s*\((?:she|he|they)/[^)]*\)|\s*·\s*(?:1st|2nd|3rd)\b.*$", re.I)
_TITLE_WORDS = re.compile(
    r"\b(?:officer|c[etfimop]o|cmo|cro|ciso|president|director|head|manager|lead|vp|engineer|"
    r"developer|analyst|consultant|partner|founder|owner|chair\w*|advisor|adviser|specialist|"
    r"architect|leiter\w*|geschäftsführer\w*|directeur|directrice|responsable|intern|associate)\b",
    re.I,
)
#: Lines longer than this are sentences about the work, no title or company.
_LONGEST_NAME = 100


class ProfileError(ValueError):
    """The text is no profile; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Position:
    """One position: the line of its dates, and what stands before it."""

    line: int
    title: str
    company: str
    employment_type: str | None
    started_on: date
    ended_on: date | None
    evidence: str


def read_profile(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a pasted profile with the number of the line of their dates.

    Raises ``ProfileError`` when there is no name or no position with dates.
    """
    lines = _lines(text)
    # An address may stand above the name or among the contact details.
    named = [(n, line) for n, line in lines if not _URL.search(line)]
    if not named or len(named[0][1]) > _LONGEST_NAME or named[0][1].casefold() in _EXPERIENCE:
        raise ProfileError("the first line must be the person's name")
    name = _PRONOUNS.sub("", named[0][1]).strip()
    headline = named[1][1] if len(named) > 1 and not _is_heading(named[1][1]) else ""
    place = named[2][1] if len(named) > 2 and not _is_heading(named[2][1]) else ""
    positions = list(_positions(lines))
    if not positions:
        raise ProfileError(
            "no position with dates below a heading 'Experience', such as 'May 2024 - Present'"
        )
    url = _URL.search(text)
    positions.sort(key=lambda p: p.started_on, reverse=True)
    for index, position in enumerate(positions):
        before = next((p for p in positions[index + 1 :] if p.company != position.company), None)
        yield (
            position.line,
            {
                "Full Name": name,
                "Headline": headline,
                "Job Title": position.title,
                "Company": position.company,
                "Employment Type": position.employment_type or "",
                "Started On": position.started_on.isoformat(),
                "Ended On": position.ended_on.isoformat() if position.ended_on else "",
                "Is Current": "no" if position.ended_on else "yes",
                "Location": place if len(place) <= _LONGEST_NAME else "",
                "Previous Company": before.company if before else "",
                "Previous Title": before.title if before else "",
                "Profile URL": url.group() if url else "",
                "Evidence": position.evidence,
            },
        )


def _lines(text: str) -> list[tuple[int, str]]:
    """Lines that say something; what is said twice for screen readers stands once."""
    kept: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = " ".join(line.replace("\u200b", "").split())
        half = line[: len(line) // 2]
        if len(line) > 8 and line == half + half:
            line = half
        if line and not _NOISE.match(line) and not (kept and kept[-1][1] == line):
            kept.append((number, line))
    return kept


def _is_heading(line: str) -> bool:
    return line.casefold() in _EXPERIENCE or line.casefold() in _SECTIONS


def _positions(lines: list[tuple[int, str]]) -> Iterator[Position]:
    begins = next((i for i, (_, line) in enumerate(lines) if line.casefold() in _EXPERIENCE), None)
    if begins is None:
        return
    group: str | None = None
    before: list[str] = []
    for number, line in lines[begins + 1 :]:
        if line.casefold() in _SECTIONS:
            return
        dates = _RANGE.match(line)
        if dates is None:
            if before and _is_duration(line):
                group = before[-1].split(" · ")[0]
                before = []
            else:
                before.append(line)
            continue
        titled = [text for text in before if len(text) <= _LONGEST_NAME]
        before = []
        if not titled:
            continue
        found = _who(titled, group, in_brackets="(" in line)
        started = _day(dates, "from_", last=False)
        if found is None or started is None:
            continue
        title, company, group = found
        company, _, kind = company.partition(" · ")
        ended = None if dates["now"] else _day(dates, "to_", last=True)
        yield Position(
            number, title, company.strip(), kind.strip() or None, started, ended,
            f"{title}, {company.strip()}: {line}",
        )  # fmt: skip


def _is_duration(line: str) -> bool:
    return any(c.isdigit() for c in line) and _DURATION.match(line) is not None


def _who(
    titled: list[str], group: str | None, *, in_brackets: bool
) -> tuple[str, str, str | None] | None:
    """Title and company of a position, and the company that further titles belong to."""
    last = titled[-1]
    if len(titled) >= 2:
        above = titled[-2]
        if in_brackets and group is None:
            # A profile saved as PDF has the company above the title, and "(2 years)" in brackets.
            return last, above, None
        alone = " · " in last or (_TITLE_WORDS.search(above) and not _TITLE_WORDS.search(last))
        if group is None or alone:
            return above, last, None
    return (last, group, group) if group is not None else None


def _day(match: re.Match[str], end: str, *, last: bool) -> date | None:
    year, word = int(match[f"{end}year"]), match[f"{end}month"]
    month = _MONTHS.get(word.casefold()) if word else (12 if last else 1)
    if month is None:
        return None
    return date(year, month, calendar.monthrange(year, month)[1] if last else 1)
