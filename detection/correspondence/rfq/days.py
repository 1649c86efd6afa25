"""Days of a sentence and what they are wanted for: delivery, the quotation, a decision."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.sentences import Reading
from detection.days_ahead import find_days_ahead

_PURPOSES = (
    (
        "quote_due",
        re.compile(
            r"""\b(?:quot(?:e|ation|es|ing)|offers?|proposals?|bids?|reply|respond|response|pricing
            |prices|answer|get\ back|submission|submit|tender|clos(?:es?|ing)|revert|numbers|figures
            |angebote?s?|preise|abgabe\w*|einreich\w*|rückmeldung|antwort|offerte|kalkulation
            |feedback|deadline|come\ back|hear\ from\ you|due)\b""",
            re.I | re.X,
        ),
    ),
    (
        "delivery_date",
        re.compile(
            r"""\b(?:deliver(?:y|ed|ies)?|ship(?:ped|ment|ping)?|in[-\ ]house|on[-\ ]dock|arriv\w+
            |sop|start\ of\ production|need(?:ed|s)?(?:\ (?:them|it|these|the\ \w+|parts|goods))?
            |require[ds]?|(?:have|has|needs?)\ to\ be\ (?:in|at)
            |on\ site|ex\ works|first\ batch|call-?off|ready|dock|in\ house|receiv\w+
            |goods\ in|be\ here|with\ us|pick(?:ed)?[-\ ]?up|dispatch\w*
            |im\ haus|bei\ uns|waren?|da\ sein|vor\ ort|eintreff\w*|angeliefert|benötig\w*|brauchen
            |muster|erstmuster|produktionsstart|serienstart|start\ up
            |(?:an)?liefer(?:ung|termin|datum|n)|geliefert|liefern|wareneingang|versand
            |with\ us\ (?:by|on|before)|line\ starts?|ramp-?up|launch|in\ our\ (?:hands
            |warehouse|plant))\b""",
            re.I | re.X,
        ),
    ),
    (
        "decision_date",
        re.compile(
            r"""\b(?:vergabe|vergeben|vergibt|entscheid\w*|entschieden|zuschlag|beauftrag\w*
            |(?:pick|choose|select)\w*\ (?:the\ |a\ |our\ )?(?:supplier|vendor|source)\w*
            |make\ up\ (?:our|my|their)\ minds?|decid\w+|decision|award\w*
            |board\ (?:meeting|approval)|sign(?:ed|ing)?
            |nominat\w+|place\ the\ order|release\ the\ (?:po|order)|po\ (?:by|in|on))\b""",
            re.I | re.X,
        ),
    ),
)
#: The same for a prefilter, by kind.
PATTERNS = dict(_PURPOSES)
_DURATION = re.compile(r"(?:in|within|binnen|innerhalb)\s", re.I)
_NEED = re.compile(r"\b(?:need|must|require|want|brauch|benötig|muss|müss|soll)", re.I)


def find_days(reading: Reading) -> Iterator[RfqSignal]:
    """Days ahead that a sentence ties to delivery, quotation or decision.

    A day without such a word is left out: mail is full of days. The nearest word decides, one
    before the day over one after it.
    """
    if reading.reference is None:
        return
    purposes = [
        (kind, pattern)
        for kind, pattern in _PURPOSES
        if reading.may_hold(kind) and pattern.search(reading.text)
    ]
    if not purposes:
        return
    for found in find_days_ahead(reading.text, reading.reference):
        if found.day < reading.reference or reading.is_taken(found.start, found.end):
            continue
        kind = _purpose(purposes, reading.text, found.start, found.end)
        if (
            kind == "delivery_date"
            and _DURATION.match(found.text)
            and not _NEED.search(reading.text)
        ):
            continue  # "we deliver within 4 weeks" is a lead time, not a day
        if kind:
            yield reading.signal(
                kind, found.start, found.end,
                0.9 if not found.is_inferred else 0.8 if found.precision == "day" else 0.65,
                day=found.day, is_inferred=found.is_inferred, unit=found.precision,
            )  # fmt: skip


def _purpose(
    purposes: Sequence[tuple[str, re.Pattern[str]]], text: str, start: int, end: int
) -> str | None:
    best: tuple[float, str] | None = None
    for kind, pattern in purposes:
        for match in pattern.finditer(text):
            # What stands after the day is half as near.
            far = start - match.end() if match.end() <= start else (match.start() - end) * 2 + 1
            if 0 <= far <= 90 and (best is None or far < best[0]):
                best = (far, kind)
    return best[1] if best else None
