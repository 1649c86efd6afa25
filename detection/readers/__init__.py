"""From lake rows to detection rows: which reader reads which streams, and what happens to bad rows.

A reader takes one lake row (the envelope as a mapping) and gives typed records. A document that
cannot be read is set aside with its reason; it never stops the others. Each kind of document has
a module here; a new one is written beside them and named in ``registry``. Does not belong here:
how a text, page or filing is understood (the other packages of ``detection``).
"""

from __future__ import annotations

from detection.readers.reader import Reader
from detection.readers.registry import READERS
from detection.readers.running import (
    ReadResult,
    Rejected,
    read_rows,
    read_table,
    records_table,
)

__all__ = [
    "READERS",
    "ReadResult",
    "Reader",
    "Rejected",
    "read_rows",
    "read_table",
    "records_table",
]
