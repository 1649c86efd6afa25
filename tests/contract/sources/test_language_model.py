"""A stand-in that speaks the chat-completions API: what is asked, kept, bounded and believed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from assets.reading import Workers, read_day
from detection.news.language_model import MAX_CHARACTERS, messages, read_answer
from detection.press.text import told_sentences
from detection.readers import READERS
from resources.file_cache import FileCache
from resources.lake import Lake, Record
from resources.language_model import MAX_BYTES, OUTAGE, TRIES, LanguageModel
from resources.settings import Settings
from tests.contract.sources.vendor import Asked, Reply, Vendor

PATH = "/v1/chat/completions"
TITLE = "A new chapter for Marlowe Optics"
BODY = (
    "Marlowe Optics will move its people into the old brewery in Utrecht. "
    "The lease was signed for €3 million."
)
QUOTE = "Marlowe Optics will move its people into the old brewery in Utrecht."
EVENT = {
    "type": "expansion", "subtype": "new_office", "company": "Marlowe Optics", "quote": QUOTE,
    "status": "planned", "polarity": "positive", "city": "Utrecht",
}  # fmt: skip
QUESTION = [{"role": "user", "content": "What?"}]


def said(*events: dict, text: str | None = None) -> Reply:
    content = json.dumps({"events": list(events)}) if text is None else text
    body = {"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}],
            "usage": {"total_tokens": 9}}  # fmt: skip
    return Reply(json.dumps(body).encode(), headers={"Content-Type": "application/json"})


def model(vendor: Vendor, home: Path, **changed: object) -> LanguageModel:
    values = {
        "url": f"{vendor.url}/v1", "key": "secret-key", "name": "tiny", "questions": 10,
        "cache": FileCache(home / "answers"), "sleep": lambda seconds: None,
        "timeout": (2.0, 0.5),
    } | changed  # fmt: skip
    return LanguageModel(**values)


def test_it_asks_as_the_api_wants_and_never_the_same_twice(vendor, tmp_path):
    vendor.on(PATH, said(EVENT))
    one = model(vendor, tmp_path)
    answer = one.ask(QUESTION)
    assert json.loads(answer) == {"events": [EVENT]}
    (asked,) = vendor.asked
    assert (asked.method, asked.headers["Authorization"]) == ("POST", "Bearer secret-key")
    body = json.loads(asked.body)
    assert (body["model"], body["messages"], body["temperature"]) == ("tiny", QUESTION, 0)
    assert 0 < body["max_tokens"] <= 1000
    again = model(vendor, tmp_path)
    assert again.ask(QUESTION) == answer
    assert len(vendor.asked) == 1
    assert (again.tally.asked, again.tally.from_cache) == (0, 1)
    # Another model is another question.
    model(vendor, tmp_path, name="other").ask(QUESTION)
    assert len(vendor.asked) == 2


def test_questions_have_an_end(vendor, tmp_path):
    vendor.on(PATH, said())
    one = model(vendor, tmp_path, questions=2)
    answers = [one.ask([{"role": "user", "content": str(number)}]) for number in range(5)]
    assert [answer is None for answer in answers] == [False, False, True, True, True]
    assert len(vendor.asked) == 2
    assert one.tally.left_out == 3


def test_a_busy_server_is_asked_again_and_a_refusal_is_not(vendor, tmp_path):
    pauses: list[float] = []
    vendor.on(PATH, [Reply(status=429, headers={"Retry-After": "7"}), Reply(status=503), said()])
    one = model(vendor, tmp_path, sleep=pauses.append)
    assert one.ask(QUESTION) == '{"events": []}'
    assert pauses == [7.0, 2.0]
    vendor.asked.clear()
    vendor.on(PATH, Reply(b'{"error": {"message": "bad key secret-key"}}', status=401))
    assert one.ask([{"role": "user", "content": "other"}]) is None
    assert len(vendor.asked) == 1
    assert one.tally.problem == f"status 401 from {vendor.url}/v1"
    assert "secret-key" not in repr(one)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(b"<html>busy</html>"), "another shape"),
        (Reply(b'{"choices": []}'), "another shape"),
        (Reply(b'{"choices": [{"message": {"content": null}}]}'), "without text"),
        (Reply(b" " * (MAX_BYTES + 5)), f"over {MAX_BYTES} bytes"),
    ],
)
def test_an_answer_of_another_shape_is_no_answer_and_is_not_kept(vendor, tmp_path, reply, problem):
    vendor.on(PATH, reply)
    one = model(vendor, tmp_path)
    assert one.ask(QUESTION) is None
    assert problem in one.tally.problem
    vendor.on(PATH, said())
    assert one.ask(QUESTION) == '{"events": []}'


def test_a_server_that_does_not_answer_is_given_up_and_then_left_alone(vendor, tmp_path):
    import time

    def slow(_: Asked) -> Reply:
        time.sleep(0.4)
        return said()

    vendor.on(PATH, slow)
    one = model(vendor, tmp_path, timeout=(2.0, 0.1))
    answers = [one.ask([{"role": "user", "content": str(n)}]) for n in range(OUTAGE + 2)]
    assert answers == [None] * (OUTAGE + 2)
    assert (one.tally.asked, one.tally.failed, one.tally.left_out) == (OUTAGE, OUTAGE, 2)
    assert len(vendor.asked) == OUTAGE * TRIES
    assert "Timeout" in one.tally.problem or "ConnectionError" in one.tally.problem


def test_it_is_off_unless_address_key_and_name_are_given(tmp_path):
    given = {"language_model_url": "http://localhost:1/v1/", "language_model_key": "k",
             "language_model_name": "tiny"}  # fmt: skip
    for missing in given:
        part = {name: value for name, value in given.items() if name != missing}
        assert LanguageModel.of(Settings(home=tmp_path, **part)) is None
    made = LanguageModel.of(Settings(home=tmp_path, **given))
    assert (made.url, made.name, made.questions) == ("http://localhost:1/v1", "tiny", 200)


def read(*events: dict, text: str | None = None):
    answer = json.dumps({"events": list(events)}) if text is None else text
    return read_answer(answer, TITLE, told_sentences(BODY), "tiny")


def test_an_event_that_the_text_bears_out_is_believed():
    (event,) = read(EVENT).events
    assert (event.signal_type, event.signal_subtype) == ("expansion", "new_office")
    assert (event.company_name, event.city, event.status) == (
        "Marlowe Optics",
        "Utrecht",
        "planned",
    )
    assert (event.sentence, event.engine) == (QUOTE.rstrip("."), "tiny") or event.sentence == QUOTE


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"quote": "Marlowe Optics opens a large new office in Utrecht."}, "quotation"),
        ({"quote": "Marlowe"}, "quotation"),
        ({"quote": None}, "quotation"),
        ({"company": "Globex"}, "company"),
        ({"company": ""}, "company"),
        ({"type": "bankruptcy"}, "type"),
        ({"type": "acquisition", "subtype": "acquirer"}, "other company"),
        ({"type": "acquisition", "subtype": None, "counterparty": "brewery"}, "who takes over"),
    ],
)
def test_what_the_text_does_not_bear_out_is_dropped_with_a_reason(changed, reason):
    got = read(EVENT | changed)
    assert got.events == ()
    assert reason in got.dropped[0]


def test_a_part_that_the_text_does_not_bear_out_is_left_out():
    quote = "The lease was signed for €3 million."
    (event,) = read(
        EVENT | {"quote": quote, "amount": 9e6, "currency": "EUR", "city": "Oslo"}
    ).events
    assert (event.amount, event.currency, event.city) == (None, None, None)
    (event,) = read(EVENT | {"quote": quote, "amount": 3000000, "currency": "USD"}).events
    assert (event.amount, event.currency) == (3e6, "EUR")


@pytest.mark.parametrize("text", ["no JSON", "[]", '{"events": {}}', "[" * 100_000, ""])
def test_an_answer_that_is_no_list_of_events_gives_none(text):
    got = read(text=text)
    assert (got.events, len(got.dropped)) == ((), 1)


def test_a_fenced_answer_is_read_and_a_long_item_is_cut():
    assert len(read(text=f"```json\n{json.dumps({'events': [EVENT]})}\n```").events) == 1
    asked = messages(TITLE, ["word " * 5_000])
    assert len(asked[1]["content"]) == MAX_CHARACTERS


def lay(lake: Lake, number: int, title: str, content: str) -> None:
    now = datetime(2026, 6, 15, 8, tzinfo=UTC)
    payload = json.dumps({"outlet": "harbour", "title": title, "content": content,
                          "published": now.isoformat()})  # fmt: skip
    record = Record(
        source="press", stream="articles", record_id=f"harbour/{number}", observed_at=now,
        fetched_at=now, source_url=f"https://harbour.example/{number}", payload=payload,
    )  # fmt: skip
    lake.write("press", "articles", now.date(), [record])


def test_the_line_asks_about_what_nothing_was_found_in_and_a_second_run_asks_nothing(
    vendor, tmp_path
):
    lake = Lake(str(tmp_path / "lake"))
    lay(lake, 1, TITLE, BODY)
    lay(lake, 2, "Aldine Robotics raises $25 million Series B", "")
    lay(lake, 3, "RETRACTED: Marlowe Optics to move", "This article has been withdrawn.")
    vendor.on(PATH, said(EVENT))
    day = date(2026, 6, 15)

    def run() -> pa.Table:
        with Workers(1) as workers:
            _, rejected, table = read_day(
                READERS["press_events"], lake, tmp_path / "detections", day, workers,
                model(vendor, tmp_path),
            )  # fmt: skip
        assert rejected == []
        return table

    table = run()
    assert len(vendor.asked) == 1
    rows = {row["record_id"]: row for row in table.to_pylist()}
    assert set(rows) == {"harbour/1", "harbour/2"}
    found = rows["harbour/1"]
    assert found["reader"] == "language_model"
    assert found["reader_version"] == f"{READERS['press_events'].version} + tiny question 1"
    assert (found["evidence"], found["city"]) == (QUOTE, "Utrecht")
    assert found["release_id"] == found["content_fingerprint"]
    assert rows["harbour/2"]["reader"] == "press"
    assert run().equals(table)
    assert len(vendor.asked) == 1
