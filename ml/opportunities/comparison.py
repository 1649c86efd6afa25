"""Two sources of one customer: how likely they speak of one deal, and why.

Evidence is added up as in Fellegi and Sunter: each agreement or disagreement weighs log2 of how
much more often it is seen within one deal than between two of one customer. Weights are set by
judgement and written here once; ``opportunities.correlation.pairwise_f1`` says how they carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from ml.opportunities.records import Fragment, Link

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


@dataclass(frozen=True)
class Profile:
    """What is compared of a source."""

    fragment: Fragment

    def _values(self, field: str) -> frozenset[str]:
        return frozenset(c.value for c in self.fragment.claims if c.field == field and c.value)

    @cached_property
    def references(self) -> frozenset[str]:
        """Numbers of requests, quotations and orders."""
        return self._values("reference")

    @cached_property
    def parts(self) -> frozenset[str]:
        """Part numbers."""
        return self._values("part_number")

    @cached_property
    def products(self) -> frozenset[str]:
        """Names of products."""
        return self._values("product")

    @cached_property
    def people(self) -> frozenset[str]:
        """The customer's people, by address or name."""
        return frozenset(
            (a.email or a.name or "").lower() for a in self.fragment.actors if a.side == "customer"
        ) - {""}

    @cached_property
    def quantities(self) -> tuple[tuple[float, float], ...]:
        """Quantities, low and high."""
        return self._ranges("quantity")

    @cached_property
    def prices(self) -> tuple[tuple[float, float], ...]:
        """Unit prices, low and high."""
        return self._ranges("unit_price")

    @cached_property
    def currencies(self) -> frozenset[str]:
        """Currencies of unit prices."""
        return frozenset(
            c.currency for c in self.fragment.claims if c.field == "unit_price" and c.currency
        )

    @cached_property
    def days(self) -> frozenset:
        """Days of delivery asked for."""
        return frozenset(
            c.day for c in self.fragment.claims if c.field == "delivery_date" and c.day
        )

    def _ranges(self, field: str) -> tuple[tuple[float, float], ...]:
        return tuple(
            (c.low, c.high if c.high is not None else c.low)
            for c in self.fragment.claims
            if c.field == field and c.low is not None
        )


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
    found.append(_time(a.occurred_at, b.occurred_at))
    weight = PRIOR + sum(w for w, _ in found)
    return Link(
        a.fragment_id, b.fragment_id, round(weight, 3), probability(weight),
        tuple(f"{reason} ({w:+g})" for w, reason in found if w),
    )  # fmt: skip


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
