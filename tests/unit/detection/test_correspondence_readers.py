"""Mails, meetings and CRM rows of the lake as detection rows, and those rows as readings again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from detection.correspondence.mail.message import read_message
from detection.correspondence.readings import read_call, read_mail
from detection.correspondence.rfq.vocabulary import (
    Vocabulary,
    VocabularyError,
    install_vocabulary,
    read_vocabulary,
)
from detection.correspondence.stored import call_of, mail_of
from detection.correspondence.transcripts.records import Attendee, Meeting
from detection.correspondence.transcripts.vtt import read_vtt
from detection.readers import READERS, read_rows, read_table
from detection.readers.crm_rows import install_headers
from detection.records import Detection
from resources.lake import Record, to_table

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
WORDS = Vocabulary(
    own_domains=frozenset({"ours.example"}),
    own_names=("Ours",),
    products={"LED driver": ("driver",)},
)
ASKS = (
    b"From: Ann Lee <Ann@Kestrel.example>\r\nTo: Bo Sand <bo@ours.example>\r\n"
    b"Subject: Drivers\r\nMessage-ID: <a@kestrel.example>\r\nReferences: <z@ours.example>\r\n"
    b"Date: Mon, 02 Mar 2026 09:00:00 +0000\r\nX-GM-THRID: 77\r\n\r\n"
    b"Please quote 400 LED drivers, delivery by 15 April 2026. "
    b"Could you send us the datasheet by Friday?\r\n"
)
TALK = (
    "WEBVTT\n\n1\n00:00:04.000 --> 00:00:08.000\nAnn Lee (Kestrel): We need a quote for the LED "
    "driver, two thousand units.\n\n2\n00:01:09.000 --> 00:01:12.500\nBo Sand: I will send the "
    "quote by Friday.\n\n3\nbroken --> line\nlost\n"
)


@pytest.fixture(autouse=True)
def words():
    install_vocabulary(_words)
    yield
    install_vocabulary(None)
    install_headers(None)


def _words() -> Vocabulary:
    return WORDS


def lake_row(stream: str, payload: dict, body: bytes | None, media: str | None = None, n=1) -> dict:
    record = Record("files", stream, f"r{n}", AT, AT, None, json.dumps(payload), body, media)
    return to_table([record]).to_pylist()[0]


def test_a_mail_is_kept_as_what_it_says_and_read_back_alike() -> None:
    row = lake_row("messages", {"file": "a.mbox", "position": 0}, ASKS, "message/rfc822")
    (found,) = read_rows(READERS["correspondence_messages"], [row]).rows
    assert (found.is_business, found.verdict, found.party) == (True, "asked", "kestrel.example")
    assert (found.gmail_thread_id, json.loads(found.named_ids)) == ("77", ["z@ours.example"])
    assert found.reader_version == f"4+{WORDS.edition}"
    assert (found.source, found.stream, found.record_id) == ("files", "messages", "r1")
    said = {s["kind"]: s for s in json.loads(found.statements)}
    assert (said["quantity"]["low"], said["delivery_date"]["day"]) == (400.0, "2026-04-15")
    assert said["quantity"]["sentence"] in ASKS.decode()
    assert json.loads(found.steps)[1] == {
        "text": "Could you send us the datasheet by Friday?", "owner": "Bo Sand",
        "owner_is_inferred": True, "due_on": "2026-03-06", "due_is_inferred": True,
    }  # fmt: skip
    # Through Parquet's types and back nothing is lost.
    table, _ = read_table(READERS["correspondence_messages"], to_table([_record("messages", ASKS)]))
    assert mail_of(table.to_pylist()[0]) == read_mail(read_message(ASKS), WORDS)


def columns(found: Detection) -> dict[str, object]:
    return {name: getattr(found, name) for name in type(found).__dataclass_fields__}


def _record(stream: str, body: bytes) -> Record:
    return Record("files", stream, "r1", AT, AT, None, "{}", body, "message/rfc822")


def test_of_mail_that_is_no_business_only_the_verdict_is_kept() -> None:
    chat = ASKS.replace(b"Kestrel.example", b"ours.example")
    (found,) = read_rows(READERS["correspondence_messages"], [lake_row("messages", {}, chat)]).rows
    assert (found.is_business, found.verdict) == (False, "internal")
    assert (found.statements, found.steps, found.evidence) == ("[]", "[]", None)


WITH_FILES = (
    ASKS.split(b"\r\n\r\n")[0]
    + b'\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="cut"\r\n\r\n'
    b"--cut\r\nContent-Type: text/plain\r\n\r\nPlease quote 400 LED drivers.\r\n"
    b'--cut\r\nContent-Type: application/pdf; name="x"\r\nContent-Disposition: attachment; '
    b'filename="../drawing.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n'
    b"--cut\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\n\r\npicture\r\n--cut--\r\n"
)


def test_files_of_a_mail_are_listed_and_private_ones_bear_no_name() -> None:
    (found,) = read_rows(
        READERS["correspondence_messages"], [lake_row("messages", {}, WITH_FILES)]
    ).rows
    hello = {
        "name": "drawing.pdf", "media_type": "application/pdf", "size": 5, "is_inline": False,
        "sha256": "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824",
    }  # fmt: skip
    listed = json.loads(found.attachments)
    assert listed[0] == hello
    assert (listed[1]["media_type"], listed[1]["is_inline"]) == ("image/png", True)
    private = WITH_FILES.replace(b"Kestrel.example", b"ours.example")
    (found,) = read_rows(
        READERS["correspondence_messages"], [lake_row("messages", {}, private)]
    ).rows
    assert found.verdict == "internal"
    hello.pop("name")
    assert json.loads(found.attachments)[0] == hello


def test_a_mail_beyond_the_limits_is_set_aside_with_rule_and_reason() -> None:
    bomb = b"".join(b"X-%d: y\r\n" % n for n in range(200_000)) + b"\r\nhello"
    result = read_rows(
        READERS["correspondence_messages"],
        [lake_row("messages", {}, bomb), lake_row("messages", {}, None, n=2),
         lake_row("messages", {}, ASKS, n=3)],
    )  # fmt: skip
    assert [r.record_id for r in result.rows] == ["r3"]
    first, second = result.rejected
    assert first.rule == "headers_too_large"
    assert "header" in first.reason
    assert (second.record_id, second.rule) == ("r2", "no_body")


def test_a_transcript_is_read_with_what_its_sidecar_knows() -> None:
    sidecar = {
        "meeting_id": "m-1", "topic": "Drivers", "started_at": "2026-03-02T10:00:00+01:00",
        "participants": [{"name": "Ann Lee", "email": "Ann@kestrel.example"}, "Bo Sand"],
    }  # fmt: skip
    row = lake_row("meetings", sidecar, TALK.encode(), "text/vtt")
    (found,) = read_rows(READERS["correspondence_meetings"], [row]).rows
    assert (found.meeting_id, found.part, found.layout) == ("m-1", "transcript", "zoom")
    assert found.started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (found.is_business, found.party, found.company) == (True, "kestrel.example", "Kestrel")
    said = [s for s in json.loads(found.statements) if s["kind"] == "quantity"]
    assert [(s["low"], s["at_ms"]) for s in said] == [(2000.0, 4000)]
    (step,) = json.loads(found.steps)
    assert (step["owner"], step["due_on"]) == ("Bo Sand", "2026-03-06")
    assert json.loads(found.faults)[0]["line"] == 12
    assert json.loads(found.sections) == [
        {"number": 1, "kind": "pricing", "first_cue": 0, "last_cue": 0, "start_ms": 4000,
         "end_ms": 8000, "speaker_count": 1,
         "sentence": "We need a quote for the LED driver, two thousand units."},
        {"number": 2, "kind": "pricing", "first_cue": 1, "last_cue": 1, "start_ms": 69000,
         "end_ms": 72500, "speaker_count": 1, "sentence": "I will send the quote by Friday."},
        {"number": 3, "kind": "action_items", "first_cue": 1, "last_cue": 1, "start_ms": 69000,
         "end_ms": 72500, "speaker_count": 1, "sentence": "I will send the quote by Friday."},
    ]  # fmt: skip
    people = (Attendee("Ann Lee", email="ann@kestrel.example"), Attendee("Bo Sand"))
    meeting = Meeting("m-1", "Drivers", found.started_at, people, read_vtt(TALK).utterances)
    assert call_of(columns(found)) == read_call(meeting, WORDS)


def test_meetings_come_as_json_and_chats_too_and_others_are_set_aside() -> None:
    body = {"uuid": "m-2", "start_time": "2026-03-02T09:00:00Z",
            "timeline": [{"ts": "00:00:01.000", "users": [{"username": "Ann Lee"}],
                          "text": "We need a quote for 300 LED drivers."}]}  # fmt: skip
    chat = b"00:00:05\tAnn Lee:\tplease quote 500 LED drivers\n"
    result = read_rows(
        READERS["correspondence_meetings"],
        [lake_row("meetings", {}, json.dumps(body).encode(), "application/json", 1),
         lake_row("meetings", {"meeting_id": "m-2", "started_at": "2026-03-02T09:00:00Z"}, chat,
                  "text/plain", 2),
         lake_row("meetings", {}, b"minutes of something", "text/plain", 3)],
    )  # fmt: skip
    assert [(r.meeting_id, r.part, r.is_business) for r in result.rows] == [
        ("r1", "transcript", True), ("m-2", "chat", True),
    ]  # fmt: skip
    assert result.rows[0].started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert call_of(columns(result.rows[1])).source_id == "m-2#chat"
    assert [(r.record_id, r.rule) for r in result.rejected] == [("r3", "no_utterance")]


def test_crm_rows_are_read_under_any_headers_and_nested_too() -> None:
    report = {"Deal Name": "Drivers", "Stage": "Closed Won", "Amount": "12,500.00 EUR",
              "Company Domain Name": "https://www.kestrel.example"}  # fmt: skip
    nested = {"Id": "006x", "Name": "Drivers", "StageName": "Proposal", "Amount": 100,
              "Account": {"Name": "Kestrel", "Website": "kestrel.example"},
              "CloseDate": "no day"}  # fmt: skip
    hubspot = {"id": "9", "properties": {"dealname": "D", "dealstage": "decisionmakerboughtin"}}
    own = {"Nr": "77", "Topic": "Boards"}
    install_headers(lambda: {"files": {"record_id": "Nr", "name": "Topic"}})
    rows = read_rows(
        READERS["crm_opportunities"],
        [lake_row("crm_opportunities", p, None, n=n)
         for n, p in enumerate((report, nested, hubspot, own))],
    ).rows  # fmt: skip
    assert [(r.name, r.stage, r.amount, r.domain) for r in rows] == [
        ("Drivers", "won", 12_500.0, "kestrel.example"),
        ("Drivers", "quoting", 100.0, "kestrel.example"),
        ("D", "quoting", None, None),
        ("Boards", None, None, None),
    ]
    assert (rows[1].account_name, json.loads(rows[1].faults)) == ("Kestrel", ["close_date"])
    account = {
        "Account ID": "A1",
        "Account Name": "Kestrel Ltd",
        "Website": "http://kestrel.example",
    }
    (found,) = read_rows(READERS["crm_accounts"], [lake_row("accounts", account, None)]).rows
    assert (found.name, found.domain) == ("Kestrel Ltd", "kestrel.example")


def test_a_vocabulary_that_cannot_be_used_stops_reading_and_names_the_file(tmp_path: Path) -> None:
    def broken() -> Vocabulary:
        return read_vocabulary("products: [x]", "config/vocabulary.yaml")

    install_vocabulary(broken)
    with pytest.raises(VocabularyError, match=r"config/vocabulary.yaml: products"):
        read_rows(READERS["correspondence_messages"], [lake_row("messages", {}, ASKS)])


def test_days_of_statements_are_days_again() -> None:
    row = lake_row("messages", {}, ASKS)
    (found,) = read_rows(READERS["correspondence_messages"], [row]).rows
    assert {s.day for s in mail_of(columns(found)).statements if s.day} == {date(2026, 4, 15)}
