"""Bytes to text: encodings, SGML submissions of EDGAR, and HTML of any age.

HTML becomes plain text with one line per block. The tags are removed by linear scans instead of a
tree: filings of the 1990s mix SGML tags, unclosed tables and page marks that no tree survives, and
a deeply nested or 10 MB page must cost no more than its length.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import date

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{3,20})""")
_ALIASES = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
}

# Sections whose content nobody reads: removed whole, also when never closed.
_HIDDEN = (
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<script\b", re.I), "</script"),
    (re.compile(r"<style\b", re.I), "</style"),
    (re.compile(r"<head\b", re.I), "</head"),
    (re.compile(r"<ix:header\b", re.I), "</ix:header"),
)
_BLOCK = re.compile(
    r"<\s*/?\s*(?:p|div|br|tr|li|ul|ol|dl|dt|dd|h[1-6]|table|center|hr|title|page|section|article|"
    r"header|footer|blockquote|body|html|pre|caption)\b[^<>]*>",
    re.I,
)
_CELL = re.compile(r"<\s*/?\s*(?:td|th)\b[^<>]*>", re.I)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_BLANKS = re.compile(r"[ \t\f\v\r\u00a0\u2002-\u200a\u202f\u3000]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff\x00]")
# Not <table>: text filings of the 1990s set their tables between <TABLE>, <S> and <C> marks.
_LOOKS_HTML = re.compile(r"<\s*(?:!doctype html|html|body|p|div|br|font|td|span)\b", re.I)
_NEWLINES = re.compile(r"\s*\n\s*")


def decode(content: bytes) -> str:
    """Text of ``content``: byte order mark, UTF-8, the declared charset, else Windows-1252.

    Never fails: bytes that no charset explains become U+FFFD.
    """
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:].decode("utf-8", "replace")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(content[:2048])
    if declared:
        name = declared.group(1).decode("ascii").lower()
        if name not in ("utf-8", "utf8"):
            try:
                return content.decode(_ALIASES.get(name, name), "replace")
            except LookupError:
                pass
    return content.decode("cp1252", "replace")


def looks_like_html(text: str) -> bool:
    """Whether the first 20,000 characters hold tags of HTML (SGML page marks alone do not)."""
    return _LOOKS_HTML.search(text, 0, 20_000) is not None


def _without_hidden(text: str) -> str:
    """``text`` without comments, scripts, styles, head and the hidden facts of inline XBRL."""
    for opening, closing in _HIDDEN:
        found = opening.search(text)
        if found is None:
            continue
        lowered = text.lower() if closing != "-->" else text
        if len(lowered) != len(text):  # lower-casing can lengthen a few letters
            lowered = text
        kept: list[str] = []
        position = 0
        while found is not None:
            kept.append(text[position : found.start()])
            end = lowered.find(closing, found.end())
            if end < 0:
                # Never closed: hide nothing more than the tag itself.
                position = found.end()
                break
            after = text.find(">", end) if closing != "-->" else end + 2
            position = len(text) if after < 0 else after + 1
            found = opening.search(text, position)
        kept.append(text[position:])
        text = "\n".join(kept)
    return text


def html_to_text(markup: str) -> str:
    """Readable text of an HTML document: one line per block, blanks collapsed, entities resolved.

    Line breaks inside a block are ordinary blanks, as a browser shows them.
    """
    text = _without_hidden(markup)
    if "<pre" not in text.lower():
        text = text.replace("\r", " ").replace("\n", " ")
    text = _BLOCK.sub("\n", text)
    text = _CELL.sub(" ", text)
    text = _TAG.sub("", text)
    return tidy(html.unescape(text))


def tidy(text: str) -> str:
    """Blanks collapsed, invisible characters dropped, no empty lines."""
    text = _INVISIBLE.sub("", text)
    text = _BLANKS.sub(" ", text)
    return _NEWLINES.sub("\n", text).strip()


def plain_to_text(text: str) -> str:
    """Text of a plain or SGML document: known tags dropped, line breaks kept."""
    if "<" in text:
        text = _BLOCK.sub("\n", text)
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    return tidy(text)


def document_text(content: bytes | str) -> str:
    """Text of one document, HTML or plain, by what it looks like."""
    text = decode(content) if isinstance(content, bytes) else content
    return html_to_text(text) if looks_like_html(text) else plain_to_text(text)


@dataclass(frozen=True)
class SubmissionDocument:
    """One ``<DOCUMENT>`` of an EDGAR submission: its type, file name and raw text."""

    type: str
    filename: str | None
    text: str


@dataclass(frozen=True)
class Submission:
    """An EDGAR full submission (``.txt`` or ``.nc``): header facts and documents in order."""

    form: str | None
    accession_number: str | None
    cik: str | None
    company_name: str | None
    filed_on: date | None
    #: ITEM INFORMATION lines (EDGAR's own list, empty text where it gives none).
    item_information: tuple[str, ...]
    documents: tuple[SubmissionDocument, ...]


_HEADER_FIELD = {
    "form": re.compile(r"(?:CONFORMED SUBMISSION TYPE:|<TYPE>)[ \t]*([^\s<][^\n<]*)"),
    "accession_number": re.compile(r"(?:ACCESSION NUMBER:|<ACCESSION-NUMBER>)[ \t]*([\d-]{18,20})"),
    "cik": re.compile(r"(?:CENTRAL INDEX KEY:|<CIK>)[ \t]*(\d{1,10})"),
    "company_name": re.compile(
        r"(?:COMPANY CONFORMED NAME:|<CONFORMED-NAME>)[ \t]*([^\s<][^\n<]*)"
    ),
    "filed_on": re.compile(r"(?:FILED AS OF DATE:|<FILING-DATE>)[ \t]*(\d{8})"),
}
_ITEM_INFORMATION = re.compile(r"^ITEM INFORMATION:[ \t]*([^\n]*)$", re.M)
_DOCUMENT_FIELD = re.compile(r"<(TYPE|FILENAME)>[ \t]*([^\n<]*)", re.I)


def is_submission(text: str) -> bool:
    """Whether ``text`` is an EDGAR submission or a bare ``<DOCUMENT>`` of one."""
    head = text[:20_000].lower()
    return "<document>" in head or "<submission>" in head or "<sec-document>" in head


def parse_submission(text: str) -> Submission:
    """Header and documents of an EDGAR submission; what it does not state is None."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.lower().find("<document>")
    header = text[: first if first >= 0 else 20_000]
    fields: dict[str, str | None] = {}
    for name, pattern in _HEADER_FIELD.items():
        found = pattern.search(header)
        fields[name] = found.group(1).strip() if found else None
    return Submission(
        form=fields["form"],
        accession_number=fields["accession_number"],
        cik=fields["cik"].zfill(10) if fields["cik"] else None,
        company_name=fields["company_name"],
        filed_on=_compact_date(fields["filed_on"]),
        item_information=tuple(v.strip() for v in _ITEM_INFORMATION.findall(header)),
        documents=_documents(text),
    )


def _compact_date(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _documents(text: str) -> tuple[SubmissionDocument, ...]:
    lowered = text.lower() if text.isascii() else _ascii_lower(text)
    documents = []
    position = lowered.find("<document>")
    while position >= 0:
        end = lowered.find("</document>", position)
        end = len(text) if end < 0 else end
        body_at = lowered.find("<text>", position, end)
        fields = {
            key.upper(): value.strip()
            for key, value in _DOCUMENT_FIELD.findall(
                text[position : body_at if body_at >= 0 else position + 2000]
            )
        }
        start = body_at + len("<text>") if body_at >= 0 else position + len("<document>")
        close = lowered.rfind("</text>", start, end)
        documents.append(
            SubmissionDocument(
                fields.get("TYPE", ""),
                fields.get("FILENAME") or None,
                text[start : close if close >= 0 else end],
            )
        )
        position = lowered.find("<document>", end)
    return tuple(documents)


_ASCII_LOWER = {ord(c): ord(c.lower()) for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def _ascii_lower(text: str) -> str:
    """Lower-case A to Z only, so that offsets stay those of ``text``."""
    return text.translate(_ASCII_LOWER)
