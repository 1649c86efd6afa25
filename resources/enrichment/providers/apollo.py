"""Apollo: organisations by domain, people by e-mail, LinkedIn address, or name and company.

https://docs.apollo.io/reference. One credit an organisation; one a person when the answer holds
data that is charged for, none when nothing was found. Personal e-mail addresses and mobile numbers
(eight credits more, told to a public web address only) are not asked for.
A search for the people of a company is free and shows ids, titles and half-hidden names; who is
meant is told by ``people/match`` with the id, for one credit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.enrichment.people_found import SURE_ADDRESS, candidate_row, person_row
from resources.enrichment.providers.base import (
    Client,
    Found,
    Operation,
    mapping,
    same_host,
    same_name,
    wanted,
)
from resources.enrichment.values import Observation, Question, Subject, observe

#: Confidence of an address by Apollo's own word for it; others are no address to write to.
EMAIL_STATUS = {
    "verified": 0.95,
    "likely to engage": 0.85,
    "extrapolated": 0.5,
    "guessed": 0.5,
    "unverified": 0.4,
}
#: People of one page of a search; the vendor allows 100.
PAGE = 50
#: Whose positions are asked for: those who can buy.
SENIORITIES = "owner,founder,c_suite,partner,vp,head,director,manager"
#: A record matched by domain is taken to be right; its facts are updated monthly by Apollo.
RECORD = 0.85
MATCHED = f"record matched by domain, {RECORD:g} by default"


def organization_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain; without one nothing is asked, a name alone finds namesakes."""
    if not subject.domain:
        return None
    return Question("apollo.organization", {"domain": subject.domain})


def ask_organization(client: Client, question: Question) -> Found | None:
    """``GET /organizations/enrich``."""
    answer = client.get(f"{client.urls['api']}/organizations/enrich", question.params, costs=True)
    if answer is None:
        return None
    organization = wanted(answer.json(), "organization", answer)
    if organization is None:
        return None
    found = read_organization(
        mapping(organization, answer, "organization"), question.params["domain"]
    )
    return Found(found, credits=1.0, url=answer.url)


def read_organization(organization: Mapping[str, Any], domain: str) -> list[Observation]:
    """What an organisation's record says; nothing when it is another domain's."""
    if not same_host(organization.get("primary_domain") or organization.get("website_url"), domain):
        return []
    primary = organization.get("primary_phone") or {}
    dialled = primary.get("sanitized_number") or primary.get("number")
    said = {
        "phone": dialled or organization.get("sanitized_phone") or organization.get("phone"),
        "linkedin_url": organization.get("linkedin_url"),
        "employee_count": organization.get("estimated_num_employees"),
        "industry": organization.get("industry"),
        "country": organization.get("country"),
        "city": organization.get("city"),
        "founded_year": organization.get("founded_year"),
        "annual_revenue_usd": organization.get("annual_revenue"),
        "funding_total_usd": organization.get("total_funding"),
        "technologies": organization.get("technology_names"),
    }
    # Revenue is Apollo's estimate, and says so in its documentation.
    confidences = {"annual_revenue_usd": (0.6, "estimate of the vendor")}
    return observe(
        "company",
        "apollo.organization",
        {f: (v, *confidences.get(f, (RECORD, MATCHED))) for f, v in said.items()},
    )


def person_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By e-mail or LinkedIn address where a source of the line holds one, with name and domain.

    What other providers found is left out: it would make another question of one that was paid for.
    """
    parts = subject.parts
    params = {k: subject.given[k][0] for k in ("email", "linkedin_url") if k in subject.given}
    if not params and not (parts and subject.domain):
        return None
    if parts:
        params |= {"first_name": parts[0], "last_name": parts[1]}
    if subject.domain:
        params["domain"] = subject.domain
    return Question("apollo.person", params)


def ask_person(client: Client, question: Question) -> Found | None:
    """``POST /people/match`` with the parameters in the query, as Apollo wants them."""
    params = {**question.params, "reveal_personal_emails": "false", "reveal_phone_number": "false"}
    answer = client.post(f"{client.urls['api']}/people/match", {}, params, costs=True)
    if answer is None:
        return None
    person = wanted(answer.json(), "person", answer)
    if person is None:
        return None
    found = read_person(mapping(person, answer, "person"), question.params)
    return Found(found, credits=1.0 if found else 0.0, url=answer.url)


def read_person(person: Mapping[str, Any], asked: Mapping[str, str]) -> list[Observation]:
    """What a person's record says; nothing when name or company are others than those asked for."""
    name = person.get("name") or " ".join(
        str(person[k]) for k in ("first_name", "last_name") if person.get(k)
    )
    if "last_name" in asked and not same_name(name, f"{asked['first_name']} {asked['last_name']}"):
        return []
    organization = person.get("organization") or {}
    at_company = same_host(
        organization.get("primary_domain") or organization.get("website_url"), asked.get("domain")
    )
    if not at_company:
        return []
    status = str(person.get("email_status") or "").casefold()
    confidence = EMAIL_STATUS.get(status, 0.0)
    extrapolated = person.get("extrapolated_email_confidence")
    if isinstance(extrapolated, int | float) and status in ("extrapolated", "guessed"):
        confidence = min(float(extrapolated), 0.75)
    numbers = (person.get("contact") or {}).get("phone_numbers") or []
    first = next((n for n in numbers if isinstance(n, dict)), {})
    valid = first.get("status") in ("valid_number", "valid")
    by_name = "record matched by name and domain"
    return observe(
        "person",
        "apollo.person",
        {
            "email": (person.get("email"), confidence, f"email_status {status}"),
            "linkedin_url": (person.get("linkedin_url"), RECORD, by_name),
            "title": (person.get("title"), RECORD, by_name),
            "phone": (
                first.get("sanitized_number") or first.get("raw_number"),
                0.85 if valid else 0.6,
                f"number's status {first.get('status') or 'not stated'}",
            ),
        },
    )


def people_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain and page; those of rank first. A name alone would find a namesake's people."""
    if not subject.domain:
        return None
    params = {"domain": subject.domain, "page": known.get("page", "1"), "seniorities": SENIORITIES}
    return Question("apollo.people_search", params)


def ask_people(client: Client, question: Question) -> Found | None:
    """``POST /mixed_people/api_search`` with the filters in the query; costs nothing."""
    page = int(question.params["page"])
    params = {
        "q_organization_domains_list[]": question.params["domain"],
        "person_seniorities[]": question.params["seniorities"].split(","),
        "page": page,
        "per_page": PAGE,
    }
    answer = client.post(f"{client.urls['api']}/mixed_people/api_search", {}, params)
    if answer is None:
        return None
    said = mapping(answer.json(), answer, "whole")
    rows = wanted(said, "people", answer)
    found = [
        candidate_row(
            row.get("id"), first_name=row.get("first_name"), title=row.get("title"),
            hidden_last_name=row.get("last_name_obfuscated") or row.get("last_name"),
        )
        for row in (mapping(item, answer, "person") for item in rows or [])
    ]  # fmt: skip
    total = said.get("total_entries") or (said.get("pagination") or {}).get("total_entries") or 0
    return Found([], people=[row for row in found if row], more=page * PAGE < int(total),
                 url=answer.url)  # fmt: skip


def revealed_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By the id that a search gave, with the company where the person must work."""
    if not subject.domain or not known.get("candidate"):
        return None
    return Question(
        "apollo.person_by_id",
        {"id": known["candidate"], "domain": subject.domain, "company": subject.company_name},
    )


def ask_revealed(client: Client, question: Question) -> Found | None:
    """``POST /people/match`` by id."""
    params = {"id": question.params["id"], "reveal_personal_emails": "false",
              "reveal_phone_number": "false"}  # fmt: skip
    answer = client.post(f"{client.urls['api']}/people/match", {}, params, costs=True)
    if answer is None:
        return None
    person = wanted(answer.json(), "person", answer)
    if person is None:
        return None
    row = read_revealed(mapping(person, answer, "person"), question.params)
    return Found([], credits=1.0, people=[row] if row else [], url=answer.url)


def read_revealed(person: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any] | None:
    """The person, if working at the company asked about; None for who works elsewhere by now."""
    organization = person.get("organization") or {}
    told = organization.get("primary_domain") or organization.get("website_url")
    if not told or not same_host(told, asked["domain"]):
        return None
    reached = {o.field: o for o in read_person(person, {"domain": asked["domain"]})}
    address = reached.get("email")
    name = person.get("name") or " ".join(
        str(person[k]) for k in ("first_name", "last_name") if person.get(k)
    )
    kept = ("id", "name", "title", "seniority", "departments", "linkedin_url", "email_status")
    return person_row(
        "apollo", person.get("id"), name, asked,
        title=person.get("title"),
        email=address.value if address and address.confidence >= SURE_ADDRESS else None,
        phone=reached["phone"].value if "phone" in reached else None,
        linkedin_url=person.get("linkedin_url"),
        confidence=RECORD,
        basis="record whose employer has the company's domain",
        cells={name: person[name] for name in kept if person.get(name) is not None},
    )  # fmt: skip


def out_of_credits(status: int, content: bytes) -> bool:
    """402, or 422 whose message speaks of credits."""
    return status == 402 or (status == 422 and b"credit" in content.lower())


OPERATIONS = {
    "apollo.organization": Operation(
        "apollo.organization", "company", organization_question, ask_organization
    ),
    "apollo.person": Operation("apollo.person", "person", person_question, ask_person),
    "apollo.people_search": Operation(
        "apollo.people_search", "company", people_question, ask_people
    ),
    "apollo.person_by_id": Operation(
        "apollo.person_by_id", "company", revealed_question, ask_revealed
    ),
}
