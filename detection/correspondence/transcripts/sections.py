"""What a meeting was about, stretch by stretch: attendees, pricing, margins, decisions, tasks.

A section opens with a sentence that speaks of its subject and lasts while turns stay with it or
follow at once; two subjects may overlap, as talk does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.owners import name_and_affiliation
from detection.correspondence.transcripts.records import (
    ActionItem,
    Attendee,
    Section,
    Turn,
    Utterance,
)
from detection.correspondence.transcripts.turns import turns_of
from detection.money import find_money
from detection.sentences import sentence_spans

_CUES = {
    "attendees": re.compile(
        r"""\b(?:introduc\w+\ (?:myself|ourselves|yourself)|round\ of\ introductions|my\ name\ is
        |who(?:['’]s|\ is)\ (?:on\ the\ call|joining)|joining\ (?:us\ )?(?:today|from)
        |on\ the\ call\ (?:today|we\ have|are)
        |i(?:['’]m|\ am)\ (?:the|our)\ \w+\ (?:\w+\ )?
         (?:manager|director|lead|engineer|buyer|head))\b""",
        re.I | re.X,
    ),
    "pricing": re.compile(
        r"""\b(?:pric(?:e|es|ing)|quot(?:e|es|ed|ation)s?|per\ (?:unit|piece)|unit\ cost|discounts?
        |budget|volume\ (?:break|tier)s?|list\ price|payment\ terms|invoice)\b""",
        re.I | re.X,
    ),
    "margins": re.compile(
        r"""\b(?:margins?|mark-?up|gross\ profit|cost\ (?:down|saving|reduction|upside)s?|cogs
        |landed\ cost|profitab\w+)\b""",
        re.I | re.X,
    ),
    "decisions": re.compile(
        r"""\b(?:(?:we|they|i)(?:['’]ve|\ have)?\ (?:decided|agreed|settled\ on|concluded|approved)
        |(?:the\ )?decision\ (?:is|was)|(?:let['’]s|we(?:['’]ll|\ will))\ go\ with
        |(?:that|it)(?:['’]s|\ is)\ (?:decided|agreed|settled)|final\ decision|signed\ off
        |no\ objections?)\b""",
        re.I | re.X,
    ),
}
SECTION_KINDS = (*_CUES, "action_items")
#: Turns about something else, and time, that a section may hold before it ends.
_MAX_OTHER_TURNS, _MAX_GAP_MS = 2, 60_000


def find_sections(utterances: Sequence[Utterance]) -> list[Section]:
    """Sections of a meeting by kind, then by time."""
    return sections_of(utterances, turns_of(utterances), find_action_items(utterances))


def sections_of(
    utterances: Sequence[Utterance], turns: Sequence[Turn], items: Sequence[ActionItem]
) -> list[Section]:
    """Sections as ``find_sections`` gives them, of what was found of a meeting already."""
    sections: list[Section] = []
    for kind in _CUES:
        sections += _stretches(kind, turns)
    cues = {u.ordinal: u for u in utterances} if items else {}
    for item in items:
        cue = cues[item.utterance]
        heard = int(cue.speaker is not None)
        sections.append(
            Section(
                "action_items", cue.ordinal, cue.ordinal, item.at_ms, cue.end_ms, item.evidence,
                heard,
            )
        )  # fmt: skip
    return sections


def attendees_of(utterances: Sequence[Utterance]) -> list[Attendee]:
    """Everyone who spoke, in the order first heard, with what stands behind the name."""
    seen: dict[str, Attendee] = {}
    for utterance in utterances:
        if utterance.speaker and utterance.speaker not in seen:
            seen[utterance.speaker] = Attendee(*name_and_affiliation(utterance.speaker))
    return list(seen.values())


def _stretches(kind: str, turns: Sequence[Turn]) -> list[Section]:
    sections: list[Section] = []
    held: list[Turn] = []
    #: Turns since it opened, also those that answer without a word of the subject.
    since: list[Turn] = []
    opened, others = "", 0
    for turn in turns:
        sentence = _speaks_of(kind, turn.text)
        apart = held and turn.start_ms - held[-1].end_ms > _MAX_GAP_MS
        if held and (apart or (sentence is None and others >= _MAX_OTHER_TURNS)):
            sections.append(_section(kind, held, since, opened))
            held, since, others = [], [], 0
        if sentence is not None:
            if not held:
                opened = sentence
            held.append(turn)
            since.append(turn)
            others = 0
        elif held:
            since.append(turn)
            others += 1
    if held:
        sections.append(_section(kind, held, since, opened))
    return sections


def _speaks_of(kind: str, text: str) -> str | None:
    cue = _CUES[kind].search(text)
    position = cue.start() if cue else None
    if position is None and kind == "pricing" and (amounts := find_money(text)):
        position = amounts[0].start
    if position is None:
        return None
    return next(text[a:b] for a, b in sentence_spans(text) if position < b)


def _section(kind: str, held: list[Turn], since: list[Turn], evidence: str) -> Section:
    within = since[: since.index(held[-1]) + 1]
    return Section(
        kind,
        held[0].starts[0][1],
        held[-1].starts[-1][1],
        held[0].start_ms,
        held[-1].end_ms,
        evidence,
        len({turn.speaker for turn in within if turn.speaker}),
    )
