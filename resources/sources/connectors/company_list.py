"""The user's list of companies to watch: one CSV file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from resources.lake import Record
from resources.sources.connectors.base import Context, Emission, Rejected
from resources.sources.connectors.csv_files import changed, parse_rows, read

REQUIRED = ("name", "domain")


def identify(row: dict[str, str]) -> str | None:
    """The row's own ``id``, else a slug of name and domain, so that order does not matter."""
    if row.get("id", "").strip():
        return row["id"].strip()
    if not row["name"].strip():
        return None
    slug = re.sub(r"\W+", "-", row["name"].casefold()).strip("-")
    return f"{slug}|{row['domain'].strip().casefold()}"


def parse(
    content: bytes, *, fetched_at: datetime, source_url: str = "file:"
) -> list[Record | Rejected]:
    """Rows of the list. Raises ``BadResponseError`` naming file and missing column."""
    return parse_rows(
        content,
        source="company_list",
        stream="companies",
        required=REQUIRED,
        identify=identify,
        fetched_at=fetched_at,
        source_url=source_url,
    )


def fetch(context: Context) -> Iterator[Emission]:
    """Companies that are new or changed."""

    def ask(_: str) -> Iterator[Emission]:
        content, url = read(context, context.urls["list"])
        rows = parse(content, fetched_at=context.fetched_at, source_url=url)
        return changed(context, "companies", rows)

    yield from context.each(["company list"], str, ask, "companies")
