"""NewsAPI and Google News as the market answers for them."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import urlsplit

import feedparser

TODAY = date(2026, 7, 20)
EVERYTHING = "/newsapi/v2/everything"
KEY = {"X-Api-Key": "key"}
ARTICLE = {
    "source",
    "author",
    "title",
    "description",
    "url",
    "urlToImage",
    "publishedAt",
    "content",
}


def told(market, days: int):
    """A company of which outlets other than wires told something of late, with the articles."""
    at = market.day_of(TODAY)
    counts: dict[int, int] = {}
    for shelf in market.articles:
        for article in shelf:
            if at - days <= article.day <= at and article.event is not None:
                counts[article.company] = counts.get(article.company, 0) + 1
    return market.companies[max(counts, key=lambda c: (counts[c], c))]


def test_newsapi_answers_as_the_vendor_does(client, market) -> None:
    company = told(market, 25)
    found = client.ask(EVERYTHING, params={"q": f'"{company.name}"'}, headers=KEY).json()
    assert set(found) == {"status", "totalResults", "articles"}
    assert found["status"] == "ok"
    assert found["totalResults"] == len(found["articles"]) > 0
    for article in found["articles"]:
        assert set(article) == ARTICLE
        assert set(article["source"]) == {"id", "name"}
        assert company.name in f"{article['title']} {article['description']}"
        assert len(article["content"]) < 230
    days = [article["publishedAt"] for article in found["articles"]]
    assert days == sorted(days, reverse=True)
    assert (TODAY - timedelta(days=30)).isoformat() < days[-1] <= days[0] < "2026-07-21"


def test_newsapi_pages_by_count_and_refuses_as_the_vendor_does(client, market) -> None:
    names = " OR ".join(f'"{c.name}"' for c in market.companies[:20])
    whole = client.ask(EVERYTHING, params={"q": names}, headers=KEY).json()["articles"]
    pages = [
        client.ask(EVERYTHING, params={"q": names, "pageSize": 2, "page": page}, headers=KEY).json()
        for page in (1, 2)
    ]
    assert [a["url"] for page in pages for a in page["articles"]] == [a["url"] for a in whole[:4]]
    codes = {
        (answer := client.ask(EVERYTHING, params=params, headers=headers)).status_code: (
            answer.json()["code"]
        )
        for params, headers in (
            ({"q": "x"}, {}),
            ({}, KEY),
            ({"q": "x", "page": 6}, KEY),
        )
    }
    assert codes == {
        401: "apiKeyMissing",
        400: "parametersMissing",
        426: "maximumResultsReached",
    }


def test_google_news_gives_headlines_with_their_outlet_and_no_text(client, market) -> None:
    company = told(market, 25)
    answer = client.ask("/google-news/rss/search", params={"q": f'"{company.name}" when:25d'})
    feed = feedparser.parse(answer.content)
    assert feed.version == "rss20"
    assert feed.entries
    for entry in feed.entries:
        assert entry.title.endswith(f" - {entry.source.title}")
        assert urlsplit(entry.link).netloc == "news.google.com"
        assert entry.id in entry.link
    links = {entry.link for entry in feed.entries}
    assert len(links) == len(feed.entries)
    nothing = client.ask("/google-news/rss/search", params={"q": '"Nobody Of That Name" when:9d'})
    assert feedparser.parse(nothing.content).entries == []
    fewer = client.ask("/google-news/rss/search", params={"q": f'"{company.name}" when:1d'})
    assert len(feedparser.parse(fewer.content).entries) <= len(feed.entries)
