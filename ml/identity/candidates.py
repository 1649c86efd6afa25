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
    with engine() as connection:
        connection.register("given", found)
        connection.execute("create table found as select block, row, part, name from given")
        joined = """
            from kept as l
            inner join kept as r on l.block = r.block and l.row < r.row
            """
        if new is not None:
            # From the new rows outwards: what is known is not paired with itself, so that a day
            # does not cost the square of what its blocks have come to hold.
            connection.register("fresh", pa.table({"row": new}))
            joined = """
            from (select * from kept where row in (select row from fresh)) as one
            inner join kept as other on one.block = other.block and one.row <> other.row
            """
        left, right = ("l.row", "r.row") if new is None else (
            "least(one.row, other.row)", "greatest(one.row, other.row)"
        )  # fmt: skip
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
            select distinct {left} as left_row, {right} as right_row
            {joined}
            """
        ).to_arrow_table()
