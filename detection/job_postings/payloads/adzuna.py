"""Postings of Adzuna's search."""

from __future__ import annotations

from detection.job_postings.payloads.advert import Advert, Payload
from detection.job_postings.payloads.values import day_of, list_of, map_of, pay_of, text_of

#: Countries of Adzuna's national searches, with their currency.
ADZUNA_COUNTRIES = {
    "at": ("Austria", "EUR"), "au": ("Australia", "AUD"), "be": ("Belgium", "EUR"),
    "br": ("Brazil", "BRL"), "ca": ("Canada", "CAD"), "ch": ("Switzerland", "CHF"),
    "de": ("Germany", "EUR"), "es": ("Spain", "EUR"), "fr": ("France", "EUR"),
    "gb": ("United Kingdom", "GBP"), "in": ("India", "INR"), "it": ("Italy", "EUR"),
    "mx": ("Mexico", "MXN"), "nl": ("Netherlands", "EUR"), "nz": ("New Zealand", "NZD"),
    "pl": ("Poland", "PLN"), "sg": ("Singapore", "SGD"), "us": ("United States", "USD"),
    "za": ("South Africa", "ZAR"),
}  # fmt: skip


def adzuna(job: Payload) -> Advert:
    """One result of ``/v1/api/jobs/<country>/search/<page>``; a predicted salary is no salary."""
    location = map_of(job.get("location"))
    area = [str(part) for part in list_of(location.get("area"))]
    name, currency = ADZUNA_COUNTRIES.get((area[0] if area else "").casefold(), (None, None))
    if name is None and area:
        name = {"UK": "United Kingdom"}.get(area[0], area[0])
        currency = next((c for n, c in ADZUNA_COUNTRIES.values() if n == name), None)
    predicted = str(job.get("salary_is_predicted") or "0") == "1"
    pay = None
    if not predicted:
        pay = pay_of(
            job.get("salary_min"), job.get("salary_max"), currency, None,
            f"salary_min={job.get('salary_min')}, salary_max={job.get('salary_max')}",
        )  # fmt: skip
    times = {"full_time": "full_time", "part_time": "part_time"}
    contract = {"contract": "contract"}.get(str(job.get("contract_type") or ""))
    return Advert(
        title=text_of(job.get("title")),
        department=text_of(map_of(job.get("category")).get("label")),
        company_name=text_of(map_of(job.get("company")).get("display_name")),
        locations=tuple(filter(None, (text_of(location.get("display_name")),))),
        # From the country down: country, region, county, town.
        addresses=((area[-1] if len(area) > 2 else None, area[1] if len(area) > 1 else None, name),)
        if area
        else (),
        country=name,
        employment=contract or times.get(str(job.get("contract_time") or "")),
        pay=pay,
        description=text_of(job.get("description")) or "",
        opened_on=day_of(job.get("created")),
        url=text_of(job.get("redirect_url")),
    )
