"""A block of headers: fields found whatever their shape, values decoded, addresses, ids, dates."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime

from detection.correspondence.mail.charsets import decode
from detection.correspondence.mail.limits import DEFAULT_LIMITS, MailLimits
from detection.correspondence.records import Address

_FIELD = re.compile(rb"^([!-9;-~]{1,200})[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)", re.M)
_FOLD = re.compile(r"\r?\n[ \t]*")
#: RFC 2047, with RFC 2231's language and the blanks that senders wrongly leave inside.
_WORD = re.compile(
    r"=\?([^?*\s]{1,60})(?:\*[^?]{0,60})?\?([bBqQ])\?([^?]{0,2000}(?:\?(?!=)[^?]{0,200}){0,8})\?="
)
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
_MESSAGE_ID = re.compile(r"<\s*([^<>\s]{1,995})\s*>")
_BARE_ID = re.compile(r"[^\s<>,;@]{1,200}@[^\s<>,;]{1,300}")
_ADDRESS = re.compile(r"[^\s<>,;:()\[\]\"'@]{1,100}@[^\s<>,;:()\[\]\"']{1,250}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
#: Archives of mailing lists write "ann at x.example (Ann Lee)".
_HIDDEN_AT = re.compile(r"^\s*(\S{1,100}) at (\S{1,250}\.\S{1,60}?)(\s+\(.{0,300}\))?\s*$")


class Headers:
    """The fields of one block in their order; names are compared in lower case."""

    def __init__(self, raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._fields: dict[str, list[bytes]] = {}
        for found in _FIELD.finditer(raw):
            name = found.group(1).decode("ascii").lower()
            self._fields.setdefault(name, []).append(found.group(2))

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def raw(self, name: str) -> str:
        """First value of a field, unfolded but not decoded; empty where there is none."""
        values = self._fields.get(name)
        if not values:
            return ""
        return self._unfolded(values[0])

    def text(self, name: str) -> str:
        """First value of a field that is not blank, decoded, in one line."""
        for value in self._fields.get(name, ()):
            if text := " ".join(decoded_words(self._unfolded(value)).split()):
                return text
        return ""

    def all(self, name: str) -> list[str]:
        """Every value of a field, unfolded."""
        return [self._unfolded(value) for value in self._fields.get(name, ())]

    def addresses(self, name: str) -> tuple[Address, ...]:
        """Everybody whom the field names, in order, each once."""
        return addresses_of(self.all(name), self._limits)

    def ids(self, name: str) -> tuple[str, ...]:
        """Message ids in the field, in order, each once; the last ones of a very long list."""
        found: dict[str, None] = {}
        for value in self.all(name):
            found.update(dict.fromkeys(message_ids(value)))
        return tuple(found)[-self._limits.references :]

    def _unfolded(self, value: bytes) -> str:
        text = decode(value[: self._limits.header_chars].strip())[0]
        return _FOLD.sub(" ", text) if "\n" in text else text


def message_ids(value: str) -> Iterator[str]:
    """Ids of a header value: those in angle brackets, else bare ones.

    >>> list(message_ids("<a@x> <b@x>")), list(message_ids("your mail of today a@x"))
    (['a@x', 'b@x'], ['a@x'])
    """
    found = _MESSAGE_ID.findall(value)
    yield from found or (_BARE_ID.findall(value) if "@" in value else ())


def decoded_words(value: str) -> str:
    """A header value with its encoded words decoded (RFC 2047); broken ones stand as they are.

    Neighbouring words of one set are joined before decoding: senders cut characters in two.

    >>> decoded_words("=?UTF-8?Q?Caf=C3?= =?UTF-8?Q?=A9?= =?utf-8?b?IQ==?= now")
    'Café! now'
    """
    if "=?" not in value:
        return _CONTROL.sub("", value)
    value = _BETWEEN_WORDS.sub(r"\1", value)
    parts: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(value):
        if word.start() > end or word.group(1).lower() != charset:
            parts.append(decode(pending, charset)[0])
            pending = b""
        parts.append(value[end : word.start()])
        charset, end = word.group(1).lower(), word.end()
        pending += _word_bytes(word.group(2), word.group(3))
    parts.append(decode(pending, charset)[0])
    parts.append(value[end:])
    return _CONTROL.sub("", "".join(parts))


def _word_bytes(encoding: str, content: str) -> bytes:
    raw = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return binascii.a2b_qp(raw.replace(b" ", b"_"), header=True)
    return from_base64(raw)


def from_base64(raw: bytes) -> bytes:
    """Bytes of base64 with stray characters skipped and lacking padding made good.

    >>> from_base64(b"aGk"), from_base64(b"aG\\n k=!"), from_base64(b"a")
    (b'hi', b'hi', b'')
    """
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        kept = raw.translate(None, _NOT_BASE64)
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


def addresses_of(values: Iterable[str], limits: MailLimits = DEFAULT_LIMITS) -> tuple[Address, ...]:
    """Everybody named by header values such as ``Ann <ann@x.example>, bob@y.example``.

    >>> addresses_of(["Lee, Ann <Ann@X.example>"])
    (Address(name='Lee, Ann', address='ann@x.example'),)
    """
    found: dict[Address, None] = {}
    for value in values:
        if not value:
            continue
        # Outlook parts people by semicolons.
        for name, address in _named(value.replace(";", ",")):
            one = _address(name, address)
            if one is not None:
                found.setdefault(one)
            if len(found) >= limits.addresses:
                return tuple(found)
    return tuple(found)


#: "Lee, Ann <a@x>": one person, not two.
_UNQUOTED_COMMA = re.compile(r"(^|>\s*,\s*)([^\"<>,@=]{1,60},[^\"<>,@=]{1,60}?)\s*<(?=[^<>]*@)")
#: One simple mailbox of a list: a name in quotes or without, then the address; most are so.
_SIMPLE = re.compile(
    r"\s*(?:(?:\"([^\"\\]*)\"|([^<>\"(),:;@\\\[\]]*?))\s*<([^<>\s@,\"]+@[^<>\s@,\"]+)>"
    r"|([^<>\s@,\"():;]+@[^<>\s@,\"():;]+))\s*(?:,|$)"
)
#: Characters of a list up to which the standard library reads it: its time grows with the square.
_CAREFUL = 8_000
#: Where Python's reading is strict by default, one odd address would hide all others.
_LENIENT = {"strict": False} if "strict" in (getaddresses.__kwdefaults__ or {}) else {}


def _named(value: str) -> list[tuple[str, str]]:
    """Names and addresses; the general reading only where the simple one does not fit."""
    if "@" not in value:
        value = _HIDDEN_AT.sub(r"\1@\2\3", value)
        if "@" not in value:
            # A name alone, or a group without members ("undisclosed-recipients:;").
            return [] if ":" in value else [(value.strip(), "")]
    found, position = [], 0
    while position < len(value):
        one = _SIMPLE.match(value, position)
        if one is None or one.end() == position:
            # Outlook leaves names with commas unquoted.
            if len(value) > _CAREFUL:
                return [("", address) for address in _ADDRESS.findall(value)]
            try:
                return getaddresses([_UNQUOTED_COMMA.sub(r'\1"\2" <', value)], **_LENIENT)
            except (RecursionError, IndexError, ValueError, TypeError):
                # Hundreds of brackets within one another, for one.
                return [("", address) for address in _ADDRESS.findall(value)]
        quoted, bare, bracketed, alone = one.groups()
        found.append((quoted or bare or "", bracketed or alone))
        position = one.end()
    return found


def _address(name: str, address: str) -> Address | None:
    shown = " ".join(decoded_words(name).split()).strip("\"' ") or None
    address = decoded_words(address).strip().strip("\"'<>")
    if "@" not in address:
        inside = _ADDRESS.search(shown or "")
        if inside:
            return Address(None, inside.group().lower())
        shown = shown or address or None
        return Address(shown, None) if shown else None
    if shown and shown.lower() == address.lower():
        shown = None
    return Address(shown, address.lower())


def utc_date(value: str) -> datetime | None:
    """A ``Date`` header as UTC; without a zone it is taken as UTC; None where it is no date.

    >>> utc_date("Mon, 2 Apr 2012 18:22:10 +0400")
    datetime.datetime(2012, 4, 2, 14, 22, 10, tzinfo=datetime.timezone.utc)
    """
    if not value:
        return None
    try:
        read = parsedate_to_datetime(value)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    # Years of two digits and the epoch's zero are clocks that were never set.
    return read if 1971 <= read.year <= 2100 else None
