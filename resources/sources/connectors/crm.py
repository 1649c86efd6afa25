"""The CRM's CSV exports: accounts, contacts, opportunities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Rejected
from resources.sources.connectors.csv_files import changed, parse_rows, read

#: Column that names a row, and the columns without which a row means nothing.
ID_COLUMNS = {
    "accounts": "Account ID",
    "contacts": "Contact ID",
    "opportunities": "Opportunity ID",
}
REQUIRED = {
    "accounts": ("Account ID", "Account Name", "Website"),
    "contacts": ("Contact ID", "Account ID", "Account Name", "First Name", "Last Name", "Title"),
    "opportunities": (
        "Opportunity ID",
        "Account ID",
        "Account Name",
        "Stage",
        "Amount",
        "Created Date",
        "Close Date",
        "Is Closed",
        "Is Won",
    ),
}
_TIMES = ("Last Activity Date", "Created Date")


def parse(
    content: bytes, stream: str, *, fetched_at: datetime, source_url: str = "file:"
) -> list[Record | Rejected]:
    """Rows of one export. Raises ``BadResponseError`` naming file and missing column."""
    column = ID_COLUMNS[stream]
    return parse_rows(
        content,
        source="crm",
        stream=stream,
        required=REQUIRED[stream],
        identify=lambda row: row[column].strip() or None,
        time_columns=_TIMES,
        fetched_at=fetched_at,
        source_url=source_url,
    )


def probe(context: Context) -> str:
    """Whether the export of opportunities can be read, and how many rows it has."""
    content, url = read(context, f"{context.urls['export']}/opportunities.csv")
    rows = parse(content, "opportunities", fetched_at=context.fetched_at, source_url=url)
    bad = sum(isinstance(row, Rejected) for row in rows)
    told = f"{len(rows) - bad} opportunities can be read in {context.location('export')}"
    return f"{told}; {bad} rows cannot" if bad else told


def fetch(context: Context) -> Iterator[Emission]:
    """Rows of the three exports that are new or changed."""

    def ask(stream: str) -> Iterator[Emission]:
        content, url = read(context, f"{context.urls['export']}/{stream}.csv")
        rows = parse(content, stream, fetched_at=context.fetched_at, source_url=url)
        return changed(context, stream, rows)

    for stream in ID_COLUMNS:
        yield from context.each([f"{stream}.csv"], str, lambda _, s=stream: ask(s), stream)
