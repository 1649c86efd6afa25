"""The hidden buying process: needs that arise, and the opportunities they end in.

A *need* is the interval in which a company is in-market. It arises at a rate that depends on the
company's fit, gives off signals (``events``), and ends in a purchase, a loss, or nothing. Nobody
outside the truth tables sees it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.words import USD_OF

#: Needs are simulated from this many days before the history, so that it starts in full swing.
WARM_UP = 300
#: A need that gives off no sign: the company buys unannounced.
SILENT_SHARE = 0.12
#: A need the seller meets at all (becomes an opportunity).
MET_SHARE = 0.52
#: Companies that signal as if in need, and never are.
DECOY_SHARE = 0.04


@dataclass(slots=True)
class Need:
    """One in-market interval, from ``start`` to ``end`` (days, end excluded)."""

    need_id: str
    start: int
    end: int
    silent: bool
    #: won, lost or none.
    outcome: str
    opened: int | None
    closed: int | None
    #: The share of equal needs that would be lost at the worst chances under which this one is won.
    luck: float = 1.0


@dataclass(slots=True)
class Opportunity:
    """One CRM opportunity. Amounts in ``currency``; ``closed`` may lie in the future."""

    opportunity_id: str
    account_id: str
    need_id: str | None
    name: str
    opened: int
    closed: int
    won: bool
    #: First estimate and final amount.
    estimate: float
    amount: float
    currency: str
    #: Fractions of the way at which the stages after the first begin.
    steps: tuple[float, float, float]
    lead_source: str
    owner: str


PRODUCTS = ("Platform", "Data Connectors", "Analytics Suite", "Enterprise Plan", "Pilot")
OWNERS = ("Mara Ellison", "Theo Brandvold", "Jun Takahara", "Priya Venn", "Oskar Lind")
LEAD_SOURCES = ("Outbound", "Inbound", "Partner", "Event", "Referral")


#: What speeds a purchase up: fresh money, and after it somebody new who spends it, both in the days
#: before the deal closes.
ACCELERATOR = ("funding_round", "executive_change")
#: What ends one: an executive leaves, and with them who wanted it, unless fresh money and somebody
#: new stand for it. These two are the patterns of signals that deals depend on.
INHIBITOR = "executive_change:negative"
PATTERN_DAYS = 180
#: Log-odds of a win with neither pattern, with the one, with the other; beside those of fit.
PLAIN, PROMISING, LOSING = 0.1, 5.0, -3.0


def chance_to_win(company: Company, *, base: float = PLAIN) -> float:
    """How likely a deal is won: a better fit wins more often; ``base`` is its pattern's."""
    odds = base + 0.45 * math.log(company.fit + 0.2)
    return 1.0 / (1.0 + math.exp(-odds))


def settle(company: Company) -> None:
    """Decide the outcomes of the company's deals anew, now that its events are known.

    A deal is lost or won by its own luck as before, at chances that the patterns before it change;
    when needs arise stays as it was drawn.
    """
    for need in company.needs:
        if need.closed is not None:
            won = need.luck < chance_to_win(company, base=pattern_odds(company, need.closed))
            need.outcome = "won" if won else "lost"


def pattern_odds(company: Company, closed: int) -> float:
    """The log-odds that what happened at the company in the days before a deal closed gives it.

    Money first, then who comes or rises speeds it up; else somebody's leaving ends it.
    """
    since = closed - PATTERN_DAYS
    money, then = ACCELERATOR
    before = [event for event in company.events if since <= event.day < closed]
    raised = [event.day for event in before if event.type == money]
    changes = [event for event in before if event.type == then]
    came = [event.day for event in changes if event.subtype != "departure"]
    if raised and any(day > min(raised) for day in came):
        return PROMISING
    return LOSING if len(came) < len(changes) else PLAIN


def draw_needs(d: Draws, company: Company, horizon: int) -> list[Need]:
    """Needs of one company from the warm-up to the end of the market."""
    needs: list[Need] = []
    t = -WARM_UP + d.exponential(365.0 / company.need_rate)
    while t < horizon:
        start = int(t)
        silent = d.chance(SILENT_SHARE)
        if d.chance(MET_SHARE):
            opened = start + int(18 + min(110.0, d.exponential(34)))
            closed = opened + int(20 + d.exponential(26) + d.exponential(26))
            luck = d.u()
            won = luck < chance_to_win(company)
            needs.append(
                Need(
                    f"need-{company.index}-{len(needs)}", start, closed + 1, silent,
                    "won" if won else "lost", opened, closed, luck,
                )
            )  # fmt: skip
            pause = 420 if won else 60
        else:
            end = start + int(60 + d.exponential(65))
            needs.append(
                Need(
                    f"need-{company.index}-{len(needs)}", start, end, silent, "none", None, None
                )
            )  # fmt: skip
            pause = 60
        t = needs[-1].end + pause + d.exponential(365.0 / company.need_rate)
    return needs


def draw_decoy(d: Draws, days: int) -> tuple[int, int] | None:
    """A window in which a company signals like a buyer without being one."""
    if not d.chance(DECOY_SHARE):
        return None
    start = d.integer(0, days)
    return start, start + d.integer(60, 120)


def deal_amount(d: Draws, company: Company, boosted: bool) -> float:
    """Final amount in US dollars: grows with size and industry, and when fresh money is there."""
    typical = 9_000 * (company.employees / 50) ** 0.55 * company.industry.value
    return typical * (1.45 if boosted else 1.0) * math.exp(d.normal(0.0, 0.38))


def draw_opportunities(d: Draws, company: Company) -> list[Opportunity]:
    """Opportunities that the company's needs end in; uses its events for the amount."""
    found = []
    currency = company.place.currency if company.place.currency in ("USD", "EUR", "GBP") else "USD"
    for need in company.needs:
        if need.opened is None or need.closed is None:
            continue
        boosted = any(
            event.type == "funding_round" and need.start - 90 <= event.day <= need.closed
            for event in company.events
        )
        dollars = deal_amount(d, company, boosted)
        amount = round(dollars / USD_OF[currency], -2) or 500.0
        product = d.pick(PRODUCTS)
        first, second = sorted((d.between(0.12, 0.6), d.between(0.25, 0.75)))
        found.append(
            Opportunity(
                opportunity_id=f"006{company.index:07d}{len(found):02d}",
                account_id=account_id(company.index),
                need_id=need.need_id,
                name=f"{company.name} - {product}",
                opened=need.opened,
                closed=need.closed,
                won=need.outcome == "won",
                estimate=round(amount * math.exp(d.normal(0.0, 0.25)), -2) or 500.0,
                amount=amount,
                currency=currency,
                steps=(first, second, d.between(max(second, 0.6), 0.95)),
                lead_source=d.pick(LEAD_SOURCES),
                owner=d.pick(OWNERS),
            )
        )
    return found


def account_id(index: int) -> str:
    """CRM account number of a company."""
    return f"001{index:08d}"
