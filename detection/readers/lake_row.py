"""What readers share: the fields of a lake row, and the columns that every detection has.

Does not belong here: what a single kind of document or payload says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from detection.errors import UnreadableError
from detection.records import detection_id

#: One row of the lake: the envelope's columns by name.
Row = Mapping[str, Any]
#: Bytes of a document above which it is set aside unread.
MAX_DOCUMENT = 25_000_000
#: Characters of an item's text kept in the detection row.
ITEM_EXCERPT = 4_000
#: Lake columns that every reader needs.
ENVELOPE = (
    "source",
    "stream",
    "record_id",
    "observed_at",
    "fetched_at",
    "source_url",
    "payload",
    "payload_sha256",
)
#: The same with the document, for readers of pages and filings.
ENVELOPE_WITH_BODY = (*ENVELOPE, "body", "media_type")

_encode = json.JSONEncoder(ensure_ascii=False).encode


def shared_columns(
    row: Row, name: str, version: str, ordinal: int, confidence: float, evidence: str | None
) -> dict[str, Any]:
    """The columns that every detection shares; ``ordinal`` counts what one row gives."""
    return {
        "detection_id": detection_id(row["payload_sha256"], row["record_id"], name, ordinal),
        "source": row["source"],
        "stream": row["stream"],
        "record_id": row["record_id"],
        "payload_sha256": row["payload_sha256"],
        "source_url": row.get("source_url"),
        "observed_at": row["observed_at"],
        "fetched_at": row["fetched_at"],
        "reader": name,
        "reader_version": version,
        "confidence": round(confidence, 3),
        "evidence": evidence[:2_000] if evidence else None,
    }


def payload_of(row: Row) -> dict[str, Any]:
    """The row's payload. Raises ``UnreadableError`` unless it is a JSON object."""
    try:
        payload = json.loads(row["payload"])
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableError("payload_not_json", str(error)) from error
    if not isinstance(payload, dict):
        raise UnreadableError("payload_not_object", f"the payload is a {type(payload).__name__}")
    return payload


def mapped_fields(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """The typed fields of a mapped record. Raises ``UnreadableError`` when it has none."""
    fields = payload.get("fields")
    if not isinstance(fields, dict):
        raise UnreadableError("missing_field", "the mapped record has no 'fields'")
    return fields


def document_of(row: Row) -> bytes:
    """The row's document. Raises ``UnreadableError`` when there is none or it is too large."""
    body = row.get("body")
    if not body:
        raise UnreadableError("no_body", "the record carries no document")
    if len(body) > MAX_DOCUMENT:
        raise UnreadableError("too_large", f"{len(body)} bytes, at most {MAX_DOCUMENT} are read")
    return body


def text_or_none(value: object) -> str | None:
    """A value as text without space around it; None when nothing is left."""
    if value is None:
        return None
    text = str(value).strip()
    return text or None


def required_text(payload: Mapping[str, Any], key: str) -> str:
    """A field that must say something. Raises ``UnreadableError`` when it does not."""
    value = text_or_none(payload.get(key))
    if value is None:
        raise UnreadableError("missing_field", f"the payload has no {key!r}")
    return value


def iso_day(value: object) -> date | None:
    """The day that an ISO 8601 text begins with; None when it begins with none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def timestamp(value: object) -> datetime | None:
    """An ISO 8601 or RFC 2822 time in UTC; None when it is neither or names no plausible year."""
    text = text_or_none(value)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        from email.utils import parsedate_to_datetime

        try:
            found = parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            return None
    if not 1990 <= found.year <= 2100:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def json_text(value: object) -> str:
    """A value as JSON, letters of every script as they are."""
    # Most lists of a posting are empty; making an encoder for each costs more than encoding it.
    return _encode(value) if value or not isinstance(value, list) else "[]"
