"""What every detection has: where it was read, by what, and how surely."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Detection:
    """Where a row was read, by what, and how sure the reader is; common to every detection."""

    #: Stable id: hash of the lake record, its content and the row's ordinal within it.
    detection_id: str
    source: str
    stream: str
    record_id: str
    payload_sha256: str
    source_url: str | None
    #: When the source published the record (UTC).
    observed_at: datetime
    #: When the platform first fetched this content (UTC).
    fetched_at: datetime
    reader: str
    reader_version: str
    #: The reader's own certainty, 0 to 1.
    confidence: float
    #: The sentence, element or field the row rests on.
    evidence: str | None


def detection_id(payload_sha256: str, record_id: str, reader: str, ordinal: int) -> str:
    """Stable id of the ``ordinal``-th row that ``reader`` finds in one version of a record."""
    text = f"{reader}|{record_id}|{payload_sha256}|{ordinal}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
