"""Item 5.02 in invented words: who comes, who goes, and what is neither."""

from __future__ import annotations

from datetime import date

import pytest

from detection.filings.executive_changes import read_executive_changes

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


def by_person(text: str):
    found = read_executive_changes(text, FILED, "Fenmark Systems Inc")
    return {(c.person_name, c.direction): c for c in found}


def test_successor_and_predecessor_are_linked_and_the_biography_read() -> None:
    found = by_person(
        "(b) On May 1, 2026, Tomas Lund tendered his resignation as Chief Operating Officer, "
        "effective May 31, 2026. (c) On May 4, 2026, the Board appointed Ana B. Quill, 47, as "
        "Chief "
        "Operating Officer to succeed Mr. Lund, effective June 1, 2026. Ms. Quill previously "
        "served "
        "as Senior Vice President of Operations at Orbvane Corp. from 2019 to 2026 and as a "
        "partner "
        "with Larkspur Consulting LLP. She holds a degree from Northlake University."
    )
    came, went = found["Ana B. Quill", "incoming"], found["Tomas Lund", "outgoing"]
    assert (came.predecessor_name, went.successor_name) == ("Tomas Lund", "Ana B. Quill")
    assert (came.effective_on, went.effective_on) == (date(2026, 6, 1), date(2026, 5, 31))
    assert came.earlier_companies == ("Orbvane Corp", "Larkspur Consulting LLP")
    assert came.change_type == "new_hire"
    assert went.earlier_companies == ()


def test_the_same_position_links_without_a_word_of_succession() -> None:
    found = by_person(
        "Tomas Lund resigned as Chief Financial Officer. The Board appointed Ana Quill as "
        "Executive "
        "Vice President and Chief Financial Officer."
    )
    assert found["Ana Quill", "incoming"].predecessor_name == "Tomas Lund"


def test_duties_taken_over_for_the_interim_are_the_position() -> None:
    found = by_person(
        "On May 4, 2026, the employment of Max Oduya, Chief Technology Officer, was terminated. "
        "Lena Fox, the Company’s Vice President of Engineering, will assume Mr. Oduya’s "
        "responsibilities on an interim basis."
    )
    assert found["Max Oduya", "outgoing"].position == "Chief Technology Officer"
    came = found["Lena Fox", "incoming"]
    assert (came.position, came.is_interim) == ("Interim Chief Technology Officer", True)
    assert (came.change_type, came.predecessor_name) == ("promotion", "Max Oduya")


@pytest.mark.parametrize(
    "text",
    [
        "The Board named Ana Quill, currently Chief Financial Officer, as Chief Executive Officer.",
        "The Board appointed Ana Quill as Chief Executive Officer. Ms. Quill has served as the "
        "Company’s Chief Financial Officer since 2021.",
        "The Board appointed Ana Quill as Chief Executive Officer. Ms. Quill joined the Company in "
        "March 2019 as Vice President.",
        "The Board appointed Ana Quill as Chief Executive Officer. Ms. Quill has served as a Vice "
        "President of Fenmark since 2019.",
    ],
)
def test_who_is_there_already_is_promoted(text: str) -> None:
    change = only(text)
    assert (change.position, change.change_type) == ("Chief Executive Officer", "promotion")


def test_ways_of_leaving() -> None:
    for text in (
        "Fenmark Systems Inc. and Ida Brandt, the Company’s Chief Marketing Officer, mutually "
        "agreed "
        "that Ms. Brandt will leave the Company effective May 15, 2026.",
        "Ida Brandt, Chief Marketing Officer, will transition from the role of Chief Marketing "
        "Officer on May 15, 2026.",
        "Effective May 15, 2026, Ida Brandt ceased to serve as Chief Marketing Officer.",
        "Ida Brandt informed the Board that she will resign as Chief Marketing Officer. Her "
        "resignation will become effective on May 15, 2026.",
    ):
        change = only(text)
        assert (change.person_name, change.direction) == ("Ida Brandt", "outgoing")
        assert change.position == "Chief Marketing Officer"
        assert change.effective_on == date(2026, 5, 15)


def test_a_vacancy_filled_is_a_seat_on_the_board() -> None:
    change = only(
        "On May 4, 2026, the Board increased its size and elected Piotr Zelenka to fill the "
        "vacancy."
    )
    assert change.is_board_only
    assert change.position == "Director"


def test_a_heading_gives_no_day() -> None:
    change = only(
        "Retirement of Ms. Osei as Chief Executive Officer\nOn May 4, 2026, Mara Osei, the Chief "
        "Executive Officer, informed the Board that she will retire as Chief Executive Officer, as "
        "of December 31, 2026, after a long and full career with the company that she has led.\n"
        "Search\nThe Board has begun to look for a successor."
    )
    assert change.effective_on == date(2026, 12, 31)


def moves(text: str) -> list[tuple[str, str, str]]:
    return sorted(
        (r.person_name, r.position, r.direction)
        for r in read_executive_changes(text, date(2010, 7, 1), "Coalport Bancorp")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "On May 12, 2010, the Board elected Priya Raman and Thomas J. Eberhart to serve as "
            "directors of the Company, effective immediately.",
            [
                ("Priya Raman", "Director", "incoming"),
                ("Thomas J. Eberhart", "Director", "incoming"),
            ],
        ),
        (
            "The Board appointed Maria Lopez as Chief Executive Officer and Daniel Ortiz as Chief "
            "Financial Officer, effective May 1, 2010.",
            [
                ("Daniel Ortiz", "Chief Financial Officer", "incoming"),
                ("Maria Lopez", "Chief Executive Officer", "incoming"),
            ],
        ),
        (
            "Helen Park, the Company's Chief Financial Officer, and Mark Doyle, the Company's "
            "General Counsel, have resigned effective July 15, 2010.",
            [
                ("Helen Park", "Chief Financial Officer", "outgoing"),
                ("Mark Doyle", "General Counsel", "outgoing"),
            ],
        ),
        (
            "The Board has named Elaine Moss interim President, replacing Robert Dunning, whose "
            "employment was terminated without cause on June 2, 2010.",
            [
                ("Elaine Moss", "interim President", "incoming"),
                ("Robert Dunning", "President", "outgoing"),
            ],
        ),
        (
            "The employment of John Q. Marsh as Treasurer terminated on June 15, 2010. In the "
            "interim, Sheila Ort, Controller, will act as Treasurer.",
            [
                ("John Q. Marsh", "Treasurer", "outgoing"),
                ("Sheila Ort", "Interim Treasurer", "incoming"),
            ],
        ),
        (
            "The duties of the Chief Operating Officer will be assumed by Laura Finnerty.",
            [("Laura Finnerty", "Chief Operating Officer", "incoming")],
        ),
        (
            "On June 7, 2010, Stephen A. Boyle was promoted from Vice President - Finance to Chief "
            "Financial Officer.",
            [("Stephen A. Boyle", "Chief Financial Officer", "incoming")],
        ),
        ("A Person who becomes an Acquiring Person shall serve as a director of the Company.", []),
        ("If Mr. Owen Shea's employment is terminated, his duties will be assumed by others.", []),
    ],
)
def test_several_persons_and_roles_of_one_sentence(text, expected):
    assert moves(text) == expected


def test_who_has_served_since_a_year_is_promoted_unless_elsewhere():
    told = "On May 3, 2010, the Board appointed Owen Castellane as Chief Financial Officer. "
    [inside] = read_executive_changes(told + "Mr. Castellane has served as Controller since 2006.")
    [outside] = read_executive_changes(
        told + "Mr. Castellane has served as Controller of Halvorsen Corporation since 2006."
    )
    assert (inside.change_type, outside.change_type) == ("promotion", "new_hire")
