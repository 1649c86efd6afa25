"""What one mail or call says of business: everything that joining sources needs, read once.

The words themselves are not kept, but the sentences that something is read from. Here a mail's
own words alone are read; ``passed_on`` reads the mails within it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from detection.correspondence.mail.requests import find_requests, sentences_of
from detection.correspondence.mail.tasks import is_reference, task_of
from detection.correspondence.mail.threads import MailIds, ids_of
from detection.correspondence.records import Address, Attachment, MailMessage
from detection.correspondence.rfq.particulars import is_particular
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.relevance import Relevance, domain_of, judge, set_aside, weigh
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.owners import name_and_affiliation
from detection.correspondence.transcripts.records import Meeting
from detection.correspondence.transcripts.sections import sections_of
from detection.correspondence.transcripts.turns import turns_of
from detection.days_ahead import find_days_ahead

#: Domains of people, not of companies: there the whole address is the party.
FREE_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "gmx.net",
     "web.de", "icloud.com", "aol.com", "proton.me", "live.com", "msn.com"}
)  # fmt: skip
#: Verdicts on mails that say nothing of their own; in a conversation that is business they count.
SILENT = frozenset({"nothing_asked", "nothing_of_ours"})


class Person(NamedTuple):
    """Somebody of a mail or call."""

    name: str | None
    #: In lower case.
    address: str | None
    #: ``customer``, ``vendor`` (one of us) or ``other`` (no address known).
    side: str


class Statement(NamedTuple):
    """One thing that a source says, with its sentence and place; a tuple, as there are many."""

    #: A kind of ``rfq.records.KINDS``.
    kind: str
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    #: ISO 4217.
    currency: str | None = None
    value: str | None = None
    day: date | None = None
    is_inferred: bool = False
    confidence: float = 1.0
    sentence: str | None = None
    #: Characters: in a mail from the start of subject, line feed and own words; in a call from the
    #: start of what the speaker says in one go.
    start: int | None = None
    end: int | None = None
    #: Milliseconds from the start of a call; None in a mail.
    at_ms: int | None = None


class Step(NamedTuple):
    """Something to do, as promised or asked for."""

    text: str
    owner: str | None
    owner_is_inferred: bool
    due_on: date | None
    due_is_inferred: bool


class Part(NamedTuple):
    """A section of a meeting: what it is about, and where it stands."""

    #: Place among the sections of its meeting, from 1.
    number: int
    #: ``attendees``, ``pricing``, ``margins``, ``decisions`` or ``action_items``.
    kind: str
    #: First and last cue, entry or message, from 0, and milliseconds from the start of the call.
    first_cue: int | None = None
    last_cue: int | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    #: Of notes: characters from the start of title, line feed and text.
    start: int | None = None
    end: int | None = None
    #: Different people who spoke in it; None in notes.
    speaker_count: int | None = None
    #: The sentence that opened it; None where the meeting is no business of ours.
    sentence: str | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one call says; also the part that mails share."""

    #: Message-ID, or the meeting's id.
    source_id: str
    #: Sent or begun (UTC).
    occurred_at: datetime | None
    #: Subject or topic.
    title: str
    #: The customer: mail domain, or the address at a provider for everybody; None if unknown.
    party: str | None
    #: A company that a speaker's label names.
    company: str | None = None
    #: Written by one of us.
    is_ours: bool = False
    people: tuple[Person, ...] = ()
    statements: tuple[Statement, ...] = ()
    steps: tuple[Step, ...] = ()
    #: Of a meeting; also of one that is no business, then without a word. Joining asks nothing of
    #: it, so a reading that comes back from its row has none, and is equal.
    sections: tuple[Part, ...] = field(default=(), compare=False)
    verdict: Relevance


@dataclass(frozen=True, kw_only=True)
class MailReading(Reading):
    """What one mail says, and what joins it to a conversation."""

    ids: MailIds
    #: Orders two readings of one Message-ID: letters, attachments, bytes, hash; the largest holds.
    fullness: tuple[int, int, int, str]
    #: Which mail within a mail this is, as ``forward-1`` or ``quoted-1``; None for the mail itself.
    part: str | None = None
    #: Files that came with it; without their names where the mail is no business of ours. As with
    #: ``sections``, joining asks nothing of them.
    attachments: tuple[Attachment, ...] = field(default=(), compare=False)


def read_mail(message: MailMessage, vocabulary: Vocabulary) -> MailReading:
    """What a mail says, with the verdict whether it is business of ours.

    Of mails that are set aside nothing but the verdict is kept, and of their attachments what no
    name tells.
    """
    text = f"{message.subject}\n{message.new_text}"
    sender = (message.sender.address if message.sender else None) or ""
    others = [*message.to, *message.cc]
    verdict = set_aside(
        text, sender, [a.address for a in others if a.address], vocabulary,
        is_bulk=message.is_bulk or message.is_automatic,
    )  # fmt: skip
    signals: list[RfqSignal] = []
    if verdict is None:
        written_on = message.sent_at.date() if message.sent_at else None
        signals = find_signals(text, written_on, vocabulary)
        verdict = weigh(text, signals, sender, vocabulary)
    people = tuple(
        _person(a, vocabulary) for a in [*([message.sender] if message.sender else []), *others]
    )
    is_kept = verdict.is_business or verdict.reason in SILENT
    return MailReading(
        source_id=message.message_id,
        occurred_at=message.sent_at,
        title=message.subject,
        party=party_of(people),
        is_ours=domain_of(sender) in vocabulary.own_domains,
        people=people,
        statements=tuple(map(statement_of, signals)) if is_kept else (),
        steps=_steps(message) if verdict.is_business else (),
        verdict=verdict,
        ids=ids_of(message),
        fullness=(
            len(message.body_text), len(message.attachments), message.size, message.sha256,
        ),
        attachments=tuple(a if is_kept else replace(a, name=None) for a in message.attachments),
    )  # fmt: skip


def read_call(meeting: Meeting, vocabulary: Vocabulary) -> Reading:
    """What a call says, with the verdict; of calls that are no business, the verdict alone."""
    held_on = meeting.started_at.date() if meeting.started_at else None
    signals: list[RfqSignal] = []
    statements: list[Statement] = []
    texts = []
    turns = turns_of(meeting.utterances)
    for turn in turns:
        found = find_signals(turn.text, held_on, vocabulary)
        signals += found
        statements += [statement_of(s, turn.at(s.start)[1]) for s in found]
        texts.append(turn.text)
    addresses = [a.email for a in meeting.attendees if a.email]
    verdict = judge("\n".join(texts), signals, "", addresses, vocabulary)
    people = tuple(_person(Address(a.name, a.email), vocabulary) for a in meeting.attendees)
    items = find_action_items(meeting.utterances, held_on) if verdict.is_business else []
    steps = tuple(
        Step(item.text, item.owner, item.owner_is_inferred, item.due_on, item.due_is_inferred)
        for item in items
    )
    sections = tuple(
        Part(
            number, s.kind, s.first_utterance, s.last_utterance, s.start_ms, s.end_ms,
            speaker_count=s.speaker_count, sentence=s.evidence if verdict.is_business else None,
        )
        for number, s in enumerate(sections_of(meeting.utterances, turns, items), 1)
    )  # fmt: skip
    return Reading(
        source_id=meeting.meeting_id,
        occurred_at=meeting.started_at,
        title=meeting.topic or "",
        party=party_of(people),
        company=_affiliation(meeting, vocabulary),
        people=people,
        statements=tuple(statements) if verdict.is_business else (),
        steps=steps,
        sections=sections,
        verdict=verdict,
    )


def _steps(message: MailMessage) -> tuple[Step, ...]:
    """What a mail gives to do: requests, of the one it is written to (inferred), and promises of
    the writer, each with its day.

    What an answer has to hold is no step beside the answer; where nothing else is asked, the first
    such sentence stands for it, unless it only names a number.
    """
    readers = [a for a in message.to if a.address] or list(message.to)
    reader = (readers[0].name or readers[0].address) if readers else None
    writer = (message.sender.name or message.sender.address) if message.sender else None
    requests = {r.text for r in find_requests(message.new_text)}
    tasks = []
    particular = None
    for _, sentence in sentences_of(message.new_text):
        if sentence in requests and is_particular(sentence):
            particular = particular or (None if is_reference(sentence) else sentence)
            continue
        task = task_of(sentence)
        if task == "promised" or (task == "asked" and sentence in requests):
            tasks.append((sentence, task))
    if particular and all(task == "promised" for _, task in tasks):
        tasks.append((particular, "asked"))
    written_on = message.sent_at.date() if message.sent_at else None
    return tuple(
        _step(text, writer if task == "promised" else reader, task == "asked", written_on)
        for text, task in tasks
    )


def _step(text: str, owner: str | None, is_inferred: bool, written_on: date | None) -> Step:
    days = find_days_ahead(text, written_on) if written_on else []
    ahead = next((d for d in days if written_on and d.day >= written_on), None)
    return Step(
        text, owner, is_inferred, ahead.day if ahead else None,
        ahead.is_inferred if ahead else False,
    )  # fmt: skip


def statement_of(signal: RfqSignal, at_ms: int | None = None) -> Statement:
    """A signal as what is kept of it; ``at_ms`` is its time in a call."""
    return Statement(
        signal.kind,
        signal.low,
        signal.high,
        signal.unit,
        signal.currency,
        signal.value,
        signal.day,
        signal.is_inferred,
        signal.confidence,
        signal.sentence,
        signal.start,
        signal.end,
        at_ms,
    )


def person_of(name: str | None, address: str | None, vocabulary: Vocabulary) -> Person:
    """Somebody by name and address; who has an address of ours is one of us."""
    domain = domain_of(address or "")
    side = "vendor" if domain in vocabulary.own_domains else "customer" if domain else "other"
    return Person(name, address, side)


def _person(address: Address, vocabulary: Vocabulary) -> Person:
    return person_of(address.name, address.address, vocabulary)


def party_of(people: Sequence[Person]) -> str | None:
    """The customer: domain of the first of theirs, or the address at a provider for everybody."""
    for person in people:
        if person.side == "customer" and person.address:
            domain = domain_of(person.address)
            return person.address.lower() if domain in FREE_MAIL else domain
    return None


def _affiliation(meeting: Meeting, vocabulary: Vocabulary) -> str | None:
    """Company that a speaker's label names, unless it is our own."""
    for utterance in meeting.utterances:
        company = name_and_affiliation(utterance.speaker or "")[1]
        if company and company not in vocabulary.own_names:
            return company
    return None


def distinct_mails(readings: Iterable[MailReading]) -> list[MailReading]:
    """Each mail once, by id; of several readings of one Message-ID the fullest."""
    kept: dict[str, MailReading] = {}
    for reading in readings:
        other = kept.get(reading.source_id)
        if other is None or reading.fullness > other.fullness:
            kept[reading.source_id] = reading
    return [kept[source_id] for source_id in sorted(kept)]
