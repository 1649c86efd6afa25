"""Transcripts, chats and meetings in JSON, on invented calls."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.meeting_json import read_meeting
from detection.correspondence.transcripts.records import Utterance
from detection.correspondence.transcripts.sections import attendees_of, find_sections
from detection.correspondence.transcripts.turns import turns_of
from detection.correspondence.transcripts.vtt import read_vtt
from detection.correspondence.transcripts.zoom_chat import read_chat
from detection.errors import UnreadableError

ZOOM = """WEBVTT

1
00:00:01.000 --> 00:00:03.500
Ida Berg (Kestrel): Good morning, everyone.

2
00:00:04.000 --> 00:00:06.000
omar: One thing: the price is 4 & up.

3
01:02:03.004 --> 01:02:05.000
Ida Berg (Kestrel): Note that: this is fine.
"""
TEAMS = """WEBVTT

5d3b5a60-0c2e-4d63-9d1a-000000000001/1-0
00:00:01.000 --> 00:00:03.500
<v Ida Berg (Kestrel)>Good morning, everyone.</v>

5d3b5a60-0c2e-4d63-9d1a-000000000001/2-0
00:00:04.000 --> 00:00:06.000
<v omar>One thing: the price is 4 &amp; up.</v>

5d3b5a60-0c2e-4d63-9d1a-000000000001/3-0
01:02:03.004 --> 01:02:05.000
<v Ida Berg (Kestrel)>Note that: this is fine.</v>
"""


def _cues(text: str | bytes) -> list[tuple[int, int, str | None, str]]:
    return [(u.start_ms, u.end_ms, u.speaker, u.text) for u in read_vtt(text).utterances]


def test_zoom_and_teams_give_the_same_utterances() -> None:
    zoom, teams = read_vtt(ZOOM), read_vtt(TEAMS)
    assert zoom.utterances == teams.utterances
    assert (zoom.layout, teams.layout) == ("zoom", "teams")
    assert _cues(ZOOM) == [
        (1000, 3500, "Ida Berg (Kestrel)", "Good morning, everyone."),
        (4000, 6000, "omar", "One thing: the price is 4 & up."),
        (3_723_004, 3_725_000, "Ida Berg (Kestrel)", "Note that: this is fine."),
    ]


@pytest.mark.parametrize(
    "data",
    [
        ZOOM.replace("\n", "\r\n"),
        "\ufeff" + ZOOM,
        ZOOM.encode("utf-16"),
        ZOOM.replace("00:00:01.000", "00:01.000"),
        ZOOM.replace(".500\n", ",500 align:start position:0%\n"),
    ],
)
def test_encodings_line_ends_and_cue_settings_change_nothing(data: str | bytes) -> None:
    assert _cues(data) == _cues(ZOOM)


def test_notes_styles_and_several_voices_of_one_cue() -> None:
    text = (
        "WEBVTT - call\nKind: captions\n\nNOTE made by a tool\n\nSTYLE\n::cue {}\n\n"
        "00:01.000 --> 00:02.000\n<v.loud Ann Lee>Yes, <b>really</b>.\n<v Bo>No.</v>\n"
    )
    assert _cues(text) == [(1000, 2000, "Ann Lee", "Yes, really."), (1000, 2000, "Bo", "No.")]


def test_a_cue_without_a_speaker_keeps_its_colon() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nSo the question is: what then?\n\n"
        "00:03.000 --> 00:04.000\nAnn Lee: Yes.\n"
    )
    assert _cues(text) == [
        (1000, 2000, None, "So the question is: what then?"),
        (3000, 4000, "Ann Lee", "Yes."),
    ]


def test_broken_files_are_read_as_far_as_they_go() -> None:
    text = (
        "1\n00:00:01.000 --> 00:00:02.000\nAnn: First.\n"
        "2\n00:00:03.000 --> 00:00:02.500\nAnn: Second.\n\n"
        "3\n00:xx:05.000 --> 00:00:06.000\nAnn: Lost times.\n\n"
        "4\n00:00:07.000 --> 00:00:08.000"
    )
    read = read_vtt(text)
    assert [(u.start_ms, u.end_ms, u.text) for u in read.utterances] == [
        (1000, 2000, "First."),
        (3000, 3000, "Second."),
        (7000, 8000, ""),
    ]
    assert [f.line for f in read.faults] == [1, 9, 5]
    assert read_vtt(b"\xff\x00\x9d\x81 nonsense").utterances == ()
    assert read_vtt(b"").utterances == ()


def test_turns_join_cues_and_know_where_each_began() -> None:
    utterances = [
        Utterance(0, 0, 2000, "Ann", "We will send"),
        Utterance(1, 2100, 4000, "Ann", "the offer."),
        Utterance(2, 4100, 5000, "Bo", "Good."),
        Utterance(3, 60_000, 61_000, "Bo", "Anything else?"),
    ]
    turns = turns_of(utterances)
    assert [(t.speaker, t.text) for t in turns] == [
        ("Ann", "We will send the offer."),
        ("Bo", "Good."),
        ("Bo", "Anything else?"),
    ]
    assert turns[0].at(3) == (0, 0)
    assert turns[0].at(turns[0].text.index("offer")) == (1, 2100)


def test_zoom_chat_with_replies_reactions_and_private_messages() -> None:
    chat = (
        "noise before\r\n00:02:53\tAnn Lee:\tMorning\r\n"
        '00:03:45\tBo:\tReplying to "Morning"\n\nsecond line\r\nthird line\r\n'
        '00:03:50\tAnn Lee:\tReacted to "second li..." with \U0001f44d\r\n'
        "09:14:22 From  Cem Yar  to  Ann Lee(Direct Message) : for you only\r\n"
        "09:15:00 From Cem Yar to Everyone: for all\r\n"
    )
    messages = read_chat(chat)
    assert [(m.at_ms, m.sender, m.text) for m in messages] == [
        (173_000, "Ann Lee", "Morning"),
        (225_000, "Bo", "second line\nthird line"),
        (230_000, "Ann Lee", "second li..."),
        (33_262_000, "Cem Yar", "for you only"),
        (33_300_000, "Cem Yar", "for all"),
    ]
    assert (messages[1].reply_to, messages[2].reaction) == ("Morning", "\U0001f44d")
    assert [m.recipient for m in messages[3:]] == ["Ann Lee(Direct Message)", None]


def test_zoom_timeline_and_graph_entries_give_one_shape() -> None:
    zoom = {
        "uuid": "abc==", "topic": "Housings", "start_time": "2026-03-02T09:00:00Z",
        "participants": [{"name": "Ann Lee", "user_email": "Ann@Kestrel.example"}],
        "timeline": [
            {"ts": "00:00:01.500", "end_ts": "00:00:03.000", "text": "Hello.",
             "users": [{"username": "Ann Lee", "user_id": "1"}]},
        ],
    }  # fmt: skip
    graph = {
        "id": "abc==", "subject": "Housings", "startDateTime": "2026-03-02T10:00:00+01:00",
        "participants": {
            "organizer": {"identity": {"user": {"displayName": "Ann Lee"}},
                          "upn": "ann@kestrel.example"},
            "attendees": [],
        },
        "entries": [
            {"speakerName": "Ann Lee", "spokenText": "Hello.",
             "startDateTime": "2026-03-02T09:00:01.5000000Z",
             "endDateTime": "2026-03-02T09:00:03.0000000Z"},
        ],
    }  # fmt: skip
    first, second = read_meeting(json.dumps(zoom)), read_meeting(graph)
    assert first == second
    assert first.started_at == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert first.utterances == (Utterance(0, 1500, 3000, "Ann Lee", "Hello."),)
    assert first.attendees[0].email == "ann@kestrel.example"


def test_what_is_no_meeting_says_so() -> None:
    with pytest.raises(UnreadableError, match="m-7"):
        read_meeting(b"{broken", "m-7")
    with pytest.raises(UnreadableError, match="no JSON object"):
        read_meeting("42", "m-8")
    assert read_meeting({"timeline": "none", "participants": 3}, "m-9").utterances == ()


def _call(*lines: tuple[str, str]) -> list[Utterance]:
    return [
        Utterance(i, i * 50_000, i * 50_000 + 4000, speaker, text)
        for i, (speaker, text) in enumerate(lines)
    ]


def test_action_items_have_owner_due_day_and_say_what_is_inferred() -> None:
    call = _call(
        ("Ann Lee", "Thanks for joining. Let me share my screen."),
        ("Ann Lee", "I will send the revised quote by Friday."),
        ("Bo Sand", "The housing is aluminium, as it was last year."),
        ("Ann Lee", "Bo, could you please confirm the drawing by 12 March 2026?"),
        ("Bo Sand", "Sure, no problem."),
        ("Ann Lee", "It would be great if the client teams review the proposal next week."),
    )
    items = find_action_items(call, date(2026, 3, 2))
    assert [(i.owner, i.owner_is_inferred, i.due_on, i.due_is_inferred, i.kind) for i in items] == [
        ("Ann Lee", True, date(2026, 3, 6), True, "commitment"),
        ("Bo Sand", False, date(2026, 3, 12), False, "request"),
        ("client teams", False, date(2026, 3, 13), True, "request"),
    ]
    assert items[0].at_ms == 50_000
    assert items[0].evidence == "I will send the revised quote by Friday."


def test_without_the_day_of_the_call_a_due_day_keeps_its_words() -> None:
    call = _call(("Ann Lee", "I will send the revised quote by Friday."))
    (item,) = find_action_items(call)
    assert (item.due_on, item.due_text) == (None, "Friday")


def test_running_the_meeting_is_no_task() -> None:
    call = _call(
        ("Ann Lee", "Let me share my screen and then we can move on to the next topic."),
        ("Bo Sand", "Can you hear me? Go ahead."),
        ("Ann Lee", "We did that last year and it was fine."),
    )
    assert find_action_items(call) == []


def test_sections_and_attendees() -> None:
    call = _call(
        ("Ann Lee | Kestrel", "Short round of introductions, my name is Ann."),
        ("Bo (Mole GmbH)", "The unit price is EUR 4,20 at this volume."),
        ("Ann Lee | Kestrel", "That leaves us a gross margin of 22 percent."),
        ("Bo (Mole GmbH)", "Fine. We agreed on the second option."),
    )
    assert [(a.name, a.affiliation) for a in attendees_of(call)] == [
        ("Ann Lee", "Kestrel"),
        ("Bo", "Mole GmbH"),
    ]
    sections = {(s.kind, s.first_utterance) for s in find_sections(call)}
    assert {("attendees", 0), ("pricing", 1), ("margins", 2), ("decisions", 3)} <= sections
