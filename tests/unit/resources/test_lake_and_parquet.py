from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources import parquet
from resources.lake import ENVELOPE, Lake, Record, content_sha256, to_table
from resources.parquet import Dataset, write_table

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAY = date(2026, 6, 15)
SCHEMA = pa.schema([pa.field("id", pa.string(), nullable=False), pa.field("n", pa.int64())])


def record(identifier: str = "a", payload: str = "{}", at: datetime = NOON, **more) -> Record:
    return Record("press", "articles", identifier, at, at, "https://x.example", payload, **more)


def dataset(tmp_path) -> Dataset:
    return Dataset(str(tmp_path / "set"), SCHEMA, ("id",))


def table(*rows: tuple[str, int]) -> pa.Table:
    return pa.table({"id": [r[0] for r in rows], "n": [r[1] for r in rows]}, schema=SCHEMA)


def test_hash_covers_payload_and_body_apart():
    assert content_sha256("ab") != content_sha256("a", b"b")
    assert content_sha256("a", b"") != content_sha256("a")
    assert record(payload="x", body=b"y").payload_sha256 == content_sha256("x", b"y")


def test_merge_keeps_what_is_stored_and_never_doubles(tmp_path):
    rows = dataset(tmp_path)
    assert rows.merge(DAY, table(("a", 1), ("b", 2))).new_rows == 2
    again = rows.merge(DAY, table(("a", 9), ("c", 3), ("c", 4)))
    assert (again.rows, again.new_rows) == (3, 1)
    assert rows.read().to_pylist() == [
        {"id": "a", "n": 1},
        {"id": "b", "n": 2},
        {"id": "c", "n": 3},
    ]


def test_merge_of_nothing_new_leaves_the_file_alone(tmp_path):
    rows = dataset(tmp_path)
    path = rows.merge(DAY, table(("a", 1))).path
    before = (tmp_path / "set" / "2026-06-15" / "part.parquet").stat().st_mtime_ns
    assert rows.merge(DAY, table(("a", 1))).new_rows == 0
    assert (tmp_path / "set" / "2026-06-15" / "part.parquet").stat().st_mtime_ns == before
    assert path.endswith("/2026-06-15/part.parquet")


# Writing files takes as long as the machine is busy.
@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=6)))
def test_any_merges_end_with_each_key_once_as_first_told(tmp_path_factory, batches):
    rows = dataset(tmp_path_factory.mktemp("merge"))
    first: dict[str, int] = {}
    for batch in batches:
        rows.merge(DAY, table(*batch))
        for identifier, n in batch:
            first.setdefault(identifier, n)
    assert {r["id"]: r["n"] for r in rows.read().to_pylist()} == first
    assert rows.read().num_rows == len(first)


def test_schema_file_makes_the_glob_match_before_the_first_row(tmp_path):
    rows = dataset(tmp_path)
    rows.ensure()
    assert pq.read_schema(tmp_path / "set" / "schema.parquet").equals(SCHEMA)
    assert rows.days() == []
    assert rows.read(columns=["n"]).schema.names == ["n"]
    wider = Dataset(str(tmp_path / "set"), SCHEMA.append(pa.field("x", pa.string())), ("id",))
    wider.ensure()
    assert pq.read_schema(tmp_path / "set" / "schema.parquet").names == ["id", "n", "x"]


def test_days_are_sorted_and_other_folders_ignored(tmp_path):
    rows = dataset(tmp_path)
    for day in (date(2026, 6, 15), date(2025, 1, 1)):
        rows.replace(day, table(("a", 1)))
    (tmp_path / "set" / "notes").mkdir()
    (tmp_path / "set" / "notes" / "part.parquet").write_bytes(b"")
    assert rows.days() == [date(2025, 1, 1), date(2026, 6, 15)]
    assert rows.read([date(2024, 1, 1)]).num_rows == 0


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    rows = dataset(tmp_path)
    rows.replace(DAY, table(("old", 1)))
    monkeypatch.setattr("resources.parquet.os.replace", _fail)
    with pytest.raises(OSError, match="disk"):
        rows.replace(DAY, table(("new", 2)))
    assert rows.read().to_pylist() == [{"id": "old", "n": 1}]
    assert [p.name for p in (tmp_path / "set" / "2026-06-15").iterdir()] == ["part.parquet"]


def _fail(*_: object) -> None:
    raise OSError("disk is full")


def test_readers_never_see_half_a_file(tmp_path):
    rows = dataset(tmp_path)
    rows.replace(DAY, table(*((str(i), 0) for i in range(2000))))
    stop, seen, errors = threading.Event(), set(), []

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(len(set(rows.read().column("n").to_pylist())))
            except Exception as error:
                errors.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(15):
        rows.replace(DAY, table(*((str(i), n) for i in range(2000))))
    stop.set()
    reader.join()
    assert errors == []
    assert seen == {1}


def test_object_stores_are_written_too():
    rows = Dataset("memory://lake-test/set", SCHEMA, ("id",))
    rows.merge(DAY, table(("a", 1)))
    assert rows.merge(DAY, table(("a", 1), ("b", 2))).new_rows == 1
    assert rows.read().num_rows == 2
    assert rows.days() == [DAY]


def test_write_table_returns_the_size(tmp_path):
    import fsspec

    path = str(tmp_path / "x" / "part.parquet")
    size = write_table(fsspec.filesystem("file"), path, table(("a", 1)))
    assert (tmp_path / "x" / "part.parquet").stat().st_size == size


def test_lake_stores_the_envelope(tmp_path):
    lake = Lake(str(tmp_path))
    written = lake.write(
        "press", "articles", DAY, [record("a", '{"t":"ü"}', body=b"\x00", media_type="text/html")]
    )
    assert (written.rows, written.new_rows) == (1, 1)
    row = lake.read("press", "articles").to_pylist()[0]
    assert row["payload"] == '{"t":"ü"}'
    assert row["body"] == b"\x00"
    assert row["fetched_at"] == NOON
    assert to_table([record()]).schema.equals(ENVELOPE)


def test_lake_versions_newest_by_fetch_time_and_as_of_a_time(tmp_path):
    lake = Lake(str(tmp_path))
    later = NOON + timedelta(days=1)
    lake.write("press", "articles", later.date(), [record("a", "new", later)])
    lake.write("press", "articles", DAY, [record("a", "old"), record("b", "only")])
    assert lake.versions("press", "articles") == {
        "a": content_sha256("new"),
        "b": content_sha256("only"),
    }
    assert lake.versions("press", "articles", until=NOON)["a"] == content_sha256("old")
    assert lake.newest("press", "articles") == later
    assert lake.newest("press", "nothing") is None
    assert lake.versions("press", "nothing") == {}


def test_lake_makes_declared_streams_readable(tmp_path):
    Lake(str(tmp_path)).ensure([("crm", "accounts"), ("press", "articles")])
    assert pq.read_schema(tmp_path / "crm" / "accounts" / "schema.parquet").equals(ENVELOPE)


def test_rows_join_a_large_partition_without_holding_it(tmp_path: Path, monkeypatch) -> None:
    schema = pa.schema([("id", pa.string()), ("body", pa.binary())])
    monkeypatch.setattr(parquet, "GROUP_BYTES", 100_000)
    rows = Dataset(f"{tmp_path}/mails", schema, ("id",))

    def batch(first: int) -> pa.Table:
        ids = [f"{n:05d}" for n in range(first, first + 40)]
        # Bodies that are alike: the file is small, its rows are not.
        return pa.table({"id": ids, "body": [n.encode() * 2_000 for n in ids]}, schema)

    held: list[int] = []
    read = Dataset.read
    monkeypatch.setattr(
        Dataset, "read", lambda *a, **k: (held.append((t := read(*a, **k)).nbytes), t)[1]
    )
    parts = [batch(first) for first in range(0, 400, 40)]
    for part in parts:
        assert rows.merge(DAY, part).new_rows == 40
    again = rows.merge(DAY, parts[3])
    assert (again.new_rows, again.rows) == (0, 400)
    # The bodies of 4 MB were never read together: keys, and a first file below the limit.
    assert max(held) < 500_000
    file = pq.ParquetFile(rows.partition_path(DAY))
    assert file.num_row_groups >= 40
    assert file.read().equals(pa.concat_tables(parts).combine_chunks())
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_day_comes_group_by_group_as_it_comes_at_once(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(parquet, "GROUP_BYTES", 100)
    rows = dataset(tmp_path)
    assert list(rows.groups(DAY)) == []
    rows.merge(DAY, table(*((f"{n:03d}", n) for n in range(50))))
    groups = list(rows.groups(DAY, ["id"]))
    assert len(groups) > 5
    assert pa.concat_tables(groups).equals(rows.read([DAY], ["id"]))
