"""What one document says of business: as mail is read, with what the document says of itself.

A document that is a transcript or notes of a meeting is read as a meeting. One that names no
customer says nothing of any deal: price lists, templates and data sheets are kept as read, and
join nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

from detection.correspondence.documents.formats import DocumentText
from detection.correspondence.documents.head import Head, Heading, read_head
from detection.correspondence.documents.notes import (
    Notes,
    attendees_of_notes,
    find_notes,
    steps_of_notes,
)
from detection.correspondence.readings import (
    Part,
    Person,
    Reading,
    Statement,
    party_of,
    person_of,
    read_call,
    statement_of,
)
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.relevance import Relevance, domain_of, judge, set_aside, weigh
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.records import Attendee, Meeting
from detection.correspondence.transcripts.sections import SECTION_KINDS
from detection.correspondence.transcripts.speech_text import read_speech

#: The verdict on what cannot be read.
NOT_READ = Relevance(False, "not_read", 1.0)
#: How sure a stage is that a document's own heading tells.
_HEADING_CONFIDENCE = 0.8


@dataclass(frozen=True)
class Document:
    """A document's text with what is known of the file."""

    #: The source's own id of it.
    document_id: str
    title: str
    content: DocumentText
    #: When the file was made or last changed (UTC), and the day that its name bears, where it does.
    changed_at: datetime | None = None
    named_at: datetime | None = None
    #: People whom the source names with it: name and address.
    owners: tuple[tuple[str | None, str | None], ...] = ()

    @property
    def text(self) -> str:
        """What is read and what places count in: title, line feed and text."""
        return f"{self.title}\n{self.content.text}"


@dataclass(frozen=True, kw_only=True)
class DocumentReading(Reading):
    """What one document says, and what tells it from a copy."""

    #: SHA-256 of title and text.
    content_sha256: str


@dataclass(frozen=True)
class MeetingReading:
    """What a document says that is a meeting's transcript or notes."""

    reading: Reading
    #: ``transcript`` or ``notes``.
    part: str
    #: ``text`` (lines "Name: ...") or ``notes``.
    layout: str
    utterance_count: int


def read_document(document: Document, vocabulary: Vocabulary) -> DocumentReading:
    """What a document says, with the verdict; of one that is no business the verdict alone."""
    text = document.text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    if document.content.not_read:
        return DocumentReading(
            source_id=document.document_id, occurred_at=_moment(document, None),
            title=document.title, party=None, verdict=NOT_READ, content_sha256=digest,
        )  # fmt: skip
    head = read_head(text, vocabulary)
    at = _moment(document, head)
    people = _people(document, head, vocabulary)
    is_ours = _is_ours(document, head, vocabulary)
    signals = find_signals(text, at.date() if at else None, vocabulary)
    statements = [statement_of(signal) for signal in signals]
    if head.heading is not None:
        signals, statements = _with_heading(head.heading, signals, statements)
    party = _party(people)
    sender = f"@{min(vocabulary.own_domains)}" if is_ours and vocabulary.own_domains else ""
    others = [p.address for p in people if p.address and p.side == "customer"]
    ours_alone = [] if others or head.company else [p.address for p in people if p.address]
    verdict = set_aside(text, "", ours_alone, vocabulary) or weigh(
        text, signals, sender, vocabulary
    )
    return DocumentReading(
        source_id=document.document_id,
        occurred_at=at,
        title=document.title,
        party=party,
        company=head.company,
        is_ours=is_ours,
        people=people,
        statements=tuple(statements) if verdict.is_business else (),
        verdict=verdict,
        content_sha256=digest,
    )


def read_as_meeting(document: Document, vocabulary: Vocabulary) -> MeetingReading | None:
    """A document that is a meeting's transcript or notes; None for any other."""
    if document.content.not_read:
        return None
    text = document.content.text
    said = read_speech(text)
    notes = find_notes(text, document.title)
    if not said and notes is None:
        return None
    listed = attendees_of_notes(notes) if notes else []
    at = _moment(document, read_head(document.text, vocabulary), is_meeting=True)
    if said:
        known = {person.name for person in listed}
        heard = dict.fromkeys(u.speaker for u in said if u.speaker and u.speaker not in known)
        people = (*listed, *map(Attendee, heard))
        meeting = Meeting(document.document_id, document.title, at, people, said)
        return MeetingReading(read_call(meeting, vocabulary), "transcript", "text", len(said))
    reading = _read_notes(document, notes, listed, at, vocabulary)
    lines = sum(len(section) for section in notes.sections.values())
    return MeetingReading(reading, "notes", "notes", lines)


def _read_notes(
    document: Document,
    notes: Notes,
    attendees: Sequence[Attendee],
    at: datetime | None,
    vocabulary: Vocabulary,
) -> Reading:
    """Notes as a call is read, but places count in the document's text, as of other documents."""
    held_on = at.date() if at else None
    signals = find_signals(document.text, held_on, vocabulary)
    addresses = [a.email for a in attendees if a.email]
    verdict = judge(document.text, signals, "", addresses, vocabulary)
    people = tuple(person_of(a.name, a.email, vocabulary) for a in attendees)
    companies = [a.affiliation for a in attendees if a.affiliation]
    return Reading(
        source_id=document.document_id,
        occurred_at=at,
        title=document.title,
        party=party_of(people),
        company=next((c for c in companies if c not in vocabulary.own_names), None),
        people=people,
        statements=tuple(map(statement_of, signals)) if verdict.is_business else (),
        steps=tuple(steps_of_notes(notes, attendees, held_on)) if verdict.is_business else (),
        sections=tuple(_sections(notes, len(document.title) + 1, verdict.is_business)),
        verdict=verdict,
    )


def _sections(notes: Notes, offset: int, is_business: bool) -> Iterator[Part]:
    """What stands under each heading of its own, placed by characters from ``offset`` on."""
    told = [(k, lines) for k, lines in notes.sections.items() if k in SECTION_KINDS and lines]
    for number, (kind, lines) in enumerate(told, 1):
        last = lines[-1]
        yield Part(
            number,
            kind,
            start=offset + lines[0].start,
            end=offset + last.start + len(last.text),
            sentence=lines[0].text if is_business else None,
        )


def _moment(document: Document, head: Head | None, is_meeting: bool = False) -> datetime | None:
    """When it was written or the meeting held: the text's own day, the name's, the file's."""
    written = datetime.combine(head.written_on, time.min, UTC) if head and head.written_on else None
    if is_meeting:
        return document.named_at or written or document.changed_at
    return written or document.named_at or document.changed_at


def _people(document: Document, head: Head, vocabulary: Vocabulary) -> tuple[Person, ...]:
    people: dict[str, Person] = {}
    for name, address in (*document.owners, *((None, a) for a in head.addresses)):
        key = (address or name or "").lower()
        if key:
            people.setdefault(
                key, person_of(name, address.lower() if address else None, vocabulary)
            )
    return tuple(people.values())


def _party(people: Sequence[Person]) -> str | None:
    """The customer's domain; None where a document names people of several, as lists do."""
    theirs = [p for p in people if p.side == "customer" and p.address]
    if len({domain_of(str(p.address)) for p in theirs}) != 1:
        return None
    return party_of(theirs)


def _is_ours(document: Document, head: Head, vocabulary: Vocabulary) -> bool:
    """Written by one of us: as it says itself, else where one of us keeps it for a customer."""
    if head.is_ours is not None:
        return head.is_ours
    is_kept = any(domain_of(a or "") in vocabulary.own_domains for _, a in document.owners)
    is_offer = head.heading is not None and head.heading.stage == "quoting"
    return is_kept and is_offer


def _with_heading(
    heading: Heading, signals: list[RfqSignal], statements: list[Statement]
) -> tuple[list[RfqSignal], list[Statement]]:
    """With what the heading tells, which holds near every product of the document."""
    told = Statement(
        "stage_cue", value=heading.stage, confidence=_HEADING_CONFIDENCE,
        sentence=heading.line, start=heading.start, end=heading.end,
    )  # fmt: skip
    cue = RfqSignal(
        "stage_cue", heading.line, heading.start, heading.end, heading.line, heading.start,
        _HEADING_CONFIDENCE, value=heading.stage,
    )  # fmt: skip
    named = [s for s in signals if s.kind in ("product", "part_number")]
    near = [replace(cue, start=s.start, end=s.end) for s in named[:1]] or [cue]
    return [*signals, *near], [told, *statements]
