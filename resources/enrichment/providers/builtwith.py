"""BuiltWith: the technologies of a domain, and the place that its pages state.

Domain API v22, https://api.builtwith.com/domain-api. One credit a domain. Failures come with status
200 and a list ``Errors``. What the technology source reads of a profile is read here too; what
identifies people is struck out there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.enrichment.providers.base import (
    Answer,
    BadResponseError,
    Client,
    Found,
    Operation,
    OutOfCreditsError,
    RefusedError,
    mapping,
    wanted,
)
from resources.enrichment.values import Observation, Question, Subject, observe
from resources.sources.connectors.builtwith import read_profile

DETECTED = 0.85
PAGE = 0.7


def question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain."""
    return Question("builtwith.domain", {"domain": subject.domain}) if subject.domain else None


def ask(client: Client, question: Question) -> Found | None:
    """``GET /api.json``, live technologies only and without personal data."""
    params = {"LOOKUP": question.params["domain"], "LIVEONLY": "yes", "NOPII": "yes"}
    answer = client.get(f"{client.urls['api']}/api.json", params, costs=True)
    if answer is None:
        return None
    decoded = mapping(answer.json(), answer, "whole")
    raise_for_errors(decoded, answer)
    results = wanted(decoded, "Results", answer)
    if not isinstance(results, list):
        raise BadResponseError(answer.source, answer.url, "'Results' is no list")
    if not results:
        return None
    profile = read_profile(mapping(results[0], answer, "result"))
    if not isinstance(profile.get("Paths"), list):
        raise BadResponseError(
            answer.source, answer.url, "the profile has no list 'Paths'", excerpt=answer.content
        )
    return Found(read(profile), credits=1.0, url=answer.url)


def raise_for_errors(decoded: Mapping[str, Any], answer: Answer) -> None:
    """Raise what BuiltWith's ``Errors`` mean."""
    errors = decoded.get("Errors")
    if not errors:
        return
    said = " ".join(str(e.get("Message", "")) for e in errors if isinstance(e, dict)).lower()
    if "credit" in said or "limit" in said:
        raise OutOfCreditsError(answer.source, answer.url, "no credits left")
    if "key" in said:
        raise RefusedError(answer.source, answer.url, "the key is not accepted; check "
                           "BUYING_SIGNALS_BUILTWITH_KEY", status=200)  # fmt: skip
    raise BadResponseError(
        answer.source, answer.url, "the answer is an error", excerpt=answer.content
    )


def read(profile: Mapping[str, Any]) -> list[Observation]:
    """Live technologies and the place that the pages state."""
    meta = profile.get("Meta") or {}
    technologies = [
        technology.get("Name")
        for path in profile["Paths"]
        for technology in path.get("Technologies") or []
        if technology.get("Live", True)
    ]
    page = "shown on the site's pages"
    return observe(
        "company",
        "builtwith.domain",
        {
            "technologies": (technologies, DETECTED, "seen on the site"),
            "city": (meta.get("City"), PAGE, page),
            "country": (meta.get("Country"), PAGE, page),
        },
    )


OPERATIONS = {"builtwith.domain": Operation("builtwith.domain", "company", question, ask)}
