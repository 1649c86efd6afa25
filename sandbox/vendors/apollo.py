"""Apollo's enrichment API: ``GET organizations/enrich`` and ``POST people/match``."""

from __future__ import annotations

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import digest, number
from sandbox.market.profiles import Profile, knows, profiles

#: Thousandths of companies and people that it knows, and of addresses that it only guesses.
COMPANIES, PEOPLE, GUESSED, PHONES = 850, 700, 250, 350


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
        for profile in profiles(self.market, company):
            fits = (profile.first, profile.last) == (
                asked.get("first_name"),
                asked.get("last_name"),
            )
            if (fits or profile.email == asked.get("email")) and profile.since <= request.day:
                if not knows("apollo", profile.email, PEOPLE):
                    return None
                return self._record(company, profile)
        return None

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
            "id": _id(profile.email),
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


def _id(text: str) -> str:
    return digest(f"apollo|{text}", 12).hex()
