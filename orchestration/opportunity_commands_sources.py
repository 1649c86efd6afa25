"""Commands about the sources of opportunities: ``opportunities sync``, ``smoke``, ``manifest``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orchestration.market import market_if_simulated, settings_in_use
from orchestration.opportunity_commands import Json, console, opportunities_app


def _finish(ok: bool) -> None:
    if not ok:
        raise typer.Exit(1)


@opportunities_app.command()
def sync(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources; default all of correspondence.")
    ] = None,
    day: Annotated[str | None, typer.Option(help="Day (UTC), YYYY-MM-DD; default today.")] = None,
    as_json: Json = False,
) -> None:
    """Read mail, meetings, documents and the CRM for a day into the lake."""
    from orchestration.opportunity_sources import sync as read
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    chosen = date.fromisoformat(day) if day else None
    with market_if_simulated(settings):
        _finish(read(console, open_services(settings), sources or [], chosen, as_json=as_json))


@opportunities_app.command()
def smoke(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Sources; default all of correspondence.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask each source one cheap question; say what works, or what to change."""
    from orchestration.opportunity_sources import smoke as ask
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    with market_if_simulated(settings):
        _finish(ask(console, open_services(settings), sources or [], as_json=as_json))


@opportunities_app.command()
def manifest(
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    outcome: Annotated[str | None, typer.Option(help="read, set_aside or kept.")] = None,
    top: Annotated[int, typer.Option(min=1, help="How many items; the figures are of all.")] = 20,
    as_json: Json = False,
) -> None:
    """Show what was read, by which reader and version, and what was not and why."""
    from orchestration.opportunity_manifest import show_manifest

    settings = settings_in_use()
    _finish(show_manifest(console, settings, source, outcome, top=top, as_json=as_json))
