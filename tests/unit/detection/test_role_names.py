"""Roles, departments and technologies by every name that is given to them."""

from __future__ import annotations

import pytest

from detection.role_names import AmbiguousRoleError, department_names, role_names, words
from detection.technology_vocabulary import find_technology, vocabulary
from detection.titles import read_title


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("CFO", "finanzvorstand"),
        ("Chief Technical Officer", "cto"),
        ("Vice President of Sales", "vp sales"),
        ("Sales Director", "director of sales"),
        ("Head of the HR", "head of human resources"),
        ("RevOps", "revenue operations"),
        ("Quality Guru", "quality guru"),
    ],
)
def test_a_role_is_written_in_many_ways(asked, written):
    assert written in role_names(asked).names


def test_a_rank_alone_or_a_part_of_it_is_no_other_role():
    assert role_names("Director").names == ("director",)
    assert "sales" not in role_names("VP of Sales").names
    assert not role_names("Quality Guru").is_known or read_title("Quality Guru").department


def test_an_abbreviation_of_several_roles_is_told_apart():
    with pytest.raises(AmbiguousRoleError, match="Chief Data Officer or Chief Digital Officer"):
        role_names("cdo")
    names = role_names("Chief Data Officer")
    assert (names.department, names.general) == ("data", frozenset({"cdo"}))


@pytest.mark.parametrize(
    ("said", "department"),
    [("IT", "information_technology"), ("R&D", "engineering"), ("People & Culture",
     "human_resources"), ("human_resources", "human_resources"), ("Accounts Payable", None)],
)  # fmt: skip
def test_a_department_is_what_titles_are_read_as(said, department):
    assert department_names(said).department == department
    assert words(said) in department_names(said).names


def test_no_name_stands_for_two_departments():
    names = [
        (name, found.department)
        for said in ("sales", "marketing", "engineering", "data", "it", "hr", "finance", "legal",
                     "product", "security", "operations", "customer success", "procurement",
                     "consulting", "administration", "executive", "project management",
                     "business development")
        for found in [department_names(said)]
        for name in dict.fromkeys(found.names)
    ]  # fmt: skip
    assert len({department for _, department in names}) == 18
    assert len({name for name, _ in names}) == len(names)


def test_every_technology_keeps_its_own_name_and_gains_others():
    known = vocabulary()
    assert all(alias == alias.lower() for alias in known)
    assert {known[name.lower()].name for name in ("HubSpot", "ADP Workforce Now", "Zix")} == {
        "HubSpot", "ADP Workforce Now", "Zix",
    }  # fmt: skip
    assert find_technology(" Amazon  AWS ").name == "Amazon Web Services"
    assert find_technology("global site tag").name == "Google Tag Manager"
    assert find_technology("Oddware") is None
