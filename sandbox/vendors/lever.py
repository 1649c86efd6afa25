"""Lever's public postings API (api.lever.co, v0)."""

from __future__ import annotations

from typing import Any

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import uuid_of
from sandbox.market.jobs import Posting
from sandbox.vendors.posting_text import html_list, html_paragraphs, sections


class Lever:
    """``GET /v0/postings/<token>?mode=json&skip=&limit=``."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """A page of the board's open postings; 404 for a board that is not there."""
        match request.parts:
            case ["v0", "postings", token]:
                company = self.market.by_board.get(("lever", token))
            case _:
                company = None
        if company is None:
            return as_json({"ok": False, "error": "Document not found"}, 404)
        shown = [
            posting
            for posting in self.market.postings(company)
            if posting.opened <= request.day < posting.closed
        ]
        skip = whole(request.query.get("skip"), 0, 0, 10**6)
        limit = whole(request.query.get("limit"), 10**6, 1, 10**6)
        page = shown[skip : skip + limit]
        return as_json([self._posting(company, posting, request.day) for posting in page])

    def _posting(self, company: Company, posting: Posting, day: int) -> dict[str, Any]:
        title = posting.title_on(day)
        paragraphs, duties, wants = sections(company, posting, title)
        key = uuid_of(f"lever|{posting.key}|{company.domain}")
        url = f"https://jobs.lever.example/{company.board[1]}/{key}"
        opening, body = html_paragraphs(paragraphs[:1]), html_paragraphs(paragraphs[1:])
        closing = f"{company.name} is an equal opportunity employer."
        made: dict[str, Any] = {
            "additionalPlain": closing,
            "additional": f"<div>{closing}</div>",
            "categories": {
                "commitment": "Full-time",
                "department": posting.department,
                "location": posting.city,
                "team": posting.department,
                "allLocations": [posting.city],
            },
            "createdAt": int(self.market.time(posting.opened, posting.second).timestamp() * 1000),
            "descriptionPlain": "\n\n".join(paragraphs),
            "description": opening + body,
            "id": key,
            "lists": [
                {"text": "Responsibilities", "content": html_list(duties)},
                {"text": "Requirements", "content": html_list(wants)},
            ],
        }
        if posting.salary is not None:
            made["salaryRange"] = {
                "interval": "per-year-salary",
                "currency": company.place.currency,
                "min": posting.salary[0],
                "max": posting.salary[1],
            }
        return made | {
            "text": title,
            "country": posting.code,
            "workplaceType": "remote" if posting.remote else "hybrid",
            "opening": opening,
            "openingPlain": paragraphs[0],
            "descriptionBody": body,
            "descriptionBodyPlain": "\n\n".join(paragraphs[1:]),
            "hostedUrl": url,
            "applyUrl": f"{url}/apply",
        }
