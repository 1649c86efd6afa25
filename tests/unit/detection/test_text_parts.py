"""Money, dates, names, places, companies and sentences: values and laws."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.companies import name_after, split_names, subject_before
from detection.dates import find_dates, find_nearby_dates
from detection.money import find_money, format_money, parse_number
from detection.names import (
    COMPANY_NAME_EXAMPLES,
    LEGAL_SUFFIXES,
    normalize_company_name,
    normalize_domain,
    slug,
)
from detection.people import find_people, find_positions, is_board_position
from detection.places import find_place
from detection.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("raised $25M at", 25e6, "USD"),
        ("US$1.2 billion", 1.2e9, "USD"),
        ("EUR 4,5 Mio. Serie A", 4.5e6, "EUR"),
        ("£300k", 3e5, "GBP"),
        ("30 million euros", 30e6, "EUR"),
        ("SEK 120 million", 120e6, "SEK"),
        ("$1,250,000", 1_250_000, "USD"),
        ("C$20 million", 20e6, "CAD"),
        ("Rs 50 crore", 5e8, "INR"),
        ("₹17,50,000", 1_750_000, "INR"),
        ("$10 million CAD", 10e6, "CAD"),
    ],
)
def test_money(text: str, amount: float, currency: str) -> None:
    (found,) = find_money(text)
    assert (found.amount, found.currency) == (amount, currency)


@pytest.mark.parametrize("text", ["25 million users", "in 2026", "Route 66", "version 4.5"])
def test_numbers_without_a_currency_are_no_money(text: str) -> None:
    assert find_money(text) == []


def test_written_numbers() -> None:
    assert parse_number("1.250", has_scale=True) == 1.25
    assert parse_number("1.250") == 1250
    assert parse_number("1,250.50") == 1250.5
    assert parse_number("1.250,50") == 1250.5
    assert parse_number("a") is None


@given(
    st.integers(min_value=1, max_value=999_999),
    st.sampled_from([1, 10, 1_000, 1_000_000]),
    st.sampled_from(["USD", "EUR", "GBP", "SEK"]),
)
def test_money_written_is_read_back(number: int, scale: int, currency: str) -> None:
    amount = float(number * scale)
    (found,) = find_money(f"raised {format_money(amount, currency)} today")
    assert found.amount == pytest.approx(amount)
    assert found.currency == currency


def test_dates_are_full_days_only() -> None:
    text = "On January 10, 2024, 3 March 2025, 2024-02-30, 2024-01-05 and in Q3 2026"
    assert [f.day for f in find_dates(text)] == [
        date(2024, 1, 10),
        date(2025, 3, 3),
        date(2024, 1, 5),
    ]


def test_a_day_without_a_year_is_the_nearest() -> None:
    found = find_nearby_dates("effective January 3", date(2026, 12, 20))
    assert [f.day for f in found] == [date(2027, 1, 3)]
    assert find_nearby_dates("founded on May 4, 1999", date(2026, 5, 1)) == []


@pytest.mark.parametrize(("name", "expected"), COMPANY_NAME_EXAMPLES)
def test_company_names(name: str, expected: str) -> None:
    assert normalize_company_name(name) == expected


def test_a_legal_form_in_the_middle_of_a_chain() -> None:
    assert normalize_company_name("Nordlicht Software GmbH & Co. KG") == "nordlicht software"
    assert normalize_company_name("Co") == "co"


def test_the_warehouse_drops_the_same_legal_forms() -> None:
    macro = Path(__file__).parents[3] / "dbt_project" / "macros" / "identity.sql"
    listed = re.search(r"[(:](inc\|[a-z|]+)\)", macro.read_text("utf-8"))
    assert listed is not None, "the macro company_name_key lists no legal forms"
    # "and" goes with a legal form before it, as the Python rule has it.
    assert set(listed.group(1).split("|")) - {"and"} == set(LEGAL_SUFFIXES)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_normalising_twice_changes_nothing(name: str) -> None:
    once = normalize_company_name(name)
    assert normalize_company_name(once) == once


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://www.Fenmark.co.uk/about?x=1", "fenmark.co.uk"),
        ("FENMARK.com", "fenmark.com"),
        ("ana@mail.fenmark.io", "fenmark.io"),
        ("localhost", None),
        ("192.168.0.1", None),
        ("", None),
        (None, None),
        ("not a domain", None),
    ],
)
def test_domains(value: str | None, expected: str | None) -> None:
    assert normalize_domain(value) == expected


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_as_a_domain(value: str) -> None:
    found = normalize_domain(value)
    assert found is None or normalize_domain(found) == found


def test_slug() -> None:
    assert slug("Fenmark Robotics, Inc.") == "fenmark-robotics"


@pytest.mark.parametrize(
    ("before", "company"),
    [
        ("Fenmark Robotics ", "Fenmark Robotics"),
        ("London-based fintech startup Fenmark ", "Fenmark"),
        ("Fenmark, a leading provider of software, today announced that it has ", "Fenmark"),
        ("The company has ", "Context"),
        ("Fenmark Robotics, Inc. (NYSE: FEN) announced it has ", "Fenmark Robotics, Inc"),
        ("investors have ", None),
    ],
)
def test_the_company_before_a_verb(before: str, company: str | None) -> None:
    assert subject_before(before, "Context") == company


def test_lists_of_names() -> None:
    text = "Oxbow Ventures, Cedar Capital and Plover Partners to speed up growth"
    assert split_names(text) == ["Oxbow Ventures", "Cedar Capital", "Plover Partners"]
    assert name_after(" rival analytics startup Quillpay for $2M") == "Quillpay"


def test_people_and_positions() -> None:
    sentence = "Fenmark appointed Ana B. O'Quill, Jr. as Chief Financial Officer and Treasurer."
    people = [p.text for p in find_people(sentence)]
    assert people[-1].startswith("Ana B. O'Quill")
    assert [p.text for p in find_positions(sentence)] == ["Chief Financial Officer and Treasurer"]
    assert is_board_position("member of the Board of Directors")
    assert not is_board_position("director and Executive Vice President")
    (short,) = find_people("the resignation of Mr. Lund was accepted")
    assert (short.text, short.is_short) == ("Lund", True)


def test_places() -> None:
    place = find_place("opens an office in Cambridge, Massachusetts")
    assert (place.city, place.country) == ("Cambridge", "United States")
    assert find_place("expands into the Netherlands").country == "Netherlands"
    assert find_place("launches in Europe").region == "Europe"
    assert find_place("grows in size") is None


def test_sentences_do_not_break_at_abbreviations() -> None:
    text = "Fenmark Inc. hired Mr. A. Lund of St. Ives. The U.S. market grew."
    assert split_sentences(text) == [
        "Fenmark Inc. hired Mr. A. Lund of St. Ives.",
        "The U.S. market grew.",
    ]


@pytest.mark.parametrize("form", ["Pte. Ltd.", "Pty. Ltd.", "Sdn. Bhd."])
def test_a_legal_form_of_two_words_is_not_parted(form: str) -> None:
    text = f"Fenmark {form} and Lowrick have entered into a partnership. Both gain."
    assert split_sentences(text) == [
        f"Fenmark {form} and Lowrick have entered into a partnership.",
        "Both gain.",
    ]
