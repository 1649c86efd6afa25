"""Documents beside mail and meetings: quotations, requests, specifications, notes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detection.correspondence.documents.reading import (
    Document,
    MeetingReading,
    read_as_meeting,
    read_document,
)
from detection.correspondence.rfq.vocabulary import vocabulary_in_use
from detection.errors import UnreadableError
from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    Row,
    payload_of,
    shared_columns,
    timestamp,
)
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

DOCUMENTS = "documents"
DOCUMENTS_VERSION = "1"
_NAME_CHARS = 200


def read_document_row(row: Row) -> Iterator[Detection]:
    """A document as what it says of business; nothing for one that is read as a meeting.

    One that cannot be read by its format has a row all the same, which says why.
    """
    from detection.correspondence.stored import columns_of

    words = vocabulary_in_use()
    document = document_of_row(row)
    if read_as_meeting(document, words) is not None:
        return
    reading = read_document(document, words)
    content = document.content
    yield DETECTIONS["correspondence_documents"](
        **shared_columns(
            row, "documents", f"{DOCUMENTS_VERSION}+{words.edition}", 0,
            reading.verdict.confidence,
            reading.statements[0].sentence if reading.statements else None,
        ),
        **columns_of(reading),
        title=reading.title,
        format=content.format,
        not_read=content.not_read,
        is_cut=content.is_cut,
        written_at=reading.occurred_at,
        is_ours=reading.is_ours,
        company=reading.company,
        text_length=len(content.text),
        content_sha256=reading.content_sha256,
    )  # fmt: skip


def meeting_in(row: Row) -> MeetingReading | None:
    """The meeting whose transcript or notes a document is; None for other documents.

    One beyond the limits is none here: the reader of documents sets it aside.
    """
    try:
        document = document_of_row(row)
    except UnreadableError:
        return None
    return read_as_meeting(document, vocabulary_in_use())


def document_of_row(row: Row) -> Document:
    """The document that a lake row holds. Raises ``UnreadableError`` beyond the limits."""
    from detection.correspondence.documents.formats import read_text

    body = row.get("body")
    if not body:
        raise UnreadableError("no_body", "the record carries no document")
    sidecar = payload_of(row)
    name = file_name(sidecar.get("name") or sidecar.get("file"))
    modified = sidecar.get("modifiedTime") or sidecar.get("modified_at")
    return Document(
        document_id=str(row["record_id"]),
        title=file_name(sidecar.get("title")) or name.rpartition(".")[0] or name,
        content=read_text(body, row.get("media_type"), name),
        changed_at=timestamp(modified) or timestamp(sidecar.get("createdTime")),
        named_at=timestamp(sidecar.get("started_at")) or timestamp(sidecar.get("dated_at")),
        owners=tuple(_owners(sidecar)),
    )


def file_name(told: object) -> str:
    """A name without folders and without characters that steer or hide."""
    base = str(told or "").replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in base if c.isprintable())[:_NAME_CHARS].strip()


def _owners(sidecar: dict[str, Any]) -> Iterator[tuple[str | None, str | None]]:
    from detection.correspondence.transcripts.meeting_json import people_of

    listed = sidecar.get("owners")
    people = [*(listed if isinstance(listed, list) else []), sidecar.get("lastModifyingUser")]
    named = [
        {"name": one.get("displayName") or one.get("name"),
         "email": one.get("emailAddress") or one.get("email")}
        if isinstance(one, dict) else one
        for one in people
    ]  # fmt: skip
    seen = set()
    for person in people_of(named):
        if person.name not in seen:
            seen.add(person.name)
            yield person.name, person.email


READER = Reader(
    table="correspondence_documents",
    streams=(("*", DOCUMENTS),),
    record=DETECTIONS["correspondence_documents"],
    name="documents",
    version=DOCUMENTS_VERSION,
    read=read_document_row,
    columns=ENVELOPE_WITH_BODY,
)
