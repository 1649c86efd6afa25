"""Google News' search feed: ``GET /rss/search?q="Name" when:7d``, headlines of all outlets."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from sandbox.answers import XML, Answer, Request
from sandbox.market import Market
from sandbox.market.press import Article
from sandbox.market.press_text import Story
from sandbox.market.words import ALL_OUTLETS
from sandbox.vendors.newsapi import NewsIndex

#: Most items of one feed.
ITEMS = 100
_WHEN = re.compile(r"\s*\bwhen:(\d+)d\b")


class GoogleNews:
    """The feed of one search; an empty feed when nothing matches."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.index = NewsIndex(market, wires=True)

    def answer(self, request: Request) -> Answer:
        """Headlines that name the quoted phrase, newest first, over the asked number of days."""
        if request.parts != ["rss", "search"]:
            return Answer(404, b"Not found", "text/plain; charset=utf-8")
        query = request.query.get("q", "")
        asked = _WHEN.search(query)
        days = int(asked.group(1)) if asked else 30
        name = _WHEN.sub("", query).strip().strip('"')
        found = self.index.named(name, request.day - days, request.day) if name else []
        items = "".join(self._item(article, story) for article, story in found[::-1][:ITEMS])
        title = escape(f"{query} - Google News")
        body = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
            f"<generator>NFE/5.0</generator><title>{title}</title>"
            "<link>https://news.google.com/search</link><language>en-US</language>"
            f"<description>Google News</description>{items}</channel></rss>"
        )
        return Answer(200, body.encode(), XML)

    def _item(self, article: Article, story: Story) -> str:
        outlet = ALL_OUTLETS[article.outlet]
        token = urlsafe_b64encode(self.index.link(article).encode()).decode().rstrip("=")
        link = f"https://news.google.com/rss/articles/CBMi{token}?oc=5"
        title = escape(f"{story.title} - {outlet.name}")
        anchor = escape(
            f'<a href="{link}" target="_blank">{escape(story.title)}</a>&nbsp;&nbsp;'
            f'<font color="#6f6f6f">{escape(outlet.name)}</font>'
        )
        home = quoteattr(f"https://{outlet.slug}.example")
        return (
            f"<item><title>{title}</title><link>{link}</link>"
            f'<guid isPermaLink="false">CBMi{token}</guid>'
            f"<pubDate>{format_datetime(self.index.time(article), usegmt=True)}</pubDate>"
            f"<description>{anchor}</description>"
            f"<source url={home}>{escape(outlet.name)}</source></item>"
        )
