"""Postings of Greenhouse boards."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import (
    amount_of,
    day_of,
    list_of,
    map_of,
    moment_of,
    pay_of,
    text_of,
)


def greenhouse(job: Payload) -> Advert:
    """One job of ``/v1/boards/<token>/jobs?content=true``."""
    departments = list_of(job.get("departments"))
    stated = {
        str(map_of(item).get("name", "")).casefold(): map_of(item).get("value")
        for item in list_of(job.get("metadata"))
    }
    workplace = next(
        (text_of(stated[name]) for name in ("location type", "workplace type", "work model",
                                          "remote", "workplace") if text_of(stated.get(name))),
        None,
    )  # fmt: skip
    offices = [map_of(office) for office in list_of(job.get("offices"))]
    location = text_of(map_of(job.get("location")).get("name"))
    places = [location] if location else []
    places += [p for o in offices if (p := text_of(o.get("location"))) and p not in places]
    pay = None
    for told in list_of(job.get("pay_input_ranges")):
        told = map_of(told)
        cents = (amount_of(told.get("min_cents")), amount_of(told.get("max_cents")))
        pay = pay_of(
            cents[0] and cents[0] / 100,
            cents[1] and cents[1] / 100,
            told.get("currency_type"),
            None,
            f"pay_input_ranges={told.get('title') or ''}",
        )
        if pay is not None:
            break
    return Advert(
        title=text_of(job.get("title")),
        department=text_of(map_of(departments[0]).get("name")) if departments else None,
        company_name=text_of(job.get("company_name")),
        locations=tuple(places),
        workplace=workplace,
        employment=text_of(stated.get("employment type") or stated.get("time type")),
        pay=pay,
        description=job["content"] if isinstance(job.get("content"), str) else "",
        opened_on=day_of(job.get("first_published")),
        changed_at=moment_of(job.get("updated_at")),
        closes_on=day_of(job.get("application_deadline")),
        url=text_of(job.get("absolute_url")),
    )
