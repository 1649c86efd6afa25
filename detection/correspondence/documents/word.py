"""Text of a Word file (OOXML): paragraphs as lines, rows of tables named by their headers.

One part of the package is unpacked in memory, up to a limit; no other is touched, no macro, link
or entity followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from detection.correspondence.documents.limits import DEFAULT_LIMITS, DocumentLimits
from detection.correspondence.documents.package import opened, refuse_swollen
from detection.correspondence.documents.tables import table_lines
from detection.errors import UnreadableError

if TYPE_CHECKING:
    from lxml.etree import _Element

_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT, _TAB, _BREAK = f"{_W}t", f"{_W}tab", frozenset({f"{_W}br", f"{_W}cr"})
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"


def word_text(body: bytes, limits: DocumentLimits = DEFAULT_LIMITS) -> str | None:
    """Text of the file; None for a package that is no Word file.

    Raises ``DocumentRefusedError`` for one that unpacks to more than is read, and
    ``UnreadableError`` for one that is broken or locked.
    """
    from lxml import etree

    packed = _part(body, limits)
    if packed is None:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(packed, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("broken_office_file", f"its text is no XML: {error.msg}") from error
    return "\n".join(_lines(root, limits))


def _part(body: bytes, limits: DocumentLimits) -> bytes | None:
    with opened(body, limits) as package:
        if _PART not in package.namelist():
            return None
        with package.open(_PART) as part:
            unpacked = part.read(limits.unpacked_bytes + 1)
    refuse_swollen(len(unpacked), limits.unpacked_bytes)
    return unpacked


def _lines(root: _Element, limits: DocumentLimits) -> Iterator[str]:
    """Lines of the body; a table within a table is read as a part of its cell."""
    done: set[int] = set()
    for element in root.iter(_PARAGRAPH, _TABLE):
        if element.tag == _TABLE:
            if not any(id(above) in done for above in element.iterancestors(_TABLE)):
                done.add(id(element))
                rows = [_cells(row, limits) for row in element.iterchildren(_ROW)]
                yield from table_lines(rows[: limits.rows])
        elif next(element.iterancestors(_TABLE), None) is None:
            yield _text(element)


def _cells(row: _Element, limits: DocumentLimits) -> list[str]:
    cells = list(row.iterchildren(_CELL))[: limits.cells]
    return [" ".join(_text(cell).split()) for cell in cells]


def _text(element: _Element) -> str:
    said = []
    for part in element.iter():
        if part.tag == _TEXT:
            said.append(part.text or "")
        elif part.tag == _TAB:
            said.append("\t")
        elif part.tag in _BREAK:
            said.append("\n")
        elif part.tag == _PARAGRAPH and said:
            said.append(" ")
    return "".join(said)
