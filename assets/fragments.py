"""Mails, calls and CRM rows as read, turned into the sources that opportunities are built of.

The one place that knows both what reading gives (``detection.correspondence``) and what joining
takes (``ml.opportunities``); neither room knows the other. Pure: no lake, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time

from detection.correspondence.crm import CrmRow
from detection.correspondence.mail.requests import find_requests
from detection.correspondence.mail.threads import distinct_messages, threads_of
from detection.correspondence.records import Address, MailMessage
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.relevance import Relevance, domain_of, judge
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.owners import name_and_affiliation
from detection.correspondence.transcripts.records import Meeting
from detection.correspondence.transcripts.turns import turns_of
from detection.days_ahead import find_days_ahead
from ml.opportunities.records import MANY_FIELDS, SINGLE_FIELDS, Actor, Claim, Fragment, NextStep

#: Domains of people, not of companies: there the whole address is the party.
FREE_MAIL = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "gmx.net",
     "web.de", "icloud.com", "aol.com", "proton.me", "live.com", "msn.com"}
)  # fmt: skip
#: Verdicts on mails that say nothing of their own.
_SILENT = frozenset({"nothing_asked", "nothing_of_ours"})
_FIELDS = frozenset(SINGLE_FIELDS) | frozenset(MANY_FIELDS)


def mail_fragments(
    messages: Iterable[MailMessage], vocabulary: Vocabulary
) -> tuple[list[Fragment], dict[str, Relevance]]:
    """Mails as sources, conversation by conversation, and the verdict on each by message id.

    A mail that asks nothing itself ("fine, thanks") still belongs to a conversation that does: it
    says that the deal is alive.
    """
    mails = distinct_messages(messages)
    thread_of = {i: t.thread_id for t in threads_of(mails) for i in t.message_ids}
    read = [(m, *_read_mail(m, vocabulary, thread_of.get(m.message_id))) for m in mails]
    alive = {f.thread_id for _, f, verdict in read if f and verdict.is_business}
    kept = [
        f
        for _, f, verdict in read
        if f and (verdict.is_business or (f.thread_id in alive and verdict.reason in _SILENT))
    ]
    return kept, {m.message_id: verdict for m, _, verdict in read}


def _read_mail(
    message: MailMessage, vocabulary: Vocabulary, thread_id: str | None = None
) -> tuple[Fragment | None, Relevance]:
    """A mail as a source, with the verdict; None where it bears no time to order it by.

    Only the writer's own words are read: what is quoted was read where it was written.
    """
    text = f"{message.subject}\n{message.new_text}"
    signals = find_signals(text, message.sent_at.date() if message.sent_at else None, vocabulary)
    sender = (message.sender.address if message.sender else None) or ""
    others = [*message.to, *message.cc]
    verdict = judge(
        text, signals, sender, [a.address for a in others if a.address], vocabulary,
        is_bulk=message.is_bulk or message.is_automatic,
    )  # fmt: skip
    if message.sent_at is None:
        return None, verdict
    people = [*([message.sender] if message.sender else []), *others]
    actors = tuple(_actor(a, vocabulary) for a in people)
    return (
        Fragment(
            fragment_id=f"mail:{message.message_id}",
            kind="mail",
            occurred_at=message.sent_at,
            party=_party(actors),
            thread_id=thread_id,
            is_ours=domain_of(sender) in vocabulary.own_domains,
            actors=actors,
            claims=_claims(signals),
            stage_cues=_cues(signals),
            next_steps=_asked(message) if verdict.is_business else (),
            title=message.subject,
        ),
        verdict,
    )


def call_fragment(meeting: Meeting, vocabulary: Vocabulary) -> tuple[Fragment | None, Relevance]:
    """A call as a source, with the verdict; None where it is no business of ours or has no time."""
    held_on = meeting.started_at.date() if meeting.started_at else None
    signals: list[RfqSignal] = []
    texts = []
    for turn in turns_of(meeting.utterances):
        signals += find_signals(turn.text, held_on, vocabulary)
        texts.append(turn.text)
    addresses = [a.email for a in meeting.attendees if a.email]
    verdict = judge("\n".join(texts), signals, "", addresses, vocabulary)
    if not verdict.is_business or meeting.started_at is None:
        return None, verdict
    actors = tuple(_actor(Address(a.name, a.email), vocabulary) for a in meeting.attendees)
    fragment_id = f"call:{meeting.meeting_id}"
    steps = tuple(
        NextStep(
            item.text,
            item.owner,
            item.owner_is_inferred,
            item.due_on,
            item.due_is_inferred,
            fragment_id,
        )
        for item in find_action_items(meeting.utterances, held_on)
    )
    return (
        Fragment(
            fragment_id=fragment_id,
            kind="call",
            occurred_at=meeting.started_at,
            party=_party(actors),
            company=_affiliation(meeting, vocabulary),
            actors=actors,
            claims=_claims(signals),
            stage_cues=_cues(signals),
            next_steps=steps,
            title=meeting.topic or "",
        ),
        verdict,
    )


def crm_fragment(row: CrmRow, vocabulary: Vocabulary) -> Fragment | None:
    """A CRM's row as a source; None where it bears no time to order it by."""
    at = row.modified_at or row.created_at
    if at is None and row.close_on is not None:
        at = datetime.combine(row.close_on, time.min, UTC)
    if at is None:
        return None
    product = vocabulary.product_of(row.product) if row.product else None
    claims = [
        Claim("quantity", row.quantity, row.quantity, "unit") if row.quantity else None,
        Claim("unit_price", row.unit_price, row.unit_price, "unit", row.currency)
        if row.unit_price
        else None,
        Claim("total_price", row.amount, row.amount, None, row.currency) if row.amount else None,
        Claim("product", value=product or row.product) if row.product else None,
        Claim("part_number", value=row.part_number.upper()) if row.part_number else None,
        Claim("reference", value=row.reference) if row.reference else None,
    ]
    named = find_signals(row.name or "", None, vocabulary)
    claims += [c for c in _claims(named) if c.field in MANY_FIELDS]
    email = row.contact_email
    actors = (_actor(Address(None, email), vocabulary),) if email else ()
    owner = (Actor(row.owner, None, "vendor"),) if row.owner else ()
    fragment_id = f"crm:{row.record_id}"
    step = (
        NextStep(row.next_step, row.owner, True, None, False, fragment_id)
        if row.next_step
        else None
    )
    return Fragment(
        fragment_id=fragment_id,
        kind="crm",
        occurred_at=at,
        party=row.domain,
        company=row.account,
        is_ours=True,
        actors=(*actors, *owner),
        claims=tuple(dict.fromkeys(c for c in claims if c)),
        stage_cues=((row.stage, 1.0, f"stage {row.stage_name}"),) if row.stage else (),
        next_steps=(step,) if step else (),
        title=row.name or "",
    )


def _asked(message: MailMessage) -> tuple[NextStep, ...]:
    """What a mail asks for, as steps of the one it is written to (inferred), with its day."""
    readers = [a for a in message.to if a.address] or list(message.to)
    owner = (readers[0].name or readers[0].address) if readers else None
    written_on = message.sent_at.date() if message.sent_at else None
    steps = []
    for request in find_requests(message.new_text):
        days = find_days_ahead(request.text, written_on) if written_on else []
        ahead = next((d for d in days if written_on and d.day >= written_on), None)
        steps.append(
            NextStep(
                request.text,
                owner,
                True,
                ahead.day if ahead else None,
                ahead.is_inferred if ahead else False,
                f"mail:{message.message_id}",
            )
        )
    return tuple(steps)


def _claims(signals: Iterable[RfqSignal]) -> tuple[Claim, ...]:
    return tuple(
        Claim(
            s.kind,
            s.low,
            s.high,
            s.unit,
            s.currency,
            s.value,
            s.day,
            s.is_inferred,
            s.confidence,
            s.sentence,
            s.start,
            s.end,
        )
        for s in signals
        if s.kind in _FIELDS
    )


def _cues(signals: Sequence[RfqSignal]) -> tuple[tuple[str, float, str], ...]:
    return tuple((str(s.value), s.confidence, s.sentence) for s in signals if s.kind == "stage_cue")


def _actor(address: Address, vocabulary: Vocabulary) -> Actor:
    domain = domain_of(address.address or "")
    side = "vendor" if domain in vocabulary.own_domains else "customer" if domain else "other"
    return Actor(address.name, address.address, side)


def _party(actors: Sequence[Actor]) -> str | None:
    """The customer: domain of the first of theirs, or the address at a provider for everybody."""
    for actor in actors:
        if actor.side == "customer" and actor.email:
            domain = domain_of(actor.email)
            return actor.email.lower() if domain in FREE_MAIL else domain
    return None


def _affiliation(meeting: Meeting, vocabulary: Vocabulary) -> str | None:
    """Company that a speaker's label names, unless it is our own."""
    for utterance in meeting.utterances:
        company = name_and_affiliation(utterance.speaker or "")[1]
        if company and company not in vocabulary.own_names:
            return company
    return None
