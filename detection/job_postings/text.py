"""Descriptions as lines with the section they stand in.

A description comes as HTML, as HTML escaped once more (Greenhouse), or as plain text. What counts
for reading is which lines are list items or headings, and under which heading a line stands.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

#: Characters of a description that are read; longer ones repeat policies at their end.
MAX_TEXT = 40_000

_SCRIPT = re.compile(r"<(script|style)\b.*?</\1\s*>", re.I | re.S)
_ITEM = re.compile(r"<li\b[^>]*>\s*(?:<(?:p|div|span)\b[^>]*>\s*)*", re.I)
_BLOCK = re.compile(r"</?(?:p|div|h[1-6]|ul|ol|li|br|tr|table|section|article|hr)\b[^>]*>", re.I)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_ENTITY = re.compile(r"&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,5});", re.I)
_BULLET = re.compile(r"^(?:[•●▪◦‣*–—·-]|o(?= ))\s*")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0\u2009\u202f\u200b]+")

#: Headings in English, German and French; the first kind that matches is the section's.
_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "other",
        re.compile(
            r"benefits?\b|perks|we offer|what(?:'s| is) in it|compensation|(?:base )?salary|"
            r"about (?:us|the company|the team|our)|who we are|our (?:values|culture|mission|"
            r"story)|"
            r"wir bieten|das bieten|vorteile|über uns|nous offrons|avantages|qui sommes|"
            r"à propos|equal (?:employment )?opportunity|how to apply|interview process|"
            r"hiring process|pay (?:range|transparency)|privacy|why (?:join|work)|bewerbung",
            re.I,
        ),
    ),
    (
        "preferred",
        re.compile(
            r"nice[ -]to[ -]have|preferred|bonus|desir(?:able|ed)|\bplus(?:es)?\b|good to have|"
            r"extra credit|stand out|wünschenswert|von vorteil|pluspunkt|idealerweise|atouts?\b|"
            r"souhaité|would be great",
            re.I,
        ),
    ),
    (
        "duties",
        re.compile(
            r"responsibilit|what you(?:['’]ll| will)?(?: be)? (?:do|doing|work|own)|duties|"
            r"your (?:work|tasks|role|mission|impact|responsib)|day[ -]to[ -]day|"
            r"(?:deine|ihre) (?:aufgaben|rolle|mission)|aufgaben|tätigkeit|\bmissions?\b|"
            r"about the (?:role|job|position)|the (?:role|opportunity)\b|job (?:description|"
            r"summary)",
            re.I,
        ),
    ),
    (
        "required",
        re.compile(
            r"requirement|qualification|must[ -]have|(?:you(?:['’]ll| will)?|we) (?:bring|need)|"
            r"you (?:have|are|should|possess)|who you are|about you|"
            r"your (?:profile|skills|experience|background|expertise)|skills|experience|"
            r"looking for|ideal candidate|anforderung|profil\b|bringst du|mitbring|bringen sie|"
            r"kenntnisse|qualifikation|voraussetzung|compétences|expérience|what it takes|"
            r"minimum|education",
            re.I,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a description: its words, the section it stands in, whether it is a list item."""

    text: str
    #: required, preferred, duties, other; opening before the first heading.
    section: str
    is_item: bool


def plain_text(description: str) -> str:
    """A description without markup, one line per block, list items marked with a bullet.

    >>> plain_text("&lt;p&gt;A &amp;amp; B&lt;/p&gt;&lt;ul&gt;&lt;li&gt;C&lt;/li&gt;&lt;/ul&gt;")
    'A & B\\n• C'
    """
    text = description[: MAX_TEXT * 3]
    if "&lt;" in text:
        text = (
            text.replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", '"')
            .replace("&#39;", "'")
            .replace("&amp;", "&")
        )
    if "<" in text:
        if "<script" in text or "<style" in text:
            text = _SCRIPT.sub(" ", text)
        text = _ITEM.sub("\n• ", text)
        text = _BLOCK.sub("\n", text)
        text = _TAG.sub("", text)
    if "&" in text and _ENTITY.search(text):
        text = html.unescape(text)
    text = _SPACES.sub(" ", text[:MAX_TEXT])
    return "\n".join(line for line in (part.strip() for part in text.split("\n")) if line)


def lines_of(text: str, headed: tuple[tuple[str, str], ...] = ()) -> list[Line]:
    """Lines of a plain text; ``headed`` are further blocks that the vendor gives with a heading."""
    lines: list[Line] = []
    _append(lines, text, "opening")
    for heading, block in headed:
        _append(lines, block, section_of(heading) or "opening")
    return lines


def _append(lines: list[Line], text: str, section: str) -> None:
    for raw in text.split("\n"):
        bullet = _BULLET.match(raw)
        if bullet:
            words = raw[bullet.end() :].strip()
            if words:
                lines.append(Line(words, section, True))
            continue
        if len(raw) <= 90:
            found = section_of(raw) if _may_head(raw) else None
            if found:
                section = found
        if raw:
            lines.append(Line(raw, section, False))


def _may_head(line: str) -> bool:
    """A heading is short and is no sentence."""
    return line.endswith((":", "?")) or (not line.endswith((".", ";", ",")) and line.count(" ") < 9)


@lru_cache(maxsize=20_000)
def section_of(heading: str) -> str | None:
    """The section that a heading opens; None for words that open none."""
    for section, pattern in _HEADINGS:
        if pattern.search(heading):
            return section
    return None
