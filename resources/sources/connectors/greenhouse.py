"""Greenhouse public job boards: one answer holds the whole board.

https://developers.greenhouse.io/job-board.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from resources.sources.connectors.base import Context, Emission
from resources.sources.connectors.boards import JobAnswer, fetch_boards, parse_jobs


def parse(
    payload: bytes, board_token: str, *, fetched_at: datetime, source_url: str = "file:"
) -> JobAnswer:
    """Jobs of a board's answer. Raises ``BadResponseError`` for another shape."""
    return parse_jobs(
        payload,
        "greenhouse",
        board_token,
        list_field="jobs",
        title_field="title",
        time_field="updated_at",
        fetched_at=fetched_at,
        source_url=source_url,
    )


def fetch(context: Context) -> Iterator[Emission]:
    """New and changed jobs and the manifest of every Greenhouse board among the targets."""

    def ask(token: str) -> JobAnswer:
        url = f"{context.urls['boards']}/v1/boards/{quote(token, safe='')}/jobs"
        answer = context.session.get(url, {"content": "true"})
        return parse(answer.content, token, fetched_at=context.fetched_at, source_url=answer.url)

    return fetch_boards(context, ask)
