"""Who is one person, at any number of records: everything at once, and one more day.

Invented people as ``benchmarks.evaluation.people`` invents them, of as many companies as it takes.
The line's own SQL links them as a new house would, learns from them, links them all again by that
and then takes in a day's records. Seconds are dbt's own for its models, without its start.
The peer is Splink's plain set-up on the same columns.
"""

from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from benchmarks.evaluation.entity import pairwise, scores
from benchmarks.evaluation.people import (
    AS_OF,
    Telling,
    build_day,
    people,
    people_of,
    tell,
    tellings,
    told_table,
)
from benchmarks.linkage import plain
from benchmarks.measure import label_of

#: Records of one day, at every size of history.
DAY = 200
#: Records that one invented company leaves, about.
RECORDS_PER_COMPANY = 38
#: The model that costs what is compared; the others put records in order.
COMPARING = "int_person_likeness"

Results = dict[str, dict[str, object]]


def run(folder: Path, sizes: Sequence[int]) -> Results:
    """Metrics ``people.*`` of histories of so many records."""
    results: Results = {}
    for records in sizes:
        label, home = label_of(records), folder / f"people-{label_of(records)}"
        shutil.rmtree(home, ignore_errors=True)
        found = measure(home, records)
        for name, (unit, value, peer) in found.items():
            results[f"people.{name}.{label}"] = {"value": round(value, 4), "unit": unit} | (
                {} if peer is None else {"peer": round(peer, 4)}
            )
        shutil.rmtree(home, ignore_errors=True)
    return results


def measure(home: Path, records: int) -> dict[str, tuple[str, float, float | None]]:
    """Unit, value and the peer's value of each metric of one size."""
    told = tellings(people(-(-(records + DAY) // RECORDS_PER_COMPANY)))[: records + DAY]
    # A day tells of new people and of known ones: each record has its day by chance.
    told.sort(key=lambda telling: (telling.day, telling.record))
    table = told_table(told)
    tell(home, table.slice(0, records))
    build_day(home, AS_OF - timedelta(days=2))
    started = time.perf_counter()
    # Learns from the first build, and compares everybody by what it learned.
    build_day(home, AS_OF - timedelta(days=1))
    learned = time.perf_counter() - started
    full, before = model_seconds(home), signatures(home)
    tell(home, table)
    build_day(home, AS_OF)
    day, after = model_seconds(home), signatures(home)
    truth = [str(telling.person) for telling in told]
    found = scores(pairwise(truth, people_of(home, told)))
    started = time.perf_counter()
    alone = scores(pairwise(truth, by_splink_alone(told)))
    beside = time.perf_counter() - started
    return {
        "full_seconds": ("s", sum(full.values()), beside),
        "compare_seconds": ("s", full[COMPARING], None),
        "day_seconds": ("s", sum(day.values()), None),
        "day_compare_seconds": ("s", day[COMPARING], None),
        "blocks": ("surnames borne twice at a company", len(after), None),
        "day_blocks": ("of them compared on the day", len(after - before), None),
        "learn_and_build_seconds": ("s", learned, None),
        "precision": ("pairwise", found[0], alone[0]),
        "recall": ("pairwise", found[1], alone[1]),
        "f1": ("pairwise F1", found[2], alone[2]),
    }


def model_seconds(home: Path) -> dict[str, float]:
    """Seconds of each model of the last build, as dbt tells them."""
    told = json.loads((home / "target" / "run_results.json").read_text("utf-8"))
    return {
        result["unique_id"].rpartition(".")[2]: result["execution_time"]
        for result in told["results"]
        if result["unique_id"].startswith("model.")
    }


def signatures(home: Path) -> set[str]:
    """What tells the blocks of the last build from each other and from their former selves."""
    import duckdb

    with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select block_id || signature from intermediate.int_person_blocks"
        ).fetchall()
    return {row[0] for row in rows}


def by_splink_alone(told: Sequence[Telling]) -> list[str]:
    """Splink's plain set-up: names by likeness, everything else by equality."""
    columns = ("name", "email", "linkedin", "company", "title")
    records = pa.table(
        {"record_key": [telling.record for telling in told]}
        | {
            column: pa.array(
                [None if value is None else str(value) for value in
                 (getattr(telling, column) for telling in told)],
                pa.string(),
            )
            for column in columns
        }
    )  # fmt: skip
    blocks = (("email",), ("linkedin",), ("company", "substr(name, 1, 3)"))
    (found,) = plain.group(records, list(columns), thresholds=(0.9,), blocks=blocks)
    return found


def main() -> None:
    """``python -m benchmarks.people``: print the metrics of the asked sizes."""
    parser = argparse.ArgumentParser(prog="benchmarks.people", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/bench"))
    parser.add_argument("--records", type=int, nargs="+", default=[20_000])
    asked = parser.parse_args()
    print(json.dumps(run(asked.folder.resolve(), asked.records), indent=2))


if __name__ == "__main__":
    main()
