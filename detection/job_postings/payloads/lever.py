"""Postings of Lever boards."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import (
    day_of,
    list_of,
    map_of,
    moment_of,
    pay_of,
    text_of,
)

_PERIODS = {"year": "year", "month": "month", "week": "week", "day": "day", "hour": "hour"}


def lever(job: Payload) -> Advert:
    """One posting of ``/v0/postings/<site>?mode=json``."""
    categories = map_of(job.get("categories"))
    places = [p for p in list_of(categories.get("allLocations")) if text_of(p)]
    first = text_of(categories.get("location"))
    if first:
        places = [first, *(p for p in places if p != first)]
    salary = map_of(job.get("salaryRange"))
    interval = str(salary.get("interval") or "")
    period = next((p for word, p in _PERIODS.items() if word in interval), None)
    body = text_of(job.get("descriptionPlain")) or text_of(job.get("description")) or ""
    headed = [
        (str(map_of(item).get("text") or ""), str(map_of(item).get("content") or ""))
        for item in list_of(job.get("lists"))
    ]
    closing = text_of(job.get("additionalPlain")) or text_of(job.get("additional"))
    if closing:
        headed.append(("benefits", closing))
    return Advert(
        title=text_of(job.get("text")),
        department=text_of(categories.get("department")) or text_of(categories.get("team")),
        locations=tuple(places),
        country=text_of(job.get("country")),
        workplace=text_of(job.get("workplaceType")),
        employment=text_of(categories.get("commitment")),
        pay=pay_of(
            salary.get("min"), salary.get("max"), salary.get("currency"), period,
            f"salaryRange={salary.get('min')}-{salary.get('max')} "
            f"{salary.get('currency')} {interval}",
        ),
        pay_text=text_of(job.get("salaryDescriptionPlain"))
        or text_of(job.get("salaryDescription")),
        description=body,
        headed=tuple(headed),
        opened_on=day_of(job.get("createdAt")),
        changed_at=moment_of(job.get("updatedAt")),
        url=text_of(job.get("hostedUrl")),
    )  # fmt: skip
