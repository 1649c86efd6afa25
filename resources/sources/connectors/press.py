"""Press: entries of RSS and Atom feeds, newest first, page by page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from resources.http import BadResponseError, SourceError, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    cursor_floor,
    parse_time,
    stated_time,
)
from resources.sources.connectors.feeds import feed_time, read_entries


def parse(
    payload: bytes,
    outlet: str,
    *,
    fetched_at: datetime,
    source_url: str = "file:",
    content_type: str = "",
) -> list[Record | Rejected]:
    """Entries of one page of a feed; one without guid gets one from its link or title.

    Raises ``BadResponseError`` when the answer is no whole feed (see ``read_entries``).
    """
    entries = read_entries(
        payload, "press", f"outlet {outlet!r}", source_url=source_url, content_type=content_type
    )
    return [
        _entry(entry, position, outlet, fetched_at, source_url)
        for position, entry in enumerate(entries)
    ]


def _entry(
    entry: Any, position: int, outlet: str, fetched_at: datetime, source_url: str
) -> Record | Rejected:
    link, title = entry.get("link", ""), entry.get("title", "")
    guid = entry.get("id") or link
    if not guid and title:
        guid = f"title:{hashlib.sha256(title.encode()).hexdigest()[:32]}"
    if not guid:
        return Rejected(
            "press",
            "articles",
            f"{outlet}/#{position}",
            "no_identity",
            f"entry {position} of outlet {outlet!r} has no guid, link or title [{source_url}]",
            excerpt=str(entry.get("summary", "")),
        )
    published = feed_time(entry.get("published_parsed") or entry.get("updated_parsed"))
    content = " ".join(part.get("value", "") for part in entry.get("content", []))
    payload = {
        "outlet": outlet,
        "guid": guid,
        "title": title,
        "link": link,
        "published": published.isoformat() if published else None,
        "summary": entry.get("summary", ""),
        "content": content,
        "author": entry.get("author", ""),
        "categories": [tag.get("term") for tag in entry.get("tags", []) if tag.get("term")],
    }
    return Record(
        source="press",
        stream="articles",
        record_id=f"{outlet}/{guid}",
        observed_at=stated_time(payload["published"], fetched_at),
        fetched_at=fetched_at,
        source_url=link or source_url,
        payload=encode_json(payload),
    )


def fetch(context: Context) -> Iterator[Emission]:
    """Every outlet's feed, back to what the last complete reading saw.

    A reading that broke off moves no cursor, so the next one goes all the way again.
    """
    outlets = sorted(context.urls)
    context.versions("articles")  # read once, before the threads ask for it
    yield from context.each(outlets, str, lambda outlet: _outlet(context, outlet), "articles")


def _outlet(context: Context, outlet: str) -> Iterator[Emission]:
    feed = context.urls[outlet]
    floor = cursor_floor(
        context.cursors.get(("articles", outlet)), float(context.option("overlap_days", 3))
    )
    newest: datetime | None = None
    previous: set[str] = set()
    for page in range(1, int(context.option("max_pages", 50)) + 1):
        # Feeds beyond the first page end with 404, as WordPress feeds do.
        try:
            answer = context.session.get(
                feed, {"paged": page} if page > 1 else None, accept=(404, 410) if page > 1 else ()
            )
        except SourceError as error:
            if page == 1:
                raise
            yield Failed(f"{outlet} page {page}", str(error))
            return
        if answer.status >= 400:
            break
        try:
            found = parse(
                answer.content,
                outlet,
                fetched_at=context.fetched_at,
                source_url=answer.url,
                content_type=answer.headers.get("Content-Type", ""),
            )
        except BadResponseError as error:
            yield Failed(f"{outlet} page {page}", str(error))
            yield Rejected(
                context.source,
                "articles",
                f"{outlet} page {page}",
                "bad_response",
                str(error),
                excerpt=error.excerpt,
            )
            return
        records = [item for item in found if isinstance(item, Record)]
        identifiers = {record.record_id for record in records}
        if not found or identifiers <= previous:
            break  # The end, or a feed that knows no pages and repeats its first.
        previous = identifiers
        for item in found:
            if isinstance(item, Rejected) or context.is_new(item):
                yield item
        times = [
            moment
            for record in records
            if (moment := parse_time(_published(record))) is not None
            and moment <= context.fetched_at
        ]
        newest = max([*times, newest] if newest else times, default=None)
        if floor is not None and times and max(times) < floor:
            break
        if floor is not None and not any(context.is_new(record) for record in records):
            break
    if newest is not None:
        yield Cursor("articles", outlet, newest.isoformat())


def _published(record: Record) -> str | None:
    """The entry's own date as stored; None when it stated none."""
    return record.observed_at.isoformat() if record.observed_at < record.fetched_at else None
