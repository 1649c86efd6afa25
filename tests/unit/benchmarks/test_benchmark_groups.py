"""The comparison of groups with the truth counts as a person would."""

import pytest

from benchmarks.buying_groups import Found, found, wilson
from benchmarks.role_finder import Tally, misspelt


def row(part, said, membership="core", level="vp", probability=0.8):
    return {"part": part, "buying_role": said, "membership": membership,
            "seniority_level": level, "role_probability": probability}  # fmt: skip


ROWS = [
    row("decision_maker", "decision_maker"),
    row("decision_maker", "stakeholder", level="director"),
    row(None, "decision_maker", probability=0.55),
    row("champion", "champion", level=None),
    row("stakeholder", "stakeholder", membership="contact", level="manager"),
]


def test_only_the_core_is_said_and_each_part_is_counted():
    result = found(ROWS, staff=6)
    assert result["coverage"] == {"n": 6, "known": 4}
    decides = result["groups"]["roles"]["decision_maker"]
    assert (decides["n"], decides["said"], decides["right"]) == (2, 2, 1)
    # The contact is not in the core: a miss, not a false one.
    heard = result["groups"]["roles"]["stakeholder"]
    assert (heard["n"], heard["said"], heard["right"]) == (1, 1, 0)
    member = result["groups"]["membership"]
    assert (member["n"], member["said"], member["right"]) == (4, 4, 3)
    plain = result["baseline"]["roles"]
    assert (plain["decision_maker"]["said"], plain["decision_maker"]["right"]) == (2, 1)
    assert plain["champion"]["said"] == 0
    assert result["calibration"] == [
        {"n": 1, "said": 0.55, "is_so": 0.0},
        {"n": 3, "said": pytest.approx(0.8), "is_so": pytest.approx(2 / 3)},
    ]


def test_shares_of_nothing_are_zero_and_bounds_are_wilsons():
    assert (Found(0, 0, 0).precision, Found(0, 0, 0).f1) == (0.0, 0.0)
    assert wilson(0, 0) == (0.0, 1.0)
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


def test_a_name_is_misspelt_by_two_letters_and_holders_are_who_could_be_named():
    assert misspelt("Larkspur Systems") == "Larskpur Systems"
    told = Tally(10, 7, 6, 5, 4, 3, 0).as_row()
    assert (told["precision"], told["recall"]) == (5 / 6, 5 / 7)
