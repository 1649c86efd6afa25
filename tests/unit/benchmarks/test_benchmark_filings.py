"""The filing benchmark's own parts: invented filings, both sides, the score of known ones."""

from __future__ import annotations

import json

import pytest

from benchmarks import filings
from benchmarks.filings import Side, invented_filings, run_line, seconds_of_contents
from benchmarks.measure import CommandFailedError

FILING = (
    b"<html><body><p>Item 5.02. Departure of Directors or Certain Officers</p><p>Ida Plover "
    b"resigned as President.</p><p>Item 9.01. Financial Statements and Exhibits</p></body></html>"
)


def test_invented_filings_are_read_item_by_item() -> None:
    found = run_line(invented_filings(8))
    assert len(found.found) == 8
    assert all(codes for codes in found.found.values())
    assert found.cpu_seconds > 0


def test_what_cannot_be_read_gives_no_item() -> None:
    side = run_line({"a": FILING, "b": b""})
    assert side.found == {"a": {"5.02", "9.01"}, "b": set()}
    assert set(seconds_of_contents({"a": FILING, "b": b""})) == {"executives", "events"}


def test_both_sides_are_scored_where_items_are_known(monkeypatch, tmp_path) -> None:
    raw, known = tmp_path / "sec" / "8k_raw", tmp_path / "sec" / "8k_items"
    raw.mkdir(parents=True)
    known.mkdir()
    (raw / "1_8K_2010_1.htm").write_bytes(FILING)
    told = {"item_5.02": "text", "item_9.01": "text", "filename": "x"}
    (known / "1_8K_2010_1.json").write_text(json.dumps(told))
    monkeypatch.setattr(filings, "run_peer", lambda *_: Side(2.0, {"1_8K_2010_1.htm": {"5.02"}}))
    results = filings.run(tmp_path, tmp_path, python=tmp_path)
    assert results["filings.item_set_f1"]["value"] == 1.0
    assert results["filings.item_set_f1"]["peer"] == pytest.approx(2 / 3, abs=1e-4)
    assert results["filings.per_cpu_second"]["peer"] == 0.5
    assert results["filings.ratio_to_peer"]["value"] > 1
    assert results["filings.per_cpu_second"]["unit"] == "real filings/CPU s"


def test_a_peer_that_cannot_run_says_so(tmp_path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho no such library >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(CommandFailedError, match="no such library"):
        filings.run_peer({"a": FILING}, broken, tmp_path / "asked")
