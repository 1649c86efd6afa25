"""Item 5.02 in invented words: who comes, who goes, and what is neither."""

from __future__ import annotations

from datetime import date

import pytest

from detection.executive_changes import read_executive_changes

FILED = date(2026, 5, 8)


def only(text: str):
    found = read_executive_changes(text, FILED, "Fenmark Systems Inc")
    assert len(found) == 1, found
    return found[0]


def test_an_appointment_with_its_effective_day() -> None:
    change = only(
        "Departure of Directors or Certain Officers; Election of Directors; Appointment of Certain "
        "Officers\nOn May 4, 2026, Fenmark Systems Inc. (the “Company”) appointed Ana B. "
        "Quill, age "
        "47, as its Executive Vice President and Chief Financial Officer, effective June 1, 2026. "
        "Previously, Ms. Quill was Chief Financial Officer of Orbvane Corp."
    )
    assert change.person_name == "Ana B. Quill"
    assert change.position == "Executive Vice President and Chief Financial Officer"
    assert (change.level, change.department) == ("c_suite", "finance")
    assert (change.direction, change.change_type) == ("incoming", "new_hire")
    assert change.effective_on == date(2026, 6, 1)
    assert not change.is_interim
    assert not change.is_board_only


def test_a_resignation_dated_by_a_later_sentence() -> None:
    change = only(
        "(b) On May 5, 2026, the Company announced the resignation of Tomas Lund, Chief Revenue "
        "Officer of the Company. Mr. Lund’s resignation is effective as of May 15, 2026."
    )
    assert (change.person_name, change.position) == ("Tomas Lund", "Chief Revenue Officer")
    assert (change.direction, change.change_type) == ("outgoing", "departure")
    assert change.effective_on == date(2026, 5, 15)


def test_notice_of_leaving_names_the_day_of_leaving() -> None:
    change = only(
        "On May 1, 2026, Tomas Lund notified the Company that he will retire from his position as "
        "Vice President, Worldwide Sales, effective July 1, 2026."
    )
    assert change.position == "Vice President, Worldwide Sales"
    assert (change.level, change.department) == ("vp", "sales")
    assert change.effective_on == date(2026, 7, 1)


def test_board_only_and_interim_are_told_apart() -> None:
    director = only("Mara Osei resigned as a member of the Board of Directors on May 2, 2026.")
    assert director.is_board_only
    interim = only("The Board appointed Mara Osei as interim Chief Executive Officer.")
    assert interim.is_interim
    assert not interim.is_board_only
    assert interim.level == "c_suite"


def test_a_promotion_is_one() -> None:
    assert only("The Board promoted Mara Osei to Chief Operating Officer.").change_type == (
        "promotion"
    )


def test_both_directions_in_one_item() -> None:
    found = read_executive_changes(
        "Tomas Lund resigned as Chief Financial Officer of the Company. The Board appointed Ana "
        "Quill as Chief Financial Officer.",
        FILED,
    )
    assert {(c.person_name, c.direction) for c in found} == {
        ("Tomas Lund", "outgoing"),
        ("Ana Quill", "incoming"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "(e) On May 4, 2026, the Compensation Committee approved a bonus of $90,000 for Ana Quill, "
        "the Company’s Chief Financial Officer.",
        "Upon termination of Mr. Lund’s employment without cause, he is entitled to severance.",
        "Stockholders approved the amended 2020 Incentive Plan at the annual meeting.",
        "Ms. Quill has served as Chief Financial Officer of Orbvane since 2019.",
        "There is no arrangement or understanding between Ana Quill and any person pursuant to "
        "which she was appointed as Chief Financial Officer.",
        "Ana Quill will continue to serve as Chief Financial Officer.",
        "",
    ],
)
def test_pay_biography_and_boilerplate_give_none(text: str) -> None:
    assert read_executive_changes(text, FILED, "Fenmark Systems Inc") == []
