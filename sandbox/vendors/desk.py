"""What lies on the seller's desk, as all vendors of correspondence tell it: dated and with ids."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from hashlib import blake2b

from sandbox.correspondence.casting import OWN_DOMAIN
from sandbox.correspondence.of_market import of_market
from sandbox.correspondence.paperwork import paperwork_of
from sandbox.correspondence.records import RawCall, RawDocument
from sandbox.market import Market


@dataclass(frozen=True)
class Mail:
    """One mail of the mailbox."""

    mail_id: str
    thread_id: str
    sent_at: datetime
    day: int
    #: Its place among the mails of its day, from 1.
    place: int
    labels: tuple[str, ...]
    #: Sender, recipients and subject, in lower case, as searches look at them.
    sender: str
    recipients: str
    data: bytes

    @cached_property
    def text(self) -> str:
        """Subject and words, in lower case."""
        mail = email.message_from_bytes(self.data, policy=email.policy.default)
        body = mail.get_body(("plain", "html"))
        return f"{mail['Subject']}\n{body.get_content() if body else ''}".lower()


@dataclass(frozen=True)
class Call:
    """One recorded call."""

    call_id: str
    day: int
    started_at: datetime
    ended_at: datetime
    raw: RawCall

    @property
    def is_teams(self) -> bool:
        """Held in Teams, by the layout of its transcript; else in Zoom."""
        return "<v " in self.raw.vtt


@dataclass(frozen=True)
class Deal:
    """One row of the CRM, as it stands since it was last changed."""

    number: int
    day: int
    modified_at: datetime
    row: dict[str, str]


def short_id(text: str, digits: int = 16) -> str:
    """An id in hexadecimal digits that a name always has."""
    return blake2b(text.encode(), digest_size=digits // 2).hexdigest()


class Desk:
    """The correspondence of a market, made when it is first asked for."""

    def __init__(self, market: Market) -> None:
        self.market = market

    @cached_property
    def _told(self):
        return of_market(self.market)

    def day_of(self, moment: datetime) -> int:
        """Number of a day, counted from the market's first."""
        return (moment.date() - self.market.config.start).days

    @cached_property
    def mails(self) -> list[Mail]:
        """Mails in the order in which they came."""
        parsed = []
        for raw in self._told.mails:
            head = email.message_from_bytes(raw.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
            parsed.append((parsedate_to_datetime(head["Date"]), raw.source_id, head, raw.data))
        parsed.sort(key=lambda item: (item[0], item[1]))
        answered = {source_id: re.sub(r"[<>]", "", head.get("In-Reply-To", ""))
                    for _, source_id, head, _ in parsed}  # fmt: skip
        made: list[Mail] = []
        places: dict[int, int] = {}
        for sent_at, source_id, head, data in parsed:
            root = source_id
            while answered.get(root):
                root = answered[root]
            day = self.day_of(sent_at)
            places[day] = places.get(day, 0) + 1
            sender = str(head["From"]).lower()
            label = "SENT" if OWN_DOMAIN in sender else "INBOX"
            promoted = ("CATEGORY_PROMOTIONS",) if head.get("List-Unsubscribe") else ()
            recipients = " ".join(str(head.get(name, "")) for name in ("To", "Cc")).lower()
            made.append(
                Mail(short_id(source_id), short_id(root), sent_at, day, places[day],
                     (label, *promoted), sender, recipients, data)
            )  # fmt: skip
        return made

    @cached_property
    def calls(self) -> list[Call]:
        """Calls in the order in which they began."""
        made = []
        for raw in self._told.calls:
            started = raw.started_at.replace(tzinfo=UTC)
            last = re.findall(r"--> (\d+):(\d\d):(\d\d)", raw.vtt)[-1]
            hours, minutes, seconds = map(int, last)
            ended = datetime.fromtimestamp(
                started.timestamp() + hours * 3600 + minutes * 60 + seconds, UTC
            )
            made.append(Call(raw.source_id, self.day_of(started), started, ended, raw))
        return sorted(made, key=lambda call: (call.started_at, call.call_id))

    @cached_property
    def papers(self) -> list[RawDocument]:
        """Files of shared folders, those first that were changed least recently."""
        made = paperwork_of(self._told, self.market.config.seed).files
        return sorted(made, key=lambda paper: (paper.changed_at, paper.source_id))

    @cached_property
    def deals(self) -> list[Deal]:
        """The CRM's rows, those first that changed least recently."""
        made = []
        for number, row in enumerate(self._told.crm, start=1):
            modified = datetime.fromisoformat(row["Last Modified"]).replace(tzinfo=UTC)
            made.append(Deal(number, self.day_of(modified), modified, row))
        return sorted(made, key=lambda deal: (deal.modified_at, deal.number))
