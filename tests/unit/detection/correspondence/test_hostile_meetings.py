"""Meetings that are broken on purpose: bounded time and memory, a reason for what is refused."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.limits import (
    DEFAULT_LIMITS,
    LONGEST_MS,
    MeetingRefusedError,
)
from detection.correspondence.transcripts.meeting_json import read_meeting
from detection.correspondence.transcripts.records import Utterance
from detection.correspondence.transcripts.turns import turns_of
from detection.correspondence.transcripts.vtt import read_vtt
from detection.correspondence.transcripts.zoom_chat import read_chat
from detection.errors import UnreadableError

SMALL = replace(DEFAULT_LIMITS, utterances=500, file_bytes=100_000)
CUE = "00:00:01.000 --> 00:00:02.000\n"


@contextmanager
def bounded(seconds: float = 2.0) -> Iterator[None]:
    """Processor seconds: what takes the square of its length takes minutes."""
    started = time.process_time()
    yield
    assert time.process_time() - started < seconds


@pytest.mark.parametrize(
    ("read", "data", "rule"),
    [
        (read_vtt, "WEBVTT\n\n" + f"{CUE}hi\n\n" * 501, "too_many_utterances"),
        (read_vtt, "WEBVTT\n\n" + CUE + "<v Ann>hi</v>" * 501, "too_many_utterances"),
        (read_vtt, "WEBVTT\n\n" + CUE + "a" * 100_000, "meeting_too_large"),
        (read_chat, "00:00:01\tAnn:\thi\n" * 501, "too_many_utterances"),
        (read_chat, "00:00:01\tAnn:\t" + "a" * 100_000, "meeting_too_large"),
        (
            lambda data, limits: read_meeting(data, limits=limits),
            json.dumps({"timeline": [{"text": "hi", "ts": 1}] * 501}),
            "too_many_utterances",
        ),
        (
            lambda data, limits: read_meeting(data, limits=limits),
            "[" + "{}," * 40_000 + "{}]",
            "meeting_too_large",
        ),
    ],
    ids=["cues", "voices", "one cue", "messages", "one message", "entries", "empty objects"],
)
def test_what_is_beyond_the_limits_is_refused_with_a_reason(
    read: Callable[..., object], data: str, rule: str
) -> None:
    with bounded(), pytest.raises(MeetingRefusedError) as refused:
        read(data, limits=SMALL)
    assert refused.value.rule == rule
    assert "split the recording" in refused.value.reason


def test_a_file_too_large_costs_no_memory() -> None:
    data = b"x" * (DEFAULT_LIMITS.file_bytes + 1)
    tracemalloc.start()
    with pytest.raises(MeetingRefusedError):
        read_vtt(data)
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000])
def test_json_within_json_without_end_is_no_meeting(body: bytes) -> None:
    with bounded(), pytest.raises(UnreadableError) as refused:
        read_meeting(body, "m-1")
    assert refused.value.rule == "meeting_json"
    assert "m-1" in refused.value.reason


@pytest.mark.parametrize(
    ("start", "read"),
    [
        ("1e999", 0), ("NaN", 0), ("9" * 4_000, 0), ("-5", 0), (f'"{"9" * 900}:00:00"', 0),
        (f'"PT{"9" * 5_000}H"', 0), (str(LONGEST_MS + 1), 0), (str(LONGEST_MS), LONGEST_MS),
    ],
)  # fmt: skip
def test_times_that_no_meeting_has_are_none(start: str, read: int) -> None:
    meeting = read_meeting(f'{{"timeline": [{{"text": "hi", "ts": {start}}}]}}')
    assert [(u.start_ms, u.end_ms) for u in meeting.utterances] == [(read, read)]


def test_a_start_at_the_end_of_time_is_unknown() -> None:
    body = {"start_time": "0001-01-01T00:00:00+14:00", "timeline": [{"text": "hi"}]}
    assert read_meeting(body).started_at is None


def test_names_within_names_are_looked_for_a_few_levels_deep() -> None:
    name: object = "Ann Lee"
    for _ in range(900):
        name = {"user": name}
    near = {"user": {"displayName": "Bo Sand"}}
    body = {"timeline": [{"text": "hi", "speaker": name}, {"text": "ho", "speaker": near}]}
    assert [u.speaker for u in read_meeting(body).utterances] == [None, "Bo Sand"]


def test_a_cue_too_long_is_cut_and_that_is_told() -> None:
    transcript = read_vtt(f"WEBVTT\n\n{CUE}Ann: short\n\n{CUE}Ann: " + "a" * 30_000 + "\n\n")
    assert [len(u.text) for u in transcript.utterances] == [5, 19_995]
    assert [(f.line, f.reason) for f in transcript.faults] == [(6, "a cue is cut: too long")]


def test_faults_are_told_up_to_a_number_and_cost_little() -> None:
    broken = "WEBVTT\n\n" + "".join(f"{n} --> x\nhi\n\n" for n in range(30_000))
    with bounded():
        faults = read_vtt(broken).faults
    assert len(faults) == DEFAULT_LIMITS.faults
    assert faults[1].line == 6


@pytest.mark.parametrize(
    "text", ["<v " * 6_000, "<a " * 6_000, "&lt" * 6_000, ": " * 9_000, "<" * 19_000]
)
def test_marks_without_end_cost_bounded_time(text: str) -> None:
    with bounded():
        read_vtt(f"WEBVTT\n\n{CUE}{text}\n\n" * 20)


@pytest.mark.parametrize(
    "line",
    ["00:00:01 From " + "a to " * 50_000, "00:00:01\t" + ":" * 200_000,
     '00:00:01\tAnn:\tReplying to "' + '" ' * 50_000],
)  # fmt: skip
def test_chats_without_end_cost_bounded_time(line: str) -> None:
    with bounded():
        read_chat(line)


def test_ten_thousand_tasks_at_one_moment_cost_bounded_time() -> None:
    said = [
        Utterance(n, 1_000, 1_000, f"Ann{n} Lee", "Could you please send the quote by Friday?")
        for n in range(3_000)
    ]
    with bounded(6.0):
        items = find_action_items(said)
    assert 0 < len(items) <= 3_000
    turns = turns_of([replace(u, speaker="Ann Lee") for u in said])
    assert turns[-1].at(len(turns[-1].text))[0] == 2_999
