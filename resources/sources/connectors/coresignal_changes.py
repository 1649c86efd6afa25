"""What Coresignal's webhooks have told of profiles, and which versions of these the lake holds."""

from __future__ import annotations

import json
from collections.abc import Container
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from resources.sources.connectors.base import Context

STREAM = "mapped_profile_changes"
#: Key of the cursors that say up to when notifications were followed.
CURSOR = "notified"
#: HTTP status of an account without credits.
CREDITS_EXHAUSTED = 402


@dataclass(frozen=True, order=True)
class Change:
    """The change last told of a profile."""

    #: When the notification came (UTC).
    told_at: datetime
    #: ``added``, ``updated``, ``deleted`` or ``merged``.
    change_type: str
    #: The vendor's number of the profile that it was merged into; empty where none was.
    merged_into: str = ""


def told(
    context: Context, source: str, cursor: tuple[str, str]
) -> tuple[dict[str, Change], datetime | None]:
    """Change last told of each profile since the cursor, and when the last of them was."""
    since = context.cursors.get(cursor)
    floor = datetime.fromisoformat(since) if since else None
    found: dict[str, Change] = {}
    for row in context.lake.read(source, STREAM, columns=["payload", "fetched_at"]).to_pylist():
        moment = row["fetched_at"]
        if moment > context.fetched_at or (floor is not None and moment <= floor):
            continue
        fields = json.loads(row["payload"])["fields"]
        change = Change(moment, fields["change_type"], fields.get("merged_into") or "")
        number = fields["profile_id"]
        found[number] = max(change, found.get(number, change))
    return found, max((change.told_at for change in found.values()), default=None)


def stored(context: Context, stream: str, numbers: Container[str]) -> dict[str, dict[str, Any]]:
    """The version of each of these profiles that the lake holds."""
    if not numbers:
        return {}
    columns = ["record_id", "fetched_at", "payload"]
    rows = [
        row
        for row in context.lake.read(context.source, stream, columns=columns).to_pylist()
        if row["record_id"] in numbers and row["fetched_at"] <= context.fetched_at
    ]
    return {row["record_id"]: row for row in sorted(rows, key=lambda row: row["fetched_at"])}
