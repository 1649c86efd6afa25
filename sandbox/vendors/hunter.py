"""Hunter's API v2: ``GET email-finder`` and ``GET email-verifier``."""

from __future__ import annotations

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.draws import number
from sandbox.market.profiles import knows, profiles

#: Thousandths of people whose address it finds, of addresses it has verified by itself, of people
#: who asked not to be found, of servers that take any address.
FOUND, VERIFIED, WITHHELD, ACCEPT_ALL = 750, 600, 15, 80


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
        return _error(404, "not_found", "This endpoint does not exist")

    def _find(self, request: Request) -> Answer:
        asked = request.query
        if not {"domain", "first_name", "last_name"} <= asked.keys():
            return _error(400, "wrong_params", "You are missing a parameter")
        company = self.market.by_domain.get(asked["domain"])
        found = [
            p
            for p in (profiles(self.market, company) if company else [])
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
            p.email == email and p.since <= request.day for p in profiles(self.market, company)
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
