"""Cues joined to turns: tools cut a sentence where a breath is, readers need whole sentences."""

from __future__ import annotations

from collections.abc import Sequence

from detection.correspondence.transcripts.records import Turn, Utterance

#: A silence longer than this ends a turn even where nobody else speaks.
MAX_SILENCE_MS = 15_000
#: A lecture is cut into turns of about this length, so that a place in it stays near.
MAX_TURN_MS = 90_000


def turns_of(utterances: Sequence[Utterance]) -> list[Turn]:
    """Consecutive cues of one speaker as one text, in order; empty cues are passed over."""
    turns: list[Turn] = []
    held: list[Utterance] = []
    for utterance in utterances:
        if not utterance.text:
            continue
        if held and (
            utterance.speaker != held[-1].speaker
            or utterance.start_ms - held[-1].end_ms > MAX_SILENCE_MS
            or utterance.end_ms - held[0].start_ms > MAX_TURN_MS
        ):
            turns.append(_turn(held))
            held = []
        held.append(utterance)
    if held:
        turns.append(_turn(held))
    return turns


def _turn(held: list[Utterance]) -> Turn:
    starts, position = [], 0
    for utterance in held:
        starts.append((position, utterance.ordinal, utterance.start_ms))
        position += len(utterance.text) + 1
    text = " ".join(u.text for u in held)
    return Turn(held[0].speaker, held[0].start_ms, held[-1].end_ms, text, tuple(starts))
