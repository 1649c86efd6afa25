"""Who is who, by likeness: the day's company records compared with all that are known.

The index of what is known lies in ``<home>/identity/index``; it may be deleted, the next run links
all of the lake anew.
"""

import json
import shutil
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import dagster as dg
import numpy as np
import pyarrow as pa

from assets.common import DAILY, OWNERS, Platform, stopwatch, table_metadata
from assets.sources import lake_key
from ml.identity.index import Index, OutdatedIndexError
from ml.identity.model import packaged
from ml.identity.payloads import STREAMS, company_records
from ml.identity.records import RECORD_SCHEMA, WordWeights, features
from ml.identity.scoring import probability, reasons
from resources.identity_decisions import shared_domains
from resources.lake import Lake
from resources.parquet import Dataset
from resources.settings import Settings

LINKS = pa.schema(
    [
        pa.field("left_record", pa.string(), nullable=False),
        pa.field("right_record", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
        pa.field("reasons", pa.string(), nullable=False),
        pa.field("method", pa.string(), nullable=False),
        pa.field("model_version", pa.string(), nullable=False),
    ]
)
ENTITIES = pa.schema(
    [
        pa.field("record_key", pa.string(), nullable=False),
        pa.field("entity_key", pa.string(), nullable=False),
    ]
)
SET_ASIDE = dg.AssetKey(["quarantine", "set_aside"])
#: Log2 of the odds from which a pair is worth a person's look: about one in five.
REVIEW_WEIGHT = -2.0
_COLUMNS = ["source", "stream", "record_id", "fetched_at", "payload_sha256", "payload"]
_REFUSED_BY = ("source", "stream", "record_id", "payload_sha256")


def links_dataset(settings: Settings) -> Dataset:
    """The Parquet dataset of compared pairs worth keeping."""
    return Dataset(
        str(settings.home / "identity" / "company_links"), LINKS, ("left_record", "right_record")
    )


def entities_dataset(settings: Settings) -> Dataset:
    """The Parquet dataset of the entity of each record, as it became on each day."""
    return Dataset(str(settings.home / "identity" / "company_entities"), ENTITIES, ("record_key",))


def unseen(lake: Lake, day: date, refused: frozenset[tuple[str, ...]], index: Index) -> pa.Table:
    """Records of ``day`` in contents that the index does not know and no gate has set aside.

    The key of a record's content is ``source|record|hash``; all but the hash names the record.
    """
    rows = []
    for source, stream in STREAMS:
        found = lake.read(source, stream, [day], _COLUMNS).to_pylist()
        rows += [row for row in found if tuple(row[c] for c in _REFUSED_BY) not in refused]
    rows.sort(key=lambda row: (row["fetched_at"], row["source"], row["record_id"]))
    records = company_records(rows, shared_domains())
    keys = [
        f"{row['record_key']}|{zlib.crc32(repr(sorted(row.items())).encode()):08x}"
        for row in records.to_pylist()
    ]
    known, kept = set(), []
    for number, (key, is_known) in enumerate(zip(keys, index.has(keys), strict=True)):
        if not is_known and key not in known:
            known.add(key)
            kept.append(number)
    records = records.set_column(0, RECORD_SCHEMA.field(0), pa.array(keys, pa.string()))
    return records.take(pa.array(kept, pa.int64()))


def link_day(
    settings: Settings, lake: Lake, day: date, refused: frozenset[tuple[str, ...]] = frozenset()
) -> tuple[pa.Table, pa.Table]:
    """Link what is new on ``day`` and on days of the lake that were never linked, oldest first.

    ``refused``: source, stream, record and content of what a gate has set aside. Returns the links
    and the changed entities of all days linked. What a day taught stands in that day's partition,
    so that a past day is built from what was known then; a day linked late stands in the latest.
    """
    folder = settings.home / "identity"
    folder.mkdir(parents=True, exist_ok=True)
    index = _index(folder / "index")
    told = folder / "days.json"
    done = set(json.loads(told.read_text("utf-8"))) if told.exists() and index.count else set()
    there = {d for names in STREAMS for d in lake.dataset(*names).days()}
    links, entities = [LINKS.empty_table()], [ENTITIES.empty_table()]
    for each in sorted(d for d in there if d == day or d.isoformat() not in done):
        added = unseen(lake, each, refused, index)
        if added.num_rows:
            result = index.add(features(added, WordWeights()))
            stored = max([each, *map(date.fromisoformat, done)])
            links.append(_links(index, result.scored))
            entities.append(_entities(index, result.changed))
            for dataset, table in (
                (links_dataset(settings), links[-1]),
                (entities_dataset(settings), entities[-1]),
            ):
                dataset.ensure()
                _put(dataset, stored, table)
        done.add(each.isoformat())
        making = told.with_suffix(".making")
        making.write_text(json.dumps(sorted(done)), "utf-8")
        making.replace(told)
    for dataset in (links_dataset(settings), entities_dataset(settings)):
        dataset.ensure()
    return pa.concat_tables(links), pa.concat_tables(entities)


def _index(folder: Path) -> Index:
    """The index of what is known; a new one where it was built with another model."""
    try:
        return Index(folder, packaged())
    except OutdatedIndexError:
        shutil.rmtree(folder)
        return Index(folder, packaged())


def _put(dataset: Dataset, day: date, table: pa.Table) -> None:
    """Rows of ``table`` into the day's partition, in place of those with their key."""
    rows = {
        tuple(row[key] for key in dataset.key): row
        for part in (dataset.read([day]), table)
        for row in part.to_pylist()
    }
    dataset.replace(day, pa.Table.from_pylist([rows[k] for k in sorted(rows)], table.schema))


def _links(index: Index, scored: pa.Table) -> pa.Table:
    parameters, found = index.parameters, {}
    version = parameters.version
    told = [row for row in scored.to_pylist() if row["weight"] >= REVIEW_WEIGHT]
    sides = [
        _records(index.record_keys(np.array([row[side] for row in told], dtype=np.int64)))
        for side in ("left_row", "right_row")
    ]
    for row, *pair in zip(told, *sides, strict=True):
        # Two contents of one record are one company anyway.
        if pair[0] == pair[1]:
            continue
        left, right = sorted(pair)
        found[left, right] = {
            "left_record": left,
            "right_record": right,
            "probability": probability(row["weight"]),
            "reasons": "; ".join(reasons(row, parameters)),
            "method": "likeness",
            "model_version": version,
        }
    return pa.Table.from_pylist([found[pair] for pair in sorted(found)], schema=LINKS)


def _entities(index: Index, changed: np.ndarray) -> pa.Table:
    """Entity of the records whose newest content is among the changed rows."""
    moved = sorted(set(_records(index.record_keys(changed))))
    firsts = index.entities(index.newest(moved))
    return pa.table({"record_key": moved, "entity_key": index.record_keys(firsts)}, schema=ENTITIES)


def _records(keys: list[str]) -> list[str]:
    """The records of keys that name record and content."""
    return [key.rpartition("|")[0] for key in keys]


@dg.multi_asset(
    name="link_companies",
    specs=[
        dg.AssetSpec(
            ["identity", table],
            # Behind the raw gate: what it sets aside tells nothing of who is who.
            deps=[*(lake_key(*stream) for stream in STREAMS), SET_ASIDE],
            description=description,
            group_name="identity",
            kinds={"python", "parquet"},
            owners=OWNERS,
        )
        for table, description in (
            ("company_links", "One row per pair of company records that may be one company."),
            (
                "company_entities",
                "One row per company record and day it changed: its group by likeness.",
            ),
        )
    ],
    partitions_def=DAILY,
)
def link_companies(
    context: dg.AssetExecutionContext, platform: Platform
) -> Iterator[dg.MaterializeResult]:
    """Compare the day's company records with all that are known."""
    day = date.fromisoformat(context.partition_key)
    with stopwatch() as watch:
        links, entities = link_day(
            platform.settings, platform.services.lake, day, platform.services.quarantine.refused()
        )
    for table, rows in (("company_links", links), ("company_entities", entities)):
        yield dg.MaterializeResult(
            asset_key=["identity", table],
            metadata=table_metadata(rows=rows.num_rows, seconds=watch.seconds, preview=rows),
        )
