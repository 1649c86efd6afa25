"""What reading a mail gives: typed, frozen, and the same for the same bytes.

Times are UTC; ``None`` means "not stated" or "not readable", never a guess. Text is Unicode
with line feeds. Records of transcripts are in ``detection.correspondence.transcripts.records``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Address:
    """A mailbox as a header names it: display name and address in lower case, either may lack."""

    name: str | None
    address: str | None

    @property
    def domain(self) -> str | None:
        """What stands after the last @, or None."""
        if self.address is None or "@" not in self.address:
            return None
        return self.address.rpartition("@")[2] or None


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail: described, never opened."""

    #: The name without folders, control characters or leading dots; None where none is given.
    name: str | None
    #: ``type/subtype`` in lower case, as the sender claims it.
    media_type: str
    #: Bytes after transfer decoding, and their SHA-256 in hexadecimal.
    size: int
    sha256: str
    #: Shown within the text (a picture of a signature, mostly).
    is_inline: bool


@dataclass(frozen=True)
class ForwardedMessage:
    """A mail within a mail: attached (``message/rfc822``), pasted below a line, or quoted."""

    sender: Address | None
    recipients: tuple[Address, ...]
    sent_at: datetime | None
    subject: str | None
    body_text: str
    #: ``attached``, ``inline`` or ``quoted``.
    kind: str
    #: Message-ID of an attached one.
    message_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class MailMessage:
    """One mail: who, when, in answer to what, and which words are new in it."""

    #: Message-ID without angle brackets; a hash of the mail's content where it has none.
    message_id: str
    #: True where the sender gave no Message-ID.
    is_id_made: bool
    #: Gmail's own thread (``X-GM-THRID``), as digits.
    gmail_thread_id: str | None
    gmail_labels: tuple[str, ...]
    in_reply_to: tuple[str, ...]
    #: Oldest first, as the header lists them.
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    sent_at: datetime | None
    subject: str
    #: The whole readable text: the plain part, or the HTML part as text.
    body_text: str
    #: ``plain``, ``html`` or ``none``.
    body_kind: str
    #: Codec that the text was read with (Python's name), None without text.
    charset: str | None
    #: The writer's own words: ``body_text`` without quoted mails, forwards and signature.
    new_text: str
    signature: str
    quoted_text: str
    attachments: tuple[Attachment, ...]
    forwards: tuple[ForwardedMessage, ...]
    #: Sent to a list (``List-Id``, ``List-Unsubscribe``, ``Precedence: bulk``).
    is_bulk: bool
    #: Sent by a machine (``Auto-Submitted``, delivery reports, no-reply senders).
    is_automatic: bool
    #: What was wrong with the mail and how it was read all the same; short stable names.
    defects: tuple[str, ...]
    #: Bytes of the mail, and their SHA-256 in hexadecimal.
    size: int
    sha256: str
