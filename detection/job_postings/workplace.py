"""Where the work is done: remote, hybrid or on site, from the vendor's field or from words."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: What vendors' fields say, folded to letters.
_FIELDS = {
    "remote": "remote",
    "fullyremote": "remote",
    "remotefirst": "remote",
    "remotejob": "remote",
    "telecommute": "remote",
    "hybrid": "hybrid",
    "flexible": "hybrid",
    "partiallyremote": "hybrid",
    "onsite": "on_site",
    "office": "on_site",
    "inoffice": "on_site",
    "inperson": "on_site",
    "notremote": "on_site",
}
_NOT_LETTERS = re.compile(r"[^a-z]+")
_IN_NAME = (
    ("hybrid", re.compile(r"\bhybrid\b|\bhybride\b", re.I)),
    (
        "remote",
        re.compile(
            r"\bremote\b|work from home|home ?office|\banywhere\b|télétravail|\bwfh\b",
            re.I,
        ),
    ),
    ("on_site", re.compile(r"\bon[- ]?site\b|\bin[- ]office\b|vor ort|sur site", re.I)),
)
_NOT_REMOTE = re.compile(
    r"\b(?:not|non|no)[ -]+(?:a )?remote|remote sensing|remote (?:control|hands)", re.I
)
_HYBRID = re.compile(
    r"\bhybrid (?:work|role|position|model|schedule|environment|setup|team|office|policy|basis)|"
    r"(?:role|position|job) is hybrid|\bhybrid\s*[:(,–-]|hybrides? arbeit|hybrides arbeitsmodell|"
    r"(?:\d|one|two|three|four) (?:to (?:\d|three|four) )?days? (?:a|per|/|each) week (?:in|"
    r"at|from) "
    r"(?:our|the|an?)\b.{0,30}\boffice|(?:office|onsite|on-site|in person).{0,25}"
    r"(?:\d|one|two|three|four) days? (?:a|per|each) week|"
    r"(?:tage|tag)(?: pro| die| in der)? woche (?:im )?home ?office|télétravail partiel|"
    r"jours? de télétravail|mobiles arbeiten",
    re.I,
)
_REMOTE = re.compile(
    r"\b(?:fully|100 ?%|completely|entirely|permanently) remote|remote[- ]first|all[- ]remote|"
    r"work (?:remotely )?from anywhere|(?:role|position|job|team) (?:is|can be) (?:fully )?remote|"
    r"this is a (?:fully )?remote|remote (?:role|position|job|opportunity)|"
    r"work remotely from|100 ?% home ?office|full remote|100 ?% télétravail",
    re.I,
)
_ON_SITE = re.compile(
    r"(?:must|will|required to) (?:be |work )?(?:on[- ]site|in[- ]office|in[- ]person)|"
    r"(?:fully|100 ?%) (?:on[- ]?site|in[- ]office)|"
    r"(?:role|position|job) is (?:based )?(?:on[- ]?site|in[- ](?:office|person))|"
    r"(?:five|5) days (?:a|per) week in (?:the|our)|this is an? (?:on[- ]?site|in[- ]office|"
    r"in[- ]person)|"
    r"on[- ]site (?:role|position)|(?:role|position) is not (?:eligible for )?remote",
    re.I,
)


def of_field(value: object) -> str | None:
    """What a vendor's field says; None for words it does not use for this.

    >>> of_field("On-site"), of_field("Remote - US"), of_field("Europe")
    ('on_site', 'remote', None)
    """
    if not isinstance(value, str) or not value:
        return None
    folded = _NOT_LETTERS.sub("", value.lower())
    return _FIELDS.get(folded) or of_name(value)


def of_name(text: str) -> str | None:
    """What a title or the name of a place says ("Remote, Italy", "Berlin (hybrid)")."""
    if _NOT_REMOTE.search(text):
        return None
    for option, pattern in _IN_NAME:
        if pattern.search(text):
            return option
    return None


def of_lines(lines: Iterable[str]) -> tuple[str, str] | None:
    """Option and its sentence from a description's lines.

    A text that names days in the office is hybrid, also where it calls the position remote.
    """
    found: dict[str, str] = {}
    for line in lines:
        for option, pattern in (("hybrid", _HYBRID), ("on_site", _ON_SITE), ("remote", _REMOTE)):
            match = pattern.search(line) if option not in found else None
            if match:
                offset = max(0, match.start() - 120)
                found[option] = line[offset : offset + 300].strip()
    return next(((o, found[o]) for o in ("hybrid", "on_site", "remote") if o in found), None)
