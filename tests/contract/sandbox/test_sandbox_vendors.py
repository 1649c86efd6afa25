"""Each vendor answers in the shape of the real service, completely and only what was known."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
from sandbox_shapes import (
    ASHBY_JOB,
    CSV_HEADERS,
    FILING_COLUMNS,
    FORM_D_FIELDS,
    GREENHOUSE_JOB,
    LEVER_CATEGORIES,
    LEVER_POSTING,
    MONEY,
    ROUND_IDENTIFIERS,
    SUBMISSIONS,
)

from resources.sources.connectors.coresignal import search_body
from sandbox.market.leaders import page_of
from sandbox.market.words import OUTLETS
from sandbox.notices import company_notices
from sandbox.vendors.sites import behaviour

TODAY = date(2026, 7, 20)


def board(market, vendor: str):
    day = market.day_of(TODAY)
    return next(
        c
        for (name, _), c in market.by_board.items()
        if name == vendor
        and sum(p.opened <= day < p.closed for p in market.postings(c)) >= 4
        and any(p.salary for p in market.postings(c) if p.opened <= day < p.closed)
    )


def open_count(market, company, day: date = TODAY) -> int:
    at = market.day_of(day)
    return sum(p.opened <= at < p.closed for p in market.postings(company))


def test_greenhouse(client, market) -> None:
    company = board(market, "greenhouse")
    path = f"/greenhouse/v1/boards/{company.board[1]}/jobs"
    body = client.ask(path, params={"content": "true"}).json()
    assert set(body) == {"jobs", "meta"}
    assert body["meta"]["total"] == len(body["jobs"]) == open_count(market, company)
    assert all(set(job) == GREENHOUSE_JOB for job in body["jobs"])
    job = body["jobs"][0]
    assert set(job["location"]) == {"name"}
    assert set(job["departments"][0]) == {"id", "name", "child_ids", "parent_id"}
    assert job["content"].startswith("&lt;p&gt;")
    assert datetime.fromisoformat(job["updated_at"]) >= datetime.fromisoformat(
        job["first_published"]
    )
    bare = client.ask(path).json()
    assert "content" not in bare["jobs"][0]
    missing = client.ask("/greenhouse/v1/boards/nobody/jobs")
    assert (missing.status_code, missing.json()["error"]) == (404, "Job not found")


def test_lever_pages_add_up(client, market) -> None:
    company = board(market, "lever")
    path = f"/lever/v0/postings/{company.board[1]}"
    whole = client.ask(path, params={"mode": "json"}).json()
    assert len(whole) == open_count(market, company)
    assert all(set(p) - {"salaryRange"} == LEVER_POSTING for p in whole)
    assert set(whole[0]["categories"]) == LEVER_CATEGORIES
    assert isinstance(whole[0]["createdAt"], int)
    priced = next(p for p in whole if "salaryRange" in p)
    assert set(priced["salaryRange"]) == {"interval", "currency", "min", "max"}
    pages, skip = [], 0
    while page := client.ask(path, params={"mode": "json", "skip": skip, "limit": 2}).json():
        assert len(page) <= 2
        pages += page
        skip += 2
    assert pages == whole
    assert client.ask("/lever/v0/postings/nobody").status_code == 404


def test_ashby(client, market) -> None:
    company = board(market, "ashby")
    path = f"/ashby/posting-api/job-board/{company.board[1]}"
    body = client.ask(path, params={"includeCompensation": "true"}).json()
    assert set(body) == {"jobs", "apiVersion"}
    assert len(body["jobs"]) == open_count(market, company)
    assert all(set(job) == ASHBY_JOB for job in body["jobs"])
    paid = next(j for j in body["jobs"] if j["shouldDisplayCompensationOnJobPostings"])
    assert set(paid["compensation"]) == {
        "compensationTierSummary", "scrapeableCompensationSalarySummary", "compensationTiers",
        "summaryComponents",
    }  # fmt: skip
    assert "compensation" not in client.ask(path).json()["jobs"][0]
    assert client.ask("/ashby/posting-api/job-board/nobody").status_code == 404


def test_the_board_is_that_of_the_day(client, market) -> None:
    company = board(market, "greenhouse")
    path = f"/greenhouse/v1/boards/{company.board[1]}/jobs"
    for day in (date(2026, 2, 1), date(2026, 5, 1), TODAY):
        got = client.ask(path, headers={"X-Sandbox-Date": day.isoformat()}).json()
        assert got["meta"]["total"] == open_count(market, company, day)


def test_sec_index_and_documents(client, market) -> None:
    seen = set()
    for company in (c for c in market.companies if c.cik is not None):
        body = client.ask(f"/sec-data/submissions/CIK{company.cik10}.json").json()
        assert set(body) == SUBMISSIONS
        recent = body["filings"]["recent"]
        assert set(recent) == FILING_COLUMNS
        assert len({len(column) for column in recent.values()}) == 1
        assert recent["filingDate"] == sorted(recent["filingDate"], reverse=True)
        assert all(day <= TODAY.isoformat() for day in recent["filingDate"])
        for accession, form, document in zip(
            recent["accessionNumber"], recent["form"], recent["primaryDocument"], strict=True
        ):
            if form in seen or form not in ("D", "8-K"):
                continue
            seen.add(form)
            folder = f"/sec-archives/Archives/edgar/data/{company.cik}/{accession.replace('-', '')}"
            if form == "8-K":
                text = client.ask(f"{folder}/{document}").text
                assert "FORM 8-K" in text
                assert "item" in text.lower()
            else:
                assert document == "xslFormDX01/primary_doc.xml"
                root = ElementTree.fromstring(client.ask(f"{folder}/primary_doc.xml").text.strip())
                assert root.tag == "edgarSubmission"
                assert root.findtext("submissionType") == "D"
                assert [f for f in FORM_D_FIELDS if root.find(f) is None] == []
                assert root.findtext("primaryIssuer/cik") == company.cik10
    assert seen == {"D", "8-K"}


def test_sec_paging_files_hold_the_rest(client, market) -> None:
    paged = 0
    for company in (c for c in market.companies if c.cik is not None):
        body = client.ask(f"/sec-data/submissions/CIK{company.cik10}.json").json()
        for file in body["filings"]["files"]:
            paged += 1
            older = client.ask(f"/sec-data/submissions/{file['name']}").json()
            assert set(older) == FILING_COLUMNS
            assert len(older["form"]) == file["filingCount"]
            assert file["filingFrom"] == min(older["filingDate"])
            assert file["filingTo"] == max(older["filingDate"])
            recent = body["filings"]["recent"]["accessionNumber"]
            assert not set(recent) & set(older["accessionNumber"])
            known = [f for f in market.filings(company) if market.date(f.day) <= TODAY]
            assert len(recent) + len(older["form"]) == len(known)
    assert paged >= 1


def test_sec_wants_a_contact_and_hides_the_future(client, market) -> None:
    company = next(c for c in market.companies if c.listed)
    path = f"/sec-data/submissions/CIK{company.cik10}.json"
    refused = client.ask(path, headers={"User-Agent": "anonymous"})
    assert refused.status_code == 403
    assert client.ask(path).status_code == 200
    later = next(f for f in market.filings(company) if market.date(f.day) > TODAY)
    folder = f"/sec-archives/Archives/edgar/data/{company.cik}/{later.accession.replace('-', '')}"
    assert client.ask(f"{folder}/{later.document}").status_code == 404
    ahead = market.date(later.day).isoformat()
    assert client.ask(f"{folder}/{later.document}", headers={"X-Sandbox-Date": ahead}).ok
    assert client.ask("/sec-data/submissions/CIK0000000001.json").status_code == 404


def test_crunchbase_shape_and_paging(client, market) -> None:
    body = client.search(limit=1000).json()
    assert set(body) == {"count", "entities"}
    assert (
        body["count"]
        == len(body["entities"])
        == sum(market.date(r.created) <= TODAY for r in market.rounds)
    )
    for entity in body["entities"]:
        assert set(entity) == {"uuid", "properties"}
        properties = entity["properties"]
        assert properties["identifier"]["uuid"] == entity["uuid"]
        assert set(properties["identifier"]) == ROUND_IDENTIFIERS
        assert set(properties["funded_organization_identifier"]) == ROUND_IDENTIFIERS | {"role"}
        assert properties.get("money_raised") is None or set(properties["money_raised"]) == MONEY
    paged, after = [], {}
    order = [{"field_id": "announced_on", "sort": "desc"}]
    while page := client.search(limit=7, order=order, **after).json()["entities"]:
        paged += page
        after = {"after_id": page[-1]["uuid"]}
    assert sorted(e["uuid"] for e in paged) == sorted(e["uuid"] for e in body["entities"])
    announced = [e["properties"]["announced_on"] for e in paged]
    assert announced == sorted(announced, reverse=True)


def test_crunchbase_predicates_and_errors(client) -> None:
    every = client.search(limit=1000).json()["entities"]

    def since(field: str, value: str) -> list[dict]:
        query = [{"type": "predicate", "field_id": field, "operator_id": "gte", "values": [value]}]
        return client.search(limit=1000, query=query).json()["entities"]

    for field in ("announced_on", "updated_at"):
        wanted = [e for e in every if e["properties"][field] >= "2026-05-01"]
        assert since(field, "2026-05-01") == wanted
        assert 0 < len(wanted) < len(every)
    url = f"{client.url}/crunchbase/v4/data/searches/funding_rounds"
    assert client.post(url, json={}, timeout=9).status_code == 401
    assert client.search(limit=1001).status_code == 400
    assert client.search(after_id="nobody").status_code == 400
    assert (
        client.post(url, data=b"[1", headers={"X-cb-user-key": "k"}, timeout=9).status_code == 400
    )


def test_feeds_page_to_the_end(client, market) -> None:
    day = market.day_of(TODAY)
    for outlet, shelf in zip(OUTLETS, market.articles, strict=True):
        seen, page = [], 1
        while (answer := client.ask(f"/feeds/{outlet.slug}/feed", params={"paged": page})).ok:
            feed = feedparser.parse(answer.content)
            assert not feed.bozo, (outlet.slug, feed.get("bozo_exception"))
            assert feed.version == ("atom10" if outlet.form == "atom" else "rss20")
            seen += feed.entries
            page += 1
            if not feed.entries:
                break
        assert len(seen) == sum(a.day <= day for a in shelf)
        assert len({e.id for e in seen}) == len(seen)
        times = [e.published_parsed for e in seen]
        assert times == sorted(times, reverse=True)
        for entry in seen:
            assert entry.title
            assert entry.link.startswith(f"https://{outlet.slug}.example/2026/")
            if outlet.form == "excerpts":
                assert "content" not in entry
                assert entry.summary.startswith("<p>")
                assert "All rights reserved" in entry.summary
            else:
                assert entry.content[0].value.startswith("<p>")
            assert entry.tags
    assert client.ask("/feeds/nobody/feed").status_code == 404


def test_exports_have_the_agreed_columns(client) -> None:
    for name, header in CSV_HEADERS.items():
        answer = client.ask(f"/crm/export/{name}.csv")
        assert answer.headers["content-type"].startswith("text/csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode())))
        assert ",".join(rows[0]) == header
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows) > 20


def test_sites_carry_their_technologies(client, market) -> None:
    day, names = market.day_of(TODAY), set()
    for company in market.companies[:60]:
        answer = client.ask(f"/sites/{company.domain}/") if behaviour(company) == "fine" else None
        if answer is None:
            continue
        assert answer.status_code == 200
        assert 1000 < len(answer.content) < 12_000
        assert company.name.replace("&", "&amp;") in answer.text
        headers = {k.lower(): v for k, v in answer.headers.items()}
        assert "{k}" not in answer.text
        for usage in market.stack(company):
            technology = usage.technology
            if not (usage.first <= day and (usage.last is None or day < usage.last)):
                continue
            names.add(technology.name)
            if technology.name == "Segment":
                assert "cdn.segment.com/analytics.js" in answer.text
            if technology.name == "HubSpot":
                assert "js.hs-scripts.com" in answer.text
                assert "hubspotutk" in headers["set-cookie"]
            if technology.name == "Cloudflare":
                assert "cf-ray" in headers
            if technology.name == "Next.js":
                assert '{"buildId"' in answer.text
    assert len(names) >= 40


def test_a_leadership_page_shows_who_leads_on_the_day(client, market) -> None:
    led = [c for c in market.companies if page_of(c) and behaviour(c) == "fine"]
    assert 0.2 < len(led) / len(market.companies) < 0.4
    changing = 0
    for company in led[:40]:
        path, text = page_of(company)
        home = client.ask(f"/sites/{company.domain}/").text
        assert f'<a href="/{path}">{text}</a>' in home
        for day in (date(2025, 6, 1), TODAY):
            at = market.day_of(day)
            answer = client.ask(
                f"/sites/{company.domain}/{path}", headers={"X-Sandbox-Date": day.isoformat()}
            )
            shown = {x.person for x in market.leaders(company) if x.shown(at)}
            names = {x.person for x in market.leaders(company)}
            found = {name for name in names if name in unescape(answer.text)}
            # A script that fails leaves a page without anybody.
            assert found in (shown, set())
        changing += any(x.joined_by or x.left_by for x in market.leaders(company))
    assert changing >= 3
    without = next(c for c in market.companies if not page_of(c) and behaviour(c) == "fine")
    assert client.ask(f"/sites/{without.domain}/leadership").status_code == 404


def test_coresignal_searches_by_site_and_tells_moves_late(client, market) -> None:
    root = "/coresignal/cdapi/v2/multi_source_employee"
    domains = [c.domain for c in market.companies]
    key = {"apikey": "k"}

    def search(body, **more):
        return client.post(f"{client.url}{root}/search/es_dsl", json=body, timeout=20, **more)

    asked = search_body(domains, "2026-01-01")
    assert search(asked).status_code == 401
    answer = search(asked, headers=key)
    ids = answer.json()
    assert len(ids) > 5
    assert ids == sorted(ids)
    assert answer.headers["x-total-results"] == str(len(ids))
    assert search(asked, headers=key, params={"after": ids[1]}).json() == ids[2:]
    at = market.day_of(TODAY)
    for employee in ids[:10]:
        profile = client.ask(f"{root}/collect/{employee}", headers=key).json()
        assert set(profile["experience"][0]) >= {"active_experience", "position_title",
                                                 "company_website", "date_from_year"}  # fmt: skip
        company = market.by_domain[profile["experience"][0]["company_website"][12:]]
        [listing] = [x for x in market.leaders(company) if x.person == profile["full_name"]]
        assert listing.joined_by or listing.left_by
        # Nothing is told before it happened.
        moves = [d for d in (listing.first, listing.last) if d is not None and d >= 0]
        assert min(moves) < at
    assert client.ask(f"{root}/collect/1", headers=key).status_code == 404
    assert client.ask(f"{root}/collect/{ids[0]}").status_code == 401
    assert search({"query": 1}, headers=key).status_code == 422
    # What the webhook names can be collected.
    kept, gone = market.companies[3], market.companies[5]
    [updated, merged] = company_notices(market, [kept.domain], [(gone.domain, kept.domain)])
    assert (updated["status"], merged["status"]) == ("changed", "merged")
    assert merged["merged_into"] == updated["company_id"] != merged["company_id"]
    collect = root.replace("employee", "company") + "/collect"
    told = client.ask(f"{collect}/{updated['company_id']}", headers=key).json()
    assert (told["domain"], told["employees_count"]) == (kept.domain, kept.employees)
    assert client.ask(f"{collect}/12", headers=key).status_code == 404


def test_some_sites_refuse_robots_or_fail(client, market) -> None:
    kinds = {}
    for company in market.companies:
        kinds.setdefault(behaviour(company), company)
    refused = client.ask(f"/sites/{kinds['disallow'].domain}/robots.txt")
    assert "Disallow: /\n" in refused.text
    assert "Disallow: /admin/" in client.ask(f"/sites/{kinds['fine'].domain}/robots.txt").text
    assert client.ask(f"/sites/{kinds['not_found'].domain}/").status_code == 404
    assert client.ask(f"/sites/{kinds['server_error'].domain}/").status_code == 500
    assert client.ask("/sites/nobody.example/").status_code == 404


def test_unchanged_answers_are_not_sent_twice(client, market) -> None:
    company = board(market, "greenhouse")
    site = next(c for c in market.companies if behaviour(c) == "fine")
    for path in (
        f"/greenhouse/v1/boards/{company.board[1]}/jobs",
        f"/sites/{site.domain}/",
        "/feeds/pressrelay/feed",
        "/crm/export/accounts.csv",
    ):
        first = client.ask(path)
        again = client.ask(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.ask(path, headers={"If-None-Match": '"other"'}).status_code == 200
    modified = client.ask("/feeds/pressrelay/feed").headers["last-modified"]
    assert parsedate_to_datetime(modified).date() <= TODAY
    since = client.ask("/feeds/pressrelay/feed", headers={"If-Modified-Since": modified})
    assert since.status_code == 304


def test_a_day_that_is_none_is_refused(client) -> None:
    answer = client.ask("/crm/export/accounts.csv", headers={"X-Sandbox-Date": "yesterday"})
    assert answer.status_code == 400
    assert "X-Sandbox-Date" in answer.json()["error"]
    assert client.ask("/nothing/here").status_code == 404


@pytest.mark.data
def test_key_sets_are_those_of_recorded_answers() -> None:
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("BUYING_SIGNALS_DATA", root.parent / "shared" / "data"))
    payloads = folder / "jobs" / "payloads"
    if not payloads.is_dir():
        pytest.skip(f"no recorded answers in {payloads}")

    def read(name: str):
        return json.loads((payloads / name).read_text("utf-8"))

    assert set(read("greenhouse_1.json")["jobs"][0]) == GREENHOUSE_JOB
    lever = read("lever_1.json")[0]
    assert (
        set(lever) - {"salaryRange", "salaryDescription", "salaryDescriptionPlain"} == LEVER_POSTING
    )
    assert set(read("ashby_1.json")["jobs"][0]) == ASHBY_JOB
    apple = json.loads((folder / "sec/submissions/CIK0000320193.json").read_text("utf-8"))
    assert set(apple) == SUBMISSIONS
    assert set(apple["filings"]["recent"]) == FILING_COLUMNS


def test_the_name_server_answers_over_both_ways_and_by_day(client, market) -> None:
    from urllib.parse import urlsplit

    import dns.edns
    import dns.flags
    import dns.message
    import dns.query
    import dns.rcode

    from sandbox.market.zones import zone

    port = urlsplit(client.url).port + 1
    told_day = client.headers["X-Sandbox-Date"]
    day = market.day_of(date.fromisoformat(told_day))
    sizes = {}
    for company in market.companies[:60]:
        asked = dns.message.make_query(f"{company.domain}.", "TXT")
        said = dns.edns.GenericOption(65001, f"X-Sandbox-Date: {told_day}".encode())
        asked.use_edns(0, 0, 1232, options=[said])
        by_udp = dns.query.udp(asked, "127.0.0.1", port=port, timeout=10)
        by_tcp = dns.query.tcp(asked, "127.0.0.1", port=port, timeout=10)
        true = zone(company, market.stack(company), day).get(("", "TXT"), [])
        told = [b"".join(r.strings).decode() for rrset in by_tcp.answer for r in rrset]
        assert sorted(told) == sorted(true)
        assert by_udp.answer == ([] if by_udp.flags & dns.flags.TC else by_tcp.answer)
        sizes[company.domain] = len(true)
    assert max(sizes.values()) > 2
    unknown = dns.query.udp(
        dns.message.make_query("nowhere.example.", "MX"), "127.0.0.1", port=port, timeout=10
    )
    assert unknown.rcode() == dns.rcode.NXDOMAIN


def test_builtwith_wants_a_key_and_tells_late(client, market) -> None:
    path = "/builtwith/v22/api.json?LOOKUP="
    assert client.ask(path + "a.example").status_code == 401
    key = {"Authorization": "API 00000000-0000-4000-8000-000000000000"}
    assert client.ask(path, headers=key).status_code == 400
    companies = market.companies[:16]
    domains = ",".join(c.domain for c in companies)
    results = client.ask(path + domains, headers=key).json()["Results"]
    assert [r["Result"]["Lookup"] for r in results] == domains.split(",")
    day = market.day_of(date.fromisoformat(client.headers["X-Sandbox-Date"]))
    checked = 0
    for company, item in zip(companies, results, strict=True):
        listed = [t for p in item["Result"]["Paths"] for t in p["Technologies"]]
        settled = {
            u.technology.name
            for u in market.stack(company)
            if u.first <= day - 17 and (u.last is None or u.last > day)
        }
        live = {t["Name"] for t in listed if t["Live"]}
        assert settled <= live or not listed
        assert all(t["FirstDetected"] <= t["LastDetected"] for t in listed if t["Live"])
        checked += len(live)
    assert checked > 20
