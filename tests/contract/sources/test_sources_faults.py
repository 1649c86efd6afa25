"""What sources do wrong: each fault names itself, and the rest goes on."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from resources.clock import utc_now
from resources.http import encode_json
from resources.sources.declaration import RateLimit
from resources.state import (
    asked_companies,
    get_circuits,
    get_cursors,
    record_asked,
    set_circuits,
    snapshot,
    source_health,
)
from tests.contract.sources.conftest import DAY
from tests.contract.sources.vendor import Reply, fixture

BOARD = "/greenhouse/v1/boards/borealis/jobs"
LIST = b"name,domain,job_board\n" + b"".join(
    b"Company %d,c%d.com,greenhouse:b%d\n" % (n, n, n) for n in range(6)
)


def boards(market, count: int = 6) -> None:
    market.vendor.on("/crm/export/company_list.csv", LIST)
    market.ingest("company_list")
    for n in range(count):
        market.vendor.on(f"/greenhouse/v1/boards/b{n}/jobs", fixture("greenhouse.json"))


def asked(market, source: str) -> dict:
    rows = snapshot(market.services().state, asked_companies).to_pylist()
    return {(row["key_type"], row["key"]): row["error"] for row in rows if row["source"] == source}


def test_429_is_asked_again_after_the_stated_pause(listed):
    listed.vendor.on(
        BOARD,
        [Reply(b"slow down", 429, {"Retry-After": "3"}), Reply(fixture("greenhouse.json"))],
    )
    report = listed.ingest("greenhouse")
    assert (report.status, report.retries) == ("ok", 1)
    assert 2.9 < max(listed.pauses) <= 3


def test_429_that_asks_for_too_long_is_given_up_at_once(listed):
    listed.vendor.on(BOARD, Reply(b"", 429, {"Retry-After": "7200"}))
    report = listed.ingest("greenhouse")
    assert report.status == "failed"
    assert "status 429" in report.error
    assert "asks to wait 7200 seconds" in report.error
    assert listed.vendor.count(BOARD) == 1


def test_500_is_tried_four_times_and_404_once(listed):
    listed.vendor.on(BOARD, Reply(b"oops", 500))
    report = listed.ingest("greenhouse")
    assert (report.status, listed.vendor.count(BOARD)) == ("failed", 4)
    assert "gave up after 4 attempts" in report.error
    listed.vendor.asked.clear()
    listed.vendor.on(BOARD, Reply(b"", 404))
    assert listed.ingest("greenhouse").status == "failed"
    assert listed.vendor.count(BOARD) == 1


def test_a_broken_connection_is_transient(listed):
    body = fixture("greenhouse.json")
    listed.vendor.on(BOARD, [Reply(body[:100], cut=500), Reply(body)])
    assert listed.ingest("greenhouse").new_rows == {"jobs": 2, "boards": 1}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (fixture("greenhouse.json")[:400], "broken, not JSON"),
        (b"<!doctype html><h1>Maintenance</h1>", "an HTML page, not JSON"),
        (b"", "answer of 0 bytes is empty, not JSON"),
        (b'{"positions": []}', "has no list 'jobs'; it has the fields ['positions']"),
        (b'{"jobs": [{"identifier": 1, "name": "x"}]}', "shape has changed"),
        (fixture("greenhouse.json").decode().encode("latin-1", "replace"), "not JSON"),
    ],
    ids=["truncated", "html", "empty", "renamed_list", "renamed_fields", "encoding"],
)
def test_a_bad_answer_is_one_boards_failure_and_is_kept_with_its_reason(market, body, said):
    boards(market)
    market.vendor.on("/greenhouse/v1/boards/b3/jobs", body)
    report = market.ingest("greenhouse")
    assert (report.status, report.failed_targets) == ("partial", 1)
    assert report.new_rows == {"jobs": 10, "boards": 5}
    row = market.quarantined()[0]
    assert (row["source"], row["stream"], row["record_id"]) == ("greenhouse", "boards", "b3")
    assert row["rule"] == "bad_response"
    assert said in row["reason"]
    assert f"{market.vendor.url}/greenhouse/v1/boards/b3/jobs" in row["reason"]


def test_position_of_broken_json_is_told(listed):
    listed.vendor.on(BOARD, b'{"jobs": [\n  {"id": 1,,}\n]}')
    assert "line 2 column 12" in listed.ingest("greenhouse").error


def test_an_outage_stops_asking_and_keeps_what_was_read(market):
    boards(market, count=2)
    for n in range(2, 6):
        market.vendor.on(f"/greenhouse/v1/boards/b{n}/jobs", Reply(b"", 503))
    market.changes["greenhouse"] = {"outage_after": 3, "concurrency": 1}
    report = market.ingest("greenhouse")
    assert report.status == "failed"
    assert report.error.startswith("3 failures in a row")
    assert report.new_rows == {"jobs": 4, "boards": 2}
    assert market.vendor.count("/greenhouse/v1/boards/b5/jobs") == 0
    outcomes = asked(market, "greenhouse")
    assert {key: error and error[:25] for key, error in outcomes.items()} == {
        ("board", "greenhouse:b0"): None,
        ("board", "greenhouse:b1"): None,
        **{("board", f"greenhouse:b{n}"): "greenhouse: status 503 Se" for n in (2, 3, 4)},
    }


def test_what_was_asked_later_is_not_hidden_by_an_earlier_day(listed):
    listed.vendor.on(BOARD, Reply(b"", 404))
    listed.ingest("greenhouse")
    [key] = asked(listed, "greenhouse")
    with listed.services().state as state:
        record_asked(state, "greenhouse", {key: None}, listed.now.replace(year=2020))
        assert asked(listed, "greenhouse")[key].startswith("greenhouse: status 404")
        record_asked(state, "greenhouse", {key: None}, listed.now.replace(year=2030))
    assert asked(listed, "greenhouse") == {key: None}


def test_a_failing_source_shows_in_health_and_harms_no_other(listed):
    listed.vendor.on(BOARD, Reply(b"", 500))
    listed.ingest("greenhouse")
    services = listed.services()
    rows = {
        row.source: row
        for row in source_health(
            services.state,
            [
                d.model_copy(update={"base_urls": {"x": "http://x"}})
                for d in services.declarations.sources.values()
            ],
            listed.now.replace(year=2027),
        )
    }
    assert (rows["greenhouse"].status, rows["greenhouse"].consecutive_failures) == ("failing", 1)
    assert "status 500" in rows["greenhouse"].last_error
    assert rows["lever"].status == "never_run"


def test_a_body_over_the_limit_is_refused_by_name(listed):
    listed.changes["company_site"] = {"max_body_bytes": 5_000}
    listed.vendor.on("/sites/borealis.com/", b"<html>" + b"x" * 10_000)
    report = listed.ingest("company_site")
    assert (report.status, report.failed_targets, report.new_rows) == ("partial", 1, {"pages": 3})
    row = listed.quarantined()[0]
    assert (row["rule"], row["record_id"]) == ("too_large", "borealis.com")
    assert "/sites/borealis.com/" in row["reason"]


def test_ten_megabyte_page_is_refused_by_default(listed):
    listed.vendor.on("/sites/borealis.com/", b"<html>" + b"x" * 10_000_000)
    assert listed.ingest("company_site").failed_targets == 1
    assert listed.quarantined()[0]["rule"] == "too_large"


def test_missing_csv_column_names_file_and_column(listed):
    broken = fixture("opportunities.csv").replace(b"Close Date", b"Closing")
    listed.vendor.on("/crm/export/opportunities.csv", broken)
    listed.vendor.on(
        "/crm/export/contacts.csv", fixture("contacts.csv") + b"C-2,A-1,B,Max,Keel,CTO,,,,,\n"
    )
    report = listed.ingest("crm")
    assert (report.status, report.new_rows) == ("partial", {"contacts": 1})
    assert "column 'Close Date' is missing" in report.error
    assert "/crm/export/opportunities.csv" in report.error


def test_bad_csv_rows_are_set_aside_by_line(listed):
    listed.vendor.on(
        "/crm/export/contacts.csv",
        fixture("contacts.csv")
        + b"C-2,A-1,B,Max\n"
        + b",A-1,B,No,Id,CTO,,,,,\n"
        + b"C-3,A-1,B,Eva,Dock,CTO,,,,,\n",
    )
    report = listed.ingest("crm")
    assert (report.status, report.new_rows, report.rejected) == ("ok", {"contacts": 1}, 2)
    reasons = {row["rule"]: row["reason"] for row in listed.quarantined()}
    assert "contacts.csv line 3: row has 4 fields, the header 11" in reasons["field_count"]
    assert "contacts.csv line 4: row has no id" in reasons["missing_id"]


def test_windows_encoded_csv_is_read(listed):
    text = fixture("accounts.csv").decode() + "A-3,Zürich Züge,zz.example,Rail,1,,,,2026-01-01,\n"
    listed.vendor.on("/crm/export/accounts.csv", text.encode("cp1252"))
    assert listed.ingest("crm").new_rows == {"accounts": 1}
    names = [json.loads(r["payload"])["Account Name"] for r in listed.rows("crm", "accounts")]
    assert "Zürich Züge" in names


def test_a_year_3201_is_stored_as_said_and_dated_by_the_fetch(listed):
    odd = fixture("opportunities.csv") + b"O-9,A-1,B,Odd,Proposal,1,USD,3201-01-01,,,,,,\n"
    listed.vendor.on("/crm/export/opportunities.csv", odd)
    assert listed.ingest("crm").new_rows == {"opportunities": 1}
    row = next(r for r in listed.rows("crm", "opportunities") if r["record_id"] == "O-9")
    assert json.loads(row["payload"])["Created Date"] == "3201-01-01"
    assert row["observed_at"] == listed.now


def test_an_id_told_twice_keeps_the_first_and_sets_the_other_aside(listed):
    twice = fixture("accounts.csv") + b"A-2,Umbra Tools,umbra.dev,Mining,9000,,,,2026-01-10,\n"
    listed.vendor.on("/crm/export/accounts.csv", twice)
    for _ in range(2):
        report = listed.ingest("crm")
        assert (report.rejected, report.total_new_rows) == (1, 0)
    rows = listed.quarantined()
    assert [(r["record_id"], r["rule"]) for r in rows] == [("A-2", "duplicate_id")]
    assert "Mining" in rows[0]["excerpt"]


def test_an_export_without_rows_loses_nothing(listed):
    listed.vendor.on("/crm/export/accounts.csv", fixture("accounts.csv").splitlines()[0] + b"\n")
    report = listed.ingest("crm")
    assert report.total_new_rows == 0
    assert listed.quarantined()[0]["rule"] == "suddenly_empty"
    assert len(listed.rows("crm", "accounts")) == 2


@pytest.mark.parametrize(
    ("form_d", "form_8k", "rule"),
    [
        (b"<html>Unavailable</html>", b"<html>Item 5.02</html>", "not_form_d_xml"),
        (
            fixture("form_d.xml").replace(b"offeringSalesAmounts", b"offeringAmounts"),
            b"<html><p>I<b>tem</b>&nbsp;5.02</p></html>",
            "not_form_d_xml",
        ),
        (
            fixture("form_d.xml"),
            b"<html><title>Maintenance</title><h1>We will be back soon</h1></html>",
            "not_form_8k",
        ),
    ],
    ids=["html", "renamed", "maintenance"],
)
def test_what_stands_for_a_filing_is_set_aside_and_asked_for_again(listed, form_d, form_8k, rule):
    listed.vendor.on("/sec-data/submissions/CIK0001999001.json", fixture("submissions.json"))
    listed.vendor.on(
        "/sec-data/submissions/CIK0001999001-submissions-001.json", fixture("submissions-001.json")
    )
    base = "/sec-archives/Archives/edgar/data/1999001"
    listed.vendor.on(f"{base}/000199900126000002/primary_doc.xml", form_d)
    listed.vendor.on(f"{base}/000199900126000003/d8k.htm", form_8k)
    listed.vendor.on(f"{base}/000199900125000009/old8k.htm", b"<html>Item 1.01</html>")
    report = listed.ingest("sec_edgar")
    assert (report.status, report.total_new_rows) == ("partial", 3)
    assert [row["rule"] for row in listed.quarantined()] == [rule]
    listed.vendor.on(f"{base}/000199900126000002/primary_doc.xml", fixture("form_d.xml"))
    listed.vendor.on(f"{base}/000199900126000003/d8k.htm", b"<html>Item 5.02</html>")
    assert listed.ingest("sec_edgar").total_new_rows == 1
    stored = {stream: len(listed.rows("sec_edgar", stream)) for stream in ("form_d", "form_8k")}
    assert stored == {"form_d": 1, "form_8k": 2}


def test_sec_that_refuses_names_the_variable_to_check(listed):
    listed.vendor.on("/sec-data/submissions/CIK0001999001.json", Reply(b"undeclared", 403))
    report = listed.ingest("sec_edgar")
    assert report.status == "failed"
    assert "status 403" in report.error
    assert "BUYING_SIGNALS_SEC_CONTACT" in report.error


def test_columns_of_different_length_are_no_filings(listed):
    index = json.loads(fixture("submissions.json"))
    index["filings"]["recent"]["form"].pop()
    listed.vendor.on("/sec-data/submissions/CIK0001999001.json", encode_json(index).encode())
    assert "differ in length" in listed.ingest("sec_edgar").error


def test_a_key_never_shows(market):
    market.environ["BUYING_SIGNALS_CRUNCHBASE_KEY"] = "s3cr3t-key"
    path = "/crunchbase/v4/data/searches/funding_rounds"
    market.vendor.on(path, Reply(b'{"message": "user_key s3cr3t-key unknown"}', 401))
    report = market.ingest("crunchbase")
    assert market.vendor.asked[0].headers["X-cb-user-key"] == "s3cr3t-key"
    assert report.status == "failed"
    assert "BUYING_SIGNALS_CRUNCHBASE_KEY" in report.error
    for file in market.home.rglob("*"):
        assert not file.is_file() or b"s3cr3t-key" not in file.read_bytes(), file


def test_a_key_does_not_follow_a_redirect_to_another_host(market):
    market.environ["BUYING_SIGNALS_CRUNCHBASE_KEY"] = "s3cr3t-key"
    elsewhere = market.vendor.url.replace("127.0.0.1", "localhost")
    market.vendor.on(
        "/crunchbase/v4/data/searches/funding_rounds",
        Reply(b"", 307, {"Location": f"{elsewhere}/other"}),
    )
    market.vendor.on("/other", fixture("crunchbase_results.json"))
    market.ingest("crunchbase")
    assert "X-cb-user-key" not in market.vendor.asked[-1].headers


@pytest.mark.parametrize(
    "body",
    [
        fixture("feed.rss")[:700],
        b"<html><body>Subscribe</body></html>",
        b"",
        b"{}",
        fixture("feed.rss").replace(b"item>", b"newsItem>"),
        fixture("feed.atom").replace(b"<entry", b"<newsItem").replace(b"entry>", b"newsItem>"),
    ],
    ids=["truncated", "html", "empty", "json", "rss_entries_renamed", "atom_entries_renamed"],
)
def test_what_is_no_whole_feed_is_set_aside(market, body):
    market.vendor.on("/feeds/harbour/feed", body)
    report = market.ingest("press")
    assert report.failed_targets == 1
    assert report.total_new_rows == 0
    assert market.quarantined()[0]["rule"] == "bad_response"


def test_a_page_whose_entries_were_renamed_is_not_the_end_of_the_feed(market):
    feed = fixture("feed.rss")
    renamed = feed.replace(b"item>", b"newsItem>")
    market.vendor.on("/feeds/harbour/feed", [Reply(feed), Reply(renamed)])
    report = market.ingest("press")
    assert report.failed_targets == 1
    refused = [row["reason"] for row in market.quarantined() if row["rule"] == "bad_response"]
    assert len(refused) == 1
    assert "<newsItem>" in refused[0]
    assert get_cursors(market.services().state, "press") == {}
    market.vendor.on("/feeds/harbour/feed", [Reply(feed), Reply(b"", 404)])
    assert market.ingest("press").failed_targets == 0
    assert get_cursors(market.services().state, "press") != {}


def test_feed_in_another_encoding_than_it_says_is_read(market):
    body = fixture("feed.rss").decode().replace("Gdańsk", "Zürich").encode("cp1252")
    market.vendor.on("/feeds/harbour/feed", body)
    market.ingest("press")
    titles = [json.loads(r["payload"])["title"] for r in market.rows("press", "articles")]
    assert "Borealis Freight opens a hub in Zürich" in titles


def test_a_board_suddenly_empty_is_believed_on_a_later_day(listed):
    jobs = [{"id": n, "title": f"Job {n}"} for n in range(6)]
    listed.vendor.on(BOARD, encode_json({"jobs": jobs}).encode())
    listed.ingest("greenhouse")
    listed.vendor.on(BOARD, b'{"jobs": []}')
    report = listed.ingest("greenhouse")
    assert (report.failed_targets, report.total_new_rows) == (1, 0)
    listed.now = listed.now.replace(day=16)
    assert listed.ingest("greenhouse", listed.now.date()).new_rows == {"boards": 1}


def test_a_job_that_cannot_be_read_is_not_closed(listed):
    jobs = [{"id": 1, "title": "A"}, {"id": 2, "title": "B"}]
    listed.vendor.on(BOARD, encode_json({"jobs": jobs}).encode())
    listed.ingest("greenhouse")
    listed.vendor.on(BOARD, b'{"jobs": [{"id": 1, "title": "A"}, {"title": "B"}]}')
    listed.now = listed.now.replace(day=16)
    listed.ingest("greenhouse", listed.now.date())
    newest = max(listed.rows("greenhouse", "boards"), key=lambda r: r["fetched_at"])
    assert set(json.loads(newest["payload"])["jobs"]) == {"1", "2"}


def test_domains_that_are_none_are_set_aside(market):
    rows = b"name,domain\nA,127.0.0.1\nB,intranet.local\nC,good.com\n"
    market.vendor.on("/crm/export/company_list.csv", rows)
    market.ingest("company_list")
    report = market.ingest("company_site")
    assert report.new_rows == {"pages": 1}
    assert sorted(r["record_id"] for r in market.quarantined()) == ["127.0.0.1", "intranet.local"]


def test_cache_asks_with_etag_and_per_partition(listed):
    etag = '"v1"'

    def answer(asked):
        if asked.headers.get("If-None-Match") == etag:
            return Reply(b"", 304, {"ETag": etag})
        return Reply(fixture("greenhouse.json"), headers={"ETag": etag})

    listed.vendor.on(BOARD, answer)
    # Answers are old at once, so each is checked with the vendor.
    listed.changes["greenhouse"] = {"cache_seconds": 0.000001}
    first = listed.ingest("greenhouse")
    assert (first.requests, first.cache_hits) == (1, 0)
    second = listed.ingest("greenhouse")
    assert (second.status, second.requests, second.cache_hits, second.bytes) == (
        "unchanged",
        1,
        1,
        0,
    )
    listed.changes["greenhouse"] = {"cache_seconds": 3600}
    listed.ingest("company_list", DAY.replace(day=14))
    third = listed.ingest("greenhouse", DAY.replace(day=14))
    assert (third.requests, third.cache_hits) == (1, 0)
    assert listed.ingest("greenhouse", DAY.replace(day=14)).requests == 0


def test_a_cache_that_cannot_be_read_is_begun_anew(listed):
    (listed.home / "cache").mkdir(exist_ok=True)
    (listed.home / "cache" / "greenhouse.sqlite").write_bytes(b"this is no database" * 1000)
    listed.changes["greenhouse"] = {"cache_seconds": 3600}
    listed.vendor.on(BOARD, fixture("greenhouse.json"))
    assert listed.ingest("greenhouse").status == "ok"


def test_rate_limit_holds(listed):

    listed.changes["company_site"] = {
        "rate_limit": RateLimit(requests=4, per_seconds=0.2).model_dump()
    }
    started = time.monotonic()
    listed.ingest("company_site")
    # Eight questions (robots and page of four sites), four in any fifth of a second.
    assert len(listed.vendor.asked) == 8
    assert time.monotonic() - started >= 0.2


def test_a_document_that_broke_off_is_asked_for_once_more(listed):
    listed.vendor.on("/sec-data/submissions/CIK0001999001.json", fixture("submissions.json"))
    listed.vendor.on(
        "/sec-data/submissions/CIK0001999001-submissions-001.json", fixture("submissions-001.json")
    )
    base = "/sec-archives/Archives/edgar/data/1999001"
    whole = b"<html><body>Item 5.02 Departure</body></html>"
    listed.vendor.on(f"{base}/000199900126000002/primary_doc.xml", fixture("form_d.xml")[:-20])
    listed.vendor.on(f"{base}/000199900126000003/d8k.htm", [Reply(whole[:20]), Reply(whole)])
    listed.vendor.on(f"{base}/000199900125000009/old8k.htm", b"<html><body>Item 1.01 never ends")
    report = listed.ingest("sec_edgar")
    assert (report.status, report.new_rows) == ("partial", {"companies": 1, "form_8k": 1})
    # What lacks its end in the next run as well lacks it for good.
    assert listed.ingest("sec_edgar").new_rows == {"form_8k": 1}
    bodies = {r["record_id"]: r["body"] for r in listed.rows("sec_edgar", "form_8k")}
    assert bodies["0001999001-26-000003"] == whole
    assert bodies["0001999001-25-000009"] == b"<html><body>Item 1.01 never ends"
    assert "breaks off" in listed.quarantined()[0]["reason"]


def test_a_dead_host_is_left_alone_then_probed_and_shows_in_health(market):
    boards(market, count=0)
    for n in range(6):
        market.vendor.on(f"/greenhouse/v1/boards/b{n}/jobs", Reply(b"", 503))
    market.changes["greenhouse"] = {
        "concurrency": 1,
        "retry": {"attempts": 1},
        "breaker": {"failures": 2, "pause_seconds": 600},
    }

    def asked() -> int:
        return sum(market.vendor.count(f"/greenhouse/v1/boards/b{n}/jobs") for n in range(6))

    def health():
        services = market.services()
        declared = services.declarations.sources["greenhouse"]
        declared = declared.model_copy(update={"base_urls": {"x": "http://x"}})
        [row] = source_health(services.state, [declared], utc_now())
        return row

    report = market.ingest("greenhouse")
    assert (report.status, report.failed_targets, asked()) == ("failed", 6, 2)
    assert "the circuit of 127.0.0.1" in report.error
    assert (health().circuit, health().open_circuits) == ("open", 1)
    # The next run does not even ask until the pause is over; then one probe tells.
    assert (market.ingest("greenhouse").status, asked()) == ("failed", 2)
    state = market.services().state
    [circuit] = get_circuits(state, "greenhouse")
    set_circuits(state, "greenhouse", [replace(circuit, probe_at=utc_now())], [])
    assert health().circuit == "half_open"
    boards(market)
    report = market.ingest("greenhouse")
    assert (report.status, report.new_rows) == ("ok", {"jobs": 12, "boards": 6})
    assert (health().circuit, health().probe_at) == ("closed", None)
