"""``jobs.boards.open_close_exact``: openings and closures by company and day, by the line's SQL.

Daily snapshots become board manifests in a lake of their own, dbt builds
``int_job_board_changes`` on it, and the changes of each company and day are compared with a recount
straight from the snapshots. A snapshot lists the open jobs of every board that was asked, so a
board that is not in it had none. The baseline compares each day with the first one.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import pairwise
from pathlib import Path

from benchmarks.evaluation.measure import Evaluation, Metric, Miss, Stopwatch
from benchmarks.evaluation.warehouse import PROJECT, build_model
from resources.lake import Lake, Record, content_sha256

METRIC = "jobs.boards.open_close_exact"
FOLDER = "jobs/radar/snapshots"
SEEDS = "jobs/radar/seed_companies.json"
MODEL = "int_job_board_changes"

Board = tuple[str, str]
Snapshots = dict[date, dict[Board, set[str]]]
#: (board, day) -> (openings, closures)
Changes = dict[tuple[Board, date], tuple[frozenset[str], frozenset[str]]]


def evaluate(data: Path) -> Evaluation:
    """Compare the line's openings and closures with the recount over all company-days."""
    result = Evaluation()
    snapshots = read_snapshots(data / FOLDER)
    if len(snapshots) < 2:
        result.skipped.append(f"{FOLDER}: fewer than two daily snapshots")
        return result
    if not list(PROJECT.glob(f"models/**/{MODEL}.sql")):
        result.skipped.append(f"{METRIC}: the model {MODEL} is not in dbt_project")
        return result
    boards = sorted(asked_boards(snapshots, data / SEEDS))
    watch = Stopwatch()
    with tempfile.TemporaryDirectory(prefix="evaluation-boards-") as home:
        days = sorted(snapshots)
        write_lake(Path(home), snapshots, boards)
        build_model(Path(home), MODEL, days[-1])
        found = read_changes(Path(home))
    seconds = watch.seconds()
    expected = recount(snapshots, boards)
    naive = _from_first_day(snapshots, boards)
    nothing: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    right = baseline_right = 0
    for key, change in sorted(expected.items()):
        got = found.get(key, nothing)
        right += got == change
        baseline_right += naive.get(key, nothing) == change
        if got != change:
            (source, board), day = key
            result.misses.append(
                Miss(METRIC, f"{source}:{board} {day}", _shown(change), _shown(got))
            )
    result.metrics.append(
        Metric(
            METRIC,
            right / len(expected),
            len(expected),
            baseline_right / len(expected),
            seconds,
            "each day against the first day",
        )
    )
    return result


def read_snapshots(folder: Path) -> Snapshots:
    """Open job ids by day and board, from ``dt=YYYY-MM-DD/part.parquet``."""
    import pyarrow.parquet as pq

    snapshots: Snapshots = {}
    for path in sorted(folder.glob("dt=*/*.parquet")):
        day = date.fromisoformat(path.parent.name.removeprefix("dt="))
        boards: dict[Board, set[str]] = defaultdict(set)
        table = pq.ParquetFile(path).read(columns=["job_uid", "source", "company"])
        for uid, source, company in zip(
            *(table.column(n).to_pylist() for n in ("job_uid", "source", "company")), strict=True
        ):
            boards[source, company].add(uid.removeprefix(f"{source}:{company}:"))
        snapshots.setdefault(day, {}).update(boards)
    return snapshots


def asked_boards(snapshots: Snapshots, seeds: Path) -> set[Board]:
    """Boards that are watched: those of the list of companies, and all that ever had a job."""
    boards = {board for day in snapshots.values() for board in day}
    if seeds.exists():
        for company in json.loads(seeds.read_text("utf-8")):
            if company.get("status") == "active" and company.get("ats") and company.get("slug"):
                boards.add((company["ats"], company["slug"]))
    return {b for b in boards if b[0] in ("greenhouse", "lever", "ashby")}


def write_lake(home: Path, snapshots: Snapshots, boards: list[Board]) -> None:
    """The snapshots as the manifests that the connectors write: one row per board and fetch."""
    lake = Lake(str(home / "lake"))
    lake.ensure((source, stream) for source in _sources() for stream in ("jobs", "boards"))
    for day, open_jobs in sorted(snapshots.items()):
        fetched_at = datetime.combine(day, time(6), UTC)
        records: dict[str, list[Record]] = defaultdict(list)
        for source, token in boards:
            jobs = {
                job: content_sha256(f"{source}/{token}/{job}")
                for job in sorted(open_jobs.get((source, token), ()))
            }
            records[source].append(
                Record(
                    source=source,
                    stream="boards",
                    record_id=token,
                    observed_at=fetched_at,
                    fetched_at=fetched_at,
                    source_url=None,
                    payload=json.dumps({"board_token": token, "jobs": jobs}),
                )
            )
        for source, manifests in records.items():
            lake.write(source, "boards", day, manifests)


def _sources() -> tuple[str, ...]:
    return ("greenhouse", "lever", "ashby")


def read_changes(home: Path) -> Changes:
    """Openings and closures by board and day as the warehouse holds them."""
    import duckdb

    connection = duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True)
    try:
        schema = connection.execute(
            "select table_schema from information_schema.tables where table_name = ?", [MODEL]
        ).fetchall()[0][0]
        found = connection.execute(
            f'select source, board_token, job_id, changed_on, change_type from "{schema}".{MODEL}'
        ).fetchall()
    finally:
        connection.close()
    opened: dict[tuple[Board, date], set[str]] = defaultdict(set)
    closed: dict[tuple[Board, date], set[str]] = defaultdict(set)
    for source, token, job, day, kind in found:
        if kind == "opened":
            opened[(source, token), day].add(job)
        elif kind == "closed":
            closed[(source, token), day].add(job)
    return {
        key: (frozenset(opened.get(key, ())), frozenset(closed.get(key, ())))
        for key in {*opened, *closed}
    }


def recount(snapshots: Snapshots, boards: list[Board]) -> Changes:
    """Set differences of each snapshot with the one before it."""
    days = sorted(snapshots)
    changes: Changes = {}
    for before, day in pairwise(days):
        for board in boards:
            then = snapshots[before].get(board, set())
            now = snapshots[day].get(board, set())
            changes[board, day] = (frozenset(now - then), frozenset(then - now))
    return changes


def _from_first_day(snapshots: Snapshots, boards: list[Board]) -> Changes:
    days = sorted(snapshots)
    first: Mapping[Board, set[str]] = snapshots[days[0]]
    changes: Changes = {}
    for day in days[1:]:
        for board in boards:
            then, now = first.get(board, set()), snapshots[day].get(board, set())
            changes[board, day] = (frozenset(now - then), frozenset(then - now))
    return changes


def _shown(change: tuple[frozenset[str], frozenset[str]]) -> str:
    return f"opened {sorted(change[0])[:5]} closed {sorted(change[1])[:5]}"
