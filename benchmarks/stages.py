"""The stages of the line from lake to published tables, each runnable in a process of its own.

``python -m benchmarks.stages <stage> --home <folder> --as-of <day>`` does one stage. They call the
same readers, dbt project and publication as the platform's assets do; only Dagster is left out.
"""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from resources.settings import NO_TELEMETRY, PROJECT_ROOT, Settings

#: Lake rows that one task of the readers takes; small enough to keep both cores busy to the end.
CHUNK_ROWS = 4_000
WORKERS = 2
#: Models that pass two builds; pass one builds all others.
SECOND_PASS = "tag:prediction tag:operations"


def prepare(home: Path, lake: Path, as_of: date) -> None:
    """An empty home beside a generated lake, with what a user configured exported for SQL."""
    from fsspec.implementations.local import LocalFileSystem

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
    # The project is parsed once, at set-up; a run finds it parsed.
    _dbt(home, "parse", "--quiet")


def _read_chunk(table_name: str, chunk: bytes) -> tuple[bytes, int]:
    from detection.readers import READERS, read_table

    rows = pa.ipc.open_stream(chunk).read_all()
    found, rejected = read_table(READERS[table_name], rows)
    return _packed(found), len(rejected)


def _packed(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def detections(home: Path, as_of: date) -> None:
    """Read documents, pages, feeds and titles into typed rows, on both cores."""
    from detection.readers import READERS
    from detection.records import arrow_schema
    from resources.lake import Lake
    from resources.parquet import Dataset

    lake = Lake(str(home / "lake"))
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for reader in READERS.values():
            schema = arrow_schema(reader.record)
            dataset = Dataset(str(home / "detections" / reader.table), schema, ("detection_id",))
            dataset.ensure()
            days = sorted({d for s in reader.streams for d in lake.dataset(*s).days()})
            for day in days:
                tasks = []
                for source, stream in reader.streams:
                    rows = lake.read(source, stream, [day], list(reader.columns))
                    tasks += [
                        pool.submit(
                            _read_chunk, reader.table, _packed(rows.slice(start, CHUNK_ROWS))
                        )
                        for start in range(0, rows.num_rows, CHUNK_ROWS)
                    ]
                found = [pa.ipc.open_stream(task.result()[0]).read_all() for task in tasks]
                if found:
                    dataset.merge(day, pa.concat_tables(found))


def _dbt(home: Path, *arguments: str) -> None:
    command = [
        str(Path(sys.executable).parent / "dbt"),
        *arguments,
        "--project-dir",
        str(PROJECT_ROOT / "dbt_project"),
        "--profiles-dir",
        str(PROJECT_ROOT / "dbt_project"),
        "--target-path",
        str(home / "target"),
        "--log-path",
        str(home / "logs"),
    ]
    environment = os.environ | NO_TELEMETRY | {"BUYING_SIGNALS_HOME": str(home)}
    subprocess.run(command, env=environment, check=True)


def warehouse(home: Path, as_of: date) -> None:
    """Pass one: seeds, staging, identity, signals, scores, opportunities, features."""
    _dbt(
        home,
        "build",
        "--quiet",
        "--exclude",
        *SECOND_PASS.split(),
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def scores(home: Path, as_of: date) -> None:
    """Only what the peer makes too: signals with their sources, points and lead scores."""
    _dbt(
        home,
        "build",
        "--quiet",
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


def presentation(home: Path, as_of: date) -> None:
    """Pass two: what shows predictions and operations, and the table of leads."""
    _dbt(
        home,
        "build",
        "--quiet",
        "--select",
        *SECOND_PASS.split(),
        "--exclude-resource-type",
        "test",
        "unit_test",
    )


def tests(home: Path, as_of: date) -> None:
    """dbt's data tests over everything built; no part of the line's time, shown beside it."""
    _dbt(home, "test", "--quiet", "--exclude-resource-type", "unit_test")


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
        warehouse,
        scores,
        presentation,
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
