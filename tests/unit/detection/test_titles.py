"""Titles: levels and departments in English, German and French."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.titles import DEPARTMENTS, LEVELS, read_title


@pytest.mark.parametrize(
    ("title", "level", "department"),
    [
        ("CTO", "c_suite", "engineering"),
        ("Chief Executive Officer", "c_suite", "executive"),
        ("Chief Operating Officer", "c_suite", "operations"),
        ("Senior Vice President and Chief Financial Officer", "c_suite", "finance"),
        ("VP of Engineering", "vp", "engineering"),
        ("Senior Vice President, Sales", "vp", "sales"),
        ("Director of IT", "director", "information_technology"),
        ("Head of Procurement", "director", "procurement"),
        ("Engineering Manager", "manager", "engineering"),
        ("Software Engineer", None, "engineering"),
        ("Staff Data Scientist", None, "data"),
        ("Executive Assistant to the CEO", None, "administrative"),
        ("independent director", None, None),
        ("Geschäftsführer", "c_suite", "executive"),
        ("Leiter Vertrieb", "director", "sales"),
        ("Leiterin Einkauf", "director", "procurement"),
        ("Directeur Marketing", "director", "marketing"),
        ("VP Mid-Market Sales", "vp", "sales"),
        ("Responsable des Achats", "manager", "procurement"),
        ("C.F.O.", "c_suite", "finance"),
        ("  Chief   Marketing\tOfficer ", "c_suite", "marketing"),
        ("", None, None),
        ("Lighthouse keeper", None, None),
    ],
)
def test_level_and_department(title: str, level: str | None, department: str | None) -> None:
    reading = read_title(title)
    assert (reading.level, reading.department) == (level, department)


@given(st.text(max_size=400))
def test_any_text_reads_within_the_vocabulary(title: str) -> None:
    reading = read_title(title)
    assert reading.level is None or reading.level in LEVELS
    assert reading.department is None or reading.department in DEPARTMENTS
    assert read_title(title.upper().lower()).confidence >= 0
