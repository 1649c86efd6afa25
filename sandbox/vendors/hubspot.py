"""HubSpot's CRM (v3): companies and contacts by search; deals are told by ``hubspot_deals``."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import number
from sandbox.market.profiles import knows, profiles
from sandbox.vendors.desk import Desk
from sandbox.vendors.hubspot_deals import HubSpotDeals

#: Thousandths of companies and people that are in the seller's HubSpot.
COMPANIES, CONTACTS = 300, 150


def _error(status: int, category: str, message: str) -> Answer:
    return as_json({"status": "error", "message": message, "category": category}, status)


class HubSpot:
    """Records that its own enrichment has filled."""

    is_cached = False

    def __init__(self, market: Market, desk: Desk) -> None:
        self.market = market
        self.deals = HubSpotDeals(desk)

    @staticmethod
    def refused(_parts: Sequence[str]) -> Answer:
        """What is said when access was withdrawn."""
        why = "The OAuth token used to make this call expired or was revoked."
        return _error(401, "EXPIRED_AUTHENTICATION", why)

    def answer(self, request: Request) -> Answer:
        """A page of results; 401 without a token, 400 for a body that is no search."""
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _error(401, "INVALID_AUTHENTICATION", "Authentication credentials not found")
        if (told := self.deals.answer(request)) is not None:
            return told
        if request.method != "POST" or request.parts[:3] != ["crm", "v3", "objects"]:
            return _error(404, "OBJECT_NOT_FOUND", "No such resource")
        try:
            search = json.loads(request.body)
            wanted = {
                item["propertyName"]: item["value"] for item in search["filterGroups"][0]["filters"]
            }
        except (ValueError, KeyError, IndexError, TypeError):
            return _error(400, "VALIDATION_ERROR", "Invalid input JSON")
        match request.parts[3:]:
            case ["companies", "search"]:
                found = self._companies(wanted)
            case ["contacts", "search"]:
                found = self._contacts(wanted, request.day)
            case _:
                return _error(404, "OBJECT_NOT_FOUND", "No such object type")
        asked = set(search.get("properties", []))
        results = [
            {
                "id": str(number(f"hubspot|{key}") % 10**10),
                "properties": {k: v for k, v in values.items() if k in asked},
                "createdAt": self.market.time(0).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "updatedAt": self.market.time(request.day).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "archived": False,
            }
            for key, values in found
        ]
        return as_json({"total": len(results), "results": results[: search.get("limit", 10)]})

    def _companies(self, wanted: dict[str, str]) -> list[tuple[str, dict]]:
        company = self.market.by_domain.get(wanted.get("domain", ""))
        if company is None or not knows("hubspot", company.domain, COMPANIES):
            return []
        return [(company.domain, self._record(company))]

    @staticmethod
    def _record(company: Company) -> dict[str, str | None]:
        return {
            "domain": company.domain,
            "name": company.name,
            "phone": None,
            "linkedin_company_page": f"https://www.linkedin.example/company/{company.slug}",
            "numberofemployees": str(company.employees),
            "industry": company.industry.name.upper().replace(" ", "_"),
            "city": company.place.city,
            "country": company.place.country,
            "founded_year": str(company.founded),
            "annualrevenue": None,
        }

    def _contacts(self, wanted: dict[str, str], day: int) -> list[tuple[str, dict]]:
        domain = wanted.get("hs_email_domain") or wanted.get("email", "").rpartition("@")[2]
        company = self.market.by_domain.get(domain)
        if company is None:
            return []
        return [
            (
                p.email,
                {
                    "firstname": p.first,
                    "lastname": p.last,
                    "email": p.email,
                    "jobtitle": p.title,
                    "phone": None,
                    "hs_linkedin_url": None,
                },
            )
            for p in profiles(self.market, company)
            if p.since <= day
            and knows("hubspot", p.email, CONTACTS)
            and (
                p.email == wanted.get("email")
                or (p.first, p.last) == (wanted.get("firstname"), wanted.get("lastname"))
            )
        ]
