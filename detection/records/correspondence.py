"""What is read from mail, meetings and documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class CorrespondenceMessage(Detection):
    """What one mail says of business, and what joins it to a conversation. Lists are JSON texts.

    A mail within a mail has a row of its own, with the author, time and words of its own.
    ``confidence`` is the verdict's; ``evidence`` the first sentence that something is read from.
    """

    #: Message-ID without angle brackets; a hash of the content where it has none.
    message_id: str
    #: ``mail``; of a mail within it ``forward-1``, ``forward-2`` ..., or ``quoted-1``.
    part: str
    sent_at: datetime | None
    subject: str
    #: A deal of ours, and why or why not: a reason of rfq.relevance.
    is_business: bool
    verdict: str
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: Written by one of us.
    is_ours: bool
    #: JSON list of {"name", "address", "side"}: sender first; customer, vendor or other.
    people: str
    #: JSON list of {"kind", "low", "high", "unit", "currency", "value", "day", "is_inferred",
    #: "confidence", "sentence", "start", "end"}; empty for mails that are no business.
    statements: str
    #: JSON list of {"text", "owner", "owner_is_inferred", "due_on", "due_is_inferred"}.
    steps: str
    gmail_thread_id: str | None
    #: JSON list of the ids that it answers or continues, oldest first.
    named_ids: str
    #: Letters, attachments and bytes: of two readings of one Message-ID the fullest holds.
    text_length: int
    attachment_count: int
    #: JSON list of {"name", "media_type", "size", "sha256", "is_inline"}; no name where the mail is
    #: no business; empty for a mail within a mail, whose files are listed with the mail.
    attachments: str
    size: int
    content_sha256: str
    #: JSON list of what was wrong with the mail; short stable names.
    defects: str


@dataclass(frozen=True, kw_only=True)
class CorrespondenceMeeting(Detection):
    """What one meeting's transcript or chat says of business. Lists are JSON texts."""

    meeting_id: str
    #: transcript, chat or notes.
    part: str
    #: zoom, teams, plain, chat, json, text or notes.
    layout: str
    topic: str | None
    started_at: datetime | None
    #: A deal of ours, and why or why not: a reason of rfq.relevance.
    is_business: bool
    verdict: str
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: A company that a speaker's label names.
    company: str | None
    utterance_count: int
    #: JSON list of {"name", "address", "side"}.
    people: str
    #: JSON list as in correspondence_messages, with "at_ms", milliseconds from the start.
    statements: str
    #: JSON list as in correspondence_messages.
    steps: str
    #: JSON list of {"number", "kind", "first_cue", "last_cue", "start_ms", "end_ms", "start",
    #: "end", "speaker_count", "sentence"}: stretches by subject; no sentence where it is no
    #: business.
    sections: str
    #: JSON list of {"line", "reason"}: what of the file could not be read.
    faults: str


@dataclass(frozen=True, kw_only=True)
class CorrespondenceDocument(Detection):
    """What one document beside mail and meetings says of business. Lists are JSON texts."""

    title: str
    #: text, html, csv, markdown, word, excel; of what is not read pdf, office, rtf, archive, json
    #: or binary.
    format: str
    #: Why it is not read, and what to do; None where it is read.
    not_read: str | None
    #: Whether more of it stands in the file than was read.
    is_cut: bool
    #: Day that it bears, else when the file was last changed (UTC).
    written_at: datetime | None
    #: A deal of ours, and why or why not: a reason of rfq.relevance, or not_read.
    is_business: bool
    verdict: str
    #: Written by one of us.
    is_ours: bool
    #: The customer: mail domain, or the address at a provider for everybody.
    party: str | None
    #: The customer as the document's labels name it.
    company: str | None
    text_length: int
    #: Hash of title and text, which copies share.
    content_sha256: str
    #: JSON list of {"name", "address", "side"}.
    people: str
    #: JSON list as in correspondence_messages; places count from the title, a line feed between.
    statements: str
    #: JSON list as in correspondence_messages; empty.
    steps: str
