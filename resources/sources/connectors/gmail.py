"""Gmail: the mails of one mailbox, by search, and what came since by the mailbox's history.

The first fetch searches (words, people, days, labels) and reads every mail that is found; later
ones ask the history what was added since and read that. Where the history is too old to be asked
(Gmail keeps about a week), or is the mailbox's first, the search is made again; mails that the lake
holds are not read twice. A mail is stored as it came over the wire, beside what Gmail says of it
(thread, labels, history id, time). https://developers.google.com/gmail/api/reference/rest
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

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
    ids = box.added_since(context.cursors.get((STREAM, box.history_key)))
    if ids is None or (ids and box.words):
        # History cannot be searched: of what was added, that which the search finds is meant.
        found = box.search(is_first=ids is None)
        ids = found if ids is None else [one for one in found if one in set(ids)]
    held = context.versions(STREAM)
    wanted = [one for one in ids if one not in held]
    failed = False
    for emission in context.each(wanted, lambda one: f"message {one}", box.read, STREAM):
        failed = failed or isinstance(emission, Failed)
        yield emission
    if not failed:
        # Asked for before the search, so what came in meanwhile is told next time.
        yield Cursor(STREAM, box.history_key, latest)
        yield Cursor(STREAM, box.searched_key, context.fetched_at.isoformat())


def probe(context: Context) -> str:
    """Whether the mailbox can be read, asked once. Errors are those of ``fetch``."""
    box = _Mailbox(context)
    told = box.profile()
    return (
        f"mailbox {box.mailbox} can be read; it holds {int(told.get('messagesTotal') or 0):,} mails"
    )


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

    def added_since(self, history_id: str | None) -> list[str] | None:
        """Ids of mails added since, oldest first; None where the history does not reach back."""
        if history_id is None:
            return None
        ids: dict[str, None] = {}
        asked: dict[str, Any] = {"startHistoryId": history_id, "historyTypes": "messageAdded"}
        asked |= {"maxResults": PAGE_SIZE}
        for page in pages(self._api, f"{self._base}/history", asked, accept=(400, 404)):
            if page is None:
                return None
            added = (a for step in page.get("history") or () for a in step.get("messagesAdded", ()))
            ids.update(
                (str(one["message"]["id"]), None)
                for one in added
                if _NOT_SEARCHED.isdisjoint(one["message"].get("labelIds") or ())
            )
        return list(ids)

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
