"""Hostile files in the folders of mail, meetings and reports: kept or set aside, nothing opened."""

from __future__ import annotations

import base64
import builtins
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from detection.correspondence.mail.message import read_message
from detection.readers import READERS, read_rows
from tests.contract.sources.conftest import Market
from tests.contract.sources.files import Folder

HEAD = b"From: a@buyer.example\nTo: b@ours.example\nDate: Mon, 1 Jun 2026 10:00:00 +0000\n"


def nested(levels: int) -> bytes:
    """Multiparts within one another."""
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(levels)
    )
    return HEAD + b"Message-ID: <nested@x.example>\n" + parts + b"\nhello\n"


def with_zip() -> bytes:
    """A mail with a zip bomb whose member and whose own name climb out of the folder."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.sh", b"\0" * 5_000_000)
    return (
        HEAD + b'Message-ID: <zip@x.example>\nContent-Type: multipart/mixed; boundary="b"\n\n'
        b"--b\n\nsee file\n--b\nContent-Type: application/zip\n"
        b"Content-Transfer-Encoding: base64\n"
        b'Content-Disposition: attachment; filename="../../../etc/cron.d/run.zip"\n\n'
        + base64.encodebytes(packed.getvalue())
        + b"\n--b--\n"
    )


def test_bombs_are_stored_and_set_aside_by_the_reader_and_files_never_opened(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(market, "mail_files", ("messages",))
    headers = b"".join(b"X-%d: y\n" % n for n in range(120_000))
    line = HEAD + b"Message-ID: <line@x.example>\n\n" + b"a" * 3_000_000
    for name, content in {
        "nested.eml": nested(200),
        "headers.eml": headers + b"\nhello\n",
        "zip.eml": with_zip(),
        "line.eml": line,
        "sneaky\u202efdp.eml": HEAD + b"\nbye\n",
    }.items():
        folder.put(f"in/{name}", content)
    assert folder.ingest().new_rows == {"messages": 5}

    opened: list[str] = []
    real = builtins.open
    monkeypatch.setattr(
        builtins, "open", lambda file, *a, **k: opened.append(str(file)) or real(file, *a, **k)
    )
    for name in ("Popen", "run"):
        monkeypatch.setattr(subprocess, name, lambda *_, **__: pytest.fail("a program was started"))
    rows = market.rows("mail_files", "messages")
    result = read_rows(READERS["correspondence_messages"], rows)
    assert sorted(r.rule for r in result.rejected) == ["headers_too_large", "nested_too_deep"]
    assert all(r.reason for r in result.rejected)
    assert len(result.rows) == 3
    assert not [name for name in opened if "evil" in name or "cron" in name or name == "run.zip"]
    assert not list(Path(market.home).rglob("evil*"))
    body = next(row["body"] for row in rows if b"zip@x" in row["body"])
    [file] = read_message(body).attachments
    assert (file.name, file.media_type) == ("run.zip", "application/zip")


def test_meetings_without_end_are_set_aside_with_their_reason(market: Market) -> None:
    folder = Folder(market, "meeting_files", ("meetings",))
    cue = "00:00:01.000 --> 00:00:02.000\nhi\n\n"
    folder.put("cues.vtt", "WEBVTT\n\n" + cue * 50_001)
    folder.put("deep.json", b'{"timeline":' + b"[" * 100_000 + b"]" * 100_000 + b"}")
    folder.put("fine.vtt", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nAnn: hello there\n")
    folder.put("fine.vtt.json", b"[" * 100_000)
    report = folder.ingest()
    assert report.new_rows == {"meetings": 1}
    # The transcript beside a sidecar that cannot be read waits until that is mended.
    assert report.failed_targets == 1
    assert sorted((r["record_id"], r["rule"]) for r in market.quarantined()) == [
        ("deep.json", "unreadable_answer"),
        ("fine.vtt.json", "unreadable_answer"),
    ]
    result = read_rows(READERS["correspondence_meetings"], market.rows("meeting_files", "meetings"))
    assert [r.rule for r in result.rejected] == ["too_many_utterances"]
    folder.put("big.vtt", "WEBVTT\n\n" + "a" * 30_000)
    assert folder.ingest(max_body_bytes=20_000).rejected >= 1
    assert "too_large" in {r["rule"] for r in market.quarantined()}


def test_documents_that_would_swell_are_set_aside_and_others_say_that_they_are_not_read(
    market: Market,
) -> None:
    folder = Folder(market, "meeting_files", ("meetings", "documents"))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.sh", b"")
        archive.writestr("word/document.xml", b"\0" * 20_000_000)
    sheet = BytesIO()
    with zipfile.ZipFile(sheet, "w") as archive:
        archive.writestr("../../evil.sh", b"rm")
    folder.put("bomb.docx", packed.getvalue())
    folder.put("sub/sneaky\u202efdp.docx", sheet.getvalue())
    folder.put("drawing.pdf", b"%PDF-1.7\n")
    folder.put("line.txt", b"Quantity: 400 pieces " * 200_000)
    assert folder.ingest().new_rows == {"documents": 4}
    rows = market.rows("meeting_files", "documents")
    result = read_rows(READERS["correspondence_documents"], rows)
    assert [r.rule for r in result.rejected] == ["document_too_large"]
    found = {r.title: (r.format, r.is_cut, r.not_read is not None) for r in result.rows}
    assert found == {
        "sneakyfdp": ("archive", False, True),
        "drawing": ("pdf", False, True),
        "line": ("text", True, False),
    }
    assert not list(Path(market.home).rglob("evil*"))
    assert read_rows(READERS["correspondence_meetings"], rows).rejected == []


def test_a_report_with_a_field_without_end_is_set_aside_and_the_next_one_read(
    market: Market,
) -> None:
    folder = Folder(market, "crm_reports", ("crm_opportunities",))
    header = "Opportunity ID,Opportunity Name,Stage\n"
    folder.put("pipeline.csv", f'{header}006A,Driver,Quoting\n006B,"{"x" * 3_000_000}\n')
    folder.put("second.csv", f"{header}006C,Harness,Quoting\n", hour=7)
    report = folder.ingest()
    assert report.failed_targets == 1
    [row] = market.quarantined()
    assert (row["record_id"], row["rule"]) == ("pipeline.csv", "unreadable_answer")
    assert "field larger than field limit" in row["reason"]
    assert {row["record_id"] for row in folder.rows()} == {"006C"}
