"""Commands about who is who: ``python -m orchestration identity --help``."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from resources.settings import load_settings

identity_app = typer.Typer(
    no_args_is_help=True, help="Who is who: why records are one, and what a person decides."
)
console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)


def _finish(ok: bool) -> None:
    if not ok:
        raise typer.Exit(1)


@identity_app.command()
def decide(
    decision: Annotated[str, typer.Argument(help="merge, split or pin.")],
    first: Annotated[str, typer.Argument(help="A key; for split and pin a record, source|id.")],
    other: Annotated[str, typer.Argument(help="A key of the other: a domain, cik:..., an id.")],
    reason: Annotated[str, typer.Option(help="Why; it is shown with the link.")],
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    entity: Annotated[str, typer.Option(help="company or person.")] = "company",
    since: Annotated[str | None, typer.Option(help="First day, YYYY-MM-DD; default today.")] = None,
) -> None:
    """Say that two are one (merge), that a record is not another's (split) or whose it is (pin)."""
    from orchestration.who_is_who import decide as write_decision

    _finish(
        write_decision(
            console,
            load_settings(),
            decision,
            first,
            other,
            reason=reason,
            decided_by=by,
            entity=entity,
            day=date.fromisoformat(since) if since else None,
        )
    )


@identity_app.command("why-linked")
def why_records_are_linked(
    first: Annotated[str, typer.Argument(help="Domain, name, id, key, or record as source|id.")],
    other: Annotated[str | None, typer.Argument(help="Another one, to compare with.")] = None,
) -> None:
    """Explain why records are one company, or why two are not."""
    from orchestration.who_is_who import why_linked

    _finish(why_linked(console, load_settings(), first, other))


@identity_app.command()
def review(top: Annotated[int, typer.Option(help="How many pairs.")] = 20) -> None:
    """Show records that are alike and were not joined, for a person to decide."""
    from orchestration.who_is_who import show_review

    show_review(console, load_settings(), top)
