"""A query whose further pages Salesforce lets go of: what came is kept, the next run goes on."""

from __future__ import annotations

import json

from detection.correspondence.crm import read_crm_row
from tests.contract.sources.conftest import Market
from tests.contract.sources.vendor import Asked, Reply

DATA = "/salesforce/services/data/v61.0"


def as_json(content: object, status: int = 200) -> Reply:
    return Reply(json.dumps(content).encode(), status, {"Content-Type": "application/json"})


def row(number: int) -> dict:
    stamp = f"2026-06-{number:02d}T08:00:00.000+0000"
    return {"attributes": {}, "Id": f"006{number}", "Name": f"Deal {number}",
            "Account": None, "SystemModstamp": stamp}  # fmt: skip


def test_a_lost_page_costs_a_run_and_no_row(market: Market):
    market.environ["BUYING_SIGNALS_SALESFORCE_CREDENTIALS"] = json.dumps(
        {"client_id": "app", "client_secret": "s3cret"}
    )
    vendor = market.vendor
    vendor.on("/salesforce/services/oauth2/token", as_json({"access_token": "t"}))
    queries: list[str] = []

    def query(asked: Asked) -> Reply:
        queries.append(asked.query["q"])
        first = {"done": False, "nextRecordsUrl": "/services/data/v61.0/query/01g-2"}
        if len(queries) == 1:
            return as_json({"records": [row(1), row(2)], **first})
        return as_json({"records": [row(2), row(3)], "done": True})

    vendor.on(f"{DATA}/queryAll", query)
    lost = [{"errorCode": "INVALID_QUERY_LOCATOR", "message": "invalid query locator"}]
    vendor.on(f"{DATA}/query/01g-2", as_json(lost, 400))
    report = market.ingest("salesforce")
    assert (report.status, report.new_rows) == ("failed", {"crm_opportunities": 2})
    assert "the rest of the query is lost; the next run goes on from here" in report.error
    assert "WHERE" not in queries[0]
    report = market.ingest("salesforce")
    assert (report.status, report.new_rows) == ("ok", {"crm_opportunities": 1})
    assert "WHERE SystemModstamp >= 2026-06-02T07:50:00Z" in queries[1]
    rows = market.rows("salesforce", "crm_opportunities")
    assert {r["record_id"] for r in rows} == {"0061", "0062", "0063"}
    assert len(rows) == 3


def test_a_query_that_is_refused_is_told_in_salesforces_words(market: Market):
    market.environ["BUYING_SIGNALS_SALESFORCE_CREDENTIALS"] = json.dumps(
        {"client_id": "app", "client_secret": "s3cret"}
    )
    vendor = market.vendor
    vendor.on("/salesforce/services/oauth2/token", as_json({"access_token": "t"}))
    unknown = [{"errorCode": "INVALID_FIELD", "message": "No such column 'Margin__c'"}]
    vendor.on(f"{DATA}/queryAll", as_json(unknown, 400))
    market.changes["salesforce"] = {"options": {"fields": ["Margin__c"]}}
    report = market.ingest("salesforce")
    assert report.status == "failed"
    assert "status 400: No such column 'Margin__c'" in report.error
    [asked] = [a for a in vendor.asked if a.path.endswith("queryAll")]
    assert ", Margin__c, (SELECT" in asked.query["q"]
    busy = [{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}]
    vendor.on(f"{DATA}/queryAll", as_json(busy, 403))
    assert "REQUEST_LIMIT_EXCEEDED: ask less or later" in market.ingest("salesforce").error


def test_a_deleted_opportunity_is_told_as_withdrawn(market: Market):
    market.environ["BUYING_SIGNALS_SALESFORCE_CREDENTIALS"] = json.dumps(
        {"client_id": "app", "client_secret": "s3cret"}
    )
    vendor = market.vendor
    vendor.on("/salesforce/services/oauth2/token", as_json({"access_token": "t"}))
    told = [row(1) | {"IsDeleted": False}, row(2) | {"IsDeleted": True}]
    vendor.on(f"{DATA}/queryAll", as_json({"records": told, "done": True}))
    assert market.ingest("salesforce").status == "ok"
    rows = market.rows("salesforce", "crm_opportunities")
    assert {r["record_id"]: read_crm_row(json.loads(r["payload"])).is_withdrawn for r in rows} == {
        "0061": False,
        "0062": True,
    }
