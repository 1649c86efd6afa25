"""How much of a mail is read: hostile or broken mail costs bounded time and memory."""

from __future__ import annotations

from dataclasses import dataclass

from detection.errors import UnreadableError


class MailRefusedError(UnreadableError):
    """A mail beyond the limits; ``rule`` and ``reason`` go to quarantine with it."""


@dataclass(frozen=True)
class MailLimits:
    """The limits. Those of size refuse a mail; those of text cut it and note a defect.

    Gmail takes in 50 MB and sends 25 MB, other services less, so nothing real is refused by size;
    mailing-list digests of a month hold some hundred parts, real nesting stays below ten.
    """

    message_bytes: int = 64 * 1024 * 1024
    #: Headers of a mail or a part; real ones are below 100 kB.
    header_bytes: int = 1024 * 1024
    #: Parts of all depths together.
    parts: int = 1_000
    #: Multiparts and attached mails within one another.
    depth: int = 30
    #: Bytes of a text or HTML part that are read; more than any reader reads.
    text_bytes: int = 2 * 1024 * 1024
    #: Addresses of one header, and ids of ``References``.
    addresses: int = 1_000
    references: int = 200
    #: Characters of one decoded header value, and of a file's name.
    header_chars: int = 64_000
    name_chars: int = 200


DEFAULT_LIMITS = MailLimits()
