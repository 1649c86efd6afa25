"""What two sources are compared by, taken from each of them once."""

from __future__ import annotations

from ml.opportunities.records import Fragment


class Profile:
    """What is compared of a source, taken from its claims in one pass."""

    __slots__ = (
        "currencies",
        "days",
        "fragment",
        "parts",
        "people",
        "prices",
        "products",
        "quantities",
        "references",
        "totals",
    )  # fmt: skip

    def __init__(self, fragment: Fragment) -> None:
        self.fragment = fragment
        names: dict[str, set[str]] = {"reference": set(), "part_number": set(), "product": set()}
        ranges: dict[str, list[tuple[float, float]]] = {"quantity": [], "unit_price": []}
        currencies, days, totals = set(), set(), []
        for claim in fragment.claims:
            field = claim.field
            if field in names:
                if claim.value:
                    names[field].add(claim.value)
            elif field in ranges:
                if claim.low is not None:
                    high = claim.high if claim.high is not None else claim.low
                    ranges[field].append((claim.low, high))
                if field == "unit_price" and claim.currency:
                    currencies.add(claim.currency)
            elif field == "total_price" and claim.low is not None:
                totals.append((claim.low, claim.currency))
            elif field == "delivery_date" and claim.day:
                days.add(claim.day)
        #: Numbers of requests, quotations and orders; part numbers; names of products.
        self.references = frozenset(names["reference"])
        self.parts = frozenset(names["part_number"])
        self.products = frozenset(names["product"])
        #: Low and high.
        self.quantities = tuple(ranges["quantity"])
        self.prices = tuple(ranges["unit_price"])
        #: Currencies of unit prices; days of delivery asked for.
        self.currencies = frozenset(currencies)
        self.days = frozenset(days)
        #: Stated totals with their currencies.
        self.totals = tuple(totals)
        #: The customer's people, by address or name.
        self.people = frozenset(
            name
            for a in fragment.actors
            if a.side == "customer" and (name := (a.email or a.name or "").lower())
        )
