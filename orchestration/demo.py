"""The demo: the main job on the simulated market, and what a seller wants to see of it."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from rich.console import Console

from orchestration.ports import MARKET_PORT, free_port
from resources.settings import load_settings

if TYPE_CHECKING:
    from orchestration.line import Line

#: Days before today that are fetched first, so that boards and sites have a past to compare with.
#: One is enough to see what came and went; each costs half a minute of the demo's three.
EARLIER_FETCHES = (45,)
#: Opportunities shown at the end.
SHOWN_OPPORTUNITIES = 3
#: Leads whose people are searched at the end.
SEARCHED_LEADS = 5


def _show_opportunities(console: Console, line: Line) -> None:
    """Print the most urgent deals that the seller's mail, meetings, papers and CRM speak of."""
    from orchestration.answers.opportunity_view import show_list

    console.print("\nOpportunities in mail, meetings, documents and the CRM:")
    wanted = {"stage": None, "closed": False, "read": True}
    show_list(console, line.settings, wanted, top=SHOWN_OPPORTUNITIES, as_json=False)


def _enrich_best(console: Console, line: Line) -> None:
    """Ask the simulated providers about the best leads; the next run counts the answers."""
    from orchestration.answers.enriching import enrich_lead
    from orchestration.answers.finding_people import show_people_search
    from resources.enrichment.leads import open_leads

    leads = open_leads(line.settings.published)
    if leads is None:
        return
    with leads:
        best = leads.best(1)
    for lead in best:
        console.print("\nThe best lead, enriched:")
        enrich_lead(
            console, line.settings, line.services, lead.company_id,
            person=None, people=1, level="enrich", as_json=False,
        )  # fmt: skip
    console.print("\nPeople nobody knew at the best leads that lack contacts:")
    show_people_search(
        console, line.settings, line.services, None, wanted=None, top=SEARCHED_LEADS, as_json=False
    )


def run_demo(console: Console, companies: int) -> bool:
    """Run the line on the simulated market and print the top leads; True when all succeeded."""
    from sandbox.anchoring import anchor
    from sandbox.process import running_market

    started = time.perf_counter()
    os.environ["BUYING_SIGNALS_ENVIRONMENT"] = "sandbox"
    settings = load_settings()
    from assets.warehouse import read_ahead
    from orchestration.answers.outlook import show_leads
    from orchestration.line import Line

    line = Line(settings, console)
    today = line.today()
    market = anchor(settings.home, today, companies=companies)
    port = free_port(MARKET_PORT)
    drops = settings.home / "drops"
    with running_market(**market.arguments(), home=settings.home, port=port, drops=drops) as url:
        os.environ["SANDBOX_URL"] = url
        console.print(
            f"Simulated market: {market.companies:,} companies, {market.days} days of history, "
            f"vendors at {url}"
        )
        missing = list(line.missing_history(today, EARLIER_FETCHES))
        read_ahead(settings)
        ok = all(line.run_job("ingest_sources", f"Fetching {day}", day) for day in missing)
        ok = ok and line.run_job("daily_line", f"The whole line, {today}", today) and line.alert()
        if ok:
            show_leads(console, settings, line.services, simulated=True)
            _show_opportunities(console, line)
            _enrich_best(console, line)
    console.print(f"{'Finished' if ok else 'Stopped'} after {time.perf_counter() - started:.0f} s.")
    return ok
