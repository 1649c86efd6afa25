"""Profiles pasted as text, in the layouts and languages in which they come."""

from __future__ import annotations

import pytest

from resources.mapped.profile_text import ProfileError, read_profile

ALONE = """Ada Merrow
Chief Data Officer at Marlow Robotics
Berlin, Germany
Experience
Marlow Robotics logo
Chief Data OfficerChief Data Officer
Marlow Robotics · Full-time
May 2026 - Present · 1 mo
Berlin
What I do: data, and people who like data.
Head of Analytics
Tessaly Health
2021 to Apr 2026
Education
School of Examples
2011 - 2015
"""
GROUPED = """linkedin.com/in/ben-oxley-invented
Ben Oxley · 2nd
Building things
Experience
Quillharrow Logistics
Full-time · 4 yrs 2 mos
VP Engineering
Mar 2024 – Present · 2 yrs
Director of Engineering
Feb 2022 – Feb 2024 · 2 yrs 1 mo
Team Lead
Brightmoor Energy · Contract
2019 – 2021
Skills
"""
SAVED = """Cara Lindt
Experience
Marlow Robotics
Head of Procurement
January 2023 - Present (3 years 6 months)
Hamburg
Tessaly Health
Buyer
June 2019 - December 2022 (3 years 7 months)
"""
GERMAN = """Dirk Halden
Leiter Einkauf
Berufserfahrung
Leiter Einkauf
Marlow Robotics
März 2024 bis heute
Ausbildung
"""


def told(text: str) -> list[tuple[str, ...]]:
    columns = ("Full Name", "Job Title", "Company", "Started On", "Ended On", "Is Current")
    return [tuple(row[c] for c in columns) for _, row in read_profile(text)]


def test_positions_on_their_own():
    assert told(ALONE) == [
        ("Ada Merrow", "Chief Data Officer", "Marlow Robotics", "2026-05-01", "", "yes"),
        ("Ada Merrow", "Head of Analytics", "Tessaly Health", "2021-01-01", "2026-04-30", "no"),
    ]
    (line, first), _ = read_profile(ALONE)
    assert line == 8
    assert (first["Previous Company"], first["Previous Title"]) == (
        "Tessaly Health", "Head of Analytics",
    )  # fmt: skip
    assert first["Headline"] == "Chief Data Officer at Marlow Robotics"
    assert first["Location"] == "Berlin, Germany"
    assert first["Evidence"] == ("Chief Data Officer, Marlow Robotics: May 2026 - Present · 1 mo")


def test_several_positions_at_one_company_and_then_one_elsewhere():
    assert told(GROUPED) == [
        ("Ben Oxley", "VP Engineering", "Quillharrow Logistics", "2024-03-01", "", "yes"),
        ("Ben Oxley", "Director of Engineering", "Quillharrow Logistics", "2022-02-01",
         "2024-02-29", "no"),
        ("Ben Oxley", "Team Lead", "Brightmoor Energy", "2019-01-01", "2021-12-31", "no"),
    ]  # fmt: skip
    rows = [row for _, row in read_profile(GROUPED)]
    assert {row["Profile URL"] for row in rows} == {"linkedin.com/in/ben-oxley-invented"}
    assert rows[2]["Employment Type"] == "Contract"


def test_a_profile_saved_as_pdf_has_the_company_first():
    assert [row[1:3] for row in told(SAVED)] == [
        ("Head of Procurement", "Marlow Robotics"), ("Buyer", "Tessaly Health"),
    ]  # fmt: skip


def test_german_months():
    assert told(GERMAN) == [
        ("Dirk Halden", "Leiter Einkauf", "Marlow Robotics", "2024-03-01", "", "yes")
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "first line must be the person's name"),
        ("Experience\nCTO\nMarlow\n2020 - 2021", "first line must be the person's name"),
        ("Ada Merrow\nCTO\nMarlow\n2020 - 2021", "no position with dates below"),
        ("Ada Merrow\nExperience\nCTO\nMarlow", "no position with dates below"),
    ],
)
def test_what_is_no_profile_says_what_is_missing(text, told):
    with pytest.raises(ProfileError, match=told):
        list(read_profile(text))
