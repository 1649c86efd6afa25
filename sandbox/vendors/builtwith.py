"""BuiltWith's Domain API (v22), ``GET /v22/api.json?LOOKUP=a.example,b.example``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import number

MAX_LOOKUPS = 16
#: Days after which the vendor has seen a change, at least and at most.
LAG = (3, 17)
#: Thousandths of domains that the vendor does not know.
UNKNOWN = 120


def _error(status: int, code: int, message: str) -> Answer:
    return as_json(
        {"Results": [], "Errors": [{"Lookup": None, "Code": code, "Message": message}]}, status
    )


class BuiltWith:
    """Technology profiles, seen some days after the truth; a key is needed."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """Profiles of up to 16 domains; 401 without a key, 400 for what is no look-up."""
        if request.parts != ["v22", "api.json"]:
            return _error(404, -404, "No such API")
        key = request.headers.get("authorization", "")
        if not (key.startswith("API ") and key[4:].strip()) and not request.query.get("KEY"):
            return _error(401, -2, "Key is invalid")
        domains = [
            d.strip().lower() for d in request.query.get("LOOKUP", "").split(",") if d.strip()
        ]
        if not 1 <= len(domains) <= MAX_LOOKUPS:
            return _error(400, -3, f"LOOKUP takes 1 to {MAX_LOOKUPS} domains")
        return as_json(
            {"Results": [self._result(domain, request.day) for domain in domains], "Errors": []}
        )

    def _result(self, domain: str, day: int) -> dict[str, Any]:
        company = self.market.by_domain.get(domain)
        if company is None or number(f"builtwith|{domain}") % 1000 < UNKNOWN:
            return {"Result": {"Lookup": domain, "Meta": {}, "Paths": []}}
        return {
            "Result": {
                "Lookup": domain,
                "Meta": {
                    "CompanyName": company.name,
                    "Vertical": company.industry.name,
                    "City": company.place.city,
                    "State": company.place.region,
                    "Country": company.place.country,
                },
                "Paths": [{"Domain": domain, "Technologies": self._technologies(company, day)}],
            }
        }

    def _technologies(self, company: Company, day: int) -> list[dict[str, Any]]:
        found = []
        for usage in self.market.stack(company):
            technology = usage.technology
            lag = LAG[0] + number(f"lag|{company.domain}|{technology.name}") % (LAG[1] - LAG[0])
            if usage.first + lag > day:
                continue
            is_live = usage.last is None or usage.last + lag > day
            last = day - lag % 5 if is_live else usage.last
            found.append(
                {
                    "Name": technology.name,
                    "Tag": technology.category.lower(),
                    "Categories": [{"Category": technology.category}],
                    "FirstDetected": self._time(max(usage.first, -400) + lag),
                    "LastDetected": self._time(last),
                    "Live": is_live,
                    "Attributes": [],
                }
            )
        return found

    def _time(self, day: int) -> int:
        """Midnight of a day as epoch milliseconds."""
        midnight = datetime.combine(self.market.date(0), datetime.min.time(), UTC)
        return int((midnight + timedelta(days=day)).timestamp() * 1000)
