"""Each provider's question and answer in its documented shape."""

from __future__ import annotations

import json

import pytest

from resources.enrichment.providers import apollo, coresignal, crunchbase, hunter
from resources.enrichment.providers.registry import OPERATIONS
from resources.enrichment.values import Subject
from tests.contract.enrichment import answers
from tests.contract.enrichment.desk import COMPANY, PERSON, as_json, outcomes, won
from tests.contract.sources.vendor import Reply


def put(desk, operation: str, subject: Subject, known: dict | None = None):
    """One question straight to one provider."""
    with desk.open() as enricher:
        question = OPERATIONS[operation].question(subject, known or {})
        found = OPERATIONS[operation].ask(
            enricher.clients[operation.split(".", maxsplit=1)[0]], question
        )
    said = {o.field: (o.value, o.confidence) for o in found.observations} if found else None
    return said, (found.credits if found else None)


@pytest.fixture(autouse=True)
def good(vendor):
    answers.answer_everything(vendor)


def test_apollo_organization(desk, vendor):
    vendor.on("/apollo/api/v1/organizations/enrich", as_json(answers.apollo_organization()))
    said, credits = put(desk, "apollo.organization", COMPANY)
    (asked,) = desk.asked("apollo")
    assert (asked.method, asked.query) == ("GET", {"domain": "aldine.example"})
    assert asked.headers["x-api-key"] == "secret-key-of-the-user"
    assert credits == 1
    assert said["phone"] == ("+15125550142", 0.85)
    assert said["employee_count"] == ("240", 0.85)
    assert said["annual_revenue_usd"] == ("31000000", 0.6)
    assert said["linkedin_url"][0] == "https://www.linkedin.com/company/aldine"
    assert json.loads(said["technologies"][0]) == ["HubSpot", "Segment"]


def test_apollo_organization_of_another_domain_is_not_taken(desk):
    other = answers.apollo_organization(primary_domain="borel.example")["organization"]
    assert apollo.read_organization(other, "aldine.example") == []


def test_apollo_person(desk):
    said, credits = put(desk, "apollo.person", PERSON)
    (asked,) = desk.asked("apollo")
    assert asked.method == "POST"
    assert asked.query == {
        "first_name": "Ida", "last_name": "Brandt", "domain": "aldine.example",
        "reveal_personal_emails": "false", "reveal_phone_number": "false",
    }  # fmt: skip
    assert credits == 1
    # Of all that a record holds only what reaches the person at work is kept.
    assert said == {
        "email": ("ida.brandt@aldine.example", 0.95),
        "linkedin_url": ("https://www.linkedin.com/in/ida-brandt", 0.85),
        "title": ("Head of Data", 0.85),
        "phone": ("+15125550199", 0.85),
    }


@pytest.mark.parametrize(
    ("changes", "email"),
    [
        ({"email_status": "guessed", "extrapolated_email_confidence": 0.42}, 0.42),
        ({"email_status": "guessed", "extrapolated_email_confidence": 0.99}, 0.75),
        ({"email_status": "unavailable"}, None),
        ({"email": "email_not_unlocked@domain.com", "email_status": None}, None),
    ],
)
def test_apollo_addresses_count_by_their_status(desk, changes, email):
    person = answers.apollo_person(**changes)["person"]
    asked = {"first_name": "Ida", "last_name": "Brandt", "domain": "aldine.example"}
    said = {o.field: o.confidence for o in apollo.read_person(person, asked)}
    assert said.get("email") == email
    assert said["title"] == 0.85


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Max Oduya", "first_name": "Max", "last_name": "Oduya"},
        {"organization": {"primary_domain": "borel.example"}},
    ],
)
def test_apollo_person_who_is_another_one_is_not_taken(changes):
    person = answers.apollo_person(**changes)["person"]
    asked = {"first_name": "Ida", "last_name": "Brandt", "domain": "aldine.example"}
    assert apollo.read_person(person, asked) == []


def test_apollo_knows_nobody(desk, vendor):
    vendor.on("/apollo/api/v1/people/match", as_json({"person": None}))
    assert put(desk, "apollo.person", PERSON) == (None, None)


def test_hunter_finder(desk):
    said, credits = put(desk, "hunter.email_finder", PERSON)
    (asked,) = desk.asked("hunter")
    assert asked.query == {"domain": "aldine.example", "first_name": "Ida", "last_name": "Brandt"}
    assert asked.headers["X-API-KEY"] == "secret-key-of-the-user"
    assert credits == 1
    assert said == {"email": ("ida.brandt@aldine.example", 0.97), "title": ("Head of Data", 0.75)}


@pytest.mark.parametrize(
    ("changes", "confidence"),
    [
        ({"verification": {"date": None, "status": None}, "score": 62}, 0.62),
        ({"verification": {"date": None, "status": None}, "score": 99}, 0.9),
        ({"verification": {"date": "2026-01-01", "status": "accept_all"}, "score": 95}, 0.6),
        ({"verification": {"date": "2026-01-01", "status": "invalid"}, "score": 95}, None),
    ],
)
def test_hunter_scores(changes, confidence):
    data = answers.hunter_found(**changes)["data"]
    said = hunter.read_found(data, {"first_name": "Ida", "last_name": "Brandt"})
    assert {o.field: o.confidence for o in said}.get("email") == confidence


def test_hunter_finds_nothing_and_charges_nothing(desk, vendor):
    nothing = answers.hunter_found(email=None, score=None, position=None, verification={})
    vendor.on("/hunter/v2/email-finder", as_json(nothing))
    assert put(desk, "hunter.email_finder", PERSON) == ({}, 0.0)


def test_hunter_verifier_confirms_and_refutes(desk, vendor):
    known = {"email": "ida.brandt@aldine.example"}
    assert put(desk, "hunter.email_verifier", PERSON, known) == (
        {"email": ("ida.brandt@aldine.example", 0.97)},
        1.0,
    )
    refused = answers.hunter_verified(known["email"], "invalid")
    vendor.on("/hunter/v2/email-verifier", as_json(refused))
    with desk.open() as enricher:
        operation = OPERATIONS["hunter.email_verifier"]
        found = operation.ask(enricher.clients["hunter"], operation.question(PERSON, known))
    (said,) = found.observations
    assert (said.is_refuted, said.confidence) == (True, 0.0)


def test_crunchbase_is_found_by_domain_and_read_as_an_entity(desk):
    said, credits = put(desk, "crunchbase.organization", COMPANY)
    search, entity = desk.asked("crunchbase")
    assert json.loads(search.body)["query"] == [
        {"type": "predicate", "field_id": "website_url", "operator_id": "domain_eq",
         "values": ["aldine.example"]}
    ]  # fmt: skip
    assert search.headers["X-cb-user-key"] == "secret-key-of-the-user"
    assert "num_employees_enum" in entity.query["field_ids"]
    assert credits == 0
    assert said == {
        "phone": ("+15125550142", 0.85),
        "linkedin_url": ("https://www.linkedin.com/company/aldine", 0.85),
        "employee_range": ("101-250", 0.85),
        "founded_year": ("2015", 0.85),
        "funding_total_usd": ("25000000", 0.85),
    }


def test_two_crunchbase_entities_with_one_domain_are_not_told_apart_by_guessing(desk, vendor):
    twice = [{"uuid": u, "properties": answers.ENTITY} for u in ("u-1", "u-2")]
    path = "/crunchbase/v4/data/searches/organizations"
    vendor.on(path, as_json({"count": 2, "entities": twice}))
    assert put(desk, "crunchbase.organization", COMPANY) == (None, None)


@pytest.mark.parametrize(
    ("code", "band"), [("c_00001_00010", "1-10"), ("c_10001_max", "10001+"), ("51-100", None)]
)
def test_crunchbase_bands(code, band):
    assert crunchbase.employee_range(code) == band


def test_builtwith_names_live_technologies_and_no_people(desk):
    said, credits = put(desk, "builtwith.domain", COMPANY)
    (asked,) = desk.asked("builtwith")
    assert asked.query == {"LOOKUP": "aldine.example", "LIVEONLY": "yes", "NOPII": "yes"}
    assert asked.headers["Authorization"] == "API secret-key-of-the-user"
    assert (said["technologies"], credits) == (('["HubSpot"]', 0.85), 1.0)
    assert set(said) == {"technologies", "city", "country"}


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("You have no API credits left", "out_of_credits"),
        ("API key is not valid", "key_refused"),
        ("Something else", "wrong_shape"),
    ],
)
def test_builtwith_failures_come_with_status_200(desk, vendor, message, outcome):
    failure = {"Results": [], "Errors": [{"Message": message, "Code": -1}]}
    vendor.on("/builtwith/v22/api.json", as_json(failure))
    assert outcomes(desk.enrich(COMPANY, "deep_research"))["builtwith.domain"] == outcome


def test_coresignal_company(desk):
    said, credits = put(desk, "coresignal.company", COMPANY)
    search, _ = desk.asked("coresignal")
    assert json.loads(search.body) == {
        "query": {"bool": {"must": [{"term": {"domain": "aldine.example"}}]}}
    }
    assert search.headers["apikey"] == "secret-key-of-the-user"
    assert (said["employee_count"], credits) == (("236", 0.8), 2.0)


def test_coresignal_employee_must_work_there_now(desk):
    said, credits = put(desk, "coresignal.employee", PERSON)
    assert said == {
        "linkedin_url": ("https://www.linkedin.com/in/ida-brandt", 0.75),
        "title": ("VP Data", 0.75),
    }
    assert credits == 2.0
    left = answers.CORESIGNAL_EMPLOYEE | {
        "experience": [{"company_name": "Aldine Robotics", "title": "x", "date_to": "2026-01"}]
    }
    assert coresignal.read_employee(left, "Ida Brandt", "Aldine Robotics") == []


def test_coresignal_with_several_hits_collects_none(desk, vendor):
    path = "/coresignal/cdapi/v2/multi_source_employee/search/filter"
    vendor.on(path, as_json([99, 100]))
    assert put(desk, "coresignal.employee", PERSON) == ({}, 1.0)
    assert len(desk.asked("coresignal")) == 1


def test_hubspot_reads_the_users_own_records(desk, vendor):
    path = "/hubspot/crm/v3/objects/companies/search"
    vendor.on(path, as_json({"total": 1, "results": [answers.HUBSPOT_COMPANY]}))
    said, credits = put(desk, "hubspot.company", COMPANY)
    (asked,) = desk.asked("hubspot")
    assert asked.headers["Authorization"] == "Bearer secret-key-of-the-user"
    body = json.loads(asked.body)
    assert body["filterGroups"] == [
        {"filters": [{"propertyName": "domain", "operator": "EQ", "value": "aldine.example"}]}
    ]
    assert (said["employee_count"], credits) == (("240", 0.85), 0.0)


def test_the_companys_own_site_is_read_within_its_robots(desk, vendor):
    rules = Reply(b"User-agent: *\nDisallow: /contact\n", 200, {"Content-Type": "text/plain"})
    vendor.on("/company_site/aldine.example/robots.txt", rules)
    vendor.on("/company_site/aldine.example/", Reply(answers.PAGE))
    said, _ = put(desk, "company_site.contact", COMPANY)
    assert [a.path.split("/", 3)[3] for a in desk.asked("company_site")] == ["robots.txt", ""]
    assert said == {
        "phone": ("+15125550142", 0.9),
        "linkedin_url": ("https://www.linkedin.com/company/aldine", 0.9),
        "employee_count": ("240", 0.9),
        "country": ("US", 0.9),
        "city": ("Austin", 0.9),
        "founded_year": ("2015", 0.9),
    }
    assert put(desk, "company_site.contact", PERSON)[0] == {
        "email": ("ida.brandt@aldine.example", 0.9)
    }


def test_a_site_without_a_key_answers_for_free(desk, vendor):
    vendor.on("/company_site/aldine.example/", Reply(answers.PAGE))
    desk.environ = {}
    result = desk.enrich(COMPANY, "identify")
    assert won(result)["phone"] == ("company_site", "+15125550142")
    assert result.credits == 0
    assert outcomes(result)["hubspot.company"] == "not_configured"
