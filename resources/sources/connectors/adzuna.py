"""Adzuna's job search, asked for each company by name: what aggregators and agencies advertise.

Results are shortened texts of many employers, without word of their closing. A day's questions are
limited by the vendor, so companies take turns: those asked longest ago come first.
https://developer.adzuna.com/docs/search
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from resources.http import BadResponseError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Rejected,
    Target,
    stated_time,
)

#: Results a page holds at most.
PAGE_SIZE = 50
MAX_PAGES = 20


def parse(
    payload: bytes, country: str, *, fetched_at: datetime, source_url: str = "file:"
) -> list[Record | Rejected]:
    """Results of one page. Raises ``BadResponseError`` when the answer has no list ``results``."""
    decoded = decode_json(payload, "adzuna", source_url)
    results = decoded.get("results") if isinstance(decoded, dict) else None
    if not isinstance(results, list):
        raise BadResponseError(
            "adzuna", source_url, "search answer has no list 'results'", excerpt=payload
        )
    answer: list[Record | Rejected] = []
    for position, result in enumerate(results):
        identifier = result.get("id") if isinstance(result, dict) else None
        title = result.get("title") if isinstance(result, dict) else None
        if not isinstance(identifier, str | int) or not isinstance(title, str):
            answer.append(
                Rejected(
                    "adzuna",
                    "jobs",
                    f"{country}/#{position}",
                    "missing_field",
                    f"search result {position} has no id or title",
                    excerpt=encode_json(result),
                )
            )
            continue
        answer.append(
            Record(
                source="adzuna",
                stream="jobs",
                record_id=f"{country}/{identifier}",
                observed_at=stated_time(result.get("created"), fetched_at),
                fetched_at=fetched_at,
                source_url=source_url,
                payload=encode_json(_lasting(result)),
            )
        )
    return answer


def _lasting(result: dict[str, Any]) -> dict[str, Any]:
    """A result without its tracking token, which differs in every answer."""
    return {name: value for name, value in result.items() if name != "adref"}


def fetch(context: Context) -> Iterator[Emission]:
    """New and changed results for the companies whose turn it is.

    The cursor of a company is the day it was asked; it is asked once a day, and then for what came
    since with an overlap.
    """
    countries = [str(country) for country in context.option("countries", ["us"])]
    budget = int(context.option("companies_a_day", 100))
    names = sorted({target.name for target in context.targets if target.name})
    turns = [(context.cursors.get(("jobs", name)) or "", name) for name in names]
    today = context.day.isoformat()
    due = [name for asked, name in sorted(turns) if asked < today]
    begun = sum(asked == today for asked, _ in turns)
    chosen = [Target(name) for name in due[: max(0, budget - begun)]]

    def ask(target: Target) -> Iterator[Emission]:
        last = context.cursors.get(("jobs", target.name))
        days = int(context.option("history_days", 60))
        if last:
            days = (context.day - date.fromisoformat(last)).days + int(
                context.option("overlap_days", 3)
            )
        for country in countries:
            yield from _company(context, target.name, country, max(1, days))
        yield Cursor("jobs", target.name, today)

    yield from context.each(
        chosen, lambda target: target.name, ask, "jobs", lambda target: [target.name]
    )


def _company(context: Context, name: str, country: str, days: int) -> Iterator[Emission]:
    for page in range(1, MAX_PAGES + 1):
        answer = context.session.get(
            f"{context.urls['api']}/jobs/{country}/search/{page}",
            {
                "company": name,
                "results_per_page": PAGE_SIZE,
                "max_days_old": days,
                "sort_by": "date",
                "content-type": "application/json",
            },
            cache=False,
        )
        found = parse(answer.content, country, fetched_at=context.fetched_at, source_url=answer.url)
        yield from (item for item in found if isinstance(item, Rejected) or context.is_new(item))
        if len(found) < PAGE_SIZE:
            return
