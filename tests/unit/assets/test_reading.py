"""Reading a day: several processes read what one reads, and repeating changes nothing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from assets import reading
from assets.reading import Workers, read_day
from detection.readers import READERS
from resources.lake import ENVELOPE, Lake, Record

DAY = date(2026, 3, 20)
AT = datetime(2026, 3, 20, 6, tzinfo=UTC)


def article(number: int) -> Record:
    broken = number % 50 == 0
    payload = {
        "outlet": "harbour",
        "guid": f"g{number}",
        "title": f"Quillmark {number} raises $25 million in Series B funding",
        "link": f"https://harbour.example/{number}",
        "published": "2026-03-19T08:00:00+00:00",
        "summary": "",
        "content": "",
        "author": None,
        "categories": [],
    }
    text = "[]" if broken else json.dumps(payload)
    return Record("press", "articles", f"harbour/g{number}", AT, AT, None, text)


@pytest.fixture
def lake(tmp_path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    lake.write("press", "articles", DAY, [article(number) for number in range(1, 201)])
    return lake


def test_several_processes_read_what_one_reads(lake, tmp_path, monkeypatch):
    reader = READERS["press_events"]
    with Workers(1) as one:
        alone, refused, table = read_day(reader, lake, tmp_path / "one", DAY, one)
    monkeypatch.setattr(reading, "PARALLEL_FROM_ROWS", 10)
    monkeypatch.setattr(reading, "CHUNK_ROWS", 37)
    with Workers(2, keep=True) as two:
        together, refused_too, table_too = read_day(reader, lake, tmp_path / "two", DAY, two)
        started = set(two._pool._processes)
    # The same processes, which also read what would be too little to start them for.
    monkeypatch.setattr(reading, "PARALLEL_FROM_ROWS", 1_000)
    with Workers(2, keep=True) as again:
        assert read_day(reader, lake, tmp_path / "again", DAY, again)[2].equals(table)
        assert set(again._pool._processes) == started
    spoilt = Workers(2, keep=True)
    spoilt.__enter__()
    spoilt.__exit__(RuntimeError, RuntimeError("spoilt"), None)
    # After a failure none are kept, so nobody gets a broken one.
    assert Workers._kept == {}
    assert (alone.rows, len(refused)) == (196, 4)
    assert {row.rule for row in refused} == {"payload_not_object"}
    assert (together.rows, refused_too) == (alone.rows, refused)
    assert table_too.equals(table)
    assert set(table.column("amount").to_pylist()) == {25_000_000.0}


def test_reading_again_replaces_the_partition(lake, tmp_path):
    reader = READERS["press_events"]
    with Workers(1) as workers:
        first, _, _ = read_day(reader, lake, tmp_path, DAY, workers)
        again, _, _ = read_day(reader, lake, tmp_path, DAY, workers)
    assert first == again


def test_an_empty_day_leaves_an_empty_partition(tmp_path):
    lake = Lake(str(tmp_path / "lake"))
    with Workers(1) as workers:
        written, refused, table = read_day(
            READERS["form_d_offerings"], lake, tmp_path / "out", DAY, workers
        )
    assert (written.rows, refused, table.num_rows) == (0, [], 0)
    assert lake.read("sec_edgar", "form_d").schema.equals(pa.schema(ENVELOPE))


def test_a_chunk_sends_its_own_rows_only():
    rows = pa.table({"payload": ["x" * 1_000] * 2_000})
    chunk = reading._packed(rows.slice(100, 10))
    assert len(chunk) < 20_000
    with pa.ipc.open_stream(chunk) as stream:
        assert stream.read_all().equals(rows.slice(100, 10))
