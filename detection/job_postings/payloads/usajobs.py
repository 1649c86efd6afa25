"""Postings of USAJobs' search."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import day_of, list_of, map_of, pay_of, text_of

#: Codes of USAJobs for the period of pay (https://developer.usajobs.gov/codelist/remunerationrateintervalcodes).
_PERIODS = {"PA": "year", "PH": "hour", "PD": "day", "BW": None, "PM": "month"}


def usajobs(job: Payload) -> Advert:
    """One item of ``/api/search``: its ``MatchedObjectDescriptor``."""
    told = map_of(job.get("MatchedObjectDescriptor"))
    details = map_of(map_of(told.get("UserArea")).get("Details"))
    places = [
        text_of(map_of(place).get("LocationName")) or ""
        for place in list_of(told.get("PositionLocation"))
    ]
    addresses = tuple(
        (
            (text_of(map_of(p).get("CityName")) or "").partition(",")[0] or None,
            text_of(map_of(p).get("CountrySubDivisionCode")),
            text_of(map_of(p).get("CountryCode")),
        )
        for p in list_of(told.get("PositionLocation"))
    )
    shown = text_of(told.get("PositionLocationDisplay"))
    pay = None
    for part in list_of(told.get("PositionRemuneration")):
        part = map_of(part)
        code = str(part.get("RateIntervalCode") or "")
        pay = pay_of(
            part.get("MinimumRange"), part.get("MaximumRange"), "USD", _PERIODS.get(code),
            f"PositionRemuneration={part.get('MinimumRange')}-{part.get('MaximumRange')} {code}",
        )  # fmt: skip
        if pay is not None:
            break
    remote = details.get("RemoteIndicator")
    schedule = list_of(told.get("PositionSchedule"))
    headed = tuple(
        (heading, block if isinstance(block, str) else "\n".join(map(str, list_of(block))))
        for heading, block in (
            ("Responsibilities", details.get("MajorDuties")),
            ("Qualifications", told.get("QualificationSummary")),
            ("Requirements", details.get("KeyRequirements")),
        )
        if block
    )
    return Advert(
        title=text_of(told.get("PositionTitle")),
        department=text_of(map_of((list_of(told.get("JobCategory")) or [None])[0]).get("Name")),
        company_name=text_of(told.get("OrganizationName")),
        locations=tuple(filter(None, places or [shown])),
        addresses=addresses,
        country="United States",
        employment=text_of(map_of(schedule[0]).get("Name")) if schedule else None,
        pay=pay,
        description=text_of(details.get("JobSummary")) or "",
        headed=headed,
        opened_on=day_of(told.get("PublicationStartDate")),
        closes_on=day_of(told.get("ApplicationCloseDate")),
        url=text_of(told.get("PositionURI")),
        is_remote=remote if isinstance(remote, bool) else None,
    )
