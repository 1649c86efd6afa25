"""Positions of a profile to moves: dates of every kind, stays, promotions, what tells nothing."""

from __future__ import annotations

import pytest

from detection.employee_moves import Month, parse_month, read_moves


def entry(title: str, company: str, start: str | None, end: str | None = None, **more) -> dict:
    return {
        "position_title": title,
        "company_name": company,
        "date_from": start,
        "date_to": end,
    } | more


def told(*entries: dict) -> list[tuple[str, str, str, str]]:
    moves = read_moves({"full_name": "Ida Plover", "experience": list(entries)})
    return [(m.position.company, m.direction, m.change_type, str(m.changed)) for m in moves]


def test_a_hire_names_earlier_companies_and_the_old_place_is_left():
    moves = read_moves(
        {
            "experience": [
                entry("Chief Revenue Officer", "Fenmark Inc", "March 2026"),
                entry("VP of Sales", "Orbvane", "2021-02", "2026-02"),
                entry("Account Executive", "Plover & Vance Ltd", "2015", "2021"),
            ]
        }
    )
    first, second, third = moves
    assert (first.change_type, first.level, first.department) == ("new_hire", "c_suite", "sales")
    assert first.earlier_companies == ("Orbvane", "Plover & Vance Ltd")
    assert (first.changed.first_day.isoformat(), first.changed.precision) == ("2026-03-01", "month")
    assert (second.position.company, second.direction) == ("Orbvane", "outgoing")
    assert second.evidence == "VP of Sales at Orbvane until 2026-02"
    # Nothing is told of positions below a director.
    assert (third.position.company, third.direction, len(moves)) == ("Orbvane", "incoming", 3)


def test_a_promotion_is_no_hire_and_its_old_position_no_departure():
    site = {"company_website": "https://www.fenmark.example"}
    assert told(
        entry("Chief Operating Officer", "Fenmark", "2026-01", None, **site),
        entry("VP Operations", "Fenmark Incorporated", "2022-05", "2025-12", **site),
    ) == [
        ("Fenmark", "incoming", "promotion", "2026-01"),
        ("Fenmark Incorporated", "incoming", "new_hire", "2022-05"),
    ]


def test_another_place_at_the_same_rank_is_a_reorganization():
    assert told(
        entry("VP Sales", "Fenmark", "2026-01"),
        entry("VP Marketing", "Fenmark", "2023-01", "2026-01"),
    )[0] == ("Fenmark", "incoming", "reorganization", "2026-01")


def test_who_comes_back_after_years_is_hired_anew():
    moves = told(
        entry("VP Sales", "Fenmark", "2026-01"),
        entry("Director of Sales", "Fenmark", "2015-01", "2018-06"),
    )
    assert moves[0] == ("Fenmark", "incoming", "new_hire", "2026-01")
    assert ("Fenmark", "outgoing", "departure", "2018-06") in moves


def test_the_active_flag_decides_whether_a_position_goes_on():
    assert told(
        entry("Chief Financial Officer", "Fenmark", "2024-01", "2026-02", active_experience=1)
    ) == [("Fenmark", "incoming", "new_hire", "2024-01")]
    # Left, nobody says when: no date, no departure.
    assert told(
        entry("Chief Financial Officer", "Fenmark", "2024-01", None, active_experience=0)
    ) == [("Fenmark", "incoming", "new_hire", "2024-01")]


def test_board_seats_and_interim_positions_are_told_apart():
    board, interim = read_moves(
        {
            "experience": [
                entry("Chairman of the Board", "Fenmark", "2026-02"),
                entry("Interim CFO", "Orbvane", "2026-01"),
            ]
        }
    )
    assert (board.is_board_only, board.is_interim) == (True, False)
    assert (interim.is_board_only, interim.is_interim) == (False, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05", Month(2024, 5)), ("2024-05-17", Month(2024, 5)), ("May 2024", Month(2024, 5)),
        ("Sept 2024", Month(2024, 9)), ("05/2024", Month(2024, 5)), ("2024", Month(2024, None)),
        ("2024-13", None), ("Present", None), ("", None), (None, None), ("3201", None),
        ("2024-05-17T10:00:00Z", Month(2024, 5)),
    ],
)  # fmt: skip
def test_months_of_every_kind(text, expected):
    assert parse_month(text) == expected


@pytest.mark.parametrize(
    "experience", [None, [], "none", [None, {}, {"title": "CEO"}], [{"company_name": "X"}]]
)
def test_profiles_that_tell_nothing(experience):
    assert read_moves({"full_name": "Ida Plover", "experience": experience}) == []
