"""Coresignal: search pages, collected profiles, the budget of credits, faults."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from resources.sources.connectors.coresignal_companies import STREAM as COMPANIES
from resources.webhooks import Inbox, Incoming
from tests.contract.sources.conftest import DAY, Market
from tests.contract.sources.vendor import Asked, Reply, fixture

ROOT = "/coresignal/cdapi/v2/multi_source_employee"
SEARCH = f"{ROOT}/search/es_dsl"
#: A row of the company list that is not there on the first day.
LATECOMER = b"Latecomer,latecomer.example,,Software,70,Oslo,Norway,\n"


def profile(number: int, **changes) -> Reply:
    document = {
        "id": number,
        "full_name": f"Ida Plover{number}",
        "linkedin_url": f"https://network.example/in/{number}",
        "is_deleted": 0,
        "updated_at": "2026-06-10T08:00:00.000Z",
        "primary_professional_email": "ida@borealis.com",
        "projected_base_salary_median": 250_000,
        "experience": [
            {
                "active_experience": 1,
                "position_title": "Chief Financial Officer",
                "company_name": "Borealis Freight",
                "company_website": "https://borealis.com",
                "date_from_year": 2026,
                "date_from_month": 5,
                "description": "What I do all day.",
            }
        ],
    } | changes
    return Reply(json.dumps(document).encode(), headers={"Content-Type": "application/json"})


@pytest.fixture
def vendor_of(listed: Market):
    """The market with a vendor that knows so many people, three ids a page."""

    def make(people: int, **options) -> Market:
        ids = list(range(1, people + 1))

        def search(asked: Asked) -> Reply:
            after = int(asked.query.get("after", 0))
            page = [i for i in ids if i > after][:3]
            more = page and page[-1] < people
            headers = {"x-next-page-after": str(page[-1])} if more else {}
            return Reply(json.dumps(page).encode(), headers=headers)

        listed.vendor.on(SEARCH, search)
        for number in ids:
            listed.vendor.on(f"{ROOT}/collect/{number}", profile(number))
        listed.changes["coresignal"] = {"options": options, "concurrency": 1}
        return listed

    return make


def searches(market: Market) -> list[dict]:
    return [json.loads(a.body) for a in market.vendor.asked if a.path == SEARCH]


def collected(market: Market) -> list[str]:
    return [a.path.rsplit("/", 1)[1] for a in market.vendor.asked if "/collect/" in a.path]


def test_pages_of_ids_are_collected_and_only_positions_kept(vendor_of):
    market = vendor_of(5)
    report = market.ingest("coresignal")
    assert (report.status, report.new_rows) == ("ok", {"employees": 5})
    first = market.vendor.asked[0]
    assert first.headers["apikey"] == "sandbox-key"
    [body, again] = searches(market)
    assert body == again
    must = body["query"]["bool"]["must"]
    assert {"match_phrase": {"experience.company_website.domain_only": "borealis.com"}} in must[0][
        "nested"
    ]["query"]["bool"]["should"]
    assert must[1] == {"range": {"experience_change_last_identified_at": {"gte": "2026-03-17"}}}
    [row, *_] = market.rows("coresignal", "employees")
    kept = json.loads(row["payload"])
    assert set(kept) == {
        "id", "full_name", "linkedin_url", "is_deleted", "updated_at", "experience",
    }  # fmt: skip
    assert "description" not in kept["experience"][0]
    assert row["source_url"] == "https://network.example/in/1"
    assert row["observed_at"].isoformat() == "2026-06-10T08:00:00+00:00"


def test_a_second_run_collects_nobody_and_asks_from_the_cursor(vendor_of):
    market = vendor_of(2)
    market.ingest("coresignal")
    market.vendor.asked.clear()
    assert market.ingest("coresignal").total_new_rows == 0
    assert collected(market) == []
    assert searches(market)[0]["query"]["bool"]["must"][1]["range"] == {
        "experience_change_last_identified_at": {"gte": "2026-06-13"}
    }


def test_a_company_listed_later_is_searched_as_far_back_as_the_first_were(vendor_of):
    market = vendor_of(1, companies_per_search=1_000)
    market.ingest("coresignal")
    companies = fixture("companies.csv")
    market.vendor.on("/crm/export/company_list.csv", companies + LATECOMER)
    market.now += timedelta(days=1)
    market.ingest("company_list", DAY + timedelta(days=1))
    market.vendor.asked.clear()
    market.changes["coresignal"]["options"]["companies_per_search"] = 1
    market.ingest("coresignal", DAY + timedelta(days=1))
    asked_from = {
        must[0]["nested"]["query"]["bool"]["should"][0]["match_phrase"][
            "experience.company_website.domain_only"
        ]: must[1]["range"]["experience_change_last_identified_at"]["gte"]
        for must in (body["query"]["bool"]["must"] for body in searches(market))
    }
    assert asked_from["latecomer.example"] == "2026-03-18"
    assert asked_from["borealis.com"] == "2026-06-13"


def test_a_search_that_breaks_off_collects_nothing_and_is_made_again(vendor_of):
    market = vendor_of(5)
    first, broken = Reply(b"[1, 2, 3]", headers={"x-next-page-after": "3"}), Reply(b"{}")
    market.vendor.on(SEARCH, [first, broken])
    assert market.ingest("coresignal").failed_targets == 1
    assert collected(market) == []
    market.vendor.on(SEARCH, [first, Reply(b"[4, 5]")])
    assert market.ingest("coresignal").new_rows == {"employees": 5}


def test_the_budget_holds_and_the_next_run_goes_on(vendor_of):
    market = vendor_of(5, collects_per_run=3)
    report = market.ingest("coresignal")
    assert (report.new_rows, report.skipped_targets) == ({"employees": 3}, 1)
    market.vendor.asked.clear()
    market.now += timedelta(days=1)
    assert market.ingest("coresignal", DAY + timedelta(days=1)).new_rows == {"employees": 2}
    assert collected(market) == ["4", "5"]
    # The cursor had stayed: the search is the same.
    assert searches(market)[0]["query"]["bool"]["must"][1]["range"] == {
        "experience_change_last_identified_at": {"gte": "2026-03-18"}
    }


def test_without_credits_what_was_collected_stays(vendor_of):
    market = vendor_of(5)
    market.vendor.on(f"{ROOT}/collect/3", Reply(b'{"message": "Insufficient credits"}', 402))
    report = market.ingest("coresignal")
    assert (report.new_rows, report.failed_targets) == ({"employees": 2}, 1)
    assert "402" in report.error
    assert "sandbox-key" not in report.error
    assert collected(market) == ["1", "2", "3"]


def test_one_bad_profile_never_stops_the_others(vendor_of):
    market = vendor_of(4)
    market.vendor.on(f"{ROOT}/collect/1", Reply(b"<html>maintenance</html>"))
    market.vendor.on(f"{ROOT}/collect/2", Reply(b"{}", 404))
    market.vendor.on(f"{ROOT}/collect/3", profile(3, is_deleted=1))
    report = market.ingest("coresignal")
    assert (report.new_rows, report.failed_targets, report.skipped_targets) == (
        {"employees": 1}, 1, 3,
    )  # fmt: skip
    assert [r["record_id"] for r in market.rows("coresignal", "employees")] == ["4"]


def test_a_search_of_another_shape_is_named_and_kept(vendor_of):
    market = vendor_of(1)
    market.vendor.on(SEARCH, b'{"hits": {"hits": []}}')
    report = market.ingest("coresignal")
    assert report.status == "failed"
    assert "no list of ids" in report.error
    assert [q["rule"] for q in market.quarantined()] == ["bad_response"]


def test_without_a_key_the_source_is_not_configured(vendor_of):
    market = vendor_of(1)
    market.changes["coresignal"] |= {
        "auth": {"kind": "header", "variable": "BUYING_SIGNALS_CORESIGNAL_KEY", "header": "apikey"}
    }
    assert market.ingest("coresignal").status == "not_configured"


def tell(market: Market, moment, *changes: tuple[int, str]) -> None:
    """Notifications of the vendor's webhook, in the inbox and from there in the lake."""
    inbox = Inbox(market.home / "webhooks" / "inbox.sqlite", create=True)
    day = moment.date().isoformat()
    inbox.add(
        [
            Incoming(
                "coresignal_changes", f"{member}|{status}|{day}",
                json.dumps({"member_id": member, "status": status, "received_on": day,
                            "changed_fields": ["experience"]}),
            )
            for member, status in changes
        ],
        moment,
    )  # fmt: skip
    inbox.close()
    inbox_path = str(market.home / "webhooks" / "inbox.sqlite")
    market.changes["coresignal_changes"] = {"base_urls": {"inbox": inbox_path}}
    assert market.ingest("coresignal_changes").status == "ok"


def test_profiles_that_the_vendor_told_of_are_collected_first(vendor_of):
    market = vendor_of(4, collects_per_run=2)
    tell(market, market.now, (4, "changed"), (99, "deleted"))
    market.now += timedelta(hours=1)
    market.ingest("coresignal")
    # The budget is two: who was told of, then the first of the search; 99 was never collected.
    assert sorted(row["record_id"] for row in market.rows("coresignal", "employees")) == ["1", "4"]


def test_fetched_again_soon_only_what_was_told_is_asked_for(vendor_of):
    market = vendor_of(2, search_every_hours=20)
    market.ingest("coresignal")
    market.now += timedelta(hours=1)
    tell(market, market.now, (1, "changed"))
    market.now += timedelta(hours=1)
    market.vendor.asked.clear()
    assert market.ingest("coresignal").status in ("ok", "unchanged")
    assert (searches(market), collected(market)) == ([], ["1"])
    market.now += timedelta(hours=18)
    market.vendor.asked.clear()
    market.ingest("coresignal", market.now.date())
    assert len(searches(market)) == 1


def test_what_was_told_is_collected_once_and_what_was_deleted_is_kept_as_deleted(vendor_of):
    market = vendor_of(2)
    market.ingest("coresignal")
    market.now += timedelta(hours=1)
    tell(market, market.now, (1, "changed"), (2, "deleted"))
    market.now += timedelta(hours=1)
    market.vendor.on(f"{ROOT}/collect/1", profile(1, updated_at="2026-06-15T06:00:00.000Z"))
    market.vendor.asked.clear()
    market.ingest("coresignal")
    collected = [asked for asked in market.vendor.asked if "/collect/" in asked.path]
    assert [asked.path.rsplit("/", 1)[1] for asked in collected] == ["1"]
    rows = market.rows("coresignal", "employees")
    newest = {row["record_id"]: json.loads(row["payload"]) for row in sorted(
        rows, key=lambda row: row["fetched_at"]
    )}  # fmt: skip
    assert newest["1"]["updated_at"] == "2026-06-15T06:00:00.000Z"
    assert newest["2"]["is_deleted"] == 1
    assert newest["2"]["experience"][0]["company_name"] == "Borealis Freight"
    # Told of again without a change: asked for once more, and not with every run after that.
    market.now += timedelta(hours=1)
    tell(market, market.now, (1, "started_matching_query"))
    collects = []
    for _ in range(2):
        market.vendor.asked.clear()
        market.now += timedelta(hours=1)
        market.ingest("coresignal")
        collects.append(sum("/collect/" in asked.path for asked in market.vendor.asked))
    assert collects == [1, 0]
    assert len(market.rows("coresignal", "employees")) == len(rows)


def tell_of_companies(market: Market, *notices: dict) -> None:
    """Notifications of companies, in the inbox and from there in the lake."""
    path = market.home / "webhooks" / "inbox.sqlite"
    inbox = Inbox(path, create=True)
    day = market.now.date().isoformat()
    source = "coresignal_company_changes"
    rows = [
        Incoming(source, f"{n['company_id']}|{n['status']}|{day}",
                 json.dumps(n | {"received_on": day}))
        for n in notices
    ]  # fmt: skip
    inbox.add(rows, market.now)
    inbox.close()
    market.changes[source] = {"base_urls": {"inbox": str(path)}}
    assert market.ingest(source).status == "ok"


def company_answer(number: int, **changes) -> Reply:
    told = {"id": number, "name": "Borealis", "website": "https://borealis.com",
            "employees_count": 320, "description": "What we do all day."}  # fmt: skip
    return Reply(json.dumps(told | changes).encode())


def test_companies_that_the_vendor_told_of_are_collected_once(vendor_of):
    market = vendor_of(0, company_collects_per_run=3)
    root = "/coresignal/cdapi/v2/multi_source_company/collect"
    for number in (7, 8):
        market.vendor.on(f"{root}/{number}", company_answer(number))
    market.vendor.on(f"{root}/9", Reply(b"[]"))
    tell_of_companies(
        market,
        {"company_id": 3, "status": "merged", "merged_into": 7},
        {"company_id": 8, "status": "changed"},
        {"company_id": 5, "status": "deleted"},
        {"company_id": 9, "status": "changed"},
    )
    asked = []
    for hours in range(1, 4):
        market.now += timedelta(hours=hours)
        market.vendor.asked.clear()
        market.ingest("coresignal")
        asked.append([a.path.rsplit("/", 1)[1] for a in market.vendor.asked if root in a.path])
        if hours == 2:
            market.vendor.on(f"{root}/9", company_answer(9))
    # The budget is three; what failed is asked for again, what was collected is not.
    assert asked == [["3", "7", "8"], ["3", "9"], ["3", "9"]]
    rows = {row["record_id"]: json.loads(row["payload"]) for row in
            market.rows("coresignal", COMPANIES)}  # fmt: skip
    assert sorted(rows) == ["7", "8", "9"]
    assert rows["8"] == {"id": 8, "name": "Borealis", "website": "https://borealis.com",
                         "employees_count": 320}  # fmt: skip
