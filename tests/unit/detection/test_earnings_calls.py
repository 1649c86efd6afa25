"""Transcripts of earnings calls: turns, speakers, and what the company says that it does."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from detection.earnings_calls import PER_THEME, statements_of, turns_of
from detection.errors import UnreadableError
from detection.readers.press_events import READER

CALL = """Operator: Good day and welcome to the call of Alder Works.
Ida Marsh -- Chief Executive Officer
Thank you. These remarks are forward-looking and we open plants at our risk.
In May we opened a new plant in Rotterdam with 250 employees.
We are not going to close our office in Turin.
Theo Lund, Chief Financial Officer: We expect to reduce our operating expenses by $12 million.
Rosa Quill -- Northfold Research -- Analyst
So you opened our favourite office in Oslo and hired people there, right?
Ida Marsh: We finished migrating the order desk to a cloud ERP.
"""


def test_turns_have_their_speaker_and_the_office_stated_once():
    assert [(turn.speaker, turn.office, turn.is_outsider) for turn in turns_of(CALL)] == [
        ("Operator", None, True),
        ("Ida Marsh", "Chief Executive Officer", False),
        ("Theo Lund", "Chief Financial Officer", False),
        ("Rosa Quill", "Analyst", True),
        ("Ida Marsh", "Chief Executive Officer", False),
    ]
    (alone,) = turns_of("We opened an office.\n\nIt is large.")
    assert (alone.speaker, alone.text) == (None, "We opened an office. It is large.")
    assert turns_of("") == []


def test_statements_are_the_companys_own_with_their_particulars():
    told = statements_of(CALL)
    assert [(s.theme, s.status, s.polarity, s.speaker) for s in told] == [
        ("expansion", "done", "positive", "Ida Marsh"),
        ("cost_cut", "planned", "negative", "Theo Lund"),
        ("technology", "done", "positive", "Ida Marsh"),
    ]
    opened, cut, _ = told
    assert opened.place is not None
    assert (opened.place.city, opened.place.country) == ("Rotterdam", "Netherlands")
    assert (opened.headcount, opened.office) == (250, "Chief Executive Officer")
    assert cut.money is not None
    assert (cut.money.amount, cut.money.currency) == (12e6, "USD")
    assert opened.sentence == "In May we opened a new plant in Rotterdam with 250 employees."


@pytest.mark.parametrize(
    ("sentence", "theme", "status"),
    [
        ("We are going to hire 120 engineers over the next twelve months.", "hiring", "planned"),
        ("We doubled our sales force in the quarter.", "hiring", "done"),
        ("We laid off 300 people in March.", "cost_cut", "done"),
        ("We will be closing three of our warehouses.", "cost_cut", "planned"),
        ("Our team introduced a new version of the platform.", "launch", "done"),
        ("We plan to roll out our second product in Japan.", "launch", "planned"),
        ("We entered the Brazilian market.", "expansion", "done"),
        ("We are investing in artificial intelligence across our plants.", "technology", "done"),
    ],
)
def test_each_theme_planned_and_done(sentence, theme, status):
    (told,) = statements_of(f"Ida Marsh: {sentence}")
    assert (told.theme, told.status) == (theme, status)


@pytest.mark.parametrize(
    "sentence",
    [
        "Competitors opened offices in Oslo.",
        "Will we open an office in Oslo?",
        "We could hire engineers if demand returns.",
        "We have no plans to lay off people.",
        "Our revenue grew by 4 percent.",
        "Our guidance includes risk factors of plants that we opened.",
    ],
)
def test_what_others_do_what_is_asked_denied_or_only_possible_tells_nothing(sentence):
    assert statements_of(f"Ida Marsh: {sentence}") == []


def test_of_many_sentences_of_a_theme_the_most_particular_stand():
    many = " ".join(f"We hired {n} engineers." for n in (5, 6)) + " We hired in Oslo. We hired."
    told = statements_of(f"Ida Marsh: We are hiring. {many}")
    assert len(told) == PER_THEME
    assert [s.headcount for s in told] == [5, 6, None]


def row(**fields: object) -> dict[str, object]:
    now = datetime(2026, 6, 2, tzinfo=UTC)
    return {
        "source": "earnings_calls", "stream": "mapped_earnings_calls", "record_id": "alder/1",
        "observed_at": now, "fetched_at": now, "source_url": "https://calls.example/1",
        "payload": json.dumps({"fields": fields}), "payload_sha256": "a" * 64,
    }  # fmt: skip


def test_a_call_gives_one_event_of_its_own_and_one_a_statement():
    told = list(
        READER.read(
            row(company_name="Alder Works", company_domain="alder.example", transcript=CALL,
                held_on="2026-05-28", fiscal_year=2026, fiscal_quarter=1)
        )
    )  # fmt: skip
    assert [(d.signal_type, d.signal_subtype, d.status) for d in told] == [
        ("earnings_call", "call", "done"),
        ("earnings_call", "expansion", "done"),
        ("earnings_call", "cost_cut", "planned"),
        ("earnings_call", "technology", "done"),
    ]
    assert {d.title for d in told} == {"Alder Works Q1 2026 earnings call"}
    assert {(d.company_domain, d.occurred_on) for d in told} == {
        ("alder.example", date(2026, 5, 28))
    }
    opened = told[1]
    assert (opened.person_name, opened.position) == ("Ida Marsh", "Chief Executive Officer")
    assert opened.evidence == opened.sentence
    assert (opened.reader, opened.confidence, opened.city) == ("earnings_call", 0.75, "Rotterdam")
    assert len({d.detection_id for d in told}) == len({d.release_id for d in told}) == 4
    with pytest.raises(UnreadableError, match="transcript"):
        list(READER.read(row(company_name="Alder Works", held_on="2026-05-28")))
