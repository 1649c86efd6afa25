"""Which pairs are worth comparing: records that share a block.

A block is a 64-bit hash of what two spellings of one company are likely to share. Several kinds of
blocks stand beside each other, so that a pair missed by one is found by another. Blocks that hold
more records than their kind allows say nothing and are left out, which bounds the pairs a record
can take part in.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ml.identity.engine import engine

#: Most records of a block by a whole key (a name, an address, a domain): the pairs of a company
#: with that many records are still wanted.
LARGEST_KEY_BLOCK = 1_000
#: Most different names of a block by a part of a name. Names are counted, not records: a company
#: with hundreds of records bears few names.
LARGEST_PART_BLOCK = 80
#: Words of fewer bits than this make no block: too many names have them.
LEAST_WORD_WEIGHT = 5
#: Letters of the beginning or end of a name that make a block, against slips of the pen elsewhere.
ENDS = 7

#: Whole keys: kind and columns.
KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name_folded",)),
    ("glued", ("name_glued",)),
    ("domain", ("domain",)),
    ("cik", ("cik",)),
    ("address", ("address_key",)),
    ("house", ("address_number", "postcode")),
    ("phone", ("phone",)),
)


def blocks(features: pa.Table) -> pa.Table:
    """Rows (block, row, part, name): every block of every row of ``features``.

    ``part``: whether the block stands for a part of a name only; ``name``: hash of the row's name.
    """
    found: list[tuple[np.ndarray, np.ndarray, bool]] = []
    for kind, columns in KEYS:
        parts = [features.column(column).cast(pa.string()) for column in columns]
        found.append((*_hashed(kind, pc.binary_join_element_wise(*parts, "|")), False))
    found.append((*_word_blocks(features), True))
    glued = features.column("name_glued")
    long = pc.if_else(pc.greater_equal(pc.utf8_length(glued), ENDS + 1), glued, None)
    found.append((*_hashed("start", pc.utf8_slice_codeunits(long, 0, ENDS)), True))
    found.append((*_hashed("end", pc.utf8_slice_codeunits(long, -ENDS)), True))
    # First letters meet the names that are these letters ("ibm").
    found.append((*_hashed("glued", features.column("name_acronym")), False))
    rows = np.concatenate([f[1] for f in found])
    names = np.zeros(features.num_rows, dtype=np.uint64)
    hashes, told = _hashed("", features.column("name_folded"))
    names[told] = hashes
    return pa.table(
        {
            "block": np.concatenate([f[0] for f in found]).view(np.int64),
            "row": rows,
            "name": names[rows].view(np.int64),
            "part": np.concatenate([np.full(len(f[0]), f[2]) for f in found]),
        }
    )


def _hashed(kind: str, values: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    rows = np.flatnonzero(np.asarray(pc.is_valid(values)))
    told = values.drop_null()
    if isinstance(told, pa.ChunkedArray):
        told = told.combine_chunks()
    encoded = pc.dictionary_encode(told)
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    words = encoded.dictionary.to_pylist()
    hashes = np.fromiter((_hash(kind, word) for word in words), np.uint64, len(words))
    return hashes[np.asarray(encoded.indices)] if len(words) else hashes, rows.astype(np.int64)


def _hash(kind: str, word: str) -> int:
    digest = hashlib.blake2b(f"{kind}:{word}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _word_blocks(features: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    codes = features.column("name_codes").combine_chunks()
    if isinstance(codes, pa.ChunkedArray):
        codes = pa.concat_arrays(codes.chunks) if codes.num_chunks else codes.type
    rows = np.asarray(pc.list_parent_indices(codes)).astype(np.int64)
    values = np.asarray(pc.list_flatten(codes)).astype(np.uint64)
    telling = (values & np.uint64(15)) >= LEAST_WORD_WEIGHT
    # Spread over 64 bits, away from the hashes of other kinds.
    spread = values[telling] * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0xD1B54A32D192ED03)
    return spread, rows[telling]


def pairs(found: pa.Table, new: np.ndarray | None = None) -> pa.Table:
    """Distinct pairs (left < right, row numbers) of rows that share a block.

    ``new``: rows of which at least one must be in a pair; all when None.
    """
    if new is not None:
        return _with_new(found, new)
    with engine() as connection:
        connection.register("found", found)
        return connection.sql(
            f"""
            with sized as (
                select block
                from found
                group by block
                having count(*) between 2 and {LARGEST_KEY_BLOCK}
                    and (not bool_or(part) or count(distinct name) <= {LARGEST_PART_BLOCK})
            ),
            kept as materialized (
                select found.block, found.row
                from found
                inner join sized on found.block = sized.block
            )
            select distinct l.row as left_row, r.row as right_row
            from kept as l
            inner join kept as r on l.block = r.block and l.row < r.row
            """
        ).to_arrow_table()


def _with_new(found: pa.Table, new: np.ndarray) -> pa.Table:
    """As ``pairs``, from the new rows outwards: what is known is not paired with itself, so that a
    day does not cost the square of what its blocks have come to hold, nor a query's set-up."""
    rows = np.asarray(found.column("row"))
    _, block = np.unique(np.asarray(found.column("block")), return_inverse=True)
    kept = telling(block, np.asarray(found.column("part")), np.asarray(found.column("name")))
    size = np.bincount(block)
    inside = kept[block]
    order = np.argsort(block[inside], kind="stable")
    block, rows = block[inside][order], rows[inside][order]
    fresh = np.flatnonzero(np.isin(rows, new))
    lengths = size[block[fresh]]
    begins = np.searchsorted(block, block[fresh])
    other = rows[ranges(begins, lengths)]
    one = np.repeat(rows[fresh], lengths)
    differ = one != other
    one, other = one[differ], other[differ]
    above = int(rows.max()) + 1 if len(rows) else 1
    told = np.unique(np.minimum(one, other) * above + np.maximum(one, other))
    return pa.table({"left_row": told // above, "right_row": told % above})


def telling(block: np.ndarray, part: np.ndarray, name: np.ndarray) -> np.ndarray:
    """Whether each block (numbered from 0) holds several records and not too many."""
    size = np.bincount(block)
    by_part = np.zeros(len(size), dtype=bool)
    by_part[block[part]] = True
    kept = (size >= 2) & (size <= LARGEST_KEY_BLOCK)
    # As many names as records at most: only larger blocks need their names counted.
    large = np.flatnonzero((by_part & kept & (size > LARGEST_PART_BLOCK))[block])
    holder, name = block[large], name[large]
    order = np.lexsort((name, holder))
    holder, name = holder[order], name[order]
    another = np.ones(len(name), dtype=bool)
    another[1:] = (name[1:] != name[:-1]) | (holder[1:] != holder[:-1])
    return kept & (np.bincount(holder[another], minlength=len(size)) <= LARGEST_PART_BLOCK)


def ranges(begins: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """Positions of several slices, one slice behind the other."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(begins - before, lengths) + np.arange(lengths.sum())
