"""The comparison of groups with the truth counts as a person would."""

import pytest

from benchmarks.buying_groups.judging import Found, found
from benchmarks.role_finder import Tally, misspelt


def row(part, said, membership="core", level="vp", probability=0.8, company="c1"):
    return {
        "part": part, "buying_role": said, "membership": membership, "company_id": company,
        "seniority_level": level, "role_probability": probability, "is_untitled": level is None,
        "in_group_probability": 0.4 if membership == "contact" else 0.9, "size_max": 2,
    }  # fmt: skip


ROWS = [
    row("decision_maker", "decision_maker"),
    row("decision_maker", "stakeholder", level="director"),
    row(None, "decision_maker", probability=0.55, company="c2"),
    row("champion", "champion", "extended", level=None),
    row("stakeholder", "stakeholder", membership="contact", level="manager"),
]


def counts(judged):
    return judged["n"], judged["said"], judged["right"]


def test_core_and_extended_are_said_and_each_part_is_counted():
    result = found(ROWS, staff=6, contacts=[14, 15, 16])
    assert result["coverage"] == {
        "n": 6, "known": 4, "accounts": 3, "with_contacts_wanted": 2,
    }  # fmt: skip
    decides = result["groups"]["roles"]["decision_maker"]
    assert counts(decides) == (2, 2, 1)
    # A contact is not said to take part: a miss, not a false one.
    assert counts(result["groups"]["roles"]["stakeholder"]) == (1, 1, 0)
    member = result["groups"]["membership"]
    assert counts(member) == (4, 4, 3)
    assert (member["precision"], member["recall"], member["f1"]) == (0.75, 0.75, 0.75)
    assert 0 <= member["f1_interval"][0] <= 0.75 <= member["f1_interval"][1] <= 1
    assert counts(result["groups"]["core"]) == (4, 3, 2)
    assert counts(result["untitled"]) == (1, 1, 1)


def test_the_plain_rule_goes_by_rank_and_fills_the_seats_from_the_top():
    plain = found(ROWS, staff=6)["baseline"]
    assert counts(plain["roles"]["decision_maker"]) == (2, 2, 1)
    assert plain["roles"]["champion"]["said"] == 0
    assert counts(plain["membership"]) == (4, 4, 3)
    # Two seats: the vice president and the director sit, the manager stands.
    assert counts(plain["core"]) == (4, 3, 2)


def test_calibration_compares_how_sure_with_how_often():
    result = found(ROWS, staff=6)["calibration"]
    assert result["role"]["n"] == 4
    assert result["taking_part"]["n"] == 5
    # Steps hold one person each: said 0.55 and wrong, then 0.8 three times, right but once.
    assert result["role"]["error"] == pytest.approx((0.55 + 0.2 + 0.8 + 0.2) / 4)
    assert found([], staff=0)["calibration"]["role"] == {"n": 0, "error": None, "table": []}


def test_shares_of_nothing_are_zero():
    assert (Found(0, 0, 0).precision, Found(0, 0, 0).f1) == (0.0, 0.0)


def test_a_name_is_misspelt_by_two_letters_and_holders_are_who_could_be_named():
    assert misspelt("Larkspur Systems") == "Larskpur Systems"
    told = Tally(10, 7, 6, 5, 4, 3, 0).as_row()
    assert (told["precision"], told["recall"]) == (5 / 6, 5 / 7)
