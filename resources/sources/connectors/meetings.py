"""What all sources of meetings share: how a file of a meeting is known, and how it is kept.

A transcript or chat is stored as it came; beside it stand the meeting's id, topic, start, people
and the file's layout. Nothing is read here but what is needed to tell files apart.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from resources.http import encode_json
from resources.lake import Record
from resources.sources.connectors.base import Context, parse_time, stated_time

STREAM = "meetings"
#: Layout of a file to the media type that it is stored under.
MEDIA_TYPES = {"vtt": "text/vtt", "zoom_chat": "text/plain", "json": "application/json"}
#: Bytes at a file's beginning that tell its layout.
_START = 8_192
_CUE = re.compile(rb"^\s*(?:\d{1,4}:)?\d{1,2}:\d{2}[.,]\d{1,3}[ \t]*-->", re.M)
_CHAT = re.compile(rb"^\d{1,2}:\d{2}:\d{2}(?:\t|\s+From\s)", re.M)
#: Names under which tools write what a meeting is called, when it began and which one it is.
TOPIC_KEYS = ("topic", "subject", "title", "name")
START_KEYS = (
    "started_at", "start_time", "startDateTime", "startTime", "createdDateTime", "createdTime",
    "date",
)  # fmt: skip
ID_KEYS = ("meeting_id", "meetingId", "uuid", "id")
#: Keys of a JSON file that hold what was said.
_SAID = frozenset({"timeline", "utterances", "entries", "transcript", "cues", "sentences"})
_STAMP = re.compile(
    r"(?:GMT)?(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])"
    r"(?:[T _-]+([01]\d|2[0-3])[-_.:h]?([0-5]\d)(?:[-_.:]?([0-5]\d))?)?(?!\d)"
)
#: Words that tools put into names of files, and that are no part of a meeting's topic.
_TOOLS_WORDS = re.compile(
    r"\b(?:meeting recording|recording ?new ?chat|recording|meeting saved chat|saved chat|"
    r"new ?chat|chat|transcript|transcription|audio|cc|vtt)\b|\b\d{9,12}\b|\b\d{3,4}x\d{3,4}\b",
    re.I,
)


def layout_of(content: bytes) -> str | None:
    """``vtt``, ``zoom_chat`` or ``json`` for what a meeting leaves behind; None for other files."""
    start = content[:_START]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode("utf-8", "replace")
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"WEBVTT") or _CUE.search(head):
        return "vtt"
    if _CHAT.search(head):
        return "zoom_chat"
    if head.startswith((b"{", b"[")) and is_meeting(json_of(content)):
        return "json"
    return None


def json_of(content: bytes) -> Any:
    """The JSON value of a file; None where it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def is_meeting(body: Any) -> bool:
    """Whether a JSON value holds what was said, rather than words about another file."""
    if isinstance(body, list):
        return bool(body) and all(isinstance(entry, dict) and "text" in entry for entry in body)
    return isinstance(body, dict) and any(isinstance(body.get(k), list | dict) for k in _SAID)


def first(told: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """The first of the keys' values that says something."""
    return next((told[key] for key in keys if told.get(key) not in (None, "")), None)


def named(name: str) -> tuple[str | None, str | None]:
    """Topic and start (ISO, UTC; a day where no clock stands) as a file's name tells them.

    >>> named("GMT20260504-103000_Recording.transcript.vtt")
    (None, '2026-05-04T10:30:00+00:00')
    >>> named("2026-05-04 Cobalt lighting review.vtt")
    ('Cobalt lighting review', '2026-05-04')
    """
    topic = started = None
    # Zoom writes topic and time into the folder's name and calls every chat the same.
    for part in reversed(name.split("/")[-2:]):
        said, began = _named(part)
        topic, started = topic or said, started or began
    return topic, started


def _named(part: str) -> tuple[str | None, str | None]:
    stem = re.sub(r"(?:\.[a-z]{2,10})+$", "", part, flags=re.I).replace("_", " ")
    started = None
    if match := _STAMP.search(stem):
        year, month, day, hour, minute, second = match.groups()
        try:
            moment = datetime(
                int(year),
                int(month),
                int(day),
                int(hour or 0),
                int(minute or 0),
                int(second or 0),
                tzinfo=UTC,
            )
        except ValueError:
            pass
        else:
            started = moment.isoformat() if hour else moment.date().isoformat()
            stem = f"{stem[: match.start()]} {stem[match.end() :]}"
    topic = " ".join(_TOOLS_WORDS.sub(" ", stem).split()).strip(" -")
    return topic or None, started


def meeting_record(
    context: Context,
    *,
    record_id: str,
    meeting_id: str,
    content: bytes,
    layout: str,
    sidecar: Mapping[str, Any],
    topic: str | None,
    started_at: Any,
    source_url: str | None,
) -> Record:
    """One file of a meeting as the lake keeps it.

    ``sidecar`` is what the source says beside it; ``meeting_id``, ``topic``, ``started_at`` (ISO)
    and ``layout`` are written over it under these names, whatever the source calls them.
    """
    moment = parse_time(started_at)
    beside = {
        **sidecar,
        "meeting_id": meeting_id,
        "topic": topic,
        "started_at": moment.isoformat() if moment else None,
        "layout": layout,
    }
    return Record(
        source=context.source,
        stream=STREAM,
        record_id=record_id,
        observed_at=stated_time(started_at, context.fetched_at),
        fetched_at=context.fetched_at,
        source_url=source_url,
        payload=encode_json(beside),
        body=content,
        media_type=MEDIA_TYPES[layout],
    )


def digest(content: bytes) -> str:
    """What names a file by what is in it."""
    return hashlib.sha256(content).hexdigest()
