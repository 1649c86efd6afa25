"""A second run on a later day meets the same market."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox import Anchor, anchor


def test_the_first_run_anchors_a_history_that_ends_today(tmp_path) -> None:
    made = anchor(tmp_path, date(2026, 11, 21))
    assert made == Anchor(seed=7, companies=2000, start=date(2025, 5, 22), days=548)
    assert (tmp_path / "sandbox" / "market.json").exists()


def test_later_runs_keep_it_whatever_they_ask_for(tmp_path) -> None:
    first = anchor(tmp_path, date(2026, 11, 21), companies=50, days=100, seed=2)
    assert anchor(tmp_path, date(2026, 11, 25), companies=900) == first


def test_an_unusable_file_is_named_with_its_remedy(tmp_path) -> None:
    path = tmp_path / "sandbox" / "market.json"
    path.parent.mkdir()
    path.write_text('{"seed": 7}')
    with pytest.raises(ValueError, match=r"market\.json is no market's anchor.*delete it"):
        anchor(tmp_path, date(2026, 11, 21))
