"""Commands about sources: how they are, and what they say to one question."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.table import Table

from orchestration.commands.base import Day, Json, app, console, finish
from orchestration.market import settings_in_use
from orchestration.ports import MARKET_PORT


@app.command(rich_help_panel="Sources")
def fetch(
    route: Annotated[str, typer.Argument(help="A route of config/routes.yaml.")],
    day: Day = None,
) -> None:
    """Fetch from several sources in the declared order, and say which of them spoke."""
    from resources.sources.ingestion import open_services
    from resources.sources.several import fetch_from_several

    services = open_services(settings_in_use())
    report = fetch_from_several(route, day or services.clock.today(), services)
    table = Table("source", "outcome", "new rows", "error")
    for one in report.reports:
        table.add_row(one.source, one.status, str(one.total_new_rows), (one.error or "")[:80])
    for source in report.not_asked:
        table.add_row(source, "not asked", "", "")
    console.print(table)
    console.print(f"Spoke: {', '.join(report.spoke) or 'none'}")
    finish(report.is_answered)


@app.command(rich_help_panel="Sources")
def health(as_json: Json = False) -> None:
    """Show the state of every source, what needs care first; exit code 1 when one fails."""
    from orchestration.answers.source_health import show_health
    from resources.sources.ingestion import open_services
    from resources.state import source_health

    settings = settings_in_use()
    if settings.environment == "sandbox":
        os.environ.setdefault("SANDBOX_URL", f"http://127.0.0.1:{MARKET_PORT}")
    services = open_services(settings)
    rows = source_health(
        services.state, services.declarations.sources.values(), services.clock.now()
    )
    finish(show_health(console, rows, as_json=as_json))
