"""Documents that stand beside mail and meetings: offers, notes, minutes, as they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.http import encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, stated_time

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
    """A document as the lake keeps it, with what is known of it beside it."""
    return Record(
        source=context.source,
        stream=DOCUMENTS,
        record_id=record_id,
        observed_at=stated_time(changed_at, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=source_url,
        payload=encode_json(dict(sidecar)),
        body=content,
        media_type=media_type,
    )
