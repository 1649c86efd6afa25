"""Mails and meetings as what they say of business: the day's new ones, each read once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detection.correspondence.readings import Reading
from detection.correspondence.rfq.vocabulary import vocabulary_in_use
from detection.errors import UnreadableError
from detection.readers.documents import DOCUMENTS, meeting_in
from detection.readers.lake_row import (
    ENVELOPE_WITH_BODY,
    Row,
    document_of,
    json_text,
    payload_of,
    shared_columns,
    text_or_none,
    timestamp,
)
from detection.readers.reader import Reader
from detection.records import DETECTIONS, Detection

MESSAGES_VERSION = "4"
MEETINGS_VERSION = "2"


def read_message_row(row: Row) -> Iterator[Detection]:
    """A mail as what it says of business; most say nothing, which is kept as the verdict alone.

    The mails within it (forwards, and what a reply of ours quotes) are rows of their own, those
    alone that are business.
    The version names the trade's words too: other words read other things.
    """
    from detection.correspondence.mail.message import read_message
    from detection.correspondence.passed_on import read_mails
    from detection.correspondence.stored import columns_of, mail_columns

    body = row.get("body")
    if not body:
        raise UnreadableError("no_body", "the record carries no mail")
    words = vocabulary_in_use()
    message = read_message(body)
    for ordinal, reading in enumerate(read_mails(message, words)):
        if reading.part is not None and not reading.verdict.is_business:
            continue
        yield DETECTIONS["correspondence_messages"](
            **shared_columns(
                row, "mail", f"{MESSAGES_VERSION}+{words.edition}", ordinal,
                reading.verdict.confidence, _first_sentence(reading),
            ),
            **columns_of(reading),
            **mail_columns(reading),
            defects=json_text(list(message.defects)),
        )  # fmt: skip


def read_meeting_row(row: Row) -> Iterator[Detection]:
    """A meeting's transcript, chat or notes as what it says of business.

    Of documents, those alone that are a meeting's; ``documents`` reads the others.
    """
    from detection.correspondence.readings import read_call
    from detection.correspondence.stored import columns_of, listed

    words = vocabulary_in_use()
    if row["stream"] == DOCUMENTS:
        found = meeting_in(row)
        if found is None:
            return
        reading, part, layout = found.reading, found.part, found.layout
        meeting_id, count, faults = reading.source_id, found.utterance_count, []
    else:
        meeting, part, layout, faults = _meeting(row)
        reading = read_call(meeting, words)
        meeting_id, count = meeting.meeting_id, len(meeting.utterances)
    yield DETECTIONS["correspondence_meetings"](
        **shared_columns(
            row, "meetings", f"{MEETINGS_VERSION}+{words.edition}", 0, reading.verdict.confidence,
            _first_sentence(reading),
        ),
        **columns_of(reading),
        meeting_id=meeting_id,
        part=part,
        layout=layout,
        topic=reading.title or None,
        started_at=reading.occurred_at,
        company=reading.company,
        utterance_count=count,
        sections=listed(reading.sections),
        faults=json_text(faults),
    )  # fmt: skip


def _meeting(row: Row) -> tuple[Any, str, str, list[dict[str, Any]]]:
    """The meeting, which part of it this is, its layout, and what could not be read.

    What the sidecar knows (topic, time, participants) wins over what the file says.
    """
    from dataclasses import replace

    from detection.correspondence.transcripts.limits import refuse_large
    from detection.correspondence.transcripts.meeting_json import people_of, read_meeting
    from detection.correspondence.transcripts.records import Meeting, Utterance
    from detection.correspondence.transcripts.sections import attendees_of
    from detection.correspondence.transcripts.vtt import decode, read_vtt
    from detection.correspondence.transcripts.zoom_chat import read_chat

    sidecar = payload_of(row)
    refuse_large(len(row.get("body") or b""))
    body = document_of(row)
    meeting_id = text_or_none(sidecar.get("meeting_id")) or str(row["record_id"])
    told = Meeting(
        meeting_id,
        text_or_none(sidecar.get("topic")),
        timestamp(sidecar.get("started_at")),
        tuple(people_of(sidecar.get("participants"))),
        (),
    )
    if (row.get("media_type") or "").endswith("json"):
        found = read_meeting(body, meeting_id)
        if not found.utterances:
            raise UnreadableError("no_utterance", "the meeting holds nothing that anybody said")
        meeting = replace(
            found,
            meeting_id=told.meeting_id,
            topic=told.topic or found.topic,
            started_at=told.started_at or found.started_at,
            attendees=told.attendees or found.attendees,
        )
        return _with_speakers(meeting, attendees_of), "transcript", "json", []
    text = decode(body)
    if "-->" in text:
        transcript = read_vtt(text)
        if not transcript.utterances:
            raise UnreadableError("no_utterance", "the transcript holds no cue that can be read")
        faults = [{"line": f.line, "reason": f.reason} for f in transcript.faults]
        meeting = replace(told, utterances=transcript.utterances)
        return _with_speakers(meeting, attendees_of), "transcript", transcript.layout, faults
    chat = [m for m in read_chat(text) if m.reaction is None]
    if not chat:
        raise UnreadableError("no_utterance", "neither a transcript (VTT) nor a saved chat of Zoom")
    said = tuple(
        Utterance(number, m.at_ms, m.at_ms, m.sender, m.text) for number, m in enumerate(chat)
    )
    meeting = replace(told, utterances=said)
    return _with_speakers(meeting, attendees_of), "chat", "chat", []


def _with_speakers(meeting: Any, attendees_of: Any) -> Any:
    """Those heard are there, where nothing else says who was."""
    from dataclasses import replace

    if meeting.attendees:
        return meeting
    return replace(meeting, attendees=tuple(attendees_of(meeting.utterances)))


def _first_sentence(reading: Reading) -> str | None:
    return reading.statements[0].sentence if reading.statements else None


MESSAGES = Reader(
    table="correspondence_messages",
    streams=(("*", "messages"),),
    record=DETECTIONS["correspondence_messages"],
    name="mail",
    version=MESSAGES_VERSION,
    read=read_message_row,
    columns=ENVELOPE_WITH_BODY,
)
MEETINGS = Reader(
    table="correspondence_meetings",
    streams=(("*", "meetings"), ("*", DOCUMENTS)),
    record=DETECTIONS["correspondence_meetings"],
    name="meetings",
    version=MEETINGS_VERSION,
    read=read_meeting_row,
    columns=ENVELOPE_WITH_BODY,
)
