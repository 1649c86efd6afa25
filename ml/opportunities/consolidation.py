"""Which of several values holds: authority first, then recency; every candidate is kept.

Authority: 4, what binds or is asked in writing (our offer's price and lead time, the customer's
quantity and days, anything in an order); 3, what is stated elsewhere in writing (a target price);
2, what somebody typed into the CRM; 1, what was said in a call, or stands in a document that nobody
may have sent. Of the highest authority the latest
holds. A lower one holds instead where it disagrees and is later by more than ``STALE_DAYS``: what
was written is then out of date. What a reviewer gave or chose (5) holds until it is withdrawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from ml.opportunities.annotations import NO_REVIEW, Review
from ml.opportunities.records import (
    REVIEW,
    SINGLE_FIELDS,
    Candidate,
    Claim,
    Conflict,
    Fragment,
)
from ml.opportunities.stages import stage_of_fragment

STALE_DAYS = 21
#: Numbers that differ by no more than this share agree.
AGREE_WITHIN = 0.01
_OURS_BINDS = frozenset({"unit_price", "total_price", "lead_time", "minimum_quantity", "quantity",
                         "payment_terms", "delivery_terms", "margin"})  # fmt: skip
_THEIRS_BINDS = frozenset({"quantity", "delivery_date", "quote_due", "decision_date",
                           "payment_terms", "delivery_terms", "cost_upside"})  # fmt: skip
_ORDERED = frozenset({"po_in_progress", "won"})


def authority(fragment: Fragment, field: str) -> int:
    """4 to 1: how much a source's word counts for a field."""
    if fragment.kind in ("call", "document"):
        return 1
    if fragment.kind == "crm":
        return 2
    if fragment.is_ours:
        return 4 if field in _OURS_BINDS else 3
    told = stage_of_fragment(fragment)
    ordered = told is not None and told[0] in _ORDERED
    return 4 if ordered or field in _THEIRS_BINDS else 3


def consolidate(
    fragments: Sequence[Fragment], review: Review = NO_REVIEW
) -> tuple[dict[str, Candidate], list[Candidate], list[Conflict]]:
    """The value that holds for each field, all candidates, and where sources disagree.

    A field that a reviewer cleared has candidates and no value; one of which a reviewer said that
    nothing disagrees has no conflict.
    """
    by_field: dict[str, list[Candidate]] = defaultdict(list)
    for fragment in fragments:
        # What a reviewer says comes by the review, above all others.
        for claim in fragment.claims if fragment.kind != REVIEW else ():
            if claim.field in SINGLE_FIELDS:
                by_field[claim.field].append(
                    Candidate(
                        claim,
                        fragment.fragment_id,
                        fragment.kind,
                        fragment.occurred_at,
                        authority(fragment, claim.field),
                        False,
                    )
                )
    for candidate in review.candidates(fragments):
        by_field[candidate.claim.field].append(candidate)
    chosen: dict[str, Candidate] = {}
    everything: list[Candidate] = []
    conflicts: list[Conflict] = []
    for field in sorted(by_field):
        candidates = by_field[field]
        if len(candidates) > 1:
            candidates.sort(key=_order)
        if field in review.cleared:
            everything += candidates
            continue
        winner = choose(candidates)
        place = next(at for at, c in enumerate(candidates) if c is winner)
        winner = chosen[field] = candidates[place] = winner._replace(is_chosen=True)
        everything += candidates
        # A source agrees with one of its values; what one offers in steps is a band (``lines``).
        agreeing = {c.fragment_id for c in candidates if agree(c.claim, winner.claim)}
        against = [c for c in candidates if c.fragment_id not in agreeing]
        if against and not review.is_no_conflict(field):
            conflicts.append(Conflict(field, winner, tuple(candidates), _reason(winner, against)))
    return chosen, everything, conflicts


def _order(candidate: Candidate) -> tuple:
    return (
        candidate.occurred_at,
        candidate.fragment_id,
        candidate.claim.start or 0,
        repr(candidate.claim),
    )


def choose(candidates: list[Candidate]) -> Candidate:
    """The candidate that holds: authority first, then time, unless it is out of date."""
    best = max(c.authority for c in candidates)
    held = _latest([c for c in candidates if c.authority == best])
    if held.kind == REVIEW:
        return held
    newer = [
        c
        for c in candidates
        if c.occurred_at - held.occurred_at > timedelta(days=STALE_DAYS)
        and not agree(c.claim, held.claim)
    ]
    return _latest(newer) if newer else held


def _latest(candidates: list[Candidate]) -> Candidate:
    """The latest; within one source the surest, then the first."""
    latest = max(c.occurred_at for c in candidates)
    return max(
        (c for c in candidates if c.occurred_at == latest),
        key=lambda c: (c.authority, c.claim.confidence, -(c.claim.start or 0), c.fragment_id),
    )


def agree(claim: Claim, other: Claim) -> bool:
    """Equal, or one a range that holds the other: then it was made more exact, not changed."""
    if claim.says() == other.says():
        return True
    if claim.currency != other.currency or claim.day != other.day:
        return False
    if claim.low is None or other.low is None:
        return claim.value == other.value
    low, high = claim.low, claim.high if claim.high is not None else claim.low
    other_low, other_high = other.low, other.high if other.high is not None else other.low
    slack = AGREE_WITHIN * max(abs(high), abs(other_high))
    inside = low - slack <= other_low and other_high <= high + slack
    return inside or (other_low - slack <= low and high <= other_high + slack)


def _reason(winner: Candidate, against: list[Candidate]) -> str:
    if winner.kind == REVIEW:
        return "reviewed"
    most = max(c.authority for c in against)
    if winner.authority > most:
        return f"authority {winner.authority} over {most}"
    if winner.authority < most:
        return f"later by more than {STALE_DAYS} days"
    return "the latest of equal authority"
