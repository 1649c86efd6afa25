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
    try:
        app()
    except Exception as error:
        if not isinstance(error, _mendable()):
            raise
        console.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(1)


def _mendable() -> tuple[type[Exception], ...]:
    """Errors whose message says all that a user needs: what is wrong, where, and what to do."""
    from orchestration.rebuild import RebuildError
    from resources.clock import NotFetchableError
    from resources.config_errors import ConfigurationError
    from resources.publication import PublicationError
    from resources.state import StateStoreError

    return ConfigurationError, NotFetchableError, PublicationError, RebuildError, StateStoreError
