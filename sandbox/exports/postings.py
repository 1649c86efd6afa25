"""Lists of job postings as boards show them."""

from __future__ import annotations

import json
from typing import Any

from sandbox.exports.common import Row, as_csv, site_of, some
from sandbox.market import Market
from sandbox.market.companies import Company

#: Vendors of such lists.
LISTS = ("linkedin_jobs", "indeed", "glassdoor", "dice")


def open_postings(market: Market, name: str, day: int) -> list[tuple[Company, Any]]:
    """Open postings that a vendor's list has, with their companies."""
    found = [
        (company, posting)
        for company in market.companies[:600]
        for posting in market.postings(company)
        if posting.opened <= day < posting.closed
    ]
    return some(market, name, found, 0.15)


def _posting(market: Market, name: str, day: int, columns: dict[str, str]) -> list[Row]:
    rows = []
    for company, posting in open_postings(market, name, day):
        told = {
            "title": posting.title_on(day),
            "company": company.name,
            "site": site_of(company),
            "place": f"{posting.city}, {posting.country}",
            "posted": market.date(posting.opened).isoformat(),
            "salary": f"{posting.salary[0]:,} - {posting.salary[1]:,}" if posting.salary else "",
            "type": "Full-time",
            "url": f"https://{name}.example/{company.index}/{posting.key}",
        }
        rows.append({theirs: told[ours] for theirs, ours in columns.items()})
    return rows


def linkedin_jobs(market: Market, day: int) -> dict[str, bytes]:
    """Postings as a search lists them, many of them on the companies' own boards too."""
    columns = {"Title": "title", "Company Name": "company", "Location": "place",
               "Employment Type": "type", "Posted At": "posted", "Job URL": "url"}  # fmt: skip
    return {"linkedin_jobs": as_csv(_posting(market, "linkedin_jobs", day, columns))}


def indeed(market: Market, day: int) -> dict[str, bytes]:
    """The same as JSON; one posting names nobody."""
    columns = {"positionName": "title", "company": "company", "location": "place",
               "jobType": "type", "postingDateParsed": "posted", "url": "url"}  # fmt: skip
    rows = _posting(market, "indeed", day, columns)
    rows.append({"positionName": "Night Porter", "company": "", "url": "https://indeed.example/0"})
    return {"indeed.json": json.dumps(rows, ensure_ascii=False).encode()}


def glassdoor(market: Market, day: int) -> dict[str, bytes]:
    """Postings with the employer's rating below its name, as such tables come."""
    columns = {"Job Title": "title", "Salary Estimate": "salary", "Company Name": "company",
               "Location": "place", "Listing Date": "posted", "Job URL": "url"}  # fmt: skip
    rows = _posting(market, "glassdoor", day, columns)
    return {"glassdoor": as_csv({**r, "Company Name": f"{r['Company Name']}\n3.9"} for r in rows)}


def dice(market: Market, day: int) -> dict[str, bytes]:
    """Postings of technical positions."""
    columns = {
        "title": "title",
        "companyName": "company",
        "location": "place",
        "employmentType": "type",
        "postedDate": "posted",
        "detailsPageUrl": "url",
    }
    data = {"data": _posting(market, "dice", day, columns)}
    return {"dice.json": json.dumps(data, ensure_ascii=False).encode()}
