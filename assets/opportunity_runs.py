"""What the runs of one day leave behind each other: their snapshots, and that they were made.

A day may be joined many times (a file comes late, a reviewer decides). A run that makes something
else than the one before leaves its own rows beside those of earlier runs; one that makes the same
replaces its own. A run that leaves no opportunity has a row in ``runs`` alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from assets.opportunity_care import TABLES as CARE_TABLES
from assets.opportunity_care import Run
from assets.opportunity_rows import TABLES
from detection.records import arrow_schema
from resources.parquet import Dataset
from resources.settings import Settings

#: Tables whose partition holds the rows of all runs of its day.
KEPT = ("opportunity_snapshots", "runs")


def tracker_dataset(settings: Settings, table: str) -> Dataset:
    """The Parquet dataset of one table; a partition holds all that was known on its day."""
    record, key = (TABLES | CARE_TABLES)[table]
    return Dataset(str(settings.tracker / table), arrow_schema(record), key)


def kept_of(settings: Settings, day: date) -> dict[str, pa.Table]:
    """What earlier runs of a day left in each table of ``KEPT``; nothing where there was none.

    Snapshots of before runs were told apart are those of a first run. The row in ``runs`` of a day
    on which they were told apart in snapshots alone is the last of these.
    """
    snapshots, runs = (tracker_dataset(settings, name).read([day]) for name in KEPT)
    snapshots = _numbered(snapshots, 1)
    return {
        "opportunity_snapshots": snapshots,
        "runs": _numbered(runs, pc.max(snapshots["run_number"]).as_py() or 1),
    }


def _numbered(table: pa.Table, number: int) -> pa.Table:
    place = table.schema.get_field_index("run_number")
    return table.set_column(place, "run_number", pc.fill_null(table["run_number"], number))


def run_of(made: pa.Table, kept: Mapping[str, pa.Table], now: datetime) -> Run:
    """The run that made these opportunities: the last one of the day, where that made the same."""
    said = repr([tuple(row.values()) for row in made.to_pylist()])
    run_id = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:20]
    told = {
        (row["run_number"], row["run_id"], row["joined_at"])
        for table in kept.values()
        for row in table.select(["run_number", "run_id", "joined_at"]).to_pylist()
    }
    last = max((number for number, _, _ in told), default=0)
    for number, known, joined_at in told:
        if number == last and known == run_id:
            return Run(run_id=run_id, run_number=last, joined_at=joined_at)
    return Run(run_id=run_id, run_number=last + 1, joined_at=now)


def with_earlier(made: pa.Table, kept: pa.Table, run: Run) -> pa.Table:
    """A table's rows of this run behind those of the day's earlier runs."""
    earlier = kept.filter(pc.less(kept["run_number"], run.run_number))
    return pa.concat_tables([earlier.select(made.schema.names).cast(made.schema), made])
