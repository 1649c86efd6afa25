"""NewsAPI: articles of the press that name a watched company, by the ``everything`` search.

Names are asked for together, as many as the vendor's longest query holds, because a plan counts
requests: a free one allows a hundred a day. With more names than a day's requests can ask for, each
day takes the next ones in turn. https://newsapi.org/docs/endpoints/everything
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from resources.http import BadResponseError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Rejected,
    Skipped,
    Target,
    cursor_floor,
    parse_time,
    stated_time,
)

#: Longest ``q`` that the vendor takes, in characters.
MAX_QUERY = 500
#: Most articles of one page.
PAGE_SIZE = 100
#: The status with which the vendor says that a plan shows no further page.
NO_FURTHER_PAGE = 426
#: Characters of a name below which a search finds anything.
SHORTEST_NAME = 3


def parse(
    payload: bytes, *, fetched_at: datetime, source_url: str = "file:"
) -> list[Record | Rejected]:
    """Articles of one page as the vendor tells them; one without address or title is rejected.

    Raises ``BadResponseError`` when the answer is an error or has no list ``articles``.
    """
    decoded = decode_json(payload, "newsapi", source_url)
    if not isinstance(decoded, dict) or not isinstance(decoded.get("articles"), list):
        said = decoded.get("message") if isinstance(decoded, dict) else None
        raise BadResponseError(
            "newsapi",
            source_url,
            f"the vendor says: {said}" if said else "answer has no list 'articles'",
            excerpt=payload,
        )
    answer: list[Record | Rejected] = []
    for position, article in enumerate(decoded["articles"]):
        url = article.get("url") if isinstance(article, dict) else None
        if not isinstance(url, str) or not url or not isinstance(article.get("title"), str):
            answer.append(
                Rejected(
                    "newsapi",
                    "articles",
                    str(url or f"#{position}"),
                    "missing_field",
                    f"article {position} has no 'url' or no 'title' [{source_url}]",
                    excerpt=encode_json(article),
                )
            )
            continue
        if article["title"] == "[Removed]":
            continue  # What the vendor had to take out it still lists, under this title.
        answer.append(
            Record(
                source="newsapi",
                stream="articles",
                record_id=url,
                observed_at=stated_time(article.get("publishedAt"), fetched_at),
                fetched_at=fetched_at,
                source_url=url,
                payload=encode_json(article),
            )
        )
    return answer


def queries(targets: Sequence[Target], longest: int = MAX_QUERY) -> list[str]:
    """Searches that together ask for every target's name once, none longer than ``longest``."""
    asked: list[str] = []
    current = ""
    for name in dict.fromkeys(" ".join(t.name.replace('"', " ").split()) for t in targets):
        if len(name) < SHORTEST_NAME or len(name) > longest - 2:
            continue
        phrase = f'"{name}"'
        if current and len(current) + len(" OR ") + len(phrase) > longest:
            asked.append(current)
            current = ""
        current = f"{current} OR {phrase}" if current else phrase
    return [*asked, current] if current else asked


def names_in(query: str) -> list[str]:
    """The names that a search asks for.

    >>> names_in('"Acme" OR "Oak & Pine"')
    ['Acme', 'Oak & Pine']
    """
    return query.split('"')[1::2]


def in_turn(items: Sequence[str], per_day: int, day: int) -> list[str]:
    """At most ``per_day`` items, those whose turn it is on the ``day``-th day of all time."""
    if len(items) <= per_day:
        return list(items)
    start = day * per_day % len(items)
    return [items[(start + step) % len(items)] for step in range(per_day)]


def since(context: Context, key: str) -> datetime:
    """From when on a question is asked: ``overlap_days`` before it was last answered.

    One never answered, or only for a later day, looks back ``history_days``.
    """
    history = timedelta(days=float(context.option("history_days", 29)))
    floor = cursor_floor(
        context.cursors.get(("articles", key)), float(context.option("overlap_days", 14))
    )
    earliest = context.fetched_at - history
    return earliest if floor is None or floor >= context.fetched_at else max(floor, earliest)


def answered(context: Context, key: str, found: Sequence[Record | Rejected]) -> Iterator[Cursor]:
    """The cursor of a question that was answered now, unless it was answered for a later day.

    An answer with nothing in it, or with something that could not be read, moves no cursor: it may
    be what a vendor says who has renamed a field, and asking again costs no more.
    """
    if not found or any(isinstance(item, Rejected) for item in found):
        return
    last = parse_time(context.cursors.get(("articles", key)))
    if last is None or last < context.fetched_at:
        yield Cursor("articles", key, context.fetched_at.isoformat())


def fetch(context: Context) -> Iterator[Emission]:
    """What was published of late on the watched companies; what the lake holds is not told again.

    Each search looks back to when it was last answered, so one that failed or whose turn was days
    ago misses nothing within the vendor's archive.
    """
    per_day = int(context.option("requests_per_day", 100))
    asked = queries(context.targets)
    chosen = in_turn(asked, per_day, context.day.toordinal())
    if len(asked) > len(chosen):
        yield Skipped(
            f"{len(asked) - len(chosen)} of {len(asked)} searches",
            f"options.requests_per_day is {per_day}; their turn comes on another day",
        )
    # Read once, before the threads ask for it.
    context.versions("articles")

    def ask(query: str) -> Iterator[Emission]:
        told: list[Record | Rejected] = []
        key = hashlib.sha256(query.encode()).hexdigest()[:32]
        for page in range(1, int(context.option("max_pages", 5)) + 1):
            answer = context.session.get(
                f"{context.urls['api']}/everything",
                {
                    "q": query,
                    "searchIn": "title,description",
                    "language": str(context.option("language", "en")),
                    "from": since(context, key).strftime("%Y-%m-%dT%H:%M:%S"),
                    "sortBy": "publishedAt",
                    "pageSize": PAGE_SIZE,
                    "page": page,
                },
                accept=(NO_FURTHER_PAGE,) if page > 1 else (),
            )
            if answer.status == NO_FURTHER_PAGE:
                break
            found = parse(answer.content, fetched_at=context.fetched_at, source_url=answer.url)
            told += found
            for item in found:
                if isinstance(item, Rejected) or context.is_new(item):
                    yield item
            if len(found) < PAGE_SIZE:
                break
        yield from answered(context, key, told)

    yield from context.each(chosen, lambda query: query[:80], ask, "articles", names_in)
