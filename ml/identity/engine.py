"""DuckDB in memory, as linkage uses it: bounded, and never a file but what it spills."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What a query may hold in memory before it spills: the pairs of a million records take more.
MEMORY = "3GB"


@contextmanager
def engine(threads: int = 2) -> Iterator[Any]:
    """A connection of its own; what it spilt is gone afterwards.

    ``threads``: one where there is little to do, because waiting for work costs too.
    """
    import duckdb

    with tempfile.TemporaryDirectory(prefix="linkage-") as spill, duckdb.connect() as connection:
        connection.execute(f"set threads = {threads}")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        connection.execute(f"set temp_directory = '{spill}'")
        yield connection
