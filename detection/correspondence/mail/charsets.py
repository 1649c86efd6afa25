"""Bytes to text, whatever the sender says about their character set.

Declared sets are tried first, as senders mean them (Windows' superset of the ISO set they name);
what does not decode, or is not declared, is UTF-8, else guessed, else read with replacements.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

#: Names that mail uses, and the codec that reads what is really sent under them: browsers read
#: them so as well (WHATWG Encoding Standard, labels of windows-1252, euc-kr, gb18030, shift_jis).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "8859-1": "cp1252",
    "ansi": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_2",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
}
#: Sets under which anything may come: they say nothing.
_SAYS_NOTHING = frozenset(
    {"us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "x-unknown", "unknown", "default"}
    | {"7bit", "8bit"}
)
#: Codecs of Python that are no character sets, or that answer with text of their own making.
_NO_TEXT = frozenset(
    {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zip", "zlib", "idna", "punycode"}
    | {"raw_unicode_escape", "unicode_escape", "raw-unicode-escape", "unicode-escape", "undefined"}
)
#: Bytes that a guess looks at, and the share of bytes beyond ASCII up to which text is Western:
#: other scripts hardly have a letter within ASCII, and guesses on a few accents go wrong.
_LOOKED_AT, _WESTERN_SHARE = 8_192, 0.4
#: The marks by which HTML names its own set.
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@lru_cache(maxsize=1_024)
def codec_of(declared: str | None) -> str | None:
    """Python's codec for a declared set; None where it is unknown or says nothing.

    >>> codec_of("ISO-8859-1"), codec_of("x-unknown"), codec_of("base64")
    ('cp1252', None, None)
    """
    name = (declared or "").strip().strip("\"'").lower()[:40]
    if not name or name in _SAYS_NOTHING:
        return None
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found in _NO_TEXT else found


def decode(raw: bytes, declared: str | None = None, *, is_html: bool = False) -> tuple[str, str]:
    """Text of ``raw`` and the codec that read it; never fails.

    >>> decode(b"caf\\xe9", "iso-8859-1")
    ('café', 'cp1252')
    """
    codec = codec_of(declared)
    if codec is None and b"\x1b$" not in raw and raw.isascii():
        return raw.decode("ascii"), "ascii"
    for mark, marked in _MARKS:
        if raw.startswith(mark):
            codec = marked
            break
    if codec is None and b"\x1b$" in raw:
        codec = "iso2022_jp_2"
    if codec is None and is_html and (meta := _META.search(raw, 0, 4_096)):
        codec = codec_of(meta.group(1).decode("ascii", "replace"))
    for candidate in (codec, "utf-8"):
        if candidate:
            try:
                return raw.decode(candidate), candidate
            except (UnicodeError, ValueError):
                continue
    if codec and raw.decode(codec, "replace").count("�") <= len(raw) * 0.02:
        # A slip within a text that is otherwise what it says it is.
        return raw.decode(codec, "replace"), codec
    guessed = guess(raw)
    return raw.decode(guessed, "replace"), guessed


def guess(raw: bytes) -> str:
    """The likeliest codec of bytes that are no UTF-8: Western where few are beyond ASCII."""
    start = raw[:_LOOKED_AT]
    letters = start.translate(None, bytes(range(65)))
    if len(letters.translate(None, bytes(range(128)))) <= len(letters) * _WESTERN_SHARE:
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(start).best()
    codec = codec_of(best.encoding) if best is not None else None
    return codec or "cp1252"
