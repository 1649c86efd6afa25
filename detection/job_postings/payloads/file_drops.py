"""Postings of file drops, mapped to the field names of the platform."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import day_of, map_of, text_of

#: Name under which ``advert_of`` knows the records that mappings make, whatever their source.
MAPPED = "mapped"


def mapped(record: Payload) -> Advert:
    """A posting that a mapping brought from a vendor's export: its typed ``fields``."""
    told = map_of(record.get("fields"))
    remote, salary = told.get("remote_option"), text_of(told.get("salary"))
    return Advert(
        title=text_of(told.get("title")),
        department=text_of(told.get("department")),
        company_name=text_of(told.get("company_name")),
        locations=tuple(filter(None, (text_of(told.get("location")),))),
        country=text_of(told.get("country")),
        workplace=text_of(remote),
        employment=text_of(told.get("employment_type")),
        # Named as what it is: a single sum counts as pay only where it is called so.
        pay_text=f"Salary: {salary}" if salary else None,
        description=text_of(told.get("description")) or "",
        opened_on=day_of(told.get("posted_on")),
        closes_on=day_of(told.get("closed_on")),
        url=text_of(told.get("source_url")),
        is_remote=True if str(remote).casefold() in ("true", "yes") else None,
    )
