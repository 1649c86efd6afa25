"""What the seller's own tools saw people of the companies do."""

from __future__ import annotations

from sandbox.exports.common import MOST_ROWS, Row, as_csv, draws_of
from sandbox.market import Market
from sandbox.market.companies import Company, plain
from sandbox.market.draws import Draws
from sandbox.market.events import person
from sandbox.market.staff import ACCOUNTS, Employee

#: What champions do with the seller, and what anybody else may do.
DEALINGS = ("Email Reply", "Demo Requested", "Meeting Booked", "Whitepaper Download")
GLANCES = ("Page View", "Page View", "Pricing Page Visited", "Email Clicked", "Whitepaper Download")


def engagement(market: Market, day: int) -> dict[str, bytes]:
    """What people did with the seller: those of companies with a need far more often.

    At the accounts champions deal with the seller; others look, and a few download something.
    """
    draws = draws_of(market, "engagement")
    kinds = ("Pricing Page Visited", "Whitepaper Download", "Email Reply", "Connection Accepted",
             "Demo Requested", "Page View")  # fmt: skip
    rows = []
    for company in market.companies:
        if not draws.chance(0.3 if market.is_in_market(company, day) else 0.006):
            continue
        for _ in range(draws.integer(1, 3)):
            name = person(draws)
            mail = f"{plain(name.split()[0])}@{company.domain}"
            rows.append(_act(market, day, draws, company, name, mail, draws.pick(kinds)))
    del rows[3 * MOST_ROWS :]
    acted = draws_of(market, "engagement of accounts")
    for company in market.companies[:ACCOUNTS]:
        for employee in market.staff(company):
            for kind in _acts(acted, employee):
                known = (employee.name, employee.email)
                rows.append(_act(market, day, acted, company, *known, kind))
    return {"engagement": as_csv(rows)}


def _acts(draws: Draws, employee: Employee) -> list[str]:
    """What one of an account's staff did lately."""
    if employee.part == "champion":
        return [draws.pick(DEALINGS) for _ in range(draws.integer(1, 3))]
    is_curious = draws.chance(0.12 if employee.part else 0.02)
    return [draws.pick(GLANCES)] if is_curious else []


def _act(
    market: Market, day: int, draws: Draws, company: Company, name: str, mail: str, kind: str
) -> Row:
    moment = market.time(day - draws.integer(1, 30), draws.integer(25_000, 70_000))
    return {
        "Event Type": kind,
        "Timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Company": company.name,
        "Company Domain": company.domain,
        "Contact Name": name,
        "Email": mail,
        "Channel": "website",
        "Page URL": "",
        "Content": "Guide to forecasting" if draws.chance(0.4) else "",
    }
