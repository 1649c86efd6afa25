"""Coresignal: multi-source company and employee records (v2).

https://docs.coresignal.com. A search gives ids, a collect gives the record; both cost a credit.
402 means that none are left.
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
    same_host,
    same_name,
)
from resources.enrichment.values import Observation, Question, Subject, observe

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
}
