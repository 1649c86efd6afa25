"""What a person is shown of the current publication on a terminal."""

from __future__ import annotations

import json

from rich.console import Console

from activation.briefing import Places, brief, default_query, show
from activation.discoveries import render_discoveries, render_names
from activation.questions import DISCOVERED_NAMES, DISCOVERIES, LEADS, MODELS, POINTS, SIGNALS
from resources.notifiers.outbox_store import OutboxStore
from resources.publication import FILE, ask, connect_published
from resources.settings import Settings
from resources.sources.ingestion import Services

TOP = 10
#: Discoveries shown below the leads; the command and the table hold all.
TOP_DISCOVERIES = 3


def show_leads(
    console: Console, settings: Settings, services: Services, *, simulated: bool, top: int = TOP
) -> None:
    """Print the top leads of the current publication and where to look next."""
    with connect_published(settings.published) as connection:
        leads = ask(connection, LEADS)
        as_of = max(lead["as_of"] for lead in leads) if leads else services.clock.today()
        companies = [lead["company_id"] for lead in leads[:top]]
        signals = ask(connection, SIGNALS, {"since": _since(as_of)})
        points = ask(connection, POINTS, {"company_ids": companies})
        models = ask(connection, MODELS)
        discoveries = ask(connection, DISCOVERIES)
    briefing = brief(
        leads,
        signals,
        points,
        models,
        as_of,
        alerts=OutboxStore(services.state).counts(),
        simulated=simulated,
        top=top,
    )
    show(console, briefing, places(settings))
    console.print()
    console.print(render_discoveries(discoveries, min(top, TOP_DISCOVERIES)))


def show_discoveries(
    console: Console,
    settings: Settings,
    top: int,
    *,
    as_json: bool = False,
    services: Services | None = None,
    asked: int = 0,
) -> None:
    """Print companies nobody knows yet that fit and show signals, and those only sources name.

    With ``services`` providers are asked about the first ``asked`` of the latter.
    """
    with connect_published(settings.published) as connection:
        listed, named = ask(connection, DISCOVERIES), ask(connection, DISCOVERED_NAMES)
    results = []
    if services is not None and asked:
        from orchestration.answers.asking_candidates import ask_about, show_asked

        results = ask_about(settings, services, named, asked)
    if as_json:
        from orchestration.answers.enriching import as_dictionary

        told = {"discoveries": listed[:top], "named_by_sources": named[:top]}
        if asked:
            told["asked"] = [as_dictionary(result) for result in results]
        print(json.dumps(told, indent=2, default=str, ensure_ascii=False))
        return
    console.print(render_discoveries(listed, top))
    console.print(render_names(named, top))
    if asked:
        show_asked(console, results)


def _since(as_of):
    from datetime import timedelta

    from activation.briefing import WHY_NOW_DAYS

    return as_of - timedelta(days=WHY_NOW_DAYS)


def places(settings: Settings) -> Places:
    """Where everything is, with commands ready to paste."""
    published = settings.published / "current" / FILE
    return Places(
        ui_command="make ui   # then http://localhost:3000",
        published=str(published),
        query=default_query(str(published)),
        mlflow_command="make ui   # then http://localhost:5000",
        quality_report=str(settings.quality_report),
        inbox=str(settings.inbox),
    )
