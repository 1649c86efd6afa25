"""Who is to do what, by when: action items from what was said.

Rules find the sentence (a commitment, a request, an assignment, an agreement or a recap), its
verb of work, the owner and the due day, and weigh how sure that is. An owner who is not named with
the task and a day reckoned from the meeting's own are marked as inferred.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from detection.correspondence.transcripts.owners import Owner, Speakers
from detection.correspondence.transcripts.records import ActionItem, Turn, Utterance
from detection.correspondence.transcripts.task_cues import NAMED_RULES, NAMED_WEIGHTS, SCAN
from detection.correspondence.transcripts.turns import turns_of
from detection.days_ahead import find_days_ahead
from detection.sentences import sentence_spans

_HAS_DUE, _ACCEPTED, _CHAIR, _SHORT = 0.14, 0.10, 0.08, -0.15
_ACCEPT = re.compile(
    r"(?:(?:yes|yeah|yep|sure|okay|ok|alright|right)[,.! ]+)*"
    r"(?:sure|will do|sounds good|of course|absolutely|happy to|definitely|can do|I['’]ll|I will"
    r"|no problem|perfect|noted|on it)\b", re.I,
)  # fmt: skip
_YOU = re.compile(r"\byou(?:r|['’]ll)?\b", re.I)
_ALL = re.compile(
    r"\b(?:every(?:one|body)|any(?:one|body)|some(?:one|body)|people|folks|all)\b", re.I
)
#: Items near each other bear each other out: added for each neighbour, up to three.
_NEIGHBOUR, _NEIGHBOUR_MS, _MAX_NEIGHBOURS = 0.04, 40_000, 3
#: An item less sure than this is not given.
THRESHOLD = 0.40
#: Two sentences of one owner within this time are one item, the surer one.
_SAME_MS = 40_000
_MAX_TEXT = 300


def find_action_items(
    utterances: Sequence[Utterance],
    held_on: date | None = None,
    threshold: float = THRESHOLD,
) -> list[ActionItem]:
    """Action items in the order they were said.

    ``held_on`` is the meeting's day; without it, due dates keep their words and have no day unless
    they are written out. ``threshold`` cuts by confidence: lower finds more, and more wrongly.
    """
    turns = turns_of(utterances)
    speakers = Speakers.of(turns)
    found: list[ActionItem] = []
    for position, turn in enumerate(turns):
        for start, end in sentence_spans(turn.text):
            item = _read(turns, position, start, end, speakers, held_on)
            if item is not None:
                found.append(item)
    borne_out = _borne_out(found)
    return _without_repeats([i for i in borne_out if i.confidence >= threshold])


def _borne_out(items: list[ActionItem]) -> list[ActionItem]:
    """Items with the confidence that their neighbours lend: tasks are given out together."""
    times = [i.at_ms for i in items]
    raised = []
    for item in items:
        first = bisect_left(times, item.at_ms - _NEIGHBOUR_MS)
        near = bisect_right(times, item.at_ms + _NEIGHBOUR_MS) - first - 1
        extra = _NEIGHBOUR * min(near, _MAX_NEIGHBOURS)
        raised.append(replace(item, confidence=round(min(0.95, item.confidence + extra), 3)))
    return raised


def _read(
    turns: list[Turn], position: int, start: int, end: int, speakers: Speakers, held_on: date | None
) -> ActionItem | None:
    turn = turns[position]
    sentence = turn.text[start:end]
    may = SCAN.may_match(sentence)
    hits = [
        (w, kind, m)
        for name, (kind, rule, w) in NAMED_RULES
        if name in may and (m := rule.search(sentence))
    ]
    if not hits:
        return None
    weight, kind, match = max(hits, key=lambda hit: hit[0])
    # A second rule that agrees adds, less each time.
    weight += sum(0.06 / (i + 1) for i in range(len({k for _, k, _ in hits}) - 1))
    weight += sum(
        w for name, (pattern, w) in NAMED_WEIGHTS if name in may and pattern.search(sentence)
    )
    if len(sentence.split()) < 5:
        weight += _SHORT
    if speakers.is_chair(turn.speaker):
        weight += _CHAIR
    answers = turns[position + 1 : position + 3]
    accepted = kind == "request" and any(_ACCEPT.match(t.text) for t in answers)
    weight += _ACCEPTED if accepted else 0.0
    due = _due(sentence, held_on)
    weight += _HAS_DUE if due[1] else 0.0
    owner = _owner(kind, match, sentence, turns, position, speakers)
    ordinal, at_ms = turn.at(start + match.start())
    return ActionItem(
        text=sentence[:_MAX_TEXT],
        owner=owner.name,
        owner_is_inferred=owner.is_inferred,
        due_on=due[0],
        due_text=due[1],
        due_is_inferred=due[2],
        at_ms=at_ms,
        utterance=ordinal,
        confidence=round(min(0.95, max(0.0, weight)), 3),
        kind=kind,
        evidence=sentence,
    )


def _due(sentence: str, held_on: date | None) -> tuple[date | None, str | None, bool]:
    """Day, its words, and whether it is reckoned."""
    reference = held_on or date(2000, 1, 3)
    days = find_days_ahead(sentence, reference)
    ahead = [d for d in days if d.day >= reference]
    if not ahead:
        return None, None, False
    first = ahead[0]
    if held_on is None:
        return None, first.text, False
    return first.day, first.text, first.is_inferred


def _owner(
    kind: str,
    match: re.Match[str],
    sentence: str,
    turns: list[Turn],
    position: int,
    speakers: Speakers,
) -> Owner:
    speaker = turns[position].speaker
    if kind == "commitment":
        return Owner(speaker, True)
    if named := speakers.named(sentence, match.start(), match.end()):
        return Owner(named, False)
    if kind == "agreement":
        return Owner("everyone", True)
    if _YOU.search(sentence) and not _ALL.search(sentence):
        return Owner(speakers.addressed(turns, position), True)
    return Owner("everyone" if kind == "request" else None, True)


def _without_repeats(items: list[ActionItem]) -> list[ActionItem]:
    kept: list[ActionItem] = []
    #: Times by stretch and owner: only what lies near is compared, however many items there are.
    near: dict[tuple[int, str | None], list[int]] = defaultdict(list)
    ends: dict[int, tuple[int, int]] = {}
    for item in sorted(items, key=lambda i: (-i.confidence, i.at_ms)):
        at, place = item.at_ms, item.at_ms // _SAME_MS
        places = (place - 1, place, place + 1)
        owners = {item.owner, "everyone"}
        if any(abs(at - t) <= _SAME_MS for p in places for o in owners for t in near[p, o]):
            continue
        if item.owner is None and any(
            abs(at - t) <= _SAME_MS for p in places if p in ends for t in ends[p]
        ):
            continue
        kept.append(item)
        near[place, item.owner].append(at)
        low, high = ends.get(place, (at, at))
        ends[place] = (min(low, at), max(high, at))
    return sorted(kept, key=lambda i: (i.at_ms, i.utterance))
