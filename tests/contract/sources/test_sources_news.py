"""NewsAPI and Google News: asked for by name, read whole, asked again only for what is missing."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import unquote_plus

import pytest

from resources.http import BadResponseError, encode_json
from resources.lake import Record
from resources.sources.connectors import google_news, newsapi
from resources.sources.connectors.base import Target
from resources.state import get_cursors
from tests.contract.sources.conftest import DAY
from tests.contract.sources.test_sources_real_payloads import DATA
from tests.contract.sources.vendor import Asked, Reply

EVERYTHING = "/newsapi/v2/everything"
SEARCH = "/google-news/rss/search"


def article(number: int, **changed: object) -> dict:
    return {
        "source": {"id": None, "name": "Harbour Times"},
        "author": "A. Writer",
        "title": f"Aldine Robotics raises ${number} million",
        "description": "The company makes arms for warehouses.",
        "url": f"https://harbour.example/{number}",
        "urlToImage": None,
        "publishedAt": "2026-06-14T08:00:00Z",
        "content": "Aldine Robotics has raised money. The rou… [+1200 chars]",
    } | changed


def answer(articles: list[dict]) -> Reply:
    return Reply(
        encode_json({"status": "ok", "totalResults": len(articles), "articles": articles}).encode()
    )


def feed(*titles: str, when=None) -> Reply:
    items = "".join(
        f"<item><title>{title} - Harbour Times</title>"
        f"<link>https://news.google.com/rss/articles/CB{title[:3]}{at}?oc=5</link>"
        f'<guid isPermaLink="false">CB{title[:3]}{at}</guid>'
        f"<pubDate>{when}</pubDate><description>&lt;a&gt;x&lt;/a&gt;</description>"
        '<source url="https://harbour.example">Harbour Times</source></item>'
        for at, title in enumerate(titles)
    )
    return Reply(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>s</title>{items}</channel></rss>'
        .encode(),
        headers={"Content-Type": "application/xml; charset=utf-8"},
    )  # fmt: skip


def test_newsapi_asks_for_all_names_in_few_searches_with_its_key_in_the_header(listed):
    listed.vendor.on(EVERYTHING, answer([article(1), article(2)]))
    report = listed.ingest("newsapi")
    assert (report.status, report.new_rows) == ("ok", {"articles": 2})
    (asked,) = listed.vendor.asked
    names = asked.query["q"].split(" OR ")
    assert len(names) == len(set(names)) > 1
    assert all(name.startswith('"') and name.endswith('"') for name in names)
    assert asked.headers["X-Api-Key"] == "sandbox-key"
    assert "sandbox-key" not in asked.path + str(asked.query)
    # A first search goes back as far as the archive does.
    assert asked.query["from"] == (listed.now - timedelta(days=29)).strftime("%Y-%m-%dT%H:%M:%S")
    row = listed.rows("newsapi", "articles")[0]
    assert row["record_id"] == row["source_url"] == "https://harbour.example/1"
    assert json.loads(row["payload"]) == article(1)
    assert row["observed_at"].isoformat() == "2026-06-14T08:00:00+00:00"


def test_newsapi_stores_what_changed_and_nothing_twice_and_then_looks_back_two_weeks(listed):
    listed.vendor.on(EVERYTHING, answer([article(1), article(2)]))
    listed.ingest("newsapi")
    assert listed.ingest("newsapi").total_new_rows == 0
    listed.vendor.on(EVERYTHING, answer([article(1), article(2, title="Report withdrawn")]))
    listed.now += timedelta(days=1)
    assert listed.ingest("newsapi", DAY + timedelta(days=1)).new_rows == {"articles": 1}
    since = (listed.now - timedelta(days=15)).strftime("%Y-%m-%dT%H:%M:%S")
    assert listed.vendor.asked[-1].query["from"] == since


def test_newsapi_reads_page_by_page_until_the_plan_shows_no_more(listed):
    def page(asked: Asked) -> Reply:
        number = int(asked.query["page"])
        if number > 2:
            return Reply(
                encode_json({"status": "error", "code": "maximumResultsReached"}).encode(),
                status=426,
            )
        return answer([article(number * 1000 + at) for at in range(newsapi.PAGE_SIZE)])

    listed.vendor.on(EVERYTHING, page)
    report = listed.ingest("newsapi")
    assert (report.status, report.new_rows) == ("ok", {"articles": 200})
    assert [asked.query["page"] for asked in listed.vendor.asked] == ["1", "2", "3"]


def test_newsapi_error_is_named_and_the_archive_is_asked_for_again(listed):
    body = {"status": "error", "code": "rateLimited", "message": "You have made too many requests."}
    listed.vendor.on(EVERYTHING, Reply(encode_json(body).encode()))
    report = listed.ingest("newsapi")
    assert report.status in ("partial", "failed")
    assert "You have made too many requests" in str(report.error or report)
    assert get_cursors(listed.services().state, "newsapi") == {}
    listed.vendor.on(EVERYTHING, answer([article(1)]))
    assert listed.ingest("newsapi").new_rows == {"articles": 1}
    assert listed.vendor.asked[-1].query["from"].startswith("2026-05-17")


def test_newsapi_sets_aside_what_has_no_address_and_passes_over_what_was_removed(fetched_at):
    found = newsapi.parse(
        answer([article(1, url=None), article(2, title="[Removed]"), article(3)]).body,
        fetched_at=fetched_at,
    )
    assert [type(item).__name__ for item in found] == ["Rejected", "Record"]
    assert (found[0].rule, found[1].record_id) == ("missing_field", "https://harbour.example/3")
    with pytest.raises(BadResponseError, match="no list 'articles'"):
        newsapi.parse(b'{"status": "ok"}', fetched_at=fetched_at)


def test_newsapi_without_a_key_is_not_configured(market):
    market.changes["newsapi"] = {
        "auth": {"kind": "header", "variable": "BUYING_SIGNALS_NEWSAPI_KEY", "header": "X-Api-Key"}
    }
    report = market.ingest("newsapi")
    assert report.status == "not_configured"
    assert "BUYING_SIGNALS_NEWSAPI_KEY" in report.error


def test_no_search_is_longer_than_the_vendor_takes_and_no_name_is_lost():
    targets = [Target(name=f"Company number {n} of many", domain=None) for n in range(100)]
    asked = newsapi.queries([*targets, Target(name="X", domain=None), targets[0]])
    assert max(map(len, asked)) <= newsapi.MAX_QUERY
    assert [n.strip('"') for q in asked for n in q.split(" OR ")] == [t.name for t in targets]


def test_names_beyond_a_days_questions_come_in_turn():
    items = [str(number) for number in range(7)]
    days = [newsapi.in_turn(items, 3, day) for day in range(7)]
    assert [len(day) for day in days] == [3] * 7
    assert sorted(set().union(*days[:3])) == items
    assert sorted(item for day in days for item in day) == sorted(items * 3)


def test_google_news_asks_for_each_company_and_keeps_what_it_was_asked_for(listed):
    when = format_datetime(listed.now - timedelta(hours=3), usegmt=True)
    listed.vendor.on(SEARCH, feed("Aldine opens Oslo office", "Aldine hires a CFO", when=when))
    report = listed.ingest("google_news")
    asked = {unquote_plus(a.query["q"]) for a in listed.vendor.asked}
    assert report.status == "ok"
    assert report.new_rows == {"articles": 2 * len(asked)}
    assert all(q.startswith('"') and q.endswith('" when:29d') for q in asked)
    assert {a.query["ceid"] for a in listed.vendor.asked} == {"US:en"}
    row = min(
        listed.rows("google_news", "articles"), key=lambda r: json.loads(r["payload"])["guid"]
    )
    payload = json.loads(row["payload"])
    assert payload["title"] == "Aldine opens Oslo office - Harbour Times"
    assert (payload["outlet"], payload["outlet_url"]) == (
        "Harbour Times",
        "https://harbour.example",
    )
    assert f'"{payload["company"]}" when:29d' in asked
    assert row["observed_at"].isoformat() == "2026-06-15T07:00:00+00:00"
    assert listed.ingest("google_news").total_new_rows == 0
    assert listed.vendor.asked[-1].query["q"].endswith("when:14d")


def test_google_news_takes_the_next_companies_on_the_next_day(listed):
    listed.vendor.on(SEARCH, feed("Aldine opens Oslo office", when=""))
    listed.changes["google_news"] = {"options": {"companies_per_day": 1}}
    listed.ingest("google_news")
    listed.now += timedelta(days=1)
    listed.ingest("google_news", DAY + timedelta(days=1))
    first, second = (asked.query["q"] for asked in listed.vendor.asked)
    assert first != second


def test_google_news_empty_feed_moves_no_cursor_and_half_a_feed_is_refused(listed, fetched_at):
    listed.vendor.on(SEARCH, feed())
    assert listed.ingest("google_news").total_new_rows == 0
    assert get_cursors(listed.services().state, "google_news") == {}
    whole = feed("Aldine opens Oslo office").body
    with pytest.raises(BadResponseError, match="breaks off after"):
        google_news.parse(whole[:-30], "Aldine", None, fetched_at=fetched_at)


@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason=f"no evaluation data at {DATA}")
def test_recorded_newsapi_answer(fetched_at):
    body = (DATA / "vendor_http" / "newsapi_everything.json").read_bytes()
    told = [a for a in json.loads(body)["articles"] if a["title"] != "[Removed]"]
    found = newsapi.parse(body, fetched_at=fetched_at)
    assert [json.loads(r.payload) for r in found if isinstance(r, Record)] == told
