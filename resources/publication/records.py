"""What a publication is, what is published, and how its file is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

FILE = "buying_signals.duckdb"
MANIFEST = "publication.json"
CURRENT = "current"
ROLLED_BACK = "rolled_back.json"

#: Schemas that people read. Staging, intermediate and feature tables stay in the warehouse.
PUBLISHED_SCHEMAS = (
    "core",
    "signals",
    "leads",
    "buying_groups",
    "opportunities",
    "predictions",
    "outcomes",
    "operations",
)

#: What a run writes about itself: published, but no reason for a new publication.
VOLATILE = ("operations",)
#: Oldest DuckDB whose clients open the file: BI tools carry old ones.
STORAGE_VERSION = "v1.0.0"
#: One configuration for every connection: within a process DuckDB shares an open file only between
#: connections that are configured alike. A missing extension fails at once, it is never fetched.
CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class PublicationError(Exception):
    """A publication could not be made, found or trusted; the message says what to do."""


@dataclass(frozen=True)
class Publication:
    """One finished read-only copy.

    ``rows`` is the number of rows per ``schema.table``, ``bytes`` the file's size, ``content_hash``
    independent of row order and of what a run writes about itself. ``unchanged`` says that no new
    copy was made because this one already holds the content; ``note`` tells anything a person
    should know about that.
    """

    version: str
    path: Path
    published_at: datetime
    as_of: date | None
    content_hash: str
    rows: dict[str, int]
    table_hashes: dict[str, str]
    bytes: int
    unchanged: bool = False
    is_current: bool = False
    is_rolled_back: bool = False
    note: str | None = None

    @property
    def tables(self) -> int:
        """How many tables are published."""
        return len(self.rows)

    @property
    def total_rows(self) -> int:
        """How many rows are published, over all tables."""
        return sum(self.rows.values())


@dataclass(frozen=True)
class Audit:
    """What reading a publication back and comparing it with its own manifest has shown."""

    version: str
    problems: tuple[str, ...]
    seconds: float

    @property
    def success(self) -> bool:
        """Whether every table holds the rows that were published."""
        return not self.problems
