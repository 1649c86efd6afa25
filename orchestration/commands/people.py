"""Commands about people: who holds a role, who buys together, where to start."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.base import Json, app, console, finish
from orchestration.market import settings_in_use


@app.command(rich_help_panel="People")
def find(
    question: Annotated[str, typer.Argument(help='In plain words: "CFO at Nike".')],
    as_json: Json = False,
) -> None:
    """Name who holds a role at a company, with the evidence; or say that nobody is known."""
    from orchestration.answers.role_finder import show_person

    finish(show_person(console, settings_in_use(), question, as_json=as_json))


@app.command(rich_help_panel="People")
def people(
    company: Annotated[
        str | None,
        typer.Argument(help="Domain, name or id; without one, the best leads."),
    ] = None,
    wanted: Annotated[
        int | None, typer.Option(min=1, help="Contacts wanted, up to people_search.most.")
    ] = None,
    leads: Annotated[
        int, typer.Option(min=1, help="Without a company: how many leads that lack contacts.")
    ] = 10,
    as_json: Json = False,
) -> None:
    """Ask providers for people nobody knows yet, within the budget; groups count them next run."""
    from orchestration.answers.finding_people import show_people_search
    from orchestration.market import market_if_simulated
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    with market_if_simulated(settings):
        ok = show_people_search(
            console, settings, open_services(settings), company,
            wanted=wanted, top=leads, as_json=as_json,
        )  # fmt: skip
    finish(ok)


@app.command(rich_help_panel="People")
def group(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    ask_model: Annotated[
        bool, typer.Option(help="Add what your language model says (off without a key).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show a company's buying group: who takes which part, why, and what is missing."""
    from orchestration.answers.buying_group import show_group

    finish(
        show_group(
            console,
            settings_in_use(),
            company,
            profile=profile,
            as_json=as_json,
            ask_model=ask_model,
        )
    )


@app.command("optimal-buyers", rich_help_panel="People")
def optimal_buyers(
    top: Annotated[int, typer.Option(min=1, help="How many companies.")] = 10,
    industry: Annotated[
        str | None, typer.Option(help="Only this industry, by any name (SaaS) or code (naics:51).")
    ] = None,
    country: Annotated[
        str | None, typer.Option(help="Only this country or region, such as UK or DACH.")
    ] = None,
    market: Annotated[
        str | None, typer.Option(help="small, smb, mid_market, large or enterprise.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    as_json: Json = False,
) -> None:
    """Show the best companies of the market: by fit and growth, then by their buying groups."""
    from orchestration.answers.buying_group import show_optimal_buyers
    from resources.standard_codes import UnknownWordError, industry_terms, place

    try:
        countries = list(place(country).codes) if country else None
    except UnknownWordError as error:
        raise typer.BadParameter(str(error), param_hint="--country") from error
    wanted = {
        "industries": industry_terms(industry) if industry else None,
        "countries": countries,
        "market": market,
        "icp_profile_id": profile,
    }
    finish(show_optimal_buyers(console, settings_in_use(), wanted, top=top, as_json=as_json))
