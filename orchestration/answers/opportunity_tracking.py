"""Reading and joining opportunities by hand, as the line does it: what came, what it made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from assets.detections import quarantined
from assets.fingerprints import Knowledge
from assets.opportunities import join_day
from assets.opportunity_feedback import annotations_by
from assets.opportunity_runs import tracker_dataset
from assets.opportunity_sources import TABLES
from assets.reading import Workers, expand, read_day
from detection.correspondence.rfq.vocabulary import VocabularyError
from detection.readers import READERS
from ml.opportunities.records import STAGES
from orchestration.answers.terminal import tell
from resources.settings import Settings
from resources.sources.ingestion import Services, open_services


def process(
    console: Console, settings: Settings, day: date | None, *, everything: bool, as_json: bool
) -> bool:
    """Read a day's (or every day's) mail, meetings and CRM rows; False where the words are wrong.

    What cannot be read goes to quarantine, as in the line. Reading again changes nothing.
    """
    services = open_services(settings)
    days = _days(services) if everything else [day or services.clock.today()]
    work = [(table, each) for each in days for table in TABLES]
    told: list[dict[str, Any]] = []
    try:
        with (
            Workers(knowledge=Knowledge.of(settings)) as workers,
            _progress(console, "Reading", len(work), quiet=as_json) as advance,
        ):
            for table, each in work:
                advance(f"{table} {each}")
                written, rejected, _ = read_day(
                    READERS[table], services.lake, settings.detections, each, workers
                )
                services.quarantine.add("read", each, [quarantined(row) for row in rejected])
                told.append(
                    {"table": table, "day": each.isoformat(), "rows": written.rows,
                     "set_aside": len(rejected)}
                )  # fmt: skip
            advance("")
    except VocabularyError as error:
        tell(console, str(error), "red")
        return False
    if as_json:
        print(json.dumps(told, indent=2))
        return True
    shown = Table("detections", "days", "rows", "set aside")
    for table in TABLES:
        rows = [one for one in told if one["table"] == table]
        shown.add_row(
            table,
            str(len({one["day"] for one in rows if one["rows"]})),
            f"{sum(one['rows'] for one in rows):,}",
            f"{sum(one['set_aside'] for one in rows):,}",
        )
    console.print(shown)
    return True


def consolidate(console: Console, settings: Settings, day: date | None, *, as_json: bool) -> bool:
    """Join everything read up to a day and say what changed since the last joining before."""
    services = open_services(settings)
    chosen = day or services.clock.today()
    before = _stages(settings, chosen)
    try:
        with _progress(console, "Joining", 1, quiet=as_json) as advance:
            advance(f"as known on {chosen}")
            annotations = annotations_by(services.state, chosen)
            joined = join_day(settings, services.quarantine, chosen, annotations)
            advance("")
    except VocabularyError as error:
        tell(console, str(error), "red")
        return False
    made = joined.tables["opportunities"]
    now = dict(zip(*(made[n].to_pylist() for n in ("opportunity_id", "stage")), strict=True))
    stages = Counter(now.values())
    told = {
        "day": chosen.isoformat(),
        "sources": joined.sources,
        "opportunities": len(now),
        "stages": {stage: stages[stage] for stage in STAGES},
        "conflicts": sum(made["conflict_count"].to_pylist()),
        "new": sorted(now.keys() - before.keys()),
        "gone": sorted(before.keys() - now.keys()),
        "moved": {
            key: [before[key], now[key]]
            for key in sorted(now.keys() & before.keys())
            if before[key] != now[key]
        },
    }
    if as_json:
        print(json.dumps(told, indent=2))
        return True
    tell(
        console,
        f"{told['sources']:,} sources are {told['opportunities']:,} opportunities with "
        f"{told['conflicts']:,} conflicts; {len(told['new']):,} new, {len(told['moved']):,} moved, "
        f"{len(told['gone']):,} joined to others or gone.",
    )
    shown = Table(*STAGES)
    shown.add_row(*(f"{stages[stage]:,}" for stage in STAGES))
    console.print(shown)
    tell(console, "They are published by the next run of the line.")
    return True


def _days(services: Services) -> list[date]:
    lake = services.lake
    streams = {s for table in TABLES for s in expand(READERS[table].streams, lake)}
    return sorted({day for stream in streams for day in lake.dataset(*stream).days()})


def _stages(settings: Settings, day: date) -> dict[str, str]:
    """Stage of each opportunity by the last joining before or on ``day``."""
    dataset = tracker_dataset(settings, "opportunities")
    last = max((each for each in dataset.days() if each <= day), default=None)
    if last is None:
        return {}
    rows = dataset.read([last], ["opportunity_id", "stage"]).to_pylist()
    return {row["opportunity_id"]: row["stage"] for row in rows}


@contextmanager
def _progress(console: Console, title: str, steps: int, *, quiet: bool) -> Iterator[Any]:
    """A bar over ``steps``; gives a function that names the next one. Nothing where quiet."""
    columns = (
        TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(),
        TimeElapsedColumn(), TextColumn("{task.fields[step]}"),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=True, disable=quiet) as progress:
        task = progress.add_task(title, total=steps, step="", completed=-1)

        def advance(step: str) -> None:
            progress.update(task, advance=1, step=step)

        yield advance
