"""What a person asks and decides about who is who, on a terminal."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb
import pytest
from rich.console import Console

from orchestration.answers import who_is_who
from resources.identity_decisions import load_decisions
from resources.settings import Settings

RECORDS = [
    ("list|1", "c1", "Tamforge Labs", "key", 1.0, "same domain:tamforge.example"),
    ("crm|A1", "c1", "Tamforge", "key", 1.0, "same domain:tamforge.example"),
    ("crm|A2", "c2", "Tam Forge Lab", "key", 1.0, "its own crm:A2"),
]


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A console that keeps what it prints, settings, and a published warehouse of three records."""
    path = tmp_path / "published.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core")
        connection.execute(
            "create table core.companies as select * from (values ('c1', 'Tamforge Labs'),"
            " ('c2', 'Tam Forge Lab')) as rows (company_id, name)"
        )
        connection.execute(
            "create table core.company_aliases as select * from (values"
            " ('c1', 'domain', 'tamforge.example'), ('c1', 'company_id', 'c9')"
            ") as rows (company_id, alias_type, alias)"
        )
        connection.execute(
            "create table core.company_records (record text, company_id text, name text,"
            " match_method text, probability double, reasons text,"
            " first_seen_at timestamp default timestamp '2026-05-01')"
        )
        connection.executemany(
            "insert into core.company_records (record, company_id, name, match_method, probability,"
            " reasons) values (?, ?, ?, ?, ?, ?)",
            RECORDS,
        )
        connection.execute(
            "create table core.company_links as select * from (values"
            " ('crm|A2', 'list|1', 'review', 0.62, 'name almost the same (+5.1)', 'likeness')"
            ") as rows (left_record, right_record, decision, probability, reasons, method)"
        )

    @contextmanager
    def connect(_: Path):
        with duckdb.connect(str(path), read_only=True) as connection:
            yield connection

    monkeypatch.setattr(who_is_who, "connect_published", connect)
    console = Console(file=io.StringIO(), width=200)
    return console, Settings(home=tmp_path, config_dir=tmp_path)


def decide(terminal, kind: str, first: str, other: str) -> bool:
    console, settings = terminal
    return who_is_who.decide(
        console, settings, kind, first, other, reason="said on the phone", decided_by="mara",
        entity="company", day=date(2026, 5, 1),
    )  # fmt: skip


def test_a_decision_is_written_once(terminal) -> None:
    console, settings = terminal
    assert decide(terminal, "pin", "crm|A2", "tamforge.example")
    assert decide(terminal, "pin", "crm|A2", "tamforge.example")
    (written,) = load_decisions(settings.config_dir / "identity_decisions.yaml")
    assert written.pairs() == [("record:crm|A2", "domain:tamforge.example")]
    assert "says so already" in console.file.getvalue()


@pytest.mark.parametrize(
    ("kind", "first", "other", "says"),
    [
        ("join", "a.example", "b.example", "Input should be 'merge', 'split' or 'pin'"),
        ("split", "a.example", "b.example", "'a.example' is no record"),
        ("merge", "a.example", "Some Words", "'Some Words' is no key of a company"),
    ],
)
def test_what_cannot_be_decided_is_said(terminal, kind, first, other, says) -> None:
    console, settings = terminal
    assert not decide(terminal, kind, first, other)
    assert says in console.file.getvalue()
    assert not (settings.config_dir / "identity_decisions.yaml").exists()


@pytest.mark.parametrize(
    "text", ["tamforge.example", "Tamforge Labs", "c9", "https://tamforge.example/"]
)
def test_one_company_is_told_with_the_reason_of_each_record(terminal, text) -> None:
    console, settings = terminal
    assert who_is_who.why_linked(console, settings, text, None)
    told = console.file.getvalue()
    assert "One company, Tamforge Labs (c1):" in told
    assert "crm|A1 (Tamforge) by key, 1.000: same domain:tamforge.example" in told
    assert "crm|A2" not in told


def test_two_companies_are_told_with_how_alike_they_are(terminal) -> None:
    console, settings = terminal
    assert who_is_who.why_linked(console, settings, "crm|A2", "tamforge.example")
    told = console.file.getvalue()
    assert "review (likeness, 0.620) crm|A2 and list|1: name almost the same (+5.1)" in told
    assert not who_is_who.why_linked(console, settings, "nobody.example", None)
    assert "No record and no company is called 'nobody.example'" in console.file.getvalue()


def test_the_queue_for_review_is_shown(terminal) -> None:
    console, settings = terminal
    who_is_who.show_review(console, settings, 5)
    assert "0.620  Tam Forge Lab (crm|A2)  and  Tamforge Labs (list|1)" in console.file.getvalue()
