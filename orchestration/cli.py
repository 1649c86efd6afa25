"""Commands for people: the demo, the UI, one run of the line, publications, health."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

# Importing them adds their commands.
from orchestration import (  # noqa: F401
    opportunity_commands_care,
    opportunity_commands_sources,
    opportunity_commands_tracking,
)
from orchestration.identity_commands import identity_app
from orchestration.market import market_if_simulated, settings_in_use
from orchestration.opportunity_commands import opportunities_app
from orchestration.ports import MARKET_PORT, free_port, is_listening
from resources.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)
app.add_typer(identity_app, name="identity")
app.add_typer(opportunities_app, name="opportunities")
# The stream is taken now: while a job runs, standard output goes to a log file.
console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 100)


def _finish(ok: bool) -> None:
    if not ok:
        raise typer.Exit(1)


@app.command()
def demo(
    companies: Annotated[int, typer.Option(help="Companies of a new simulated market.")] = 2000,
) -> None:
    """Run the whole line on the simulated market and show the top leads."""
    from orchestration.demo import run_demo

    _finish(run_demo(console, companies))


@app.command()
def run(
    day: Annotated[str | None, typer.Option(help="Partition, YYYY-MM-DD; default today.")] = None,
    job: Annotated[str, typer.Option(help="Job to run.")] = "daily_line",
) -> None:
    """Run one job on the configured environment, then alert on what is new."""
    from orchestration.line import Line

    line = Line(settings_in_use(), console)
    chosen = date.fromisoformat(day) if day else line.today()
    partitioned = job in ("daily_line", "ingest_sources")
    ok = line.run_job(job, f"{job} {chosen}", chosen if partitioned else None)
    _finish(ok and (job == "ingest_sources" or line.alert()))


@app.command()
def rebuild(
    day: Annotated[str, typer.Argument(help="Past day, YYYY-MM-DD.")],
) -> None:
    """Build a past day's tables again, as known at its end, beside the warehouse in use."""
    from orchestration.rebuild import rebuild as build_again

    console.print(f"The tables of {day}: {build_again(settings_in_use(), date.fromisoformat(day))}")


@app.command()
def leads(top: Annotated[int, typer.Option(help="How many leads.")] = 10) -> None:
    """Show the top leads of the current publication."""
    from orchestration.outlook import show_leads
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    simulated = settings.environment == "sandbox"
    show_leads(console, settings, open_services(settings), simulated=simulated, top=top)


@app.command()
def discoveries(top: Annotated[int, typer.Option(help="How many companies.")] = 10) -> None:
    """Show companies outside the CRM that fit a profile and show recent signals."""
    from orchestration.outlook import show_discoveries

    show_discoveries(console, settings_in_use(), top)


@app.command()
def why(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    since: Annotated[str | None, typer.Option(help="Earlier day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option(help="Later day; default the newest.")] = None,
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain a lead's score: its points, what changed since a day, what is missing."""
    from orchestration.one_lead import show_why

    _finish(
        show_why(
            console,
            settings_in_use(),
            company,
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
            profile=profile,
            as_json=json,
        )
    )


@app.command()
def find(
    question: Annotated[str, typer.Argument(help='In plain words: "CFO at Nike".')],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Name who holds a role at a company, with the evidence; or say that nobody is known."""
    from orchestration.role_finder import show_person

    _finish(show_person(console, settings_in_use(), question, as_json=as_json))


@app.command()
def group(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    ask_model: Annotated[
        bool, typer.Option(help="Add what your language model says (off without a key).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show a company's buying group: who takes which part, why, and what is missing."""
    from orchestration.buying_group import show_group

    _finish(
        show_group(
            console,
            settings_in_use(),
            company,
            profile=profile,
            as_json=as_json,
            ask_model=ask_model,
        )
    )


@app.command("optimal-buyers")
def optimal_buyers(
    top: Annotated[int, typer.Option(help="How many companies.")] = 10,
    industry: Annotated[str | None, typer.Option(help="Only this industry.")] = None,
    country: Annotated[str | None, typer.Option(help="Only this country.")] = None,
    market: Annotated[
        str | None, typer.Option(help="small, smb, mid_market, large or enterprise.")
    ] = None,
    profile: Annotated[str | None, typer.Option(help="ICP profile; default the default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the best companies of the market: by fit and growth, then by their buying groups."""
    from orchestration.buying_group import show_optimal_buyers

    wanted = {
        "industry": industry.lower() if industry else None,
        "country": country.lower() if country else None,
        "market": market,
        "icp_profile_id": profile,
    }
    _finish(show_optimal_buyers(console, settings_in_use(), wanted, top=top, as_json=as_json))


@app.command("suggest-icp")
def suggest_profile(
    write: Annotated[Path | None, typer.Option(help="New file for the profile.")] = None,
) -> None:
    """Show what sets won deals apart and suggest a profile from it."""
    from orchestration.suggest_icp import suggest_icp

    _finish(suggest_icp(console, settings_in_use(), write))


@app.command()
def watch(
    company: Annotated[str, typer.Argument(help="Name, domain or id.")],
    change: Annotated[float, typer.Option(help="Points up or down that matter.")] = 10,
    note: Annotated[str, typer.Option(help="Why it is watched.")] = "",
) -> None:
    """Mark a company: an alert tells when its score moves or crosses a tier."""
    from orchestration.one_lead import mark_company

    _finish(mark_company(console, settings_in_use(), company, min_change=change, note=note))


@app.command()
def publications() -> None:
    """List the publications that are kept, newest first."""
    from resources.publication import list_publications

    table = Table("version", "as of", "published (UTC)", "rows", "MiB", "state")
    for item in list_publications(settings_in_use().published):
        state = "current" if item.is_current else "rolled back" if item.is_rolled_back else "kept"
        table.add_row(
            item.version,
            str(item.as_of or ""),
            f"{item.published_at:%Y-%m-%d %H:%M:%S}",
            f"{item.total_rows:,}",
            f"{item.bytes / 2**20:.1f}",
            state,
        )
    console.print(table)


@app.command()
def rollback(
    to: Annotated[str | None, typer.Option(help="Version; default the one before.")] = None,
) -> None:
    """Make an earlier publication the one that is read."""
    from assets.publication import synchronise
    from resources.publication import PublicationError
    from resources.publication import rollback as roll_back
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    try:
        publication = roll_back(settings.published, to)
    except PublicationError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error
    synchronise(settings, open_services(settings))
    console.print(f"Readers now see {publication.version} (as of {publication.as_of}).")


@app.command()
def fetch(
    route: Annotated[str, typer.Argument(help="A route of config/routes.yaml.")],
    day: Annotated[str | None, typer.Option(help="Day (UTC); default today.")] = None,
) -> None:
    """Fetch from several sources in the declared order, and say which of them spoke."""
    from resources.config_errors import ConfigurationError
    from resources.sources.ingestion import open_services
    from resources.sources.several import fetch_from_several

    services = open_services(settings_in_use())
    asked_for = date.fromisoformat(day) if day else services.clock.today()
    try:
        report = fetch_from_several(route, asked_for, services)
    except ConfigurationError as error:
        console.print(f"[red]{error}[/]")
        raise typer.Exit(1) from error
    table = Table("source", "outcome", "new rows", "error")
    for one in report.reports:
        table.add_row(one.source, one.status, str(one.total_new_rows), (one.error or "")[:80])
    for source in report.not_asked:
        table.add_row(source, "not asked", "", "")
    console.print(table)
    console.print(f"Spoke: {', '.join(report.spoke) or 'none'}")
    if not report.is_answered:
        raise typer.Exit(1)


@app.command()
def health() -> None:
    """Show the state of every source."""
    from resources.sources.ingestion import open_services
    from resources.state import source_health

    settings = settings_in_use()
    if settings.environment == "sandbox":
        os.environ.setdefault("SANDBOX_URL", f"http://127.0.0.1:{MARKET_PORT}")
    services = open_services(settings)
    table = Table(
        "source", "state", "circuit", "last success (UTC)", "records", "failures", "error"
    )
    rows = source_health(
        services.state, services.declarations.sources.values(), services.clock.now()
    )
    for row in rows:
        table.add_row(
            row.source,
            row.status,
            row.circuit,
            f"{row.last_success_at:%Y-%m-%d %H:%M}" if row.last_success_at else "never",
            str(row.records_last_run if row.records_last_run is not None else ""),
            str(row.consecutive_failures),
            (row.last_error or "")[:60],
        )
    console.print(table)


@app.command()
def enrich(
    company: Annotated[str, typer.Argument(help="Company by domain, name or id.")],
    person: Annotated[str | None, typer.Option(help="One person of it, by name.")] = None,
    people: Annotated[int, typer.Option(help="How many people, those of high level first.")] = 3,
    level: Annotated[
        str, typer.Option(help="identify (free), enrich or deep_research.")
    ] = "enrich",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Ask providers about one company and its people, within the budget."""
    from orchestration.enriching import enrich_lead
    from resources.config_errors import ConfigurationError
    from resources.enrichment.config import LEVELS
    from resources.sources.ingestion import open_services

    if level not in LEVELS:
        raise typer.BadParameter(f"--level is one of {', '.join(LEVELS)}")
    settings = settings_in_use()
    try:
        with market_if_simulated(settings):
            ok = enrich_lead(
                console, settings, open_services(settings), company,
                person=person, people=people, level=level, as_json=as_json,
            )  # fmt: skip
    except ConfigurationError as error:
        console.print(f"[red]{error}[/]", highlight=False)
        raise typer.Exit(1) from error
    _finish(ok)


@app.command()
def credits(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    release: Annotated[
        str | None,
        typer.Option(help="Source whose unanswered questions may be put again; 'all' for all."),
    ] = None,
) -> None:
    """Show what enrichment may cost and did cost, by source and month."""
    from orchestration.enriching import show_credits
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


@app.command()
def suppress(
    kind: Annotated[str, typer.Argument(help="email, linkedin, phone, domain or name.")],
    value: Annotated[str, typer.Argument(help="The identifier; it is not stored, its hash is.")],
    domain: Annotated[str | None, typer.Option(help="For a name: the company's domain.")] = None,
) -> None:
    """Leave a person alone: enrichment asks nothing about them and keeps nothing."""
    from resources.config_errors import ConfigurationError
    from resources.enrichment.services import open_enricher
    from resources.enrichment.suppressions import KEY_VARIABLE, add_suppression, identifiers
    from resources.sources.ingestion import open_services

    settings = settings_in_use()
    try:
        said = identifiers(kind, value, domain)
        if said is None:
            raise ValueError(
                f"{value!r} is no {kind}" + (" without --domain" if not domain else "")
            )
        added = add_suppression(
            settings.config_dir, said, os.environ.get(KEY_VARIABLE, "").encode()
        )
    except (ValueError, ConfigurationError) as error:
        console.print(f"[red]{error}[/]", highlight=False)
        raise typer.Exit(1) from error
    with open_enricher(settings, open_services(settings).state) as enricher:
        erased = enricher.forget_suppressed()
    console.print(
        f"{'Added' if added else 'Already there'}; {erased} people erased from enrichment."
    )


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
    mlflow_port: Annotated[int, typer.Option(help="Port of MLflow.")] = 5000,
) -> None:
    """Start the Dagster UI and daemon, MLflow and (in the sandbox) the market, until Ctrl-C."""
    from orchestration.instance import prepare_dagster_home
    from sandbox.anchoring import anchor
    from sandbox.process import running_market

    settings = settings_in_use()
    prepare_dagster_home(settings)
    if settings.environment != "sandbox" or "SANDBOX_URL" in os.environ:
        _serve(settings, port, mlflow_port)
        return
    from resources.clock import utc_now

    market = anchor(settings.home, utc_now().date())
    with running_market(
        **market.arguments(), home=settings.home, port=free_port(MARKET_PORT)
    ) as url:
        os.environ["SANDBOX_URL"] = url
        _serve(settings, port, mlflow_port)


def _serve(settings: Settings, port: int, mlflow_port: int) -> None:
    """Run the servers until interrupted, then end exactly those."""
    binaries = Path(sys.executable).parent
    settings.mlflow_artifacts.mkdir(parents=True, exist_ok=True)
    # One worker and no job runner: two processes and 0.5 GB instead of fifteen and 2.5 GB.
    environment = {**os.environ, "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    commands = [
        [binaries / "dagster", "dev", "-w", "workspace.yaml", "--port", str(port)],
        [
            binaries / "mlflow", "server", "--workers", "1", "--port", str(mlflow_port),
            "--host", "127.0.0.1", "--backend-store-uri", settings.mlflow,
            "--artifacts-destination", str(settings.mlflow_artifacts),
        ],
    ]  # fmt: skip
    for name, number in (("Dagster", port), ("MLflow", mlflow_port)):
        if is_listening(number):
            console.print(f"[red]Port {number} is taken; choose another one for {name}.[/]")
            raise typer.Exit(1)
    console.print(f"Dagster on http://localhost:{port}, MLflow on http://localhost:{mlflow_port}")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)
    children = [subprocess.Popen([str(part) for part in c], env=environment) for c in commands]
    try:
        for child in children:
            child.wait()
    except KeyboardInterrupt:
        console.print("Stopping.")
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=30)


@app.command()
def picture() -> None:
    """Print the asset graph as a Mermaid picture, one box a group."""
    from orchestration.definitions import defs
    from orchestration.picture import group_graph

    print(group_graph(defs))
