"""Meetings as the APIs of Teams and Zoom give them in JSON.

Read here: the timeline of Zoom's recordings (``timeline`` with ``ts``, ``end_ts`` and ``users``
whose ``text`` was said), its meeting and participants' bodies, Microsoft Graph's ``callTranscript``
metadata content (entries with ``startDateTime``, ``speakerName``, ``spokenText``), an online
meeting's ``participants``, and the plain shape that many tools share (a list of entries with
speaker, start and text). Keys of one kind are named once below; unknown ones are passed over.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from detection.correspondence.transcripts.limits import (
    DEFAULT_LIMITS,
    LONGEST_MS,
    MeetingLimits,
    refuse_large,
    refuse_many,
)
from detection.correspondence.transcripts.records import Attendee, Meeting, Utterance
from detection.errors import UnreadableError

_SPEAKER = ("speaker", "speakerName", "speaker_name", "username", "user_name", "name")
_TEXT = ("text", "spokenText", "spoken_text", "content", "sentence")
_START = ("ts", "start", "startTime", "start_time", "startDateTime", "start_ms", "startOffset")
_END = ("end_ts", "end", "endTime", "end_time", "endDateTime", "end_ms", "endOffset")
_ENTRIES = (
    "timeline",
    "utterances",
    "entries",
    "transcript",
    "cues",
    "sentences",
    "recognizedPhrases",
)
_ID = ("uuid", "meeting_id", "meetingId", "id")
_TOPIC = ("topic", "subject", "title")
_STARTED = ("start_time", "startDateTime", "createdDateTime", "started_at", "date")
_PEOPLE = ("participants", "attendees")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3})\d*)?")
_DURATION = re.compile(r"PT(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?")
#: Objects within one another in which a name is looked for.
_NAME_DEPTH = 5


def read_meeting(
    data: bytes | str | Mapping[str, Any],
    meeting_id: str = "",
    limits: MeetingLimits = DEFAULT_LIMITS,
) -> Meeting:
    """A meeting from one JSON body.

    ``meeting_id`` names it where the body does not. Raises ``UnreadableError`` when the body is no
    JSON object or beyond the limits.
    """
    if not isinstance(data, Mapping):
        refuse_large(len(data), limits)
    body = data if isinstance(data, Mapping) else _load(data, meeting_id)
    started = _moment(_first(body, _STARTED))
    return Meeting(
        meeting_id=str(_first(body, _ID) or meeting_id),
        topic=_text(_first(body, _TOPIC)),
        started_at=started,
        attendees=tuple(people_of(_first(body, _PEOPLE))),
        utterances=tuple(_utterances(body, started, limits)),
    )


def _load(data: bytes | str, meeting_id: str) -> Mapping[str, Any]:
    named = f"meeting {meeting_id or '(unnamed)'}"
    try:
        body = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("meeting_json", f"{named}: no JSON ({error})") from error
    if isinstance(body, list):
        body = {"entries": body}
    if not isinstance(body, dict):
        raise UnreadableError("meeting_json", f"{named}: no JSON object")
    return body


def _first(body: Mapping[str, Any], keys: Iterable[str]) -> Any:
    return next((body[k] for k in keys if body.get(k) not in (None, "")), None)


def _text(value: Any) -> str | None:
    return " ".join(str(value).split()) or None if isinstance(value, str | int) else None


def _utterances(
    body: Mapping[str, Any], started: datetime | None, limits: MeetingLimits
) -> Iterable[Utterance]:
    entries = _first(body, _ENTRIES)
    if isinstance(entries, Mapping):
        entries = _first(entries, _ENTRIES)
    ordinal = 0
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping):
            continue
        text = _text(_first(entry, _TEXT))
        if text is None:
            continue
        start = _offset(_first(entry, _START), started)
        end = _offset(_first(entry, _END), started)
        start = start if start is not None else 0
        speaker = _name(_first(entry, _SPEAKER)) or _users(entry.get("users"))
        said = text[: limits.utterance_chars]
        yield Utterance(ordinal, start, max(start, end or start), speaker, said)
        ordinal += 1
        refuse_many(ordinal, limits)


def _users(users: Any) -> str | None:
    """Zoom names who is heard as a list of users."""
    names = [_name(u) for u in users[:100]] if isinstance(users, list) else []
    return ", ".join(n for n in names if n)[: DEFAULT_LIMITS.name_chars] or None


def _name(value: Any, depth: int = 0) -> str | None:
    if isinstance(value, Mapping):
        if depth > _NAME_DEPTH:
            return None
        inner = _first(value, ("displayName", *_SPEAKER))
        return _name(inner, depth + 1) or _name(value.get("user"), depth + 1)
    text = _text(value)
    return text[: DEFAULT_LIMITS.name_chars] if text else None


def _offset(value: Any, started: datetime | None) -> int | None:
    """Milliseconds from the start: a clock, an ISO duration or time, or a number.

    Numbers with a fraction are seconds, whole ones milliseconds. None beyond any meeting's length.
    """
    offset = _milliseconds(value, started)
    return offset if offset is not None and 0 <= offset <= LONGEST_MS else None


def _milliseconds(value: Any, started: datetime | None) -> int | None:
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return round(value * 1000) if math.isfinite(value) and abs(value) < LONGEST_MS else None
    if not isinstance(value, str):
        return None
    if match := _CLOCK.fullmatch(value.strip()):
        hours, minutes, seconds, fraction = match.groups()
        whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
        return whole * 1000 + int((fraction or "0").ljust(3, "0"))
    if (match := _DURATION.fullmatch(value.strip())) and any(match.groups()):
        hours, minutes, seconds = match.groups()
        return round((int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds or 0)) * 1000)
    moment = _moment(value)
    if moment is None or started is None:
        return None
    return max(0, round((moment - started).total_seconds() * 1000))


def _moment(value: Any) -> datetime | None:
    """A time with its zone, in UTC; without a zone it is UTC, as both vendors write it."""
    if not isinstance(value, str):
        return None
    text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip())
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def people_of(people: Any) -> Iterable[Attendee]:
    """Attendees from a list of names or of objects, or from Graph's organizer and attendees."""
    if isinstance(people, Mapping):  # Graph: organizer and attendees apart
        others = people.get("attendees")
        people = [people.get("organizer"), *(others if isinstance(others, list) else [])]
    for person in people[: DEFAULT_LIMITS.attendees] if isinstance(people, list) else ():
        if isinstance(person, str):
            yield Attendee(person)
        elif isinstance(person, Mapping):
            identity = person.get("identity")
            name = _name(person) or (_name(identity) if isinstance(identity, Mapping) else None)
            email = _text(_first(person, ("user_email", "email", "upn")))
            if name or email:
                yield Attendee(name or str(email), email=email.lower() if email else None)
