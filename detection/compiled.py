"""Compiled databases of patterns: what takes seconds to make is kept between processes.

Belongs here: the shape of the store that a caller may give, and reading a kept database back. Does
not belong here: which patterns there are, and where the store lies (``assets.fingerprints``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Protocol


class Cache(Protocol):
    """Where compiled databases are kept between processes."""

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None when nothing is."""

    def put(self, key: str, value: bytes) -> None:
        """Keep a value."""


_cache: Cache | None = None


def keep_in(cache: Cache | None) -> None:
    """Where this process keeps what its readers compile and learn (``detection.learned``)."""
    global _cache
    _cache = cache


def kept_in() -> Cache | None:
    """Where this process keeps what takes long to make; None where it keeps nothing."""
    return _cache


def cache_key(version: str, patterns: Iterable[str]) -> str:
    """A key that changes with the patterns and with what compiles them."""
    return hashlib.sha256("\0".join([version, *patterns]).encode()).hexdigest()


def load_database(hyperscan: Any, kept: bytes) -> Any:
    """A kept database, ready to scan; raises ``hyperscan.error`` when another machine made it."""
    database = hyperscan.loadb(kept, hyperscan.HS_MODE_BLOCK)
    database.scratch = hyperscan.Scratch(database)
    return database


def database_of(hyperscan: Any, patterns: list[bytes]) -> Any:
    """A database of patterns, numbered in their order; a kept one where there is one."""
    key = cache_key(hyperscan.__version__, (pattern.hex() for pattern in patterns))
    kept = _cache.get(key) if _cache is not None else None
    if kept is not None:
        try:
            return load_database(hyperscan, kept)
        except hyperscan.error:
            pass  # made by another machine or version: made anew
    database = hyperscan.Database()
    database.compile(
        expressions=patterns, ids=list(range(len(patterns))), flags=[0] * len(patterns)
    )
    if _cache is not None:
        _cache.put(key, hyperscan.dumpb(database))
    return database
