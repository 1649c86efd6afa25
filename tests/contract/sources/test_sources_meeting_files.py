"""A folder of meetings: transcripts, chats, JSON, sidecars; documents where they are wanted."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest

from resources.sources.connectors.meetings import layout_of, named
from tests.contract.sources.conftest import Market
from tests.contract.sources.files import Folder

VTT = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.000\nAnn Lee: We need 500 units.\n"
CHAT = "00:00:05\tAnn Lee:\tplease send the drawing\n"


@pytest.fixture
def folder(market: Market) -> Folder:
    return Folder(market, "meeting_files", ("meetings",))


def by_file(folder: Folder, stream: str | None = None) -> dict[str, dict]:
    return {row["payload"]["file"]: row for row in folder.rows(stream)}


def test_a_transcript_is_stored_as_it_is_with_what_its_sidecar_says(folder):
    folder.put("calls/review.vtt", VTT)
    folder.put(
        "calls/review.json",
        {
            "meetingId": "m-1",
            "subject": "Driver review",
            "startDateTime": "2026-06-10T09:00:00+02:00",
            "participants": [{"name": "Ann Lee", "email": "ann@buyer.example"}],
            "owners": ["mira@seller.example"],
        },
    )
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("ok", {"meetings": 1})
    [row] = folder.rows()
    assert row["body"] == VTT.encode()
    assert row["media_type"] == "text/vtt"
    assert row["record_id"] == hashlib.sha256(VTT.encode()).hexdigest()
    assert row["observed_at"] == datetime(2026, 6, 10, 7, tzinfo=UTC)
    said = row["payload"]
    assert (said["meeting_id"], said["topic"], said["layout"]) == ("m-1", "Driver review", "vtt")
    assert said["started_at"] == "2026-06-10T07:00:00+00:00"
    assert said["participants"] == [{"name": "Ann Lee", "email": "ann@buyer.example"}]
    assert said["owners"] == ["mira@seller.example"]
    assert said["file"] == "calls/review.vtt"


def test_without_a_sidecar_name_and_content_tell_and_a_chat_joins_its_transcript(folder):
    folder.put("GMT20260504-103000_Recording.transcript.vtt", VTT)
    folder.put("GMT20260504-103000_RecordingnewChat.txt", CHAT)
    body = {"id": "g-7", "topic": "Board call", "start_time": "2026-05-06T08:00:00Z",
            "timeline": [{"ts": "00:00:01", "text": "Hello"}]}  # fmt: skip
    folder.put("some.json", body)
    folder.put("2026-05-07 Cobalt_lighting review.vtt", VTT.replace("500", "600"))
    assert folder.ingest().new_rows == {"meetings": 4}
    rows = by_file(folder)
    transcript = rows["GMT20260504-103000_Recording.transcript.vtt"]["payload"]
    chat = rows["GMT20260504-103000_RecordingnewChat.txt"]
    assert chat["payload"]["meeting_id"] == transcript["meeting_id"]
    assert transcript["meeting_id"].startswith("file:")
    assert (transcript["topic"], chat["payload"]["layout"]) == (None, "zoom_chat")
    assert chat["media_type"] == "text/plain"
    assert chat["observed_at"] == datetime(2026, 5, 4, 10, 30, tzinfo=UTC)
    told = rows["some.json"]["payload"]
    assert (told["meeting_id"], told["topic"], told["layout"]) == ("g-7", "Board call", "json")
    review = rows["2026-05-07 Cobalt_lighting review.vtt"]["payload"]
    assert (review["topic"], review["started_at"]) == (
        "Cobalt lighting review",
        "2026-05-07T00:00:00+00:00",
    )


def test_in_a_folder_of_a_meeting_its_files_need_no_name_of_their_own(folder):
    for day, units in (("2026-05-04", "500"), ("2026-05-11", "800")):
        folder.put(f"{day} Weekly/transcript.vtt", VTT.replace("500", units))
        folder.put(f"{day} Weekly/chat.txt", CHAT.replace("drawing", units))
    assert folder.ingest().new_rows == {"meetings": 4}
    meetings: dict[str, set[str]] = {}
    for row in folder.rows():
        meetings.setdefault(row["payload"]["meeting_id"], set()).add(row["payload"]["file"][:10])
        assert row["payload"]["topic"] == "Weekly"
    assert sorted(map(sorted, meetings.values())) == [["2026-05-04"], ["2026-05-11"]]


def test_a_chat_that_comes_before_its_transcript_joins_it_all_the_same(folder):
    folder.put("call_chat.txt", CHAT)
    folder.ingest()
    folder.put("call_transcript.vtt", VTT)
    assert folder.ingest().new_rows == {"meetings": 2}
    assert folder.ingest().status == "unchanged"
    chats = [row for row in folder.rows() if row["payload"]["layout"] == "zoom_chat"]
    [transcript] = [r["payload"] for r in folder.rows() if r["payload"]["layout"] == "vtt"]
    assert transcript["meeting_id"] in {chat["payload"]["meeting_id"] for chat in chats}
    assert (len(chats), len({chat["record_id"] for chat in chats})) == (2, 1)


def test_again_renamed_or_twice_it_is_stored_once_and_a_later_sidecar_is_news(folder):
    path = folder.put("a.vtt", VTT)
    folder.put("copy/b.vtt", VTT)
    assert folder.ingest().new_rows == {"meetings": 1}
    assert folder.ingest().status == "unchanged"
    path.rename(folder.path / "c.vtt")
    assert folder.ingest().status == "unchanged"
    folder.put("c.json", {"topic": "Named later"}, hour=9)
    assert folder.ingest().new_rows == {"meetings": 1}
    assert {row["payload"]["topic"] for row in folder.rows()} == {"a", "Named later"}
    assert len({row["record_id"] for row in folder.rows()}) == 1


def test_other_files_are_named_and_left_and_a_broken_sidecar_harms_no_other(folder):
    folder.put("a.vtt", VTT)
    folder.put("a.json", "[broken")
    folder.put("b.vtt", VTT.replace("500", "700"))
    folder.put("notes.txt", "just notes")
    folder.put("film.mp4", b"\x00")
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("partial", {"meetings": 1})
    assert "a.json: sidecar is no JSON object" in report.error
    assert report.skipped_targets == 2
    assert [row["record_id"] for row in folder.market.quarantined()] == ["a.json"]
    (folder.path / "a.json").unlink()
    assert folder.ingest().new_rows == {"meetings": 1}


def test_a_file_too_large_is_set_aside_once_and_one_of_tomorrow_waits(folder, market):
    folder.put("large.vtt", VTT + "x" * 2_000)
    folder.put("tomorrow.vtt", VTT, day=market.now.date().replace(day=16))
    report = folder.ingest(max_body_bytes=1_500)
    assert (report.total_new_rows, report.rejected) == (0, 1)
    [row] = market.quarantined()
    assert (row["rule"], row["record_id"]) == ("too_large", "large.vtt")
    assert folder.ingest(max_body_bytes=1_500).rejected == 0


def test_where_documents_are_wanted_other_texts_are_kept_there(market):
    folder = Folder(market, "meeting_files", ("meetings", "documents"))
    folder.put("a.vtt", VTT)
    folder.put("offer.txt", "Our offer: 500 pieces")
    told = {"owners": [{"emailAddress": "mira@seller.example"}], "mimeType": "text/markdown",
            "modifiedTime": "2026-06-01T10:00:00Z"}  # fmt: skip
    folder.put("minutes.md", "# Minutes")
    folder.put("minutes.md.json", told)
    assert folder.ingest().new_rows == {"meetings": 1, "documents": 2}
    rows = by_file(folder, "documents")
    assert rows["offer.txt"]["media_type"] == "text/plain"
    assert rows["offer.txt"]["body"] == b"Our offer: 500 pieces"
    assert rows["minutes.md"]["media_type"] == "text/markdown"
    assert rows["minutes.md"]["observed_at"] == datetime(2026, 6, 1, 10, tzinfo=UTC)
    assert rows["minutes.md"]["payload"]["owners"] == told["owners"]


def test_no_folder_is_not_configured(folder):
    report = folder.ingest(base_urls={"folder": "/nowhere/at/all"})
    assert (report.status, "does not exist" in report.error) == ("not_configured", True)


@pytest.mark.parametrize(
    ("content", "layout"),
    [
        (b"\xef\xbb\xbfWEBVTT\n", "vtt"),
        (VTT.encode("utf-16"), "vtt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nHi\n", "vtt"),
        (b"09:14:22 From Ann Lee to Everyone: hi\n", "zoom_chat"),
        (b'[{"speaker": "Ann", "text": "Hi"}]', "json"),
        (b'{"transcript": [{"text": "Hi"}]}', "json"),
        (b'{"topic": "Only words about it"}', None),
        (b"[1, 2]", None),
        (b"{broken", None),
        (b"", None),
    ],
)
def test_layouts(content, layout):
    assert layout_of(content) == layout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("2026-13-45 Odd.vtt", ("2026-13-45 Odd", None)),
        ("20260230 Odd.vtt", ("20260230 Odd", None)),
        (
            "zoom/2026-05-04 10.30.05 Weekly 81234567890/meeting_saved_chat.txt",
            ("Weekly", "2026-05-04T10:30:05+00:00"),
        ),
        ("calls/Alder - driver.vtt", ("Alder - driver", None)),
        ("Weekly sync_2026-05-04T10-30.vtt", ("Weekly sync", "2026-05-04T10:30:00+00:00")),
    ],
)
def test_names(name, told):
    assert named(name) == told
