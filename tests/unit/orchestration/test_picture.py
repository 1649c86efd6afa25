"""The picture of the graph leaves out what a longer way says, and loses no way."""

from __future__ import annotations

from orchestration.picture import _reduced


def test_what_a_longer_way_says_is_left_out():
    assert _reduced({("a", "b"), ("b", "c"), ("a", "c")}) == {("a", "b"), ("b", "c")}


def test_a_cycle_keeps_a_way_into_each_of_its_groups():
    # b and c lead to each other, so each of the edges from a is said by a way over the other.
    kept = _reduced({("a", "b"), ("a", "c"), ("b", "c"), ("c", "b")})
    assert {("b", "c"), ("c", "b")} < kept
    assert len(kept & {("a", "b"), ("a", "c")}) == 1
