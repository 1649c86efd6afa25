"""Deals that were archived: the search leaves them out, the list of archived ones tells them."""

from __future__ import annotations

import json

from detection.correspondence.crm import read_crm_row
from tests.contract.sources.conftest import Market
from tests.contract.sources.vendor import Asked, Reply

CRM = "/hubspot/crm"


def as_json(content: object) -> Reply:
    return Reply(json.dumps(content).encode(), 200, {"Content-Type": "application/json"})


def deal(number: int, **other: object) -> dict:
    at = f"2026-06-{number:02d}T08:00:00.000Z"
    return {
        "id": str(number), "createdAt": at, "updatedAt": at, "archived": False,
        "properties": {"dealname": f"Deal {number}", "dealstage": "contractsent", "amount": "",
                       "hs_lastmodifieddate": at, "hs_object_id": str(number)},
    } | other  # fmt: skip


def test_an_archived_deal_is_told_as_withdrawn_and_once(market: Market):
    market.environ["BUYING_SIGNALS_HUBSPOT_TOKEN"] = "t"
    vendor = market.vendor
    gone: list[dict] = []

    def search(asked: Asked) -> Reply:
        left = [deal(n) for n in (1, 2) if str(n) not in {d["id"] for d in gone}]
        return as_json({"total": len(left), "results": left})

    def listed(asked: Asked) -> Reply:
        assert asked.query["archived"] == "true"
        assert "dealstage" in asked.query["properties"].split(",")
        if "after" in asked.query:
            return as_json({"results": gone[1:]})
        return as_json(
            {"results": gone[:1]} | ({"paging": {"next": {"after": "2"}}} if gone else {})
        )

    vendor.on(f"{CRM}/v3/objects/deals/search", search)
    vendor.on(f"{CRM}/v3/objects/deals", listed)
    vendor.on(f"{CRM}/v3/pipelines/deals", as_json({"results": []}))
    for kind in ("companies", "contacts"):
        vendor.on(f"{CRM}/v4/associations/deals/{kind}/batch/read", as_json({"results": []}))
    assert market.ingest("hubspot").new_rows == {"crm_opportunities": 2}
    at = "2026-06-03T09:00:00.000Z"
    gone += [deal(2, archived=True, archivedAt=at), deal(7, archived=True, archivedAt=at)]
    report = market.ingest("hubspot")
    assert (report.status, report.new_rows) == ("ok", {"crm_opportunities": 2})
    assert market.ingest("hubspot").total_new_rows == 0
    rows = market.rows("hubspot", "crm_opportunities")
    told = {(r["record_id"], read_crm_row(json.loads(r["payload"])).is_withdrawn) for r in rows}
    assert told == {("1", False), ("2", False), ("2", True), ("7", True)}
    [last] = [r for r in rows if r["record_id"] == "7"]
    assert last["observed_at"].isoformat() == "2026-06-03T09:00:00+00:00"
