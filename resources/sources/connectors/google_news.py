"""Google News: what the world's press prints about one company, as the RSS feed of a search.

One question a company; with more companies than ``companies_per_day`` each day takes the next in
turn. The feed gives headline, outlet, time and link and no text, so only what a headline tells can
be read from it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from resources.http import encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Emission,
    Rejected,
    Skipped,
    Target,
    stated_time,
)
from resources.sources.connectors.feeds import feed_time, read_entries
from resources.sources.connectors.newsapi import answered, in_turn, since


def parse(
    payload: bytes,
    company: str,
    domain: str | None,
    *,
    fetched_at: datetime,
    source_url: str = "file:",
    content_type: str = "",
) -> list[Record | Rejected]:
    """Entries of a search's feed, each with the company that was asked for.

    Raises ``BadResponseError`` when the answer is no whole feed (see ``read_entries``).
    """
    entries = read_entries(
        payload,
        "google_news",
        f"the search for {company!r}",
        source_url=source_url,
        content_type=content_type,
    )
    return [
        _entry(entry, position, company, domain, fetched_at, source_url)
        for position, entry in enumerate(entries)
    ]


def _entry(
    entry: Any,
    position: int,
    company: str,
    domain: str | None,
    fetched_at: datetime,
    source_url: str,
) -> Record | Rejected:
    title, link = entry.get("title", ""), entry.get("link", "")
    guid = entry.get("id") or link
    if not guid or not title:
        return Rejected(
            "google_news",
            "articles",
            f"{domain or company}/#{position}",
            "missing_field",
            f"entry {position} for {company!r} has no guid, link or title [{source_url}]",
            excerpt=str(entry.get("summary", "")),
        )
    outlet = entry.get("source") or {}
    published = feed_time(entry.get("published_parsed"))
    payload = {
        "company": company,
        "company_domain": domain,
        "outlet": outlet.get("title", ""),
        "outlet_url": outlet.get("href", ""),
        "guid": guid,
        "title": title,
        "link": link,
        "published": published.isoformat() if published else None,
    }
    # One article stands in the feeds of several companies; each asked for it in its own right.
    short = hashlib.sha256(guid.encode()).hexdigest()[:32]
    return Record(
        source="google_news",
        stream="articles",
        record_id=f"{domain or company}/{short}",
        observed_at=stated_time(payload["published"], fetched_at),
        fetched_at=fetched_at,
        source_url=link or source_url,
        payload=encode_json(payload),
    )


def fetch(context: Context) -> Iterator[Emission]:
    """The feed of each watched company whose turn it is; what the lake holds is not told again."""
    by_label = {target.domain or target.name: target for target in context.targets if target.name}
    per_day = int(context.option("companies_per_day", 200))
    chosen = in_turn(list(by_label), per_day, context.day.toordinal())
    if len(chosen) < len(by_label):
        yield Skipped(
            f"{len(by_label) - len(chosen)} of {len(by_label)} companies",
            f"options.companies_per_day is {per_day}; their turn comes on another day",
        )
    # Read once, before the threads ask for it.
    context.versions("articles")

    def ask(label: str) -> Iterator[Emission]:
        target: Target = by_label[label]
        name = " ".join(target.name.replace('"', " ").split())
        days = -((since(context, label) - context.fetched_at) // timedelta(days=1))
        answer = context.session.get(
            f"{context.urls['feed']}/search",
            {
                "q": f'"{name}" when:{days}d',
                "hl": str(context.option("language", "en-US")),
                "gl": str(context.option("country", "US")),
                "ceid": str(context.option("edition", "US:en")),
            },
        )
        found = parse(
            answer.content,
            target.name,
            target.domain,
            fetched_at=context.fetched_at,
            source_url=answer.url,
            content_type=answer.headers.get("Content-Type", ""),
        )
        for item in found:
            if isinstance(item, Rejected) or context.is_new(item):
                yield item
        yield from answered(context, label, found)

    yield from context.each(chosen, str, ask, "articles", lambda label: [by_label[label].name])
