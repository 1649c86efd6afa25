"""What one source offers at several quantities and prices: bands of one product, lines of several.

A claim does not say which product it is of. A source that names one product and three prices
offers that product at three prices (a scale); one that names two products and two prices has two
lines, and nothing says which belongs to which: their values are neither spread into a band nor
multiplied.
"""

from __future__ import annotations

from collections.abc import Sequence

from ml.opportunities.records import REVIEW, Candidate, Claim, Fragment

#: Fields of which one source may tell a scale, and what makes two values comparable.
BANDED = {"quantity": "unit", "unit_price": "currency"}


def has_several_lines(fragment: Fragment) -> bool:
    """Whether a source names several products, with several quantities or prices."""
    told: dict[str, set] = {}
    for claim in fragment.claims:
        told.setdefault(claim.field, set()).add(claim.says())
    names = told.get("product") or told.get("part_number") or ()
    return len(names) > 1 and any(len(told.get(field, ())) > 1 for field in BANDED)


def scale_of(winner: Candidate, candidates: Sequence[Candidate]) -> list[Claim]:
    """The different values that the winner's source tells of its field, in order of place."""
    field = winner.claim.field
    if winner.kind == REVIEW or field not in BANDED or winner.claim.low is None:
        return [winner.claim]
    alike = BANDED[field]
    told = [
        c.claim
        for c in candidates
        if c.claim.field == field
        and c.fragment_id == winner.fragment_id
        and c.claim.low is not None
        and getattr(c.claim, alike) == getattr(winner.claim, alike)
    ]
    told.sort(key=lambda claim: (claim.start or 0, repr(claim)))
    return list({claim.says(): claim for claim in told}.values())


def band_of(winner: Candidate, scale: Sequence[Claim]) -> Candidate:
    """The winner with the range of everything that its source tells for the field."""
    if len(scale) < 2:
        return winner
    ends = [value for c in scale for value in (c.low, c.high) if value is not None]
    return winner._replace(claim=winner.claim._replace(low=min(ends), high=max(ends)))


def worth_of(quantities: Sequence[Claim], prices: Sequence[Claim]) -> float | None:
    """Quantity times price of the upper ends; of a scale the step that is worth most.

    As many quantities as prices are taken for pairs in the order told. Where both are several and
    their numbers differ, nothing says what belongs together: unknown.
    """
    highs = [[c.high for c in claims if c.high] for claims in (quantities, prices)]
    if not all(highs):
        return None
    if len(highs[0]) == len(highs[1]):
        return round(max(q * p for q, p in zip(*highs, strict=True)), 2)
    if min(map(len, highs)) > 1:
        return None
    return round(max(highs[0]) * max(highs[1]), 2)
