"""Commands about enrichment: ask providers, see what it costs, leave a person alone."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from orchestration.commands.base import Json, app, console, finish
from orchestration.market import market_if_simulated, settings_in_use


@app.command(rich_help_panel="Enrichment")
def enrich(
    company: Annotated[str, typer.Argument(help="Company by domain, name or id.")],
    person: Annotated[
        str | None, typer.Option(help="One person of it, by name, id or e-mail.")
    ] = None,
    people: Annotated[int, typer.Option(min=0, help="How many people, high level first.")] = 3,
    level: Annotated[
        str, typer.Option(help="identify (free), enrich or deep_research.")
    ] = "enrich",
    as_json: Json = False,
) -> None:
    """Ask providers about one company and its people, within the budget."""
    from orchestration.answers.enriching import enrich_lead
    from resources.enrichment.config import LEVELS
    from resources.sources.ingestion import open_services

    if level not in LEVELS:
        raise typer.BadParameter(f"--level is one of {', '.join(LEVELS)}")
    settings = settings_in_use()
    with market_if_simulated(settings):
        ok = enrich_lead(
            console, settings, open_services(settings), company,
            person=person, people=people, level=level, as_json=as_json,
        )  # fmt: skip
    finish(ok)


@app.command(rich_help_panel="Enrichment")
def credits(
    as_json: Json = False,
    release: Annotated[
        str | None,
        typer.Option(help="Source whose unanswered questions may be put again; 'all' for all."),
    ] = None,
) -> None:
    """Show what enrichment may cost and did cost, by source and month."""
    from orchestration.answers.enriching import show_credits
    from resources.clock import utc_now
    from resources.enrichment.ledger import Ledger
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    services = open_services(settings)
    if release is not None:
        source = None if release == "all" else release
        count = Ledger(services.state).release_doubtful(source, utc_now())
        console.print(f"{count} questions may be put again; they stay booked as charged.")
    show_credits(console, settings, services, as_json=as_json)


@app.command(rich_help_panel="Enrichment")
def suppress(
    kind: Annotated[str, typer.Argument(help="email, linkedin, phone, domain or name.")],
    value: Annotated[str, typer.Argument(help="The identifier; it is not stored, its hash is.")],
    domain: Annotated[str | None, typer.Option(help="For a name: the company's domain.")] = None,
) -> None:
    """Leave a person alone: enrichment asks nothing about them and keeps nothing."""
    from resources.enrichment.services import open_enricher
    from resources.enrichment.suppressions import KEY_VARIABLE, add_suppression, identifiers
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    try:
        said = identifiers(kind, value, domain)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if said is None:
        raise typer.BadParameter(
            f"{value!r} is no {kind}" + ("" if domain else " without --domain")
        )
    key = os.environ.get(KEY_VARIABLE, "").encode()
    added = add_suppression(settings.config_dir, said, key)
    with open_enricher(settings, open_services(settings).state) as enricher:
        erased = enricher.forget_suppressed()
    console.print(
        f"{'Added' if added else 'Already there'}; {erased} people erased from enrichment."
    )
