"""HubSpot: the user's own company and contact records, which HubSpot's data enrichment fills.

Clearbit's API has no successor of its own shape: HubSpot, which bought Clearbit, writes the same
data into the records of its customers' CRM, where the CRM API (v3, ``POST
/crm/v3/objects/<type>/search``) reads it. https://developers.hubspot.com/docs/api/crm/search.
Reading records costs no credits. Property names are HubSpot's defaults.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.enrichment.providers.base import (
    BadResponseError,
    Client,
    Found,
    Operation,
    mapping,
    same_name,
    wanted,
)
from resources.enrichment.values import Observation, Question, Subject, observe

#: What a record in the user's own CRM says is held for true, a little less than what it verifies.
RECORD = 0.85
COMPANY = {
    "phone": "phone",
    "linkedin_url": "linkedin_company_page",
    "employee_count": "numberofemployees",
    "industry": "industry",
    "country": "country",
    "city": "city",
    "founded_year": "founded_year",
    "annual_revenue_usd": "annualrevenue",
}
CONTACT = {
    "email": "email",
    "linkedin_url": "hs_linkedin_url",
    "title": "jobtitle",
    "phone": "phone",
}


def company_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain."""
    return Question("hubspot.company", {"domain": subject.domain}) if subject.domain else None


def ask_company(client: Client, question: Question) -> Found | None:
    """The newest company record with the domain."""
    domain = question.params["domain"]
    properties = _search(client, "companies", {"domain": domain}, ["domain", *COMPANY.values()])
    if properties is None:
        return None
    record, url = properties
    return Found(read_company(record, domain), url=url)


def read_company(record: Mapping[str, Any], domain: str) -> list[Observation]:
    """Fields of a company record; nothing when its domain is another one."""
    if str(record.get("domain") or domain).lower() != domain:
        return []
    basis = "record of the user's HubSpot"
    return observe(
        "company",
        "hubspot.company",
        {field: (record.get(name), RECORD, basis) for field, name in COMPANY.items()},
        stated_at=record.get("hs_lastmodifieddate"),
    )


def contact_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By e-mail where a source of the line holds one, else by name and the company's domain."""
    if "email" in subject.given:
        return Question("hubspot.contact", {"email": subject.given["email"][0]})
    parts = subject.parts
    if not parts or not subject.domain:
        return None
    return Question(
        "hubspot.contact",
        {"firstname": parts[0], "lastname": parts[1], "hs_email_domain": subject.domain},
    )


def ask_contact(client: Client, question: Question) -> Found | None:
    """The newest contact record that fits."""
    names = ["firstname", "lastname", *CONTACT.values()]
    properties = _search(client, "contacts", question.params, names)
    if properties is None:
        return None
    record, url = properties
    return Found(read_contact(record, question.params), url=url)


def read_contact(record: Mapping[str, Any], asked: Mapping[str, str]) -> list[Observation]:
    """Fields of a contact record; nothing when it is somebody else's."""
    if "lastname" in asked and not same_name(
        f"{record.get('firstname')} {record.get('lastname')}",
        f"{asked['firstname']} {asked['lastname']}",
    ):
        return []
    basis = "record of the user's HubSpot"
    return observe(
        "person",
        "hubspot.contact",
        {field: (record.get(name), RECORD, basis) for field, name in CONTACT.items()},
        stated_at=record.get("lastmodifieddate"),
    )


def _search(
    client: Client, kind: str, equal: Mapping[str, str], properties: list[str]
) -> tuple[dict[str, Any], str] | None:
    modified = "hs_lastmodifieddate" if kind == "companies" else "lastmodifieddate"
    body = {
        "filterGroups": [
            {
                "filters": [
                    {"propertyName": name, "operator": "EQ", "value": value}
                    for name, value in equal.items()
                ]
            }
        ],
        "properties": [*properties, modified],
        "sorts": [{"propertyName": modified, "direction": "DESCENDING"}],
        "limit": 1,
    }
    answer = client.post(f"{client.urls['api']}/crm/v3/objects/{kind}/search", body)
    if answer is None:
        return None
    results = wanted(answer.json(), "results", answer)
    if not isinstance(results, list):
        raise BadResponseError(answer.source, answer.url, "'results' is no list")
    if not results:
        return None
    record = mapping(results[0], answer, "result")
    return mapping(record.get("properties"), answer, "properties"), answer.url


OPERATIONS = {
    "hubspot.company": Operation("hubspot.company", "company", company_question, ask_company),
    "hubspot.contact": Operation("hubspot.contact", "person", contact_question, ask_contact),
}
