"""Which vendor is read by what."""

from __future__ import annotations

from collections.abc import Callable

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.adzuna import adzuna
from detection.job_postings.payloads.ashby import ashby
from detection.job_postings.payloads.file_drops import MAPPED, mapped
from detection.job_postings.payloads.greenhouse import greenhouse
from detection.job_postings.payloads.lever import lever
from detection.job_postings.payloads.usajobs import usajobs
from detection.job_postings.payloads.workday import workday

#: How each source's payload is understood.
VENDORS: dict[str, Callable[[Payload], Advert]] = {
    "greenhouse": greenhouse,
    "lever": lever,
    "ashby": ashby,
    "workday": workday,
    "adzuna": adzuna,
    "usajobs": usajobs,
    MAPPED: mapped,
}


def advert_of(source: str, payload: Payload) -> Advert:
    """A vendor's payload in the common shape. Raises KeyError for a source without one."""
    return VENDORS[source](payload)
