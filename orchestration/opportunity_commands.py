"""Commands about opportunities: ``python -m orchestration opportunities --help``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

opportunities_app = typer.Typer(
    no_args_is_help=True, help="Opportunities in mail, meetings and the CRM: their state and care."
)
# The stream is taken now: while a job runs, standard output goes to a log file.
console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
