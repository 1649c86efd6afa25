"""Reports that are declared to hold every deal: what vanished from one was deleted in the CRM.

A report is a view with filters, so that a row which it no longer shows says nothing (the default).
Where a user declares an export complete (``options.complete``), a deal that its newest file does
not hold any more is told once more as it was last told, and as deleted: as the CRM's API tells it.
Only deals that the same export told are looked at; what another report told since stays.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resources.http import encode_json
from resources.lake import Record
from resources.mapped.tables import TableError, key_of
from resources.sources.connectors.base import (
    Context,
    Emission,
    NotConfiguredError,
    Rejected,
)
from resources.sources.connectors.file_drop import DroppedFile, ReadRow, fits

#: Header under which a deal is told as deleted, and others that say the same.
DELETED = "Is Deleted"
_DELETED = frozenset({"isdeleted", "deleted", "archived", "isarchived"})
_YES = frozenset({"true", "yes", "1"})
_REMEDY = (
    "write true where the folder holds one export of all deals, a list of file names such as "
    "['all_deals*.csv'] where it holds other reports too, or {patterns: [...], least_share: 0.5}"
)


class CompleteExports(BaseModel):
    """Which files are exports of all deals; each pattern is one export, its newest file counts."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    patterns: tuple[str, ...] = Field(default=("*",), min_length=1)
    #: A file that holds less than this share of the deals known of its export is cut, not complete.
    least_share: float = Field(default=0.5, ge=0, le=1)


def complete_exports(context: Context) -> CompleteExports | None:
    """What ``options.complete`` says; None where no export is declared complete.

    Raises ``NotConfiguredError`` naming what to change.
    """
    told = context.option("complete", False)
    if told is False or told is None:
        return None
    shape: Any = {} if told is True else {"patterns": told} if isinstance(told, list) else told
    try:
        return CompleteExports.model_validate(shape)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(["options.complete", *map(str, first["loc"])])
        raise NotConfiguredError(
            f"source {context.source!r}: {place} is {first['input']!r} ({first['msg']}); {_REMEDY}"
        ) from None


@dataclass
class Export:
    """The newest file of one export, and the deals that it holds."""

    pattern: str
    file: DroppedFile
    records: Mapping[str, Record]
    #: Rows that could not be read: whose they are is not known.
    unread: int
    #: Time of the file (UTC): the day in its name, else when it was written.
    told_at: datetime

    def has_lost(self, record: Record) -> bool:
        """Whether a record of an older file of this export is in its newest file no more."""
        name = str(record.source_url).removeprefix("file:")
        is_older = fits(name, (self.pattern,)) and name != self.file.name
        return is_older and not self.unread and record.record_id not in self.records


def newest_exports(
    complete: CompleteExports,
    files: Collection[DroppedFile],
    rows: Callable[[DroppedFile], Iterable[ReadRow]],
    fetched_at: datetime,
) -> list[Export]:
    """The newest file of each export that can be read; ``rows`` raises ``TableError`` or
    ``OSError`` for one that cannot, of which the usual reading tells."""
    found = []
    for pattern in complete.patterns:
        fitting = [file for file in files if fits(file.name, (pattern,))]
        if not fitting:
            continue
        newest = max(fitting, key=DroppedFile.order)
        try:
            told = list(rows(newest))
        except (TableError, OSError):
            continue
        records = {row[0].record_id: row[0] for row in told if not isinstance(row, Rejected)}
        unread = sum(isinstance(row, Rejected) and row.rule != "missing_id" for row in told)
        at = min(time_of(newest) or fetched_at, fetched_at)
        found.append(Export(pattern, newest, records, unread, at))
    return found


def time_of(file: DroppedFile) -> datetime | None:
    """When an export was made (UTC): the day in its name, else when its file was written."""
    return file.stated_at or file.changed_at


def withdrawn(record: Record, export: Export, headers: Mapping[str, str]) -> Record:
    """A deal as it was last told, deleted at the time of the export that lacks it."""
    cells = json.loads(record.payload)
    cells = {name: value for name, value in cells.items() if key_of(str(name)) not in _DELETED}
    cells |= {headers.get("is_withdrawn", DELETED): "true"}
    return replace(
        record,
        payload=encode_json(cells),
        payload_sha256="",
        observed_at=export.told_at,
        source_url=f"file:{export.file.name}",
    )


def vanished(
    context: Context,
    stream: str,
    exports: Iterable[Export],
    complete: CompleteExports,
    headers: Mapping[str, str],
    told: Collection[str],
) -> Iterator[Emission]:
    """Deals of the lake that the newest file of their export holds no more, or holds again.

    ``told`` are ids that this fetch has told. A deal that is back is told as it stands there, also
    where the file's bytes have been read before. A file that could not be read in full, or that
    holds too few of what is known, takes nothing away and says so.
    """
    known = _latest(context, stream)
    for export in exports:
        for i, record in sorted(export.records.items()):
            was = known.get(i)
            is_back = was is not None and is_deleted(was, headers) and i not in told
            if is_back and not is_deleted(record, headers):
                yield record
        mine = {
            i: r for i, r in known.items()
            if fits(str(r.source_url).removeprefix("file:"), (export.pattern,))
            and not is_deleted(r, headers)
        }  # fmt: skip
        gone = [r for i, r in sorted(mine.items()) if i not in export.records and i not in told]
        if not gone:
            continue
        name = export.file.name
        kept = len(mine) - len(gone)
        if export.unread or kept < complete.least_share * len(mine):
            why = (
                f"{export.unread} of its rows cannot be read"
                if export.unread
                else f"it holds {kept} of {len(mine)} deals known, less than the share of "
                f"{complete.least_share:g} (options.complete.least_share)"
            )
            yield Rejected(
                context.source, stream, name, "incomplete_export",
                f"{name}: declared complete, and {why}; {len(gone)} deals that it lacks stay as "
                "they are",
                severity="warning",
            )  # fmt: skip
            continue
        for record in gone:
            yield withdrawn(record, export, headers)


def is_deleted(record: Record, headers: Mapping[str, str]) -> bool:
    """Whether a record says that its deal was deleted or archived."""
    own = headers.get("is_withdrawn")
    return any(
        str(value).strip().lower() in _YES
        for name, value in json.loads(record.payload).items()
        if name == own or key_of(str(name)) in _DELETED
    )


def _latest(context: Context, stream: str) -> dict[str, Record]:
    """The version of each record that was fetched last, as of this fetch."""
    columns = ["record_id", "observed_at", "fetched_at", "source_url", "payload"]
    rows = context.lake.read(context.source, stream, columns=columns).to_pylist()
    found: dict[str, Record] = {}
    for row in sorted(rows, key=lambda r: r["fetched_at"]):
        if row["fetched_at"] <= context.fetched_at:
            found[row["record_id"]] = Record(
                source=context.source, stream=stream, **row | {"fetched_at": context.fetched_at}
            )
    return found
