"""Where a new executive worked before, from the biography that a filing or release adds.

Only employers named in a sentence about that person's past: never the company itself, a school, a
board seat or a department ("Vice President of Marketing").
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from detection.filings.parties import is_registrant, named_parties
from detection.names import normalize_company_name
from detection.people import find_people
from detection.titles import read_title

#: A sentence that tells of the past.
_PAST = re.compile(
    r"\b(?:prior to|previously|before (?:joining|that|her|his)|formerly|former|from (?:\w+ )?\d{4}|"
    r"since (?:\w+ )?\d{4}|between \d{4}|in (?:\w+ )?(?:19|20)\d\d|most recently|has (?:also )?"
    r"(?:served|been|held|worked)|had (?:served|been|held|worked)|(?:was|were) (?:employed|"
    r"(?:the |an? )?(?:chief|vice|senior|executive|president|director|managing|partner|head))|"
    r"served|worked|spent|began (?:his|her|their) career|earlier in|career (?:at|with)|joins? from|"
    r"joined (?:the )?\w+ from|veteran of)\b",
    re.I,
)
_SCHOOL = re.compile(
    r"\b(?:degree|bachelor|master|m\.?b\.?a|b\.?[as]\.?|ph\.?d|graduate[ds]?|diploma|juris|doctor|"
    r"university|college|school|institute of technology)\b",
    re.I,
)
_ABOUT = re.compile(r"^(?:he|she|they|his|her|previously|prior to|before|from|earlier|in)\b", re.I)
_AT = re.compile(
    r"\b(?P<how>at|with|of|for|by|joined|joining|joins from|from|to|including|and|,) "
    r"(?:the )?(?=(?:[a-z]{1,2})?[A-Z0-9])"
)
_BOARD_BEFORE = re.compile(
    r"\b(?:boards?(?: of directors)?|committees?|director|trustee|member) $", re.I
)
_NOT_EMPLOYER = re.compile(
    r"^(?:(?:board|committee|audit|directors?|company|registrant|certified|american institute|"
    r"securities and exchange|new york stock|nasdaq|regulation|item|form|act|proxy|exhibit|"
    r"chief|vice|senior|executive|president|corporate|global|north america|europe|asia|us|u\.s|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"fortune|inc|mr|ms|mrs|dr)\b.*|.*\b(?:university|college|school|institute|officer|president|"
    r"committee|degree))$",
    re.I,
)
_FORM = re.compile(
    r"(?:Inc|Incorporated|Corp|Corporation|Company|Co|LLC|L\.L\.C|LLP|L\.P|LP|Ltd|Limited|PLC|plc|"
    r"GmbH|AG|SE|N\.V|B\.V|S\.A|Group|Bank|Holdings|Partners|Capital|Technologies|Systems|Networks|"
    r"Software|Industries|Brands|Foods|Pharmaceuticals|Labs?|Ventures)\.?$"
)
#: Employers kept of one person.
MOST = 6


def earlier_companies(
    sentences: Sequence[str], person: str, company: str | None = None
) -> tuple[str, ...]:
    """Earlier employers of ``person`` told by ``sentences``, in order of telling, each once."""
    family = _family(person)
    found: dict[str, str] = {}
    about = False
    for sentence in sentences:
        families = {_family(p.text) for p in find_people(sentence)}
        if families:
            about = family in families
        elif not _ABOUT.match(sentence):
            about = False
        if not about or _PAST.search(sentence) is None:
            continue
        for name in employers(sentence, company):
            key = normalize_company_name(name)
            if _family(name) != family and not any(
                k.startswith(key) or key.startswith(k) for k in found
            ):
                found[key] = name
    return tuple(found.values())[:MOST]


def _family(name: str) -> str:
    words = [w.strip(".,").casefold() for w in name.split()]
    words = [w for w in words if w not in ("jr", "sr", "ii", "iii", "iv")]
    return words[-1] if words else ""


def _bare(name: str) -> str:
    """The employer of "Finance of Orbvane Corp" and the first of "Orbvane Bancorp and Third "
    "Bank"."""
    head, joint, tail = name.rpartition(" of ")
    if joint and len(tail.split()) > 1 and _FORM.search(tail):
        name = tail
    head, joint, tail = name.rpartition(" for ")
    if joint and _FORM.search(tail):
        name = tail
    head, joint, tail = name.partition(" and ")
    return head if joint and re.search(r"(?:Bancorp|Bank|Inc|Corp\w*|LLC|Ltd)$", head) else name


def _only_form(name: str) -> bool:
    return len(name.split()) == 1 and _FORM.fullmatch(name) is not None


def _shares_first_word(name: str, company: str | None) -> bool:
    """A subsidiary bears the company's first word: no earlier employer."""
    own = normalize_company_name(company or "").split()[:1]
    return bool(own) and len(own[0]) > 3 and normalize_company_name(name).split()[:1] == own


def employers(sentence: str, company: str | None) -> list[str]:
    """Employers that a sentence names, the company itself left out."""
    names = []
    people = find_people(sentence)
    for match in _AT.finditer(sentence):
        if match.group("how") in ("of", "for") and _BOARD_BEFORE.search(sentence[: match.start()]):
            continue
        rest = sentence[match.end() : match.end() + 90]
        parties = [p for p in named_parties(rest, company) if p.start == 0]
        if not parties:
            continue
        name = _bare(parties[0].name)
        formal = _FORM.search(name) is not None
        if _only_form(name) or _shares_first_word(name, company):
            continue
        if _NOT_EMPLOYER.match(name) or _SCHOOL.search(name) or is_registrant(name, company):
            continue
        if not formal:
            if any(p.start <= match.end() < p.end for p in people):
                continue
            if match.group("how") in ("of", "to", "and", ",", "including", "from", "by"):
                continue
            title = read_title(name)
            if title.department is not None or title.level is not None:
                continue
        names.append(name)
    return names
