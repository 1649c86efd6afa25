"""Greenhouse's public job board API (boards-api.greenhouse.io, v1)."""

from __future__ import annotations

from datetime import timedelta, timezone
from html import escape
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import number
from sandbox.market.jobs import Posting
from sandbox.vendors.posting_text import html_list, html_paragraphs, sections

#: Greenhouse writes times with the board's own offset.
_OFFSET = timezone(timedelta(hours=-5))


class Greenhouse:
    """``GET /v1/boards/<token>/jobs?content=true``."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """The board's open postings, all on one page; 404 for a board that is not there."""
        match request.parts:
            case ["v1", "boards", token, "jobs"]:
                company = self.market.by_board.get(("greenhouse", token))
            case _:
                company = None
        if company is None:
            return as_json({"status": 404, "error": "Job not found"}, 404)
        full = request.query.get("content") == "true"
        jobs = [
            self._job(company, posting, request.day, full)
            for posting in self.market.postings(company)
            if posting.opened <= request.day < posting.closed
        ]
        return as_json({"jobs": jobs, "meta": {"total": len(jobs)}})

    def _job(self, company: Company, posting: Posting, day: int, full: bool) -> dict[str, Any]:
        title = posting.title_on(day)
        updated = self.market.time(posting.updated_on(day), posting.second)
        first = self.market.time(posting.opened, posting.second)
        place = (
            f"Remote, {posting.country}" if posting.remote else f"{posting.city}, {posting.country}"
        )
        token = company.board[1]
        job: dict[str, Any] = {
            "absolute_url": f"https://job-boards.greenhouse.example/{token}/jobs/{posting.number}",
            "data_compliance": [
                {
                    "type": "gdpr",
                    "requires_consent": False,
                    "requires_processing_consent": False,
                    "requires_retention_consent": False,
                    "retention_period": None,
                    "demographic_data_consent_applies": False,
                }
            ],
            "internal_job_id": posting.number - 1_000_000_000,
            "location": {"name": place},
            "metadata": [],
            "id": posting.number,
            "updated_at": updated.astimezone(_OFFSET).isoformat(),
            "requisition_id": str(posting.number % 10_000),
            "title": title,
            "company_name": company.name,
            "first_published": first.astimezone(_OFFSET).isoformat(),
            "language": "en",
            "application_deadline": None,
        }
        if full:
            paragraphs, duties, wants = sections(company, posting, title)
            html = (
                f"{html_paragraphs(paragraphs)}<h3>Your work</h3><ul>{html_list(duties)}</ul>"
                f"<h3>Your skills</h3><ul>{html_list(wants)}</ul>"
            )
            office = number(f"office|{posting.city}") % 10**9
            job |= {
                "content": escape(html),
                "departments": [
                    {
                        "id": number(f"{token}|{posting.department}") % 10**10,
                        "name": posting.department,
                        "child_ids": [],
                        "parent_id": None,
                    }
                ],
                "offices": [
                    {
                        "id": office,
                        "name": posting.city,
                        "location": f"{posting.city}, {posting.region}, {posting.country}",
                        "child_ids": [],
                        "parent_id": None,
                    }
                ],
            }
        return job | {
            "ai_disclaimer": None,
            "include_ai_disclaimer": None,
            "ai_opt_out_request_url": None,
        }
