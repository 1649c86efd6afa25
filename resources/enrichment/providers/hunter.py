"""Hunter: an address by name and domain, whether an address exists, those known at a domain.

https://hunter.io/api-documentation/v2. A search that finds nothing costs nothing. Status 451 means
that the person asked Hunter not to show their data, which ends the search for that person here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resources.enrichment.people_found import SURE_ADDRESS, person_row
from resources.enrichment.providers.base import (
    Answer,
    BadResponseError,
    Client,
    Found,
    Operation,
    TransientError,
    mapping,
    same_host,
    same_name,
    wanted,
)
from resources.enrichment.values import Observation, Question, Subject, observe
from resources.enrichment.values import email as read_email

#: Confidence by the verifier's status. ``accept_all``: the server takes any address at all.
VERIFIED = {"valid": 0.97, "accept_all": 0.6, "webmail": 0.6, "unknown": 0.4}
#: Statuses that say that the address is of no use.
REFUTED = frozenset({"invalid", "disposable"})
#: Without a verification the finder's own score counts, up to this much.
UNVERIFIED_LIMIT = 0.9
SIDE_DATA = 0.75
#: Addresses of one answer of a domain search: what one credit buys.
PAGE = 10


def finder_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By first name, last name and domain."""
    parts = subject.parts
    if not parts or not subject.domain:
        return None
    return Question(
        "hunter.email_finder",
        {"domain": subject.domain, "first_name": parts[0], "last_name": parts[1]},
    )


def ask_finder(client: Client, question: Question) -> Found | None:
    """``GET /email-finder``."""
    answer = client.get(f"{client.urls['api']}/email-finder", question.params, costs=True)
    if answer is None:
        return None
    data = mapping(wanted(answer.json(), "data", answer), answer, "data")
    found = read_found(data, question.params)
    return Found(found, credits=1.0 if data.get("email") else 0.0, url=answer.url)


def read_found(data: Mapping[str, Any], asked: Mapping[str, str]) -> list[Observation]:
    """An address with the score or verification that Hunter gives it, and what stands beside it."""
    parts = ("first_name", "last_name")
    name = " ".join(str(data.get(part) or asked[part]) for part in parts)
    if not same_name(name, " ".join(asked[part] for part in parts)):
        return []
    verification = data.get("verification") or {}
    status = verification.get("status")
    score = data.get("score")
    by_score = min(float(score) / 100, UNVERIFIED_LIMIT) if isinstance(score, int | float) else 0.5
    confidence = VERIFIED.get(status, by_score) if status else by_score
    if status in REFUTED:
        confidence = 0.0
    sources = [s for s in data.get("sources") or [] if isinstance(s, dict)]
    basis = f"verification {status}" if status else f"score {score}"
    if sources:
        basis += f", seen on {len(sources)} pages"
    beside = "told beside the address"
    return observe(
        "person",
        "hunter.email_finder",
        {
            "email": (data.get("email"), confidence, basis),
            "linkedin_url": (data.get("linkedin_url") or data.get("linkedin"), SIDE_DATA, beside),
            "title": (data.get("position"), SIDE_DATA, beside),
            "phone": (data.get("phone_number"), SIDE_DATA, beside),
        },
        stated_at=verification.get("date"),
        source_url=next((s.get("uri") for s in sources if s.get("uri")), None),
    )


def verifier_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """About the address that is the best one so far."""
    if not known.get("email"):
        return None
    return Question("hunter.email_verifier", {"email": known["email"]})


def ask_verifier(client: Client, question: Question) -> Found | None:
    """``GET /email-verifier``; 202 means that it is still at it."""
    answer = client.get(f"{client.urls['api']}/email-verifier", question.params, costs=True)
    if answer is None:
        return None
    if answer.status == 202:
        raise TransientError(answer.source, answer.url, "the verification is still running")
    data = mapping(wanted(answer.json(), "data", answer), answer, "data")
    return Found(read_verified(data, question.params["email"], answer), credits=1.0, url=answer.url)


def read_verified(data: Mapping[str, Any], asked: str, answer: Answer) -> list[Observation]:
    """The address asked about, confirmed or refuted. Raises ``BadResponseError`` for no status."""
    status = data.get("status")
    if not isinstance(status, str):
        raise BadResponseError(answer.source, answer.url, "the answer has no 'status'")
    address = read_email(data.get("email") or asked)
    if address is None or address != asked.lower():
        return []
    operation, basis = "hunter.email_verifier", f"verification {status}"
    if status in REFUTED:
        return [Observation("email", address, 0.0, operation, basis, is_refuted=True)]
    return observe("person", operation, {"email": (address, VERIFIED.get(status, 0.4), basis)})


def domain_question(subject: Subject, known: Mapping[str, str]) -> Question | None:
    """By domain, ten at a time, people only."""
    if not subject.domain:
        return None
    return Question(
        "hunter.domain_search",
        {"domain": subject.domain, "company": subject.company_name,
         "offset": known.get("offset", "0")},
    )  # fmt: skip


def ask_domain(client: Client, question: Question) -> Found | None:
    """``GET /domain-search``; what finds nobody costs nothing."""
    offset = int(question.params["offset"])
    params = {"domain": question.params["domain"], "type": "personal", "limit": PAGE,
              "offset": offset}  # fmt: skip
    answer = client.get(f"{client.urls['api']}/domain-search", params, costs=True)
    if answer is None:
        return None
    said = mapping(answer.json(), answer, "whole")
    data = mapping(wanted(said, "data", answer), answer, "data")
    emails = [mapping(item, answer, "email") for item in data.get("emails") or []]
    people = [row for item in emails if (row := read_listed(item, question.params))]
    total = (said.get("meta") or {}).get("results") or 0
    return Found(
        [], credits=1.0 if emails else 0.0, people=people, more=offset + PAGE < int(total),
        url=answer.url,
    )  # fmt: skip


def read_listed(item: Mapping[str, Any], asked: Mapping[str, str]) -> dict[str, Any] | None:
    """One address of a domain search as a person.

    None without a name, for a role's mailbox, and for an address of another domain.
    """
    address = read_email(item.get("value"))
    if address is None or not same_host(address.split("@")[1], asked["domain"]):
        return None
    if item.get("type") == "generic":
        return None
    name = " ".join(str(item[k]) for k in ("first_name", "last_name") if item.get(k))
    verification = item.get("verification") or {}
    status = verification.get("status")
    score = item.get("confidence")
    stated = min(float(score) / 100, UNVERIFIED_LIMIT) if isinstance(score, int | float) else 0.5
    sure = 0.0 if status in REFUTED else VERIFIED.get(status, stated) if status else stated
    if sure == 0:
        # An address that bounces was somebody's who may have left.
        return None
    sources = [s for s in item.get("sources") or [] if isinstance(s, dict)]
    kept = ("value", "confidence", "first_name", "last_name", "position", "seniority", "department",
            "linkedin")  # fmt: skip
    return person_row(
        "hunter", item.get("value"), name, asked,
        title=item.get("position"),
        email=item.get("value") if sure >= SURE_ADDRESS else None,
        phone=item.get("phone_number"),
        linkedin_url=item.get("linkedin"),
        confidence=SIDE_DATA,
        basis=f"address of the company, verification {status}" if status
        else f"address of the company, score {score}",
        stated_at=verification.get("date"),
        source_url=next((s.get("uri") for s in sources if s.get("uri")), None),
        cells={name: item[name] for name in kept if item.get(name) is not None},
    )  # fmt: skip


def out_of_credits(status: int, content: bytes) -> bool:
    """Hunter says 429 both for too fast and for a month's quota that is used up; words tell."""
    text = content.lower()
    return status == 402 or (
        status == 429 and any(word in text for word in (b"usage", b"quota", b"credits", b"plan"))
    )


OPERATIONS = {
    "hunter.email_finder": Operation("hunter.email_finder", "person", finder_question, ask_finder),
    "hunter.email_verifier": Operation(
        "hunter.email_verifier", "person", verifier_question, ask_verifier
    ),
    "hunter.domain_search": Operation(
        "hunter.domain_search", "company", domain_question, ask_domain
    ),
}
