"""Who holds a role at a company: the person, the nearest, those who left, or honestly nobody."""

import duckdb
import pytest

from orchestration.answers.role_finder import alike_companies, find_person

COMPANIES = [
    ("c1", "Larkspur Systems", "larkspur.example"),
    ("c2", "Brightwell & Sons Ltd", "brightwell.example"),
    ("c3", "Tamforge Bio", "tamforgebio.example"),
    ("c4", "Tamforge Art", "tamforgeart.example"),
]
PEOPLE = [
    ("p1", "c1", "Ada Quist", "Chief Financial Officer", True),
    ("p2", "c1", "Ben Oduya", "VP Finance", True),
    ("p3", "c1", "Cy Marlow", "Chief Technology Officer", False),
    ("p4", "c1", "Di Renner", "Director of Engineering", True),
    ("p5", "c2", "Eve Stroud", "Office Manager", True),
]


@pytest.fixture
def published():
    with duckdb.connect() as connection:
        connection.execute("create schema core")
        connection.execute("create table core.companies (company_id text, name text, domain text)")
        connection.execute(
            "create table core.company_aliases (company_id text, alias_type text, alias text)"
        )
        connection.execute(
            "create table core.people as select null::text as person_id, null::text as full_name"
            " where false"
        )
        connection.execute(
            "create table core.employments (person_id text, company_id text, title text,"
            " is_current boolean, started_on date, ended_on date, confidence double,"
            " employment_id text, source text default 'crm', evidence text, source_url text)"
        )
        connection.executemany("insert into core.companies values (?, ?, ?)", COMPANIES)
        connection.execute("insert into core.company_aliases values ('c2', 'name', 'Old Brand AG')")
        for person_id, company_id, full_name, title, is_current in PEOPLE:
            connection.execute("insert into core.people values (?, ?)", [person_id, full_name])
            connection.execute(
                "insert into core.employments (person_id, company_id, title, is_current,"
                " started_on, confidence, employment_id) values (?, ?, ?, ?, '2024-01-01', 0.9, ?)",
                [person_id, company_id, title, is_current, f"e{person_id}"],
            )
        # What somebody did there before does not count.
        connection.execute(
            "insert into core.employments (person_id, company_id, title, is_current, started_on,"
            " employment_id) values ('p2', 'c1', 'CFO', false, '2020-01-01', 'e0')"
        )
        yield connection


def test_the_holder_is_named_with_those_nearest(published):
    found = find_person(published, "find the CFO at Larkspur Systems")
    assert (found.status, found.person.full_name, found.person.source) == (
        "found", "Ada Quist", "crm",
    )  # fmt: skip
    assert [c.full_name for c in found.alternatives] == ["Ben Oduya"]
    assert found.person.confidence > found.alternatives[0].confidence > 0


def test_a_misspelt_company_is_found_and_believed_less(published):
    exact = find_person(published, "CFO at Larkspur Systems").person
    near = find_person(published, "CFO at Larkspurr Sistems").person
    assert near.person_id == exact.person_id
    assert near.confidence < exact.confidence


def test_who_has_left_is_said_to_have_left(published):
    found = find_person(published, "CTO at larkspur.example")
    assert (found.status, found.person) == ("left", None)
    assert [c.full_name for c in found.departed] == ["Cy Marlow"]
    assert "Cy Marlow was Chief Technology Officer" in found.said
    assert "has left; no successor is known" in found.said
    assert "Nearest is Di Renner" in found.said


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("CMO at Old Brand", "unknown"),
        ("CFO at Nowhere Industries", "company_unknown"),
        ("CFO at Tamforge", "company_ambiguous"),
        ("good morning", "question_unclear"),
    ],
)
def test_what_is_not_known_is_said(published, question, status):
    found = find_person(published, question)
    assert (found.status, found.person) == (status, None)
    assert found.said


def test_a_company_is_known_by_former_names_and_legal_forms(published):
    assert [c["company_id"] for c in alike_companies(published, "Old Brand")] == ["c2"]
    assert [c["company_id"] for c in alike_companies(published, "Brightwell and Sons")] == ["c2"]
    assert [c["company_id"] for c in alike_companies(published, "TAMFORGE BIO INC")] == ["c3"]
