"""Partnerships, alliances and integrations between two named companies."""

from __future__ import annotations

import re

from detection.companies import clean_name, name_after
from detection.press.parts import acting_company, day_of
from detection.press.reading import Item, PressReading

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
#: Joined by "and", else by "&", which more often stands inside one name.
_BOTH_PARTNER = tuple(
    re.compile(
        rf"^(?P<one>[A-Z][^,;:]{{1,60}}?) {joint} (?P<two>[A-Z][^,;:]{{1,60}}?)(?: today)?"
        r"(?: have| today| will)? (?P<verb>announce[sd]?|form(?:ed)?|enter(?:ed)?(?: into)?|"
        r"sign(?:ed)?|team(?:s|ed)? up|partner(?:s|ed)?\b|join(?:s|ed)? forces|strike|ink)"
        r"(?P<rest>.*)$"
    )
    for joint in ("and", "&")
)
_WITH_NAME = re.compile(r"\bwith (?:the )?[A-Z0-9]")
_PARTNER_NOUN = re.compile(
    r"\b(?:partner\w*|alliance|collaborat\w+|joint venture|team up|teamed up|forces)\b", re.I
)


def read_partnership(item: Item, sentence: str) -> list[PressReading]:
    """The partnership a sentence tells, with the other company."""
    if _PARTNER_NOUN.search(sentence) and (both := _both(sentence)):
        return [_partner(item, sentence, *both)]
    match = _PARTNER.search(sentence)
    if match is None:
        return []
    rest = sentence[match.end() :]
    if not re.match(
        r"\s*(?:(?:the|a|an|global|leading|software|cloud|[a-z][\w-]*)\s+){0,6}[A-Z0-9]", rest
    ):
        return []
    company = acting_company(item, sentence[: match.start()])
    other = name_after(rest)
    if company is None or other is None or company == other:
        return []
    selected = match.group(0).lower().startswith("select")
    if selected and not re.search(
        r"\b(?:as its|to power|for its|as the|platform|partner|provider)\b", rest
    ):
        return []
    return [_partner(item, sentence, company, other)]


def _both(sentence: str) -> tuple[str, str] | None:
    """Two companies as one subject: "Acme and Globex announce a partnership".

    "Brook & Sons teams up with Acme" has one subject: what is named after "with" is the other.
    """
    for pattern in _BOTH_PARTNER:
        found = pattern.match(sentence)
        if found is None:
            continue
        if _WITH_NAME.search(found.group("rest")) and (
            pattern is _BOTH_PARTNER[1] or found.group("verb").endswith("s")
        ):
            continue
        one, two = clean_name(found.group("one")), name_after(found.group("two"))
        if one and two and one != two and len(one.split()) <= 6:
            return one, two
    return None


def _partner(item: Item, sentence: str, company: str, other: str) -> PressReading:
    return PressReading(
        company_name=company,
        company_domain=None,
        signal_type="partnership",
        signal_subtype=None,
        sentence=sentence,
        status="planned"
        if re.search(r"\b(?:will|plans? to|in talks)\b", sentence, re.I)
        else "done",
        occurred_on=day_of(item, sentence),
        counterparty_name=other,
        confidence=0.75,
    )
