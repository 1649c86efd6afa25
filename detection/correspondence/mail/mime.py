"""A mail's bytes to its parts: one bounded pass, no recursion, nothing opened.

The standard library's parser goes through a mail line by line and one call deeper for each level:
20 MB of attachment take it two seconds, a thousand levels end in a ``RecursionError``. Here parts
are cut at their boundaries by byte search; fields with parameters (RFC 2231) are read by the
standard library all the same. Broken mail is read as far as it goes, and said to be broken.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass
from email.message import Message
from itertools import pairwise

from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.headers import Headers, decoded_words, from_base64
from detection.correspondence.mail.limits import MailLimits, MailRefusedError

_BLANK = re.compile(rb"\r?\n[ \t]*\r?\n")
_GOES_ON = re.compile(rb"[ \t]|[!-9;-~]{1,100}:")
_TYPE = re.compile(r"\s*([\w.+-]+/[\w.+-]+)")
_PLAIN_PARAMETER = r"(?i);\s*{}\s*=\s*(?:\"([^\"\\]*)\"|([^\s;\"=]+))\s*(?=;|$)"
_CHARSET = re.compile(_PLAIN_PARAMETER.format("charset"))
_BOUNDARY = re.compile(_PLAIN_PARAMETER.format("boundary"))
_ENCODING = re.compile(r"[\w-]+")
#: Characters of a field in which parameters are looked for.
_PARAMETERS = 8_000
#: What a name of a file must not bear: folders, control and direction characters.
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_UU = re.compile(rb"^begin[^\n]*\n(.*?)^end\s*$", re.M | re.S)


@dataclass(frozen=True)
class Part:
    """A leaf of a mail: text, a file, or an attached mail (``message/rfc822``)."""

    headers: Headers
    #: ``type/subtype`` in lower case.
    media_type: str
    #: As the mail holds it, before transfer decoding.
    raw: bytes
    #: Multiparts and attached mails around it.
    depth: int

    @property
    def charset(self) -> str | None:
        """The declared character set."""
        return parameter(self.headers, "content-type", "charset")

    @property
    def disposition(self) -> str:
        """``attachment``, ``inline`` or empty."""
        word = _ENCODING.match(self.headers.raw("content-disposition").strip().lower())
        return word.group() if word else ""

    def content(self) -> bytes:
        """Bytes after transfer decoding."""
        encoding = _ENCODING.match(self.headers.raw("content-transfer-encoding").strip().lower())
        kind = encoding.group() if encoding else ""
        if kind == "base64":
            return from_base64(self.raw)
        if kind == "quoted-printable":
            return binascii.a2b_qp(self.raw)
        if kind in ("x-uuencode", "uuencode", "uue", "x-uue"):
            return _from_uu(self.raw)
        return self.raw


def parameter(headers: Headers, field: str, name: str) -> str | None:
    """A field's parameter; the standard library reads what is not plainly written."""
    value = headers.raw(field)[:_PARAMETERS]
    if ";" not in value or name not in value.lower():
        return None
    pattern = _CHARSET if name == "charset" else _BOUNDARY if name == "boundary" else None
    if pattern is not None and (found := pattern.search(value)):
        return (found.group(1) if found.group(1) is not None else found.group(2)).strip()
    message = Message()
    message[field] = value
    try:
        read = message.get_param(name, None, field)
        if isinstance(read, tuple):
            charset, _, text = read
            return decode(text.encode("latin-1", "replace"), charset or "utf-8")[0]
    except (ValueError, LookupError, AttributeError, TypeError):
        return None
    return decoded_words(read) if isinstance(read, str) else None


def file_name(headers: Headers, limits: MailLimits) -> str | None:
    """A safe name of a part's file: no folder, no control character, no leading dot.

    It is a label, never a path to write to.
    """
    said = parameter(headers, "content-disposition", "filename")
    said = said or parameter(headers, "content-type", "name")
    if not said:
        return None
    name = _NOT_IN_NAMES.sub("", said).replace("\\", "/").rpartition("/")[2]
    name = " ".join(name.split()).lstrip(". ").strip()
    if len(name) > limits.name_chars:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if stem and len(ending) <= 10 else ""
        name = name[: limits.name_chars - len(ending)] + ending
    return name or None


def split_headers(raw: bytes, limits: MailLimits) -> tuple[Headers, bytes]:
    """Headers and body of a mail or part; refuses a block of headers beyond the limits."""
    if raw[:1] == b"\n" or raw[:2] == b"\r\n":
        return Headers(b"", limits), raw[1 if raw[:1] == b"\n" else 2 :]
    blank = _header_end(raw, limits)
    if blank is None:
        if len(raw) > limits.header_bytes:
            raise MailRefusedError(
                "headers_too_large", f"headers of more than {limits.header_bytes:,} bytes"
            )
        return Headers(raw, limits), b""
    return Headers(raw[: blank.start()], limits), raw[blank.end() :]


def _header_end(raw: bytes, limits: MailLimits) -> re.Match[bytes] | None:
    """The first empty line; one of blanks counts where no header goes on behind it."""
    for blank in _BLANK.finditer(raw, 0, limits.header_bytes + 4):
        is_empty = blank.group().strip(b"\r\n") == b""
        if is_empty or not _GOES_ON.match(raw, blank.end()):
            return blank
    return None


def parts_of(
    headers: Headers, body: bytes, limits: MailLimits, depth: int = 0
) -> tuple[list[Part], list[str]]:
    """The leaves of a mail in their order, and what was wrong with its structure.

    Raises ``MailRefusedError`` for too many parts or levels.
    """
    leaves: list[Part] = []
    defects: list[str] = []
    # Last in, first out, so that leaves come in the mail's own order.
    waiting = [(headers, body, depth, "text/plain")]
    seen = 0
    while waiting:
        headers, body, depth, usual = waiting.pop()
        seen += 1
        if seen > limits.parts:
            raise MailRefusedError("too_many_parts", f"more than {limits.parts:,} parts")
        if depth > limits.depth:
            raise MailRefusedError("nested_too_deep", f"more than {limits.depth} levels of parts")
        media_type = _media_type(headers, usual, defects)
        if not media_type.startswith("multipart/"):
            leaves.append(Part(headers, media_type, body, depth))
            continue
        boundary = parameter(headers, "content-type", "boundary")
        pieces = _pieces(body, boundary, defects, limits.parts)
        if pieces is None:
            leaves.append(Part(headers, "text/plain", body, depth))
            continue
        usual = "message/rfc822" if media_type == "multipart/digest" else "text/plain"
        waiting.extend(
            (*split_headers(piece, limits), depth + 1, usual) for piece in reversed(pieces)
        )
    return leaves, defects


def _media_type(headers: Headers, usual: str, defects: list[str]) -> str:
    value = headers.raw("content-type")
    if not value.strip():
        return usual
    found = _TYPE.match(value)
    if found is None:
        defects.append("content_type_unreadable")
        return "text/plain"
    return found.group(1).lower()


def _pieces(body: bytes, boundary: str | None, defects: list[str], most: int) -> list[bytes] | None:
    """What stands between the boundary's lines; None where there is no such line."""
    if not boundary:
        defects.append("boundary_missing")
        return None
    mark = b"--" + boundary.rstrip().encode("utf-8", "surrogateescape")
    cuts: list[tuple[int, int]] = []
    position = 0
    is_closed = False
    while len(cuts) <= most + 1:
        found = body.find(mark, position)
        if found < 0:
            break
        position = found + len(mark)
        if found and body[found - 1] != 0x0A:
            continue
        ends = body[position : position + 2] == b"--"
        line_end = body.find(b"\n", position)
        line_end = len(body) if line_end < 0 else line_end + 1
        if body[position + 2 * ends : line_end].strip() and not ends:
            # A longer boundary that begins like this one, of a part within.
            continue
        cuts.append((found, line_end))
        position = line_end
        if ends:
            is_closed = True
            break
    if not cuts:
        defects.append("boundary_never_used")
        return None
    if not is_closed:
        defects.append("boundary_not_closed")
        cuts.append((len(body), len(body)))
    return [_without_last_line_end(body[begin:end]) for (_, begin), (end, _) in pairwise(cuts)]


def _without_last_line_end(piece: bytes) -> bytes:
    if piece.endswith(b"\r\n"):
        return piece[:-2]
    return piece.removesuffix(b"\n")


def _from_uu(raw: bytes) -> bytes:
    found = _UU.search(raw.replace(b"\r\n", b"\n"))
    if found is None:
        return raw
    decoded = []
    for line in found.group(1).split(b"\n"):
        try:
            decoded.append(binascii.a2b_uu(line))
        except binascii.Error:
            # Some encoders end lines with a stray character; the length says what counts.
            count = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                decoded.append(binascii.a2b_uu(line[:count]))
            except binascii.Error:
                continue
    return b"".join(decoded)
