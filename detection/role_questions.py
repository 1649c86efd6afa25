"""Questions in plain words for the holder of a role: "find the CFO at Nike".

Understood are English, German and French, role before or after the company, with or without a verb
of asking. Which split into role and company is meant is decided by how much of a role the words
before it name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detection.roles import Role, find_roles, recognised


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
_POSSESSIVE = re.compile(r"['’]s?\s+")


def read_question(text: str) -> RoleQuestion | None:
    """Role and company of a question; None when it names no role or no company.

    >>> question = read_question("find the CFO at Nike")
    >>> question.roles[0].label, question.company_text
    ('Chief Financial Officer', 'Nike')
    """
    asked = _END.sub("", " ".join(text.split()))[:300]
    asked = _ARTICLE.sub("", _ASKS.sub("", asked))
    best: tuple[int, str, str] | None = None
    for role, company in _splits(asked):
        role, company = role.strip(" ,;:\"'"), company.strip(" ,;:\"'?")
        if not role or not company:
            continue
        told = recognised(role)
        if told and (best is None or told > best[0]):
            best = (told, role, company)
    if best is None:
        return None
    return RoleQuestion(best[1], best[2], find_roles(best[1]))


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """Ways to part a question, the likelier first: (role, company)."""
    for separator in (_STRONG, _WEAK):
        for found in separator.finditer(text):
            before, after = text[: found.start()], text[found.end() :]
            yield before, after
            if separator is _STRONG:
                yield after, before
    for found in _POSSESSIVE.finditer(text):
        yield text[found.end() :], text[: found.start()]
    words = text.split(" ")
    # "Nike CFO", "CFO Nike": only with a role by its listed name, or all words would be one.
    for at in range(1, len(words)):
        for role, company in ((words[:at], words[at:]), (words[at:], words[:at])):
            if recognised(" ".join(role)) == 3:
                yield " ".join(role), " ".join(company)
