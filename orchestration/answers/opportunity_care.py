"""What a person is shown of the care for opportunities, and what they may ask to be written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from activation import opportunity_questions as questions
from activation.crm_export import CRMS
from activation.text import money
from orchestration.answers.terminal import cell, tell
from resources.config_errors import ConfigurationError
from resources.publication import PublicationError, ask, connect_published, current
from resources.settings import Settings
from resources.state import StateStore

if TYPE_CHECKING:
    from assets.crm_export import Export

SEVERITIES = ("blocker", "warning", "note")
_NEEDED = "run the line first: `make demo`, or `python -m orchestration run`."
Row = Mapping[str, Any]


def show_quality(
    console: Console,
    settings: Settings,
    opportunity: str | None,
    *,
    severity: str,
    rules: Sequence[str],
    top: int,
    as_json: bool,
) -> bool:
    """Print findings; False, after saying why, when they cannot be asked for."""
    if severity not in SEVERITIES:
        tell(console, f"No severity {severity!r}; there are {', '.join(SEVERITIES)}.", "red")
        return False
    asked = {
        "severities": list(SEVERITIES[: SEVERITIES.index(severity) + 1]),
        "rules": list(rules),
        "opportunity_id": opportunity,
        "top": top,
    }
    rows = _asked(console, settings, questions.FINDINGS, asked)
    if rows is None:
        return False
    if as_json:
        _json(rows)
    elif not rows:
        console.print("No findings.")
    else:
        _table(
            console,
            {"Severity": 8, "Opportunity": 30, "Score": 5, "What": 60, "To do": 50},
            (
                (r["severity"], f"{r['title']} ({r['opportunity_id']})",
                 f"{r['quality_score']:.0f}", r["message"], r["remedy"])
                for r in rows
            ),
        )  # fmt: skip
    return True


def show_report(console: Console, settings: Settings, *, as_json: bool) -> bool:
    """Write the report of the current publication and print it, or its data."""
    from assets.opportunity_report import write_opportunity_report

    try:
        report, data = write_opportunity_report(settings)
    except PublicationError as error:
        tell(console, str(error), "red")
        return False
    if as_json:
        _json(data)
    else:
        print(report.read_text("utf-8"))
        tell(console, f"Written to {report}, its data and picture beside it.")
    return True


def publish_now(console: Console, settings: Settings, *, as_json: bool) -> bool:
    """Run the line from what is in the lake to the publication and its report, with progress."""
    from orchestration.line import Line

    shown = Console(stderr=True) if as_json else console
    line = Line(settings, shown)
    day = line.today()
    if not line.run_job("follow_events", f"Publishing {day}", day):
        return False
    publication = current(settings.published)
    report = settings.reports / "opportunities" / "readiness.md"
    if as_json:
        _json({"version": publication and publication.version, "report": str(report)})
    else:
        tell(console, f"Published {publication and publication.version}; the report is {report}.")
    return True


def show_history(
    console: Console, settings: Settings, opportunity: str | None, *, top: int, as_json: bool
) -> bool:
    """Print one opportunity's snapshots, or the figures by day and the latest changes of stage."""
    one = {"opportunity_id": opportunity}
    changes = _asked(console, settings, questions.STAGE_CHANGES, one | {"top": top})
    if changes is None:
        return False
    if opportunity is not None:
        days = _asked(console, settings, questions.HISTORY, one) or []
        if not days:
            tell(console, f"History knows no opportunity {opportunity}.", "red")
            return False
    else:
        days = _asked(console, settings, questions.TRENDS) or []
        days = [row for row in days if row["dimension"] == "open"]
    if as_json:
        _json({"days": days, "stage_changes": changes})
        return True
    if opportunity is not None:
        _table(
            console,
            {"Day": 10, "Stage": 16, "Priority": 8, "Worth": 10, "Quality": 7, "Sources": 7},
            (
                (r["as_of"], r["stage"], r["priority"], money(r["value"], r["currency"]),
                 f"{r['quality_score']:.0f}", r["source_count"])
                for r in days[-top:]
            ),
        )  # fmt: skip
        return True
    _table(
        console,
        {"Day": 10, "Open": 6, "Worth": 10, "Quality": 7, "Blockers": 8, "Conflicts": 9,
         "Late steps": 10},
        (
            (r["as_of"], r["opportunity_count"], money(r["value_usd"]), f"{r['quality_score']:.0f}",
             r["blocker_count"], r["conflict_count"], r["overdue_step_count"])
            for r in days[-top:]
        ),
    )  # fmt: skip
    console.print()
    _table(
        console,
        {"Day": 10, "Opportunity": 50, "From": 16, "To": 16},
        ((r["changed_on"], r["title"], r["from_stage"] or "new", r["to_stage"]) for r in changes),
    )
    return True


def show_metrics(console: Console, settings: Settings, *, monthly: bool, as_json: bool) -> bool:
    """Print counts by stage and priority, and accuracy by reviewers' word."""
    from assets.opportunity_report import dashboard_data

    try:
        data = dashboard_data(settings)
    except PublicationError as error:
        tell(console, str(error), "red")
        return False
    accuracy = data["accuracy"]
    if monthly:
        accuracy = _asked(console, settings, questions.ACCURACY, {"monthly": True}) or []
    names = ("as_of", "totals", "stages", "priorities", "quality_bands", "annotations")
    if as_json:
        _json({**{name: data[name] for name in names}, "accuracy": accuracy})
        return True
    for title, rows in (("Stage", data["stages"]), ("Priority (open)", data["priorities"])):
        _table(
            console,
            {title: 18, "Opportunities": 13, "Worth": 10, "Quality": 7},
            (
                (r["label"], r["opportunity_count"], money(r["value_usd"]),
                 "-" if r["quality_score"] is None else f"{r['quality_score']:.0f}")
                for r in rows
            ),
        )  # fmt: skip
        console.print()
    if not accuracy:
        console.print("No reviewer has judged anything yet: `opportunities feedback --help`.")
        return True
    _table(
        console,
        {"Subject": 11, "Label": 18, "Period": 8, "Precision": 9, "Recall": 7, "n": 5},
        (
            (r["subject"], r["label"], r["period"], _share(r["precision"]), _share(r["recall"]),
             r["true_positives"] + r["false_positives"] + r["false_negatives"])
            for r in accuracy
        ),
    )  # fmt: skip
    return True


def export_files(
    console: Console, settings: Settings, crm: str, *, everything: bool, as_json: bool
) -> bool:
    """Write the files for a CRM; False, after saying why, when they cannot be written."""
    from assets.crm_export import export_to_crm

    chosen = next((name for name in CRMS if name == crm), None)
    if chosen is None:
        tell(console, f"No CRM {crm!r}; there are {', '.join(CRMS)}.", "red")
        return False
    try:
        with closing(StateStore(settings.state)) as state:
            done = export_to_crm(settings, state, chosen, everything=everything)
    except (ConfigurationError, PublicationError) as error:
        tell(console, str(error), "red")
        return False
    if as_json:
        _json({**vars(done), "folder": str(done.folder) if done.folder else None})
    elif done.folder is None:
        tell(
            console,
            f"Nothing has changed since the last export ({done.unchanged} unchanged"
            f"{_left_out(done, crm)}).",
        )
    else:
        tell(
            console,
            f"{done.records} opportunities ({done.updates} that {crm} has), {done.withdrawn} taken"
            f" back, {done.requests} requests for its API, in {done.folder}; {done.unchanged}"
            f" unchanged{_left_out(done, crm)}.",
        )
    return True


def _left_out(done: Export, crm: str) -> str:
    """What people deleted in the CRM is not made again; `opportunities quality` shows which."""
    count = len(done.deleted)
    return f"; {count} deleted in {crm} and left alone (rule deleted_in_crm)" if count else ""


def _asked(
    console: Console, settings: Settings, sql: str, parameters: Mapping[str, Any] | None = None
) -> list[Row] | None:
    """Rows of the current publication; None, after saying so, before the first."""
    try:
        with connect_published(settings.published) as connection:
            return ask(connection, sql, parameters)
    except PublicationError:
        tell(console, f"Nothing is published in {settings.published}; {_NEEDED}", "red")
        return None


def _table(console: Console, columns: Mapping[str, int], rows: Iterable[Sequence[object]]) -> None:
    """Rows in columns of at most so many characters; long text goes on below."""
    table = Table(box=None, pad_edge=False)
    for name, width in columns.items():
        table.add_column(name, max_width=width, overflow="fold")
    for row in rows:
        table.add_row(*(cell(value, 240) for value in row))
    console.print(table)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _json(value: object) -> None:
    print(json.dumps(value, indent=2, default=str, ensure_ascii=False))
