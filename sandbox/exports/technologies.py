"""Lists of technologies that companies use, and of who reads about the seller's products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.exports.common import MOST_ROWS, as_csv, draws_of, some, us_date
from sandbox.market import Market
from sandbox.market.companies import Company


def listed_tools(market: Market, name: str, day: int) -> list[tuple[Company, Any]]:
    """Technologies in use that a vendor lists: company, and how it uses one."""
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
        for c, u in listed_tools(market, "hg_insights", day)
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
        for c, u in listed_tools(market, "datanyze", day)
    ]
    return {"technology_changes": as_csv(rows)}


@dataclass(frozen=True, slots=True)
class Visit:
    """One day on which somebody of a company read about the seller's products."""

    company: Company
    day: int
    looked_at: str
    pages: int


def visits(market: Market, day: int) -> list[Visit]:
    """Who read about the seller's products: companies with a need more often than others."""
    draws = draws_of(market, "g2")
    found = []
    for company in market.companies[:800]:
        if draws.chance(0.25 if market.is_in_market(company, day) else 0.01):
            on = day - draws.integer(1, 20)
            looked_at = draws.pick(("Pricing", "Comparisons", "Product Profile"))
            found.append(Visit(company, on, looked_at, draws.integer(1, 9)))
    return found[:MOST_ROWS]


def g2(market: Market, day: int) -> dict[str, bytes]:
    """Visits of the seller's pages at a place where products are compared."""
    rows = [
        {
            "Company Name": visit.company.name,
            "Company Domain": visit.company.domain,
            "Day": market.date(visit.day).isoformat(),
            "Signal Type": visit.looked_at,
            "Product": "Example Suite",
            "Category": "CRM Software",
            "Page Views": visit.pages,
            "Visitor Country": visit.company.place.country,
        }
        for visit in visits(market, day)
    ]
    return {"buyer_intent": as_csv(rows)}
