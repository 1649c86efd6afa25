"""Questions in plain words for the holder of a role: "find the CFO at Nike".

Understood are English, German and French, role before or after the company, with or without a verb
of asking. Which split into role and company is meant is decided by how much of a role the words
before it name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detection.roles import Role, find_roles, folded, is_of_roles, recognised

#: Ways to understand one question that are looked into.
READINGS = 4


@dataclass(frozen=True)
class RoleQuestion:
    """A role and a company as somebody asks for them."""

    role_text: str
    company_text: str
    #: Roles that may be meant, the likeliest first; never empty.
    roles: tuple[Role, ...]


_ASKS = re.compile(
    r"^(?:(?:please|bitte|hi|hello)[, ]+)*"
    r"(?:(?:can|could|would) you (?:please )?)?"
    r"(?:find(?: out)?|show|get|give|tell|name|look up|search(?: for)?|identify|finde|suche|zeige?|"
    r"nenne|trouve[rz]?|cherche[rz]?|donne[rz]?|qui(?: est|'est)?|wer(?: ist)?|"
    r"who(?: is|'s|’s| are)?|what(?: is|'s|’s)?)\b"
    r"(?:[ -](?:me|us|mir|uns|moi|nous|for me|who is|who the|out))*\s+",
    re.I,
)
_ARTICLE = re.compile(
    r"^(?:the name of )?(?:the|a|an|der|die|das|den|le|la|les|l['’])(?:\s+|(?<=['’]))", re.I
)
_END = re.compile(r"[\s?!.,;]*(?:\b(?:please|bitte|svp|now|today|these days))?[\s?!;]*$", re.I)
_STRONG = re.compile(r"\s+(?:at|@|bei|chez|working (?:at|for))\s+(?:the company\s+)?|\s*[,|;:]\s+")
_WEAK = re.compile(r"\s+(?:of|for|in|from|von|vom|de|du|des|d['’])\s*")
#: Words between those of a role.
_CONNECTORS = frozenset({"of", "for", "and", "&", "the", "de", "des", "du", "der", "in"})
_POSSESSIVE = re.compile(r"['’]s?\s+")


def read_question(text: str) -> RoleQuestion | None:
    """Role and company of a question; None when it names no role or no company.

    >>> question = read_question("find the CFO at Nike")
    >>> question.roles[0].label, question.company_text
    ('Chief Financial Officer', 'Nike')
    """
    return next(iter(readings(text)), None)


def readings(text: str) -> list[RoleQuestion]:
    """Ways to understand a question, the likelier first; which one is meant, companies tell.

    >>> [(q.role_text, q.company_text) for q in readings("acme data vp sales")]
    [('vp sales', 'acme data'), ('data vp sales', 'acme')]
    """
    asked = _END.sub("", " ".join(text.split()))[:300]
    asked = _ARTICLE.sub("", _ASKS.sub("", asked))
    ranked: list[tuple[int, str, str]] = []
    for split in (_by_mark, _by_words):
        for role, company in split(asked):
            role, company = role.strip(" ,;:\"'"), company.strip(" ,;:\"'?")
            if not role or not company or (told := _told(role)) == 0:
                continue
            if all((role, company) != known[1:] for known in ranked):
                ranked.append((told, role, company))
        if ranked and split is _by_mark and _STRONG.search(asked):
            # "at" and a comma say where the role ends.
            break
    ranked.sort(key=lambda reading: -reading[0])
    best = [reading for reading in ranked if reading[0] == ranked[0][0]][:READINGS]
    return [RoleQuestion(role, company, find_roles(role)) for _, role, company in best]


def _told(role: str) -> int:
    """How surely words are a role: twice what is recognised, and more if all words are a role's."""
    told = recognised(role)
    pure = told == 3 or all(w in _CONNECTORS or is_of_roles(w) for w in folded(role).split())
    return 2 * told + pure if told else 0


def _by_mark(text: str) -> Iterator[tuple[str, str]]:
    """Parts of a question by a word or sign between role and company: (role, company)."""
    for separator in (_STRONG, _WEAK):
        for found in separator.finditer(text):
            before, after = text[: found.start()], text[found.end() :]
            yield before, after
            if separator is _STRONG:
                yield after, before
    for found in _POSSESSIVE.finditer(text):
        yield text[found.end() :], text[: found.start()]


def _by_words(text: str) -> Iterator[tuple[str, str]]:
    """Parts of a question without such a mark: "Nike CFO", "vp sales Nike".

    The fewest words of either end that name a role, and the same with those words beside them that
    belong to roles too ("vp sales operations").
    """
    words = text.split(" ")
    for suffix in (True, False):
        for size in range(1, len(words)):
            role = words[-size:] if suffix else words[:size]
            if recognised(" ".join(role)) < 2:
                continue
            yield _parted(words, size, suffix)
            longest = size
            while longest + 1 < len(words):
                beside = words[-longest - 1] if suffix else words[longest]
                if not (is_of_roles(beside) or beside.lower() in _CONNECTORS):
                    break
                longest += 1
            if longest > size:
                yield _parted(words, longest, suffix)
            break


def _parted(words: list[str], size: int, suffix: bool) -> tuple[str, str]:
    role, company = (words[-size:], words[:-size]) if suffix else (words[:size], words[size:])
    return " ".join(role), " ".join(company)
