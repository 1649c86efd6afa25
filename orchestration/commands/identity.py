"""Commands about who is who: ``python -m orchestration identity --help``."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from orchestration.commands.base import DAY, console, finish
from resources.settings import load_settings

identity_app = typer.Typer(
    no_args_is_help=True, help="Who is who: why records are one, and what a person decides."
)


@identity_app.command()
def decide(
    decision: Annotated[str, typer.Argument(help="merge, split or pin.")],
    first: Annotated[str, typer.Argument(help="A key; for split and pin a record, source|id.")],
    other: Annotated[str, typer.Argument(help="A key of the other: a domain, cik:..., an id.")],
    reason: Annotated[str, typer.Option(help="Why; it is shown with the link.")],
    by: Annotated[str | None, typer.Option(help="Who decides.")] = None,
    entity: Annotated[str, typer.Option(help="company or person.")] = "company",
    since: Annotated[date | None, typer.Option(**DAY, help="First day; default today.")] = None,
) -> None:
    """Say that two are one (merge), that a record is not another's (split) or whose it is (pin)."""
    from orchestration.answers.who_is_who import decide as write_decision

    finish(
        write_decision(
            console,
            load_settings(),
            decision,
            first,
            other,
            reason=reason,
            decided_by=by,
            entity=entity,
            day=since,
        )
    )


@identity_app.command("why-linked")
def why_records_are_linked(
    first: Annotated[str, typer.Argument(help="Domain, name, id, key, or record as source|id.")],
    other: Annotated[str | None, typer.Argument(help="Another one, to compare with.")] = None,
) -> None:
    """Explain why records are one company, or why two are not."""
    from orchestration.answers.who_is_who import why_linked

    finish(why_linked(console, load_settings(), first, other))


@identity_app.command()
def review(top: Annotated[int, typer.Option(min=1, help="How many pairs.")] = 20) -> None:
    """Show records that are alike and were not joined, for a person to decide."""
    from orchestration.answers.who_is_who import show_review

    show_review(console, load_settings(), top)
