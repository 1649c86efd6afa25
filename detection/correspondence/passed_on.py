"""Mails within a mail as readings of their own: what is passed on to us, and what we answered.

A forward is read as what it is: its own author, time and words. So is the mail that a reply of ours
quotes, as a request may have come to a mailbox that nobody reads here. Where the mail itself is at
hand, what others hold of it is a copy and counts for nothing (``without_copies``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from detection.correspondence.mail.forwards import quoted_mail
from detection.correspondence.mail.quotes import split_quotes
from detection.correspondence.mail.signatures import split_signature
from detection.correspondence.readings import MailReading, Statement, read_mail
from detection.correspondence.records import Address, ForwardedMessage, MailMessage
from detection.correspondence.rfq.relevance import domain_of
from detection.correspondence.rfq.vocabulary import Vocabulary

#: Mails within one mail that are read; an archive sent as attachments is no correspondence.
MOST = 10
#: What a quotation says is as sure as its words, less what clients do to them.
QUOTED_CONFIDENCE = 0.8
#: Share of a mail's statements that must be known for it to be a copy: clients wrap and cut lines.
COPIED = 0.8
_NO_LETTERS = re.compile(r"[\W_]+")


def read_mails(message: MailMessage, vocabulary: Vocabulary) -> list[MailReading]:
    """What a mail says, then what each mail within it says.

    A forwarder from outside writes about the author's deal, so the author is the customer of both.
    Reports and answers of machines only bring back what was sent, and are not looked into.
    """
    own = read_mail(message, vocabulary)
    if message.is_automatic:
        return [own]
    inner = [
        _reading(message, f"forward-{number}", mail, vocabulary)
        for number, mail in enumerate(message.forwards[:MOST], 1)
    ]
    dealt = next((r.party for r in inner if r.verdict.is_business and r.party), None)
    if dealt and not own.is_ours:
        own = replace(own, party=dealt)
    if own.is_ours and not inner and (mail := quoted_mail(message.quoted_text)):
        reading = _reading(message, "quoted-1", _with_author(mail, message, vocabulary), vocabulary)
        inner.append(replace(reading, statements=tuple(map(_less_sure, reading.statements))))
    return [own, *inner]


def _reading(
    outer: MailMessage, part: str, mail: ForwardedMessage, vocabulary: Vocabulary
) -> MailReading:
    """A mail within a mail, as a mail of its own that continues the one it lies in."""
    split = split_quotes(mail.body_text)
    new_text, signature = split_signature(split.new, mail.sender)
    told = [*outer.to, *outer.cc]
    if outer.sender and (mail.sender is None or _is_ours(outer.sender, vocabulary)):
        told = [outer.sender, *told]
    to = mail.recipients or outer.to
    named = {a.address for a in (mail.sender, *to) if a}
    inner = replace(
        outer,
        sender=mail.sender,
        to=to,
        cc=tuple(a for a in told if a.address not in named),
        sent_at=_time(outer, mail),
        subject=mail.subject or "",
        body_text=mail.body_text,
        new_text=new_text,
        signature=signature,
        quoted_text=split.quoted,
        forwards=(),
        attachments=(),
        references=(*([mail.message_id] if mail.message_id else []), outer.message_id),
        in_reply_to=(),
    )
    reading = read_mail(inner, vocabulary)
    ids = replace(reading.ids, message_id=f"{outer.message_id}#{part}")
    title = mail.subject or outer.subject
    return replace(reading, source_id=ids.message_id, part=part, ids=ids, title=title)


def _time(outer: MailMessage, mail: ForwardedMessage) -> datetime | None:
    """When it was written: before the mail it lies in, the last moment before where none is said.

    Programs write the time of a quotation without its zone, so it may seem the later one.
    """
    if outer.sent_at is None:
        return mail.sent_at
    latest = outer.sent_at - timedelta(seconds=1)
    return min(mail.sent_at, latest) if mail.sent_at else latest


def _with_author(
    mail: ForwardedMessage, reply: MailMessage, vocabulary: Vocabulary
) -> ForwardedMessage:
    """A quoted mail with its author's address: of those who wrote or read the reply, by name.

    Where a program names nobody, the reply goes to the author.
    """
    said = mail.sender
    if reply.sender and not mail.recipients:
        mail = replace(mail, recipients=(reply.sender,))
    if said and said.address:
        return mail
    known = [a for a in (reply.sender, *reply.to, *reply.cc) if a and a.address]
    if said and said.name:
        same = next((a for a in known if a.name and a.name.lower() == said.name.lower()), said)
        return replace(mail, sender=same)
    theirs = next((a for a in known if not _is_ours(a, vocabulary)), None)
    return replace(mail, sender=theirs)


def _is_ours(address: Address, vocabulary: Vocabulary) -> bool:
    return domain_of(address.address or "") in vocabulary.own_domains


def _less_sure(statement: Statement) -> Statement:
    return statement._replace(confidence=round(statement.confidence * QUOTED_CONFIDENCE, 3))


def without_copies(readings: Sequence[MailReading]) -> list[MailReading]:
    """Readings without the mails within mails that are at hand themselves, or earlier in another.

    A copy bears the id of a mail at hand, or says what its author has said elsewhere: the same
    sentences, or the same values; where no address tells who the author is, the same sentences
    as anybody. Any order of readings gives the same.
    """
    ids = {r.source_id for r in readings if r.part is None}
    said: dict[tuple[str | None, bool], set[tuple]] = defaultdict(set)
    inner = [r for r in readings if r.part is not None]
    wanted = {(r.party, r.is_ours) for r in inner}
    for reading in readings:
        if reading.part is None:
            _remember(said, reading, wanted)
    copies = set()
    for reading in sorted(inner, key=lambda r: (str(r.occurred_at), r.source_id)):
        original = set(reading.ids.named[:-1])
        known = said[reading.party, reading.is_ours]
        if original & ids or _is_known(reading.statements, known):
            copies.add(reading.source_id)
        else:
            _remember(said, reading, wanted)
            ids |= original
    return [r for r in readings if r.source_id not in copies]


def _remember(
    said: dict[tuple[str | None, bool], set[tuple]],
    reading: MailReading,
    wanted: Collection[tuple[str | None, bool]],
) -> None:
    """Keep what a mail says for the authors of whom a mail within a mail is to be compared."""
    author = (reading.party, reading.is_ours)
    if reading.party is not None and author in wanted:
        said[author].update(k for s in reading.statements for k in _keys(s))
    if (None, reading.is_ours) in wanted:
        said[None, reading.is_ours].update(words_of(s.kind, s.sentence) for s in reading.statements)


def _is_known(statements: Iterable[Statement], known: set[tuple]) -> bool:
    shares = [any(key in known for key in _keys(s)) for s in statements]
    return bool(shares) and sum(shares) >= COPIED * len(shares)


def _keys(s: Statement) -> tuple[tuple, tuple]:
    """A statement by its sentence, and by its value."""
    return words_of(s.kind, s.sentence), (s.kind, s.low, s.high, s.currency, s.value, s.day)


def words_of(kind: str, sentence: str | None) -> tuple[str, str]:
    """A statement by its kind and the letters of its sentence, however lines were broken."""
    return kind, _NO_LETTERS.sub("", (sentence or "").lower())
