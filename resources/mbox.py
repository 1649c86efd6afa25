"""An mbox file to its messages, in one pass and in memory that the file's size does not touch.

A message begins at a ``From `` line; what makes it one is that it ends in a date and that a header
follows, because bodies hold lines that begin with "From " as well and not every program quotes
them. Where the file's first such line bears no date, the file's other lines need none, but an
empty line before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

#: Bytes of the largest mail that is kept: Gmail takes in 50 MB, other services less.
LARGEST = 64 * 1024 * 1024
#: Bytes read at a time, and how far ahead a ``From `` line and the header after it may reach.
CHUNK, AHEAD = 1 << 20, 2_048
_START = b"\nFrom "
_DATED = re.compile(
    rb"From [^\n]*?\d{1,2}:\d{2}(?::\d{2})?[^\n]*(?:19|20)\d{2}[^\n]*\r?\n"
    rb"|From [^\n]*?(?:19|20)\d{2}[^\n]*?\d{1,2}:\d{2}[^\n]*\r?\n"
)
_ANY = re.compile(rb"From [^\n]*\r?\n")
_HEADER = re.compile(rb"(?:>From [^\n]*\n)?[!-9;-~]{1,100}[ \t]*:")
_QUOTED = re.compile(rb"^>(>*From )", re.M)


@dataclass(frozen=True)
class MboxEntry:
    """One message of a file, or why it cannot be had."""

    #: First byte of the ``From `` line within the file, and bytes up to the next one.
    position: int
    length: int
    #: The ``From `` line; empty where the file holds one mail without it.
    envelope: bytes
    #: The mail with quoted ``>From `` lines restored; None where it is too large.
    content: bytes | None


def read_mbox(file: BinaryIO, largest: int = LARGEST) -> Iterator[MboxEntry]:
    """Messages of a binary stream in their order; holds at most one of them at a time.

    A file without any ``From `` line is read as one mail. Never raises for what the file holds: a
    message of more than ``largest`` bytes comes as an entry without content.
    """
    reader = _Reader(file, largest)
    yield from reader.entries()


class _Reader:
    """The state of one pass: a window of the file, and the message being gathered."""

    def __init__(self, file: BinaryIO, largest: int) -> None:
        self._file, self._largest = file, largest
        self._window, self._is_ended = b"", False
        #: First byte of the window that no message has yet; the window's and the message's
        #: position in the file.
        self._taken = self._offset = self._begun = 0
        self._kept: list[bytes] = []
        self._size = 0
        self._line = _DATED

    def entries(self) -> Iterator[MboxEntry]:
        """The messages; see ``read_mbox``."""
        self._fill()
        if _ANY.match(self._window) and not _DATED.match(self._window):
            self._line = _ANY
        at = 0
        while True:
            found = self._window.find(_START, at)
            if found < 0 and self._is_ended:
                break
            if found < 0 or (found + AHEAD > len(self._window) and not self._is_ended):
                # What may be the beginning of a line is kept until more is there.
                keep = found if found >= 0 else max(at, len(self._window) - len(_START))
                self._gather(max(self._taken, keep - 2))
                at = keep - self._fill()
                continue
            if self._begins(found):
                self._gather(found + 1)
                yield from self._finished()
            at = found + 1
        self._gather(len(self._window))
        yield from self._finished()

    def _fill(self) -> int:
        """Read on; the number of bytes that left the window at its front."""
        chunk = self._file.read(CHUNK)
        self._is_ended = not chunk
        gone = self._taken
        self._window = self._window[gone:] + chunk
        self._offset += gone
        self._taken = 0
        return gone

    def _begins(self, found: int) -> bool:
        line = self._line.match(self._window, found + 1)
        if line is None or not _HEADER.match(self._window, line.end()):
            return False
        if self._line is _DATED:
            return True
        before = self._window[max(0, found - 2) : found]
        return before.endswith((b"\n", b"\n\r"))

    def _gather(self, end: int) -> None:
        """Give the window's bytes up to ``end`` to the message; beyond the limit only count."""
        if self._size <= self._largest:
            self._kept.append(self._window[self._taken : end])
        self._size += end - self._taken
        self._taken = end

    def _finished(self) -> Iterator[MboxEntry]:
        position, length = self._begun, self._size
        content = b"".join(self._kept)
        self._begun, self._size, self._kept = self._offset + self._taken, 0, []
        envelope = _ANY.match(content)
        line = envelope.group().rstrip() if envelope else b""
        if length > self._largest:
            yield MboxEntry(position, length, line, None)
            return
        body = content[envelope.end() :] if envelope else content
        if body.strip():
            yield MboxEntry(position, length, line, unquoted(_ended(body)))


def _ended(body: bytes) -> bytes:
    """A mail without the empty lines behind it: they part mails, and the last of a file has none.

    So the same mail has the same bytes wherever it lies.
    """
    text = body.rstrip(b"\r\n")
    rest = body[len(text) : len(text) + 2]
    return text + (rest if rest == b"\r\n" else rest[:1])


def unquoted(body: bytes) -> bytes:
    """A message with one ``>`` taken off its ``>From `` lines (the mboxrd reading).

    >>> unquoted(b"a\\n>From b\\n>>From c\\n> From d")
    b'a\\nFrom b\\n>From c\\n> From d'
    """
    return _QUOTED.sub(rb"\1", body) if b">From " in body else body
