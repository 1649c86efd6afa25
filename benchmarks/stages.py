"""The stages of the line from lake to published tables, each runnable in a process of its own.

``python -m benchmarks.stages <stage> --home <folder> --as-of <day>`` does one stage. They call the
same readers, dbt project and publication as the platform's assets do; only Dagster is left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa

from assets import dbt_client, warm_dbt
from resources.settings import NO_TELEMETRY, PROJECT_ROOT, Settings

#: Models that pass two builds; pass one builds all others.
SECOND_PASS = "tag:prediction tag:operations"


#: Runs one command of dbt on a home.
Dbt = Callable[..., object]


def run_dbt(home: Path, *arguments: str) -> None:
    """dbt's command line on a home; raises ``CalledProcessError`` when it fails."""
    command = [sys.executable, dbt_client.__file__, *arguments, "--quiet", *_folders(home)]
    environment = _environment(home)
    if arguments[0] == "build":
        command.append("--no-write-json")
    subprocess.run(command, env=environment, check=True)


def _folders(home: Path) -> list[str]:
    project = str(PROJECT_ROOT / "dbt_project")
    return [
        "--project-dir", project, "--profiles-dir", project,
        "--target-path", str(home / "target"), "--log-path", str(home / "logs"),
    ]  # fmt: skip


def _environment(home: Path) -> dict[str, str]:
    return os.environ | NO_TELEMETRY | {"BUYING_SIGNALS_HOME": str(home)}


def prepare(home: Path, lake: Path, as_of: date, dbt: Dbt = run_dbt) -> None:
    """An empty home beside a generated lake, with what a user configured exported for SQL."""
    from fsspec.implementations.local import LocalFileSystem

    from assets.fingerprints import Knowledge
    from assets.reference import EXPORTS
    from detection.fingerprints import default_engine
    from detection.job_postings.cues import cue_lines
    from detection.news.shipped import shipped_engine
    from detection.news.shipped_relations import shipped_relations
    from detection.title_model import shipped_model
    from resources.icp import icp_table, load_icp_profiles
    from resources.parquet import write_table

    home.mkdir(parents=True, exist_ok=True)
    link = home / "lake"
    if not link.exists():
        link.symlink_to(lake.resolve(), target_is_directory=True)
    (home / "warehouse").mkdir(exist_ok=True)
    for name, table in (
        ("icp_profiles", icp_table(load_icp_profiles(PROJECT_ROOT / "config" / "icp"))),
        ("run", pa.table({"as_of": [as_of]})),
    ):
        write_table(LocalFileSystem(), str(home / "reference" / name / "part.parquet"), table)
    for export in EXPORTS.values():
        export(Settings(home=home))
    # By a home's first run patterns are compiled, models learned from the packaged examples and the
    # project parsed; later ones find all three.
    Knowledge.of(Settings(home=home)).install()
    default_engine()
    cue_lines([])
    shipped_engine()
    shipped_relations()
    shipped_model()
    dbt(home, "parse")


def detections(home: Path, as_of: date) -> None:
    """Read documents, pages, feeds and titles into typed rows, as the line does."""
    from assets.fingerprints import Knowledge
    from assets.reading import Workers, read_day
    from detection.readers import READERS
    from resources.lake import Lake

    lake = Lake(str(home / "lake"))
    with Workers(knowledge=Knowledge.of(Settings(home=home))) as workers:
        # The benchmark knows what the line does not: that a large lake is read whole.
        workers.start()
        for reader in READERS.values():
            days = sorted({d for s in reader.streams for d in lake.dataset(*s).days()})
            for day in days:
                read_day(reader, lake, home / "detections", day, workers)


def warehouse(home: Path, as_of: date) -> None:
    """Pass one: seeds, staging, identity, signals, scores, opportunities, features."""
    run_dbt(
        home,
        "build",
        "--exclude",
        *SECOND_PASS.split(),
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def scores(home: Path, as_of: date) -> None:
    """Only what the peer makes too: signals with their sources, points and lead scores."""
    run_dbt(
        home,
        "build",
        "--select",
        # By path: the project bears the same name, and a bare name would select all of it.
        "+path:models/marts/signals/buying_signals.sql",
        "+signal_sources",
        "+lead_score_points",
        "+lead_scores",
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def signals(home: Path, as_of: date, dbt: Dbt = run_dbt) -> None:
    """Signals, their details and technologies in use, and what they rest on; nothing after them."""
    dbt(
        home,
        "build",
        "--select",
        "+path:models/marts/signals",
        "+company_technologies",
        "--exclude",
        *SECOND_PASS.split(),
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def presentation(home: Path, as_of: date) -> None:
    """Pass two: what shows predictions and operations, and the table of leads."""
    run_dbt(
        home,
        "build",
        "--select",
        *SECOND_PASS.split(),
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def builds(home: Path, as_of: date) -> None:
    """Both passes as a run of the line does them: dbt starts once, for the two."""
    warm_dbt.keep_warm((home,), _folders(home), _environment(home))
    warehouse(home, as_of)
    presentation(home, as_of)
    warm_dbt.close()


def tests(home: Path, as_of: date) -> None:
    """dbt's data tests over everything built; no part of the line's time, shown beside it."""
    run_dbt(home, "test", "--exclude-resource-type", "unit_test")


def gates(home: Path, as_of: date) -> None:
    """The three quality gates; no part of the line's time, shown beside it."""
    from resources.lake import Lake
    from resources.quality import check_outgoing, check_raw, check_unified

    settings = Settings(home=home)
    lake = Lake(settings.lake)
    for day in lake.dataset("crm", "accounts").days():
        check_raw(settings, day)
    manifest = home / "target" / "manifest.json"
    check_unified(settings, as_of, manifest)
    check_outgoing(settings, as_of, manifest)


def publish(home: Path, as_of: date) -> None:
    """Copy, audit and swap the published tables."""
    from resources.publication import publish as publish_tables

    settings = Settings(home=home)
    publish_tables(settings.warehouse, settings.published, keep=2, as_of=as_of)


def pandas_pipeline(home: Path, as_of: date) -> None:
    """The same work in pandas, from the same lake and detections to Parquet files."""
    from benchmarks.pandas_pipeline import run

    run(home, as_of)


STAGES = {
    stage.__name__: stage
    for stage in (
        detections,
        builds,
        scores,
        tests,
        gates,
        publish,
        pandas_pipeline,
    )
}


def main() -> None:
    """Command line of one stage."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stage", choices=STAGES)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    arguments = parser.parse_args()
    STAGES[arguments.stage](arguments.home.resolve(), arguments.as_of)


if __name__ == "__main__":
    main()
