"""New space taken, as an agreement of lease tells it."""

from __future__ import annotations

import re
from datetime import date

from detection.filings.event_reading import FilingEventReading, event_of, regulatory_filing
from detection.filings.parties import counterparty_after
from detection.places import find_place

_NEW_SPACE = re.compile(
    r"\b(?:new (?:lease|headquarters|facility|office|building|space|campus)|additional|"
    r"expan(?:d|sion)|relocat\w+|will (?:move|occupy|serve as|house)|addition of|build-to-suit|"
    r"to be constructed|larger)\b",
    re.I,
)
_OLD_SPACE = re.compile(
    r"\b(?:amend(?:ed|ment|s)|exten(?:d|sion|ds|ded)|renew\w*|terminat\w+|sale[- ]leaseback|"
    r"surrender|reduc\w+|assign\w+|continue leasing)\b",
    re.I,
)
_NO_SPACE = re.compile(
    r"\b(?:equipment|aircraft|vessel|vehicle|capital|mineral|oil|gas) leases?\b", re.I
)
_FEET = re.compile(
    r"\b(\d{1,3}(?:,\d{3})+|\d{3,7})[ -](?:rentable )?(?:square[ -]f(?:ee|oo)t|sq\.? ?ft)", re.I
)
_ADDED_FEET = re.compile(
    r"\b(?:addition(?:al)?|expan\w+|new)\b[^.]{0,60}?(\d{1,3}(?:,\d{3})+|\d{3,7})[ -](?:rentable )?"
    r"(?:square[ -]f(?:ee|oo)t|sq\.? ?ft)",
    re.I,
)


def lease_events(
    body: list[str], filed_on: date | None, company: str | None
) -> list[FilingEventReading]:
    """New space is an expansion; a changed or prolonged lease of the same space is not."""
    lead = body[:6]
    sentence = next((s for s in lead if re.search(r"\blease", s, re.I)), lead[0])
    text = " ".join(lead)
    if _NO_SPACE.search(text[:600]):
        return [regulatory_filing("lease", sentence, filed_on)]
    added = _ADDED_FEET.search(text)
    grows = added is not None or _NEW_SPACE.search(text) is not None
    if _OLD_SPACE.search(sentence) and not grows:
        return [regulatory_filing("lease_changed", sentence, filed_on)]
    feet = added or _FEET.search(text)
    place = next((p for s in lead if (p := find_place(s)) is not None), None)
    other = counterparty_after(sentence, 0, company)
    return [
        event_of(
            "expansion",
            "new_office",
            sentence,
            filed_on,
            status="planned",
            counterparty_name=other.name if other else None,
            city=place.city if place else None,
            country=place.country if place else None,
            square_feet=int(feet.group(1).replace(",", "")) if feet else None,
            confidence=0.75 if not _OLD_SPACE.search(sentence) else 0.65,
        )
    ]
