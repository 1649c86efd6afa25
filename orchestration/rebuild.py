"""Any past day's tables again, in a warehouse of their own beside the one in use.

The lake, detections, enrichment, quarantine and predictions are read where they lie; nothing of
them, of the warehouse or of the publications is changed. Opportunities of a day that the tracker
no longer keeps are joined anew. What was fetched after the day is not
read. Profiles and plays are those that the line exported last: they are a user's settings and
belong to no day.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem

from assets.dbt_client import dbt_executable
from assets.opportunities import join_day
from assets.opportunity_feedback import annotations_by
from assets.opportunity_runs import tracker_dataset
from assets.opportunity_sources import TABLES as DETECTION_TABLES
from assets.reading import detection_dataset
from assets.reference import EXPORTS
from assets.warehouse import dbt_environment, dbt_folders
from resources.clock import utc_now
from resources.lake import Lake
from resources.parquet import PART, write_table
from resources.quarantine import Quarantine
from resources.settings import NO_TELEMETRY, Settings
from resources.sources.ingestion import open_services
from resources.sources.registry import fetched_days

#: Folders of a home that tables are made of; the tracker's comes by ``bring_tracker``.
READ = (
    "lake", "detections", "enrichment", "identity", "quarantine", "predictions", "operations",
)  # fmt: skip


class RebuildError(RuntimeError):
    """The day cannot be built; the message says why, of dbt as its output ends."""


def rebuild(
    settings: Settings, day: date, build: Callable[[Settings, date], None] | None = None
) -> Path:
    """Build the tables of ``day`` (what was known at its end, UTC); returns the warehouse file.

    It lies in ``<home>/rebuilt/<day>`` and replaces one of that day built before. ``build`` runs
    dbt on a home; by default dbt's command line. Raises ``RebuildError`` when dbt fails, and for a
    day that has not begun or by whose end nothing was fetched.
    """
    require_known(settings, day)
    home = settings.home / "rebuilt" / day.isoformat()
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    for name in READ:
        if (settings.home / name).exists():
            (home / name).symlink_to(settings.home / name, target_is_directory=True)
    apart = settings.model_copy(update={"home": home, "lake_url": settings.lake_url})
    bring_tracker(settings, apart, day)
    for name, export in EXPORTS.items():
        if (settings.reference / name).exists():
            shutil.copytree(settings.reference / name, apart.reference / name)
        else:
            export(apart)
    run = pa.table({"as_of": [day]})
    write_table(LocalFileSystem(), str(apart.reference / "run" / PART), run)
    (build or run_dbt)(apart, day)
    return apart.warehouse


def require_known(settings: Settings, day: date) -> None:
    """Raise ``RebuildError`` for a day of whose end nothing can be known."""
    today = utc_now().date()
    if day > today:
        raise RebuildError(f"{day} has not begun; today is {today} (UTC)")
    days = fetched_days(Lake(settings.lake))
    if not days:
        raise RebuildError(f"nothing was fetched into {settings.lake} yet; run the main job first")
    if day < days[0]:
        raise RebuildError(f"nothing was known on {day}: the first fetch was on {days[0]}")


def bring_tracker(settings: Settings, apart: Settings, day: date) -> None:
    """Give the home ``apart`` what was joined by ``day``: as it lies, or joined anew.

    Days joined are kept for a while only (``history.keep_snapshots``); detections and annotations,
    which they are made of, for good.
    """
    if not settings.tracker.exists():
        return
    joined = tracker_dataset(settings, "runs").days()
    known = (detection_dataset(settings.detections, table).days() for table in DETECTION_TABLES)
    is_gone = joined and joined[0] > day
    if is_gone and any(days and days[0] <= day for days in known):
        state = open_services(settings).state
        join_day(apart, Quarantine(settings.quarantine), day, annotations_by(state, day))
    else:
        apart.tracker.symlink_to(settings.tracker, target_is_directory=True)


def run_dbt(settings: Settings, day: date) -> None:
    """Build all seeds and models of the dbt project in the home of ``settings``."""
    command = [
        dbt_executable(), "build", "--quiet",
        "--resource-type", "seed", "--resource-type", "model", *dbt_folders(settings),
    ]  # fmt: skip
    environment = os.environ | NO_TELEMETRY | dbt_environment(settings)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RebuildError(f"dbt could not build {day}:\n{(done.stdout + done.stderr)[-2000:]}")
