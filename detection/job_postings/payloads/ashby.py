"""Postings of Ashby boards."""

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

_PERIODS = {"YEAR": "year", "MONTH": "month", "WEEK": "week", "DAY": "day", "HOUR": "hour"}


def ashby(job: Payload) -> Advert:
    """One job of ``/posting-api/job-board/<name>?includeCompensation=true``."""
    told = [job, *(map_of(item) for item in list_of(job.get("secondaryLocations")))]
    addresses, places = [], []
    for place in told:
        address = map_of(map_of(place.get("address")).get("postalAddress"))
        addresses.append(
            (
                text_of(address.get("addressLocality")),
                text_of(address.get("addressRegion")),
                text_of(address.get("addressCountry")),
            )
        )
        places.append(text_of(place.get("location")) or "")
    compensation = map_of(job.get("compensation"))
    pay = None
    for part in list_of(compensation.get("summaryComponents")):
        part = map_of(part)
        if part.get("compensationType") not in ("Salary", None):
            continue
        unit = str(part.get("interval") or "").split(" ")[-1].upper()
        summary = text_of(compensation.get("compensationTierSummary")) or "summaryComponents"
        pay = pay_of(
            part.get("minValue"), part.get("maxValue"), part.get("currencyCode"),
            _PERIODS.get(unit), f"compensation={summary}",
        )  # fmt: skip
        if pay is not None:
            break
    return Advert(
        title=text_of(job.get("title")),
        department=text_of(job.get("department")) or text_of(job.get("team")),
        locations=tuple(places),
        addresses=tuple(addresses),
        workplace=text_of(job.get("workplaceType")),
        employment=text_of(job.get("employmentType")),
        pay=pay,
        pay_text=text_of(compensation.get("compensationTierSummary")),
        description=text_of(job.get("descriptionHtml"))
        or text_of(job.get("descriptionPlain"))
        or "",
        opened_on=day_of(job.get("publishedAt")),
        changed_at=moment_of(job.get("updatedAt")),
        url=text_of(job.get("jobUrl")),
        is_remote=job["isRemote"] if isinstance(job.get("isRemote"), bool) else None,
    )
