"""Mails to conversations: by their ids, by Gmail's thread, else by subject within a time.

As in Zawinski's message threading, an answer belongs to what it names, whether that mail is at hand
or not, and mails without ids are joined by subject. Everything here depends on the set of mails
alone: order, repetition and the split into files change nothing, and no id does.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from detection.correspondence.mail.subjects import bare_subject, is_answer
from detection.correspondence.records import Address, MailMessage

#: An answer without ids joins a mail of its subject and people that is at most so much older.
SUBJECT_WINDOW = timedelta(days=30)
#: Subjects of fewer letters say nothing ("hi", "fyi").
SHORTEST_SUBJECT = 5
#: Where a mail without a date stands in the order.
_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class MailIds:
    """What joins a mail to others; all that conversations are made of."""

    message_id: str
    gmail_thread_id: str | None
    #: Ids that it answers or continues, oldest first.
    named: tuple[str, ...]
    sent_at: datetime | None
    subject: str
    #: Addresses of sender and recipients.
    people: frozenset[str]


def ids_of(message: MailMessage) -> MailIds:
    """What joins a mail to others."""
    addresses: tuple[Address | None, ...] = (message.sender, *message.to, *message.cc)
    return MailIds(
        message.message_id,
        message.gmail_thread_id,
        (*message.references, *message.in_reply_to),
        message.sent_at,
        message.subject,
        frozenset(one.address for one in addresses if one is not None and one.address),
    )


@dataclass(frozen=True)
class MailThread:
    """One conversation: its mails in order of time, then of id."""

    #: Hash of the conversation's root: the oldest id that anything in it names, or Gmail's number.
    thread_id: str
    #: Message ids.
    message_ids: tuple[str, ...]
    #: The first mail's subject without prefixes.
    subject: str
    started_at: datetime | None
    last_at: datetime | None


def distinct_messages(messages: Iterable[MailMessage]) -> list[MailMessage]:
    """Each mail once, ordered by time and id.

    Two readings of one Message-ID are one mail (it was sent and archived, or exported twice); the
    one that says most is kept, with the labels of all.
    """
    copies: dict[str, list[MailMessage]] = defaultdict(list)
    for message in messages:
        copies[message.message_id].append(message)
    kept = []
    for same in copies.values():
        best = max(same, key=lambda m: (len(m.body_text), len(m.attachments), m.size, m.sha256))
        kept.append(_with_all_labels(best, same))
    return sorted(kept, key=_order)


def _with_all_labels(best: MailMessage, same: Sequence[MailMessage]) -> MailMessage:
    if len(same) == 1 and len(best.gmail_labels) < 2:
        return best
    labels = tuple(sorted({label for one in same for label in one.gmail_labels}))
    threads = {one.gmail_thread_id for one in same if one.gmail_thread_id}
    return replace(best, gmail_labels=labels, gmail_thread_id=min(threads) if threads else None)


def _order(message: MailMessage | MailIds) -> tuple[datetime, str]:
    return (message.sent_at or _UNDATED, message.message_id)


def threads_of(messages: Iterable[MailMessage]) -> list[MailThread]:
    """The conversations of some mails, ordered by their first mail's time, then by id."""
    return conversations(map(ids_of, distinct_messages(messages)))


def conversations(mails: Iterable[MailIds]) -> list[MailThread]:
    """The same from what joins mails alone.

    Of several readings of one Message-ID any may come first where they join alike; they are taken
    together here, so that none of what they name is lost.
    """
    ordered = sorted(_together(mails), key=_order)
    joined = _Joined()
    for mail in ordered:
        for other in _named(mail):
            joined.join(_id(mail.message_id), other)
    _join_by_subject(ordered, joined)
    members: dict[str, list[MailIds]] = defaultdict(list)
    for mail in ordered:
        members[joined.of(_id(mail.message_id))].append(mail)
    found = [_thread(same) for same in members.values()]
    return sorted(found, key=lambda t: (t.started_at or _UNDATED, t.thread_id))


def _together(mails: Iterable[MailIds]) -> list[MailIds]:
    """Each id once, with the least Gmail number of its copies; the fullest naming holds."""
    kept: dict[str, MailIds] = {}
    for mail in mails:
        other = kept.get(mail.message_id)
        if other is None:
            kept[mail.message_id] = mail
            continue
        best = max(mail, other, key=lambda m: (len(m.named), m.named, repr(m.sent_at), m.subject))
        numbers = {m.gmail_thread_id for m in (mail, other) if m.gmail_thread_id}
        kept[mail.message_id] = replace(
            best,
            gmail_thread_id=min(numbers) if numbers else None,
            people=mail.people | other.people,
        )
    return list(kept.values())


def _id(message_id: str) -> str:
    return f"id:{message_id}"


def _named(mail: MailIds) -> Iterable[str]:
    """What a mail says that it belongs to."""
    yield from map(_id, mail.named)
    if mail.gmail_thread_id:
        yield f"gmail:{mail.gmail_thread_id}"


def _join_by_subject(mails: Sequence[MailIds], joined: _Joined) -> None:
    """Join answers that name no mail to the latest mail of their subject and people before them."""
    by_subject: dict[str, list[MailIds]] = defaultdict(list)
    for mail in mails:
        subject = bare_subject(mail.subject)
        if len(subject) >= SHORTEST_SUBJECT and mail.sent_at is not None:
            by_subject[subject].append(mail)
    for same in by_subject.values():
        for number, mail in enumerate(same):
            if not is_answer(mail.subject) or mail.named:
                continue
            for earlier in reversed(same[:number]):
                if mail.sent_at - earlier.sent_at > SUBJECT_WINDOW:
                    break
                if mail.people & earlier.people:
                    joined.join(_id(mail.message_id), _id(earlier.message_id))
                    break


def _thread(mails: Sequence[MailIds]) -> MailThread:
    ordered = sorted(mails, key=_order)
    dated = [mail.sent_at for mail in ordered if mail.sent_at is not None]
    return MailThread(
        thread_id=hashlib.sha256(_root(ordered).encode("utf-8", "replace")).hexdigest()[:24],
        message_ids=tuple(mail.message_id for mail in ordered),
        subject=bare_subject(ordered[0].subject),
        started_at=dated[0] if dated else None,
        last_at=dated[-1] if dated else None,
    )


def _root(ordered: Sequence[MailIds]) -> str:
    """What the conversation's id is made of; a later mail of it does not change that.

    Gmail's number where there is one; else the first id of the first mail's references, which
    every later answer repeats, whether or not that mail is at hand.
    """
    numbers = {mail.gmail_thread_id for mail in ordered if mail.gmail_thread_id}
    if numbers:
        return f"gmail:{min(numbers)}"
    first = ordered[0]
    return _id(next(iter(first.named), first.message_id))


class _Joined:
    """Sets that grow together; each is known by its smallest member, whatever came first."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, member: str) -> str:
        root = member
        while (above := self._above.get(root, root)) != root:
            root = above
        while (above := self._above.get(member, member)) != root:
            self._above[member], member = root, above
        return root

    def join(self, one: str, other: str) -> None:
        low, high = sorted((self.of(one), self.of(other)))
        self._above[high] = low
