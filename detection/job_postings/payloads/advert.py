"""One posting in the shape that all vendors are brought to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from detection.job_postings.pay import Pay


@dataclass(frozen=True, slots=True)
class Advert:
    """One posting as its vendor states it."""

    title: str | None
    department: str | None = None
    #: The employer as stated; None where the board is the employer's own and names nobody.
    company_name: str | None = None
    #: Locations as written, the first one first.
    locations: tuple[str, ...] = ()
    #: Places stated field by field: (city, region, country), any of them None.
    addresses: tuple[tuple[str | None, str | None, str | None], ...] = ()
    country: str | None = None
    workplace: str | None = None
    employment: str | None = None
    pay: Pay | None = None
    description: str = ""
    #: Further blocks with their headings.
    headed: tuple[tuple[str, str], ...] = ()
    #: Pay as the vendor writes it in words.
    pay_text: str | None = None
    opened_on: date | None = None
    changed_at: datetime | None = None
    closes_on: date | None = None
    url: str | None = None
    #: True and False as the vendor says; None where it does not say.
    is_remote: bool | None = field(default=None)


Payload = Mapping[str, Any]
