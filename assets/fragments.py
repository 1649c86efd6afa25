"""Mails, calls, documents and CRM rows as read, turned into the sources of opportunities.

The one place that knows both what reading gives (``detection.correspondence``) and what joining
takes (``ml.opportunities``); neither room knows the other. Pure: no lake, no clock.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from email.utils import parseaddr

from detection.correspondence.crm import CrmRow
from detection.correspondence.mail.threads import conversations
from detection.correspondence.passed_on import read_mails, without_copies
from detection.correspondence.readings import (
    SILENT,
    MailReading,
    Person,
    Reading,
    Statement,
    distinct_mails,
    person_of,
    read_call,
)
from detection.correspondence.records import MailMessage
from detection.correspondence.rfq.relevance import Relevance
from detection.correspondence.rfq.signals import find_signals
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.correspondence.transcripts.records import Meeting
from ml.opportunities.records import MANY_FIELDS, SINGLE_FIELDS, Actor, Claim, Fragment, NextStep

_FIELDS = frozenset(SINGLE_FIELDS) | frozenset(MANY_FIELDS)


def mail_fragments(
    messages: Iterable[MailMessage], vocabulary: Vocabulary
) -> tuple[list[Fragment], dict[str, Relevance]]:
    """Mails as sources, conversation by conversation, and the verdict on each by message id."""
    readings = distinct_mails(r for message in messages for r in read_mails(message, vocabulary))
    return fragments_of_mails(readings), {r.source_id: r.verdict for r in readings}


def fragments_of_mails(
    readings: Iterable[MailReading], named: Collection[str] = ()
) -> list[Fragment]:
    """Mails that were read, as sources in the order of time.

    A mail that asks nothing itself ("fine, thanks") still belongs to a conversation that does: it
    says that the deal is alive. A mail within a mail counts where it is business and its original
    is not at hand. A mail without a time cannot be ordered and is left out. What reviewers
    ``named`` (``mail:...``) is a source whatever its verdict.
    """
    mails = list(readings)
    threads = conversations(mail.ids for mail in mails)
    thread_of = {i: thread.thread_id for thread in threads for i in thread.message_ids}
    originals = without_copies(distinct_mails(mails))
    distinct = [mail for mail in originals if mail.occurred_at is not None]
    alive = {thread_of[m.source_id] for m in distinct if m.verdict.is_business}
    kept = [
        m
        for m in distinct
        if m.verdict.is_business
        or (m.part is None and thread_of[m.source_id] in alive and m.verdict.reason in SILENT)
    ]
    kept.sort(key=lambda m: (m.occurred_at, m.source_id))
    found = [_fragment(m, "mail", thread_of[m.source_id]) for m in kept]
    if wanted := set(named) - {f.fragment_id for f in found}:
        found += [
            replace(_fragment(m, "mail", thread_of[m.source_id]), is_named=True)
            for m in distinct
            if f"mail:{m.source_id}" in wanted
        ]
        found.sort(key=lambda f: (f.occurred_at, f.fragment_id))
    return found


def call_fragment(meeting: Meeting, vocabulary: Vocabulary) -> tuple[Fragment | None, Relevance]:
    """A call as a source, with the verdict; None where it is no business of ours or has no time."""
    reading = read_call(meeting, vocabulary)
    return fragment_of_call(reading), reading.verdict


def fragment_of_call(
    reading: Reading, meeting_id: str | None = None, named: Collection[str] = ()
) -> Fragment | None:
    """A call that was read, as a source; None where it is no business of ours or has no time.

    ``meeting_id`` ties what is kept of one meeting apart (its transcript, its chat) together.
    What reviewers ``named`` (``call:...``) is a source whatever its verdict.
    """
    if reading.occurred_at is None:
        return None
    return _told(reading, "call", f"meeting:{meeting_id}" if meeting_id else None, named)


def fragment_of_document(reading: Reading, named: Collection[str] = ()) -> Fragment | None:
    """A document that was read, as a source; None where it is no business of ours or has no time.

    Nor is one that names no customer: a price list belongs to no deal. What reviewers ``named``
    (``document:...``) is a source all the same.
    """
    is_named = f"document:{reading.source_id}" in named
    is_placed = reading.party is not None or reading.company is not None
    if reading.occurred_at is None or not (is_placed or is_named):
        return None
    return _told(reading, "document", None, named)


def _told(
    reading: Reading, kind: str, thread_id: str | None, named: Collection[str]
) -> Fragment | None:
    """A source that is business of ours, or that reviewers named."""
    if reading.verdict.is_business:
        return _fragment(reading, kind, thread_id)
    if f"{kind}:{reading.source_id}" in named:
        return replace(_fragment(reading, kind, thread_id), is_named=True)
    return None


def _fragment(reading: Reading, kind: str, thread_id: str | None) -> Fragment:
    fragment_id = f"{kind}:{reading.source_id}"
    return Fragment(
        fragment_id=fragment_id,
        kind=kind,
        occurred_at=reading.occurred_at,
        party=reading.party,
        company=reading.company,
        thread_id=thread_id,
        is_ours=reading.is_ours,
        actors=tuple(map(_actor, reading.people)),
        claims=_claims(reading.statements),
        stage_cues=tuple(
            (str(s.value), s.confidence, s.sentence or "")
            for s in reading.statements
            if s.kind == "stage_cue"
        ),
        next_steps=tuple(
            NextStep(
                step.text,
                step.owner,
                step.owner_is_inferred,
                step.due_on,
                step.due_is_inferred,
                fragment_id,
            )
            for step in reading.steps
        ),
        title=reading.title,
    )


def crm_fragment(row: CrmRow, vocabulary: Vocabulary, system: str | None = None) -> Fragment | None:
    """A CRM's row as a source; None where it bears no time to order it by.

    ``system`` names the CRM where there may be several, whose ids are their own.
    """
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
        Claim("close_date", day=row.close_on, evidence=f"close date {row.close_on}")
        if row.close_on
        else None,
        Claim("product", value=product or row.product) if row.product else None,
        Claim("part_number", value=row.part_number.upper()) if row.part_number else None,
        Claim("reference", value=row.reference) if row.reference else None,
    ]
    named = find_signals(row.name or "", None, vocabulary)
    claims += [c for c in _claims(named) if c.field in MANY_FIELDS]
    email, contact = row.contact_email, row.contact_name
    actors = (_contact(contact, email, vocabulary),) if email or contact else ()
    name, address = parseaddr(row.owner) if row.owner and "@" in row.owner else (row.owner, None)
    owned_by = name or address
    owner = (Actor(name or None, (address or "").lower() or None, "vendor"),) if owned_by else ()
    fragment_id = f"crm:{system}:{row.record_id}" if system else f"crm:{row.record_id}"
    step = (
        NextStep(row.next_step, owned_by, True, None, False, fragment_id) if row.next_step else None
    )
    return Fragment(
        fragment_id=fragment_id,
        kind="crm",
        occurred_at=at,
        begun_at=row.created_at,
        system=system or "crm",
        record_id=row.record_id,
        other_id=row.other_id,
        closes_on=row.close_on,
        party=row.domain,
        company=row.account,
        is_ours=True,
        actors=(*actors, *owner),
        claims=tuple(dict.fromkeys(c for c in claims if c)),
        stage_cues=((row.stage, 1.0, f"stage {row.stage_name}"),) if row.stage else (),
        next_steps=(step,) if step else (),
        title=row.name or "",
    )


def _contact(name: str | None, email: str | None, vocabulary: Vocabulary) -> Actor:
    """The contact of a CRM's row, who without an address is taken for one of the customer."""
    person = person_of(name, email, vocabulary)
    return _actor(person) if email else Actor(name, None, "customer")


def _claims(statements: Sequence[Statement]) -> tuple[Claim, ...]:
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
            getattr(s, "at_ms", None),
        )
        for s in statements
        if s.kind in _FIELDS
    )


def _actor(person: Person) -> Actor:
    return Actor(person.name, person.address, person.side)
