"""Gmail (v1): ``/gmail/v1/users/{mailbox}/{profile,messages,messages/{id},history}``.

The seller's people share one mailbox. A history id holds day and place of a mail, so that any day
can be asked about; one older than a week is not found, as with the real service.
"""

from __future__ import annotations

import base64
import re
from datetime import UTC, date, datetime

from sandbox.answers import Answer, Request, as_json
from sandbox.correspondence.casting import OWN_DOMAIN
from sandbox.vendors.desk import Mail
from sandbox.vendors.google import Google, error, page

#: Days that the history reaches back, and ids of one page (Gmail gives up to 500).
HISTORY_DAYS, PAGE = 7, 60
#: History ids of one day.
_A_DAY = 100_000
#: Days are counted from well before the market's start, when the first mails were written.
_BEFORE = 1_000
_TERM = re.compile(r'\{[^}]*\}|"[^"]*"|\S+')


class Gmail(Google):
    """One mailbox."""

    def told(self, request: Request) -> Answer:
        """An answer about the mailbox, 403 for one that is not the seller's."""
        match request.parts:
            case ["gmail", "v1", "users", mailbox, *rest]:
                if not mailbox.endswith(f"@{OWN_DOMAIN}"):
                    return error(403, "forbidden", f"Delegation denied for {mailbox}")
            case _:
                return error(404, "notFound", "Not Found")
        mails = [mail for mail in self.desk.mails if mail.day <= request.day]
        match rest:
            case ["profile"]:
                threads = {mail.thread_id for mail in mails}
                return as_json(
                    {
                        "emailAddress": mailbox,
                        "messagesTotal": len(mails),
                        "threadsTotal": len(threads),
                        "historyId": str(_end_of(request.day)),
                    }
                )
            case ["messages"]:
                wanted = request.query.get("q", "")
                found = [m for m in reversed(mails) if matches(m, wanted)]
                listed = [{"id": m.mail_id, "threadId": m.thread_id} for m in found]
                told = page(request, listed, "messages", PAGE)
                return as_json(told | {"resultSizeEstimate": len(found)})
            case ["messages", mail_id]:
                mail = next((m for m in mails if m.mail_id == mail_id), None)
                if mail is None:
                    return error(404, "notFound", "Requested entity was not found.")
                return as_json(_raw(mail))
            case ["history"]:
                return self._history(request, mails)
        return error(404, "notFound", "Not Found")

    def _history(self, request: Request, mails: list[Mail]) -> Answer:
        since = request.query.get("startHistoryId", "")
        if not since.isdigit():
            return error(400, "invalidArgument", "Missing or invalid startHistoryId")
        if int(since) < _end_of(request.day - HISTORY_DAYS - 1):
            return error(404, "notFound", "Requested entity was not found.")
        steps = [
            {
                "id": str(_history_id(mail)),
                "messages": [{"id": mail.mail_id, "threadId": mail.thread_id}],
                "messagesAdded": [
                    {
                        "message": {
                            "id": mail.mail_id,
                            "threadId": mail.thread_id,
                            "labelIds": list(mail.labels),
                        }
                    }
                ],
            }
            for mail in mails
            if _history_id(mail) > int(since)
        ]
        told = page(request, steps, "history", PAGE)
        if not steps:
            del told["history"]
        return as_json(told | {"historyId": str(_end_of(request.day))})


def _history_id(mail: Mail) -> int:
    return (mail.day + _BEFORE) * _A_DAY + mail.place


def _end_of(day: int) -> int:
    return (day + _BEFORE + 1) * _A_DAY - 1


def _raw(mail: Mail) -> dict[str, object]:
    return {
        "id": mail.mail_id,
        "threadId": mail.thread_id,
        "labelIds": list(mail.labels),
        "snippet": "",
        "historyId": str(_history_id(mail)),
        "internalDate": str(int(mail.sent_at.timestamp() * 1000)),
        "sizeEstimate": len(mail.data),
        "raw": base64.urlsafe_b64encode(mail.data).decode().rstrip("="),
    }


def matches(mail: Mail, words: str) -> bool:
    """Whether a search finds a mail: every term, of terms in curly brackets any."""
    return all(_fits(mail, term) for term in _TERM.findall(words))


def _fits(mail: Mail, term: str) -> bool:
    if term.startswith("{"):
        return any(_fits(mail, one) for one in _TERM.findall(term[1:-1]))
    field, _, value = term.partition(":")
    match field:
        case "from":
            return value.lower() in mail.sender
        case "to" | "cc":
            return value.lower() in mail.recipients
        case "label":
            return value.upper() in mail.labels
        case "after":
            return mail.sent_at >= _moment(value)
        case "before":
            return mail.sent_at < _moment(value)
    return term.strip('"').lower() in mail.text


def _moment(value: str) -> datetime:
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC)
    day = date.fromisoformat(value.replace("/", "-"))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
