"""Commands that mirror the tracker's assets: ``process``, ``consolidate`` and ``show``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orchestration.market import settings_in_use
from orchestration.opportunity_commands import Json, console, opportunities_app

Day = Annotated[str | None, typer.Option(help="Day (UTC), YYYY-MM-DD; default today.")]


def _finish(ok: bool) -> None:
    if not ok:
        raise typer.Exit(1)


@opportunities_app.command()
def process(
    day: Day = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every day again, for words or readers that changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read a day's mail, meetings and CRM rows of the lake into detections."""
    from orchestration.opportunity_tracking import process as read

    chosen = date.fromisoformat(day) if day else None
    _finish(read(console, settings_in_use(), chosen, everything=everything, as_json=as_json))


@opportunities_app.command()
def consolidate(day: Day = None, as_json: Json = False) -> None:
    """Join what was read into opportunities as known on a day, and say what changed."""
    from orchestration.opportunity_tracking import consolidate as join

    chosen = date.fromisoformat(day) if day else None
    _finish(join(console, settings_in_use(), chosen, as_json=as_json))


@opportunities_app.command()
def show(
    opportunity: Annotated[
        str | None, typer.Argument(help="One in full: its id, or words of its title.")
    ] = None,
    stage: Annotated[str | None, typer.Option(help="Only this stage.")] = None,
    closed: Annotated[bool, typer.Option("--closed", help="Also what is won or lost.")] = False,
    read: Annotated[
        bool, typer.Option("--read", help="Only what mail or meetings speak of.")
    ] = False,
    top: Annotated[int, typer.Option(min=1, help="How many rows.")] = 20,
    as_json: Json = False,
) -> None:
    """Show the published opportunities, or one with its evidence, conflicts and next steps."""
    from orchestration.opportunity_view import show_list, show_one

    settings = settings_in_use()
    if opportunity is not None:
        _finish(show_one(console, settings, opportunity, as_json=as_json))
        return
    wanted = {"stage": stage, "closed": closed or stage in ("won", "lost"), "read": read}
    _finish(show_list(console, settings, wanted, top=top, as_json=as_json))
