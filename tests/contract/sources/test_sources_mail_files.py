"""A folder of mail: mbox and single mails, once each, in any order, the unreadable set aside."""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from resources.sources.connectors.mail_files import headers_of
from resources.sources.declaration import Declaration
from resources.sources.ingestion import IngestReport, ingest
from tests.contract.sources.conftest import DAY, Market

FROM = "From 17@xxx Mon Jun 01 10:00:00 +0000 2026\n"


def mail(number: int, more: str = "") -> str:
    return (
        f"X-GM-THRID: 17{number}\nX-Gmail-Labels: Inbox,Sales\nMessage-ID: <m{number}@x.example>\n"
        f"Date: Mon, 1 Jun 2026 1{number}:00:00 +0200\n{more}\nWords {number}\n"
    )


class Folder:
    """The folder, and the product's ingestion of it."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.path = market.home / "mail"
        self.path.mkdir()

    def put(self, name: str, content: str | bytes, hour: int = 8) -> Path:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        at = datetime(2026, 6, 15, hour, tzinfo=UTC).timestamp()
        os.utime(path, (at, at))
        return path

    def mbox(self, name: str, *mails: str, hour: int = 8) -> Path:
        return self.put(name, "\n".join(FROM + one for one in mails), hour)

    def ingest(self, **changes: object) -> IngestReport:
        declared = Declaration.model_validate(
            {
                "name": "mail",
                "families": ["correspondence"],
                "description": "Mail.",
                "base_urls": {"folder": str(self.path)},
                "rate_limit": {"requests": 100},
                "freshness_hours": 24,
                "terms": {"url": "", "note": "x"},
                "kind": "event",
                "connector": "mail_files",
                "streams": ["messages"],
            }
            | changes
        )
        return ingest("mail", DAY, self.market.services(declared))

    def rows(self) -> list[dict]:
        return self.market.rows("mail", "messages")


@pytest.fixture
def folder(market: Market) -> Folder:
    return Folder(market)


def test_each_mail_is_stored_as_it_is_with_where_it_lies(folder):
    path = folder.mbox("Takeout/All mail.mbox", mail(1), mail(2))
    folder.put("one.eml", mail(3))
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("ok", {"messages": 3})
    rows = {row["body"].strip().splitlines()[-1]: row for row in folder.rows()}
    second = rows[b"Words 2"]
    assert second["body"] == mail(2).encode()
    assert second["record_id"] == hashlib.sha256(mail(2).encode()).hexdigest()
    assert second["media_type"] == "message/rfc822"
    assert second["observed_at"] == datetime(2026, 6, 1, 10, tzinfo=UTC)
    said = json.loads(second["payload"])
    position, length = said.pop("position"), said.pop("length")
    assert path.read_bytes()[position : position + length] == (FROM + mail(2)).encode()
    assert said == {"file": "Takeout/All mail.mbox", "threadId": "172", "labels": "Inbox,Sales"}
    assert json.loads(rows[b"Words 3"]["payload"])["file"] == "one.eml"


def test_the_same_again_renamed_or_in_a_later_export_stores_nothing_twice(folder):
    path = folder.mbox("a.mbox", mail(1), mail(2))
    folder.ingest()
    assert folder.ingest().status == "unchanged"
    path.rename(folder.path / "b.mbox")
    folder.mbox("later.mbox", mail(3), mail(2), mail(1), mail(3), hour=9)
    assert folder.ingest().new_rows == {"messages": 1}
    assert len(folder.rows()) == 3


def test_the_order_of_files_changes_nothing_but_where_a_mail_is_said_to_lie(market, tmp_path):
    stored = []
    for number, names in enumerate((("a", "b"), ("b", "a"))):
        home = tmp_path / str(number)
        home.mkdir()
        folder = Folder(Market(market.vendor, home))
        folder.mbox(f"{names[0]}.mbox", mail(1), mail(2))
        folder.mbox(f"{names[1]}.mbox", mail(2), mail(3))
        folder.ingest()
        stored.append(sorted((r["record_id"], r["observed_at"]) for r in folder.rows()))
    assert stored[0] == stored[1]
    assert len(stored[0]) == 3


def test_a_mail_too_large_is_set_aside_and_the_next_is_read(folder):
    folder.mbox("a.mbox", mail(1), mail(2, "X: y\n" * 900), mail(3))
    report = folder.ingest(max_body_bytes=2_000)
    assert (report.new_rows, report.rejected) == ({"messages": 2}, 1)
    [row] = folder.market.quarantined()
    assert row["rule"] == "too_large"
    assert row["record_id"].startswith("a.mbox:")
    assert folder.ingest(max_body_bytes=2_000).rejected == 0


def test_other_files_are_named_and_left(folder):
    folder.mbox("a.mbox", mail(1))
    folder.put("notes.txt", "no mail")
    folder.mbox("Inbox", mail(2))
    assert folder.ingest().skipped_targets == 2
    report = folder.ingest(options={"pattern": ["*.mbox", "inbox"]})
    assert (report.new_rows, report.skipped_targets) == ({"messages": 1}, 1)


def test_a_file_being_written_waits_and_one_of_tomorrow_is_not_of_today(folder, monkeypatch):
    from resources.sources.connectors import mail_files

    os.utime(folder.mbox("later.mbox", mail(2)), (4_000_000_000, 4_000_000_000))
    folder.mbox("a.mbox", mail(1))
    with monkeypatch.context() as patched:
        patched.setattr(mail_files, "is_young", lambda *_: True)
        report = folder.ingest()
        assert (report.total_new_rows, report.skipped_targets) == (0, 1)
    assert folder.ingest().new_rows == {"messages": 1}


def test_no_folder_is_not_configured_and_an_unreadable_file_harms_no_other(folder, monkeypatch):
    assert folder.ingest(base_urls={"folder": "/nowhere/at/all"}).status == "not_configured"
    folder.mbox("a.mbox", mail(1))
    folder.mbox("b.mbox", mail(2))
    from resources.sources.connectors import mail_files

    read = mail_files.read_mbox

    def failing(stream, limit):
        if stream.name.endswith("a.mbox"):
            raise OSError(5, "Input/output error")
        return read(stream, limit)

    monkeypatch.setattr(mail_files, "read_mbox", failing)
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("partial", {"messages": 1})
    assert "a.mbox: file cannot be read: Input/output error" in report.error


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", {}),
        (b"\nDate: in the body", {}),
        (b"Date: never\r\nx-gm-thrid: 5\r\n\r\nX", {"date": "never", "threadId": "5"}),
        (
            b"X-Gmail-Labels: =?UTF-8?Q?a?=\n =?UTF-8?Q?b?=\n",
            {"labels": "=?UTF-8?Q?a?= =?UTF-8?Q?b?="},
        ),
    ],
)
def test_headers_beside_a_mail(content, told):
    assert headers_of(content) == told
