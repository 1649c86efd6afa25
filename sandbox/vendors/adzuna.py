"""Adzuna's job search (``/v1/api/jobs/<country>/search/<page>``): boards' postings told again."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import digest, number
from sandbox.market.jobs import Posting
from sandbox.vendors.posting_text import sections

#: One posting in so many of a board is also found here, some days after it opened.
SHARE = 4
_CLASS = "Adzuna::API::Response"
#: Letters of a text that a search result shows.
SHORTENED = 500


class Adzuna:
    """Search by the employer's name, newest first, in pages."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._named: dict[str, list[Company]] = {}
        for company in market.companies:
            self._named.setdefault(company.name.casefold(), []).append(company)

    def answer(self, request: Request) -> Answer:
        """A page of results; 401 without id and key, 404 for another address."""
        match request.parts:
            case ["v1", "api", "jobs", _, "search", page] if page.isdigit() and int(page) > 0:
                pass
            case _:
                return _fault(404, "NOT_FOUND", "No such resource")
        if not request.query.get("app_id") or not request.query.get("app_key"):
            return _fault(401, "AUTH_FAIL", "Authorisation failed")
        size = whole(request.query.get("results_per_page"), 10, 1, 50)
        days = whole(request.query.get("max_days_old"), 10_000, 0, 10_000)
        found = [
            (told, company, posting)
            for company in self._named.get(request.query.get("company", "").casefold(), [])
            for posting in self.market.postings(company)
            if (mark := number(f"adzuna|{posting.key}|{company.domain}")) % SHARE == 0
            and (told := posting.opened + mark % 5) <= request.day < posting.closed
            and request.day - told <= days
        ]
        found.sort(key=lambda row: (-row[0], row[2].key))
        start = (int(page) - 1) * size
        return as_json(
            {
                "count": len(found),
                "results": [
                    self._result(company, posting, told)
                    for told, company, posting in found[start : start + size]
                ],
                "__CLASS__": f"{_CLASS}::JobSearchResults",
            }
        )

    def _result(self, company: Company, posting: Posting, told: int) -> dict[str, Any]:
        paragraphs, duties, wants = sections(company, posting, posting.title)
        identifier = str(5_000_000_000 + number(f"adzuna|{posting.key}|{company.domain}") % 10**9)
        result: dict[str, Any] = {
            "category": {
                "tag": posting.department.lower().replace(" ", "-") + "-jobs",
                "label": f"{posting.department} Jobs",
                "__CLASS__": f"{_CLASS}::Category",
            },
            "title": posting.title,
            "company": {"__CLASS__": f"{_CLASS}::Company", "display_name": company.name},
            "__CLASS__": f"{_CLASS}::Job",
            "description": " ".join([*paragraphs, *duties, *wants])[:SHORTENED] + "…",
            # Differs in every answer of the real service.
            "adref": digest(f"{identifier}|{told}").hex(),
            "id": identifier,
            "contract_time": "full_time",
            "redirect_url": f"https://www.adzuna.example/details/{identifier}",
            "created": self.market.time(told, posting.second).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "location": {
                "__CLASS__": f"{_CLASS}::Location",
                "display_name": f"{posting.city}, {posting.region}",
                "area": [
                    "US" if posting.code == "US" else posting.country,
                    posting.region,
                    posting.city,
                ],
            },
        }
        if posting.salary is not None:
            low, high = posting.salary
            result |= {"salary_min": low, "salary_max": high, "salary_is_predicted": "0"}
        return result


def _fault(status: int, code: str, text: str) -> Answer:
    return as_json(
        {"exception": code, "display": text, "__CLASS__": f"{_CLASS}::Exception"}, status
    )
