"""Titles of jobs and persons as level and department, each title once."""

from __future__ import annotations

from collections.abc import Iterator

from detection.readers.lake_row import (
    ENVELOPE,
    Row,
    mapped_fields,
    payload_of,
    shared_columns,
    text_or_none,
)
from detection.readers.posting_streams import MAPPED_POSTINGS, POSTING_STREAMS, job_title
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

TITLE_VERSION = "3"
#: Where mapped records keep a title, by stream.
MAPPED_TITLE_FIELDS = {
    MAPPED_POSTINGS: "title",
    "mapped_executive_changes": "job_title",
    "mapped_people": "job_title",
}


def read_job_title_row(row: Row) -> Iterator[Detection]:
    """The level and department of a job's title; ``record_id`` is the title's own hash."""
    import hashlib

    from detection.titles import read_title

    payload = payload_of(row)
    mapped = MAPPED_TITLE_FIELDS.get(row["stream"])
    if mapped is None:
        title = job_title(row["source"], payload)
    else:
        title = (text_or_none(mapped_fields(payload).get(mapped)) or "")[:500]
        if not title:
            return
    reading = read_title(title)
    own_id = hashlib.md5(title.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()
    titled = {**row, "record_id": own_id, "payload_sha256": own_id}
    yield DETECTIONS["job_titles"](
        **shared_columns(titled, "titles", TITLE_VERSION, 0, reading.confidence, title),
        title=title,
        level=reading.level,
        department=reading.department,
    )


READER = Reader(
    table="job_titles",
    streams=(*POSTING_STREAMS, *(("*", stream) for stream in MAPPED_TITLE_FIELDS)),
    record=DETECTIONS["job_titles"],
    name="titles",
    version=TITLE_VERSION,
    read=read_job_title_row,
    columns=ENVELOPE,
)
