"""What linkage compares: one row a company record, and the features made of it.

``RECORD_SCHEMA`` is what a source must bring (all but key and name may be NULL); ``features`` makes
the columns that ``ml.identity.model`` compares and ``ml.identity.candidates`` blocks on. A feature
is a function of its own row and of frozen word weights only, never of other rows, so that a record
added later compares as it would have from the start.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ml.identity.addresses import phone_key, read_address
from ml.identity.names import acronym, name_words, read_name
from ml.identity.spelling import fold, plain

_TEXT = pa.string()
_TEXTS = pa.list_(pa.string())

RECORD_SCHEMA = pa.schema(
    [
        pa.field("record_key", _TEXT, nullable=False),  # source and record id
        pa.field("name", _TEXT),
        pa.field("domain", _TEXT),  # registered domain, never one that many companies share
        pa.field("cik", _TEXT),  # SEC central index key, ten digits
        pa.field("address", _TEXT),  # street line
        pa.field("postcode", _TEXT),
        pa.field("city", _TEXT),
        pa.field("country", _TEXT),
        pa.field("phone", _TEXT),
        pa.field("latitude", pa.float64()),  # degrees
        pa.field("longitude", pa.float64()),  # degrees
        pa.field("people", _TEXTS),  # names of persons the record ties to the company
        pa.field("topics", _TEXTS),  # codes of what the company does
    ]
)

#: Columns that only features have, beside ``record_key``.
FEATURE_SCHEMA = pa.schema(
    [
        pa.field("record_key", _TEXT, nullable=False),
        pa.field("name_glued", _TEXT),  # words without blanks
        pa.field("name_folded", _TEXT),  # words by sound, sorted
        pa.field("name_codes", pa.list_(pa.uint32())),  # word hash, weight in the low four bits
        pa.field("name_weight", pa.int32()),  # sum of the weights
        pa.field("name_acronym", _TEXT),
        pa.field("name_key", _TEXT),  # its most telling word by sound
        pa.field("domain", _TEXT),
        pa.field("cik", _TEXT),
        pa.field("address_key", _TEXT),
        pa.field("address_number", _TEXT),
        pa.field("street", _TEXT),
        pa.field("postcode", _TEXT),
        pa.field("city", _TEXT),
        pa.field("country", _TEXT),
        pa.field("phone", _TEXT),
        pa.field("latitude", pa.float64()),
        pa.field("longitude", pa.float64()),
        pa.field("people", _TEXTS),
        pa.field("topics", _TEXTS),
    ]
)

#: Names of an imagined background in which common words are common. It keeps weights sensible where
#: the data itself is small or repeats a few companies.
BACKGROUND_NAMES = 10_000
#: How many of them bear a word of ``common`` or of ``abbreviations``: about the share that such
#: words have in registers.
COMMON_IN_BACKGROUND = 120
MAX_WEIGHT = 12


@dataclass(frozen=True)
class WordWeights:
    """How telling a word of a name is, in bits: log2 of one in so many names that bear it."""

    names: int = 0
    #: Folded words of at least two names.
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def learn(cls, names: Iterable[str], largest: int = 50_000) -> WordWeights:
        """Count words over *distinct* names, because a company's repetitions make no word common.

        Keeps the ``largest`` counts of at least two.
        """
        distinct = {read_name(name).folded for name in set(names) if name}
        counts = Counter(word for words in distinct for word in words)
        kept = sorted(
            ((word, n) for word, n in counts.items() if n > 1), key=lambda item: (-item[1], item[0])
        )
        return cls(len(distinct), dict(kept[:largest]))

    def weight(self, word: str) -> int:
        """Bits of a folded word, 1 to ``MAX_WEIGHT``."""
        seen = self.counts.get(word, 1 if self.names else 0)
        if word in _common():
            seen += COMMON_IN_BACKGROUND
        bits = math.log2((self.names + BACKGROUND_NAMES) / (seen + 1))
        if len(word) == 1:
            bits = min(bits, 3.0)  # an initial
        return max(1, min(MAX_WEIGHT, round(bits)))


def _common() -> frozenset[str]:
    return name_words().common


def features(records: pa.Table, weights: WordWeights) -> pa.Table:
    """Features of ``records`` (columns of ``RECORD_SCHEMA``; missing ones count as NULL)."""
    size = records.num_rows

    def column(name: str) -> list:
        if name not in records.column_names:
            return [None] * size
        return records.column(name).to_pylist()

    codes: dict[str, tuple[int, int]] = {}

    def coded(words: tuple[str, ...]) -> tuple[list[int], int, str | None]:
        found, total = [], 0
        for word in words:
            known = codes.get(word)
            if known is None:
                weight = weights.weight(word)
                known = codes[word] = (zlib.crc32(word.encode()) & 0xFFFFFFF0 | weight, weight)
            found.append(known[0])
            total += known[1]
        telling = max(words, key=lambda word: (codes[word][1], len(word), word), default=None)
        return sorted(found), total, telling

    columns: dict[str, list] = {name: [] for name in FEATURE_SCHEMA.names}
    for name in column("name"):
        told = read_name(name) if name else None
        words = told.folded if told else ()
        found, total, telling = coded(words)
        columns["name_glued"].append((told.glued if told else None) or None)
        columns["name_folded"].append(" ".join(words) or None)
        columns["name_codes"].append(found or None)
        columns["name_weight"].append(total or None)
        columns["name_acronym"].append(acronym(told.words) if told else None)
        columns["name_key"].append(telling)
    for text in column("address"):
        address = read_address(text)
        columns["address_key"].append(address.key)
        columns["address_number"].append(address.number)
        columns["street"].append(address.street)
    columns["postcode"] = [_postcode(v) for v in column("postcode")]
    columns["city"] = [_word(v) for v in column("city")]
    columns["country"] = [_word(v) for v in column("country")]
    columns["phone"] = [phone_key(v) for v in column("phone")]
    columns["people"] = [_set(v, person_word_key) for v in column("people")]
    columns["topics"] = [_set(v, plain) for v in column("topics")]
    for name in ("record_key", "domain", "cik", "latitude", "longitude"):
        columns[name] = column(name)
    return pa.table(columns, schema=FEATURE_SCHEMA)


def person_word_key(name: str) -> str | None:
    """A person's name by sound, in any order and without initials; None when one word is left."""
    words = sorted({fold(w) for w in plain(name).replace(".", " ").split() if len(w) > 1})
    return " ".join(words) if len(words) > 1 else None


def _postcode(value: str | None) -> str | None:
    text = "".join(c for c in plain(value or "") if c.isalnum())
    # Nine digits are a US ZIP+4: the street's five are told by all writers.
    return (text[:5] if text.isdigit() and len(text) == 9 else text) or None


def _word(value: str | None) -> str | None:
    return plain(value).strip() or None if value else None


def _set(values: list[str] | None, key) -> list[str] | None:
    found = sorted({k for v in values or () if v and (k := key(v))})
    return found or None
