"""Lever public postings, paged by ``skip`` and ``limit``.

https://github.com/lever/postings-api
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from resources.http import BadResponseError
from resources.sources.connectors.base import Context, Emission
from resources.sources.connectors.boards import JobAnswer, fetch_boards, parse_jobs

#: A site with more pages than this does not honour ``skip`` and repeats itself.
MAX_PAGES = 100


def parse(
    payload: bytes, board_token: str, *, fetched_at: datetime, source_url: str = "file:"
) -> JobAnswer:
    """Postings of one page. Raises ``BadResponseError`` for another shape."""
    return parse_jobs(
        payload,
        "lever",
        board_token,
        list_field=None,
        title_field="text",
        time_field="createdAt",
        fetched_at=fetched_at,
        source_url=source_url,
    )


def fetch(context: Context) -> Iterator[Emission]:
    """New and changed postings and the manifest of every Lever site among the targets."""
    limit = int(context.option("page_size", 500))

    def ask(token: str) -> JobAnswer:
        url = f"{context.urls['postings']}/v0/postings/{quote(token, safe='')}"
        postings: JobAnswer = []
        for page in range(MAX_PAGES):
            answer = context.session.get(
                url, {"mode": "json", "skip": page * limit, "limit": limit}
            )
            found = parse(
                answer.content, token, fetched_at=context.fetched_at, source_url=answer.url
            )
            postings += found
            if len(found) < limit:
                return postings
        raise BadResponseError(
            "lever", url, f"site {token!r} gave {MAX_PAGES} full pages; it seems to repeat itself"
        )

    return fetch_boards(context, ask)
