"""Documents that stand beside mail and meetings: offers, notes, minutes, as they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.http import encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, stated_time
from resources.sources.connectors.meetings import named

DOCUMENTS = "documents"


def document_record(
    context: Context,
    *,
    record_id: str,
    content: bytes,
    media_type: str,
    sidecar: Mapping[str, Any],
    changed_at: str | None,
    source_url: str | None,
) -> Record:
    """A document as the lake keeps it, with what is known of it beside it.

    ``title`` and ``dated_at`` (ISO, UTC) are what the file's name tells, beside what the source
    says under its own names.
    """
    title, dated_at = named(str(sidecar.get("name") or sidecar.get("file") or ""))
    beside = {"title": title, "dated_at": dated_at, **sidecar}
    return Record(
        source=context.source,
        stream=DOCUMENTS,
        record_id=record_id,
        observed_at=stated_time(changed_at, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=source_url,
        payload=encode_json(beside),
        body=content,
        media_type=media_type,
    )
