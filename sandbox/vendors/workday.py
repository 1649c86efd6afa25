"""Workday's career sites: ``POST /wday/cxs/<tenant>/<site>/jobs`` and a page for each job."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import uuid_of
from sandbox.market.jobs import Posting
from sandbox.vendors.posting_text import html_list, html_paragraphs, sections

#: The service gives no more jobs a page.
LARGEST_PAGE = 20


class Workday:
    """Lists of jobs in pages, jobs by their path, and robots.txt."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """404 for a site or job that is not there, 422 for a list that is not asked for rightly."""
        match request.parts:
            case [host, "robots.txt"]:
                tenant = host.partition(".")[0]
                text = f"User-agent: *\nAllow: /{self._site(tenant)}/\nDisallow: /refreshFacet/\n"
                return Answer(200, text.encode(), "text/plain; charset=utf-8")
            case [host, "wday", "cxs", tenant, site, "jobs"] if host.startswith(f"{tenant}."):
                company = self.market.by_board.get(("workday", f"{host}.{site}"))
                if company is not None and request.method == "POST":
                    return self._list(company, request)
            case [host, "wday", "cxs", tenant, site, "job", _, name] if host.startswith(tenant):
                company = self.market.by_board.get(("workday", f"{host}.{site}"))
                if company is not None:
                    return self._job(company, name, request.day)
        return as_json({"httpStatus": 404, "errorCode": "HTTP_404", "message": ""}, 404)

    def _site(self, tenant: str) -> str:
        boards = (token for vendor, token in self.market.by_board if vendor == "workday")
        return next((t.split(".")[2] for t in boards if t.startswith(f"{tenant}.")), "Careers")

    def _open(self, company: Company, day: int) -> list[Posting]:
        shown = [p for p in self.market.postings(company) if p.opened <= day < p.closed]
        return sorted(shown, key=lambda p: (-p.opened, p.key))

    def _list(self, company: Company, request: Request) -> Answer:
        try:
            asked = json.loads(request.body)
            limit, offset = int(asked["limit"]), int(asked.get("offset", 0))
        except (ValueError, TypeError, KeyError):
            return as_json({"errorCode": "HTTP_422", "httpStatus": 422}, 422)
        if not 1 <= limit <= LARGEST_PAGE or offset < 0:
            return as_json({"errorCode": "HTTP_400", "httpStatus": 400}, 400)
        shown = self._open(company, request.day)
        page = shown[offset : offset + limit]
        return as_json(
            {
                # The service states the total on the first page only.
                "total": len(shown) if offset == 0 else 0,
                "jobPostings": [
                    {
                        "title": posting.title_on(request.day),
                        "externalPath": self._path(posting),
                        "locationsText": self._place(posting),
                        "postedOn": _posted(request.day - posting.opened),
                        "bulletFields": [_requisition(posting)],
                    }
                    for posting in page
                ],
                "facets": [],
                "userAuthenticated": False,
            }
        )

    def _job(self, company: Company, name: str, day: int) -> Answer:
        for posting in self._open(company, day):
            if self._path(posting).rsplit("/", 1)[1] == name:
                return as_json(self._page(company, posting, day))
        return as_json({"httpStatus": 404, "errorCode": "HTTP_404", "message": ""}, 404)

    @staticmethod
    def _place(posting: Posting) -> str:
        return f"{posting.country}, Remote" if posting.remote else _words(posting)

    @staticmethod
    def _path(posting: Posting) -> str:
        place, title = (re.sub(r"\W+", "-", text) for text in (_words(posting), posting.title))
        return f"/job/{place}/{title}_{_requisition(posting)}"

    def _page(self, company: Company, posting: Posting, day: int) -> dict[str, Any]:
        title = posting.title_on(day)
        paragraphs, duties, wants = sections(company, posting, title)
        host, _, site = company.board[1].rpartition(".")
        pay = ""
        if posting.salary is not None:
            low, high = posting.salary
            currency = company.place.currency
            pay = f"<p>Salary: {currency} {low:,} - {currency} {high:,} per year</p>"
        country = uuid_of(f"country|{posting.country}").replace("-", "")
        info: dict[str, Any] = {
            "id": uuid_of(f"workday|{posting.key}|{company.domain}").replace("-", ""),
            "title": title,
            "jobDescription": html_paragraphs(paragraphs)
            + f"<p><b>Your work</b></p><ul>{html_list(duties)}</ul>"
            + f"<p><b>Your skills</b></p><ul>{html_list(wants)}</ul>{pay}",
            "location": self._place(posting),
            "postedOn": _posted(day - posting.opened),
            "startDate": self.market.date(posting.opened).isoformat(),
            "timeType": "Full time",
            "jobReqId": _requisition(posting),
            "jobPostingId": self._path(posting).rsplit("/", 1)[1],
            "jobPostingSiteId": site,
            "country": {"descriptor": posting.country, "id": country},
            "canApply": True,
            "posted": True,
            "includeResumeParsing": True,
            "jobRequisitionLocation": {
                "descriptor": _words(posting),
                "country": {
                    "descriptor": posting.country,
                    "id": country,
                    "alpha2Code": posting.code,
                },
            },
            "externalUrl": f"https://{host}.myworkdayjobs.example/{site}{self._path(posting)}",
            "questionnaireId": uuid_of("questionnaire").replace("-", ""),
        }
        if posting.remote:
            info["remoteType"] = "Remote"
        return {
            "jobPostingInfo": info,
            "hiringOrganization": {"name": company.legal_name, "url": ""},
            "similarJobs": [],
            "userAuthenticated": False,
        }


def _words(posting: Posting) -> str:
    return f"{posting.city}, {posting.country}"


def _requisition(posting: Posting) -> str:
    return f"R{posting.number % 10_000_000:07d}"


def _posted(days: int) -> str:
    if days >= 30:
        return "Posted 30+ Days Ago"
    return ("Posted Today", "Posted Yesterday")[days] if days < 2 else f"Posted {days} Days Ago"
