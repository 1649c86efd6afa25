"""Masks personal data and secrets in excerpts that people read to see why a row was set aside.

The lake keeps what a source said; quarantine is looked at by whoever mends a source, is published
as ``operations.quarantined_rows``, and needs the shape of a value, not whose it is. Masked are the
values of columns that hold people (by the column's name), and e-mail addresses, telephone numbers,
bearer tokens, keys and long random strings wherever they stand. Names of people in running text
cannot be told from other names and stay.
"""

from __future__ import annotations

import re

#: What a masked value becomes.
PERSON, EMAIL, PHONE, SECRET = "[person]", "[e-mail]", "[phone]", "[secret]"

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+(?:'[A-Za-z0-9._%+-]+)*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")
#: Seven digits or more with the usual separators, begun by + or ( or in groups.
_PHONE = re.compile(
    r"(?<![\w./:-])(?:\+\d[\d ().-]{6,18}\d|\(\d{2,5}\)[\d .-]{5,15}\d|"
    r"\d{3}[ .-]\d{3}[ .-]\d{4})(?![\w-])"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{12,}")
_NAMED_SECRET = re.compile(
    r"(?i)((?:api[_-]?key|apikey|access[_-]?token|auth[_-]?token|refresh[_-]?token|client[_-]?secret"
    r"|secret|password|passwd|pwd|token|signature|sessionid|session_id|private[_-]?key)"
    r"[\"']?\s*[:=]\s*[\"']?)([^\s\"'&,;}<>]{4,})"
)
#: Well-known shapes of keys: three parts of a signed token, and prefixed vendor keys.
_TOKEN = re.compile(
    r"\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?|\b(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|AIza|glpat)[-_]?[\w-]{16,}"
)

#: Columns that hold a person's own data, folded to letters and digits.
_PERSON_KEY = re.compile(
    r"^(?:first|last|full|middle|given|family|sur|contact|person|people|lead|author|employee|user|"
    r"member|owner|nick|display|recipient|sender|applicant|attendee|executive|individual|profile)"
    r"(?:s)?(?:full|first|last)?name$|"
    r"^(?:.*(?:email|emailaddress|phone|phonenumber|mobile|telephone|fax|linkedinurl|linkedinprofile"
    r"|personlinkedin|birthdate|dateofbirth|homeaddress|streetaddress|ssn|passport))$|"
    r"^(?:author|individual|contact|person|applicant|name1|dateofbirth|dob)$"
)
#: A field of a JSON text: its key, and its value as text or as anything simpler.
_JSON_FIELD = re.compile(r'("((?:[^"\\]|\\.){1,80})"\s*:\s*)("(?:[^"\\]|\\.)*"?|-?\d[\d.eE+-]*)')


def mask(text: str | None) -> str | None:
    """``text`` without what identifies a person or opens a door; None stays None."""
    if not text:
        return text
    text = _JSON_FIELD.sub(_person_field, text)
    text = _TOKEN.sub(SECRET, text)
    text = _BEARER.sub(lambda match: f"{match[1]} {SECRET}", text)
    text = _NAMED_SECRET.sub(lambda match: match[1] + SECRET, text)
    text = _EMAIL.sub(EMAIL, text)
    return _PHONE.sub(PHONE, text)


def _person_field(match: re.Match[str]) -> str:
    key = re.sub(r"[^a-z0-9]", "", match[2].casefold())
    if not _PERSON_KEY.match(key) or match[3] in ('""', '"'):
        return match[0]
    return f'{match[1]}"{PERSON}"'
