"""Two sources of one customer: how likely they speak of one deal, and why.

Evidence is added up as in Fellegi and Sunter: each agreement or disagreement weighs log2 of how
much more often it is seen within one deal than between two of one customer. Weights are set by
judgement and written here once; ``opportunities.correlation.pairwise_f1`` says how they carry.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from ml.opportunities.profiles import Profile
from ml.opportunities.two_crms import two_crms

#: Two sources of one customer are of one deal about as often as not.
PRIOR = 0.5
SAME_THREAD = 8.0
SAME_REFERENCE, OTHER_REFERENCE = 8.0, -6.0
SAME_PART, OTHER_PART = 6.0, -5.0
SAME_PRODUCT, OTHER_PRODUCT = 2.0, -6.0
SAME_PERSON = 1.0
SAME_QUANTITY, NEAR_QUANTITY, FAR_QUANTITY = 2.5, 0.5, -1.0
SAME_PRICE, NEAR_PRICE, OTHER_PRICE, OTHER_CURRENCY = 2.0, 0.5, -2.0, -1.5
SAME_DAY_WANTED = 2.5
#: Days between two sources, up to which the weight counts; beyond the last one it is ``LATER``.
TIMES = ((14, 1.0), (45, 0.5), (120, -0.5), (240, -2.0))
LATER = -4.0
#: Prices within these shares are the same, or near (a target and an offer).
SAME_WITHIN, NEAR_WITHIN = 0.005, 0.25
#: Quantities apart by more than this factor are far.
FAR_FACTOR = 5.0


class Link(NamedTuple):
    """Two sources thought to speak of one deal, or not; there are many, and few are shown."""

    left: str
    right: str
    #: log2 of the odds.
    weight: float
    #: What was weighed, with its words.
    evidence: tuple[tuple[float, str], ...]

    @property
    def probability(self) -> float:
        """That the two are of one deal."""
        return probability(self.weight)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for and against, each with its weight."""
        return tuple(f"{reason} ({weight:+g})" for weight, reason in self.evidence if weight)


def compare(left: Profile, right: Profile) -> Link:
    """The link of two sources of one customer."""
    a, b = left.fragment, right.fragment
    found: list[tuple[float, str]] = []
    if a.thread_id and a.thread_id == b.thread_id:
        found.append((SAME_THREAD, "same conversation"))
    _sets(found, left.references, right.references, SAME_REFERENCE, OTHER_REFERENCE, "reference")
    _sets(found, left.parts, right.parts, SAME_PART, OTHER_PART, "part number")
    _sets(found, left.products, right.products, SAME_PRODUCT, OTHER_PRODUCT, "product")
    if left.people & right.people:
        found.append((SAME_PERSON, "same person"))
    _quantities(found, left, right)
    _prices(found, left, right)
    if left.days & right.days:
        found.append((SAME_DAY_WANTED, "same delivery date"))
    if a.system and b.system and a.system != b.system:
        found += two_crms(left, right)
    found.append(_time(a.occurred_at, b.occurred_at))
    weight = PRIOR + sum([w for w, _ in found])
    return Link(a.fragment_id, b.fragment_id, weight, tuple(found))


def probability(weight: float) -> float:
    """Probability of log2 odds, to three places.

    >>> probability(0.0), probability(3.0)
    (0.5, 0.889)
    """
    odds = 2.0 ** max(-30.0, min(30.0, weight))
    return round(odds / (1.0 + odds), 3)


def _sets(
    found: list[tuple[float, str]],
    left: frozenset[str],
    right: frozenset[str],
    same: float,
    other: float,
    name: str,
) -> None:
    if not left or not right:
        return
    if shared := left & right:
        found.append((same, f"same {name} {min(shared)}"))
    elif name != "reference" or _kinds(left) & _kinds(right):
        # An RFQ's number and an order's say nothing about each other.
        found.append((other, f"other {name}"))


def _kinds(references: frozenset[str]) -> set[str]:
    return {r.partition(" ")[0] for r in references}


def _quantities(found: list[tuple[float, str]], left: Profile, right: Profile) -> None:
    if not left.quantities or not right.quantities:
        return
    if set(left.quantities) & set(right.quantities):
        found.append((SAME_QUANTITY, "same quantity"))
    elif any(_overlap(x, y) for x in left.quantities for y in right.quantities):
        found.append((NEAR_QUANTITY, "quantities overlap"))
    elif all(_apart(x, y) > FAR_FACTOR for x in left.quantities for y in right.quantities):
        found.append((FAR_QUANTITY, "quantities far apart"))


def _prices(found: list[tuple[float, str]], left: Profile, right: Profile) -> None:
    if not left.prices or not right.prices:
        return
    if left.currencies and right.currencies and not left.currencies & right.currencies:
        found.append((OTHER_CURRENCY, "other currency"))
        return
    apart = min(_apart(x, y) for x in left.prices for y in right.prices) - 1.0
    if apart <= SAME_WITHIN:
        found.append((SAME_PRICE, "same unit price"))
    elif apart <= NEAR_WITHIN:
        found.append((NEAR_PRICE, "unit prices near"))
    else:
        found.append((OTHER_PRICE, "unit prices apart"))


def _overlap(x: tuple[float, float], y: tuple[float, float]) -> bool:
    return x[0] <= y[1] and y[0] <= x[1]


def _apart(x: tuple[float, float], y: tuple[float, float]) -> float:
    """Factor between two ranges, 1 where they overlap."""
    if _overlap(x, y):
        return 1.0
    low, high = sorted((x, y))
    return high[0] / low[1] if low[1] > 0 else float("inf")


def _time(a: datetime, b: datetime) -> tuple[float, str]:
    days = abs((a - b).total_seconds()) / 86_400
    for limit, weight in TIMES:
        if days <= limit:
            return weight, f"within {limit} days"
    return LATER, f"more than {TIMES[-1][0]} days apart"
