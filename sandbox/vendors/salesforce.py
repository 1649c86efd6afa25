"""Salesforce (REST): tokens of a connected app, queries on opportunities, pages by locator."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sandbox.answers import Answer, Request, as_json
from sandbox.vendors.desk import Deal, Desk, short_id
from sandbox.vendors.tokens import Tokens, form_of, refused_sale

#: Rows of one page; the real service's 2,000 would seldom make a second one here.
PAGE = 8
_SINCE = re.compile(r"SystemModstamp >= (\S+)")


def _error(status: int, code: str, message: str) -> Answer:
    return as_json([{"message": message, "errorCode": code}], status)


class Salesforce:
    """The seller's organisation."""

    is_cached = False

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.tokens = Tokens()

    def refused(self, parts: Sequence[str]) -> Answer:
        """What is said when access was withdrawn."""
        if list(parts) == ["services", "oauth2", "token"]:
            return refused_sale("invalid_grant", "expired access/refresh token")
        return _error(401, "INVALID_SESSION_ID", "Session expired or invalid")

    def answer(self, request: Request) -> Answer:
        """A token, or an answer to who has one."""
        if request.parts == ["services", "oauth2", "token"]:
            form = form_of(request)
            by = form.get("grant_type")
            is_meant = form.get("client_secret") and (
                by == "client_credentials" or (by == "refresh_token" and form.get("refresh_token"))
            )
            if not is_meant:
                return refused_sale("invalid_client", "invalid client credentials")
            sold = self.tokens.sell()
            # How long a token holds is not said.
            del sold["expires_in"]
            host = request.headers.get("host", "")
            return as_json(sold | {"instance_url": f"http://{host}/salesforce"})
        if not self.tokens.accept(request):
            return self.refused(request.parts)
        match request.parts:
            case ["services", "data", _, "query" | "queryAll"]:
                return self._query(request, request.query.get("q", ""), 0)
            case ["services", "data", _, "query" | "queryAll", locator]:
                since, _, start = locator.removeprefix("01g").partition("-")
                if not locator.startswith("01g") or not start.isdigit():
                    return _error(400, "INVALID_QUERY_LOCATOR", "invalid query locator")
                words = f"SystemModstamp >= {_back(since)}" if since else ""
                return self._query(request, f"FROM Opportunity {words}", int(start))
        return _error(404, "NOT_FOUND", "The requested resource does not exist")

    def _query(self, request: Request, words: str, start: int) -> Answer:
        if "FROM Opportunity" not in words:
            return _error(400, "MALFORMED_QUERY", "unexpected token")
        since = _SINCE.search(words)
        found = [
            deal
            for deal in self.desk.deals
            if deal.day <= request.day and (since is None or _iso(deal)[:19] >= since[1][:19])
        ]
        if "COUNT()" in words:
            return as_json({"totalSize": len(found), "done": True, "records": []})
        rows = [_row(deal) for deal in found[start : start + PAGE]]
        done = start + PAGE >= len(found)
        floor = re.sub(r"\D", "", since[1]) if since else ""
        ahead = {} if done else {
            "nextRecordsUrl": f"/services/data/v61.0/query/01g{floor}-{start + PAGE}"
        }  # fmt: skip
        return as_json({"totalSize": len(found), "done": done, "records": rows} | ahead)


def _back(digits: str) -> str:
    return datetime.strptime(digits, "%Y%m%d%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ")


def _iso(deal: Deal) -> str:
    return deal.modified_at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _row(deal: Deal) -> dict[str, object]:
    row, made = deal.row, f"{deal.row['Created Date']}T00:00:00.000+0000"
    record_id = f"006{short_id(row['Opportunity ID'], 14)}A"
    contact = row["Contact Email"].partition("@")[0].replace(".", " ").title()
    return {
        "attributes": {"type": "Opportunity", "url": f"/services/data/v61.0/sobjects/{record_id}"},
        "Id": record_id,
        "Name": row["Opportunity Name"],
        "AccountId": f"001{short_id(row['Account Name'], 14)}A",
        "Account": {
            "attributes": {"type": "Account"},
            "Name": row["Account Name"],
            "Website": row["Website"],
        },
        "Owner": {"attributes": {"type": "User"}, "Name": row["Owner"], "Email": None},
        "StageName": row["Stage"],
        "Amount": float(row["Amount"]),
        "CloseDate": row["Close Date"] or None,
        "Type": None,
        "NextStep": None,
        "LeadSource": None,
        "Probability": None,
        "TotalOpportunityQuantity": float(row["Quantity"]) if row["Quantity"] else None,
        "IsClosed": row["Stage"].startswith("Closed"),
        "IsWon": row["Stage"] == "Closed Won",
        "IsDeleted": False,
        "CreatedDate": made,
        "LastModifiedDate": _iso(deal),
        "SystemModstamp": _iso(deal),
        "OpportunityContactRoles": {
            "totalSize": 1,
            "done": True,
            "records": [
                {
                    "attributes": {"type": "OpportunityContactRole"},
                    "Contact": {
                        "attributes": {"type": "Contact"},
                        "Name": contact,
                        "Email": row["Contact Email"],
                    },
                    "Role": None,
                    "IsPrimary": True,
                }
            ],
        },
    }
