"""An HTML part to text in one bounded pass: paragraphs as lines, quotations marked.

A mail's HTML says where its quotation begins by elements that each program names its own way; they
become lines of ``QUOTE_MARK``, and a ``blockquote``'s lines begin with ``> ``, so that quotations
of HTML and plain text are taken off by the same rules. No script runs, no address is called.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape

from detection.correspondence.column_titles import NAMES, PARTS, PRICES, QUANTITIES, title_key

#: Stands alone on a line where a program's own mark says that a quotation begins. A control
#: character ("group separator"), so that no text can hold it: ``plain_lines`` takes it out.
QUOTE_MARK = "\x1d"

_TAG = re.compile(r"<(/?)([a-zA-Z][\w:]{0,30})\b([^<>]{0,4000}+)>|<(!--|[!?])")
_SKIPPED = frozenset(
    {"head", "style", "script", "title", "template", "noscript", "svg", "object", "select"}
)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "div", "dl", "dt", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre"}
    | {"section", "table", "tbody", "tr", "ul"}
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"})
#: Elements that have no end, so that nothing is hidden within them.
_EMPTY = frozenset({"img", "br", "hr", "input", "meta", "link", "area", "col", "wbr"})
#: Ids, classes and styles of the element with which a program begins its quotation: Gmail,
#: Thunderbird, Yahoo, Outlook (web, Mac, Windows), Hotmail, Zimbra, AOL, Proton, Zoho.
_QUOTE_BEGINS = re.compile(
    r"""gmail_(?:attr|quote)\b|moz-cite-prefix|yahoo_quoted|yahoo-quoted|OLK_SRC_BODY_SECTION
    |divRplyFwdMsg|appendonsend|stopSpelling|zwchr|AOLMsgPart|protonmail_quote|zmail_extra
    |mail-editor-reference-message|reply-intro|ms-outlook-mobile-reference|isForwardContent
    |border-?top:\s*(?:solid\s+\#?(?:B5C4DF|E1E1E1|CCCCCC)|1pt\s+solid|\#?(?:B5C4DF|E1E1E1)\s)
    |border-top-color:\s*rgb\(\s*(?:229,\s*229,\s*229|181,\s*196,\s*223|225,\s*225,\s*225)""",
    re.I | re.X,
)
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)
#: Stands where a cell of a row begins until the row is written: no text can hold it.
_CELL = "\x02"
_TITLES = QUANTITIES | PRICES | PARTS | NAMES
_LONGEST_ROW, _LONGEST_CELL = 400, 120
_NUMBER = re.compile(r"[€$£]?\s?\d[\d.,' ]*(?:\s?[^\W\d_]{1,6}|\s?[€$£%])?\.?")
_BLANKS = re.compile(r"[ \t\r\n\f\v\u00a0\u2007\u202f]+")
#: Zero-width and soft characters that newsletters pad with.
_NOTHING = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad\u034f\u180e]|[\x00-\x08\x0b\x0c\x0e-\x1f]")


def html_to_text(html: str) -> str:
    """Text of ``html`` with ``QUOTE_MARK`` lines; linear in its length, whatever it holds.

    >>> html_to_text("<p>Yes.</p><blockquote>Shall we?</blockquote>")
    'Yes.\\n\\n> Shall we?'
    """
    writer = _Writer()
    lowered: str | None = None
    position = 0
    while True:
        tag = _TAG.search(html, position)
        if tag is None:
            writer.text(html[position:])
            return writer.finished()
        writer.text(html[position : tag.start()])
        position = tag.end()
        closing, name, attributes, odd = tag.groups()
        if odd:
            end = html.find("-->" if odd == "!--" else ">", position)
            if end < 0:
                return writer.finished()
            position = end + (3 if odd == "!--" else 1)
            continue
        name = name.lower()
        if name in _SKIPPED and not closing:
            if lowered is None:
                lowered = html.lower()
            end = lowered.find(f"</{name}", position)
            # An unclosed head is followed by its body all the same.
            if end >= 0:
                position = end
            elif name in ("script", "style"):
                return writer.finished()
            continue
        if closing:
            writer.close(name)
        else:
            writer.open(name, attributes)


class _Writer:
    """Lines as they are written, with the depth of quotation at each.

    Within a row of a table a mark stands where a cell begins. A row that holds data (several short
    cells, one of them a number) becomes one line, its cells parted by tabs; of any other row, which
    only lays a page out, the marks are taken out again.
    """

    def __init__(self) -> None:
        #: First line of the row that is open; None outside of rows and in rows with tables.
        self._row: int | None = None
        self._lines: list[str] = []
        self._words: list[str] = []
        self._depth = 0
        self._verbatim = 0
        #: Elements of one name that are open within a hidden one; 0 outside.
        self._hidden, self._hidden_name = 0, ""

    def text(self, text: str) -> None:
        if self._hidden or not text:
            return
        if "&" in text:
            text = unescape(text)
        text = _NOTHING.sub("", text)
        if self._verbatim:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._words.append(first)
            for line in rest:
                self._break(keep_blank=True)
                self._words.append(line)
            return
        self._words.append(_BLANKS.sub(" ", text))

    def open(self, name: str, attributes: str) -> None:
        if self._hidden:
            self._hidden += name == self._hidden_name and not attributes.endswith("/")
            return
        if name == "br":
            self._break(keep_blank=True)
            return
        is_empty = name in _EMPTY or attributes.endswith("/")
        if attributes and not is_empty and _HIDDEN.search(attributes):
            self._hidden, self._hidden_name = 1, name
            return
        if name in _BLOCKS:
            self._break()
            if name in _SPACED:
                self._blank()
        if name in ("tr", "table", "blockquote"):
            self._end_row()
        if name == "tr":
            self._row = len(self._lines)
        if attributes and _QUOTE_BEGINS.search(attributes):
            self._break()
            self._lines.append(QUOTE_MARK)
        if name == "blockquote":
            self._depth = min(self._depth + 1, 20)
        elif name == "pre":
            self._verbatim += 1
        elif name == "hr":
            self._lines.append("> " * self._depth + "_" * 32)
        elif name == "li":
            self._words.append("- ")
        elif name in ("td", "th"):
            self._words.append(" " if self._row is None else _CELL)

    def close(self, name: str) -> None:
        if self._hidden:
            self._hidden -= name == self._hidden_name
            return
        if name in _BLOCKS:
            self._break()
        if name in ("tr", "table"):
            self._end_row()
        if name == "blockquote":
            while self._lines and self._lines[-1] and not self._lines[-1].strip("> "):
                self._lines.pop()
            self._depth = max(0, self._depth - 1)
        elif name == "pre":
            self._verbatim = max(0, self._verbatim - 1)
        if name in _SPACED:
            self._blank()

    def finished(self) -> str:
        self._break()
        self._end_row()
        return "\n".join(self._lines).strip("\n ")

    def _end_row(self) -> None:
        """Make one line of the row that ends, where it holds data."""
        if self._row is None:
            return
        self._break()
        lines, self._row = self._lines[self._row :], None
        del self._lines[len(self._lines) - len(lines) :]
        mark = "> " * self._depth
        told = "\n".join(line.removeprefix(mark) for line in lines).split(_CELL)
        cells = [" ".join(cell.split()) for cell in told[1:]]
        text = "\t".join(cells).rstrip()
        is_short = len(text) <= _LONGEST_ROW and all(len(cell) <= _LONGEST_CELL for cell in cells)
        if is_short and QUOTE_MARK not in text and _is_data(cells):
            self._lines.append(mark + text)
            return
        for line in lines:
            if _CELL in line:
                line = mark + " ".join(line.removeprefix(mark).replace(_CELL, " ").split())
                if not line.strip("> "):
                    continue
            self._lines.append(line)

    def _break(self, *, keep_blank: bool = False) -> None:
        line = "".join(self._words)
        line = line.rstrip() if self._verbatim else " ".join(line.split())
        self._words = []
        if line:
            self._lines.append("> " * self._depth + line)
        elif keep_blank:
            self._blank()

    def _blank(self) -> None:
        if self._lines and self._lines[-1].strip("> "):
            self._lines.append(("> " * self._depth).rstrip())


def _is_data(cells: Sequence[str]) -> bool:
    """Whether cells are a row of data: three that are filled; two that are titles, or two of which
    the second is a number and the first holds one ("Qty" and "500" are a label and its value)."""
    filled = [cell for cell in cells if cell]
    if len(filled) != 2:
        return len(filled) > 2
    is_row = any(map(str.isdigit, filled[0])) and _NUMBER.fullmatch(filled[1]) is not None
    return is_row or all(title_key(cell) in _TITLES for cell in filled)


def plain_lines(text: str) -> str:
    """Plain text with ``\\n`` as line end and no characters that steer or hide."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOTHING.sub("", text).replace("\u00a0", " ")
