"""Compiled patterns are made once and read back afterwards; what cannot be read is made anew."""

from __future__ import annotations

import pytest

from detection import compiled

hyperscan = pytest.importorskip("hyperscan")


class Kept(dict):
    """A cache in memory."""

    put = dict.__setitem__


@pytest.fixture
def kept():
    cache = Kept()
    compiled.keep_in(cache)
    yield cache
    compiled.keep_in(None)


def hits(database, text: bytes) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    database.scan(text, match_event_handler=lambda n, start, end, *_: found.append((n, end)))
    return found


def test_a_kept_database_finds_what_the_first_one_found(kept, monkeypatch):
    patterns = [rb"\bjava\b", b"rust"]
    first = hits(compiled.database_of(hyperscan, patterns), b"rust and java")
    assert first == [(1, 4), (0, 13)]
    assert len(kept) == 1
    monkeypatch.setattr(hyperscan, "Database", None)  # compiling would fail now
    assert hits(compiled.database_of(hyperscan, patterns), b"rust and java") == first


def test_other_patterns_are_another_database(kept):
    compiled.database_of(hyperscan, [b"java"])
    compiled.database_of(hyperscan, [b"rust"])
    assert len(kept) == 2


def test_what_cannot_be_read_is_made_anew(kept):
    compiled.database_of(hyperscan, [b"java"])
    (key,) = kept
    kept[key] = b"not a database"
    assert hits(compiled.database_of(hyperscan, [b"java"]), b"java") == [(0, 4)]
    assert kept[key] != b"not a database"
