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
    "incorporated",
    "inc",
    "corporation",
    "corp",
    "company",
    "co",
    "limited",
    "ltd",
    "llc",
    "llp",
    "lp",
    "plc",
    "pbc",
    "pc",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "ohg",
    "ug",
    "mbh",
    "ev",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "spa",
    "sl",
    "slu",
    "bv",
    "nv",
    "ab",
    "as",
    "asa",
    "aps",
    "oy",
    "oyj",
    "kk",
    "pte",
    "pty",
    "pvt",
    "private",
    "sdn",
    "bhd",
    "holdings",
    "holding",
)

#: (name as written, normalised): shared with the test of the SQL macro.
COMPANY_NAME_EXAMPLES: tuple[tuple[str, str], ...] = (
    ("Acme Robotics, Inc.", "acme robotics"),
    ("ACME ROBOTICS LLC", "acme robotics"),
    ("Café Lumière S.A.S.", "cafe lumiere"),
    ("Nordlicht Software GmbH & Co. KG", "nordlicht software"),
    ("The Larkspur Company", "larkspur"),
    ("Brightwell & Sons Ltd", "brightwell and sons"),
    ("Orbvane.io", "orbvane io"),
    ("Co", "co"),
    ("Tamforge Holdings Pte. Ltd.", "tamforge"),
    ("Straße AG", "strasse"),
    ("", ""),
)

_DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_SUFFIXES = frozenset(LEGAL_SUFFIXES)


@lru_cache(maxsize=65_536)
def normalize_company_name(name: str) -> str:
    """A company's name for comparison: lower case, no accents, punctuation or legal form.

    The rule, step by step (the SQL macro follows it): fold case and accents; "&" and "+" between
    words become "and"; letters separated by dots join ("S.A.S." is "sas"); other punctuation
    becomes a blank; a leading "the" goes; legal suffixes go from the end, with an "and" before
    them, as long as a word remains. Idempotent.
    """
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
    text = text.replace("&", " and ").replace("+", " and ")
    text = text.replace("'", "").replace("’", "")
    text = _DOTTED.sub("", text)
    words = _NOT_WORD.sub(" ", text).split()
    while len(words) > 1 and words[0] in ("the", "and"):
        words = words[1:]
    while len(words) > 1 and (words[-1] in _SUFFIXES or words[-1] == "and"):
        words = words[:-1]
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
