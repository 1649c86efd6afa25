"""Readings as the columns of a detection row, and back: what was read once is never read again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from detection.correspondence.documents.reading import DocumentReading
from detection.correspondence.mail.threads import MailIds
from detection.correspondence.readings import (
    MailReading,
    Part,
    Person,
    Reading,
    Statement,
    Step,
)
from detection.correspondence.records import Attachment
from detection.correspondence.rfq.relevance import Relevance

_NAMES = {kind: kind._fields for kind in (Person, Statement, Step, Part)}
_NAMES[Attachment] = tuple(field.name for field in fields(Attachment))
_DAYS = ("day", "due_on")
#: The part of a mail that is its writer's.
OWN_WORDS = "mail"


def columns_of(reading: Reading) -> dict[str, Any]:
    """The columns that mails and calls share."""
    return {
        "is_business": reading.verdict.is_business,
        "verdict": reading.verdict.reason,
        "party": reading.party,
        "people": listed(reading.people),
        "statements": listed(reading.statements),
        "steps": listed(reading.steps),
    }


def listed(records: Iterable[Person | Statement | Step | Part | Attachment]) -> str:
    """Records as a JSON list of objects; fields without a value are left out."""
    objects = [{n: v for n in _NAMES[type(r)] if (v := getattr(r, n)) is not None} for r in records]
    return json.dumps(objects, ensure_ascii=False, default=date.isoformat) if objects else "[]"


def mail_columns(reading: MailReading) -> dict[str, Any]:
    """The columns of a mail beside those shared."""
    length, attachments, size, sha256 = reading.fullness
    return {
        "message_id": reading.source_id.removesuffix(f"#{reading.part}"),
        "part": reading.part or OWN_WORDS,
        "sent_at": reading.occurred_at,
        "subject": reading.title,
        "is_ours": reading.is_ours,
        "gmail_thread_id": reading.ids.gmail_thread_id,
        "named_ids": json.dumps(reading.ids.named, ensure_ascii=False),
        "text_length": length,
        "attachment_count": attachments,
        "attachments": listed(reading.attachments),
        "size": size,
        "content_sha256": sha256,
    }


def mail_id_of(row: Mapping[str, Any]) -> str:
    """Id of the mail, or of the mail within a mail, that a row tells of."""
    is_whole = row["part"] in (None, OWN_WORDS)
    return row["message_id"] if is_whole else f"{row['message_id']}#{row['part']}"


def mail_of(row: Mapping[str, Any]) -> MailReading:
    """The reading of a mail that a row of ``correspondence_messages`` holds."""
    people = _records(Person, row["people"])
    # Rows of before mails within mails were read have none.
    part = None if row["part"] in (None, OWN_WORDS) else row["part"]
    source_id = mail_id_of(row)
    return MailReading(
        **_shared(row, people),
        source_id=source_id,
        part=part,
        occurred_at=row["sent_at"],
        title=row["subject"],
        is_ours=row["is_ours"],
        ids=MailIds(
            source_id,
            row["gmail_thread_id"],
            tuple(json.loads(row["named_ids"])),
            row["sent_at"],
            row["subject"],
            frozenset(p.address for p in people if p.address),
        ),
        fullness=(row["text_length"], row["attachment_count"], row["size"], row["content_sha256"]),
    )


def call_of(row: Mapping[str, Any]) -> Reading:
    """The reading of a meeting that a row of ``correspondence_meetings`` holds."""
    part = "" if row["part"] == "transcript" else f"#{row['part']}"
    return Reading(
        **_shared(row, _records(Person, row["people"])),
        source_id=f"{row['meeting_id']}{part}",
        occurred_at=row["started_at"],
        title=row["topic"] or "",
        company=row["company"],
    )


def document_reading_of(row: Mapping[str, Any]) -> DocumentReading:
    """The reading of a document that a row of ``correspondence_documents`` holds."""
    return DocumentReading(
        **_shared(row, _records(Person, row["people"])),
        source_id=row["record_id"],
        occurred_at=row["written_at"],
        title=row["title"],
        company=row["company"],
        is_ours=row["is_ours"],
        content_sha256=row["content_sha256"],
    )


def _shared(row: Mapping[str, Any], people: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "party": row["party"],
        "people": people,
        "statements": _records(Statement, row["statements"]),
        "steps": _records(Step, row["steps"]),
        "verdict": Relevance(row["is_business"], row["verdict"], row["confidence"]),
    }


def _records(kind: type, text: str) -> tuple[Any, ...]:
    return tuple(_record(kind, told) for told in json.loads(text)) if text != "[]" else ()


def _record(kind: type, told: dict[str, Any]) -> Any:
    for name in _DAYS:
        if name in told:
            told[name] = date.fromisoformat(told[name])
    return kind(**dict.fromkeys(_OPTIONAL[kind]) | told)


#: Fields without a default, which JSON leaves out where they say nothing.
_OPTIONAL = {Person: ("name", "address"), Statement: (), Step: ("owner", "due_on")}
