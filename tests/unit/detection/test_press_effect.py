"""Press: the day of effect of takeovers and sites, how exactly it is told, and what periods end."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detection.periods import find_periods
from detection.press import read_press

PUBLISHED = datetime(2026, 5, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "last_day", "precision"),
    [
        ("in March 2027", (2027, 3, 31), "month"),
        ("in March", (2027, 3, 31), "month"),
        ("by the end of June", (2026, 6, 30), "month"),
        ("in the third quarter of 2026", (2026, 9, 30), "quarter"),
        ("in the first quarter", (2027, 3, 31), "quarter"),
        ("in Q4 of this year", (2026, 12, 31), "quarter"),
        ("next quarter", (2026, 9, 30), "quarter"),
        ("this month", (2026, 5, 31), "month"),
        ("in the second half of 2026", (2026, 12, 31), "half"),
        ("in H1 2027", (2027, 6, 30), "half"),
        ("later this year", (2026, 12, 31), "year"),
        ("by 2028", (2028, 12, 31), "year"),
        ("on 14 August", (2026, 8, 14), "day"),
        ("on August 14, 2026", (2026, 8, 14), "day"),
    ],
)
def test_a_period_ends_on_its_last_day(
    text: str, last_day: tuple[int, int, int], precision: str
) -> None:
    (period,) = find_periods(f"It opens {text}.", PUBLISHED.date())
    assert (period.last_day, period.precision) == (date(*last_day), precision)


@pytest.mark.parametrize(
    "text",
    ["It may open.", "March on, said the owner.", "$2030 a year", "by 2050", "one quarter of all"],
)
def test_what_is_no_period_near(text: str) -> None:
    assert find_periods(text, PUBLISHED.date()) == []


@pytest.mark.parametrize(
    ("title", "body", "effective", "precision", "status"),
    [
        ("Globex to acquire Fenmark",
         "Globex has agreed to acquire Fenmark. The transaction is expected to close in Q3.",
         (2026, 9, 30), "quarter", "planned"),
        ("Globex acquires Fenmark",
         "Globex acquires Fenmark for $30 million. Closing is anticipated by the end of July 2026.",
         (2026, 7, 31), "month", "planned"),
        ("Globex acquires Fenmark", "The deal was completed on May 18, 2026.",
         (2026, 5, 18), "day", "done"),
        ("Globex acquires Fenmark", "Globex was founded in 2003 and went public in May 2019.",
         None, None, "done"),
        ("Globex to acquire Fenmark", "Globex reports its next quarter in August.",
         None, None, "planned"),
        ("Fenmark to open office in Oslo", "Fenmark will open the office in March 2027.",
         (2027, 3, 31), "month", "planned"),
        ("Fenmark plans Oslo office",
         "Fenmark plans to open an office in Oslo later this year. It will open on 1 October.",
         (2026, 10, 1), "day", "planned"),
        ("Fenmark closes Oslo office",
         "Fenmark is closing its office in Oslo. The closure takes effect on June 30, 2026.",
         (2026, 6, 30), "day", "planned"),
        ("Fenmark opens new office in Oslo", "Fenmark has opened a new office in Oslo.",
         None, None, "done"),
    ],
)  # fmt: skip
def test_takeovers_and_sites_have_their_day_of_effect(
    title: str,
    body: str,
    effective: tuple[int, int, int] | None,
    precision: str | None,
    status: str,
) -> None:
    event = read_press(title, body, None, PUBLISHED)[0]
    assert event.effective_on == (date(*effective) if effective else None)
    assert (event.effective_precision, event.status) == (precision, status)
    assert event.occurred_on is None


def test_of_two_takeovers_only_the_own_sentence_tells_the_day() -> None:
    events = read_press(
        "Globex agrees to buy Fenmark in a deal expected to close in July 2026",
        "Globex also agreed to acquire Corvid Labs. The transaction is expected to close in Q4.",
        None,
        PUBLISHED,
    )
    days = {e.counterparty_name: e.effective_on for e in events if e.signal_type == "acquisition"}
    assert days == {"Fenmark": date(2026, 7, 31), "Corvid Labs": None}


@pytest.mark.parametrize(
    ("title", "kind", "status", "amount"),
    [
        ("Fenmark files for IPO", "ipo", "planned", None),
        ("Fenmark has filed for an initial public offering and seeks to raise $64M", "ipo",
         "planned", 64e6),
        ("Fenmark seeks €240M in IPO", "ipo", "planned", 240e6),
        ("Fenmark goes public, raising $90 million", "ipo", "done", 90e6),
        ("Fenmark prices its IPO at $90 million", "ipo", "done", 90e6),
        ("$180,000 grant for Fenmark", "grant", "done", 180e3),
        ("Fenmark has been awarded a £420K grant by the Lakeland Agency", "grant", "done", 420e3),
        ("Lakeland Agency awards Fenmark a $2M research grant", "grant", "done", 2e6),
        ("Fenmark raises $4M bridge round", "bridge", "done", 4e6),
    ],
)  # fmt: skip
def test_grants_offerings_and_bridges(
    title: str, kind: str, status: str, amount: float | None
) -> None:
    (event,) = read_press(title, published_at=PUBLISHED)
    assert (event.company_name, event.signal_type) == ("Fenmark", "funding_round")
    assert (event.round_type, event.status, event.amount) == (kind, status, amount)


@pytest.mark.parametrize(
    "title",
    ["Lakeland Agency grants Fenmark access to its data", "Fenmark publishes its public accounts"],
)
def test_what_is_neither_grant_nor_offering(title: str) -> None:
    assert read_press(title, published_at=PUBLISHED) == []


@pytest.mark.parametrize(
    ("title", "body", "position", "change", "level"),
    [
        ("Fenmark moves Ida Larkin to new role as VP Sales", "", "VP Sales", "reorganization",
         "vp"),
        ("New role for Ida Larkin",
         "Fenmark has reassigned Ida Larkin, its Chief Operating Officer, to the position of "
         "Chief Marketing Officer.", "Chief Marketing Officer", "reorganization", "c_suite"),
        ("New role for Ida Larkin",
         "Ida Larkin will transition from Vice President of Revenue Operations to Vice President "
         "of Sales at Fenmark.", "Vice President of Sales", "reorganization", "vp"),
        ("Fenmark names Ida Larkin CFO", "As part of a reorganization Fenmark has named Ida "
         "Larkin, currently Head of Data, as CFO.", "CFO", "reorganization", "c_suite"),
        ("Fenmark hires Ida Larkin as Regional Sales Manager", "", "Regional Sales Manager",
         "new_hire", "manager"),
        ("Fenmark names Ida Larkin IT Operations Manager", "", "IT Operations Manager",
         "new_hire", "manager"),
    ],
)  # fmt: skip
def test_new_roles_and_managers(
    title: str, body: str, position: str, change: str, level: str
) -> None:
    (event,) = read_press(title, body, None, PUBLISHED)
    assert (event.company_name, event.person_name) == ("Fenmark", "Ida Larkin")
    assert (event.position, event.change_type, event.level) == (position, change, level)


@pytest.mark.parametrize(
    ("title", "lead", "kind"),
    [
        ("Oxbow Ventures backs Fenmark", None, None),
        ("Oxbow Ventures has invested in Fenmark, a Leeds-based provider of payments.", None, None),
        ("Oxbow Ventures today announced that it has led the seed round of Fenmark.",
         "Oxbow Ventures", "seed"),
    ],
)  # fmt: skip
def test_an_investor_tells_of_a_round_without_its_sum(
    title: str, lead: str | None, kind: str | None
) -> None:
    (event,) = read_press(title, published_at=PUBLISHED)
    assert (event.signal_type, event.company_name) == ("funding_round", "Fenmark")
    assert event.investors == ("Oxbow Ventures",)
    assert (event.lead_investor, event.round_type, event.amount) == (lead, kind, None)


@pytest.mark.parametrize(
    "title",
    ["Oxbow Partners backs the plan of Ana Larkin", "Oxbow Capital invests in Oslo",
     "Fenmark backs Corvid Labs"],
)  # fmt: skip
def test_who_is_no_investor_or_backs_no_company(title: str) -> None:
    assert [
        e for e in read_press(title, published_at=PUBLISHED) if e.signal_type == "funding_round"
    ] == []
