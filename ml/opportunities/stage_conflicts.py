"""Where correspondence and CRMs disagree on how far a deal is.

Which stage holds is for ``stages``; here stands beside it what each side (the correspondence, each
CRM) tells by itself. A side that lags is no disagreement: a request becomes an offer, and the CRM
is brought up to date later. It disagrees where its word cannot be an earlier step on the same way:

- both tell an end, and another one;
- an end holds, and the other side told an open stage later, or within ``STALE_DAYS`` before it (an
  order in progress goes with a deal that is won);
- an open stage holds, and the other side tells an end, or tells an earlier stage at a later time;
- a reviewer's stage holds, and a side tells another one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from ml.opportunities.annotations import NO_REVIEW, REVIEWED, Review
from ml.opportunities.consolidation import STALE_DAYS, authority
from ml.opportunities.records import REVIEW, Candidate, Claim, Conflict, Fragment
from ml.opportunities.stages import stage_of, stage_of_fragment

_CLOSED = frozenset({"won", "lost"})


def stage_conflict(
    fragments: Sequence[Fragment], stage: str, review: Review = NO_REVIEW
) -> Conflict | None:
    """What each side tells of the stage, where one disagrees with ``stage``; None where none does.

    ``fragments`` are one deal's, in the order of time.
    """
    if review.is_no_conflict("stage"):
        return None
    sides = _sides(fragments)
    said = review.value("stage")
    if said is not None and said.claim is not None:
        chosen = Candidate(
            said.claim._replace(field="stage"), f"{REVIEW}:{said.annotation_id}", REVIEW,
            said.reviewed_at, REVIEWED, True,
        )  # fmt: skip
        against = [side for side in sides if side.claim.value != stage]
        others = sides
    else:
        held = [side for side in sides if side.claim.value == stage]
        if not held:
            return None
        chosen = held[-1]._replace(is_chosen=True)
        others = [side for side in sides if side is not held[-1]]
        against = [side for side in others if _disagrees(side, chosen)]
    if not against:
        return None
    candidates = sorted([*others, chosen], key=lambda c: (c.occurred_at, c.fragment_id))
    return Conflict("stage", chosen, tuple(candidates), _reason(chosen, against))


def _sides(fragments: Sequence[Fragment]) -> list[Candidate]:
    """The stage that each side tells by itself, with its last source that says so, by time."""
    sides: dict[str, list[Fragment]] = defaultdict(list)
    for fragment in fragments:
        if fragment.kind != REVIEW:
            sides[fragment.system or "correspondence"].append(fragment)
    found = []
    for told in sides.values():
        stage, _ = stage_of(told)
        for fragment in reversed(told):
            cue = stage_of_fragment(fragment)
            if cue is not None and cue[0] == stage:
                claim = Claim("stage", value=stage, evidence=cue[1])
                found.append(
                    Candidate(
                        claim, fragment.fragment_id, fragment.kind, fragment.occurred_at,
                        authority(fragment, "stage"), False,
                    )
                )  # fmt: skip
                break
    return sorted(found, key=lambda c: (c.occurred_at, c.fragment_id))


def _disagrees(side: Candidate, chosen: Candidate) -> bool:
    told, held = side.claim.value, chosen.claim.value
    if told == held or (held == "won" and told == "po_in_progress"):
        return False
    if told in _CLOSED:
        return True
    earliest = chosen.occurred_at
    if held in _CLOSED:
        earliest -= timedelta(days=STALE_DAYS)
    return side.occurred_at > earliest


def _reason(chosen: Candidate, against: Sequence[Candidate]) -> str:
    if chosen.kind == REVIEW:
        return "reviewed"
    ends = any(side.claim.value in _CLOSED for side in against)
    if chosen.claim.value in _CLOSED:
        return "the later of two ends" if ends else "an end over an open stage"
    return "talk of an order after a loss" if ends else "the furthest stage"
