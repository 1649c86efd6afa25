"""What can be said of a pair at a glance: enough to leave most pairs of a block uncompared.

Nine of ten pairs that share a block have nothing else in common and end below any weight of use. A
sketch is a hundred bytes a record (hashes of what is compared, the words of its name, the letters
of its spelling); from two sketches follows the most that the pair can weigh. Pairs whose most is
too little are left out before their features are read. No pair that would weigh enough is lost:
where a sketch cannot tell, the best level counts.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ml.identity.model import Parameters

#: Words of a name that a sketch holds; of longer names it cannot tell which are shared.
WORDS = 6
#: Pairs looked at together.
BATCH = 500_000
#: Sums and shares may differ from those of ``scoring`` by rounding: what is this near is kept.
ROUNDING = 1e-6

#: Hashes of one value a record, 0 where it is not told: field, column and the part that counts.
_HASHED: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("glued", "name_glued", str),
    ("acronym", "name_acronym", str),
    ("stem", "domain", lambda domain: domain.partition(".")[0]),
    ("address", "address_key", str),
    ("number", "address_number", str),
    ("street", "street", str),
    ("postcode", "postcode", str),
    ("exchange", "phone", lambda phone: phone[-7:][:5]),
    ("city", "city", str),
    ("country", "country", str),
)
#: Spellings whose edits are counted.
_SPELT = ("glued", "folded")

SKETCH = np.dtype(
    [
        *((name, np.uint32) for name, _, _ in _HASHED),
        ("words", np.uint32, WORDS),  # codes of the name's words, 0 behind the last
        ("more", np.bool_),  # the name has more words than fit
        ("named", np.bool_),
        ("weight", np.int32),  # of all words
        # Which letters a spelling has once, and which twice; all ones where letters are not ASCII.
        *((f"{name}_letters", np.uint64) for name in _SPELT),
        *((f"{name}_length", np.int32) for name in _SPELT),
        ("placed", np.bool_),  # has coordinates
        ("people", np.bool_),
        ("topics", np.bool_),
    ],
    # Whole words of memory: rows are taken as such.
    align=True,
)
_SIDES = ("left_row", "right_row")
#: ``<spelling>_letters`` of what is not ASCII.
_UNSURE = np.uint64(2**64 - 1)


def sketches(features: pa.Table) -> np.ndarray:
    """One ``SKETCH`` a row of ``features``."""
    found = np.zeros(features.num_rows, dtype=SKETCH)
    for name, column, part in _HASHED:
        found[name] = _hashed(features.column(column), part)
    codes = _array(features.column("name_codes"))
    rows = np.asarray(pc.list_parent_indices(codes)).astype(np.int64)
    values = np.asarray(pc.list_flatten(codes))
    sizes = np.bincount(rows, minlength=features.num_rows)
    position = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    fits = position < WORDS
    found["words"][rows[fits], position[fits]] = values[fits]
    found["more"] = sizes > WORDS
    found["named"] = np.asarray(pc.is_valid(features.column("name_folded")))
    found["weight"] = np.asarray(pc.fill_null(features.column("name_weight"), 0))
    for name in _SPELT:
        column = _array(features.column(f"name_{name}"))
        found[f"{name}_letters"], found[f"{name}_length"] = _letters(column)
    found["placed"] = np.asarray(pc.is_valid(features.column("latitude")))
    for name in ("people", "topics"):
        found[name] = np.asarray(pc.is_valid(features.column(name)))
    return found


def rows_of(told: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Sketches of some rows: several times faster than indexing a structured array."""
    plain = told.view(np.uint64).reshape(len(told), -1)
    return np.take(plain, rows, axis=0).view(SKETCH).ravel()


def promising(told: np.ndarray, pairs: pa.Table, parameters: Parameters, least: float) -> pa.Table:
    """Those of ``pairs`` (left_row, right_row: positions in ``told``) that may weigh ``least``."""
    kept = []
    for first in range(0, pairs.num_rows, BATCH):
        some = pairs.slice(first, BATCH)
        left, right = (rows_of(told, np.asarray(some.column(s))) for s in _SIDES)
        enough = most(left, right, parameters) >= least - ROUNDING
        kept.append(some.filter(pa.array(enough)))
    return pa.concat_tables(kept) if kept else pairs


def most(left: np.ndarray, right: np.ndarray, parameters: Parameters) -> np.ndarray:
    """The most that each pair of sketches can weigh, log2 of the odds."""
    total = np.full(len(left), parameters.prior_weight)

    def same(name: str) -> np.ndarray:
        return (left[name] == right[name]) & (left[name] != 0)

    def told(name: str) -> np.ndarray:
        return (left[name] != 0) & (right[name] != 0)

    def add(comparison: str, known: np.ndarray, alike: np.ndarray) -> None:
        """Nothing where one side tells nothing; the best level where they may be alike."""
        weights = parameters.weights(comparison)
        np.add(total, np.where(alike, max(weights), weights[-1]), out=total, where=known)

    add("domain", told("stem"), same("stem"))
    add("address", told("number"), same("number") | same("address") | same("street"))
    add("postcode", told("postcode"), same("postcode"))
    add("phone", told("exchange"), same("exchange"))
    placed = left["placed"] & right["placed"]
    add("place", placed | told("city"), placed | same("city"))
    add("country", told("country"), same("country"))
    for name in ("people", "topics"):
        known = left[name] & right[name]
        add(name, known, known)
    named = left["named"] & right["named"]
    return np.add(total, _name(left, right, parameters.weights("name")), out=total, where=named)


def _name(left: np.ndarray, right: np.ndarray, weights: list[float]) -> np.ndarray:
    """The most that two names can weigh, by the levels of ``comparisons.NAME``."""
    shared = np.zeros(len(left))
    for one in range(WORDS):
        has = np.flatnonzero(left["words"][:, one])
        code = left["words"][has, one]
        met = (right["words"][has] == code[:, None]).any(axis=1)
        shared[has] += np.where(met, code & 15, 0)
    both = left["weight"] + right["weight"] - shared
    jaccard = shared / np.maximum(both, 1) + ROUNDING
    contained = shared / np.maximum(np.minimum(left["weight"], right["weight"]), 1) + ROUNDING
    initials = np.zeros(len(left), dtype=bool)
    for one, other in ((left, right), (right, left)):
        initials |= (one["glued"] == other["acronym"]) & (one["glued"] != 0)
    spelt = left["more"] | right["more"] | (jaccard >= 0.8)
    for name in _SPELT:
        letters = [side[f"{name}_letters"] for side in (left, right)]
        lengths = [side[f"{name}_length"] for side in (left, right)]
        slips = np.minimum(*lengths) // 12 + 1
        # An edit changes two of the bits at most: a letter goes, another one comes.
        few = np.bitwise_count(letters[0] ^ letters[1]) <= 2 * slips
        few &= np.abs(lengths[0] - lengths[1]) <= slips
        spelt |= few | (letters[0] == _UNSURE) | (letters[1] == _UNSURE)
    alike = (jaccard >= 0.3) | (contained >= 0.95) | initials
    return np.select(
        [spelt, alike, jaccard >= 0.15],
        [max(weights), max(weights[2:]), max(weights[6:])],
        weights[-1],
    )


def _array(values: pa.ChunkedArray) -> pa.Array:
    combined = values.combine_chunks()
    if isinstance(combined, pa.ChunkedArray):
        return (
            pa.concat_arrays(combined.chunks) if combined.num_chunks else pa.array([], values.type)
        )
    return combined


def _hashed(values: pa.ChunkedArray, part: Callable[[str], str]) -> np.ndarray:
    """32 bits of each value, 0 where there is none."""
    encoded = pc.dictionary_encode(_array(values))
    words = [zlib.crc32(part(word).encode()) or 1 for word in encoded.dictionary.to_pylist()]
    known = np.array([*words, 0], dtype=np.uint32)
    return known[np.asarray(pc.fill_null(encoded.indices, len(words)))]


def _letters(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """Bits of the letters and number of letters of each value."""
    text = pc.fill_null(values, "")
    size = len(text)
    _, ends, data = text.buffers()
    ends = np.frombuffer(ends, np.int32)[text.offset : text.offset + size + 1].astype(np.int64)
    letters = np.frombuffer(data, np.uint8)[ends[0] : ends[-1]] if data else np.empty(0, np.uint8)
    lengths = np.diff(ends)
    rows = np.repeat(np.arange(size), lengths)
    counts = np.bincount(rows * 32 + (letters & 31), minlength=size * 32).reshape(size, 32)
    places = np.arange(32, dtype=np.uint64)
    bits = (counts > 0).astype(np.uint64) << places
    bits |= (counts > 1).astype(np.uint64) << (places + np.uint64(32))
    found = np.bitwise_or.reduce(bits, axis=1)
    found[rows[letters > 127]] = _UNSURE
    return found, lengths.astype(np.int32)
