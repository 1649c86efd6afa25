"""HubSpot's deals: search by last change, their companies and contacts, the pipelines' stages."""

from __future__ import annotations

import json
from typing import Any

from sandbox.answers import Answer, Request, as_json
from sandbox.correspondence.casting import OWN_DOMAIN
from sandbox.vendors.desk import Deal, Desk, short_id

#: Deals of one page; HubSpot gives up to 200.
PAGE = 8
#: Owners of one page; HubSpot gives up to 500.
OWNERS_PAGE = 2
#: Our CRM's stages as HubSpot's own pipeline calls them.
STAGES = {
    "Qualification": ("appointmentscheduled", "Discovery"),
    "Needs Analysis": ("qualifiedtobuy", "Request received"),
    "Proposal/Price Quote": ("presentationscheduled", "Quote sent"),
    "Negotiation/Review": ("contractsent", "Contract Sent"),
    "Closed Won": ("closedwon", "Closed Won"),
    "Closed Lost": ("closedlost", "Closed Lost"),
}


class HubSpotDeals:
    """Deals of the seller's account."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def answer(self, request: Request) -> Answer | None:
        """An answer about deals and what belongs to them; None for what is no matter of deals."""
        if request.parts == ["crm", "v3", "pipelines", "deals"]:
            stages = [{"id": i, "label": label} for i, label in STAGES.values()]
            return as_json({"results": [{"id": "default", "label": "Sales", "stages": stages}]})
        if request.parts == ["crm", "v3", "owners"]:
            return self._owners(request)
        try:
            body = json.loads(request.body) if request.method == "POST" else {}
        except ValueError:
            return None
        match request.parts:
            case ["crm", "v3", "objects", "deals"] if request.query.get("archived") == "true":
                # Nobody of the simulated seller throws a deal away.
                return as_json({"results": []})
            case ["crm", "v3", "objects", "deals", "search"]:
                return self._search(body, request.day)
            case ["crm", "v4", "associations", "deals", kind, "batch", "read"]:
                return self._associations(body, kind)
            case ["crm", "v3", "objects", kind, "batch", "read"]:
                return self._related(body, kind)
        return None

    def _owners(self, request: Request) -> Answer:
        """A page of those who own deals; the first of them has left, and is told as archived."""
        names = sorted({deal.row["Owner"] for deal in self.desk.deals})
        is_archived = request.query.get("archived", "false") == "true"
        chosen = names[:1] if is_archived else names[1:]
        start = int(request.query.get("after", 0))
        limit = min(int(request.query.get("limit", 100)), OWNERS_PAGE)
        results = [_owner(name, is_archived) for name in chosen[start : start + limit]]
        more = start + limit < len(chosen)
        ahead = {"paging": {"next": {"after": str(start + limit)}}} if more else {}
        return as_json({"results": results} | ahead)

    def _search(self, body: dict[str, Any], day: int) -> Answer:
        filters = body["filterGroups"][0]["filters"]
        floor = next(int(f["value"]) for f in filters if f["propertyName"] == "hs_lastmodifieddate")
        found = [d for d in self.desk.deals
                 if d.day <= day and d.modified_at.timestamp() * 1000 >= floor]  # fmt: skip
        start, limit = int(body.get("after") or 0), min(int(body.get("limit", 10)), PAGE)
        asked = set(body.get("properties") or ())
        results = [_deal(deal, asked) for deal in found[start : start + limit]]
        ahead = (
            {"paging": {"next": {"after": str(start + limit)}}}
            if start + limit < len(found)
            else {}
        )
        return as_json({"total": len(found), "results": results} | ahead)

    def _associations(self, body: dict[str, Any], kind: str) -> Answer:
        known = {str(deal.number): deal for deal in self.desk.deals}
        label = "Primary" if kind == "companies" else None
        results = [
            {
                "from": {"id": one["id"]},
                "to": [
                    {
                        "toObjectId": _other(known[one["id"]], kind),
                        "associationTypes": [
                            {"category": "HUBSPOT_DEFINED", "typeId": 5, "label": label}
                        ],
                    }
                ],
            }
            for one in body["inputs"]
            if one["id"] in known
        ]
        return as_json({"status": "COMPLETE", "results": results})

    def _related(self, body: dict[str, Any], kind: str) -> Answer:
        wanted = {one["id"] for one in body["inputs"]}
        found = {}
        for deal in self.desk.deals:
            if (key := str(_other(deal, kind))) in wanted:
                values = _properties(deal, kind)
                asked = {k: v for k, v in values.items() if k in body.get("properties", ())}
                found[key] = {"id": key, "properties": asked, "archived": False}
        return as_json({"status": "COMPLETE", "results": list(found.values())})


def owner_id(name: str) -> str:
    """The number of an owner."""
    return str(int(short_id(f"owner|{name}", 7), 16))


def _owner(name: str, is_archived: bool) -> dict[str, Any]:
    first, _, last = name.partition(" ")
    address = ".".join(name.lower().split())
    return {
        "id": owner_id(name),
        "email": f"{address}@{OWN_DOMAIN}",
        "firstName": first,
        "lastName": last,
        "type": "PERSON",
        "archived": is_archived,
    }


def _other(deal: Deal, kind: str) -> int:
    name = deal.row["Account Name"] if kind == "companies" else deal.row["Contact Email"]
    return int(short_id(f"{kind}|{name}", 8), 16)


def _properties(deal: Deal, kind: str) -> dict[str, str]:
    row = deal.row
    if kind == "companies":
        return {"name": row["Account Name"], "domain": row["Website"].removeprefix("www.")}
    first, _, last = row["Contact Email"].partition("@")[0].partition(".")
    return {"email": row["Contact Email"], "firstname": first.title(), "lastname": last.title()}


def _deal(deal: Deal, asked: set[str]) -> dict[str, Any]:
    row = deal.row
    changed = deal.modified_at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    made = f"{row['Created Date']}T00:00:00.000Z"
    values = {
        "dealname": row["Opportunity Name"],
        "dealstage": STAGES[row["Stage"]][0],
        "pipeline": "default",
        "amount": row["Amount"],
        "deal_currency_code": row["Currency"],
        "closedate": f"{row['Close Date']}T00:00:00Z" if row["Close Date"] else None,
        "createdate": made,
        "hs_lastmodifieddate": changed,
        "hubspot_owner_id": owner_id(row["Owner"]),
        "hs_is_closed": str(row["Stage"].startswith("Closed")).lower(),
        "hs_is_closed_won": str(row["Stage"] == "Closed Won").lower(),
    }
    own = {"hs_object_id": str(deal.number), "hs_lastmodifieddate": changed, "createdate": made}
    return {
        "id": str(deal.number),
        "properties": own | {k: v for k, v in values.items() if k in asked},
        "createdAt": made,
        "updatedAt": changed,
        "archived": False,
    }
