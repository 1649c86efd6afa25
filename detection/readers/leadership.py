"""Leadership pages of company sites as the persons that they show."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    Row,
    document_of,
    payload_of,
    required_text,
    shared_columns,
    text_or_none,
)
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

LEADERSHIP_VERSION = "1"


def read_leadership_row(row: Row) -> Iterator[Detection]:
    """A reading of a leadership page as the persons it shows; an error page shows none."""
    from detection.leadership import read_leadership

    payload = payload_of(row)
    domain = required_text(payload, "domain")
    status = payload.get("status")
    if isinstance(status, int) and status >= 400:
        return
    url = text_or_none(payload.get("url")) or row.get("source_url") or f"https://{domain}/"
    for ordinal, leader in enumerate(read_leadership(document_of(row))):
        yield DETECTIONS["leadership_entries"](
            **shared_columns(
                row,
                "leadership",
                LEADERSHIP_VERSION,
                ordinal,
                leader.confidence,
                leader.element,
            ),
            domain=domain,
            page_url=url,
            read_at=row["fetched_at"],
            person_name=leader.person_name,
            position=leader.position,
            level=leader.level,
            department=leader.department,
            is_interim=leader.is_interim,
            is_board_only=leader.is_board_only,
        )


READER = Reader(
    table="leadership_entries",
    streams=(("leadership_pages", "pages"),),
    record=DETECTIONS["leadership_entries"],
    name="leadership",
    version=LEADERSHIP_VERSION,
    read=read_leadership_row,
    columns=ENVELOPE_WITH_BODY,
)
