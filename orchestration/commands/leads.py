"""Commands about leads: who they are, why, and what is missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.base import DAY, Json, app, console, finish
from orchestration.market import settings_in_use


@app.command(rich_help_panel="Leads")
def leads(top: Annotated[int, typer.Option(min=1, help="How many leads.")] = 10) -> None:
    """Show the top leads of the current publication."""
    from orchestration.answers.outlook import show_leads
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    simulated = settings.environment == "sandbox"
    show_leads(console, settings, open_services(settings), simulated=simulated, top=top)


@app.command(rich_help_panel="Leads")
def discoveries(
    top: Annotated[int, typer.Option(min=1, help="How many companies of each kind.")] = 10,
    ask: Annotated[
        int, typer.Option(min=0, help="Ask providers what so many of those named are (credits).")
    ] = 0,
    as_json: Json = False,
) -> None:
    """Show companies outside the CRM that fit a profile now, and those that only sources name."""
    from orchestration.answers.outlook import show_discoveries
    from orchestration.market import market_if_simulated
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    if not ask:
        show_discoveries(console, settings, top, as_json=as_json)
        return
    with market_if_simulated(settings):
        services = open_services(settings)
        show_discoveries(console, settings, top, as_json=as_json, services=services, asked=ask)


@app.command(rich_help_panel="Leads")
def why(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    since: Annotated[date | None, typer.Option(**DAY, help="Earlier day.")] = None,
    until: Annotated[date | None, typer.Option(**DAY, help="Later day; default newest.")] = None,
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    as_json: Json = False,
) -> None:
    """Explain a lead's score: its points, what changed since a day, what is missing."""
    from orchestration.answers.one_lead import show_why

    finish(
        show_why(
            console,
            settings_in_use(),
            company,
            since=since,
            until=until,
            profile=profile,
            as_json=as_json,
        )
    )


@app.command(rich_help_panel="Leads")
def watch(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    change: Annotated[float, typer.Option(help="Points up or down that matter.")] = 10,
    note: Annotated[str, typer.Option(help="Why it is watched.")] = "",
) -> None:
    """Mark a company: an alert tells when its score moves or crosses a tier."""
    from orchestration.answers.one_lead import mark_company

    finish(mark_company(console, settings_in_use(), company, min_change=change, note=note))


@app.command("suggest-icp", rich_help_panel="Leads")
def suggest_profile(
    write: Annotated[Path | None, typer.Option(help="New file for the profile.")] = None,
) -> None:
    """Show what sets won deals apart and suggest a profile from it."""
    from orchestration.answers.suggest_icp import suggest_icp

    finish(suggest_icp(console, settings_in_use(), write))
