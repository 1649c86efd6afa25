"""Crunchbase: an organisation's entity (v4), found by its domain.

https://data.crunchbase.com/docs. Entities are known by permalink, so the domain is searched first.
Headcounts come as bands and stay bands: no number is made of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from resources.enrichment.providers.base import (
    Answer,
    BadResponseError,
    Client,
    Found,
    Operation,
    mapping,
    same_host,
    wanted,
)
from resources.enrichment.values import Observation, Question, Subject, observe

RECORD = 0.85
FIELD_IDS = (
    "identifier", "website_url", "phone_number", "linkedin", "num_employees_enum", "founded_on",
    "funding_total",
)  # fmt: skip
_BAND = re.compile(r"^c_0*(\d+)_(?:0*(\d+)|max)$")


def question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain."""
    domain = subject.domain
    return Question("crunchbase.organization", {"domain": domain}) if domain else None


def ask(client: Client, question: Question) -> Found | None:
    """``POST /searches/organizations`` for the permalink, then ``GET /entities/organizations``."""
    domain, api = question.params["domain"], client.urls["api"]
    search = {
        "field_ids": ["identifier", "website_url"],
        "query": [
            {
                "type": "predicate",
                "field_id": "website_url",
                "operator_id": "domain_eq",
                "values": [domain],
            }
        ],
        "limit": 2,
    }
    answer = client.post(f"{api}/searches/organizations", search)
    if answer is None:
        return None
    entities = wanted(answer.json(), "entities", answer)
    if not isinstance(entities, list):
        raise BadResponseError(answer.source, answer.url, "'entities' is no list")
    permalink = _permalink(entities, domain, answer)
    if permalink is None:
        return None
    answer = client.get(
        f"{api}/entities/organizations/{permalink}", {"field_ids": ",".join(FIELD_IDS)}
    )
    if answer is None:
        return None
    whole = mapping(answer.json(), answer, "whole")
    properties = mapping(whole.get("properties", whole), answer, "properties")
    if "identifier" not in properties and "name" not in properties:
        raise BadResponseError(answer.source, answer.url, "the entity has no 'identifier'")
    return Found(read(properties, domain), url=answer.url)


def _permalink(entities: list[Any], domain: str, answer: Answer) -> str | None:
    """Of the one entity with the domain; two of them are not told apart by guessing."""
    found = []
    for entity in entities:
        properties = mapping(mapping(entity, answer, "entity").get("properties", entity), answer,
                             "properties")  # fmt: skip
        if same_host(properties.get("website_url"), domain):
            identifier = mapping(properties.get("identifier"), answer, "identifier")
            found.append(str(identifier.get("permalink") or identifier.get("uuid")))
    return found[0] if len(found) == 1 else None


def read(properties: Mapping[str, Any], domain: str) -> list[Observation]:
    """What an entity says; nothing when its site is another one."""
    if not same_host(properties.get("website_url"), domain):
        return []
    linkedin = properties.get("linkedin")
    if isinstance(linkedin, dict):
        linkedin = linkedin.get("value")
    founded = properties.get("founded_on")
    if isinstance(founded, dict):
        founded = founded.get("value")
    total = properties.get("funding_total")
    raised = total.get("value_usd") if isinstance(total, dict) else None
    basis = "entity matched by domain"
    said = {
        "phone": properties.get("phone_number"),
        "linkedin_url": linkedin,
        "employee_range": employee_range(properties.get("num_employees_enum")),
        "founded_year": founded,
        "funding_total_usd": raised,
    }
    return observe(
        "company", "crunchbase.organization", {f: (v, RECORD, basis) for f, v in said.items()}
    )


def employee_range(code: Any) -> str | None:
    """``c_00051_00100`` as ``51-100``, ``c_10001_max`` as ``10001+``; None for anything else."""
    match = _BAND.match(code) if isinstance(code, str) else None
    if match is None:
        return None
    return f"{match[1]}-{match[2]}" if match[2] else f"{match[1]}+"


OPERATIONS = {
    "crunchbase.organization": Operation("crunchbase.organization", "company", question, ask)
}
