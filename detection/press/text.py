"""An item's text as it is read: body, headline, and the hash by which copies are known."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

from detection.documents import html_to_text, looks_like_html, plain_to_text
from detection.sentences import split_sentences

#: Sentences of the body that are read; news stands at the top of an item.
MAX_SENTENCES = 14
#: Characters of the body that are read.
MAX_BODY = 12_000
#: Texts kept as they were read: an item's is asked for by its events, its fingerprint and its
#: sketch, one after the other.
_KEPT = 8
_BOILERPLATE = re.compile(
    r"(?:^|\n)\s*(?:About [A-Z][^\n.]{0,60}(?:\n|$)|About the company|Forward-Looking Statements|"
    r"Safe Harbor|(?:Media |Press )?Contacts?:|The post .{0,200} (?:appeared|first))",
    re.I,
)
_FEED_TAIL = re.compile(
    r"©\s*(?:19|20)\d\d\b[^\n]{0,60}?\bAll rights reserved\b[^\n]{0,80}$|"
    r"The post .{0,300}? appeared first on .{0,80}$|\[(?:…|\.\.\.)\]|Read more\W*$",
    re.I | re.S,
)
_DATELINE = re.compile(
    r"^[A-ZÀ-Þ][\w .,’'&/-]{1,70}?(?:\((?:[A-Z][\w ]{2,30})\)\s*)?(?:,?\s*(?:Jan|Feb|Mar|Apr|"
    r"May|Jun|Jul|Aug|Sep|Oct|"
    r"Nov|Dec)[a-z]*\.? \d{1,2}(?:, ?\d{4})?)?\s*(?:/[^/\n]{3,40}/|\([^)]{3,40}\))?\s*(?:--+|"
    r"—|–)\s+"
)
#: "CHICAGO - " without the date, as copies carry it.
_CITY_LINE = re.compile(r"^[A-ZÀ-Þ][A-ZÀ-Þ .,'’-]{2,40} - (?=[A-ZÀ-Þ])")
_TITLE_OF = re.compile(r"\s+[|–—-]\s+[A-Z][\w .&]{2,30}$")


def content_fingerprint(title: str, body: str) -> str:
    """Hash of an item's normalised words: equal for copies of one release.

    Case, punctuation, mark-up and blanks do not count. Replaceable by a sketch for near duplicates
    without changing the rows' shape.
    """
    words = " ".join(re.findall(r"\w+", f"{title} {body}".casefold()))
    return hashlib.md5(words.encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


@lru_cache(maxsize=_KEPT)
def body_text(summary: str | None, content: str | None) -> str:
    """The longer of content and summary as plain text, without feed tails and boilerplate."""
    raw = content if content and len(content) >= len(summary or "") else (summary or "")
    raw = raw[: MAX_BODY * 4]
    if "<" in raw or "&" in raw:
        text = html_to_text(raw) if looks_like_html(raw) else plain_to_text(raw)
    else:
        text = raw.strip()
    text = text[:MAX_BODY]
    lowered = text.lower()
    if "the post" in lowered or "read more" in lowered or "[" in text or "©" in text:
        text = _FEED_TAIL.sub("", text)
    return text.strip()


def headline_of(title: str) -> str:
    """The title on one line, without the outlet's name after a dash."""
    return _TITLE_OF.sub("", " ".join(title.split())[:400])


@lru_cache(maxsize=_KEPT)
def told_sentences(body: str) -> tuple[str, ...]:
    """The first sentences of a body's news: no dateline, nothing from "About ..." on."""
    boilerplate = _BOILERPLATE.search(body)
    told = body[: boilerplate.start()] if boilerplate else body
    head = told[:200]
    if "--" in head or "—" in head or "–" in head:
        told = _DATELINE.sub("", told, count=1)
    told = _CITY_LINE.sub("", told, count=1)
    return tuple(split_sentences(told)[:MAX_SENTENCES])
