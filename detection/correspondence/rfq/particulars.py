"""Sentences that say what an answer has to hold, as "Please state RFQ 4711 in your reply".

They ask for nothing beside the answer itself, so they are no step of their own.
"""

from __future__ import annotations

import re

_ANSWER = r"(?:answer|reply|response|offer|quotation|quote|bid|proposal|correspondence|invoice)s?"
_HELD = (
    r"(?:pric(?:e|es|ing)|lead[ -]?times?|delivery\ (?:times?|terms|dates?)|incoterms?|currency"
    r"|(?:payment|shipping)\ terms|moq|minimum\ (?:order\ )?quantit(?:y|ies)|validity|warranty"
    r"|country\ of\ origin|packag(?:ing|e)|tooling|freight|discounts?|part\ numbers?|references?)"
)
_PARTICULAR = re.compile(
    rf"""^\W*(?:and\s+|also\s+)*(?:please|kindly|pls)?\s*(?:also\s+|always\s+)*
      (?:(?:state|specify|indicate|include|mention|list|quote|cite|give|note|refer\ to|use)\b
           .{{1,120}}?\b(?:in|with|on|as\ part\ of)\ (?:your|the|any|all|every)\ (?:\w+\ )?
           {_ANSWER}\b
        |(?:state|specify|indicate|mention|list)\b.{{0,60}}?\b{_HELD}\b)
    |\b(?:your|the|every|any|each)\ {_ANSWER}
      \ (?:should|must|shall|has\ to|needs\ to|is\ to)\ (?:also\ )?
      (?:state|specify|indicate|include|mention|list|hold|contain|be)\b
    |^\W*bitte\b.{{1,120}}?\b(?:in|auf|mit)\ (?:ihre[mr]|der|dem)\ (?:angebot|antwort|rechnung)\b
    """,
    re.I | re.X | re.S,
)


def is_particular(sentence: str) -> bool:
    """Whether a sentence says what an answer has to hold, and asks for nothing else.

    >>> is_particular("Please state RFQ 4711 in your answer.")
    True
    >>> is_particular("Please quote 500 units by Friday.")
    False
    """
    return _PARTICULAR.search(sentence) is not None
