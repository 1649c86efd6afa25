"""Form 8-K, any year since 1994: HTML or text, submission or single document, to its items.

A heading is a line that begins with "Item", bears a number the form knows, and is followed by that
item's title or by the end of the line. A mention of an item inside a sentence ("furnished under
Item 2.02 of Form 8-K") is none, also when line wrapping puts it at the start of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from detection.documents import (
    Submission,
    decode,
    document_text,
    is_submission,
    parse_submission,
)
from detection.errors import UnreadableError
from detection.filings.items import (
    HEADING_WORDS,
    LEGACY_ITEMS,
    MODERN_FROM,
    MODERN_ITEMS,
    item_title,
)

_HEADING = re.compile(
    r"(?:^|(?<=\n))[ ]?[^\w\n]{0,6}(?:section[ ]?\d{1,2}[^\n]{0,90}?[ ]?)?"
    r"items?[ \n]?(?:no\.?|number|#)?[ ]?[.:#\-–—]{0,2}[ ]?"
    r"(?P<number>\d{1,2}(?:[ ]?[.\-:][ ]?\d{1,2}(?!\d))?)"
    r"(?P<more>(?:(?:[ ]?\([a-z]\)){0,3}[ ]?(?:,|and|&|;|/)[ ]?(?:and[ ])?(?:items?[ ]?)?"
    r"\d{1,2}[ ]?\.[ ]?\d{2}(?!\d)){0,4})",
    re.I,
)
_CODE = re.compile(r"\d{1,2}[ ]?\.[ ]?\d{2}")
# What follows the number where an item is only mentioned.
_MENTION = re.compile(
    r"[ ,;)\"”]*(?:\([a-z0-9]\)[ ]?)*[ ]?(?:of|above|below|in|to|is|are|was|were|shall|will|hereof|"
    r"herein|which|that|has|have|on|by|under|by reference|with respect|as|may|or|and|the|this|"
    r"pursuant|contained|including|included|being|not|furnished|filed)\b",
    re.I,
)
_SEPARATOR = re.compile(r"[ ]?(?:\([a-z]{1,3}\)[ ]?)*[.:;,\-–—)*\"”]*[ ]?")
_SIGNATURE = re.compile(
    r"\n[ ]?signatures?[ :.]*(?:\n|$)"
    r"|\nPursuant to the requirements of the Securities (?:and )?Exchange Act",
    re.I,
)

#: Characters after the number in which the title's words are looked for.
_TITLE_WINDOW = 160


@dataclass(frozen=True)
class FilingItemText:
    """One item of a filing: its code, the form's title for it, and the text under its heading."""

    code: str
    title: str | None
    text: str


@dataclass(frozen=True)
class Filing8K:
    """The items of one 8-K in the order of the document, each code once."""

    items: tuple[FilingItemText, ...]
    is_legacy: bool
    form: str | None
    accession_number: str | None
    cik: str | None
    company_name: str | None
    filed_on: date | None

    @property
    def codes(self) -> tuple[str, ...]:
        """Item codes in the order of the document."""
        return tuple(item.code for item in self.items)

    def text_of(self, code: str) -> str | None:
        """Text of one item, None when the filing does not bear it."""
        return next((item.text for item in self.items if item.code == code), None)


def read_8k(content: bytes | str, filed_on: date | None = None) -> Filing8K:
    """Items of an 8-K given as a full submission, a bare ``<DOCUMENT>`` or one HTML/text document.

    ``filed_on`` decides between legacy and modern numbering; where it is unknown the submission's
    header or, last, the document's own headings decide. A filing without a recognisable heading
    gives no items. Raises UnreadableError (rule ``empty_document``) when there is no text at all.
    """
    raw = decode(content) if isinstance(content, bytes) else content
    submission: Submission | None = None
    if is_submission(raw):
        submission = parse_submission(raw)
        raw = _main_document(submission, raw)
    text = document_text(raw)
    if not text:
        raise UnreadableError("empty_document", "the filing's document holds no text")
    filed_on = filed_on or (submission.filed_on if submission else None)
    items, is_legacy = split_items(text, filed_on)
    return Filing8K(
        items=items,
        is_legacy=is_legacy,
        form=submission.form if submission else None,
        accession_number=submission.accession_number if submission else None,
        cik=submission.cik if submission else None,
        company_name=submission.company_name if submission else None,
        filed_on=filed_on,
    )


def _main_document(submission: Submission, raw: str) -> str:
    """The 8-K itself, never an exhibit: exhibits cite items of other filings."""
    for document in submission.documents:
        if document.type.upper().startswith("8-K"):
            return document.text
    return submission.documents[0].text if submission.documents else raw


@dataclass(frozen=True)
class _Heading:
    code: str
    start: int
    end: int
    titled: bool


def split_items(text: str, filed_on: date | None = None) -> tuple[tuple[FilingItemText, ...], bool]:
    """Items of an 8-K's plain text, and whether they carry the legacy numbers.

    A code met twice (a contents list, a continued heading) is one item with the longest text.
    """
    headings = _headings(text)
    modern = [h for h in headings if h.code in MODERN_ITEMS]
    legacy = [h for h in headings if h.code in LEGACY_ITEMS]
    undecided = bool(modern and legacy)
    is_legacy = filed_on < MODERN_FROM if filed_on and undecided else not modern
    chosen = legacy if is_legacy else modern
    end_of_items = _signature_at(text, chosen[-1].end if chosen else 0)
    texts: dict[str, str] = {}
    starts = sorted({h.start for h in chosen})
    # The codes of one heading ("Items 2.02 and 7.01") bear the same text.
    ends = dict(zip(starts, [*starts[1:], end_of_items], strict=True)) if starts else {}
    for heading in chosen:
        until = ends[heading.start]
        body = text[heading.end : until].strip(" \n.:;-–—")
        if len(body) > len(texts.get(heading.code, "")) or heading.code not in texts:
            texts[heading.code] = body
    items = tuple(FilingItemText(code, item_title(code), body) for code, body in texts.items())
    return items, is_legacy


def _signature_at(text: str, start: int) -> int:
    found = _SIGNATURE.search(text, start)
    return found.start() if found else len(text)


def _headings(text: str) -> list[_Heading]:
    found = []
    for match in _HEADING.finditer(text):
        codes = [_normal_code(match.group("number"))]
        codes += [_normal_code(more) for more in _CODE.findall(match.group("more") or "")]
        known = [c for c in codes if c in MODERN_ITEMS or c in LEGACY_ITEMS]
        if not known:
            continue
        for code in known:
            titled = _has_title(text, match.end(), code)
            if titled or _stands_alone(text, match.end()):
                found.append(_Heading(code, match.start(), match.end(), titled))
    return found


def _normal_code(number: str) -> str:
    parts = re.split(r"[ ]?[.\-:][ ]?", number.strip())
    if len(parts) == 1:
        return str(int(parts[0]))
    minor = parts[1]
    return f"{int(parts[0])}.{minor if len(minor) == 2 else '0' + minor}"


def _has_title(text: str, position: int, code: str) -> bool:
    """Whether the item's own words follow the number, and not the rest of a sentence."""
    window = text[position : position + _TITLE_WINDOW]
    if _MENTION.match(window):
        return False
    lowered = window.lower()
    return any(word in lowered for word in HEADING_WORDS[code])


def _stands_alone(text: str, position: int) -> bool:
    """Whether nothing but punctuation follows on the line."""
    after = _SEPARATOR.match(text, position)
    return after is not None and (after.end() >= len(text) or text[after.end()] == "\n")
