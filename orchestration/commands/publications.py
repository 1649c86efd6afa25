"""Commands about publications: what is kept, and going back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from orchestration.commands.base import app, console
from orchestration.market import settings_in_use


@app.command(rich_help_panel="Publications")
def publications() -> None:
    """List the publications that are kept, newest first."""
    from resources.publication import list_publications

    table = Table("version", "as of", "published (UTC)", "rows", "MiB", "state")
    for item in list_publications(settings_in_use().published):
        state = "current" if item.is_current else "rolled back" if item.is_rolled_back else "kept"
        table.add_row(
            item.version,
            str(item.as_of or ""),
            f"{item.published_at:%Y-%m-%d %H:%M:%S}",
            f"{item.total_rows:,}",
            f"{item.bytes / 2**20:.1f}",
            state,
        )
    console.print(table)


@app.command(rich_help_panel="Publications")
def rollback(
    to: Annotated[str | None, typer.Option(help="Version; default the one before.")] = None,
) -> None:
    """Make an earlier publication the one that is read."""
    import duckdb

    from assets.opportunity_report import write_opportunity_report
    from assets.publication import synchronise
    from resources.publication import PublicationError
    from resources.publication import rollback as roll_back
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    try:
        publication = roll_back(settings.published, to)
    except PublicationError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error
    synchronise(settings, open_services(settings))
    console.print(f"Readers now see {publication.version} (as of {publication.as_of}).")
    try:
        report, _ = write_opportunity_report(settings)
        console.print(f"Its readiness report is {report}.")
    except duckdb.Error as error:
        # Made by an older release, whose tables had other columns.
        console.print(f"[yellow]The readiness report still shows the version before: {error}[/]")
