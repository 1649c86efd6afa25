"""Linkage that goes on: records known so far on disk, a new day compared with its own blocks only.

An index is a folder of segments, each written once: features (Arrow, memory-mapped), sketches,
blocks, links and hashes of record keys (arrays sorted for binary search) and the entity of each row
that the segment decided. Adding records looks up their blocks in every segment, tells by sketches
which pairs may weigh anything, compares those, and joins anew only the groups that a new link
touches, so that a day costs by its own size. Small segments are merged into larger ones as they
come, each record about log2 of all times. The manifest is replaced last: a kill leaves the index as
it was.

A later version of a record is a record of its own: its key is that of the record, ``|`` and what
tells versions apart; who stores versions passes only the new ones.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from ml.identity.candidates import LARGEST_KEY_BLOCK, blocks, pairs, ranges, telling
from ml.identity.clusters import LINK_WEIGHT, cluster
from ml.identity.model import Parameters
from ml.identity.records import FEATURE_SCHEMA
from ml.identity.scoring import LEAST_WEIGHT, score
from ml.identity.segments import LAYOUT, LINKS, Segment, merged, written
from ml.identity.sketches import SKETCH, promising, rows_of, sketches

MANIFEST = "index.json"


class OutdatedIndexError(ValueError):
    """The index was built with other parameters or files; the message says what to do."""


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
        told = sketches(features)
        glance = np.concatenate([self._sketches(old), told])
        compared = promising(glance, compared, self.parameters, LEAST_WEIGHT)
        old, compared = _needed(old, compared)
        both = pa.concat_tables([self._take(old, FEATURE_SCHEMA.names), features])
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
                LINKS,
                (near[order], far[order], np.concatenate([weight, weight])[order]),
                strict=True,
            )
        )
        changed, labels = self._join(features, first, links)
        self._write(features, own, told, first, links, changed, labels)
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
                keys = segment.features.column("record_key")
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
        """Blocks of the new records with the known records in them, rows counted from the known.

        Blocks that hold too much in all, known and new, are left out before their rows are read.
        """
        if not self.segments:
            return own, np.empty(0, dtype=np.int64)
        asked, part, names = (np.asarray(own.column(c)) for c in ("block", "part", "name"))
        unique, where, asked = np.unique(asked, return_index=True, return_inverse=True)
        slices, size = [], np.bincount(asked)
        for segment in self.segments:
            known = segment.array("block")
            begins = np.searchsorted(known, unique, "left")
            ends = np.searchsorted(known, unique, "right")
            size = size + (ends - begins)
            slices.append((segment, begins, ends))
        fits = size <= LARGEST_KEY_BLOCK
        number, at, name = [], [], []
        for segment, begins, ends in slices:
            lengths = np.where(fits, ends - begins, 0)
            number.append(np.repeat(np.arange(len(unique)), lengths))
            at.append(ranges(begins, lengths))
            name.append(segment.array("name")[at[-1]])
        every = np.concatenate([asked, *number])
        told = np.concatenate([names, *name])
        kept = fits & telling(every, part[where][every], told)
        rows = [
            segment.array("row")[places[kept[blocks]]] + segment.first
            for (segment, _, _), places, blocks in zip(slices, at, number, strict=True)
        ]
        old, local = np.unique(np.concatenate(rows), return_inverse=True)
        inside = kept[every]
        every = every[inside]
        own_rows = np.asarray(own.column("row"))[kept[asked]] + len(old)
        found = {
            "block": every,
            "row": np.concatenate([own_rows, local.astype(np.int64)]),
            "name": told[inside],
            "part": part[where][every],
        }
        return pa.table(found), old

    def _take(self, rows: np.ndarray, columns: Sequence[str]) -> pa.Table:
        """Features of known rows (sorted)."""
        parts = [FEATURE_SCHEMA.empty_table().select(columns)]
        for segment in self.segments:
            here = rows[(rows >= segment.first) & (rows < segment.first + segment.rows)]
            if len(here):
                parts.append(segment.features.select(columns).take(pa.array(here - segment.first)))
        return pa.concat_tables(parts)

    def _sketches(self, rows: np.ndarray) -> np.ndarray:
        """Sketches of known rows (sorted)."""
        parts = [np.empty(0, dtype=SKETCH)]
        for segment in self.segments:
            begin, end = np.searchsorted(rows, [segment.first, segment.first + segment.rows])
            parts.append(rows_of(segment.array("sketch"), rows[begin:end] - segment.first))
        return np.concatenate(parts)

    def _neighbours(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """Links (near, far, weight) of known rows."""
        found = []
        for segment in self.segments:
            near = segment.array("near")
            begins = np.searchsorted(near, rows, "left")
            lengths = np.searchsorted(near, rows, "right") - begins
            at = ranges(begins, lengths)
            found.append(tuple(segment.array(name)[at] for name in LINKS))
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
            for name, values in zip(LINKS, (near, far, weight), strict=True):
                known[name].append(values)
            reached = np.setdiff1d(np.unique(far[weight >= LINK_WEIGHT]), every)
            reached = reached[reached < first]
            every = np.union1d(every, reached)
        rows = np.concatenate([every, own])
        near, far, weight = (np.concatenate(known[name]) for name in LINKS)
        once = near < far
        near, far, weight = near[once], far[once], weight[once]
        left, right = (np.searchsorted(rows, side) for side in (near, far))
        inside = rows.take(left, mode="clip") == near
        inside &= rows.take(right, mode="clip") == far
        scored = pa.table(
            {"left_row": left[inside], "right_row": right[inside], "weight": weight[inside]}
        )
        both = pa.concat_tables([self._take(every, self.keys), features.select(self.keys)])
        labels = cluster(len(rows), scored, keys=[both.column(key) for key in self.keys])
        return rows, rows[labels]

    def _write(
        self,
        features: pa.Table,
        own: pa.Table,
        told: np.ndarray,
        first: int,
        links: dict[str, np.ndarray],
        changed: np.ndarray,
        labels: np.ndarray,
    ) -> None:
        order = np.argsort(np.asarray(own.column("block")), kind="stable")
        arrays = {n: np.asarray(own.column(n))[order] for n in ("block", "row", "name")}
        keys = features.column("record_key").to_pylist()
        records = _hashes(key.rpartition("|")[0] or key for key in keys)
        by_record = np.argsort(records, kind="stable")
        arrays |= {"record": records[by_record], "record_row": by_record.astype(np.int64)}
        arrays |= {"version": np.sort(_hashes(keys)), "sketch": told}
        by_row = np.argsort(changed, kind="stable")
        arrays |= links | {"changed": changed[by_row], "labels": labels[by_row]}
        kept, new = list(self.segments), (features, arrays, first, features.num_rows)
        while kept and kept[-1].rows <= 2 * new[3]:
            new = merged(kept.pop(), new)
        segment = written(self.folder, *new)
        self._publish([*kept, segment])

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
