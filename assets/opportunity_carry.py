"""Opportunities that an earlier joining made and that nothing new can touch, taken over.

What was joined last leaves behind which detection rows it looked at, and for each part of them that
bears on no other (``opportunity_index``) which opportunities came of it. A part whose rows are
still the same is not joined again: its rows are taken from the tables of that joining, and what
hangs on the day alone is reckoned anew (``opportunity_refresh``). The result is that of joining
everything.

All of this can be lost: where it is missing, of other code, other words or other settings, or where
the tables that it speaks of are no longer as they were, everything is joined.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from assets.opportunity_index import (
    LISTS,
    Index,
    customer_keys,
    digests_of,
    entry_of,
    identity_of,
    index_of,
    name_of,
    parts_of,
    together,
)
from assets.opportunity_refresh import TOLD, Deal, refreshed
from assets.opportunity_runs import tracker_dataset
from assets.opportunity_sources import TABLES, Sources
from assets.reading import detection_dataset
from ml.opportunities.annotations import Feedback
from ml.opportunities.building import Group
from ml.opportunities.insights import side_of, stage_since
from ml.opportunities.records import Fragment, Opportunity
from ml.opportunities.settings import QualityConfig
from resources.parquet import Dataset, write_table
from resources.settings import Settings

#: Tables whose rows are taken over; the others are of reviews or of runs.
CARRIED = (
    "opportunities", "opportunity_evidence", "opportunity_conflicts", "next_steps",
    "opportunity_lines", "opportunity_actors", "quality_findings", "opportunity_features",
)  # fmt: skip
_FOLDER, _ROWS, _PARTS, _DEALS = "carried", "rows.parquet", "parts.parquet", "deals.parquet"
_META = b"joined"
#: Folders and files whose code decides what joining makes.
_CODE = ("ml/opportunities", "ml/identity", "detection", "assets")


@dataclass(frozen=True)
class Partition:
    """One file of detections: where it stands, and what tells that it is the same file."""

    table: str
    day: date
    mark: str
    rows: int


@dataclass(frozen=True)
class Part:
    """What is kept of a part of the rows."""

    part: int
    #: Sources that came of it, and the time of the latest (None without any).
    sources: int
    latest: datetime | None


@dataclass
class Plan:
    """What of a day is to be joined, and what is taken over."""

    day: date
    index: Index
    partitions: list[Partition]
    #: Part of each row (by number), its digest, and whether the row counts and is to be joined.
    parts: np.ndarray
    digests: np.ndarray
    counted: np.ndarray
    is_new: np.ndarray
    #: Day whose tables hold what is taken over, the parts that are, and their opportunities.
    base: date | None = None
    kept: list[Part] = field(default_factory=list)
    deals: list[Deal] = field(default_factory=list)
    #: Parts that reviewers spoke of: never taken over, as what they say may change.
    reviewed: frozenset[int] = frozenset()

    def looked_at(self) -> dict[str, int]:
        """Items of each table that count."""
        found = dict.fromkeys(TABLES, 0)
        start = 0
        for one in self.partitions:
            stretch = slice(start, start + one.rows)
            found[one.table] += int((self.counted & self.index.is_whole)[stretch].sum())
            start += one.rows
        return found

    def rows(self, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        """Rows to be joined, by table; each bears the digest of its part as ``carried_part``."""
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        start = 0
        for one in self.partitions:
            places = np.flatnonzero(self.is_new[start : start + one.rows])
            if len(places):
                table = detection_dataset(settings.detections, one.table).read([one.day])
                told = self.digests[self.parts[start + places]].tolist()
                for row, part in zip(table.take(places).to_pylist(), told, strict=True):
                    found[one.table].append(row | {"carried_part": part})
            start += one.rows
        return found


def plan_of(
    settings: Settings,
    day: date,
    environment: str,
    refused: Iterable[tuple[str, ...]],
    feedback: Feedback,
) -> Plan:
    """What is to be joined on ``day``; ``environment`` names everything beside rows that counts."""
    partitions, index = _indexed(settings)
    days = np.repeat(
        np.array([p.day.toordinal() for p in partitions], np.int64), [p.rows for p in partitions]
    )
    set_aside = np.array([identity_of(one) for one in refused], np.int64)
    counted = (days <= day.toordinal()) & ~np.isin(index.identity, set_aside)
    tied = _reviewed_keys(index, feedback)
    numbers = parts_of(index, counted, [tied] if tied else ())
    parts = numbers[: len(index)]
    digests = digests_of(index, parts, counted, int(numbers.max(initial=-1)) + 1)
    reviewed = frozenset(digests[numbers[len(index) :]].tolist() if tied else ())
    plan = Plan(day, index, partitions, parts, digests, counted, counted.copy(), reviewed=reviewed)
    state = _state(settings, environment)
    if state is not None:
        _take_over(plan, *state)
    return plan


def _take_over(plan: Plan, base: date, parts: Sequence[Part], deals: Sequence[Deal]) -> None:
    """Have the parts that are as they were joined no more."""
    end = datetime.combine(min(base, plan.day), time.min, UTC) + timedelta(days=1)
    now = set(plan.digests[plan.parts[plan.counted]].tolist()) - plan.reviewed
    # What is dated after a day is told by features of other days than those that follow.
    kept = [p for p in parts if p.part in now and (p.latest is None or p.latest < end)]
    names = {p.part for p in kept}
    held = np.isin(plan.digests[plan.parts], np.array(sorted(names), np.int64))
    plan.is_new = plan.counted & ~held
    plan.base, plan.kept = base, kept
    plan.deals = [deal for deal in deals if deal.part in names]


def _reviewed_keys(index: Index, feedback: Feedback) -> set[int]:
    """Keys of everything that annotations name, which is joined together."""
    said = {n for a in feedback.annotations for n in (a.about, *a.others)}
    if not said:
        return set()
    values, ends = index.lists["names"]
    rows = np.repeat(np.arange(len(index)), np.diff(ends))
    named = np.unique(rows[np.isin(values, np.array([name_of(n) for n in said], np.int64))])
    keys, starts = index.lists["keys"]
    found = {int(keys[starts[row]]) for row in named}
    for alone in feedback.told_alone(()):
        found |= {name_of(key) for key in customer_keys(alone.party, alone.company)}
    return found or {0}


def environment_of(*told: object) -> str:
    """Hash of what joining hangs on beside rows: settings, words, code."""
    text = "|".join([*map(str, told), _code()])
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """Hash of the code that joins, so that what other code made is not taken over."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for folder in _CODE:
        for file in sorted((root / folder).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def carried_tables(settings: Settings, plan: Plan, config: QualityConfig) -> dict[str, pa.Table]:
    """Rows of the opportunities that are taken over, as they stand on the day of the plan."""
    if plan.base is None or not plan.deals:
        return {}
    plan.deals.sort(key=lambda deal: deal.opportunity_id)
    ids = pa.array([deal.opportunity_id for deal in plan.deals], pa.string())
    tables = {}
    for name in CARRIED:
        table = tracker_dataset(settings, name).read([plan.base])
        tables[name] = table.filter(pc.is_in(table["opportunity_id"], ids))
    return tables if plan.base == plan.day else refreshed(tables, plan.deals, plan.day, config)


def merged(made: pa.Table, carried: pa.Table | None) -> pa.Table:
    """What was made and what was taken over, in the order of opportunities."""
    if carried is None or not carried.num_rows:
        return made
    both = pa.concat_tables([carried.cast(made.schema), made]).combine_chunks()
    return both.take(pc.sort_indices(both["opportunity_id"]))


def left_behind(
    plan: Plan, sources: Sources, groups: Sequence[Group], opportunities: Iterable[Opportunity]
) -> tuple[list[Part], list[Deal]]:
    """All parts and opportunities of today that another day may take over."""
    counts = Counter(sources.parts.values())
    latest: dict[int, datetime] = {}
    group_of = {f.fragment_id: group for group, _ in groups for f in group}
    for fragment in (f for group, _ in groups for f in group):
        part = sources.parts.get(fragment.fragment_id)
        if part is not None:
            latest[part] = max(latest.get(part, fragment.occurred_at), fragment.occurred_at)
    joined = set(plan.digests[plan.parts[plan.is_new]].tolist()) - plan.reviewed
    parts = [Part(part, counts[part], latest.get(part)) for part in sorted(joined)]
    deals = []
    for one in opportunities:
        part = sources.parts.get(one.members[0].fragment_id)
        if part in joined:
            deals.append(_deal(one, part, group_of[one.members[0].fragment_id]))
    return [*plan.kept, *parts], [*plan.deals, *deals]


def _deal(one: Opportunity, part: int, group: Sequence[Fragment]) -> Deal:
    known = sorted(group, key=lambda f: (f.occurred_at, f.fragment_id))
    first = known[0].occurred_at
    chosen = {c.claim.field: c.fragment_id for c in one.candidates if c.is_chosen}
    return Deal(
        opportunity_id=one.opportunity_id,
        part=part,
        since=stage_since(known, first),
        first=first,
        last=known[-1].occurred_at,
        times=tuple(f.occurred_at for f in known),
        sides=tuple(map(side_of, known)),
        last_source=one.members[-1].fragment_id,
        told_by=tuple(chosen.get(name) for name in TOLD),
    )


def keep(settings: Settings, plan: Plan, environment: str, parts: Sequence[Part],
         deals: Sequence[Deal]) -> None:  # fmt: skip
    """Leave behind what the next joining may take over; ``parts`` and ``deals`` are all of today's.

    Called when the day's tables are written: what is kept bears their marks.
    """
    folder, disk = str(settings.tracker / _FOLDER), LocalFileSystem()
    lists = {
        name: pa.LargeListArray.from_arrays(pa.array(ends), pa.array(values))
        for name, (values, ends) in plan.index.lists.items()
    }
    rows = pa.table(
        {"digest": plan.index.digest, "identity": plan.index.identity,
         "is_whole": plan.index.is_whole, **lists}
    )  # fmt: skip
    told = [asdict(p) | {"day": p.day.isoformat()} for p in plan.partitions]
    write_table(disk, f"{folder}/{_ROWS}", _noted(rows, {"partitions": told, "code": _code()}))
    write_table(disk, f"{folder}/{_DEALS}", _table(Deal, deals))
    meta = {
        "environment": environment, "day": plan.day.isoformat(),
        "marks": {name: _mark(tracker_dataset(settings, name), plan.day) for name in CARRIED},
        "deals": disk.ukey(f"{folder}/{_DEALS}"),
    }  # fmt: skip
    write_table(disk, f"{folder}/{_PARTS}", _noted(_table(Part, parts), meta))


def _state(settings: Settings, environment: str) -> tuple[date, list[Part], list[Deal]] | None:
    """What was left behind, where it may be taken over."""
    folder = settings.tracker / _FOLDER
    parts = _read(folder / _PARTS)
    deals = _read(folder / _DEALS)
    if parts is None or deals is None:
        return None
    meta = _note(parts)
    day = date.fromisoformat(meta["day"])
    marks = {name: _mark(tracker_dataset(settings, name), day) for name in CARRIED}
    is_same = LocalFileSystem().ukey(str(folder / _DEALS)) == meta["deals"]
    if meta["environment"] != environment or meta["marks"] != marks or not is_same:
        return None
    return day, _records(Part, parts), _records(Deal, deals)


def _indexed(settings: Settings) -> tuple[list[Partition], Index]:
    """Entries of all detection rows; of files that were looked at before as they were kept."""
    known, kept = _kept_rows(settings)
    partitions: list[Partition] = []
    indexes: list[Index] = []
    for table in TABLES:
        dataset = detection_dataset(settings.detections, table)
        for day in dataset.days():
            mark = _mark(dataset, day)
            place = known.get((table, day, mark or ""))
            if place is not None and kept is not None:
                index = _slice(kept, *place)
            else:
                rows = dataset.read([day]).to_pylist()
                index = index_of([entry_of(table, row) for row in rows])
            partitions.append(Partition(table, day, mark or "", len(index)))
            indexes.append(index)
    return partitions, together(indexes)


def _kept_rows(settings: Settings) -> tuple[dict[tuple[str, date, str], tuple[int, int]], Any]:
    table = _read(settings.tracker / _FOLDER / _ROWS)
    if table is None or _note(table)["code"] != _code():
        return {}, None
    known, start = {}, 0
    for one in _note(table)["partitions"]:
        known[one["table"], date.fromisoformat(one["day"]), one["mark"]] = start, one["rows"]
        start += one["rows"]
    return known, table.combine_chunks()


def _slice(table: pa.Table, start: int, rows: int) -> Index:
    told = table.slice(start, rows)
    digest, identity, is_whole = (
        told[name].to_numpy() for name in ("digest", "identity", "is_whole")
    )
    index = Index(digest, identity, is_whole)
    for name in LISTS:
        values = pc.list_flatten(told[name]).to_numpy()
        counts = pc.list_value_length(told[name]).to_numpy()
        index.lists[name] = values, np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return index


def _mark(dataset: Dataset, day: date) -> str | None:
    """What tells that a partition's file is the one that it was; None where there is none."""
    try:
        return str(dataset.filesystem.ukey(dataset.partition_path(day)))
    except FileNotFoundError:
        return None


def _read(path: Path) -> pa.Table | None:
    try:
        return pq.read_table(path, partitioning=None)
    except (FileNotFoundError, pa.ArrowInvalid):
        return None


def _table(record: type, rows: Iterable[Any]) -> pa.Table:
    told = list(rows)
    types = {"times": pa.list_(pa.timestamp("us", tz="UTC")), "sides": pa.list_(pa.int8()),
             "told_by": pa.list_(pa.string())}  # fmt: skip
    plain = {"opportunity_id": pa.string(), "last_source": pa.string(), "part": pa.int64(),
             "sources": pa.int64()}  # fmt: skip
    schema = pa.schema(
        [
            (f.name, types.get(f.name) or plain.get(f.name) or pa.timestamp("us", tz="UTC"))
            for f in fields(record)
        ]
    )
    return pa.table({n: [getattr(one, n) for one in told] for n in schema.names}, schema=schema)


def _records(record: type, table: pa.Table) -> list[Any]:
    return [record(*told) for told in zip(*(c.to_pylist() for c in table.columns), strict=True)]


def _noted(table: pa.Table, meta: Mapping[str, Any]) -> pa.Table:
    return table.replace_schema_metadata({_META: json.dumps(meta)})


def _note(table: pa.Table) -> dict[str, Any]:
    return json.loads((table.schema.metadata or {}).get(_META, b"{}"))
