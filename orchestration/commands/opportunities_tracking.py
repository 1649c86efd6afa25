"""Commands that mirror the tracker's assets: ``process``, ``consolidate`` and ``show``."""

from __future__ import annotations

from typing import Annotated

import typer

from orchestration.commands.base import Day, Json, console, finish
from orchestration.commands.opportunities import opportunities_app
from orchestration.market import settings_in_use


@opportunities_app.command()
def process(
    day: Day = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every day again, for words or readers that changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Read a day's mail, meetings and CRM rows of the lake into detections."""
    from orchestration.answers.opportunity_tracking import process as read

    finish(read(console, settings_in_use(), day, everything=everything, as_json=as_json))


@opportunities_app.command()
def consolidate(day: Day = None, as_json: Json = False) -> None:
    """Join what was read into opportunities as known on a day, and say what changed."""
    from orchestration.answers.opportunity_tracking import consolidate as join

    finish(join(console, settings_in_use(), day, as_json=as_json))


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
    from orchestration.answers.opportunity_view import show_list, show_one

    settings = settings_in_use()
    if opportunity is not None:
        finish(show_one(console, settings, opportunity, as_json=as_json))
        return
    wanted = {"stage": stage, "closed": closed or stage in ("won", "lost"), "read": read}
    finish(show_list(console, settings, wanted, top=top, as_json=as_json))
