"""Rows of two CRMs: what says that they are one deal, beside what sources of any kind say.

Two rows of one CRM are two deals (``correlation``); a deal that is kept in two CRMs bears the same
name, amount and close date in both, and often one's id in the other. A CRM lags, so that what
differs says less than what agrees.
"""

from __future__ import annotations

import re

from ml.opportunities.profiles import Profile
from ml.opportunities.records import Fragment

SAME_RECORD = 8.0
SAME_AMOUNT, OTHER_AMOUNT = 2.5, -1.0
SAME_CLOSE, OTHER_CLOSE = 2.0, -0.5
SAME_NAME = 2.0
#: Amounts within this share are the same; days within so many are no disagreement.
SAME_WITHIN, NEAR_DAYS = 0.005, 31
#: Salesforce's ids have 15 characters, or 18 with a checksum.
_SHORT, _LONG = 15, 18


def two_crms(left: Profile, right: Profile) -> list[tuple[float, str]]:
    """Weights with their words; what one of the rows does not say weighs nothing."""
    a, b = left.fragment, right.fragment
    found = []
    if _names(a, b) or _names(b, a):
        found.append((SAME_RECORD, "one CRM names the other's record"))
    pairs = [(x, y) for x, c in left.totals for y, d in right.totals if c == d or not (c and d)]
    if any(abs(x - y) <= SAME_WITHIN * max(x, y) for x, y in pairs):
        found.append((SAME_AMOUNT, "same amount in two CRMs"))
    elif pairs:
        found.append((OTHER_AMOUNT, "other amount in two CRMs"))
    if a.closes_on and b.closes_on:
        apart = abs((a.closes_on - b.closes_on).days)
        if apart == 0:
            found.append((SAME_CLOSE, "same close date in two CRMs"))
        elif apart > NEAR_DAYS:
            found.append((OTHER_CLOSE, "other close date in two CRMs"))
    if (name := _letters(a.title)) and name == _letters(b.title):
        found.append((SAME_NAME, "same name in two CRMs"))
    return found


def _names(one: Fragment, other: Fragment) -> bool:
    return bool(one.other_id and other.record_id) and _id(one.other_id) == _id(other.record_id)


def _id(record_id: str | None) -> str:
    text = record_id or ""
    return text[:_SHORT] if len(text) == _LONG else text


def _letters(title: str) -> str:
    return re.sub(r"[\W_]+", "", title.lower())
