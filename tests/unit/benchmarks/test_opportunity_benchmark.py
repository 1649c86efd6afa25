"""The benchmark of correspondence: it counts what it was given, and both sides see all of it."""

from __future__ import annotations

from benchmarks.opportunities import correspondence, count, plainly, run


def test_both_sides_read_every_source() -> None:
    raw = correspondence(200)
    assert 160 <= count(raw) <= 240
    assert sum(len(found) for found in plainly(raw).values()) == count(raw)


def test_figures_bear_their_size_and_opportunities() -> None:
    figures = run((1000,))
    name = "correspondence.sources_per_second.1k"
    assert list(figures) == [name, f"{name}.two_processes"]
    assert "169 opportunities" in str(figures[name]["unit"])
    assert all(float(str(row["value"])) > 0 for row in figures.values())
