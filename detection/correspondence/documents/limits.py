"""How much of a document is read: hostile or broken files cost bounded time and memory."""

from __future__ import annotations

from dataclasses import dataclass

from detection.errors import UnreadableError


class DocumentRefusedError(UnreadableError):
    """A document beyond the limits; ``rule`` and ``reason`` go to quarantine with it."""


@dataclass(frozen=True)
class DocumentLimits:
    """The limits. That of the file refuses it; the others cut what is read and note it.

    A quotation has some 20 kB of text, a specification of 200 pages half a megabyte.
    """

    file_bytes: int = 16 * 1024 * 1024
    #: Bytes of a file of text that are read, and characters of the text made of them.
    read_bytes: int = 2 * 1024 * 1024
    text_chars: int = 1_000_000
    #: Characters of one line; a longer one is data.
    line_chars: int = 20_000
    #: Rows of a table, and cells of a row.
    rows: int = 5_000
    cells: int = 100
    #: Files within a file of Word, and bytes of its text once unpacked.
    members: int = 2_000
    unpacked_bytes: int = 8 * 1024 * 1024
    #: Bytes of a workbook's XML once unpacked, and of that which is neither rows nor words: what it
    #: costs to read is many times that of a Word file.
    workbook_bytes: int = 4 * 1024 * 1024
    workbook_other_bytes: int = 512 * 1024
    #: Lines at the beginning in which sender, customer and day are looked for.
    head_lines: int = 60
    name_chars: int = 200


DEFAULT_LIMITS = DocumentLimits()


def refuse_large(size: int, limits: DocumentLimits = DEFAULT_LIMITS) -> None:
    """Raise ``DocumentRefusedError`` for a file of more bytes than are looked at."""
    if size > limits.file_bytes:
        raise DocumentRefusedError(
            "document_too_large",
            f"{size:,} bytes, more than {limits.file_bytes:,}; split the document or keep its text",
        )
