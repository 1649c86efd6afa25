"""Crunchbase's API (v4): searches of rounds and organisations, entities of organisations."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.companies import Company, plain
from sandbox.market.draws import uuid_of
from sandbox.market.market import Round
from sandbox.market.profiles import knows
from sandbox.market.words import USD_OF

#: Thousandths of companies that it has an entity of.
ORGANISATIONS = 800
#: Names of round types that differ between the market and the vendor.
INVESTMENT_TYPES = {"bridge": "convertible_note"}
#: Types that are no equity.
NO_EQUITY = ("debt_financing", "grant")


def _error(status: int, code: str, message: str) -> Answer:
    return as_json([{"message": message, "code": code, "collection_id": None}], status)


class Crunchbase:
    """Funding rounds, searched with predicates and paged by ``after_id``."""

    def __init__(self, market: Market) -> None:
        self.market = market

    def answer(self, request: Request) -> Answer:
        """A page of rounds; 401 without a key, 400 for a body that is no search."""
        if not request.headers.get("x-cb-user-key"):
            return _error(401, "LA401", "Unauthorized user_key")
        match request.parts:
            case ["v4", "data", "searches", "organizations"]:
                return self._search_organizations(request)
            case ["v4", "data", "entities", "organizations", permalink]:
                return self._organization_entity(permalink, request.day)
        if request.parts != ["v4", "data", "searches", "funding_rounds"]:
            return _error(404, "MD404", "Collection not found")
        if request.method != "POST":
            return _error(405, "MD405", "Method not allowed")
        try:
            search = json.loads(request.body or b"{}")
            limit = int(search.get("limit", 50))
            predicates = [self._predicate(p) for p in search.get("query", [])]
            fields = [str(f) for f in search.get("field_ids", [])]
            order = [(o["field_id"], o.get("sort", "asc")) for o in search.get("order", [])]
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _error(400, "MD400", f"Invalid search: {error}")
        if not 1 <= limit <= 1000:
            return _error(400, "MD400", "limit must be between 1 and 1000")
        found = [r for r in self.market.rounds if r.created <= request.day]
        rows = [self._entity(r, request.day) for r in found]
        rows = [row for row in rows if all(test(row["properties"]) for test in predicates)]
        for field_id, sort in reversed(order or [("announced_on", "asc")]):
            rows.sort(
                key=lambda row, f=field_id: (str(row["properties"].get(f) or ""), row["uuid"]),
                reverse=sort == "desc",
            )
        count = len(rows)
        after = search.get("after_id")
        if after is not None:
            at = next((i for i, row in enumerate(rows) if row["uuid"] == after), None)
            if at is None:
                return _error(400, "MD400", f"after_id {after} is not among the results")
            rows = rows[at + 1 :]
        if fields:
            keep = {*fields, "identifier"}
            for row in rows[:limit]:
                row["properties"] = {k: v for k, v in row["properties"].items() if k in keep}
        return as_json({"count": count, "entities": rows[:limit]})

    def _search_organizations(self, request: Request) -> Answer:
        """By domain only, which is what those want who know a company already."""
        try:
            predicate = json.loads(request.body)["query"][0]
            domain = str(predicate["values"][0])
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return _error(400, "MD400", f"Invalid search: {error}")
        if (predicate.get("field_id"), predicate.get("operator_id")) != (
            "website_url",
            "domain_eq",
        ):
            return _error(400, "MD400", "only website_url domain_eq is understood here")
        company = self.market.by_domain.get(domain)
        if company is None or not knows("crunchbase", domain, ORGANISATIONS):
            return as_json({"count": 0, "entities": []})
        properties = self._properties(company, request.day)
        kept = {k: properties[k] for k in ("identifier", "website_url")}
        uuid = properties["identifier"]["uuid"]
        return as_json({"count": 1, "entities": [{"uuid": uuid, "properties": kept}]})

    def _organization_entity(self, permalink: str, day: int) -> Answer:
        company = self.market.by_domain.get(f"{permalink}.example")
        if company is None or not knows("crunchbase", company.domain, ORGANISATIONS):
            return _error(404, "MD404", "Entity not found")
        return as_json({"properties": self._properties(company, day), "cards": {}})

    def _properties(self, company: Company, day: int) -> dict[str, Any]:
        bands = (1, 11, 51, 101, 251, 501, 1001, 5001, 10001)
        low = max(b for b in bands if b <= company.employees)
        high = next((b - 1 for b in bands if b > low), None)
        raised = sum(
            round(e.details["amount"] * USD_OF[e.details["currency"]])
            for e in company.events
            if e.type == "funding_round" and 0 <= e.day <= day
        )
        return {
            "identifier": {
                "uuid": uuid_of(f"organization|{company.domain}"),
                "value": company.name,
                "permalink": company.slug,
                "entity_def_id": "organization",
            },
            "website_url": f"https://www.{company.domain}",
            "linkedin": {"value": f"https://www.linkedin.example/company/{company.slug}"},
            "phone_number": f"{company.place.phone} 555 0{len(company.slug):03d}",
            "num_employees_enum": f"c_{low:05d}_{high:05d}" if high else f"c_{low:05d}_max",
            "founded_on": {"precision": "year", "value": f"{company.founded}-01-01"},
            "funding_total": {"value": raised, "currency": "USD", "value_usd": raised},
        }

    @staticmethod
    def _predicate(predicate: dict[str, Any]) -> Any:
        field_id, operator = predicate["field_id"], predicate["operator_id"]
        values = [str(value) for value in predicate.get("values", [])]

        def value(properties: dict[str, Any]) -> str:
            found = properties.get(field_id)
            if isinstance(found, dict):
                found = found.get("uuid") or found.get("value_usd") or found.get("value")
            return "" if found is None else str(found)

        def padded(text: str) -> str:
            # Dates are compared with times by their common length.
            return text[:10] if field_id.endswith("_on") else text

        match operator:
            case "gte":
                return lambda p: value(p) >= padded(values[0])
            case "lte":
                return lambda p: value(p) <= padded(values[0])
            case "gt":
                return lambda p: value(p) > padded(values[0])
            case "lt":
                return lambda p: value(p) < padded(values[0])
            case "between":
                return lambda p: padded(values[0]) <= value(p) <= padded(values[1])
            case "eq" | "includes":
                return lambda p: value(p) in values
            case "blank":
                return lambda p: not value(p)
        raise ValueError(f"operator_id {operator} is not known")

    def _entity(self, row: Round, day: int) -> dict[str, Any]:
        event, market = row.event, self.market
        company = market.companies[event.company]
        details = event.details
        permalink = f"{company.slug}-{event.subtype.replace('_', '-')}--{row.uuid[:8]}"
        kind = INVESTMENT_TYPES.get(event.subtype, event.subtype)
        title = event.subtype.replace("_", " ").title()
        known = row.disclosed is not None and row.disclosed <= day
        updated = row.updated if row.updated <= day else row.created
        investors = [self._organization(name, "investor") for name in details["investors"]]
        properties: dict[str, Any] = {
            "identifier": {
                "uuid": row.uuid,
                "value": f"{title} - {company.name}",
                "permalink": permalink,
                "entity_def_id": "funding_round",
            },
            "announced_on": _iso(market.date(event.day)),
            "closed_on": None,
            "created_at": market.time(row.created, 30_000).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "updated_at": market.time(updated, 30_000).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "investment_type": kind,
            "investment_stage": _stage(kind),
            "is_equity": kind not in NO_EQUITY,
            "num_investors": len(investors),
            "investor_identifiers": investors,
            "lead_investor_identifiers": investors[:1],
            "funded_organization_identifier": {
                **self._organization(company.name, "investee"),
                "uuid": uuid_of(f"organization|{company.domain}"),
                "permalink": company.slug,
            },
            "funded_organization_location": [
                {
                    "uuid": uuid_of(f"location|{name}"),
                    "value": name,
                    "permalink": plain(name),
                    "location_type": kind_of_place,
                    "entity_def_id": "location",
                }
                for name, kind_of_place in (
                    (company.place.city, "city"),
                    (company.place.region, "region"),
                    (company.place.country, "country"),
                )
            ],
            "short_description": f"{company.name} raised a {title} round.",
            "rank_funding_round": 1000 + event.company,
        }
        if known:
            properties["money_raised"] = {
                "value": details["amount"],
                "currency": details["currency"],
                "value_usd": round(details["amount"] * USD_OF[details["currency"]]),
            }
        return {"uuid": row.uuid, "properties": properties}

    @staticmethod
    def _organization(name: str, role: str) -> dict[str, str]:
        return {
            "role": role,
            "uuid": uuid_of(f"organization|{name}"),
            "value": name,
            "permalink": plain(name),
            "entity_def_id": "organization",
        }


def _iso(day: date) -> str:
    return day.isoformat()


def _stage(kind: str) -> str | None:
    if kind in ("pre_seed", "seed"):
        return "seed"
    if kind in ("series_a", "series_b"):
        return "early_stage_venture"
    if kind.startswith("series_"):
        return "late_stage_venture"
    return kind if kind == "private_equity" else None
