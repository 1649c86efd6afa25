"""What a visitor sees of a page: its parts, each taken from the answer once and when first asked.

The page's structure is read by an HTML parser, so a script that is commented out is no script; what
stands in conditional comments or is loaded by inline script is one. Nothing is executed.
"""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

#: Bytes of a page that are looked at: what identifies a product stands in the first megabytes.
MAX_BYTES = 2_000_000
#: Elements that are looked at; deep nesting makes parsers slow beyond all use.
MAX_ELEMENTS = 20_000
#: Characters of one header's value, one address, one inline script.
_MAX_VALUE, _MAX_ADDRESS, _MAX_SCRIPT = 8_000, 2_000, 500_000
#: Inline text after these tags is read; more of them than this is no page.
_MAX_PARTS = 2_000

_ADDRESS_ATTRIBUTES = ("src", "href", "action", "data-src", "srcset")
_LINKS = ("a", "area")
#: Elements from which something is read, found in one walk.
_READ_ELEMENTS = ",".join(["meta", "script", "style", *(f"[{a}]" for a in _ADDRESS_ATTRIBUTES)])
_CONDITIONAL = re.compile(r"<!--\[if\b[^\]]{0,100}\]>", re.I)
_CONDITIONAL_END = re.compile(r"<!\[endif\]-->", re.I)
#: Characters of a conditional comment that are looked at.
_MAX_CONDITIONAL = 20_000
_CONDITIONAL_SRC = re.compile(r"""<script\b[^>]{0,500}?\ssrc\s*=\s*["']?([^"'\s>]{1,2000})""", re.I)
#: Quoted addresses in inline scripts; those count that end in ``.js`` or are assigned to ``src``.
#: Looked for from their slashes on: these are rarer in scripts than quotation marks.
_QUOTED = re.compile(r"""//[^"'\s<>\\]{4,800}["']""")
_BEFORE_QUOTED = re.compile(r"""["']((?:https?:)?)$""", re.I)
_BEFORE_SLASHES = ('"', "'", ":")
_SCRIPT_FILE = re.compile(r"\.js(?:\?|$)", re.I)
_ASSIGNED = re.compile(r"""\.src\s*=\s*(?:[\w.$()?:'" ]{0,60}?\+\s*)?$""", re.I)
_ESCAPED_PUNCTUATION = re.compile(r"&#(?:x2f|47|x3a|58|x2e|46);", re.I)
_COOKIE_NAME = re.compile(r"\s*([^=;,\s]{1,200})=([^;\n]{0,500})")
_NAMES_ONLY = re.compile(r"(?:[^=;,\s]+=;\s*)*[^=;,\s]+=;?\s*")


#: Letters that match an ASCII letter when case does not count.
_FOLDED = {"\u212a": "k", "\u017f": "s", "\u0130": "i", "\u0131": "i", "\U0001ffff": "x"}


def _kind(char: str) -> str:
    if char in _FOLDED:
        return _FOLDED[char]
    if char.isspace():
        return " "
    return "x" if char.isalnum() else "?"


@cache
def _kinds() -> Any:
    """The kind of every character of the first planes (scripts and symbols), by its number."""
    import numpy

    known = range(0x80, 0x20000)
    return numpy.frombuffer(
        bytes(range(0x80)) + "".join(_kind(chr(number)) for number in known).encode(), numpy.uint8
    )


def scannable(text: str) -> bytes:
    """A text as ASCII of the same length, for scanners that know bytes only.

    What is a letter, digit or space stays one, so patterns of ASCII characters and classes match
    here wherever they match in the text itself (and rarely elsewhere: hits are looked at again).
    """
    if text.isascii():
        return text.encode()
    import numpy

    # Two bytes a character, four where the page has rarer ones (as emoji).
    encoded = text.encode("utf-16-le", "surrogatepass")
    numbers = numpy.frombuffer(encoded, numpy.uint16)
    if len(numbers) != len(text):
        encoded = text.encode("utf-32-le", "surrogatepass")
        numbers = numpy.frombuffer(encoded, numpy.uint32)
    scanned = numbers.astype(numpy.uint8)
    beyond = numpy.flatnonzero(numbers > 0x7F)
    # Beyond the known planes are rare Chinese characters: letters, as the last of the known ones.
    scanned[beyond] = _kinds().take(numbers[beyond], mode="clip")
    return scanned.tobytes()


@dataclass
class _Elements:
    """What the elements of interest hold, in the order of the page."""

    #: Attributes of meta elements.
    meta: list[Mapping[str, str | None]] = field(default_factory=list)
    #: Inline scripts and style sheets.
    scripts: list[LexborNode] = field(default_factory=list)
    styles: list[LexborNode] = field(default_factory=list)
    #: Addresses of scripts, of all that is loaded or sent to, and of links.
    script_src: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)


class Page:
    """One answer of a site: body, headers and address."""

    def __init__(
        self, body: bytes, headers: Mapping[str, Any] | None = None, url: str = ""
    ) -> None:
        self._body = bytes(body[:MAX_BYTES])
        self._headers = headers or {}
        self.url = url

    @cached_property
    def _source(self) -> tuple[str, bytes]:
        """The source as far as it is looked at, as text and in UTF-8, which the parser takes."""
        source = self._body
        if source.count(b"<") > MAX_ELEMENTS:
            place = -1
            for _ in range(MAX_ELEMENTS):
                place = source.find(b"<", place + 1)
            source = source[:place]
        try:
            return source.decode(), source
        except UnicodeDecodeError:
            text = source.decode("utf-8", "replace")
            return text, text.encode()

    @property
    def html(self) -> str:
        """The source, as far as it is looked at."""
        return self._source[0]

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed page."""
        return self._parsed()

    def _parsed(self) -> LexborHTMLParser:
        from selectolax.lexbor import LexborHTMLParser

        return LexborHTMLParser(self._source[1])

    @cached_property
    def _elements(self) -> _Elements:
        """All that is read from elements by their names, in one walk through the page."""
        found = _Elements()
        last = None
        for node in self.tree.css(_READ_ELEMENTS):
            if node.mem_id == last:  # told once for each part of the selector that it matches
                continue
            last, tag, attributes = node.mem_id, node.tag, node.attributes
            if tag == "script":
                if "src" not in attributes:
                    found.scripts.append(node)
                elif source := (attributes["src"] or "").strip():
                    found.script_src.append(source[:_MAX_ADDRESS])
            elif tag == "style":
                found.styles.append(node)
            elif tag == "meta":
                found.meta.append(attributes)
            listed = found.linked if tag in _LINKS else found.loaded
            for name in _ADDRESS_ATTRIBUTES:
                if name in attributes and (value := attributes[name]):
                    listed.append(value)
        for listed in (found.loaded, found.linked):
            # Pages name many an address often.
            listed[:] = [value.strip()[:_MAX_ADDRESS] for value in dict.fromkeys(listed)]
        return found

    @cached_property
    def headers(self) -> dict[str, str]:
        """Header values by lower-case name, several of one name on lines of their own."""
        found: dict[str, str] = {}
        for name, value in self._headers.items():
            text = "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            key, text = str(name).lower(), text[:_MAX_VALUE]
            found[key] = f"{found[key]}\n{text}" if key in found else text
        return found

    @cached_property
    def cookies(self) -> dict[str, list[str]]:
        """Values of the cookies that the answer sets, by name; empty where only names are kept."""
        found: dict[str, list[str]] = {}
        for line in self.headers.get("set-cookie", "").split("\n"):
            if _NAMES_ONLY.fullmatch(line):
                parts = line.split(";")
            else:
                # Several cookies in one line are parted by commas, which dates hold as well.
                parts = re.split(r",(?=\s*[^=;,\s]+=)", line)
            for part in parts:
                if match := _COOKIE_NAME.match(part):
                    found.setdefault(match.group(1), []).append(match.group(2))
        return found

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Contents of meta elements by lower-case name or property."""
        found: dict[str, list[str]] = {}
        for attributes in self._elements.meta[:_MAX_PARTS]:
            content = attributes.get("content")
            if content is None:
                continue
            for key in ("name", "property", "itemprop", "http-equiv"):
                if name := attributes.get(key):
                    found.setdefault(name.lower(), []).append(content[:_MAX_VALUE])
        return found

    @cached_property
    def scripts(self) -> str:
        """Inline scripts, one below the other."""
        return _texts(self._elements.scripts)

    @cached_property
    def css(self) -> str:
        """Inline style sheets."""
        return _texts(self._elements.styles)

    @cached_property
    def text(self) -> str:
        """What a reader sees: the body without scripts, styles and templates."""
        # A tree of its own: taking elements out must not change the one that others search.
        tree = self._parsed()
        tree.strip_tags(["script", "style", "noscript", "template"])
        return tree.body.text(separator=" ") if tree.body is not None else ""

    @cached_property
    def script_src(self) -> list[str]:
        """Addresses of scripts: of elements, in conditional comments, and loaded inline."""
        found = self._elements.script_src[:_MAX_PARTS]
        # Looked for in bytes first, which is faster: most pages have none.
        conditional = _CONDITIONAL.finditer(self.html) if b"<!--[" in self._source[1] else ()
        for start in conditional:
            end = _CONDITIONAL_END.search(self.html, start.end(), start.end() + _MAX_CONDITIONAL)
            if end is not None:
                found += _CONDITIONAL_SRC.findall(self.html, start.end(), end.start())
        found += self._loaded
        return list(dict.fromkeys(found))

    @cached_property
    def _loaded(self) -> list[str]:
        text, found = self.scripts, []
        for match in _QUOTED.finditer(text):
            start = match.start()
            if text[start - 1 : start] not in _BEFORE_SLASHES:
                continue
            before = _BEFORE_QUOTED.search(text, max(0, start - 7), start)
            if before is None:
                continue
            address, start = before.group(1) + match.group()[:-1], before.start()
            if _SCRIPT_FILE.search(address) or _ASSIGNED.search(text[max(0, start - 80) : start]):
                found.append(address)
                if len(found) == _MAX_PARTS:
                    break
        return found

    @cached_property
    def urls(self) -> list[str]:
        """Every address that an element names, and those of scripts."""
        elements = self._elements
        return list(dict.fromkeys((*elements.loaded, *elements.linked, *self.script_src)))

    @cached_property
    def loaded(self) -> list[str]:
        """Addresses of what the page loads or sends to; no links that a visitor may follow."""
        return list(dict.fromkeys((*self._elements.loaded, *self.script_src)))

    @cached_property
    def page_url(self) -> list[str]:
        """The page's own address."""
        return [self.url] if self.url else []

    @cached_property
    def element_source(self) -> str:
        """The source in which texts of selectors are looked for, addresses without entities."""
        text = self.html
        if _ESCAPED_PUNCTUATION.search(text):
            text = f"{text}\n{entities.unescape(text)}"
        return text


def _texts(nodes: list[LexborNode]) -> str:
    """Texts of elements, one below the other."""
    texts = (node.text() for node in nodes[:_MAX_PARTS])
    return "\n".join(text[:_MAX_SCRIPT] for text in texts if text)
