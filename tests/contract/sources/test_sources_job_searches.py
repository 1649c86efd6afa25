"""Workday, Adzuna and USAJobs against their vendors' shapes: pages, keys, limits, faults, turns."""

from __future__ import annotations

import json
from datetime import date

import pytest

from resources.http import BadResponseError
from resources.sources.connectors import adzuna, usajobs, workday
from resources.sources.declaration import Auth
from resources.state import asked_companies, snapshot
from tests.contract.sources.conftest import DAY, Market
from tests.contract.sources.vendor import Asked, Reply

NEXT = date(2026, 6, 16)
SITE = "/workday/harrow.wd3"
LIST = f"{SITE}/wday/cxs/harrow/Careers/jobs"
COMPANIES = (
    b"name,domain,cik,industry,employees,city,country,job_board\n"
    b"Harrow Mills,harrow.example,,Retail,900,Leeds,United Kingdom,workday:harrow.wd3.Careers\n"
    b"Corvid Labs,corvid.example,,Software,80,Ghent,Belgium,\n"
)


def answer(value: object) -> Reply:
    return Reply(json.dumps(value).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def asking(market: Market) -> Market:
    """Two companies in the lake; the first has a Workday site."""
    market.vendor.on("/crm/export/company_list.csv", COMPANIES)
    assert market.ingest("company_list").status == "ok"
    market.vendor.asked.clear()
    return market


# --- Workday --------------------------------------------------------------------------------------


def listed(number: int, title: str = "Weaver", posted: str = "Posted Today") -> dict:
    return {
        "title": title,
        "externalPath": f"/job/Leeds/{title}_R{number}",
        "locationsText": "Leeds",
        "postedOn": posted,
        "bulletFields": [f"R{number}"],
    }


def page(asked: Asked) -> Reply:
    name = asked.path.rsplit("/", 1)[1]
    info = {
        "id": name,
        "title": name.partition("_")[0],
        "jobDescription": "<p>Weave.</p>",
        "location": "Leeds",
        "postedOn": "Posted Today",
        "startDate": "2026-06-10",
    }
    return answer({"jobPostingInfo": info, "hiringOrganization": {"name": "Harrow"}})


def workday_site(market: Market, jobs: list[dict], robots: str = "") -> None:
    def give(asked: Asked) -> Reply:
        body = json.loads(asked.body)
        shown = jobs[body["offset"] : body["offset"] + body["limit"]]
        total = len(jobs) if body["offset"] == 0 else 0
        return answer({"total": total, "jobPostings": shown, "facets": []})

    market.vendor.on(f"{SITE}/robots.txt", robots.encode() if robots else Reply(status=404))
    market.vendor.on(LIST, give)
    for job in jobs:
        market.vendor.on(f"{SITE}/wday/cxs/harrow/Careers{job['externalPath']}", page)


def test_workday_turns_pages_and_reads_each_job_once(asking: Market) -> None:
    workday_site(asking, [listed(n) for n in range(45)])
    report = asking.ingest("workday")
    assert (report.status, report.new_rows) == ("ok", {"jobs": 45, "boards": 1})
    offsets = [json.loads(a.body)["offset"] for a in asking.vendor.asked if a.path == LIST]
    assert offsets == [0, 20, 40]
    [manifest] = asking.rows("workday", "boards")
    assert manifest["record_id"] == "harrow.wd3.careers"
    assert len(json.loads(manifest["payload"])["jobs"]) == 45
    job = next(r for r in asking.rows("workday", "jobs") if r["record_id"].endswith("/Weaver_R7"))
    assert job["record_id"] == "harrow.wd3.careers/Weaver_R7"
    info = json.loads(job["payload"])["jobPostingInfo"]
    assert info["startDate"] == "2026-06-10"
    assert "postedOn" not in info
    assert job["observed_at"].date() == date(2026, 6, 10)


def test_workday_asks_anew_only_for_what_the_list_tells_otherwise(asking: Market) -> None:
    workday_site(asking, [listed(1), listed(2), listed(3)])
    asking.ingest("workday")
    asking.now = asking.now.replace(day=16)
    asking.vendor.asked.clear()
    # Only the days since posting moved on; the second is gone, the third has another place.
    moved = listed(3) | {"locationsText": "York"}
    workday_site(asking, [listed(1, posted="Posted Yesterday"), moved])
    assert asking.ingest("workday", NEXT).new_rows == {"boards": 1}
    pages = [a.path for a in asking.vendor.asked if "/job/" in a.path]
    assert [p.rsplit("/", 1)[1] for p in pages] == ["Weaver_R3"]
    manifests = [json.loads(r["payload"])["jobs"] for r in asking.rows("workday", "boards")]
    assert [sorted(m) for m in manifests] == [
        ["Weaver_R1", "Weaver_R2", "Weaver_R3"],
        ["Weaver_R1", "Weaver_R3"],
    ]


def test_workday_job_that_cannot_be_read_is_open_and_asked_for_again(asking: Market) -> None:
    workday_site(asking, [listed(1), listed(2)])
    path = f"{SITE}/wday/cxs/harrow/Careers{listed(2)['externalPath']}"
    asking.vendor.on(path, Reply(status=404))
    report = asking.ingest("workday")
    assert report.status == "partial"
    assert report.new_rows == {"jobs": 1, "boards": 1}
    [manifest] = asking.rows("workday", "boards")
    assert set(json.loads(manifest["payload"])["jobs"]) == {"Weaver_R1", "Weaver_R2"}
    asking.now = asking.now.replace(day=16)
    asking.vendor.on(path, page)
    assert asking.ingest("workday", NEXT).new_rows == {"jobs": 1, "boards": 1}


def test_workday_list_cut_short_closes_nothing(asking: Market) -> None:
    workday_site(asking, [listed(n) for n in range(60)])
    asking.vendor.on(
        LIST,
        lambda asked: answer(
            {"total": 60, "jobPostings": []}
            if json.loads(asked.body)["offset"]
            else {"total": 60, "jobPostings": [listed(n) for n in range(20)]}
        ),
    )
    report = asking.ingest("workday")
    assert report.status != "ok"
    assert "states 60 jobs and ends after 20" in str(report)
    assert asking.rows("workday", "boards") == []


def test_workday_honours_robots(asking: Market) -> None:
    workday_site(asking, [listed(1)], "User-agent: *\nDisallow: /Careers/\n")
    asking.ingest("workday")
    assert asking.rows("workday", "jobs") == []
    assert not [a for a in asking.vendor.asked if a.path == LIST]


def test_workday_waits_as_told(asking: Market) -> None:
    workday_site(asking, [listed(1)])
    late = Reply(status=429, headers={"Retry-After": "3"})
    asking.vendor.on(LIST, [late, answer({"total": 1, "jobPostings": [listed(1)]})])
    assert asking.ingest("workday").status == "ok"
    assert max(asking.pauses) == pytest.approx(3, abs=0.5)


def test_a_board_that_is_none_is_set_aside_by_name(asking: Market) -> None:
    asking.vendor.on("/crm/export/company_list.csv", COMPANIES.replace(b".wd3.Careers", b""))
    asking.ingest("company_list")
    asking.ingest("workday")
    assert [q["rule"] for q in asking.quarantined()] == ["not_a_board"]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"total": 1}', b'{"jobPostings": []}', b"<html>"])
def test_workday_lists_of_another_shape_are_refused(body: bytes) -> None:
    with pytest.raises(BadResponseError):
        workday.parse_list(body)


# --- Adzuna ---------------------------------------------------------------------------------------
SEARCH = "/adzuna/v1/api/jobs/us/search"


def result(number: int) -> dict:
    return {
        "id": str(number),
        "title": "Clerk",
        "company": {"display_name": "Corvid Labs"},
        "adref": f"token-{number}",
        "created": "2026-06-01T08:00:00Z",
    }


def adzuna_results(market: Market, count: int) -> None:
    def give(asked: Asked) -> Reply:
        size, number = int(asked.query["results_per_page"]), int(asked.path.rsplit("/", 1)[1])
        of_company = count if asked.query["company"] == "Corvid Labs" else 0
        shown = [result(n) for n in range(of_company)][(number - 1) * size : number * size]
        return answer({"count": of_company, "results": shown})

    for number in range(1, 5):
        market.vendor.on(f"{SEARCH}/{number}", give)


def test_adzuna_turns_pages_with_its_key_in_the_question_only(asking: Market) -> None:
    adzuna_results(asking, 120)
    report = asking.ingest("adzuna")
    assert (report.status, report.new_rows) == ("ok", {"jobs": 120})
    mine = [a for a in asking.vendor.asked if a.query["company"] == "Corvid Labs"]
    assert [a.path.rsplit("/", 1)[1] for a in mine] == ["1", "2", "3"]
    assert {(a.query["app_id"], a.query["app_key"]) for a in mine} == {("sandbox", "sandbox-key")}
    row = asking.rows("adzuna", "jobs")[0]
    assert row["record_id"] == "us/0"
    assert "sandbox-key" not in str(row)
    # It changes with every answer, and would make a version of each.
    assert "adref" not in json.loads(row["payload"])


def test_adzuna_asks_a_company_once_a_day_and_then_for_what_is_new(asking: Market) -> None:
    adzuna_results(asking, 2)
    asking.ingest("adzuna")
    asking.vendor.asked.clear()
    assert asking.ingest("adzuna").status == "unchanged"
    assert asking.vendor.asked == []
    asking.now = asking.now.replace(day=16)
    assert asking.ingest("adzuna", NEXT).new_rows == {}
    assert {a.query["max_days_old"] for a in asking.vendor.asked} == {"4"}


def test_adzuna_companies_take_turns_within_a_days_questions(asking: Market) -> None:
    adzuna_results(asking, 1)
    asking.changes["adzuna"] = {"options": {"companies_a_day": 1}}
    asked = []
    for day in (DAY, NEXT):
        asking.vendor.asked.clear()
        asking.ingest("adzuna", day)
        asking.ingest("adzuna", day)
        asked.append([a.query["company"] for a in asking.vendor.asked])
        kept = snapshot(asking.services().state, asked_companies).to_pylist()
        # Who has not been asked yet is not remembered as silent.
        assert {row["key"] for row in kept if row["source"] == "adzuna"} == {
            name for names in asked for name in names
        }
        asking.now = asking.now.replace(day=16)
    assert asked == [["Corvid Labs"], ["Harrow Mills"]]


def test_adzuna_refusal_names_the_variable_and_no_key(asking: Market) -> None:
    asking.environ["BUYING_SIGNALS_ADZUNA_KEY"] = "id-12345:key-67890"
    for number in (1, 2):
        asking.vendor.on(f"{SEARCH}/{number}", Reply(b"{}", status=401))
    report = asking.ingest("adzuna")
    assert "check BUYING_SIGNALS_ADZUNA_KEY" in str(report)
    assert "67890" not in str(report)
    assert "12345" not in str(report)


def test_adzuna_without_key_is_not_configured(asking: Market) -> None:
    auth = {"kind": "query", "variable": "BUYING_SIGNALS_ADZUNA_KEY", "parameters": ("a", "b")}
    asking.changes["adzuna"] = {"auth": auth}
    report = asking.ingest("adzuna")
    assert report.status == "not_configured"
    assert "BUYING_SIGNALS_ADZUNA_KEY" in str(report)


def test_adzuna_results_without_id_are_set_aside(fetched_at) -> None:
    found = adzuna.parse(
        json.dumps({"results": [{"title": "x"}, result(1)]}).encode(),
        "us",
        fetched_at=fetched_at,
    )
    assert [type(item).__name__ for item in found] == ["Rejected", "Record"]


# --- USAJobs --------------------------------------------------------------------------------------
GOVERNMENT = "/usajobs/api/search"


def position(number: int) -> dict:
    return {
        "MatchedObjectId": str(number),
        "MatchedObjectDescriptor": {
            "PositionTitle": "Engineer",
            "OrganizationName": "Bureau of Bridges",
            "PublicationStartDate": "2026-06-10T00:00:00.0000",
        },
    }


def government(market: Market, count: int) -> None:
    def give(asked: Asked) -> Reply:
        size, number = int(asked.query["ResultsPerPage"]), int(asked.query["Page"])
        shown = [position(n) for n in range(count)][(number - 1) * size : number * size]
        return answer({"SearchResult": {"SearchResultItems": shown}})

    market.vendor.on(GOVERNMENT, give)


def test_usajobs_turns_pages_with_key_and_address(asking: Market) -> None:
    government(asking, 5)
    asking.changes["usajobs"] = {"options": {"page_size": 2}}
    report = asking.ingest("usajobs")
    assert (report.status, report.new_rows) == ("ok", {"jobs": 5})
    asked = asking.vendor.asked
    assert [a.query["Page"] for a in asked] == ["1", "2", "3"]
    assert {a.headers["Authorization-Key"] for a in asked} == {"sandbox-key"}
    assert {a.headers["User-Agent"] for a in asked} == {"demo@example.com"}
    assert {a.query["DatePosted"] for a in asked} == {"30"}
    asking.now = asking.now.replace(day=16)
    asked.clear()
    assert asking.ingest("usajobs", NEXT).status == "unchanged"
    # From the last reading on, with the overlap.
    assert asked[0].query["DatePosted"] == "5"


def test_usajobs_reading_that_breaks_off_begins_again(asking: Market) -> None:
    government(asking, 5)
    give = asking.vendor.routes[GOVERNMENT]
    asking.changes["usajobs"] = {"options": {"page_size": 2}}
    asking.vendor.on(
        GOVERNMENT,
        lambda asked: give(asked) if asked.query["Page"] == "1" else Reply(b"<html>"),
    )
    report = asking.ingest("usajobs")
    assert report.status == "partial"
    assert report.new_rows == {"jobs": 2}
    assert [q["rule"] for q in asking.quarantined()] == ["bad_response"]
    asking.vendor.on(GOVERNMENT, give)
    assert asking.ingest("usajobs").new_rows == {"jobs": 3}
    assert asking.vendor.asked[-1].query["DatePosted"] == "30"


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"SearchResult": {}}'])
def test_usajobs_answers_of_another_shape_are_refused(body: bytes, fetched_at) -> None:
    with pytest.raises(BadResponseError):
        usajobs.parse(body, fetched_at=fetched_at)


# --- Keys -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "auth",
    [
        {"kind": "query", "variable": "K"},
        {"kind": "none", "contact_variable": "C"},
        {"kind": "query", "variable": "K", "parameters": ["a"], "contact_variable": "C"},
    ],
)
def test_a_key_declared_by_halves_is_refused(auth: dict) -> None:
    with pytest.raises(ValueError, match=r"needs 'parameters'|belongs to auth of kind 'header'"):
        Auth.model_validate(auth)


def test_a_key_of_too_few_parts_says_which(asking: Market) -> None:
    asking.environ["BUYING_SIGNALS_ADZUNA_KEY"] = "only-one"
    with pytest.raises(Exception, match="app_id:app_key, parted by colons"):
        asking.ingest("adzuna")
