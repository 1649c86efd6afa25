"""Coresignal: multi-source company and employee records (v2).

https://docs.coresignal.com. A search gives ids, a collect gives the record; both cost a credit
here (the vendor's newer plans charge for records only). 402 means that none are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.enrichment.people_found import candidate_row, person_row
from resources.enrichment.providers.base import (
    BadResponseError,
    Client,
    Found,
    Operation,
    mapping,
    same_host,
    same_name,
)
from resources.enrichment.values import Observation, Question, Subject, linkedin, observe

RECORD = 0.8
PROFILE = 0.75


def company_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain."""
    return Question("coresignal.company", {"domain": subject.domain}) if subject.domain else None


def ask_company(client: Client, question: Question) -> Found | None:
    """``POST multi_source_company/search/es_dsl``, then ``GET .../collect/<id>``."""
    domain = question.params["domain"]
    query = {"query": {"bool": {"must": [{"term": {"domain": domain}}]}}}
    record, credits, url = _search_and_collect(client, "multi_source_company", "es_dsl", query)
    if record is None:
        return Found([], credits=credits, url=url)
    return Found(read_company(record, domain), credits=credits, url=url)


def read_company(record: Mapping[str, Any], domain: str) -> list[Observation]:
    """Fields of a company record; nothing when its domain is another one."""
    if not same_host(record.get("domain") or record.get("website"), domain):
        return []
    said = {
        "linkedin_url": record.get("linkedin_url"),
        "employee_count": record.get("employees_count"),
        "industry": record.get("industry"),
        "country": record.get("country"),
        "city": record.get("locality"),
        "founded_year": record.get("founded"),
    }
    basis = "record matched by domain"
    return observe(
        "company",
        "coresignal.company",
        {field: (value, RECORD, basis) for field, value in said.items()},
        stated_at=record.get("last_updated"),
    )


def employee_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By full name and the company's name."""
    if not subject.parts:
        return None
    return Question(
        "coresignal.employee", {"full_name": subject.name, "company": subject.company_name}
    )


def ask_employee(client: Client, question: Question) -> Found | None:
    """``POST multi_source_employee/search/filter``, then ``GET .../collect/<id>``."""
    name, company = question.params["full_name"], question.params["company"]
    body = {"full_name": name, "active_experience_company_name": company}
    record, credits, url = _search_and_collect(client, "multi_source_employee", "filter", body)
    if record is None:
        return Found([], credits=credits, url=url)
    return Found(read_employee(record, name, company), credits=credits, url=url)


def read_employee(record: Mapping[str, Any], name: str, company: str) -> list[Observation]:
    """Title and profile, if the person works at the company now."""
    if not same_name(record.get("full_name"), name):
        return []
    current = [
        item
        for item in record.get("experience") or []
        if isinstance(item, dict)
        and not item.get("date_to")
        and _same_company(item.get("company_name"), company)
    ]
    if not current:
        return []
    basis = "profile with a current position at the company"
    title = current[0].get("position_title") or current[0].get("title") or record.get("title")
    return observe(
        "person",
        "coresignal.employee",
        {
            "linkedin_url": (record.get("linkedin_url"), PROFILE, basis),
            "title": (title, PROFILE, basis),
        },
        stated_at=record.get("last_updated"),
    )


def people_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain: who holds a position at the company now."""
    if not subject.domain:
        return None
    return Question("coresignal.people_search", {"domain": subject.domain})


def ask_people(client: Client, question: Question) -> Found | None:
    """``POST multi_source_employee/search/es_dsl``: ids of people with a present position there."""
    query = {
        "query": {
            "bool": {
                "must": [
                    {
                        "nested": {
                            "path": "experience",
                            "query": {
                                "bool": {
                                    "must": [
                                        {"term": {"experience.active_experience": 1}},
                                        {
                                            "match_phrase": {
                                                "experience.company_website.domain_only":
                                                    question.params["domain"]
                                            }
                                        },
                                    ]
                                }
                            },
                        }
                    },
                    {"term": {"is_deleted": 0}},
                ]
            }
        },
        "sort": ["id"],
    }  # fmt: skip
    api = f"{client.urls['api']}/multi_source_employee"
    answer = client.post(f"{api}/search/es_dsl", query, costs=True)
    if answer is None:
        return None
    ids = answer.json()
    if not isinstance(ids, list):
        raise BadResponseError(answer.source, answer.url, "the search's answer is no list of ids")
    rows = [candidate_row(item) for item in ids]
    return Found([], credits=1.0, people=[row for row in rows if row], url=answer.url)


def profile_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By the id that a search gave, with the company where the position must be."""
    if not subject.domain or not known.get("candidate"):
        return None
    return Question(
        "coresignal.profile",
        {"id": known["candidate"], "domain": subject.domain, "company": subject.company_name},
    )


def ask_profile(client: Client, question: Question) -> Found | None:
    """``GET multi_source_employee/collect/<id>``."""
    api = f"{client.urls['api']}/multi_source_employee"
    answer = client.get(f"{api}/collect/{int(question.params['id'])}", costs=True)
    if answer is None:
        return None
    row = read_profile(mapping(answer.json(), answer, "record"), question.params)
    return Found([], credits=1.0, people=[row] if row else [], url=answer.url)


def read_profile(record: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any] | None:
    """The person, if the profile shows a present position at the company; None for who left."""
    if record.get("is_deleted") in (1, True):
        return None
    current = [
        item
        for item in record.get("experience") or []
        if isinstance(item, dict)
        and not item.get("date_to")
        and item.get("active_experience") in (None, 1, True)
        and item.get("company_website")
        and same_host(item.get("company_website"), asked["domain"])
    ]
    if not current:
        return None
    held = current[0]
    year, month = held.get("date_from_year"), held.get("date_from_month")
    started = None
    if isinstance(year, int):
        started = f"{year:04d}-{month if isinstance(month, int) else 1:02d}-01"
    kept = ("id", "full_name", "headline", "updated_at")
    told = ("position_title", "department", "management_level", "date_from", "company_name")
    return person_row(
        "coresignal", record.get("id"), record.get("full_name"), asked,
        title=held.get("position_title") or held.get("title"),
        linkedin_url=linkedin(record.get("linkedin_url")),
        started_on=started,
        date_precision=("month" if isinstance(month, int) else "year") if started else None,
        confidence=PROFILE,
        basis="profile with a present position at the company",
        stated_at=record.get("updated_at") or record.get("last_updated"),
        source_url=record.get("linkedin_url"),
        cells={name: record[name] for name in kept if record.get(name) is not None}
        | {name: held[name] for name in told if held.get(name) is not None},
    )  # fmt: skip


def _same_company(one: Any, other: str) -> bool:
    def plain(name: Any) -> str:
        return "".join(c for c in str(name or "").casefold() if c.isalnum())

    a, b = plain(one), plain(other)
    return bool(a and b) and (a.startswith(b) or b.startswith(a))


def _search_and_collect(
    client: Client, kind: str, search: str, body: Mapping[str, Any]
) -> tuple[dict[str, Any] | None, float, str | None]:
    """The record of the only hit, the credits used, and its address; several hits are none."""
    api = f"{client.urls['api']}/{kind}"
    answer = client.post(f"{api}/search/{search}", body, costs=True)
    if answer is None:
        return None, 0.0, None
    ids = answer.json()
    if not isinstance(ids, list):
        raise BadResponseError(answer.source, answer.url, "the search's answer is no list of ids")
    if len(ids) != 1:
        return None, 1.0, answer.url
    answer = client.get(f"{api}/collect/{int(ids[0])}", costs=True)
    if answer is None:
        return None, 1.0, None
    return mapping(answer.json(), answer, "record"), 2.0, answer.url


OPERATIONS = {
    "coresignal.company": Operation(
        "coresignal.company", "company", company_question, ask_company, RECORD
    ),
    "coresignal.employee": Operation(
        "coresignal.employee", "person", employee_question, ask_employee
    ),
    "coresignal.people_search": Operation(
        "coresignal.people_search", "company", people_question, ask_people
    ),
    "coresignal.profile": Operation("coresignal.profile", "company", profile_question, ask_profile),
}
