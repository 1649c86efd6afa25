"""Rows set aside are kept once, with their reason, and survive a second run."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.quarantine import (
    EXCERPT_LENGTH,
    GATES,
    QUARANTINE,
    Quarantine,
    excerpt_of,
    set_aside,
)

DAY = date(2026, 11, 20)
FIRST = datetime(2026, 11, 20, 8, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 9, tzinfo=UTC)


def row(record_id="r1", *, gate="fetch", stream="jobs", rule="truncated_json", at=FIRST, **more):
    return set_aside(
        gate, "greenhouse", stream, record_id, rule, "answer ends early", quarantined_at=at, **more
    )


def test_add_is_idempotent_and_keeps_the_first_time(tmp_path):
    quarantine = Quarantine(tmp_path)
    written = quarantine.add("fetch", DAY, [row("a"), row("b"), row("a")])
    assert (written.rows, written.new_rows) == (2, 2)
    again = quarantine.add("fetch", DAY, [row("b", at=LATER), row("c", at=LATER)])
    assert (again.rows, again.new_rows) == (3, 1)
    times = {r["record_id"]: r["quarantined_at"] for r in quarantine.read().to_pylist()}
    assert times == {"a": FIRST, "b": FIRST, "c": LATER}
    assert (tmp_path / "fetch" / "2026-11-20" / "part.parquet").exists()


def test_nothing_to_set_aside_writes_nothing(tmp_path):
    assert Quarantine(tmp_path).add("fetch", DAY, []) is None
    assert not list(tmp_path.iterdir())


def test_ensure_makes_every_gate_readable(tmp_path):
    quarantine = Quarantine(tmp_path)
    quarantine.ensure()
    assert {p.parent.name for p in tmp_path.glob("*/schema.parquet")} == set(GATES)
    assert quarantine.read().schema.equals(QUARANTINE)
    assert quarantine.read().num_rows == 0


def raw(record_id, suite="greenhouse/jobs", at=FIRST):
    return row(record_id, gate="raw", rule=f"{suite}: title", at=at)


def test_settle_releases_what_passes_now_and_leaves_other_suites(tmp_path):
    quarantine = Quarantine(tmp_path)
    both = ["greenhouse/jobs", "greenhouse/boards"]
    quarantine.settle("raw", DAY, both, [raw("a"), raw("b"), raw("x", "greenhouse/boards")])
    quarantine.settle("raw", DAY, ["greenhouse/jobs"], [raw("b", at=LATER)])
    found = {r["record_id"]: (r["rule"], r["quarantined_at"]) for r in _rows(quarantine)}
    assert found == {
        "x": ("greenhouse/boards: title", FIRST),
        "b": ("greenhouse/jobs: title", FIRST),
    }
    assert quarantine.settle("raw", DAY, ["greenhouse/jobs"], [raw("b", at=LATER)]) is None


def _rows(quarantine):
    return quarantine.read("raw").to_pylist()


def test_settle_refuses_rules_of_other_suites(tmp_path):
    with pytest.raises(ValueError, match="belongs to none of"):
        Quarantine(tmp_path).settle("raw", DAY, ["lever/jobs"], [raw("a")])


def test_unknown_gate_and_severity_and_foreign_rows_are_refused(tmp_path):
    with pytest.raises(ValueError, match="quarantine gate is 'nowhere'"):
        row(gate="nowhere")
    with pytest.raises(ValueError, match="severity is 'bad'"):
        row(severity="bad")
    with pytest.raises(ValueError, match="was given to gate 'raw'"):
        Quarantine(tmp_path).add("raw", DAY, [row()])


def test_summary_counts_by_rule(tmp_path):
    quarantine = Quarantine(tmp_path)
    quarantine.add("fetch", DAY, [row("a"), row("b", at=LATER), row("c", rule="html_instead")])
    counts = quarantine.summary()
    assert [(c.rule, c.rows, c.last_quarantined_at) for c in counts] == [
        ("truncated_json", 2, LATER),
        ("html_instead", 1, FIRST),
    ]
    assert quarantine.summary(days=[date(2026, 1, 1)]) == []


def test_excerpt_of_a_big_page_is_short():
    page = b"<html>" + b"\xff" * 10_000_000
    text = excerpt_of(page)
    assert len(text) == EXCERPT_LENGTH
    assert text.startswith("<html>�")


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(), st.binary(), st.just("\ud800 lone"), st.just("a\nb\x00c")))
def test_any_excerpt_can_be_stored(tmp_path_factory, value):
    quarantine = Quarantine(tmp_path_factory.mktemp("q"))
    quarantine.add("fetch", DAY, [row("r\udc80", excerpt=value)])
    stored = quarantine.read("fetch").to_pylist()[0]["excerpt"]
    assert len(stored) <= EXCERPT_LENGTH
    assert "\n" not in stored
    json.dumps(stored).encode("utf-8")
