"""Values in one written form: what cannot be meant is unknown."""

from __future__ import annotations

import pytest

from resources.enrichment.values import FIELDS, Question, Subject, observe


@pytest.mark.parametrize(
    ("field", "raw", "value"),
    [
        ("phone", "+1 (512) 555-0142", "+15125550142"),
        ("phone", "tel:+49 30 555 0123", "+49305550123"),
        ("phone", "512.555.0142 ext. 12", "5125550142"),
        ("phone", "call us", None),
        ("phone", "0000000", None),
        ("phone", "12345", None),
        (
            "linkedin_url",
            "http://www.linkedin.com/company/acme/?trk=x",
            "https://www.linkedin.com/company/acme",
        ),
        ("linkedin_url", "de.linkedin.com/company/acme", "https://www.linkedin.com/company/acme"),
        ("linkedin_url", "https://example.com/company/acme", None),
        ("linkedin_url", "https://www.linkedin.com/feed", None),
        ("employee_count", 1600, "1600"),
        ("employee_count", "1,600", "1600"),
        ("employee_count", 0, None),
        ("employee_count", True, None),
        ("founded_year", "2015-04-01", "2015"),
        ("founded_year", "15", None),
        ("city", "  San\n Francisco ", "San Francisco"),
        ("city", "N/A", None),
        ("technologies", ["B", "A", "A", None], '["A", "B"]'),
        ("technologies", "A", None),
    ],
)
def test_company_fields(field, raw, value):
    assert FIELDS["company"][field].read(raw) == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("Ida.Brandt@Acme.Example", "ida.brandt@acme.example"),
        ("mailto:ida@acme.example", "ida@acme.example"),
        ("email_not_unlocked@domain", None),
        ("ida at acme.example", None),
        (None, None),
    ],
)
def test_addresses(raw, value):
    assert FIELDS["person"]["email"].read(raw) == value


def test_an_observation_of_nothing_is_none():
    said = {"email": ("", 0.9, ""), "title": ("CFO", 0.0, ""), "phone": ("+1 512 555 0142", 2, "x")}
    (only,) = observe("person", "apollo.person", said)
    assert (only.field, only.value, only.confidence, only.source) == (
        "phone", "+15125550142", 1.0, "apollo",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ida M. Brandt", ("Ida", "Brandt")),
        ("Dr. Ida Brandt", ("Ida", "Brandt")),
        ("Ida", None),
        ("Drew Morgan", ("Drew", "Morgan")),
    ],
)
def test_first_and_last_names(name, parts):
    assert Subject("person", "p", name, "c", "Acme", "acme.example", {}).parts == parts


def test_the_same_question_has_the_same_id_whatever_the_order_of_its_parameters():
    one = Question("hunter.email_finder", {"domain": "a.example", "first_name": "Ida"})
    two = Question("hunter.email_finder", {"first_name": "Ida", "domain": "a.example"})
    other = Question("hunter.email_verifier", {"first_name": "Ida", "domain": "a.example"})
    assert one.question_id == two.question_id != other.question_id
