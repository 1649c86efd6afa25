"""Mails as RFC 822 and calls as VTT, in the variety that mailboxes and tools have."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from random import Random
from zoneinfo import ZoneInfo

_UTC = ZoneInfo("UTC")


def mail(
    message_id: str,
    sender: tuple[str, str],
    to: Sequence[tuple[str, str]],
    sent_at: datetime,
    subject: str,
    body: str,
    random: Random,
    answers: str | None = None,
    headers: dict[str, str] | None = None,
    html: bool = False,
    attached: bytes | None = None,
    drawing: str | None = None,
) -> bytes:
    """Bytes of one mail; ``sent_at`` is UTC.

    ``attached`` is a mail that is sent along, ``drawing`` the name of a file that is.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{sender[0]} <{sender[1]}>"
    message["To"] = ", ".join(f"{name} <{address}>" for name, address in to)
    message["Subject"] = subject
    message["Date"] = format_datetime(sent_at.replace(tzinfo=_UTC))
    message["Message-ID"] = f"<{message_id}>"
    if answers:
        message["In-Reply-To"] = f"<{answers}>"
        message["References"] = f"<{answers}>"
    for name, value in (headers or {}).items():
        message[name] = value
    encoding = random.choice(["8bit", "quoted-printable", "base64"])
    message.set_content(body, cte=encoding)
    if html:
        lines = "".join(f"<p>{line}</p>" for line in body.split("\n") if line)
        message.add_alternative(f"<html><body>{lines}</body></html>", subtype="html")
        message.set_boundary(f"part-{random.randrange(10**12):012d}")
    if attached is not None:
        message.add_attachment(message_from_bytes(attached, policy=SMTP))
        message.set_boundary(f"part-{random.randrange(10**12):012d}")
    if drawing is not None:
        message.add_attachment(
            f"%PDF-1.4\n% {drawing}\n%%EOF\n".encode(),
            maintype="application",
            subtype="pdf",
            filename=drawing,
        )
        message.set_boundary(f"file-{message_id.partition('@')[0]}")
    return message.as_bytes()


def html_mail(
    message_id: str,
    sender: tuple[str, str],
    to: Sequence[tuple[str, str]],
    sent_at: datetime,
    subject: str,
    html: str,
) -> bytes:
    """Bytes of a mail that is HTML alone; ``sent_at`` is UTC."""
    message = EmailMessage(policy=SMTP)
    message["From"] = f"{sender[0]} <{sender[1]}>"
    message["To"] = ", ".join(f"{name} <{address}>" for name, address in to)
    message["Subject"] = subject
    message["Date"] = format_datetime(sent_at.replace(tzinfo=_UTC))
    message["Message-ID"] = f"<{message_id}>"
    message.set_content(f"<html><body>{html}</body></html>", subtype="html", cte="8bit")
    return message.as_bytes()


def letter(opening: str, lines: Sequence[str], writer: str, reader: str, random: Random) -> str:
    """Body of a mail: greeting, opening, facts as prose or list, signature."""
    greeting = random.choice(["Dear {0},", "Hi {0},", "Hello {0},"]).format(
        reader.split(maxsplit=1)[0]
    )
    if random.random() < 0.4:
        facts = "\n".join(f"- {line}" for line in lines)
        block = f"{opening}\n\n{facts}"
    else:
        block = " ".join([opening, *lines])
        if random.random() < 0.4:  # some programs break lines where they are full
            block = textwrap.fill(block, 72, break_on_hyphens=False)
    closing = random.choice(["Best regards", "Kind regards", "Thanks"])
    return f"{greeting}\n\n{block}\n\n{closing}\n{writer}\n"


def quoted(body: str, sender: tuple[str, str], sent_at: datetime) -> str:
    """An earlier mail as clients append it."""
    lines = "\n".join(f"> {line}" for line in body.rstrip().split("\n"))
    return f"\nOn {sent_at:%d %b %Y at %H:%M}, {sender[0]} <{sender[1]}> wrote:\n{lines}\n"


def passed_on(
    note: str,
    body: str,
    sender: tuple[str, str],
    to: tuple[str, str],
    sent_at: datetime,
    subject: str,
    random: Random,
) -> str:
    """A mail pasted below a line, as two programs do it."""
    if random.random() < 0.5:
        head = (
            "---------- Forwarded message ---------\n"
            f"From: {sender[0]} <{sender[1]}>\nDate: {sent_at:%a, %d %b %Y %H:%M}\n"
            f"Subject: {subject}\nTo: {to[0]} <{to[1]}>\n"
        )
    else:
        head = (
            "-----Original Message-----\n"
            f"From: {sender[0]} <{sender[1]}>\nSent: {sent_at:%A, %B %d, %Y %H:%M}\n"
            f"To: {to[0]} <{to[1]}>\nSubject: {subject}\n"
        )
    return f"{note}\n\n{head}\n{body}"


def vtt(lines: Sequence[tuple[str, str]], random: Random, teams: bool) -> str:
    """A transcript of (speaker, sentence), in the layout of Teams or of Zoom."""
    blocks = ["WEBVTT"]
    at = timedelta(seconds=random.randrange(5, 60))
    for i, (speaker, text) in enumerate(lines, 1):
        end = at + timedelta(seconds=max(2, len(text) // 14))
        times = f"{_stamp(at)} --> {_stamp(end)}"
        if teams:
            blocks.append(f"{i}-0\n{times}\n<v {speaker}>{text}</v>")
        else:
            blocks.append(f"{i}\n{times}\n{speaker}: {text}")
        at = end + timedelta(milliseconds=random.randrange(200, 4000))
    return "\n\n".join(blocks) + "\n"


def _stamp(at: timedelta) -> str:
    milliseconds = round(at.total_seconds() * 1000)
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02d}:{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
