"""Commands about the sources of opportunities: ``opportunities sync``, ``smoke``, ``manifest``."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.base import Day, Json, console, finish
from orchestration.commands.opportunities import opportunities_app
from orchestration.market import market_if_simulated, settings_in_use


@opportunities_app.command()
def sync(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources; default all of correspondence.")
    ] = None,
    day: Day = None,
    as_json: Json = False,
) -> None:
    """Read mail, meetings, documents and the CRM for a day into the lake."""
    from orchestration.answers.opportunity_sources import sync as read
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    with market_if_simulated(settings):
        finish(read(console, open_services(settings), sources or [], day, as_json=as_json))


@opportunities_app.command()
def smoke(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources; default all of correspondence.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask each source one cheap question; say what works, or what to change."""
    from orchestration.answers.opportunity_sources import smoke as ask
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    with market_if_simulated(settings):
        finish(ask(console, open_services(settings), sources or [], as_json=as_json))


@opportunities_app.command()
def manifest(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    outcome: Annotated[str | None, typer.Option(help="read, set_aside or kept.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many items; the figures are of all.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what was read, by which reader and version, and what was not and why."""
    from orchestration.answers.opportunity_manifest import show_manifest

    settings = settings_in_use()
    finish(show_manifest(console, settings, source, outcome, top=top, as_json=as_json))
