"""Lists of technologies that companies use."""

from __future__ import annotations

from typing import Any

from sandbox.exports.common import MOST_ROWS, as_csv, draws_of, some, us_date
from sandbox.market import Market
from sandbox.market.companies import Company


def _stacks(market: Market, name: str, day: int) -> list[tuple[Company, Any]]:
    found = [
        (company, usage)
        for company in market.companies[:300]
        for usage in market.stack(company)
        if 0 < usage.first <= day and usage.last is None
    ]
    return some(market, name, found, 0.1)


def hg_insights(market: Market, day: int) -> dict[str, bytes]:
    """Products with intensity and the days they were verified."""
    rows = [
        {
            "Company Name": c.name,
            "URL": c.domain,
            "Product Name": u.technology.name,
            "Product Category": u.technology.category,
            "Intensity": 5 + (c.index % 60),
            "Date First Verified": market.date(u.first).isoformat(),
            "Date Last Verified": market.date(day - 5).isoformat(),
        }
        for c, u in _stacks(market, "hg_insights", day)
    ]
    return {"hg_products": as_csv(rows)}


def datanyze(market: Market, day: int) -> dict[str, bytes]:
    """Changes of technologies."""
    rows = [
        {
            "Domain": c.domain,
            "Company": c.name,
            "Technology": u.technology.name,
            "Category": u.technology.category,
            "Change": "Added",
            "Date": us_date(market, u.first),
        }
        for c, u in _stacks(market, "datanyze", day)
    ]
    return {"technology_changes": as_csv(rows)}


def g2(market: Market, day: int) -> dict[str, bytes]:
    """Who read about the seller's products: companies with a need more often than others."""
    draws = draws_of(market, "g2")
    rows = []
    for company in market.companies[:800]:
        if draws.chance(0.25 if market.is_in_market(company, day) else 0.01):
            rows.append(
                {
                    "Company Name": company.name,
                    "Company Domain": company.domain,
                    "Day": market.date(day - draws.integer(1, 20)).isoformat(),
                    "Signal Type": draws.pick(("Pricing", "Comparisons", "Product Profile")),
                    "Product": "Example Suite",
                    "Category": "CRM Software",
                    "Page Views": draws.integer(1, 9),
                    "Visitor Country": company.place.country,
                }
            )
    return {"buyer_intent": as_csv(rows[:MOST_ROWS])}
