"""Apollo's API: ``GET organizations/enrich``, ``POST people/match``, ``mixed_people/api_search``.

The search shows half-hidden names and costs nothing; ``people/match`` with an id tells who it is.
Its index is late: who left in the last weeks is still listed.
"""

from __future__ import annotations

import re

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import digest, number
from sandbox.market.profiles import Profile, colleagues, gone, knows

#: Thousandths of companies and people that it knows, and of addresses that it only guesses.
COMPANIES, PEOPLE, GUESSED, PHONES = 850, 700, 250, 350
#: Days for which who has left is still listed.
STALE_DAYS = 30


class Apollo:
    """Half of what sellers want to know, some of it guessed."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """A record, an empty one, or a refusal."""
        if not request.headers.get("x-api-key"):
            return Answer(401, b"Invalid API key.", "text/plain; charset=utf-8")
        match request.method, request.parts:
            case "GET", ["organizations", "enrich"]:
                if not request.query.get("domain"):
                    return as_json({"error": "Required parameter 'domain' missing"}, 422)
                company = self.market.by_domain.get(request.query["domain"])
                known = company is not None and knows("apollo", company.domain, COMPANIES)
                return as_json({"organization": self._organization(company) if known else None})
            case "POST", ["mixed_people", "api_search"]:
                return self._search(request)
            case "POST", ["people", "match"] if "id" in request.query:
                return as_json({"request_id": 1, "person": self._by_id(request)})
            case "POST", ["people", "match"]:
                return as_json({"request_id": 1, "person": self._person(request)})
        return as_json({"error": "not found"}, 404)

    def _organization(self, company: Company) -> dict:
        return {
            "id": _id(company.domain),
            "name": company.name,
            "website_url": f"http://www.{company.domain}",
            "linkedin_url": f"http://www.linkedin.example/company/{company.slug}",
            "primary_phone": {},
            "phone": f"{company.place.phone} 555 0{number(f'board|{company.domain}') % 1000:03d}",
            "founded_year": company.founded,
            "primary_domain": company.domain,
            "industry": company.industry.name.lower(),
            # The vendor counts profiles, not pay slips: a few per cent off.
            "estimated_num_employees": round(
                company.employees * (0.95 + number(f"count|{company.domain}") % 100 / 1000)
            ),
            "city": company.place.city,
            "state": company.place.region,
            "country": company.place.country,
            "annual_revenue": company.employees * 140_000,
            "total_funding": None,
            "technology_names": [],
            "short_description": f"{company.name} works in {company.topic}.",
        }

    def _person(self, request: Request) -> dict | None:
        asked = request.query
        company = self.market.by_domain.get(asked.get("domain", ""))
        if company is None:
            return None
        for profile in colleagues(self.market, company):
            fits = (profile.first, profile.last) == (
                asked.get("first_name"),
                asked.get("last_name"),
            )
            if (fits or profile.email == asked.get("email")) and profile.since <= request.day:
                if not knows("apollo", profile.email, PEOPLE):
                    return None
                return self._record(company, profile)
        return None

    def _known(self, company: Company, day: int) -> list[Profile]:
        """Whom the vendor lists at a company, some of whom have just left."""
        left = gone(self.market, company, day, 10**6)
        stale = gone(self.market, company, day, STALE_DAYS)
        return [
            p
            for p in colleagues(self.market, company)
            if p.since <= day
            and knows("apollo", p.email, PEOPLE)
            and (f"{p.first} {p.last}" not in left or f"{p.first} {p.last}" in stale)
        ]

    def _search(self, request: Request) -> Answer:
        asked = request.query
        company = self.market.by_domain.get(asked.get("q_organization_domains_list[]", ""))
        people = self._known(company, request.day) if company else []
        size = whole(asked.get("per_page"), 10, 1, 100)
        page = whole(asked.get("page"), 1, 1, 500)
        shown = [
            {
                "id": _person_id(company, p),
                "first_name": p.first,
                "last_name_obfuscated": f"{p.last[:2]}***{p.last[-1]}",
                "title": p.title,
                "last_refreshed_at": self.market.time(max(0, request.day - 20), 0).isoformat(),
                "has_email": True,
                "has_city": True,
                "has_state": True,
                "has_country": True,
                "has_direct_phone": "Yes" if knows("apollo phone", p.email, PHONES) else "No",
                "organization": {"name": company.name, "has_industry": True, "has_phone": True},
            }
            for p in people[(page - 1) * size : page * size]
        ]
        return as_json({"total_entries": len(people), "people": shown})

    def _by_id(self, request: Request) -> dict | None:
        wanted = request.query["id"]
        at = int(wanted[:6], 16) if re.fullmatch("[0-9a-f]{24}", wanted) else -1
        if not 0 <= at < len(self.market.companies):
            return None
        company = self.market.companies[at]
        known = self._known(company, request.day)
        found = [p for p in known if _person_id(company, p) == wanted]
        return self._record(company, found[0]) if found else None

    def _record(self, company: Company, profile: Profile) -> dict:
        guessed = number(f"guess|{profile.email}") % 1000 < GUESSED
        # A guess keeps to a pattern that is not this company's.
        address = f"{profile.first[:1].lower()}{profile.email.split('.', 1)[1]}"
        numbers = []
        if knows("apollo phone", profile.email, PHONES):
            numbers = [
                {
                    "raw_number": profile.phone,
                    "sanitized_number": "+" + "".join(c for c in profile.phone if c.isdigit()),
                    "type": "work_direct",
                    "position": 0,
                    "status": "valid_number",
                }
            ]
        return {
            "id": _person_id(company, profile),
            "first_name": profile.first,
            "last_name": profile.last,
            "name": f"{profile.first} {profile.last}",
            "linkedin_url": profile.linkedin,
            "title": profile.title,
            "headline": f"{profile.title} at {company.name}",
            "email": address if guessed else profile.email,
            "email_status": "guessed" if guessed else "verified",
            "extrapolated_email_confidence": 0.45 if guessed else None,
            "organization_id": _id(company.domain),
            "employment_history": [],
            "contact": {"phone_numbers": numbers},
            "organization": self._organization(company),
            "revealed_for_current_team": True,
        }


def _person_id(company: Company, person: Profile) -> str:
    """An id of 24 digits that says, to the vendor, at which company the person is."""
    return f"{company.index:06x}{digest(f'apollo|{person.email}', 9).hex()}"


def _id(text: str) -> str:
    return digest(f"apollo|{text}", 12).hex()
