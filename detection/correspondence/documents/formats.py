"""A file's bytes to text: which format it is in, and why it is not read where it is not.

The bytes decide, then the media type, then the name. Nothing is run, unpacked to disk or fetched.
PDF is not read: no reader of it that is safe with a stranger's file is small.
What is not read is told with a reason that says what to do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from detection.correspondence.documents.excel import excel_text
from detection.correspondence.documents.limits import (
    DEFAULT_LIMITS,
    DocumentLimits,
    refuse_large,
)
from detection.correspondence.documents.tables import (
    csv_text,
    html_with_named_rows,
    markdown_text,
)
from detection.correspondence.documents.word import word_text
from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.html_text import QUOTE_MARK, html_to_text, plain_lines

_EXPORT = "export it as text, HTML or a Google document"
#: First bytes of formats that are no text.
_MAGIC = (
    (b"%PDF", "pdf", f"PDF is not read; {_EXPORT}"),
    (b"\xd0\xcf\x11\xe0", "office", f"an old Office file is not read; {_EXPORT}"),
    (b"{\\rtf", "rtf", f"RTF is not read; {_EXPORT}"),
)
#: First bytes of a package: a Word or Excel file, or an archive, of which nothing is unpacked.
_PACKAGE = (b"PK\x03\x04", b"PK\x05\x06")
_ARCHIVE = f"an archive or a file of another program; put what it holds beside it, or {_EXPORT}"
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
_HTML_START = re.compile(rb"\s*(?:<!doctype html|<html|<head|<body)\b", re.I)
#: Media type, or ending of the name, to the format of a text.
_KINDS = {
    "text/html": "html", "application/xhtml+xml": "html", ".html": "html", ".htm": "html",
    "text/csv": "csv", ".csv": "csv", "text/tab-separated-values": "csv", ".tsv": "csv",
    "text/markdown": "markdown", "text/x-markdown": "markdown", ".md": "markdown",
    "application/json": "json", ".json": "json",
}  # fmt: skip


@dataclass(frozen=True)
class DocumentText:
    """A document as text, lines ended by ``\\n``; or why there is none."""

    #: text, html, csv, markdown, word, excel; or what it is that is not read: pdf, office, rtf, ...
    format: str
    text: str = ""
    #: Why it is not read, and what to do; None where it is.
    not_read: str | None = None
    #: Whether more of it stands in the file than in ``text``.
    is_cut: bool = False


def read_text(
    body: bytes,
    media_type: str | None = None,
    name: str = "",
    limits: DocumentLimits = DEFAULT_LIMITS,
) -> DocumentText:
    """Text of a document. Raises ``DocumentRefusedError`` for a file beyond the limits."""
    refuse_large(len(body), limits)
    if body.startswith(_PACKAGE):
        for kind, reader in (("word", word_text), ("excel", excel_text)):
            packed = reader(body, limits)
            if packed is not None:
                return _cut(kind, plain_lines(packed), len(packed) > limits.text_chars, limits)
        return DocumentText("archive", not_read=_ARCHIVE)
    for magic, kind, reason in _MAGIC:
        if body.startswith(magic):
            return DocumentText(kind, not_read=reason)
    if b"\0" in body[:8_192] and not body.startswith(_BYTE_ORDER):
        return DocumentText("binary", not_read=f"no text by its bytes; {_EXPORT}")
    kind = _kind(body, media_type, name)
    if kind == "json":
        return DocumentText("json", not_read="JSON that holds nothing said in a meeting")
    text, _ = decode(body[: limits.read_bytes], is_html=kind == "html")
    text = text.removeprefix("\ufeff")
    if kind == "html":
        text = html_to_text(html_with_named_rows(text, limits)).replace(QUOTE_MARK, "")
    is_cut = len(body) > limits.read_bytes or len(text) > limits.text_chars
    text = plain_lines(text[: limits.text_chars])
    if kind == "csv":
        is_cut = is_cut or text.count("\n") > limits.rows
        text = csv_text(text, limits)
    elif kind == "markdown":
        text = markdown_text(text, limits)
    return _cut(kind, text, is_cut, limits)


def _cut(kind: str, text: str, is_cut: bool, limits: DocumentLimits) -> DocumentText:
    """Text with lines and length within the limits."""
    lines = text.split("\n")
    is_cut = is_cut or len(text) > limits.text_chars
    is_cut = is_cut or any(len(line) > limits.line_chars for line in lines)
    kept = "\n".join(line[: limits.line_chars].rstrip() for line in lines).strip("\n")
    return DocumentText(kind, kept[: limits.text_chars], None, is_cut)


def _kind(body: bytes, media_type: str | None, name: str) -> str:
    plain = (media_type or "").partition(";")[0].strip().lower()
    ending = name[name.rfind(".") :].lower() if "." in name else ""
    kind = _KINDS.get(plain) or _KINDS.get(ending)
    return kind or ("html" if _HTML_START.match(body[:1_024]) else "text")
