"""Days ahead, reckoned from a Monday (2 March 2026)."""

from __future__ import annotations

from datetime import date

import pytest

from detection.days_ahead import find_days_ahead
from detection.sentences import sentence_spans, split_sentences

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day", "precision", "inferred"),
    [
        ("by Friday", date(2026, 3, 6), "day", True),
        ("next Friday", date(2026, 3, 13), "day", True),
        ("on Monday", date(2026, 3, 9), "day", True),
        ("tomorrow morning", date(2026, 3, 3), "day", True),
        ("by EOD", date(2026, 3, 2), "day", True),
        ("by the end of next week", date(2026, 3, 13), "week", True),
        ("later this month", date(2026, 3, 31), "month", True),
        ("within 10 working days", date(2026, 3, 16), "day", True),
        ("in two weeks", date(2026, 3, 16), "week", True),
        ("in a couple of months", date(2026, 5, 2), "month", True),
        ("delivery KW 34", date(2026, 8, 21), "week", True),
        ("calendar week 3", date(2027, 1, 22), "week", True),
        ("end of Q2", date(2026, 6, 30), "quarter", True),
        ("Q1 2027", date(2027, 3, 31), "quarter", False),
        ("mid April", date(2026, 4, 15), "month", True),
        ("end of January", date(2027, 1, 31), "month", True),
        ("bis 15.04.2026", date(2026, 4, 15), "day", False),
        ("by 15.4.", date(2026, 4, 15), "day", True),
        ("April 15, 2026", date(2026, 4, 15), "day", False),
        ("March 20", date(2026, 3, 20), "day", False),
    ],
)
def test_a_day_ahead(text: str, day: date, precision: str, inferred: bool) -> None:
    (found,) = find_days_ahead(f"We need it {text}, please.", MONDAY)
    assert (found.day, found.precision, found.is_inferred) == (day, precision, inferred)


@pytest.mark.parametrize(
    "text", ["version 2.1. is out", "it costs 4.10. net", "31.02.2026", "KW 60", "someday"]
)
def test_no_day(text: str) -> None:
    assert find_days_ahead(text, MONDAY) == []


def test_spans_are_the_sentences() -> None:
    text = " First one, Inc. is here.  Second!\nThird "
    assert [text[a:b] for a, b in sentence_spans(text)] == split_sentences(text)
    assert split_sentences(text) == ["First one, Inc. is here.", "Second!", "Third"]
