"""Ashby's public job posting API (api.ashbyhq.com/posting-api)."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import uuid_of
from sandbox.market.jobs import Posting
from sandbox.vendors.posting_text import html_list, html_paragraphs, sections


class Ashby:
    """``GET /posting-api/job-board/<token>?includeCompensation=true``."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """The board's listed postings; 404 for a board that is not there."""
        match request.parts:
            case ["posting-api", "job-board", token]:
                company = self.market.by_board.get(("ashby", token))
            case _:
                company = None
        if company is None:
            return Answer(404, b"Not Found", "text/plain; charset=utf-8")
        pay = request.query.get("includeCompensation") == "true"
        jobs = [
            self._job(company, posting, request.day, pay)
            for posting in self.market.postings(company)
            if posting.opened <= request.day < posting.closed
        ]
        return as_json({"jobs": jobs, "apiVersion": "1"})

    def _job(self, company: Company, posting: Posting, day: int, pay: bool) -> dict[str, Any]:
        title = posting.title_on(day)
        paragraphs, duties, wants = sections(company, posting, title)
        key = uuid_of(f"ashby|{posting.key}|{company.domain}")
        url = f"https://jobs.ashbyhq.example/{company.board[1]}/{key}"
        published = self.market.time(posting.opened, posting.second)
        address = {"addressCountry": posting.country}
        if not posting.remote:
            address |= {"addressRegion": posting.region, "addressLocality": posting.city}
        job: dict[str, Any] = {
            "id": key,
            "title": title,
            "department": posting.department,
            "team": posting.department,
            "employmentType": "FullTime",
            "location": f"Remote ({posting.code})" if posting.remote else posting.city,
            "shouldDisplayCompensationOnJobPostings": posting.salary is not None,
            "secondaryLocations": [],
            "publishedAt": published.isoformat(timespec="milliseconds"),
            "isListed": True,
            "isRemote": posting.remote,
            "workplaceType": "Remote" if posting.remote else "Hybrid",
            "address": {"postalAddress": address},
            "jobUrl": url,
            "applyUrl": f"{url}/application",
            "descriptionHtml": f"{html_paragraphs(paragraphs)}<h2>Your tasks</h2>"
            f"<ul>{html_list(duties)}</ul><h2>Your profile</h2><ul>{html_list(wants)}</ul>",
            "descriptionPlain": "\n\n".join([*paragraphs, *duties, *wants]),
        }
        if pay:
            job["compensation"] = _compensation(company, posting, key)
        return job


def _compensation(company: Company, posting: Posting, key: str) -> dict[str, Any]:
    if posting.salary is None:
        return {
            "compensationTierSummary": None,
            "scrapeableCompensationSalarySummary": None,
            "compensationTiers": [],
            "summaryComponents": [],
        }
    low, high = posting.salary
    summary = f"{low // 1000}K - {high // 1000}K {company.place.currency}"
    component = {
        "compensationType": "Salary",
        "interval": "1 YEAR",
        "currencyCode": company.place.currency,
        "minValue": low,
        "maxValue": high,
    }
    return {
        "compensationTierSummary": summary,
        "scrapeableCompensationSalarySummary": summary,
        "compensationTiers": [
            {
                "id": uuid_of(f"tier|{key}"),
                "tierSummary": summary,
                "title": None,
                "additionalInformation": None,
                "components": [{"id": uuid_of(f"pay|{key}"), "summary": summary, **component}],
            }
        ],
        "summaryComponents": [component],
    }
