"""NewsAPI's article search: ``GET /v2/everything``, newest first, a month back, texts cut short."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from datetime import datetime

from sandbox.answers import Answer, Request, as_json, whole
from sandbox.market import Market
from sandbox.market.press import Article
from sandbox.market.press_text import Story, render, slug_of
from sandbox.market.words import ALL_OUTLETS

#: Days that the archive reaches back.
ARCHIVE_DAYS = 29
#: Characters of the text that an answer shows.
SHOWN = 200
_PHRASE = re.compile(r'"([^"]+)"')
_TAG = re.compile(r"<[^>]+>")


class NewsIndex:
    """The market's articles by company name, for services that search the news by name."""

    def __init__(self, market: Market, *, wires: bool) -> None:
        self.market = market
        self._articles: dict[int, list[Article]] = defaultdict(list)
        self._companies: dict[str, list[int]] = defaultdict(list)
        for number, shelf in enumerate(market.articles):
            if wires or not ALL_OUTLETS[number].wire:
                for article in shelf:
                    self._articles[article.company].append(article)
        for articles in self._articles.values():
            articles.sort(key=lambda a: (a.day, a.second, a.article_id))
        for company in market.companies:
            for name in {company.name.casefold(), company.legal_name.casefold()}:
                self._companies[name].append(company.index)

    def named(self, name: str, first: int, last: int) -> list[tuple[Article, Story]]:
        """Articles of the days ``first`` to ``last`` that name a company so, oldest first."""
        wanted = name.casefold()
        found = []
        for index in self._companies.get(wanted, ()):
            articles = self._articles[index]
            days = [article.day for article in articles]
            for article in articles[bisect_left(days, first) : bisect_right(days, last)]:
                story = render(article, self.market.companies[index], last)
                if wanted in f"{story.title} {story.summary}".casefold():
                    found.append((article, story))
        return found

    def link(self, article: Article) -> str:
        """The article's address, which keeps the words of its first headline."""
        company = self.market.companies[article.company]
        when = self.market.date(article.day)
        first = slug_of(render(article, company, article.day).title)
        outlet = ALL_OUTLETS[article.outlet].slug
        return f"https://{outlet}.example/{when:%Y/%m}/{first}-{article.article_id.lower()}"

    def time(self, article: Article) -> datetime:
        """When the article was published, UTC."""
        return self.market.time(article.day, article.second)


class NewsApi:
    """The ``everything`` endpoint: 401 without a key, 400 without a query, 426 beyond page five."""

    def __init__(self, market: Market) -> None:
        self.index = NewsIndex(market, wires=False)
        self.market = market

    def answer(self, request: Request) -> Answer:
        """One page of articles that match any quoted phrase of ``q``."""
        if request.parts != ["v2", "everything"]:
            return _error(404, "endpointNotFound", "The endpoint you requested was not found.")
        if not request.headers.get("x-api-key"):
            return _error(401, "apiKeyMissing", "Your API key is missing.")
        query = request.query.get("q", "")
        if not query:
            return _error(400, "parametersMissing", "Required parameters are missing: q.")
        if len(query) > 500:
            return _error(400, "queryTooLong", "The q parameter is longer than 500 characters.")
        size = whole(request.query.get("pageSize"), 100, 1, 100)
        page = whole(request.query.get("page"), 1, 1, 10**6)
        if page > 5:
            return _error(426, "maximumResultsReached", "Your plan shows no further results.")
        since = max(self._since(request), request.day - ARCHIVE_DAYS)
        found = {
            article.article_id: (article, story)
            for phrase in _PHRASE.findall(query) or [query]
            for article, story in self.index.named(phrase, since, request.day)
        }
        ordered = sorted(
            found.values(), key=lambda each: (each[0].day, each[0].second, each[0].article_id)
        )[::-1]
        shown = ordered[(page - 1) * size : page * size]
        articles = [self._article(article, story) for article, story in shown]
        return as_json({"status": "ok", "totalResults": len(ordered), "articles": articles})

    def _since(self, request: Request) -> int:
        try:
            return self.market.day_of(datetime.fromisoformat(request.query["from"]).date())
        except (KeyError, ValueError):
            return 0

    def _article(self, article: Article, story: Story) -> dict[str, object]:
        outlet = ALL_OUTLETS[article.outlet]
        text = _TAG.sub(" ", story.content.replace("</p><p>", "\r\n"))
        text = text.replace("&amp;", "&").strip()
        cut = f"{text[:SHOWN]}… [+{len(text) - SHOWN} chars]" if len(text) > SHOWN else text
        return {
            "source": {"id": outlet.slug if article.outlet % 2 else None, "name": outlet.name},
            "author": story.author,
            "title": story.title,
            "description": story.summary,
            "url": self.index.link(article),
            "urlToImage": None,
            "publishedAt": f"{self.index.time(article):%Y-%m-%dT%H:%M:%SZ}",
            "content": cut,
        }


def _error(status: int, code: str, message: str) -> Answer:
    return as_json({"status": "error", "code": code, "message": message}, status)
