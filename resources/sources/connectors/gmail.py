"""Gmail: the mails of one mailbox, by search, and what came since by the mailbox's history.

The first fetch searches (words, people, days, labels) and reads every mail that is found; later
ones ask the history what was added since and read that, and what was labelled since: a mail that a
label's search finds only now, one that came out of the spam, and one whose labels the lake does not
hold any more is read again, once. Where the history is too old to be asked
(Gmail keeps about a week), or is the mailbox's first, the search is made again; mails that the lake
holds are not read twice. A mail is stored as it came over the wire, beside what Gmail says of it
(thread, labels, history id, time). https://developers.google.com/gmail/api/reference/rest
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from resources.http import BadResponseError, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    cursor_floor,
    stated_time,
)
from resources.sources.connectors.file_drop import cursor_key
from resources.sources.connectors.google_api import google_api, pages
from resources.sources.connectors.token_api import as_object, needed_option

STREAM = "messages"
SCOPE = "https://www.googleapis.com/auth/gmail.readonly"
#: Most ids of one page of a search or of the history.
PAGE_SIZE = 500
#: What Gmail says of a mail that is kept beside it.
KEPT = ("id", "threadId", "labelIds", "historyId", "internalDate", "sizeEstimate")
#: Labels of what a search leaves out, and the history does not.
_NOT_SEARCHED = frozenset({"SPAM", "TRASH", "DRAFT", "CHAT"})
#: Labels whose removal makes a mail one that a search finds.
_BACK = frozenset({"SPAM", "TRASH"})
#: Days before the last fetch from which a search looks again: mails arrive late and out of order.
OVERLAP_DAYS = 2.0


def search_words(options: Mapping[str, Any]) -> str:
    """Gmail's own words for a search by ``query``, ``keywords``, ``participants``, ``after``,
    ``before`` (ISO days) and ``labels``; of each list any may match. Empty: every mail.

    >>> search_words({"keywords": ["rfq", "unit price"], "participants": ["a@x.example"]})
    '{"rfq" "unit price"} {from:a@x.example to:a@x.example cc:a@x.example}'
    """
    parts = [str(options["query"])] if options.get("query") else []
    if words := [str(word).replace('"', " ") for word in options.get("keywords") or ()]:
        parts.append("{" + " ".join(f'"{word}"' for word in words) + "}")
    if people := [str(person) for person in options.get("participants") or ()]:
        fields = (f"{field}:{person}" for person in people for field in ("from", "to", "cc"))
        parts.append("{" + " ".join(fields) + "}")
    if labels := [str(label) for label in options.get("labels") or ()]:
        parts.append("{" + " ".join(f"label:{label}" for label in labels) + "}")
    parts += [
        f"{word}:{str(options[word]).replace('-', '/')}"
        for word in ("after", "before")
        if options.get(word)
    ]
    return " ".join(parts)


def parse(
    payload: bytes, *, source: str, mailbox: str, fetched_at: datetime, source_url: str
) -> Record:
    """A mail from an answer in format ``raw``. Raises ``BadResponseError`` for another answer."""
    told = json.loads(payload) if payload[:1] == b"{" else {}
    raw = told.get("raw")
    if not isinstance(raw, str) or not told.get("id"):
        raise BadResponseError(source, source_url, "answer has no 'raw' mail", excerpt=payload)
    try:
        body = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (binascii.Error, ValueError) as error:
        raise BadResponseError(source, source_url, f"'raw' is no base64: {error}") from None
    sidecar = {name: told[name] for name in KEPT if name in told} | {"mailbox": mailbox}
    date = told.get("internalDate")
    return Record(
        source=source,
        stream=STREAM,
        record_id=str(told["id"]),
        observed_at=stated_time(int(date) if str(date or "").isdigit() else None, fetched_at),
        fetched_at=fetched_at,
        source_url=f"https://mail.google.com/mail/#all/{told['id']}",
        payload=encode_json(sidecar),
        body=body,
        media_type="message/rfc822",
    )


def fetch(context: Context) -> Iterator[Emission]:
    """Mails that the lake does not hold. Raises ``NotConfiguredError`` for a key that is none."""
    box = _Mailbox(context)
    latest = box.history_id()
    since = box.changed_since(context.cursors.get((STREAM, box.history_key)))
    held = context.versions(STREAM)
    wanted = _wanted(box, since, held)
    failed = False
    for emission in context.each(wanted, lambda one: f"message {one}", box.read, STREAM):
        failed = failed or isinstance(emission, Failed)
        yield emission
    if not failed:
        # Asked for before the search, so what came in meanwhile is told next time.
        yield Cursor(STREAM, box.history_key, latest)
        yield Cursor(STREAM, box.searched_key, context.fetched_at.isoformat())


def _wanted(box: _Mailbox, since: _Changes | None, held: Collection[str]) -> list[str]:
    """Ids of the mails to read.

    History cannot be searched: where there is a search, what was added or labelled counts if that
    finds it; a mail that was labelled may be of any age.
    """
    if since is None:
        return [one for one in box.search(is_first=True) if one not in held]
    came = set(since.added)
    again = [one for one in since.labelled if one in held and one not in came]
    added = [one for one in since.added if one not in held]
    labelled = [one for one in since.labelled if one not in held and one not in came]
    if box.words:
        added = _found(box, added, is_first=False)
        labelled = _found(box, labelled, is_first=True)
    return [*added, *labelled, *again]


def _found(box: _Mailbox, ids: list[str], *, is_first: bool) -> list[str]:
    """Those that the search finds, in its order."""
    wanted = set(ids)
    return [one for one in box.search(is_first=is_first) if one in wanted] if ids else []


def probe(context: Context) -> str:
    """Whether the mailbox can be read, asked once. Errors are those of ``fetch``."""
    box = _Mailbox(context)
    told = box.profile()
    return (
        f"mailbox {box.mailbox} can be read; it holds {int(told.get('messagesTotal') or 0):,} mails"
    )


class _Changes(NamedTuple):
    """Ids of what a mailbox's history tells, oldest first."""

    added: list[str]
    #: By a label of the user's own, or out of the spam or the bin.
    labelled: list[str]


class _Mailbox:
    """One mailbox as the API shows it."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.mailbox = needed_option(context, "mailbox")
        self._base = f"{context.urls['api']}/users/{self.mailbox}"
        self._api = google_api(
            context,
            scope=str(context.option("scope", SCOPE)),
            subject=self.mailbox,
            about=self.mailbox,
        )
        self.words = search_words(context.declaration.options)
        # Another search is another question: it begins anew.
        self.history_key = cursor_key(f"{self.mailbox} history {self.words}".strip())
        self.searched_key = cursor_key(f"{self.mailbox} searched {self.words}".strip())

    def history_id(self) -> str:
        """Where the mailbox's history stands now."""
        return str(self.profile()["historyId"])

    def profile(self) -> dict[str, Any]:
        """What the mailbox says of itself: how much it holds and where its history stands."""
        return as_object(self._api.get(f"{self._base}/profile"))

    def changed_since(self, history_id: str | None) -> _Changes | None:
        """Mails added and labelled since; None where the history does not reach back."""
        if history_id is None:
            return None
        added: dict[str, None] = {}
        labelled: dict[str, None] = {}
        # All kinds of changes come where none is asked for.
        asked: dict[str, Any] = {"startHistoryId": history_id, "maxResults": PAGE_SIZE}
        for page in pages(self._api, f"{self._base}/history", asked, accept=(400, 404)):
            if page is None:
                return None
            for step in page.get("history") or ():
                added.update((name, None) for name in _named(step, "messagesAdded"))
                labelled.update((name, None) for name in _named(step, "labelsAdded", _is_own))
                labelled.update((name, None) for name in _named(step, "labelsRemoved", _counts))
        return _Changes(list(added), list(labelled))

    def search(self, *, is_first: bool) -> list[str]:
        """Ids of all mails that the search finds, newest first as Gmail lists them."""
        words = self.words
        last = self._context.cursors.get((STREAM, self.searched_key))
        floor = cursor_floor(last, float(self._context.option("overlap_days", OVERLAP_DAYS)))
        if floor is not None and not is_first:
            words = f"{words} after:{int(floor.timestamp())}".strip()
        found: dict[str, None] = {}
        asked = {"maxResults": PAGE_SIZE} | ({"q": words} if words else {})
        for page in pages(self._api, f"{self._base}/messages", asked):
            found.update((str(m["id"]), None) for m in (page or {}).get("messages") or ())
        return list(found)

    def read(self, message_id: str) -> Iterator[Emission]:
        """One mail; one that was deleted meanwhile is none."""
        url = f"{self._base}/messages/{message_id}"
        answer = self._api.get(url, {"format": "raw"}, accept=(404,))
        if answer.status == 404:
            return
        yield parse(
            answer.content,
            source=self._context.source,
            mailbox=self.mailbox,
            fetched_at=self._context.fetched_at,
            source_url=answer.url,
        )


def _named(
    step: Mapping[str, Any], kind: str, counts: Callable[[str], bool] | None = None
) -> Iterator[str]:
    """Ids of one step's mails that a search may find, by a change of labels that ``counts``."""
    for one in step.get(kind) or ():
        message = one["message"]
        if not _NOT_SEARCHED.isdisjoint(message.get("labelIds") or ()):
            continue
        if counts is None or any(map(counts, one.get("labelIds") or ())):
            yield str(message["id"])


def _is_own(label: str) -> bool:
    """A label of the user's: Gmail's own (INBOX, UNREAD) are in capitals and say nothing here."""
    return not label.isupper()


def _counts(label: str) -> bool:
    return label in _BACK or _is_own(label)
