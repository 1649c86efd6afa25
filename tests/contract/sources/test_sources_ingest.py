"""Each source against its vendor's shapes over real HTTP: what is asked, what is stored."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from resources.clock import NotFetchableError
from resources.http import encode_json
from resources.lake import content_sha256
from resources.state import delete_cursors, get_cursors
from tests.contract.sources.conftest import DAY
from tests.contract.sources.vendor import Asked, Reply, fixture


def payloads(rows: list[dict]) -> dict[str, dict]:
    return {row["record_id"]: json.loads(row["payload"]) for row in rows}


def test_company_list_keeps_rows_as_text_and_asks_for_the_day(market):
    market.vendor.on("/crm/export/company_list.csv", fixture("companies.csv"))
    report = market.ingest("company_list")
    assert (report.status, report.new_rows) == ("ok", {"companies": 4})
    rows = payloads(market.rows("company_list", "companies"))
    assert rows["borealis-freight|borealis.com"]["employees"] == "240"
    assert rows["nameless-domain-ltd|"]["domain"] == ""
    assert market.vendor.asked[0].headers["X-Sandbox-Date"] == "2026-06-15"


def test_crm_stores_only_new_and_changed_rows(listed):
    assert listed.ingest("crm").status == "unchanged"
    moved = fixture("opportunities.csv").replace(b"Proposal,50000", b"Negotiation,55000")
    listed.vendor.on("/crm/export/opportunities.csv", moved)
    report = listed.ingest("crm")
    assert report.new_rows == {"opportunities": 1}
    stages = [
        json.loads(r["payload"])["Stage"]
        for r in listed.rows("crm", "opportunities")
        if r["record_id"] == "O-2"
    ]
    assert stages == ["Proposal", "Negotiation"]


def test_crm_observed_at_is_the_rows_last_own_time_that_has_passed(listed):
    rows = {r["record_id"]: r["observed_at"] for r in listed.rows("crm", "accounts")}
    assert rows["A-1"] == datetime(2026, 5, 1, tzinfo=UTC)
    assert rows["A-2"] == datetime(2026, 1, 10, tzinfo=UTC)


def test_crm_reads_a_folder_as_well(market, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    for name in ("accounts", "contacts", "opportunities"):
        (folder / f"{name}.csv").write_bytes(fixture(f"{name}.csv"))
    market.changes["crm"] = {"base_urls": {"export": str(folder)}}
    assert market.ingest("crm").new_rows == {"accounts": 2, "contacts": 1, "opportunities": 2}
    assert market.vendor.asked == []


def edgar(market) -> None:
    market.vendor.on("/sec-data/submissions/CIK0001999001.json", fixture("submissions.json"))
    market.vendor.on(
        "/sec-data/submissions/CIK0001999001-submissions-001.json", fixture("submissions-001.json")
    )
    base = "/sec-archives/Archives/edgar/data/1999001"
    market.vendor.on(f"{base}/000199900126000002/primary_doc.xml", fixture("form_d.xml"))
    market.vendor.on(f"{base}/000199900126000003/d8k.htm", b"<html>Item 5.02</html>")
    market.vendor.on(f"{base}/000199900125000009/old8k.htm", b"<html>Item 1.01</html>")


def test_sec_reads_index_paging_file_and_raw_documents(listed):
    edgar(listed)
    report = listed.ingest("sec_edgar")
    assert report.status == "ok"
    assert report.new_rows == {"companies": 1, "form_d": 1, "form_8k": 2}
    form_d = listed.rows("sec_edgar", "form_d")[0]
    assert form_d["body"] == fixture("form_d.xml")
    assert form_d["media_type"] == "application/xml"
    assert form_d["source_url"].endswith("/000199900126000002/primary_doc.xml")
    assert json.loads(form_d["payload"]) == {
        "cik": "0001999001",
        "companyName": "BOREALIS FREIGHT INC",
        "form": "D",
        "accessionNumber": "0001999001-26-000002",
        "filingDate": "2026-06-01",
        "acceptanceDateTime": "2026-06-01T12:00:00.000Z",
        "primaryDocument": "xslFormDX01/primary_doc.xml",
    }
    events = {r["record_id"]: r for r in listed.rows("sec_edgar", "form_8k")}
    assert json.loads(events["0001999001-26-000003"]["payload"])["items"] == "5.02,9.01"
    assert events["0001999001-26-000003"]["observed_at"] == datetime(
        2026, 6, 10, 18, 30, 28, tzinfo=UTC
    )
    company = listed.rows("sec_edgar", "companies")[0]
    assert company["record_id"] == "0001999001"
    assert "filings" not in json.loads(company["payload"])
    assert all("demo@example.com" in a.headers["User-Agent"] for a in listed.vendor.asked)


def test_sec_asks_again_only_for_what_is_new_and_survives_a_lost_cursor(listed):
    edgar(listed)
    listed.ingest("sec_edgar")
    listed.vendor.asked.clear()
    assert listed.ingest("sec_edgar").status == "unchanged"
    # The cursor is past the paging file, so only the index itself is read.
    assert [a.path for a in listed.vendor.asked] == ["/sec-data/submissions/CIK0001999001.json"]

    services = listed.services()
    assert delete_cursors(services.state, "sec_edgar") == 1
    listed.vendor.asked.clear()
    assert listed.ingest("sec_edgar").status == "unchanged"
    assert not [a for a in listed.vendor.asked if "/Archives/" in a.path]
    assert get_cursors(services.state, "sec_edgar") == {
        ("form_8k", "0001999001"): '{"filed":"2026-06-10"}'
    }


def test_sec_document_that_fails_is_asked_for_again_though_the_cursor_moved(listed):
    edgar(listed)
    old = "/sec-archives/Archives/edgar/data/1999001/000199900125000009/old8k.htm"
    listed.vendor.on(old, Reply(b"gone", 404))
    report = listed.ingest("sec_edgar")
    assert (report.status, report.new_rows["form_8k"], report.rejected) == ("partial", 1, 1)
    assert listed.quarantined()[0]["rule"] == "document_unavailable"
    listed.vendor.on(old, b"<html>Item 1.01</html>")
    assert listed.ingest("sec_edgar").new_rows == {"form_8k": 1}


def test_sec_document_that_breaks_off_is_stored_only_when_the_next_run_finds_it_so_again(listed):
    edgar(listed)
    old = "/sec-archives/Archives/edgar/data/1999001/000199900125000009/old8k.htm"
    listed.vendor.on(old, b"<html>Item 1.")
    report = listed.ingest("sec_edgar")
    assert (report.status, report.new_rows["form_8k"]) == ("partial", 1)
    listed.vendor.on(old, b"<html>Item 1.01</html>")
    assert listed.ingest("sec_edgar").new_rows == {"form_8k": 1}
    bodies = {row["record_id"]: row["body"] for row in listed.rows("sec_edgar", "form_8k")}
    assert bodies["0001999001-25-000009"] == b"<html>Item 1.01</html>"


def test_sec_document_without_its_end_for_good_is_stored_by_the_second_run(listed):
    edgar(listed)
    old = "/sec-archives/Archives/edgar/data/1999001/000199900125000009/old8k.htm"
    listed.vendor.on(old, b"<html>Item 1.")
    assert listed.ingest("sec_edgar").new_rows["form_8k"] == 1
    assert listed.ingest("sec_edgar").new_rows == {"form_8k": 1}
    assert listed.ingest("sec_edgar").status == "unchanged"


def test_crunchbase_pages_by_after_id_and_then_asks_only_for_updates(market):
    entities = json.loads(fixture("crunchbase_entities.json"))["entities"]
    bodies = []

    def search(asked: Asked) -> Reply:
        body = json.loads(asked.body)
        bodies.append(body)
        assert asked.headers["X-cb-user-key"] == "sandbox-key"
        found = entities
        for predicate in body["query"]:
            found = [
                e for e in found if e["properties"][predicate["field_id"]] >= predicate["values"][0]
            ]
        if "after_id" in body:
            at = [e["uuid"] for e in found].index(body["after_id"])
            found = found[at + 1 :]
        page = {"count": len(entities), "entities": found[: body["limit"]]}
        return Reply(json.dumps(page).encode())

    market.vendor.on("/crunchbase/v4/data/searches/funding_rounds", search)
    market.changes["crunchbase"] = {"options": {"page_size": 1, "overlap_days": 3}}
    report = market.ingest("crunchbase")
    assert report.new_rows == {"funding_rounds": 2}
    assert [b.get("after_id") for b in bodies] == [None, entities[0]["uuid"], entities[1]["uuid"]]
    assert bodies[0]["query"] == []
    bodies.clear()
    assert market.ingest("crunchbase").status == "unchanged"
    assert bodies[0]["query"][0]["values"] == ["2026-05-31"]
    bodies.clear()
    delete_cursors(market.services().state, "crunchbase")
    assert market.ingest("crunchbase").status == "unchanged"
    assert bodies[0]["query"][0]["values"] == ["2026-05-31"]


def test_crunchbase_reads_flat_results_too(market):
    market.vendor.on(
        "/crunchbase/v4/data/searches/funding_rounds", fixture("crunchbase_results.json")
    )
    assert market.ingest("crunchbase").new_rows == {"funding_rounds": 1}
    row = market.rows("crunchbase", "funding_rounds")[0]
    assert row["observed_at"] == datetime(2025, 1, 7, tzinfo=UTC)
    assert json.loads(row["payload"])["money_raised"]["currency"] == "CNY"


def test_crunchbase_without_key_is_not_configured(market):
    declared = market.declarations()["crunchbase"]
    market.changes["crunchbase"] = {"auth": declared.auth.model_dump() | {"public_value": None}}
    report = market.ingest("crunchbase")
    assert (report.status, report.error) == (
        "not_configured",
        "set BUYING_SIGNALS_CRUNCHBASE_KEY",
    )
    assert market.vendor.asked == []


@pytest.mark.parametrize(
    ("source", "path", "token", "ids"),
    [
        ("greenhouse", "/greenhouse/v1/boards/borealis/jobs", "borealis", ["7001", "7002"]),
        (
            "ashby",
            "/ashby/posting-api/job-board/quillmark",
            "quillmark",
            ["0f5c1f4e-0000-4000-8000-000000000001"],
        ),
        (
            "lever",
            "/lever/v0/postings/tinderbox",
            "tinderbox",
            [f"aa11aa11-0000-4000-8000-00000000000{i}" for i in (1, 2, 3)],
        ),
    ],
)
def test_boards_store_jobs_once_and_a_manifest_per_fetch(listed, source, path, token, ids):
    listed.vendor.on(path, fixture(f"{source}.json"))
    report = listed.ingest(source)
    assert report.new_rows == {"jobs": len(ids), "boards": 1}
    jobs = {r["record_id"]: r for r in listed.rows(source, "jobs")}
    assert sorted(jobs) == [f"{token}/{i}" for i in ids]
    manifest = json.loads(listed.rows(source, "boards")[0]["payload"])
    assert manifest == {
        "board_token": token,
        "jobs": {i: jobs[f"{token}/{i}"]["payload_sha256"] for i in ids},
    }
    # The same board again changes nothing; another day brings a manifest and no job.
    assert listed.ingest(source).status == "unchanged"
    listed.now = datetime(2026, 6, 16, 10, tzinfo=UTC)
    assert listed.ingest(source, date(2026, 6, 16)).new_rows == {"boards": 1}
    assert len(listed.rows(source, "jobs")) == len(ids)


def test_boards_notice_changed_and_closed_jobs(listed):
    path = "/greenhouse/v1/boards/borealis/jobs"
    board = json.loads(fixture("greenhouse.json"))
    listed.vendor.on(path, encode_json(board).encode())
    listed.ingest("greenhouse")
    changed = board["jobs"][0] | {"title": "Chief Data Officer"}
    listed.vendor.on(path, encode_json({"jobs": [changed]}).encode())
    listed.now = datetime(2026, 6, 16, 10, tzinfo=UTC)
    assert listed.ingest("greenhouse", date(2026, 6, 16)).new_rows == {"jobs": 1, "boards": 1}
    newest = max(listed.rows("greenhouse", "boards"), key=lambda r: r["fetched_at"])
    assert json.loads(newest["payload"])["jobs"] == {"7001": content_sha256(encode_json(changed))}


def test_lever_asks_page_by_page(listed):
    postings = json.loads(fixture("lever.json"))

    def page(asked: Asked) -> Reply:
        skip, limit = int(asked.query["skip"]), int(asked.query["limit"])
        return Reply(json.dumps(postings[skip : skip + limit]).encode())

    listed.vendor.on("/lever/v0/postings/tinderbox", page)
    listed.changes["lever"] = {"options": {"page_size": 2}}
    assert listed.ingest("lever").new_rows == {"jobs": 3, "boards": 1}
    assert [a.query["skip"] for a in listed.vendor.asked] == ["0", "2"]


def test_site_keeps_status_headers_and_body_and_no_cookie_value(listed):
    listed.vendor.on("/sites/borealis.com/robots.txt", b"User-agent: *\nDisallow: /admin\n")
    listed.vendor.on(
        "/sites/borealis.com/",
        Reply(
            b"<html>hello</html>",
            headers={
                "Content-Type": "text/html; charset=utf-8",
                "Server": "nginx",
                "Set-Cookie": "PHPSESSID=secret123; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
                "X-Request-Id": "different-each-time",
            },
        ),
    )
    listed.ingest("company_site")
    pages = {r["record_id"]: r for r in listed.rows("company_site", "pages")}
    payload = json.loads(pages["borealis.com/"]["payload"])
    assert payload["status"] == 200
    assert payload["url"] == "https://borealis.com/"
    assert payload["headers"]["server"] == "nginx"
    assert payload["headers"]["set-cookie"] == "PHPSESSID="
    assert "x-request-id" not in payload["headers"]
    assert pages["borealis.com/"]["body"] == b"<html>hello</html>"
    # Sites that are not there are stored with what they answered.
    assert json.loads(pages["umbra.dev/"]["payload"])["status"] == 404
    assert set(pages) == {"borealis.com/", "quillmark.io/", "tinderbox.com/", "umbra.dev/"}
    again = listed.ingest("company_site")
    # A site is read once a day: nobody is asked again.
    assert (again.status, again.records, again.requests) == ("unchanged", 0, 0)


def test_site_honours_robots(listed):
    listed.vendor.on("/sites/borealis.com/robots.txt", b"User-agent: buying-signals\nDisallow: /\n")
    listed.vendor.on("/sites/borealis.com/", b"<html>private</html>")
    report = listed.ingest("company_site")
    assert report.skipped_targets == 1
    assert listed.vendor.count("/sites/borealis.com/") == 0


def test_site_with_unreachable_robots_is_not_read(listed):
    listed.vendor.on("/sites/borealis.com/robots.txt", Reply(b"", 503))
    listed.vendor.on("/sites/borealis.com/", b"<html>up</html>")
    report = listed.ingest("company_site")
    assert (report.status, report.failed_targets) == ("partial", 1)
    assert listed.vendor.count("/sites/borealis.com/") == 0


def test_press_gives_an_identity_to_entries_without_one(market):
    market.vendor.on(
        "/feeds/harbour/feed",
        lambda asked: (
            Reply(b"", 404)
            if asked.query.get("paged") == "2"
            else Reply(fixture("feed.rss"), headers={"Content-Type": "application/rss+xml"})
        ),
    )
    report = market.ingest("press")
    rows = payloads(market.rows("press", "articles"))
    assert set(rows) - {"harbour/hw-1", "harbour/https://harbour.example/2"} == {
        next(k for k in rows if k.startswith("harbour/title:"))
    }
    first = rows["harbour/hw-1"]
    assert first == {
        "outlet": "harbour",
        "guid": "hw-1",
        "title": "Borealis Freight opens a hub in Gdańsk",
        "link": "https://harbour.example/1",
        "published": "2026-06-10T09:00:00+00:00",
        "summary": "A new hub.",
        "content": "<p>A new hub with 40 jobs.</p>",
        "author": "A. Writer",
        "categories": ["Logistics"],
    }
    assert (report.rejected, market.quarantined()[0]["rule"]) == (1, "no_identity")


def feed_page(numbers: range) -> bytes:
    items = "".join(
        f"<item><title>T{n}</title><guid>g{n}</guid>"
        f"<pubDate>{datetime(2026, 6, 14, tzinfo=UTC):%a, %d %b %Y} 00:{n:02d}:00 +0000</pubDate>"
        "</item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>H</title>{items}</channel></rss>".encode()


def test_press_pages_to_the_end_first_and_then_only_to_what_is_known(market):
    pages = {1: range(30, 20, -1), 2: range(20, 10, -1), 3: range(10, 0, -1)}

    def feed(asked: Asked) -> Reply:
        number = int(asked.query.get("paged", 1))
        return Reply(feed_page(pages[number])) if number in pages else Reply(b"", 404)

    market.vendor.on("/feeds/harbour/feed", feed)
    assert market.ingest("press").new_rows == {"articles": 30}
    assert market.vendor.count("/feeds/harbour/feed") == 4
    pages[1] = range(33, 20, -1)
    market.vendor.asked.clear()
    assert market.ingest("press").new_rows == {"articles": 3}
    assert market.vendor.count("/feeds/harbour/feed") == 2


def test_press_reading_that_broke_off_goes_all_the_way_again(market):
    pages = {1: range(30, 20, -1), 2: range(20, 10, -1), 3: range(10, 0, -1)}
    broken = {3}

    def feed(asked: Asked) -> Reply:
        number = int(asked.query.get("paged", 1))
        if number in broken:
            return Reply(b"down", 500)
        return Reply(feed_page(pages[number])) if number in pages else Reply(b"", 404)

    market.vendor.on("/feeds/harbour/feed", feed)
    report = market.ingest("press")
    assert (report.status, report.new_rows) == ("partial", {"articles": 20})
    broken.clear()
    assert market.ingest("press").new_rows == {"articles": 10}


def test_a_past_day_is_compared_with_what_was_known_then(listed):
    path = "/greenhouse/v1/boards/borealis/jobs"
    listed.vendor.on(path, fixture("greenhouse.json"))
    listed.ingest("greenhouse")
    report = listed.ingest("greenhouse", date(2026, 6, 1))
    # On 1 June no company was known yet, so nothing is asked.
    assert (report.status, report.records) == ("not_configured", 0)
    assert "no companies to ask about" in report.error
    listed.ingest("company_list", date(2026, 5, 1))
    assert listed.ingest("greenhouse", date(2026, 6, 1)).new_rows == {"jobs": 2, "boards": 1}


def test_a_day_that_has_not_begun_is_refused(market):
    with pytest.raises(NotFetchableError, match="has not begun"):
        market.ingest("company_list", date(2026, 6, 16))


def test_clock_jumping_back_neither_doubles_nor_loses(listed):
    path = "/greenhouse/v1/boards/borealis/jobs"
    listed.vendor.on(path, fixture("greenhouse.json"))
    listed.ingest("greenhouse", DAY)
    listed.now = datetime(2026, 6, 15, 9, tzinfo=UTC)
    listed.ingest("company_list")
    listed.ingest("greenhouse", DAY)
    assert len(listed.rows("greenhouse", "jobs")) == 2
    keys = [(r["record_id"], r["payload_sha256"]) for r in listed.rows("greenhouse", "boards")]
    assert len(keys) == len(set(keys))
