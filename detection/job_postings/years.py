"""Years of experience that a description asks for, with the sentence that asks.

"5+ years of experience", "3-5 years'", "at least three years in sales", "mindestens 3 Jahre
Berufserfahrung", "5 ans d'expérience". How long the company has existed, how old one must be and
after how many years a benefit starts are something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "deux": 2, "trois": 3,
    "quatre": 4, "cinq": 5,
}  # fmt: skip
_NUMBER = r"\d{1,2}|" + "|".join(_WORDS)
_YEARS = re.compile(
    rf"(?<![\w$€£.,])(?P<low>{_NUMBER})(?: ?\(\d{{1,2}}\))?\s?(?P<plus>\+|or more|plus)?"
    rf"(?:\s?(?:-|–|—|to|bis|à)\s?(?P<high>{_NUMBER})\s?\+?)?\s?\+?\s?"
    r"(?:years?|yrs?\.?|jahren?|ans|années)\b['’]?",
    re.I,
)
_EXPERIENCE = re.compile(
    r"experien|erfahrung|expérience|track record|background|worked|working (?:in|with|as|on)|"
    r"in (?:a|an) (?:similar|comparable|related)|of (?:relevant|professional|hands|proven|"
    r"progressive|direct|industry|post|full|software|sales|product|closing|people|management)|"
    r"tätigkeit",
    re.I,
)
_ELSE = re.compile(
    r"years? (?:of age|old)|jahre alt|years? in business|(?:over|for) (?:the )?(?:past|last)|"
    r"vest|anniversar|founded|since|we have|we['’]ve|our (?:\w+ )?(?:experience|history)|"
    r"company with|"
    r"sabbatical|(?:after|every) (?:\w+ )?\d|warranty|contract (?:of|for)|team with|combined",
    re.I,
)
_PREFERRED = re.compile(
    r"nice to have|a plus\b|preferred|preferably|bonus|ideally|desirable|von vorteil|idealerweise|"
    r"wünschenswert|un plus|un atout|souhaité",
    re.I,
)
#: More years than these are the company's, not the candidate's.
MOST = 25


@dataclass(frozen=True, slots=True)
class Years:
    """Years asked for: at least ``low``, at most ``high`` when stated."""

    low: int
    high: int | None
    evidence: str


def read_years(lines: list[tuple[str, str]]) -> Years | None:
    """Years asked for over ``(section, line)`` pairs: the most that one required line asks.

    A posting that asks "5+ years of experience, 2 of them in Python" asks for five. Lines that say
    "preferred" and sections on benefits and the company do not count.
    """
    best: Years | None = None
    for section, line in lines:
        if section in ("other", "preferred") or _PREFERRED.search(line):
            continue
        for match in _YEARS.finditer(line):
            around = line[max(0, match.start() - 45) : match.end() + 70]
            if _ELSE.search(around):
                continue
            if not _EXPERIENCE.search(around) and section != "required":
                continue
            low, high = _count(match.group("low")), _count(match.group("high"))
            if low is None or not 0 < low <= MOST or (high is not None and not low <= high <= 40):
                continue
            if best is None or low > best.low:
                best = Years(low, high, line.strip()[:300])
    return best


def _count(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else _WORDS.get(text.lower())
