"""Spelling of words: one script, one form for each sound, one form for each ending.

What two writers of one name disagree on without meaning anything by it: case, accents, scripts,
"ph" or "f", one letter or two, plural or singular. ``fold`` maps such spellings to one form. The
form is for comparison only; it is no word of any language and is never shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: Letters that decomposition leaves whole, and the scripts most met in company registers, by the
#: usual romanisation of each letter (BGN/PCGN for Cyrillic, ELOT 743 for Greek, simplified).
LETTERS = str.maketrans({
    "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "c", "ђ": "dj", "џ": "dz",
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i",
    "κ": "k", "λ": "l", "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s",
    "ς": "s", "τ": "t", "υ": "y", "φ": "f", "χ": "ch", "ψ": "ps", "ω": "o",
})  # fmt: skip

#: (pattern, replacement), in this order: spellings of one sound in the languages of company names.
_SOUNDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ph", "f"),
        (r"sch", "sh"),
        (r"(?<=[aeou])h(?=[^aeiouy]|$)", ""),
        (r"th", "t"),
        (r"kh|ck|qu|q", "k"),
        (r"e?ij|e?j(?=[^aeiou]|$)|ei|ey|y", "i"),
        (r"x", "ks"),
        (r"c(?=[ei])", "s"),
        (r"c(?!h)", "k"),
        (r"[zß]", "s"),
        (r"w", "v"),
        (r"oe(?=[^ aeiou])|ou", "o"),
        (r"ae|ue", lambda m: m.group()[0]),
        (r"(.)\1+", r"\1"),
    )
)
#: Endings that turn a word into its plural, trade or adjective, longest first.
_ENDINGS = ("ikals", "ikal", "ies", "ie", "es", "s", "i", "e")


@lru_cache(maxsize=131_072)
def plain(text: str) -> str:
    """``text`` in lower-case Latin letters without accents.

    >>> plain("Société Générale"), plain("Филипс")
    ('societe generale', 'filips')
    """
    text = text.lower()
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text.translate(LETTERS)


@lru_cache(maxsize=262_144)
def sound(word: str) -> str:
    """A plain word by its sound, endings kept.

    >>> sound("philips") == sound("filips"), sound("electronics") == sound("ehlektroniks")
    (True, True)
    """
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=262_144)
def fold(word: str) -> str:
    """A plain word by its sound, without its ending; numbers and short words stay as they are.

    >>> fold("industries") == fold("industry"), fold("koninklijke") == fold("koninkleijke")
    (True, True)
    """
    if not word.isalpha() or len(word) < 4:
        return word
    folded = sound(word)
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 3:
            return folded[: -len(ending)]
    return folded
