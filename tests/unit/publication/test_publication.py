"""What is published is whole, audited, swapped in one step, and can be taken back."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from resources.publication import (
    FILE,
    PublicationError,
    audit,
    connect_published,
    current,
    list_publications,
    of_earlier_day,
    publish,
    rollback,
)

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


class TickingClock:
    """Each call is one minute later."""

    def __init__(self, at=START):
        self.at = at

    def __call__(self):
        self.at += timedelta(minutes=1)
        return self.at


def scalar(connection, sql):
    return connection.execute(sql).fetchall()[0][0]


def company_count(published):
    with connect_published(published) as connection:
        return scalar(connection, "SELECT count(*) FROM core.companies")


def test_publishes_tables_with_comments_and_a_manifest(warehouse, published):
    publication = publish(
        warehouse,
        published,
        3,
        as_of=date(2026, 11, 20),
        now=TickingClock(),
        required=["leads.leads"],
    )
    assert publication.rows == {
        "core.companies": 1000,
        "leads.leads": 50,
        "operations.pipeline_runs": 1,
    }
    assert publication.version.startswith("20261120T120100Z-")
    assert (publication.tables, publication.total_rows) == (3, 1051)
    assert publication.bytes == publication.path.stat().st_size
    assert os.readlink(published / "current") == publication.version
    manifest = json.loads((published / "current" / "publication.json").read_text())
    assert manifest["as_of"] == "2026-11-20"
    assert manifest["content_hash"] == publication.content_hash
    assert manifest["rows"]["leads.leads"] == 50
    with connect_published(published) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL"
        ).fetchall()
        columns = dict(
            connection.execute(
                "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() "
                "WHERE comment IS NOT NULL AND NOT internal"
            ).fetchall()
        )
        assert scalar(connection, "SELECT max(score) FROM leads.leads") == pytest.approx(7.0)
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            connection.execute("DELETE FROM core.companies")
    assert tables == [
        ("core", "companies", "One row per company; it's the firmographic base"),
        ("leads", "leads", "What a seller reads"),
        ("operations", "pipeline_runs", None),
    ]
    assert columns == {"companies.company_id": "Stable id", "leads.score": "0 to 100"}
    assert sorted(p.name for p in publication.path.parent.iterdir()) == [FILE, "publication.json"]


def test_descriptions_of_dbt_fill_in_missing_comments(warehouse, published, tmp_path):
    manifest = tmp_path / "manifest.json"
    with pytest.raises(PublicationError, match="run `dbt parse`"):
        publish(warehouse, published, 3, manifest=manifest)
    companies = {
        "resource_type": "model",
        "schema": "core",
        "name": "companies",
        "description": "not used: the warehouse has a comment",
        "columns": {"name": {"description": "As it writes itself"}, "score": {"description": ""}},
    }
    manifest.write_text(json.dumps({"nodes": {"model.x.companies": companies}}))
    publish(warehouse, published, 3, manifest=manifest)
    with connect_published(published) as connection:
        comments = connection.execute(
            "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'companies'"
        ).fetchall()
        table = scalar(
            connection, "SELECT comment FROM duckdb_tables() WHERE table_name = 'companies'"
        )
    assert dict(comments) == {
        "company_id": "Stable id",
        "name": "As it writes itself",
        "employee_count": None,
        "score": None,
    }
    assert table == "One row per company; it's the firmographic base"


def test_file_opens_in_old_clients(warehouse, published):
    path = publish(warehouse, published, 3).path
    # Bytes 12 to 19 of a DuckDB file are its storage version; 64 is the one of DuckDB 0.9 to 1.1.
    assert int.from_bytes(path.read_bytes()[12:20], "little") == 64


def test_same_content_is_not_published_twice(warehouse, published, change):
    first = publish(warehouse, published, 3, now=TickingClock())
    change(
        """
        CREATE TABLE core.shuffled AS FROM core.companies ORDER BY md5(company_id);
        DELETE FROM core.companies; INSERT INTO core.companies FROM core.shuffled;
        DROP TABLE core.shuffled;
        UPDATE core.companies SET score = score + 1e-13;
        INSERT INTO operations.pipeline_runs VALUES ('r2', TIMESTAMP '2026-11-20 09:00:00');
        """
    )
    again = publish(warehouse, published, 3, now=TickingClock(START + timedelta(hours=1)))
    assert again.unchanged
    assert again.version == first.version
    assert [p.version for p in list_publications(published)] == [first.version]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core.companies SET name = 'Other' WHERE company_id = 'c7'",
        "UPDATE core.companies SET name = NULL WHERE company_id = 'c7'",
        "INSERT INTO core.companies FROM core.companies WHERE company_id = 'c7'",
        "UPDATE core.companies SET score = score + 0.01 WHERE company_id = 'c7'",
        "ALTER TABLE core.companies RENAME COLUMN employee_count TO employees",
        "ALTER TABLE core.companies ALTER employee_count TYPE INTEGER",
        "CREATE TABLE core.people (person_id VARCHAR)",
    ],
)
def test_any_change_of_content_makes_a_new_publication(warehouse, published, change, sql):
    publish(warehouse, published, 3, now=TickingClock())
    change("DROP VIEW leads.leads; CREATE TABLE leads.leads AS SELECT 'c1' AS company_id")
    before = publish(warehouse, published, 3, now=TickingClock())
    change(sql)
    after = publish(warehouse, published, 3, now=TickingClock())
    assert not after.unchanged
    assert after.version > before.version
    assert after.content_hash != before.content_hash


def test_swapped_values_between_rows_are_seen(warehouse, published, change):
    before = publish(warehouse, published, 3)
    change(
        "UPDATE core.companies SET employee_count = CASE company_id WHEN 'c500' THEN 600 "
        "ELSE 500 END WHERE company_id IN ('c500', 'c600')"
    )
    assert publish(warehouse, published, 3).content_hash != before.content_hash


def test_keeps_the_last_and_prunes_older(warehouse, published, change):
    clock, versions = TickingClock(), []
    for n in range(5):
        change(f"INSERT INTO core.companies VALUES ('n{n}', 'New', 1, 1.0)")
        versions.append(publish(warehouse, published, 2, now=clock).version)
    assert [p.version for p in list_publications(published)] == versions[:2:-1]
    assert (
        sorted(p.name for p in published.iterdir() if p.is_dir() and not p.is_symlink())
        == (versions[3:])
    )


def test_versions_sort_although_the_clock_jumps_back(warehouse, published, change):
    first = publish(warehouse, published, 3, now=lambda: START)
    change("DELETE FROM core.companies WHERE company_id = 'c1'")
    second = publish(warehouse, published, 3, now=lambda: START - timedelta(days=40))
    assert second.version > first.version
    assert second.published_at == START + timedelta(seconds=1)
    assert current(published).version == second.version


def test_a_warehouse_with_a_log_is_refused(warehouse, published):
    warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"left by a killed writer")
    with pytest.raises(PublicationError, match=r"wal exists.*run the build again"):
        publish(warehouse, published, 3)
    assert current(published) is None


def test_a_missing_warehouse_is_refused(tmp_path, published):
    with pytest.raises(PublicationError, match=r"no warehouse at .*build it first"):
        publish(tmp_path / "none.duckdb", published, 3)


def test_a_warehouse_in_use_by_a_writer_is_refused(warehouse, published):
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); "
        "sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as writer:
        assert writer.stdout.readline() == b"open\n"
        with pytest.raises(PublicationError, match=r"cannot be read.*wait for it"):
            publish(warehouse, published, 3)
        writer.stdin.close()
    assert publish(warehouse, published, 3).rows["core.companies"] == 1000


def test_required_tables_must_exist_and_not_become_empty(warehouse, published, change):
    with pytest.raises(PublicationError, match=r"lacks predictions\.expected_values"):
        publish(warehouse, published, 3, required=["predictions.expected_values"])
    good = publish(warehouse, published, 3, required=["core.companies"])
    change("DELETE FROM core.companies")
    with pytest.raises(PublicationError, match=r"core\.companies would become empty"):
        publish(warehouse, published, 3, required=["core.companies"])
    assert current(published).version == good.version
    assert not list(published.glob(".building-*"))


def test_two_publishers_do_not_meet(warehouse, published):
    published.mkdir()
    with open(published / ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PublicationError, match="another process is publishing"):
            publish(warehouse, published, 3)
    assert publish(warehouse, published, 3).is_current


def test_readers_keep_their_publication_across_a_swap(warehouse, published, change):
    clock = TickingClock()
    publish(warehouse, published, 1, now=clock)
    before = connect_published(published)
    # Reader of another process, who keeps the file open while it is replaced and even pruned.
    script = (
        "import duckdb, os, sys\n"
        "c = duckdb.connect(os.path.realpath(sys.argv[1]), read_only=True)\n"
        "for _ in sys.stdin:\n"
        "  print(c.execute('SELECT count(*) FROM core.companies').fetchall()[0][0], flush=True)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(published / "current" / FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as reader:

        def ask():
            reader.stdin.write("?\n")
            reader.stdin.flush()
            return int(reader.stdout.readline())

        assert ask() == 1000
        during = []
        change("DELETE FROM core.companies WHERE employee_count < 10")
        publish(
            warehouse,
            published,
            1,
            now=clock,
            progress=lambda step: during.append((step, ask(), company_count(published))),
        )
        assert ask() == 1000
        reader.stdin.close()
    assert {old for _, old, _ in during} == {1000}
    seen = {step: new for step, _, new in during}
    assert (seen["renamed"], seen["swapped"]) == (1000, 990)
    assert scalar(before, "SELECT count(*) FROM core.companies") == 1000
    before.close()
    assert company_count(published) == 990


def test_the_newest_of_an_earlier_day_is_none_that_was_taken_back(warehouse, published, change):
    clock, today = TickingClock(), date(2026, 11, 20)
    assert of_earlier_day(published, today) is None
    good = publish(warehouse, published, 5, as_of=today - timedelta(days=2), now=clock)
    change("DELETE FROM core.companies WHERE employee_count < 10")
    bad = publish(warehouse, published, 5, as_of=today - timedelta(days=1), now=clock)
    change("DELETE FROM core.companies WHERE employee_count < 20")
    publish(warehouse, published, 5, as_of=today, now=clock)
    assert of_earlier_day(published, today).version == bad.version
    rollback(published, bad.version)
    rollback(published, good.version)
    assert of_earlier_day(published, today).version == good.version
    assert of_earlier_day(published, today - timedelta(days=2)) is None


def test_rollback_and_forward(warehouse, published, change):
    clock = TickingClock()
    first = publish(warehouse, published, 5, now=clock)
    change("DELETE FROM core.companies WHERE employee_count < 10")
    second = publish(warehouse, published, 5, now=clock)
    assert rollback(published).version == first.version
    assert company_count(published) == 1000
    assert [(p.version, p.is_current, p.is_rolled_back) for p in list_publications(published)] == [
        (second.version, False, True),
        (first.version, True, False),
    ]
    # A re-run on the content that was taken back does not bring it back.
    rerun = publish(warehouse, published, 5, now=clock)
    assert (rerun.version, rerun.unchanged) == (first.version, True)
    assert f"rollback --to {second.version}" in rerun.note
    # New content is published as ever.
    change("DELETE FROM core.companies WHERE employee_count < 20")
    third = publish(warehouse, published, 5, now=clock)
    assert current(published).version == third.version
    # From a bad third, the default passes over the second, which was bad before.
    assert rollback(published).version == first.version
    assert rollback(published, second.version[:17]).version == second.version
    assert company_count(published) == 990
    assert not current(published).is_rolled_back


def test_rollback_says_what_there_is(warehouse, published, change):
    with pytest.raises(PublicationError, match="nothing to roll back"):
        rollback(published)
    clock = TickingClock()
    first = publish(warehouse, published, 5, now=clock)
    with pytest.raises(PublicationError, match="no publication before") as error:
        rollback(published)
    assert first.version in str(error.value)
    with pytest.raises(PublicationError, match="'2031' does not exist"):
        rollback(published, "2031")
    change("DELETE FROM core.companies WHERE employee_count < 10")
    publish(warehouse, published, 5, now=clock)
    with pytest.raises(PublicationError, match="'2026' is ambiguous"):
        rollback(published, "2026")


def test_a_damaged_publication_is_found_and_never_made_current(warehouse, published, change):
    clock = TickingClock()
    first = publish(warehouse, published, 5, now=clock)
    change("DELETE FROM core.companies WHERE employee_count < 10")
    second = publish(warehouse, published, 5, now=clock)
    assert audit(second.path).success
    assert audit(second.path.parent).success
    os.chmod(first.path, 0o644)
    with duckdb.connect(str(first.path)) as connection:
        connection.execute("UPDATE core.companies SET name = 'tampered' WHERE company_id = 'c3'")
        connection.execute("DELETE FROM leads.leads WHERE company_id = 'c3'")
    problems = audit(first.path).problems
    assert problems == (
        "core.companies has other values than were published",
        "leads.leads has 49 rows instead of 50",
    )
    with pytest.raises(PublicationError, match="is damaged and was not made current"):
        rollback(published)
    first.path.write_bytes(b"not a database")
    assert "cannot be opened" in audit(first.path).problems[0]
    first.path.unlink()
    assert "not readable" in audit(first.path).problems[0]
    assert current(published).version == second.version


def test_a_dangling_current_names_the_way_out(warehouse, published, change):
    clock = TickingClock()
    first = publish(warehouse, published, 5, now=clock)
    change("DELETE FROM core.companies WHERE employee_count < 10")
    second = publish(warehouse, published, 5, now=clock)
    second.path.unlink()
    with pytest.raises(PublicationError, match="orchestration rollback"):
        current(published)
    assert rollback(published).version == first.version
    assert publish(warehouse, published, 5, now=clock).is_current


def test_nothing_published_yet(published):
    assert current(published) is None
    assert list_publications(published) == []
    with pytest.raises(PublicationError, match="nothing is published"):
        connect_published(published)
