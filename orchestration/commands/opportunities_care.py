"""Commands that look after opportunities: quality, report, publish, feedback, history, metrics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from orchestration.commands.base import Json, console, finish
from orchestration.commands.opportunities import opportunities_app
from orchestration.market import market_if_simulated, settings_in_use

feedback_app = typer.Typer(no_args_is_help=True, help="What reviewers say of opportunities.")
opportunities_app.add_typer(feedback_app, name="feedback")

Top = Annotated[int, typer.Option(min=1, help="How many rows.")]


@opportunities_app.command()
def quality(
    opportunity: Annotated[str | None, typer.Argument(help="Only this one (opp_...).")] = None,
    severity: Annotated[str, typer.Option(help="Least: blocker, warning or note.")] = "warning",
    rule: Annotated[list[str] | None, typer.Option(help="Only findings of this rule.")] = None,
    top: Top = 20,
    as_json: Json = False,
) -> None:
    """Show what is wrong with opportunities, the gravest first, and what to do about it."""
    from orchestration.answers.opportunity_care import show_quality

    finish(
        show_quality(
            console, settings_in_use(), opportunity, severity=severity, rules=rule or [], top=top,
            as_json=as_json,
        )
    )  # fmt: skip


@opportunities_app.command()
def report(as_json: Json = False) -> None:
    """Write the readiness report of the current publication and show it."""
    from orchestration.answers.opportunity_care import show_report

    finish(show_report(console, settings_in_use(), as_json=as_json))


@opportunities_app.command()
def publish(as_json: Json = False) -> None:
    """Apply what was read and reviewed since, publish it and write the report."""
    from orchestration.answers.opportunity_care import publish_now

    settings = settings_in_use()
    with market_if_simulated(settings):
        ok = publish_now(console, settings, as_json=as_json)
    finish(ok)


@opportunities_app.command()
def history(
    opportunity: Annotated[str | None, typer.Argument(help="Only this one (opp_...).")] = None,
    top: Top = 20,
    as_json: Json = False,
) -> None:
    """Show how opportunities went: figures by day and changes of stage, or one's snapshots."""
    from orchestration.answers.opportunity_care import show_history

    finish(show_history(console, settings_in_use(), opportunity, top=top, as_json=as_json))


@opportunities_app.command()
def metrics(
    monthly: Annotated[bool, typer.Option(help="Accuracy by month.")] = False,
    as_json: Json = False,
) -> None:
    """Show counts by stage and priority, and how right the platform was by its reviewers."""
    from orchestration.answers.opportunity_care import show_metrics

    finish(show_metrics(console, settings_in_use(), monthly=monthly, as_json=as_json))


@opportunities_app.command("export")
def export_to_a_crm(
    crm: Annotated[str, typer.Argument(help="salesforce or hubspot.")],
    everything: Annotated[
        bool, typer.Option("--all", help="All opportunities, not only those that changed.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write files that the CRM imports, and the bodies for its API; nothing is sent."""
    from orchestration.answers.opportunity_care import export_files

    finish(export_files(console, settings_in_use(), crm, everything=everything, as_json=as_json))


@feedback_app.command("import")
def import_annotations(
    file: Annotated[Path, typer.Argument(help="CSV or JSON; docs/opportunities.md, Feedback.")],
    as_json: Json = False,
) -> None:
    """Take up a file of annotations, all of it or, where a line is wrong, nothing."""
    from orchestration.answers.opportunity_feedback import import_file

    finish(import_file(console, settings_in_use(), file, as_json=as_json))


@feedback_app.command("add")
def add_annotation(
    about: Annotated[str, typer.Argument(help="mail:..., call:..., review:... or opp_...")],
    action: Annotated[str, typer.Argument(help="set, choose, confirm, merge, split, missed, ...")],
    reviewer: Annotated[str, typer.Option("--by", help="Who says so.")],
    field: Annotated[str | None, typer.Option(help="Field that it is about.")] = None,
    value: Annotated[str | None, typer.Option(help="Value of set, title of missed.")] = None,
    other: Annotated[str | None, typer.Option(help="Other source, or annotation.")] = None,
    comment: Annotated[str | None, typer.Option(help="In your own words.")] = None,
    as_json: Json = False,
) -> None:
    """Say one thing about an opportunity; the next run of the line applies it."""
    from orchestration.answers.opportunity_feedback import add_one

    stated = {
        "about": about, "action": action, "reviewer": reviewer, "field": field, "value": value,
        "other": other, "comment": comment,
    }  # fmt: skip
    finish(add_one(console, settings_in_use(), stated, as_json=as_json))


@feedback_app.command("list")
def list_feedback(top: Top = 20, as_json: Json = False) -> None:
    """Show annotations, the latest first, and what became of each."""
    from orchestration.answers.opportunity_feedback import show_annotations

    finish(show_annotations(console, settings_in_use(), top=top, as_json=as_json))
