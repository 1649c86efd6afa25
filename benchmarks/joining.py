"""What a day's joining of opportunities costs: all sources, a day of one in a hundred, none.

    python -m benchmarks.joining [--sources 20000]

The simulated correspondence is fetched and read on two days, all but a hundredth on the first. Then
it is joined three ways: both days at once, the second after the first, and a day later with nothing
new. The tables of the second day must be those of joining at once. Processor seconds; writing the
day's tables is part of them.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from assets.fingerprints import Knowledge
from assets.opportunities import Joined, join_day
from assets.opportunity_sources import TABLES
from assets.reading import Workers, detection_dataset, read_day
from benchmarks.opportunities import correspondence, count
from detection.readers import READERS
from resources.collector import collector_paused
from resources.settings import Settings
from resources.sources.ingestion import Services, ingest, open_services
from sandbox.correspondence.files import FOLDERS, write_files
from sandbox.correspondence.records import Correspondence

#: After the last source of the simulated correspondence: what is dated later is joined anew.
FIRST = date(2027, 2, 1)
#: How long ago the first of the two days is fetched.
FIRST_AGE = timedelta(days=3)
SHARE, SEED = 0.01, 3
_VARIABLES = {"mail_files": "MAIL_FOLDER", "meeting_files": "MEETING_FOLDER",
              "drive_folder": "DRIVE_FOLDER", "crm_reports": "CRM_REPORTS"}  # fmt: skip


class OtherTablesError(Exception):
    """Joining day by day did not make what joining at once makes."""


def measure(sources: int) -> dict[str, tuple[float, int, int]]:
    """Processor seconds, sources looked at and sources in all, by way of joining."""
    raw = correspondence(sources)
    print(f"{count(raw):,} sources are fetched and read", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(home=home, environment="sandbox")
        services = _services(settings)
        for number, part in enumerate(_split(raw)):
            _live(settings, services, FIRST + timedelta(days=number), part)
        days = [FIRST + timedelta(days=n) for n in range(3)]
        Knowledge.of(settings).install()
        apart = settings.model_copy(update={"home": home / "apart"})
        apart.home.mkdir()
        apart.detections.symlink_to(settings.detections)
        joined: dict[str, tuple[float, Joined]] = {}
        for name, there, day in (
            ("warm", apart, days[0]), ("all", apart, days[1]), ("first", settings, days[0]),
            ("a day of one in a hundred", settings, days[1]), ("nothing new", settings, days[2]),
        ):  # fmt: skip
            if name == "all":
                _forget(apart)
            started = time.process_time()
            with collector_paused():
                done = join_day(there, services.quarantine, day)
            joined[name] = time.process_time() - started, done
        _compare(joined["all"][1], joined["a day of one in a hundred"][1])
    return {
        name: (seconds, done.new_sources, done.sources)
        for name, (seconds, done) in joined.items()
        if name not in ("warm", "first")
    }


def _forget(settings: Settings) -> None:
    for file in (settings.tracker / "carried").iterdir():
        file.unlink()


def _compare(one: Joined, other: Joined) -> None:
    for name, table in one.tables.items():
        times = ["joined_at"] if "joined_at" in table.schema.names else []
        if not table.drop_columns(times).equals(other.tables[name].drop_columns(times)):
            raise OtherTablesError(f"{name} differs between joining at once and day by day")


def _services(settings: Settings) -> Services:
    folders = {f"BUYING_SIGNALS_{_VARIABLES[s]}": str(settings.home / f) for s, f in
               FOLDERS.items()}  # fmt: skip
    for folder in folders.values():
        Path(folder).mkdir(parents=True)
    return open_services(settings, {**os.environ, **folders})


def _split(raw: Correspondence) -> tuple[Correspondence, Correspondence]:
    random = Random(SEED)
    old: dict[str, Sequence[Any]] = {}
    new: dict[str, Sequence[Any]] = {}
    for name in ("mails", "calls", "crm"):
        told = list(getattr(raw, name))
        random.shuffle(told)
        few = max(1, round(len(told) * SHARE))
        new[name], old[name] = told[:few], told[few:]
    return replace(raw, **old), replace(raw, **new)


def _live(settings: Settings, services: Services, day: date, raw: Correspondence) -> None:
    fetched = services.clock.today() - FIRST_AGE + (day - FIRST)
    at = datetime.combine(fetched, datetime.min.time(), UTC) + timedelta(hours=6)
    write_files(raw, settings.home, day.isoformat(), at)
    for source in FOLDERS:
        ingest(source, fetched, services)
    with Workers(count=1, knowledge=Knowledge.of(settings)) as workers:
        for table in TABLES:
            read_day(READERS[table], services.lake, settings.detections, fetched, workers)
            # Nothing is fetched on a day to come; what was read is laid where it is joined.
            dataset = detection_dataset(settings.detections, table)
            if fetched in dataset.days():
                dataset.replace(day, dataset.read([fetched]))
                dataset.keep_newest(0, [d for d in dataset.days() if d >= FIRST])


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=int, default=20_000)
    for name, (seconds, new, total) in measure(parser.parse_args().sources).items():
        print(f"{name}: {seconds:.2f} s, {new:,} of {total:,} sources joined anew")


if __name__ == "__main__":
    main()
