"""Sources of correspondence for people: reading them for a day, asking whether they work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from orchestration.answers.terminal import cell, tell
from resources.config_errors import ConfigurationError
from resources.sources.ingestion import IngestReport, Services, ingest
from resources.sources.smoke import Probe, correspondence_sources, probe

#: Statuses of a reading after which nothing needs a person.
FINE = ("ok", "unchanged", "not_configured")
_COLOURS = {"works": "green", "not_configured": "yellow", "ok": "green", "unchanged": "green"}


def sync(
    console: Console,
    services: Services,
    sources: Sequence[str],
    day: date | None,
    *,
    as_json: bool,
) -> bool:
    """Read the sources of correspondence for a day into the lake and say what came.

    False when one of them failed, or a named one is no source of correspondence or is off.
    """
    known = correspondence_sources(services)
    if unknown := [name for name in sources if name not in known]:
        tell(console, f"{', '.join(unknown)}: no source of correspondence; there are "
             f"{', '.join(known)}", style="red")  # fmt: skip
        return False
    asked_for = day or services.clock.today()
    reports = _read(console, services, list(sources) or known, asked_for, quiet=as_json)
    if as_json:
        print(json.dumps([_as_object(report) for report in reports], indent=2))
    else:
        _show(console, reports)
    named_and_off = [r for r in reports if sources and r.status == "not_configured"]
    return not named_and_off and all(report.status in FINE for report in reports)


def _read(
    console: Console, services: Services, names: list[str], day: date, *, quiet: bool
) -> list[IngestReport]:
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    reports = []
    with Progress(*columns, console=console, disable=quiet, redirect_stdout=False) as progress:
        for name in names:
            task = progress.add_task(name, total=None)

            def told(done: int, total: int, task=task) -> None:
                progress.update(task, completed=done, total=total)

            reports.append(ingest(name, day, services, progress=told))
            count = max(1, reports[-1].records)
            progress.update(task, completed=count, total=count)
    return reports


def _as_object(report: IngestReport) -> dict[str, object]:
    return {
        "source": report.source,
        "day": report.day.isoformat(),
        "status": report.status,
        "new_rows": report.new_rows,
        "set_aside": report.rejected,
        "requests": report.requests,
        "seconds": round(report.seconds, 2),
        "error": report.error,
    }


def _show(console: Console, reports: Sequence[IngestReport]) -> None:
    table = Table("source", "outcome", "new", "set aside", "requests", "what to know")
    for report in reports:
        new = ", ".join(f"{count:,} {stream}" for stream, count in report.new_rows.items())
        table.add_row(
            report.source,
            f"[{_COLOURS.get(report.status, 'red')}]{report.status}[/]",
            new,
            str(report.rejected or ""),
            str(report.requests or ""),
            cell(report.error or "", 120),
        )
    console.print(table)


def smoke(console: Console, services: Services, sources: Sequence[str], *, as_json: bool) -> bool:
    """Ask each source one cheap question and say in plain words what works or what to change.

    Without names all are asked, and one that is off is no failure; a named one that is off is.
    """
    try:
        found = [probe(name, services) for name in sources or correspondence_sources(services)]
    except ConfigurationError as error:
        tell(console, str(error), style="red")
        return False
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    else:
        for one in found:
            _say(console, one)
    fine = ("works",) if sources else ("works", "not_configured")
    return all(one.status in fine for one in found)


def _say(console: Console, one: Probe) -> None:
    colour = _COLOURS.get(one.status, "red")
    word = {"works": "works", "not_configured": "off"}.get(one.status, one.status)
    console.print(f"[{colour}]{one.source}: {word}[/]")
    tell(console, f"  {one.told}")
    if one.remedy:
        tell(console, f"  To do: {one.remedy}")
