"""Linkage that goes on: records known so far on disk, a new day compared with its own blocks only.

An index is a folder of segments, each written once: features (Arrow, memory-mapped), blocks, links
and hashes of record keys (arrays sorted for binary search) and the entity of each row that the
segment decided. Adding
records looks up their blocks in every segment, compares them with what lies there, and joins anew
only the groups that a new link touches, so that a day costs by its own size. Small segments are
merged into larger ones as they come, each record about log2 of all times. The manifest is replaced
last: a kill leaves the index as it was.

A later version of a record is a record of its own: its key is that of the record, ``|`` and what
tells versions apart; who stores versions passes only the new ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ml.identity.candidates import LARGEST_KEY_BLOCK, blocks, pairs
from ml.identity.clusters import LINK_WEIGHT, cluster
from ml.identity.model import Parameters
from ml.identity.records import FEATURE_SCHEMA
from ml.identity.scoring import score

MANIFEST = "index.json"
#: Columns of a link kept for later joining.
_LINKS = ("near", "far", "weight")
#: Arrays that are sorted together, by the first of each: kept so through merges.
_SORTED = (("block", "row", "name"), _LINKS, ("record", "record_row"), ("version",))
#: Of those, which hold row numbers within their segment.
_LOCAL = ("row", "record_row")


#: Of the files of a segment: raised when they change.
LAYOUT = 2


class OutdatedIndexError(ValueError):
    """The index was built with other parameters or files; the message says what to do."""


@dataclass
class Segment:
    """One folder of the index, opened without reading it."""

    path: Path
    first: int
    rows: int

    def array(self, name: str) -> np.ndarray:
        """An array of the segment, memory-mapped."""
        return np.load(self.path / f"{name}.npy", mmap_mode="r")

    def features(self) -> pa.Table:
        """Features of the segment's rows, memory-mapped."""
        return pa.ipc.open_file(pa.memory_map(str(self.path / "features.arrow"))).read_all()


@dataclass(frozen=True)
class Added:
    """What adding records did."""

    #: Row number of each added record.
    rows: np.ndarray
    #: Compared pairs (left_row, right_row, weight, levels) with at least one added record.
    scored: pa.Table
    #: Rows whose entity is new or has changed, and that entity (its smallest row).
    changed: np.ndarray
    labels: np.ndarray


class Index:
    """Records, links and entities known so far, in ``folder``."""

    def __init__(
        self, folder: Path, parameters: Parameters, keys: tuple[str, ...] = ("cik", "domain")
    ) -> None:
        """Open or start the index. Raises ``OutdatedIndexError`` if it was built otherwise."""
        self.folder, self.parameters, self.keys = folder, parameters, keys
        folder.mkdir(parents=True, exist_ok=True)
        self.segments: list[Segment] = []
        manifest = folder / MANIFEST
        if manifest.exists():
            told = json.loads(manifest.read_text("utf-8"))
            built = (told["model"], told.get("layout"))
            if built != (parameters.version, LAYOUT):
                raise OutdatedIndexError(
                    f"{folder} was built with model {built[0]} and layout {built[1]}, not "
                    f"{parameters.version} and {LAYOUT}: remove the folder to link everything anew"
                )
            for name, first, rows in told["segments"]:
                self.segments.append(Segment(folder / name, first, rows))

    @property
    def count(self) -> int:
        """Records known."""
        return self.segments[-1].first + self.segments[-1].rows if self.segments else 0

    def add(self, features: pa.Table) -> Added:
        """Compare ``features`` with all that is known and among themselves, and keep the result."""
        first, own = self.count, blocks(features)
        found, old = self._found(own, first)
        compared = pairs(
            found, None if not len(old) else np.arange(len(old), found_rows(found, old))
        )
        old, compared = _needed(old, compared)
        both = pa.concat_tables([self._take(old), features]) if len(old) else features
        scored = score(both, compared, self.parameters)
        # Local rows to rows of the index.
        rows = np.concatenate([old, np.arange(first, first + features.num_rows)])
        left = rows[np.asarray(scored.column("left_row"), dtype=np.int64)]
        right = rows[np.asarray(scored.column("right_row"), dtype=np.int64)]
        weight = np.asarray(scored.column("weight"), dtype=np.float64)
        scored = scored.set_column(0, "left_row", pa.array(left)).set_column(
            1, "right_row", pa.array(right)
        )
        near, far = np.concatenate([left, right]), np.concatenate([right, left])
        order = np.argsort(near, kind="stable")
        links = dict(
            zip(
                _LINKS,
                (near[order], far[order], np.concatenate([weight, weight])[order]),
                strict=True,
            )
        )
        changed, labels = self._join(features, first, links)
        self._write(features, own, first, links, changed, labels)
        return Added(np.arange(first, first + features.num_rows), scored, changed, labels)

    def has(self, keys: Iterable[str]) -> np.ndarray:
        """Whether each record key, with its version, is known."""
        asked = _hashes(keys)
        known = np.zeros(len(asked), dtype=bool)
        for segment in self.segments:
            there = segment.array("version")
            known |= np.searchsorted(there, asked, "left") < np.searchsorted(there, asked, "right")
        return known

    def newest(self, records: Iterable[str]) -> np.ndarray:
        """Row of the last version of each record; all are known."""
        asked = _hashes(records)
        rows = np.full(len(asked), -1, dtype=np.int64)
        for segment in self.segments:
            there, local = segment.array("record"), segment.array("record_row")
            begins = np.searchsorted(there, asked, "left")
            ends = np.searchsorted(there, asked, "right")
            for number in np.flatnonzero(ends > begins):
                rows[number] = segment.first + local[begins[number] : ends[number]].max()
        return rows

    def record_keys(self, rows: np.ndarray) -> list[str]:
        """Record key of each row."""
        found = np.empty(len(rows), dtype=object)
        for segment in self.segments:
            here = np.flatnonzero((rows >= segment.first) & (rows < segment.first + segment.rows))
            if len(here):
                keys = segment.features().column("record_key")
                found[here] = keys.take(pa.array(rows[here] - segment.first)).to_pylist()
        return found.tolist()

    def entities(self, rows: np.ndarray) -> np.ndarray:
        """Entity (its smallest row) of each of some rows."""
        found = np.full(len(rows), -1, dtype=np.int64)
        for segment in self.segments:
            decided = segment.array("changed")
            at = np.minimum(np.searchsorted(decided, rows), len(decided) - 1)
            there = decided[at] == rows
            # A later segment's word counts.
            found[there] = segment.array("labels")[at[there]]
        return found

    def labels(self) -> np.ndarray:
        """Entity of every row."""
        found = np.empty(self.count, dtype=np.int64)
        for segment in self.segments:
            found[segment.array("changed")] = segment.array("labels")
        return found

    def _found(self, own: pa.Table, first: int) -> tuple[pa.Table, np.ndarray]:
        """Blocks of the new records with the known records in them, rows counted from the known."""
        asked = np.asarray(own.column("block"))
        part = np.asarray(own.column("part"))
        if not self.segments:
            return own, np.empty(0, dtype=np.int64)
        unique, where, size = np.unique(asked, return_index=True, return_counts=True)
        # Known and new: a block is too large by what it holds in all.
        slices = []
        for segment in self.segments:
            known = segment.array("block")
            begins = np.searchsorted(known, unique, "left")
            ends = np.searchsorted(known, unique, "right")
            size = size + (ends - begins)
            slices.append((segment, begins, ends))
        kept = size <= LARGEST_KEY_BLOCK
        block, row, name = [], [], []
        for segment, begins, ends in slices:
            lengths = np.where(kept, ends - begins, 0)
            at = np.repeat(begins - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
            at = at + np.arange(lengths.sum())
            block.append(np.repeat(np.arange(len(unique)), lengths))
            row.append(segment.array("row")[at] + segment.first)
            name.append(segment.array("name")[at])
        number = np.concatenate(block)
        rows = np.concatenate(row)
        old, local = np.unique(rows, return_inverse=True)
        # Blocks that are too large in all are left out of the new records' as well.
        fits = np.isin(asked, unique[kept])
        found = pa.table(
            {
                "block": np.concatenate([asked[fits], unique[number]]),
                "row": np.concatenate(
                    [np.asarray(own.column("row"))[fits] + len(old), local.astype(np.int64)]
                ),
                "name": np.concatenate([np.asarray(own.column("name"))[fits], *name]),
                "part": np.concatenate([part[fits], part[where][number]]),
            }
        )
        return found, old

    def _take(self, rows: np.ndarray) -> pa.Table:
        """Features of known rows (sorted)."""
        parts = [FEATURE_SCHEMA.empty_table()]
        for segment in self.segments:
            here = rows[(rows >= segment.first) & (rows < segment.first + segment.rows)]
            if len(here):
                parts.append(segment.features().take(pa.array(here - segment.first)))
        return pa.concat_tables(parts)

    def _neighbours(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Links (near, far, weight) of known rows."""
        found = []
        for segment in self.segments:
            near = segment.array("near")
            begins = np.searchsorted(near, rows, "left")
            lengths = np.searchsorted(near, rows, "right") - begins
            at = np.repeat(begins - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
            at = at + np.arange(lengths.sum())
            found.append(tuple(segment.array(name)[at] for name in _LINKS))
        return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))

    def _join(
        self, features: pa.Table, first: int, links: dict[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Entities of the new rows and of the known rows that links now tie to them."""
        own = np.arange(first, first + features.num_rows)
        known = {name: [values] for name, values in links.items()}
        strong = links["weight"] >= LINK_WEIGHT
        reached = np.unique(links["far"][strong])
        reached = reached[reached < first]
        every = reached
        while len(reached) and self.segments:
            near, far, weight = self._neighbours(reached)
            for name, values in zip(_LINKS, (near, far, weight), strict=True):
                known[name].append(values)
            reached = np.setdiff1d(np.unique(far[weight >= LINK_WEIGHT]), every)
            reached = reached[reached < first]
            every = np.union1d(every, reached)
        rows = np.concatenate([every, own])
        near, far, weight = (np.concatenate(known[name]) for name in _LINKS)
        inside = (near < far) & np.isin(near, rows) & np.isin(far, rows)
        near, far, weight = near[inside], far[inside], weight[inside]
        scored = pa.table(
            {
                "left_row": np.searchsorted(rows, near),
                "right_row": np.searchsorted(rows, far),
                "weight": weight,
            }
        )
        both = pa.concat_tables([self._take(every), features]) if len(every) else features
        told = [both.column(key).to_pylist() for key in self.keys]
        labels = cluster(len(rows), scored, keys=[values for values in told if any(values)])
        return rows, rows[labels]

    def _write(
        self,
        features: pa.Table,
        own: pa.Table,
        first: int,
        links: dict[str, np.ndarray],
        changed: np.ndarray,
        labels: np.ndarray,
    ) -> None:
        order = np.argsort(np.asarray(own.column("block")), kind="stable")
        arrays = {n: np.asarray(own.column(n))[order] for n in ("block", "row", "name")}
        told = features.column("record_key").to_pylist()
        records = _hashes(key.rpartition("|")[0] or key for key in told)
        by_record = np.argsort(records, kind="stable")
        arrays |= {"record": records[by_record], "record_row": by_record.astype(np.int64)}
        arrays["version"] = np.sort(_hashes(told))
        by_row = np.argsort(changed, kind="stable")
        arrays |= links | {"changed": changed[by_row], "labels": labels[by_row]}
        kept, new = list(self.segments), (features, arrays, first, features.num_rows)
        while kept and kept[-1].rows <= 2 * new[3]:
            new = _merged(kept.pop(), new)
        segment = self._segment(*new)
        self._publish([*kept, segment])

    def _segment(
        self, features: pa.Table, arrays: dict[str, np.ndarray], first: int, rows: int
    ) -> Segment:
        name = f"{first:012d}-{rows:012d}"
        folder = self.folder / name
        making = self.folder / f"{name}.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir()
        with pa.ipc.new_file(making / "features.arrow", features.schema) as file:
            file.write_table(features)
        for key, values in arrays.items():
            np.save(making / f"{key}.npy", values)
        shutil.rmtree(folder, ignore_errors=True)
        making.rename(folder)
        return Segment(folder, first, rows)

    def _publish(self, segments: list[Segment]) -> None:
        told = {
            "model": self.parameters.version,
            "layout": LAYOUT,
            "segments": [(s.path.name, s.first, s.rows) for s in segments],
        }
        making = self.folder / f"{MANIFEST}.making"
        with making.open("w", encoding="utf-8") as file:
            json.dump(told, file)
            file.flush()
            os.fsync(file.fileno())
        making.replace(self.folder / MANIFEST)
        gone = {s.path for s in self.segments} - {s.path for s in segments}
        self.segments = segments
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)


def _needed(old: np.ndarray, compared: pa.Table) -> tuple[np.ndarray, pa.Table]:
    """Of the known rows those in a pair, and the pairs renumbered: large blocks give no pair."""
    sides = [np.asarray(compared.column(side)) for side in ("left_row", "right_row")]
    used = np.unique(np.concatenate(sides))
    used = used[used < len(old)]
    placed = [
        np.where(side < len(old), np.searchsorted(used, side), side - len(old) + len(used))
        for side in sides
    ]
    return old[used], pa.table({"left_row": placed[0], "right_row": placed[1]})


def found_rows(found: pa.Table, old: np.ndarray) -> int:
    """One more than the largest row of ``found``, at least those of ``old``."""
    rows = np.asarray(found.column("row"))
    return max(int(rows.max()) + 1 if len(rows) else 0, len(old))


def _hashes(keys: Iterable[str]) -> np.ndarray:
    """64 bits of each key, enough to tell the records of a market apart."""
    return np.array(
        [
            int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")
            for key in keys
        ],
        dtype=np.uint64,
    )


_New = tuple[pa.Table, dict[str, np.ndarray], int, int]


def _merged(old: Segment, new: _New) -> _New:
    """A segment and the one behind it as one."""
    features, arrays, first, rows = new
    both = {name: (np.asarray(old.array(name)), values) for name, values in arrays.items()}
    for name in _LOCAL:
        before, after = both[name]
        both[name] = (before, after + (first - old.first))
    merged: dict[str, np.ndarray] = {}
    for names in _SORTED:
        joined = {name: np.concatenate(both[name]) for name in names}
        order = np.argsort(joined[names[0]], kind="stable")
        merged |= {name: values[order] for name, values in joined.items()}
    changed, labels = (np.concatenate(both[name][::-1]) for name in ("changed", "labels"))
    # The newer segment's word stands first and counts.
    rows_told, at = np.unique(changed, return_index=True)
    merged |= {"changed": rows_told, "labels": labels[at]}
    return (
        pa.concat_tables([old.features(), features]).combine_chunks(),
        merged,
        old.first,
        old.rows + rows,
    )
