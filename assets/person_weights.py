"""How telling the likenesses of two people are, learned from the house's own people.

Learned from the warehouse as the last build left it, before the day's build, and kept by day: a
past day is built with what had been learned by then. Learned anew when the house has come to know
half as many people again, and every quarter; in between weights stay, so that a day's build
compares only who is new or has changed.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq

from assets.common import DAILY, OWNERS, WAREHOUSE_POOL, Platform, stopwatch, table_metadata
from resources.parquet import PART, Dataset
from resources.settings import PROJECT_ROOT, Settings

WEIGHTS = pa.schema(
    [
        pa.field("comparison", pa.string(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("m", pa.float64(), nullable=False),
        pa.field("u", pa.float64(), nullable=False),
    ]
)
SHARES = pa.schema(
    [
        pa.field("name_type", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
    ]
)
#: Learned anew from so many times the records of the last lesson, or after so many days.
GROWTH, QUARTER = 1.5, timedelta(days=90)
#: Of the last lesson: its day and how many records it knew.
LESSON = "person_lesson.json"
_PROFILES = "intermediate.int_person_profiles"
_PRIOR = "seeds.person_link_weights"


def weights_dataset(settings: Settings) -> Dataset:
    """The Parquet dataset of learned weights, one partition per day of learning."""
    folder = settings.home / "identity" / "person_link_weights"
    return Dataset(str(folder), WEIGHTS, ("comparison", "level"))


def shares_dataset(settings: Settings) -> Dataset:
    """The Parquet dataset of shares of names, one partition per day of learning."""
    folder = settings.home / "identity" / "person_name_shares"
    return Dataset(str(folder), SHARES, ("name_type", "name"))


@cache
def person_comparisons() -> Mapping[str, Mapping[str, str]]:
    """How records of people compare, as the warehouse compares them."""
    import yaml

    project = (PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text("utf-8")
    return yaml.safe_load(project)["vars"]["person_comparisons"]


def learn_day(settings: Settings, day: date) -> str:
    """Learn on ``day`` if it is time to; returns what was done, in words.

    Nothing is learned without a build, nor from one of the day itself or a later one: a day that
    is run again weighs as it did before.
    """
    import duckdb

    from ml.identity.people import learn

    weights, shares = weights_dataset(settings), shares_dataset(settings)
    for dataset in (weights, shares):
        dataset.ensure()
    built = _built(settings)
    if built is None or not settings.warehouse.exists():
        return "no build to learn from"
    if built >= day:
        return f"the warehouse holds {built} already"
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        tables = {f"{schema}.{name}" for schema, name in connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()}  # fmt: skip
        if not {_PROFILES, _PRIOR} <= tables:
            return "the last build knew no weights"
        (records,) = connection.execute(
            f"select count(distinct record_key) from {_PROFILES}"
        ).fetchall()[0]
        told = settings.home / "identity" / LESSON
        last = json.loads(told.read_text("utf-8")) if told.exists() else None
        if last and _still_holds(last, records, day) and _kept(weights, last):
            return f"the lesson of {last['learned_on']} holds"
        profiles = connection.sql(f"select * from {_PROFILES}").to_arrow_table()
        prior = connection.sql(f"select * from {_PRIOR}").to_arrow_table().to_pylist()
    lesson = learn(profiles, person_comparisons(), prior)
    if lesson is None:
        return f"{records} records are too few to learn from"
    weights.replace(day, pa.Table.from_pylist(lesson.weights, schema=WEIGHTS))
    shares.replace(day, pa.Table.from_pylist(lesson.shares, schema=SHARES))
    making = told.with_suffix(".making")
    making.write_text(json.dumps({"learned_on": day.isoformat(), "records": records}), "utf-8")
    making.replace(told)
    return f"learned from {records} records"


def _built(settings: Settings) -> date | None:
    """The day of the last build."""
    path = settings.reference / "run" / PART
    return pq.read_table(path).column("as_of")[0].as_py() if path.exists() else None


def _still_holds(last: Mapping[str, Any], records: int, day: date) -> bool:
    learned_on = date.fromisoformat(last["learned_on"])
    return records < GROWTH * last["records"] and abs(day - learned_on) < QUARTER


def _kept(weights: Dataset, last: Mapping[str, Any]) -> bool:
    return date.fromisoformat(last["learned_on"]) in weights.days()


@dg.multi_asset(
    name="learn_person_weights",
    specs=[
        dg.AssetSpec(
            ["identity", table],
            description=description,
            group_name="identity",
            kinds={"python", "parquet"},
            owners=OWNERS,
        )
        for table, description in (
            (
                "person_link_weights",
                "One row per comparison of records of people and level: how telling it is.",
            ),
            ("person_name_shares", "One row per name that people bear: the share that bears it."),
        )
    ],
    partitions_def=DAILY,
    pool=WAREHOUSE_POOL,
)
def learn_person_weights(
    context: dg.AssetExecutionContext, platform: Platform
) -> Iterator[dg.MaterializeResult]:
    """Let Splink learn from the people of the last build, when it is time to."""
    day = date.fromisoformat(context.partition_key)
    settings = platform.settings
    with stopwatch() as watch:
        done = learn_day(settings, day)
    context.log.info(done)
    for name, dataset in (
        ("person_link_weights", weights_dataset(settings)),
        ("person_name_shares", shares_dataset(settings)),
    ):
        rows = dataset.read([day])
        yield dg.MaterializeResult(
            asset_key=["identity", name],
            metadata=table_metadata(rows=rows.num_rows, seconds=watch.seconds, preview=rows)
            | {"done": done},
        )
