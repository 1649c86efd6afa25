"""USAJobs' search: positions of the United States government, agencies as employers.

Every position announced lately is read, page by page; the vendor knows its user by the key and by
the e-mail address in the User-Agent. https://developer.usajobs.gov/api-reference/get-api-search
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from resources.http import BadResponseError, SourceError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Rejected,
    cursor_floor,
    stated_time,
)

#: More pages than this mean that ``Page`` is not honoured (the vendor shows 10,000 at most).
MAX_PAGES = 400
#: The vendor counts days of announcement up to this.
LONGEST_DAYS = 60


def parse(
    payload: bytes, *, fetched_at: datetime, source_url: str = "file:"
) -> list[Record | Rejected]:
    """Items of one page; one without id or title is rejected.

    Raises ``BadResponseError`` when the answer has no ``SearchResult.SearchResultItems``.
    """
    decoded = decode_json(payload, "usajobs", source_url)
    result = decoded.get("SearchResult") if isinstance(decoded, dict) else None
    items = result.get("SearchResultItems") if isinstance(result, dict) else None
    if not isinstance(items, list):
        raise BadResponseError(
            "usajobs",
            source_url,
            "search answer has no list 'SearchResult.SearchResultItems'",
            excerpt=payload,
        )
    answer: list[Record | Rejected] = []
    for position, item in enumerate(items):
        told = item.get("MatchedObjectDescriptor") if isinstance(item, dict) else None
        identifier = item.get("MatchedObjectId") if isinstance(item, dict) else None
        title = told.get("PositionTitle") if isinstance(told, dict) else None
        if not isinstance(identifier, str | int) or not isinstance(title, str):
            answer.append(
                Rejected(
                    "usajobs",
                    "jobs",
                    f"us/#{position}",
                    "missing_field",
                    f"search result {position} has no MatchedObjectId or PositionTitle",
                    excerpt=encode_json(item),
                )
            )
            continue
        answer.append(
            Record(
                source="usajobs",
                stream="jobs",
                record_id=f"us/{identifier}",
                observed_at=stated_time(told.get("PublicationStartDate"), fetched_at),
                fetched_at=fetched_at,
                source_url=source_url,
                payload=encode_json(item),
            )
        )
    return answer


def fetch(context: Context) -> Iterator[Emission]:
    """Positions announced since the cursor, with an overlap; at first those of ``history_days``.

    The cursor moves to the fetch's time only when every page was read.
    """
    limit = int(context.option("page_size", 250))
    floor = cursor_floor(
        context.cursors.get(("jobs", "")), float(context.option("overlap_days", 3))
    )
    days = int(context.option("history_days", 30))
    if floor is not None:
        days = (context.fetched_at - floor).days + 1
    days = max(1, min(days, LONGEST_DAYS))
    count = 0

    def ask(page: int) -> Iterator[Emission]:
        nonlocal count
        answer = context.session.get(
            f"{context.urls['api']}/search",
            {"DatePosted": days, "ResultsPerPage": limit, "Page": page, "Fields": "full"},
            cache=False,
        )
        found = parse(answer.content, fetched_at=context.fetched_at, source_url=answer.url)
        count = len(found)
        return (item for item in found if isinstance(item, Rejected) or context.is_new(item))

    for page in range(1, MAX_PAGES + 1):
        failed = False
        for item in context.each([page], lambda page: f"page {page}", ask, "jobs"):
            failed = failed or isinstance(item, Failed)
            yield item
        if failed:
            return
        if count < limit:
            yield Cursor("jobs", "", context.fetched_at.isoformat())
            return
    raise SourceError(
        context.source, context.urls["api"], f"more than {MAX_PAGES} pages; Page is not honoured"
    )
