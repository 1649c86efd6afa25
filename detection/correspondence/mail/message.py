"""A mail's bytes to a ``MailMessage``: headers, text, attachments, forwards, what is new in it.

Reading is total: broken structure, unknown character sets and lacking headers leave a defect and
the rest is read. Only what is beyond the limits is refused (``MailRefusedError``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.forwards import inline_forwards
from detection.correspondence.mail.headers import Headers, utc_date
from detection.correspondence.mail.html_text import QUOTE_MARK, html_to_text, plain_lines
from detection.correspondence.mail.limits import DEFAULT_LIMITS, MailLimits, MailRefusedError
from detection.correspondence.mail.mime import (
    Part,
    file_name,
    parameter,
    parts_of,
    split_headers,
)
from detection.correspondence.mail.quotes import split_quotes
from detection.correspondence.mail.signatures import split_signature
from detection.correspondence.mail.subjects import is_forward
from detection.correspondence.records import (
    Address,
    Attachment,
    ForwardedMessage,
    MailMessage,
)

VERSION = "1.0"
_GMAIL_THREAD = re.compile(r"\d{1,20}")
_FLOWED = re.compile(r"^(?!>|-- $)(.*[^\s]) \n(?=[^\s>-])", re.M)
_NO_REPLY = re.compile(
    r"(?:^|[._+-])(?:no|do[._-]?not|not)[._-]?reply|^mailer-daemon|^postmaster|^bounces?[+@-]"
    r"|^notifications?@|^alerts?@",
    re.I,
)
#: Media types that are text of a mail; all others are files.
_TEXTS = ("text/plain", "text/html", "text/enriched", "text/richtext")
#: A plain part that only says that there is HTML: so short, and the HTML so many times longer.
_STUB, _LONGER = 160, 8


def read_message(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> MailMessage:
    """The mail that ``raw`` holds. Raises ``MailRefusedError`` beyond the limits, else never."""
    if len(raw) > limits.message_bytes:
        raise MailRefusedError(
            "message_too_large", f"{len(raw):,} bytes, more than {limits.message_bytes:,}"
        )
    if not raw.strip():
        raise MailRefusedError("message_empty", "no byte of a mail")
    headers, body = split_headers(raw.lstrip(b"\r\n"), limits)
    defects: list[str] = []
    if not headers:
        defects.append("headers_missing")
    parts, broken = parts_of(headers, body, limits)
    defects += broken
    texts, files, attached = _sorted(parts, limits, defects)
    text, kind, charset = _body(texts, limits, defects)
    sender = next(iter(headers.addresses("from") or headers.addresses("sender")), None)
    subject = headers.text("subject")
    split = split_quotes(text, is_forward=is_forward(subject))
    new, signature = split_signature(split.new, sender)
    sent_at = utc_date(headers.text("date"))
    if sent_at is None:
        defects.append("date_unreadable" if "date" in headers else "date_missing")
    ids = headers.ids("message-id")
    body_text = text.replace(f"{QUOTE_MARK}\n", "").replace(QUOTE_MARK, "")
    return MailMessage(
        message_id=ids[0] if ids else _made_id(sender, sent_at, subject, body_text),
        is_id_made=not ids,
        gmail_thread_id=_gmail_thread(headers),
        gmail_labels=_labels(headers),
        in_reply_to=headers.ids("in-reply-to"),
        references=headers.ids("references"),
        sender=sender,
        reply_to=headers.addresses("reply-to"),
        to=headers.addresses("to"),
        cc=headers.addresses("cc"),
        bcc=headers.addresses("bcc"),
        sent_at=sent_at,
        subject=subject,
        body_text=body_text,
        body_kind=kind,
        charset=charset,
        new_text=new,
        signature=signature,
        quoted_text=split.quoted,
        attachments=tuple(files),
        forwards=(*attached, *inline_forwards(split.forwarded)),
        is_bulk=_is_bulk(headers),
        is_automatic=_is_automatic(headers, sender),
        defects=tuple(dict.fromkeys(defects)),
        size=len(raw),
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _sorted(
    parts: list[Part], limits: MailLimits, defects: list[str]
) -> tuple[list[Part], list[Attachment], list[ForwardedMessage]]:
    """A mail's parts as its texts, its files and the mails attached to it."""
    texts: list[Part] = []
    files: list[Attachment] = []
    mails: list[ForwardedMessage] = []
    waiting = list(reversed(parts))
    seen = len(parts)
    while waiting:
        part = waiting.pop()
        if part.media_type in ("message/rfc822", "message/global", "message/rfc2822"):
            mail, inner, broken = _attached(part, limits)
            mails.append(mail)
            defects += broken
            seen += len(inner)
            if seen > limits.parts:
                raise MailRefusedError("too_many_parts", f"more than {limits.parts:,} parts")
            # Its files and the mails within it belong to the mail as well, its texts do not.
            waiting.extend(p for p in reversed(inner) if not _is_text(p, limits))
        elif _is_text(part, limits):
            texts.append(part)
        else:
            files.append(_file(part, limits))
    return texts, files, mails


def _is_text(part: Part, limits: MailLimits) -> bool:
    return (
        part.media_type in _TEXTS
        and part.disposition != "attachment"
        and file_name(part.headers, limits) is None
    )


def _file(part: Part, limits: MailLimits) -> Attachment:
    content = part.content()
    return Attachment(
        name=file_name(part.headers, limits),
        media_type=part.media_type[:100],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        is_inline=part.disposition == "inline" or "content-id" in part.headers,
    )


def _attached(part: Part, limits: MailLimits) -> tuple[ForwardedMessage, list[Part], list[str]]:
    headers, body = split_headers(part.content().lstrip(b"\r\n"), limits)
    parts, defects = parts_of(headers, body, limits, part.depth + 1)
    texts = [inner for inner in parts if _is_text(inner, limits)]
    text, _, _ = _body(texts, limits, defects)
    mail = ForwardedMessage(
        sender=next(iter(headers.addresses("from")), None),
        recipients=(*headers.addresses("to"), *headers.addresses("cc")),
        sent_at=utc_date(headers.text("date")),
        subject=headers.text("subject") or None,
        body_text=text.replace(QUOTE_MARK, ""),
        kind="attached",
        message_id=next(iter(headers.ids("message-id")), None),
    )
    return mail, parts, defects


def _body(
    texts: Iterable[Part], limits: MailLimits, defects: list[str]
) -> tuple[str, str, str | None]:
    """The mail's text, from which kind of part it is, and the codec that read it."""
    plain: list[str] = []
    rich: list[str] = []
    codecs: dict[str, str] = {}
    for part in texts:
        content = part.content()
        if len(content) > limits.text_bytes:
            content = content[: limits.text_bytes]
            defects.append("text_cut")
        is_plain = part.media_type == "text/plain"
        text, codec = decode(content, part.charset, is_html=not is_plain)
        if "�" in text:
            defects.append("charset_wrong")
        codecs.setdefault("plain" if is_plain else "html", codec)
        if is_plain:
            text = plain_lines(text)
            if (parameter(part.headers, "content-type", "format") or "").lower() == "flowed":
                text = _FLOWED.sub(r"\1 ", text)
            plain.append(text.strip("\n"))
        else:
            rich.append(text)
    said = "\n".join(text for text in plain if text.strip())
    if rich and len(said.strip()) < _STUB:
        read = "\n".join(html_to_text(text) for text in rich).strip("\n")
        if not said.strip() or len(read) > _LONGER * len(said):
            return (read, "html", codecs["html"]) if read.strip() else ("", "none", None)
    if said.strip():
        return said, "plain", codecs["plain"]
    return "", "none", None


def _made_id(sender: Address | None, sent_at: object, subject: str, text: str) -> str:
    """The same for the same mail wherever it lies; labels and route do not count."""
    parts = (sender.address if sender else None, sent_at, subject, text)
    digest = hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "replace"))
    return f"{digest.hexdigest()[:32]}@made.invalid"


def _gmail_thread(headers: Headers) -> str | None:
    found = _GMAIL_THREAD.fullmatch(headers.raw("x-gm-thrid").strip())
    return found.group() if found else None


def _labels(headers: Headers) -> tuple[str, ...]:
    listed = (label.strip(' "') for label in headers.text("x-gmail-labels").split(","))
    return tuple(dict.fromkeys(label for label in listed if label))


def _is_bulk(headers: Headers) -> bool:
    if "list-id" in headers or "list-unsubscribe" in headers:
        return True
    return headers.raw("precedence").strip().lower() in ("bulk", "list", "junk")


def _is_automatic(headers: Headers, sender: Address | None) -> bool:
    said = headers.raw("auto-submitted").strip().lower()
    if (said and not said.startswith("no")) or "x-autoreply" in headers:
        return True
    if headers.raw("content-type").strip().lower().startswith("multipart/report"):
        return True
    return bool(sender and sender.address and _NO_REPLY.search(sender.address))
