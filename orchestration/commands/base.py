"""What all commands share: the application, the console, and how a failure ends."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Run the line, ask what it found, and look after it.",
)
# The stream is taken now: while a job runs, standard output goes to a log file.
console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)


def read_day(text: str) -> date:
    """A day as people write it on the command line. Raises ``typer.BadParameter``."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2026-04-01") from None


#: What makes an argument or option a day.
DAY = {"parser": read_day, "metavar": "YYYY-MM-DD"}
Day = Annotated[date | None, typer.Option(**DAY, help="Day (UTC); default today.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def finish(ok: bool) -> None:
    """End with exit code 1 where what was asked for did not come about."""
    if not ok:
        raise typer.Exit(1)


def main() -> None:
    """Run the command line; what a user can mend ends with its message, not with a traceback."""
    from resources.config_errors import ConfigurationError

    try:
        app()
    except ConfigurationError as error:
        console.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)
