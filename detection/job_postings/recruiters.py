"""Postings that an agency places for a client it does not name."""

from __future__ import annotations

import re

_NAME = re.compile(
    r"\b(?:staffing|recruit(?:ing|ment|ers?)|head ?hunt(?:ing|ers?)|personnel|zeitarbeit|"
    r"personaldienstleist\w*|personalberatung|arbeitnehmerüberlassung|interim|intérim|"
    r"executive search|employment agency|talent (?:solutions|partners|group)|manpower|"
    r"resourcing)\b",
    re.I,
)
_TEXT = re.compile(
    r"\bour client(?:,| is| are| has|['’]s (?:team|company|office)| in [A-Z])|"
    r"on behalf of (?:our|a|one of our) client|"
    r"\bfor (?:our|one of our|a) (?:\w+ ){0,3}clients?,? (?:we are|a |an |who|based|in )|"
    r"im auftrag unseres? (?:kunden|mandanten)|unser(?:en|em)? (?:kunde|mandant)\w*(?:,| ist|"
    r" sucht| suchen)|"
    r"für unseren? (?:\w+ ){0,2}(?:kunden|mandanten)\b|notre client,|pour (?:le compte de |"
    r"l['’]un de )?notre client|"
    r"recruiting for (?:our|a) client",
    re.I,
)


def by_name(company: str | None) -> bool:
    """Whether a company's name says that it places people for others."""
    return bool(company) and _NAME.search(company) is not None


def of_line(line: str) -> str | None:
    """The words with which a line says that the posting is for a client; None when it does not."""
    match = _TEXT.search(line)
    if match is None:
        return None
    return line[max(0, match.start() - 60) : match.end() + 80].strip()
