"""The command line, a module a subject: ``python -m orchestration --help``."""

# Importing them adds their commands, in the order in which help lists them.
from orchestration.commands import (  # noqa: F401, I001
    line,
    servers,
    leads,
    people,
    sources,
    publications,
    enrichment,
    opportunities_care,
    opportunities_sources,
    opportunities_tracking,
)
from orchestration.commands.base import app, main
from orchestration.commands.identity import identity_app
from orchestration.commands.opportunities import opportunities_app

app.add_typer(opportunities_app, name="opportunities", rich_help_panel="Opportunities and identity")
app.add_typer(identity_app, name="identity", rich_help_panel="Opportunities and identity")

__all__ = ["app", "main"]
