"""A reader: which lake streams one detection table is read from, and by which function."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from detection.readers.lake_row import Row
from detection.records import Detection


@dataclass(frozen=True)
class Reader:
    """One detection table: where its rows come from and how one lake row is read."""

    table: str
    #: (source, stream) pairs that are read, in this order; source "*" is every source that has it.
    streams: tuple[tuple[str, str], ...]
    record: type[Detection]
    name: str
    version: str
    read: Callable[[Row], Iterable[Detection]]
    #: Lake columns the reader needs (all but large ones it never looks at).
    columns: tuple[str, ...]
