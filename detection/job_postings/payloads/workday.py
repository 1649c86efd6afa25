"""Postings of Workday sites."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import day_of, list_of, map_of, text_of


def workday(job: Payload) -> Advert:
    """The ``jobPostingInfo`` of a job's own page below ``/wday/cxs/<tenant>/<site>/job/...``."""
    info = map_of(job.get("jobPostingInfo")) or job
    places = [text_of(info.get("location")) or ""]
    places += [str(p) for p in list_of(info.get("additionalLocations"))]
    country = map_of(info.get("country"))
    return Advert(
        title=text_of(info.get("title")),
        company_name=text_of(map_of(job.get("hiringOrganization")).get("name")),
        locations=tuple(p for p in places if p),
        country=text_of(country.get("descriptor")),
        workplace=text_of(info.get("remoteType")),
        employment=text_of(info.get("timeType")),
        description=text_of(info.get("jobDescription")) or "",
        opened_on=day_of(info.get("startDate")),
        closes_on=day_of(info.get("endDate")),
        url=text_of(info.get("externalUrl")),
    )
