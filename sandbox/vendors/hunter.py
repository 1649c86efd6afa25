"""Hunter's API v2: ``GET email-finder``, ``GET email-verifier`` and ``GET domain-search``."""

from __future__ import annotations

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import number
from sandbox.market.profiles import Profile, colleagues, knows

#: Thousandths of people whose address it finds, of addresses it has verified by itself, of people
#: who asked not to be found, of servers that take any address.
FOUND, VERIFIED, WITHHELD, ACCEPT_ALL = 750, 600, 15, 80
#: Thousandths of people whose address stands on some page, so that a domain search lists it.
LISTED = 450


def _error(status: int, code: str, details: str) -> Answer:
    return as_json({"errors": [{"id": code, "code": status, "details": details}]}, status)


class Hunter:
    """Finds addresses by name, and says which exist."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """An answer in Hunter's envelope ``{"data": ..., "meta": ...}``."""
        if not request.headers.get("x-api-key"):
            return _error(401, "authentication_failed", "No user found for the API key supplied")
        match request.parts:
            case ["v2", "email-finder"]:
                return self._find(request)
            case ["v2", "email-verifier"]:
                return self._verify(request)
            case ["v2", "domain-search"]:
                return self._list(request)
        return _error(404, "not_found", "This endpoint does not exist")

    def _find(self, request: Request) -> Answer:
        asked = request.query
        if not {"domain", "first_name", "last_name"} <= asked.keys():
            return _error(400, "wrong_params", "You are missing a parameter")
        company = self.market.by_domain.get(asked["domain"])
        found = [
            p
            for p in (colleagues(self.market, company) if company else [])
            if (p.first, p.last) == (asked["first_name"], asked["last_name"])
            and p.since <= request.day
            and knows("hunter", p.email, FOUND)
        ]
        email = found[0].email if found else None
        if email and knows("withheld", email, WITHHELD):
            return _error(451, "claimed_email", "The person asked us to stop processing their data")
        score = 70 + number(f"score|{email}") % 29 if email else None
        verified = email is not None and knows("hunter verified", email, VERIFIED)
        data = {
            "first_name": asked["first_name"],
            "last_name": asked["last_name"],
            "email": email,
            "score": score,
            "domain": asked["domain"],
            "accept_all": False,
            "position": found[0].title if found else None,
            "twitter": None,
            "linkedin_url": None,
            "phone_number": None,
            "company": company.name if company else None,
            "sources": [],
            "verification": {
                "date": self.market.date(request.day).isoformat() if verified else None,
                "status": "valid" if verified else None,
            },
        }
        return as_json({"data": data, "meta": {"params": dict(asked)}})

    def _verify(self, request: Request) -> Answer:
        email = request.query.get("email", "")
        if "@" not in email:
            return _error(400, "wrong_params", "The email is missing or no email")
        company = self.market.by_domain.get(email.rsplit("@", 1)[1])
        exists = company is not None and any(
            p.email == email and p.since <= request.day for p in colleagues(self.market, company)
        )
        takes_all = company is not None and knows("accept_all", company.domain, ACCEPT_ALL)
        status = "accept_all" if takes_all else "valid" if exists else "invalid"
        data = {
            "status": status,
            "result": {"valid": "deliverable", "invalid": "undeliverable"}.get(status, "risky"),
            "score": {"valid": 100, "invalid": 0}.get(status, 61),
            "email": email,
            "regexp": True,
            "gibberish": False,
            "disposable": False,
            "webmail": False,
            "mx_records": company is not None,
            "smtp_server": company is not None,
            "smtp_check": exists or takes_all,
            "accept_all": takes_all,
            "block": False,
            "sources": [],
        }
        return as_json({"data": data, "meta": {"params": {"email": email}}})

    def _list(self, request: Request) -> Answer:
        asked = request.query
        if not asked.get("domain"):
            return _error(400, "wrong_params", "You are missing the domain or the company")
        company = self.market.by_domain.get(asked["domain"])
        listed = []
        if company is not None:
            if asked.get("type") != "personal":
                listed.append(self._entry(company, None, request.day))
            listed += [
                self._entry(company, p, request.day)
                for p in colleagues(self.market, company)
                if p.since <= request.day
                and knows("hunter listed", p.email, LISTED)
                and not knows("withheld", p.email, WITHHELD)
            ]
        limit = whole(asked.get("limit"), 10, 1, 100)
        offset = whole(asked.get("offset"), 0, 0, 10_000)
        data = {
            "domain": asked["domain"],
            "disposable": False,
            "webmail": False,
            "accept_all": company is not None and knows("accept_all", company.domain, ACCEPT_ALL),
            "pattern": "{first}.{last}" if company else None,
            "organization": company.name if company else None,
            "emails": listed[offset : offset + limit],
            "linked_domains": [],
        }
        meta = {"results": len(listed), "limit": limit, "offset": offset, "params": dict(asked)}
        return as_json({"data": data, "meta": meta})

    def _entry(self, company: Company, person: Profile | None, day: int) -> dict:
        """One address of a domain search; a role's mailbox without a person."""
        value = person.email if person else f"info@{company.domain}"
        verified = knows("hunter verified", value, VERIFIED)
        seen = self.market.date(max(0, day - number(f"seen|{value}") % 90)).isoformat()
        chief = person is not None and person.title.startswith(("Chief", "Vice President"))
        return {
            "value": value,
            "type": "personal" if person else "generic",
            "confidence": 70 + number(f"score|{value}") % 29,
            "first_name": person.first if person else None,
            "last_name": person.last if person else None,
            "position": person.title if person else None,
            "position_raw": person.title if person else None,
            "seniority": ("executive" if chief else "senior") if person else None,
            "department": None,
            "linkedin": person.linkedin if person else None,
            "twitter": None,
            "phone_number": None,
            "verification": {
                "date": self.market.date(day).isoformat() if verified else None,
                "status": "valid" if verified else None,
            },
            "sources": [
                {
                    "domain": company.domain,
                    "uri": f"http://{company.domain}/team",
                    "extracted_on": seen,
                    "last_seen_on": seen,
                    "still_on_page": True,
                }
            ],
        }
