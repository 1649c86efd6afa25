"""How far a deal is: what each source tells, and what holds after all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ml.opportunities.records import STAGES, Fragment

_RANK = {stage: rank for rank, stage in enumerate(STAGES)}
_CLOSED = frozenset({"won", "lost"})


def stage_of_fragment(fragment: Fragment) -> tuple[str, str] | None:
    """Stage that one source tells of, with its sentence; None where it tells none.

    A customer who asks for "your quotation" is asking, not quoting; one of us who thanks for the
    request while quoting is quoting; talk of a concept stays one even where a quotation is asked.
    """
    cues = {}
    for stage, confidence, sentence in fragment.stage_cues:
        if stage not in cues or confidence > cues[stage][0]:
            cues[stage] = (confidence, sentence)
    if not cues:
        return None
    for stage in ("lost", "won", "po_in_progress"):
        if stage in cues and not (stage == "won" and "lost" in cues):
            return stage, cues[stage][1]
    if "research_concept" in cues and not (fragment.is_ours and "quoting" in cues):
        return "research_concept", cues["research_concept"][1]
    if fragment.is_ours and "quoting" in cues:
        return "quoting", cues["quoting"][1]
    if "rfq" in cues:
        return "rfq", cues["rfq"][1]
    # A customer who speaks of an offer has one.
    return "quoting", cues["quoting"][1]


def stage_of(fragments: Sequence[Fragment]) -> tuple[str, str | None]:
    """Stage of a deal and the sentence that says it.

    The furthest stage holds, since a deal does not go back by a question asked again; of won and
    lost the later one holds, and talk of an order after a loss reopens it. Without any cue a deal
    is a concept where nothing is priced, else a request.
    """
    changes = stage_changes(fragments)
    if changes:
        return changes[-1][1:]
    priced = any(c.field in ("unit_price", "quantity") for f in fragments for c in f.claims)
    return ("rfq" if priced else "research_concept"), None


def stage_changes(fragments: Sequence[Fragment]) -> list[tuple[datetime, str, str]]:
    """Every change of stage that sources tell: when, to which stage, and the sentence."""
    changes: list[tuple[datetime, str, str]] = []
    for fragment in sorted(fragments, key=lambda f: (f.occurred_at, f.fragment_id)):
        told = stage_of_fragment(fragment)
        if told is None or (changes and not _advances(changes[-1][1], told[0])):
            continue
        if changes and changes[-1][1] == told[0]:
            # The end told again: the later sentence, and no change.
            changes[-1] = (changes[-1][0], *told)
        else:
            changes.append((fragment.occurred_at, *told))
    return changes


def _advances(now: str, told: str) -> bool:
    if now == "lost":
        return told in ("po_in_progress", "won")
    if now in _CLOSED or told in _CLOSED:
        return told in _CLOSED
    return _RANK[told] > _RANK[now]
