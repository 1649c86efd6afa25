"""Whether somebody who is appointed is with the company already: a promotion, not a new hire."""

from __future__ import annotations

import re

from detection.biography import employers
from detection.filings.known_people import person_key
from detection.filings.parties import is_registrant

#: "has served as president of Fenmark": of the registrant, whom a caller knows by name.
_SERVED_AT = re.compile(
    r"\b(?:served|serves|serving|worked|joined)\b[^.;]{0,60}? (?:of|at|with|joined) (?:the )?"
    r"(?P<whose>[A-Z][\w&’'-]+(?: [A-Z][\w&’'-]+){0,3})"
)
#: "has served as Vice President since 2006": still there, and nobody else is named.
_SINCE = re.compile(
    r"\bhas (?:also )?(?:served|been|held|worked)\b[^.;]{3,120}\bsince (?:\w+ )?(?:19|20)\d\d", re.I
)


def is_from_inside(person: str, told_in: str, sentences: list[str], company: str | None) -> bool:
    """Whether an item says that ``person`` is with the company already.

    By an apposition ("Ana Quill, the Company's Vice President"), by a biography ("has served as the
    Company's ..."), or by having joined the company before. ``told_in`` is the sentence of the
    appointment itself.
    """
    family = re.escape(person_key(person).split()[-1])
    name = rf"\b{family}\b(?:, (?:jr|sr|iii|ii|iv)\b\.?)?"
    ours = r"(?:the (?:company|registrant|corporation|bank|firm)[’']s|our)"
    patterns = (
        rf"{name},? (?:age \d+,? |\d\d,? )?(?:currently |presently )?{ours} (?:current |existing |"
        r"present )?(?!new\b|newly\b|next\b)\w",
        rf"{name}[^.;]{{0,60}}\b(?:currently|presently|most recently) (?:serves|served|serving|is|"
        rf"as)[^.;]{{0,40}}\b{ours}",
        rf"(?:{name}|^(?:he|she)\b)[^.;]{{0,40}} (?:has |had )?(?:previously |most recently |"
        rf"also )?"
        rf"(?:served|been|worked|held)[^.;]{{0,80}}? (?:{ours}|with the (?:company|registrant))",
        rf"(?:{name}|^(?:he|she)\b)[^.;]{{0,80}}\b(?:since (?:first )?joining|joined) (?:us|"
        r"the (?:company|registrant|bank|corporation|firm))[^.;]{0,30}\b(?:in|on|"
        r"since)\b[^.;]{0,16}"
        r"(?:19|20)\d\d",
        rf"(?:{name}|^(?:he|she)\b) (?:is|was|has been) an? [^.;]{{3,60}} of the "
        r"(?:company|registrant|corporation|bank)\b",
        rf"{name}[^.;]{{0,40}} (?:has |have )?been (?:with|employed by) (?:us|the (?:company|"
        r"registrant|bank|corporation))",
        rf"{name} will continue (?:to serve |to act |in (?:his|her) )",
    )
    about = False
    for sentence in sentences:
        named = re.search(name, sentence, re.I) is not None
        about = named or (about and re.match(r"(?:he|she|his|her|prior|previously|since|from)\b",
                                             sentence, re.I) is not None)  # fmt: skip
        if about and (
            any(re.search(pattern, sentence, re.I) for pattern in patterns)
            or (_SINCE.search(sentence) and not employers(sentence, company))
            or (
                sentence != told_in
                and any(
                    is_registrant(m.group("whose"), company) for m in _SERVED_AT.finditer(sentence)
                )
            )
        ):
            return True
    return False
