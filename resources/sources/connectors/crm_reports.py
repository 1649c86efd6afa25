"""A folder of a CRM's reports on opportunities or deals (CSV, Excel, JSON).

Rows are kept under the report's own headers. Which header is the id is known for Salesforce,
HubSpot and their kin; the user's own are given as ``options.headers`` (field to header), which the
reader goes by, too. A report without an id is known by account and name. Of several reports the
newest statement of a row counts. A row that a report no longer holds says nothing, but where
``options.complete`` declares an export to hold every deal (``crm_whole_exports``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from resources.http import encode_json
from resources.lake import Record
from resources.mapped.tables import BadRow, key_of, read_table
from resources.sources.connectors.base import (
    Context,
    Emission,
    NotConfiguredError,
    Rejected,
    parse_time,
)
from resources.sources.connectors.crm_whole_exports import (
    CompleteExports,
    Export,
    complete_exports,
    newest_exports,
    time_of,
    vanished,
    withdrawn,
)
from resources.sources.connectors.file_drop import (
    DroppedFile,
    Reading,
    ReadRow,
    Told,
    bad_row,
    fits,
    folder_files,
    is_young,
    read_files,
    unnamed,
)

STREAM = "crm_opportunities"
PATTERNS = ("*.csv", "*.tsv", "*.xlsx", "*.json", "*.jsonl")
#: Headers by which a row is told from others and dated, best first; case and signs do not matter.
IDS = ("Opportunity ID", "Deal ID", "Record ID", "ID", "hs_object_id", "Case Safe ID")
NAMES = ("Opportunity Name", "Deal Name", "Name", "Title")
ACCOUNTS = ("Account Name", "Associated Company", "Company", "Company Name", "Account")
TIMES = ("Last Modified", "Last Modified Date", "hs_lastmodifieddate", "Modified At")
#: Headers of which a report on opportunities has one; lists of contacts and leads have none.
PROGRESS = ("Stage", "Stage Name", "Deal Stage", "Amount", "Deal Amount", "Close Date")
#: Fields that ``options.headers`` may name.
FIELDS = frozenset(
    {"record_id", "other_id", "name", "account", "account_id", "website", "contact_email",
     "contact_name", "contact_first_name", "contact_last_name", "owner", "stage", "amount",
     "currency", "product", "part_number", "quantity", "unit_price", "reference", "next_step",
     "close_date", "created_at", "modified_at", "is_withdrawn"}
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """How a report's table is found: its header is the row that names a deal by id or name."""

    headers: Mapping[str, str]
    format: str = "auto"
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    records: str = ""
    #: Which files hold all deals; None where none is declared to.
    complete: CompleteExports | None = None

    def all_columns(self) -> set[str]:
        """Headers that tell the header's row."""
        return {*self.headers.values(), *IDS, *NAMES, *ACCOUNTS, *TIMES, *PROGRESS}

    def needed_columns(self) -> list[tuple[str, ...]]:
        """A row must be named and say how far the deal is."""
        return [
            (*self._own("record_id", "name"), *IDS, *NAMES),
            (*self._own("stage", "amount", "close_date"), *PROGRESS),
        ]

    def _own(self, *fields: str) -> list[str]:
        return [self.headers[field] for field in fields if field in self.headers]

    def value(self, cells: Mapping[str, Any], field: str, known: tuple[str, ...]) -> str | None:
        """What a row says under the user's header of a field, or the first known one."""
        plain = {key_of(str(name)): value for name, value in cells.items()}
        for header in (self.headers.get(field, ""), *known):
            text = " ".join(str(plain.get(key_of(header), "") or "").split())
            if header and text:
                return text
        return None


def report_of(context: Context) -> Report:
    """The report's shape as configured. Raises ``NotConfiguredError`` naming a wrong field."""
    headers = dict(context.option("headers", None) or {})
    unknown = sorted(set(headers) - FIELDS)
    if unknown:
        raise NotConfiguredError(
            f"source {context.source!r}: options.headers names {', '.join(unknown)}; "
            f"fields are {', '.join(sorted(FIELDS))}"
        )
    shape = {
        name: context.option(name, None)
        for name in ("encoding", "delimiter", "sheet")
        if context.option(name, None)
    }
    named = {k: str(v) for k, v in headers.items()}
    return Report(named, complete=complete_exports(context), **shape)


def fetch(context: Context) -> Iterator[Emission]:
    """Rows that are new or changed. Raises ``NotConfiguredError`` without the folder."""
    report = report_of(context)
    filesystem, files = folder_files(context)
    patterns = tuple(context.option("pattern", PATTERNS))
    spelled = json.dumps([dict(report.headers), report.encoding, report.delimiter, report.sheet])
    fingerprint = hashlib.sha256(spelled.encode()).hexdigest()[:12]
    reading = Reading("report", STREAM, fingerprint, partial(rows_of, context, report))
    fitting = [file for file in files if fits(file.name, patterns)]
    complete = report.complete
    exports: list[Export] = []
    if complete is not None and not any(is_young(context, file) for file in fitting):

        def rows(file: DroppedFile) -> Iterator[ReadRow]:
            return rows_of(context, report, file, filesystem.cat_file(file.path))

        exports = newest_exports(complete, fitting, rows, context.fetched_at)
    told: set[str] = set()
    for item in read_files(context, filesystem, reading, fitting, Told(context)):
        if isinstance(item, Record):
            told.add(item.record_id)
            lost = next((export for export in exports if export.has_lost(item)), None)
            yield withdrawn(item, lost, report.headers) if lost else item
        else:
            yield item
    if complete is not None:
        yield from vanished(context, STREAM, exports, complete, report.headers, told)
    yield from unnamed(files, [patterns])


def probe(context: Context) -> str:
    """Whether the folder can be read, and how many reports lie there."""
    report_of(context)
    _, files = folder_files(context)
    patterns = tuple(context.option("pattern", PATTERNS))
    fitting = [file for file in files if fits(file.name, patterns)]
    return f"folder {context.location('folder')} can be read; {len(fitting)} reports"


def rows_of(
    context: Context, report: Report, file: DroppedFile, content: bytes
) -> Iterator[ReadRow]:
    """Rows of one report. Raises ``TableError`` for a file that is no report."""
    for row in read_table(content, file.name, report):
        if isinstance(row, BadRow):
            yield bad_row(context.source, STREAM, file.name, row)
            continue
        cells = {name: value for name, value in row.cells.items() if value not in (None, "")}
        record_id = report.value(cells, "record_id", IDS)
        if record_id is None:
            record_id = made_id(report, cells)
            if record_id is None:
                # Reports end in totals and notes; they name no deal.
                place = f"{file.name} line {row.line}"
                yield Rejected(
                    context.source,
                    STREAM,
                    place,
                    "missing_id",
                    f"{place}: row has neither an id nor a name",
                    excerpt=encode_json(cells),
                    severity="warning",
                )
                continue
        told_at = parse_time(report.value(cells, "modified_at", TIMES)) or file.stated_at
        if told_at is not None and told_at > context.fetched_at:
            told_at = None
        record = _record(context, record_id, cells, told_at, file)
        if report.complete is not None and fits(file.name, report.complete.patterns):
            # A deal that comes back is told by the export, not by its last change.
            times = [t for t in (told_at, time_of(file)) if t and t <= context.fetched_at]
            told_at = max(times, default=None)
        yield record, told_at


def made_id(report: Report, cells: Mapping[str, Any]) -> str | None:
    """An id made of account and name; None for a row without a name."""
    name = report.value(cells, "name", NAMES)
    if name is None:
        return None
    account = report.value(cells, "account", ACCOUNTS) or ""
    digest = hashlib.sha256(f"{account.casefold()}|{name.casefold()}".encode()).hexdigest()
    return f"row:{digest[:16]}"


def _record(
    context: Context,
    record_id: str,
    cells: Mapping[str, Any],
    told_at: datetime | None,
    file: DroppedFile,
) -> Record:
    return Record(
        source=context.source,
        stream=STREAM,
        record_id=record_id,
        observed_at=told_at or context.fetched_at,
        fetched_at=context.fetched_at,
        source_url=f"file:{file.name}",
        payload=encode_json(cells),
    )
