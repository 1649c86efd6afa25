"""Segments of the linkage index: folders of arrays, written once and opened without reading."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

#: Columns of a link kept for later joining.
LINKS = ("near", "far", "weight")
#: Arrays that are sorted together, by the first of each: kept so through merges.
_SORTED = (("block", "row", "name"), LINKS, ("record", "record_row"), ("version",))
#: Of those, which hold row numbers within their segment.
_LOCAL = ("row", "record_row")
#: Of the files of a segment: raised when they change.
LAYOUT = 3
#: What a segment is made of: features, arrays, its first row and how many there are.
New = tuple[pa.Table, dict[str, np.ndarray], int, int]


@dataclass
class Segment:
    """One folder of the index, opened without reading it, each file once."""

    path: Path
    first: int
    rows: int
    _arrays: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    def array(self, name: str) -> np.ndarray:
        """An array of the segment, memory-mapped."""
        if name not in self._arrays:
            # A plain view: the mapped class looks for its file at every slice.
            mapped = np.load(self.path / f"{name}.npy", mmap_mode="r")
            self._arrays[name] = mapped.view(np.ndarray)
        return self._arrays[name]

    @cached_property
    def features(self) -> pa.Table:
        """Features of the segment's rows, memory-mapped."""
        return pa.ipc.open_file(pa.memory_map(str(self.path / "features.arrow"))).read_all()


def written(
    index: Path, features: pa.Table, arrays: dict[str, np.ndarray], first: int, rows: int
) -> Segment:
    """Write a segment into a folder of the index; one of the same rows is replaced."""
    name = f"{first:012d}-{rows:012d}"
    folder = index / name
    making = index / f"{name}.making"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    with pa.ipc.new_file(making / "features.arrow", features.schema) as file:
        file.write_table(features)
    for key, values in arrays.items():
        np.save(making / f"{key}.npy", values)
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)
    return Segment(folder, first, rows)


def merged(old: Segment, new: New) -> New:
    """A segment and the one behind it as one."""
    features, arrays, first, rows = new
    both = {name: (np.asarray(old.array(name)), values) for name, values in arrays.items()}
    for name in _LOCAL:
        before, after = both[name]
        both[name] = (before, after + (first - old.first))
    whole = {"sketch": np.concatenate(both["sketch"])}
    for names in _SORTED:
        joined = {name: np.concatenate(both[name]) for name in names}
        order = np.argsort(joined[names[0]], kind="stable")
        whole |= {name: values[order] for name, values in joined.items()}
    changed, labels = (np.concatenate(both[name][::-1]) for name in ("changed", "labels"))
    # The newer segment's word stands first and counts.
    rows_told, at = np.unique(changed, return_index=True)
    whole |= {"changed": rows_told, "labels": labels[at]}
    return (
        pa.concat_tables([old.features, features]).combine_chunks(),
        whole,
        old.first,
        old.rows + rows,
    )
