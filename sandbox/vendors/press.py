"""Press feeds: RSS with texts or excerpts, or Atom; paged by ``?paged=N`` until 404, as blogs."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from sandbox.answers import Answer, Request, whole
from sandbox.market import Market
from sandbox.market.market import guid
from sandbox.market.press import Article, changed_on
from sandbox.market.press_text import Story, render, slug_of
from sandbox.market.words import ALL_OUTLETS, OUTLET_INDEX, Outlet


class Feeds:
    """``GET /<outlet>/feed?paged=N``."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self._days = [[article.day for article in shelf] for shelf in market.articles]

    def answer(self, request: Request) -> Answer:
        """A page of the outlet's feed; 404 beyond the last page."""
        number = OUTLET_INDEX.get(request.parts[0]) if request.parts else None
        if (
            number is None
            or number >= len(self.market.articles)
            or request.parts[1:] not in (["feed"], ["feed", ""])
        ):
            return Answer(404, b"Not found", "text/plain; charset=utf-8")
        outlet = ALL_OUTLETS[number]
        page = whole(request.query.get("paged"), 1, 1, 10**6)
        shelf = self.market.articles[number]
        visible = bisect_right(self._days[number], request.day)
        last = visible - (page - 1) * outlet.page_size
        if last <= 0 and page > 1:
            return Answer(404, b"Not found", "text/plain; charset=utf-8")
        shown = shelf[max(0, last - outlet.page_size) : max(0, last)][::-1]
        newest = self.market.time(0)
        if visible:
            newest = self.market.time(shelf[visible - 1].day, shelf[visible - 1].second)
        write = {"atom": _atom, "rss": _rss, "excerpts": _excerpts}[outlet.form]
        entries = [self._entry(article, request.day) for article in shown]
        body, media_type = write(outlet, newest, entries)
        return Answer(200, body.encode(), media_type, modified=newest)

    def _entry(self, article: Article, day: int) -> tuple[Article, Story, str, datetime, datetime]:
        company = self.market.companies[article.company]
        story = render(article, company, day)
        changed = changed_on(article, day)
        # The link keeps the words of the first headline, as links do.
        first = render(article, company, article.day).title if changed else story.title
        published = self.market.time(article.day, article.second)
        updated = published if changed is None else self.market.time(changed, article.second)
        when = self.market.date(article.day)
        link = (
            f"https://{ALL_OUTLETS[article.outlet].slug}.example/{when:%Y/%m}/{slug_of(first)}-"
            f"{article.article_id.lower()}"
        )
        return article, story, link, published, updated


def _rss(
    outlet: Outlet,
    newest: datetime,
    entries: list[tuple[Article, Story, str, datetime, datetime]],
) -> tuple[str, str]:
    home = f"https://{outlet.slug}.example"
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{link}</link>"
        f"<dc:creator>{escape(story.author)}</dc:creator>"
        f"<pubDate>{format_datetime(published)}</pubDate>"
        + "".join(f"<category>{escape(c)}</category>" for c in story.categories)
        + f'<guid isPermaLink="false">{guid(article)}</guid>'
        f"<description>{escape(story.summary)}</description>"
        f"<content:encoded><![CDATA[{story.content}]]></content:encoded></item>\n"
        for article, story, link, published, _ in entries
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{home}/</link>"
        f'<atom:link href="{home}/feed" rel="self" type="application/rss+xml"/>'
        f"<description>News from {escape(outlet.name)}</description>"
        f"<lastBuildDate>{format_datetime(newest)}</lastBuildDate><language>en-US</language>\n"
        f"{items}</channel></rss>\n"
    )
    return body, "application/rss+xml; charset=UTF-8"


def _excerpts(
    outlet: Outlet,
    newest: datetime,
    entries: list[tuple[Article, Story, str, datetime, datetime]],
) -> tuple[str, str]:
    """TechCrunch's shape: WordPress' RSS with an excerpt and a notice of rights, and no text."""
    home = f"https://{outlet.slug}.example"
    items = "".join(
        f"<item><title>{escape(story.title)}</title><link>{link}</link>"
        f"<dc:creator><![CDATA[{story.author}]]></dc:creator>"
        f"<pubDate>{published:%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        + "".join(f"<category><![CDATA[{c}]]></category>" for c in story.categories)
        + f'<guid isPermaLink="false">{guid(article)}</guid>'
        f"<description><![CDATA[<p>{escape(story.summary)}</p>\n<p>© {published.year} "
        f"{outlet.name}. All rights reserved. For personal use only.</p>]]></description></item>\n"
        for article, story, link, published, _ in entries
    )
    body = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>{escape(outlet.name)}</title>"
        f'<atom:link href="{home}/feed/" rel="self" type="application/rss+xml" />'
        f"<link>{home}/</link><description>Startup and Technology News</description>"
        f"<lastBuildDate>{newest:%a, %d %b %Y %H:%M:%S +0000}</lastBuildDate>"
        "<language>en-US</language><sy:updatePeriod>hourly</sy:updatePeriod>"
        "<sy:updateFrequency>1</sy:updateFrequency>"
        f"<generator>https://wordpress.org/?v=6.8</generator>\n{items}</channel></rss>\n"
    )
    return body, "application/rss+xml; charset=UTF-8"


def _atom(
    outlet: Outlet,
    newest: datetime,
    entries: list[tuple[Article, Story, str, datetime, datetime]],
) -> tuple[str, str]:
    home = f"https://{outlet.slug}.example"
    items = "".join(
        f"<entry><id>{guid(article)}</id><title>{escape(story.title)}</title>"
        f'<link rel="alternate" type="text/html" href="{link}"/>'
        f"<author><name>{escape(story.author)}</name></author>"
        f"<published>{published:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{updated:%Y-%m-%dT%H:%M:%SZ}</updated>"
        + "".join(f"<category term={quoteattr(c)}/>" for c in story.categories)
        + f"<summary>{escape(story.summary)}</summary>"
        f'<content type="html">{escape(story.content)}</content></entry>\n'
        for article, story, link, published, updated in entries
    )
    body = (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(outlet.name)}</title><id>{home}/</id>"
        f'<link rel="self" href="{home}/feed"/><link rel="alternate" href="{home}/"/>'
        f"<updated>{newest:%Y-%m-%dT%H:%M:%SZ}</updated>\n{items}</feed>\n"
    )
    return body, "application/atom+xml; charset=UTF-8"
