"""Commands about opportunities: ``python -m orchestration opportunities --help``."""

from __future__ import annotations

import typer

opportunities_app = typer.Typer(
    no_args_is_help=True, help="Opportunities in mail, meetings and the CRM: their state and care."
)
