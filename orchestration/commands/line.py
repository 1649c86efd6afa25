"""Commands that run the line: the demo, one job, a past day again."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orchestration.commands.base import DAY, Day, app, console, finish
from orchestration.market import settings_in_use


@app.command(rich_help_panel="The line")
def demo(
    companies: Annotated[int, typer.Option(min=1, help="Companies of a new market.")] = 2000,
) -> None:
    """Run the whole line on the simulated market and show the top leads."""
    from orchestration.demo import run_demo

    finish(run_demo(console, companies))


@app.command(rich_help_panel="The line")
def run(
    day: Day = None,
    job: Annotated[str, typer.Option(help="Job to run.")] = "daily_line",
) -> None:
    """Run one job on the configured environment, then alert on what is new."""
    from assets.common import DAILY
    from orchestration.line import Line

    line = Line(settings_in_use(), console)
    today = line.today()
    chosen = day or today
    first = DAILY.start.date()
    if not first <= chosen <= today:
        raise typer.BadParameter(f"runs are kept by day from {first} to today, {today} (UTC)")
    jobs = {known.name for known in line.definitions.jobs or ()}
    if job not in jobs:
        raise typer.BadParameter(f"no job is called {job!r}; there are {', '.join(sorted(jobs))}")
    partitioned = job in ("daily_line", "ingest_sources")
    ok = line.run_job(job, f"{job} {chosen}", chosen if partitioned else None)
    finish(ok and (job == "ingest_sources" or line.alert()))


@app.command(rich_help_panel="The line")
def rebuild(
    day: Annotated[date, typer.Argument(**DAY, help="Past day.")],
) -> None:
    """Build a past day's tables again, as known at its end, beside the warehouse in use."""
    from orchestration.rebuild import rebuild as build_again

    console.print(f"The tables of {day}: {build_again(settings_in_use(), day)}")
