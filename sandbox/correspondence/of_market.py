"""The correspondence of a market's seller: customers are companies of the market's CRM."""

from __future__ import annotations

from datetime import timedelta

from sandbox.correspondence.casting import Customer
from sandbox.correspondence.generate import generate
from sandbox.correspondence.records import Correspondence
from sandbox.market import Market
from sandbox.market.draws import number

#: One deal in writing for so many companies of the market, within these bounds.
COMPANIES_A_DEAL = 50
FEWEST, MOST = 30, 240
#: Mails about something else for each deal.
DISTRACTORS_A_DEAL = 2
#: Days before the market's last day on which the correspondence begins.
BEFORE_DAYS = 340


def of_market(market: Market) -> Correspondence:
    """Mails, calls and CRM rows with their truth; the same market gives the same bytes."""
    config = market.config
    deals = max(FEWEST, min(config.companies // COMPANIES_A_DEAL, MOST))
    return generate(
        config.seed,
        deals,
        deals * DISTRACTORS_A_DEAL,
        start=config.start + timedelta(days=config.today - BEFORE_DAYS),
        buyers=buyers(market, deals),
    )


def buyers(market: Market, at_most: int) -> list[Customer]:
    """Companies that the CRM knows with people, each bearing a name of its own."""
    known = sorted(
        (c for c in market.companies if c.crm_since is not None and c.homonym_of is None),
        key=lambda company: number(f"correspondence|{company.domain}"),
    )
    found = []
    for company in known:
        people = [(f"{p.first} {p.last}", p.email) for p in market.contacts(company) if p.email]
        if people and len(found) < at_most:
            found.append(Customer(company.legal_name, company.domain, tuple(people[:2])))
    return found
