"""Sources that a declaration alone describes: paging, companies, and what goes wrong."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from resources.sources.declaration import Declaration
from resources.sources.ingestion import ensure_streams, ingest
from tests.contract.sources.conftest import DAY
from tests.contract.sources.vendor import Asked, Reply

ITEMS = [{"n": number, "at": f"2026-06-0{number}"} for number in range(1, 6)]


def reply(content: object) -> Reply:
    return Reply(json.dumps(content).encode())


class Api:
    """A source ``things`` declared for a test, beside all others."""

    def __init__(self, market) -> None:
        self.market = market

    def ingest(self, *questions: dict, **changes: object):
        declared = Declaration.model_validate(
            {
                "name": "things",
                "families": ["news"],
                "description": "Things.",
                "base_urls": {"api": f"{self.market.vendor.url}/api"},
                "rate_limit": {"requests": 1000},
                "retry": {"attempts": 1},
                "freshness_hours": 24,
                "terms": {"url": "", "note": "x"},
                "kind": "event",
                "connector": "json_api",
                "questions": questions,
            }
            | changes
        )
        services = self.market.services()
        services.declarations.sources["things"] = declared
        ensure_streams(services)
        return ingest("things", DAY, services)

    def ids(self) -> list[str]:
        return [row["record_id"] for row in self.market.rows("things", "all")]


@pytest.fixture
def api(market) -> Api:
    return Api(market)


def question(**changes: object) -> dict:
    return {"path": "/all", "records": "data.items", "store": "all", "id": "n"} | changes


def test_records_are_kept_as_they_come_under_their_own_id_and_once(api, market):
    market.vendor.on("/api/all", reply({"data": {"items": ITEMS}}))
    asked = question(observed_at="at", params={"since": "x"})
    assert api.ingest(asked).new_rows == {"all": 5}
    assert api.ingest(asked).status == "unchanged"
    row = market.rows("things", "all")[0]
    assert (row["record_id"], json.loads(row["payload"])) == ("1", ITEMS[0])
    assert (row["observed_at"].isoformat(), row["source_url"][-16:]) == (
        "2026-06-01T00:00:00+00:00", "/api/all?since=x",
    )  # fmt: skip
    market.vendor.on("/api/all", reply({"data": {"items": [ITEMS[0] | {"more": 1}]}}))
    assert api.ingest(asked).new_rows == {"all": 1}


@pytest.mark.parametrize(
    ("paging", "asked"),
    [
        ({"kind": "page", "parameter": "p", "first": 1, "size": 2}, ["1", "2", "3"]),
        ({"kind": "page", "parameter": "p", "first": 1}, ["1", "2", "3", "4"]),
        ({"kind": "offset", "parameter": "p", "size": 2}, ["0", "2", "4"]),
        ({"kind": "cursor", "parameter": "p", "next": "data.next"}, [None, "c1", "c2"]),
        ({"kind": "url", "next": "data.link"}, [None, "c1", "c2"]),
        ({"kind": "page", "parameter": "p", "first": 1, "max_pages": 2}, ["1", "2"]),
    ],
)
def test_every_way_of_paging_reads_to_the_end(api, market, paging, asked):
    def answer(request: Asked) -> Reply:
        at = request.query.get("p")
        if paging["kind"] == "offset":
            start = int(at)
        elif paging["kind"] == "page":
            start = 2 * (int(at) - 1)
        else:
            start = 2 * int((at or "c0")[1:])
        number = start // 2 + 1
        following = number < 3
        return reply(
            {"data": {"items": ITEMS[start : start + 2],
                      "next": f"c{number}" if following else None,
                      "link": f"/api/all?p=c{number}" if following else None}}
        )  # fmt: skip

    market.vendor.on("/api/all", answer)
    api.ingest(question(paging=paging))
    assert [request.query.get("p") for request in market.vendor.asked] == asked
    assert api.ids() == ["1", "2", "3", "4", "5"][: 4 if "max_pages" in paging else 5]


def test_a_next_page_on_another_host_is_not_followed(api, market):
    content = {"data": {"items": ITEMS[:1], "link": "https://elsewhere.example/all"}}
    market.vendor.on("/api/all", reply(content))
    report = api.ingest(question(paging={"kind": "url", "next": "data.link"}))
    assert report.status == "failed"
    assert "the next page is on another host: https://elsewhere.example/all" in report.error


def test_each_company_is_asked_about_that_has_what_the_question_names(listed):
    listed.vendor.on("/api/firm/borealis.com", reply([{"n": 1}]))
    asked = question(path="/firm/{domain}", records="", per="company", params={"cik": "{cik}"})
    report = Api(listed).ingest(asked)
    assert report.status == "partial" or report.status == "ok"
    paths = [request.path for request in listed.vendor.asked]
    assert "/api/firm/borealis.com" in paths
    companies = {row["record_id"]: json.loads(row["payload"])
                 for row in listed.rows("company_list", "companies")}  # fmt: skip
    with_both = [c for c in companies.values() if c.get("domain") and c.get("cik")]
    assert len(paths) == len(with_both)
    assert all(request.query["cik"] for request in listed.vendor.asked)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"items": []}, "answer has no list 'data.items'; it has the fields ['items']"),
        ([1], "answer has no list 'data.items'; it is none"),
    ],
)
def test_an_answer_of_another_shape_is_named(api, market, body, told):
    market.vendor.on("/api/all", reply(body))
    report = api.ingest(question())
    assert report.status == "failed"
    assert told in report.error
    assert market.quarantined()[0]["rule"] == "bad_response"


def test_a_record_that_is_none_or_has_no_id_is_set_aside_and_the_rest_stays(api, market):
    market.vendor.on("/api/all", reply({"data": {"items": ["x", {"at": "2026"}, ITEMS[0]]}}))
    report = api.ingest(question())
    assert (report.status, report.new_rows, report.rejected) == ("ok", {"all": 1}, 2)
    assert sorted(row["rule"] for row in market.quarantined()) == ["missing_id", "unreadable_row"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"store": None}, "give either 'record'"),
        ({"id": ()}, "'id' must say which fields"),
        ({"path": "/{domain}"}, "can only be filled in per company"),
        ({"path": "/{phone}", "per": "company"}, "can only be filled in per company"),
        ({"base": "pages"}, "base 'pages' is not among base_urls"),
        ({"paging": {"kind": "cursor", "parameter": "p"}}, "needs 'next'"),
        ({"paging": {"kind": "page"}}, "needs 'parameter'"),
    ],
)
def test_a_question_that_cannot_be_meant_is_refused(api, changes, told):
    with pytest.raises(ValidationError, match=told):
        api.ingest(question(**changes))


def test_a_source_without_questions_is_refused(api):
    with pytest.raises(ValidationError, match="'questions' must not be empty"):
        api.ingest()
