"""Names of companies and domains in the one form by which they are compared.

The warehouse holds the same rule as a SQL macro; ``COMPANY_NAME_EXAMPLES`` is the pair list a test
compares the two on.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

#: Legal forms dropped from the end of a name, after normalisation (lower case, no punctuation).
LEGAL_SUFFIXES: tuple[str, ...] = (
    "inc", "incorporated", "corp", "corporation", "co", "company", "llc", "llp", "lp", "ltd",
    "limited", "plc", "gmbh", "ag", "kg", "se", "sa", "sas", "sarl", "srl", "spa", "bv", "nv",
    "ab", "as", "asa", "oy", "oyj", "aps", "pty", "pte", "kk", "sl", "dac", "pvt",
)  # fmt: skip

#: (name as written, normalised): shared with the test of the SQL macro.
COMPANY_NAME_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Acme Robotics, Inc.", "acme robotics"),
    ("ACME ROBOTICS LLC", "acme robotics"),
    ("Café Lumière S.A.S.", "cafe lumiere"),
    ("The Larkspur Company", "larkspur"),
    ("Brightwell & Sons Ltd", "brightwell and sons"),
    ("Orbvane.io", "orbvaneio"),
    ("Tamforge Holdings Pte. Ltd.", "tamforge holdings"),
    ("Fjord Straße AG", "fjord straße"),
    ("", ""),
)

_NOT_WORD = re.compile(r"[^\w]+|_+")
_SUFFIXES = frozenset(LEGAL_SUFFIXES)


@lru_cache(maxsize=65_536)
def normalize_company_name(name: str) -> str:
    """A company's name for comparison: lower case, no accents, punctuation or legal form.

    The rule, step by step (the warehouse's macro follows it): "&" becomes "and"; dots and
    apostrophes go ("S.A.S." is "sas"); case and accents go; other punctuation becomes a blank;
    legal suffixes go from the end, with an "and" before them, and a leading "the", as long as a
    word remains. Idempotent.
    """
    text = name.replace("&", " and ").replace(".", "").replace("'", "").replace("’", "")
    text = text.lower()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    words = _NOT_WORD.sub(" ", text).split()
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1] == "and"):
        words = words[:-1]
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    return " ".join(words)


@cache
def _extractor():
    import tldextract

    # The list inside the package: nothing is fetched and nothing is written.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65_536)
def normalize_domain(value: str | None) -> str | None:
    """Registered domain of a URL, host or e-mail address, lower case; None when there is none.

    >>> normalize_domain("https://www.Example.co.uk/about")
    'example.co.uk'
    """
    if not value:
        return None
    text = value.strip().lower()[:2048]
    if "@" in text and "/" not in text:
        text = text.rsplit("@", 1)[1]
    try:
        found = _extractor()(text)
    except (ValueError, UnicodeError):
        return None
    if not found.domain or not found.suffix:
        return None
    domain = f"{found.domain}.{found.suffix}"
    if not re.fullmatch(r"[\w.-]+", domain):
        return None
    return domain


def slug(name: str) -> str:
    """A name as part of an id or address: normalised, words joined by hyphens."""
    return normalize_company_name(name).replace(" ", "-")
