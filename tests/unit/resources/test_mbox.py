"""mbox files to messages: what begins one, what quotes a line, and memory that stays."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from resources.mbox import CHUNK, LARGEST, read_mbox

FROM = b"From ann@buyer.example Mon Nov  7 18:44:27 2016\n"


def mail(number: int, body: bytes = b"Hello\n") -> bytes:
    return b"Message-ID: <%d@x.example>\nSubject: s\n\n%s" % (number, body)


def contents(raw: bytes, largest: int = LARGEST) -> list[bytes | None]:
    return [e.content for e in read_mbox(io.BytesIO(raw), largest)]


@pytest.mark.parametrize(
    "line",
    [
        b"From ann@buyer.example Mon Nov  7 18:44:27 2016\n",
        b"From 1711111111111111111@xxx Mon Nov 07 18:44:27 +0000 2016\n",
        b"From - Mon Nov  7 18:44:27 2016\n",
        b"From ann at buyer.example  Mon Nov  7 18:44 2016\r\n",
        b"From MAILER-DAEMON Mon Nov  7 18:44:27 2016 +0100\n",
    ],
)
def test_every_shape_of_a_from_line_begins_a_message(line):
    raw = line + mail(1) + b"\n" + line + mail(2)
    assert contents(raw) == [mail(1), mail(2)]


def test_positions_lead_back_to_the_bytes():
    raw = FROM + mail(1) + b"\n" + FROM + mail(2, b"No line end") + b"\n" + FROM + mail(3)
    entries = list(read_mbox(io.BytesIO(raw)))
    assert [e.position for e in entries] == [0, len(FROM + mail(1)) + 1, raw.rindex(FROM)]
    assert b"".join(raw[e.position : e.position + e.length] for e in entries) == raw
    assert all(e.envelope == FROM.strip() for e in entries)


def test_a_missing_blank_line_before_the_next_message_is_forgiven():
    raw = FROM + mail(1, b"No blank line after this") + b"\n" + FROM + mail(2)
    assert len(contents(raw)) == 2


@pytest.mark.parametrize(
    "line",
    [
        b"From my point of view this is fine.\n",
        b"From Monday at 10:30 we are closed.\n",
        b"From the meeting of 12:30 in 2016:\nwe learnt nothing.\n",
    ],
)
def test_sentences_that_begin_with_from_begin_no_message(line):
    raw = FROM + mail(1, b"Hello\n\n" + line + b"\nBye\n")
    assert contents(raw) == [mail(1, b"Hello\n\n" + line + b"\nBye\n")]


def test_quoted_from_lines_are_restored_by_one_level():
    raw = FROM + mail(1, b">From here\n>>From there\n> From you\n")
    assert contents(raw) == [mail(1, b"From here\n>From there\n> From you\n")]


def test_from_lines_without_a_date_count_where_the_file_has_no_others():
    raw = b"From ann\n" + mail(1) + b"\nFrom bob\n" + mail(2) + b"\nFrom here:\nno.\n"
    assert len(contents(raw)) == 2


def test_a_single_mail_without_a_from_line_and_an_empty_file():
    assert contents(mail(1)) == [mail(1)]
    assert contents(b"") == []
    assert contents(b"\n\n") == []


def test_empty_lines_between_mails_belong_to_none():
    raw = FROM + mail(1, b"One\n\n") + b"\n\n" + FROM + mail(2, b"Two")
    assert contents(raw) == [mail(1, b"One\n"), mail(2, b"Two")]
    assert contents(raw.replace(b"\n", b"\r\n"))[0] == mail(1, b"One\n").replace(b"\n", b"\r\n")


def test_windows_line_ends():
    raw = (FROM + mail(1) + b"\n" + FROM + mail(2)).replace(b"\n", b"\r\n")
    assert len(contents(raw)) == 2


@pytest.mark.parametrize("shift", [*range(-30, 4, 3), -2_048, -1])
def test_a_from_line_across_two_chunks_is_found(shift):
    filler = b"x" * 70 + b"\n"
    first = FROM + mail(1)
    body = (filler * (CHUNK // len(filler) + 1))[: CHUNK - len(first) + shift - 1] + b"\n"
    raw = first + body + FROM + mail(2)
    entries = list(read_mbox(io.BytesIO(raw)))
    assert [e.position for e in entries] == [0, len(first + body)]


def test_a_message_beyond_the_limit_is_not_kept_and_the_next_is_read():
    raw = FROM + mail(1, b"y" * 5_000_000) + b"\n" + FROM + mail(2)
    first, second = read_mbox(io.BytesIO(raw), 2_000_000)
    assert first.content is None
    assert (first.position, first.length) == (0, raw.rindex(FROM))
    assert first.envelope == FROM.strip()
    assert second.content == mail(2)


class Endless(io.RawIOBase):
    """So many copies of one chunk, made as they are read."""

    def __init__(self, chunk: bytes, copies: int) -> None:
        self._chunk, self._left = chunk, copies

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        return self._chunk if self._left >= 0 else b""


def test_two_gigabytes_are_read_in_memory_for_one_message():
    body = b"0123456789abcde\n" * 8_192
    chunk = b"".join(FROM + mail(n, body) + b"\n" for n in range(8))
    copies = 2 * 1024**3 // len(chunk) + 1
    tracemalloc.start()
    count = total = 0
    for entry in read_mbox(Endless(chunk, copies)):
        count += 1
        total += entry.length
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, total) == (8 * copies, len(chunk) * copies)
    assert total > 2 * 1024**3
    assert peak < 16 * 1024**2


def test_one_line_of_a_hundred_megabytes_costs_little_memory():
    line = Endless(b"z" * CHUNK, 100)
    tracemalloc.start()
    [entry] = read_mbox(line, 4 * CHUNK)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert entry.content is None
    assert entry.length == 100 * CHUNK
    assert peak < 16 * 1024**2
