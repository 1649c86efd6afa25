"""Funding rounds from the Crunchbase v4 search, paged by ``after_id``.

Two shapes of answer are met: ``{"count", "entities": [{"uuid", "properties": {...}}]}`` of the
OpenAPI description and flat ``{"total", "results": [{"uuid", ...}]}``; both are stored as they are.
https://data.crunchbase.com/docs/using-search-apis
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

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

FIELDS = (
    "identifier",
    "announced_on",
    "created_at",
    "updated_at",
    "closed_on",
    "investment_type",
    "investment_stage",
    "money_raised",
    "pre_money_valuation",
    "num_investors",
    "investor_identifiers",
    "lead_investor_identifiers",
    "funded_organization_identifier",
    "short_description",
)

#: More pages than this mean that ``after_id`` is not honoured.
MAX_PAGES = 10_000


def parse(
    payload: bytes,
    *,
    fetched_at: datetime,
    source_url: str = "file:",
    pages: str | None = None,
) -> list[Record | Rejected]:
    """Rounds of one page of either shape; a result without uuid is rejected.

    A record's address is the round's page below ``pages``, where a person can check it, or else the
    search itself. Raises ``BadResponseError`` when the answer has neither ``entities`` nor
    ``results``.
    """
    decoded = decode_json(payload, "crunchbase", source_url)
    results = None
    if isinstance(decoded, dict):
        results = decoded.get("entities", decoded.get("results"))
    if not isinstance(results, list):
        raise BadResponseError(
            "crunchbase",
            source_url,
            "search answer has neither a list 'entities' nor 'results'",
            excerpt=payload,
        )
    answer: list[Record | Rejected] = []
    for position, result in enumerate(results):
        uuid = result.get("uuid") if isinstance(result, dict) else None
        if not isinstance(uuid, str) or not uuid:
            answer.append(
                Rejected(
                    "crunchbase",
                    "funding_rounds",
                    f"#{position}",
                    "missing_field",
                    f"search result {position} has no 'uuid'",
                    excerpt=encode_json(result),
                )
            )
            continue
        answer.append(
            Record(
                source="crunchbase",
                stream="funding_rounds",
                record_id=uuid,
                observed_at=_stated(result, fetched_at),
                fetched_at=fetched_at,
                source_url=_page(result, pages) or source_url,
                payload=encode_json(result),
            )
        )
    if results and all(isinstance(item, Rejected) for item in answer):
        raise BadResponseError(
            "crunchbase",
            source_url,
            f"none of {len(results)} search results has a 'uuid': the vendor's shape has changed",
            excerpt=payload,
        )
    return answer


def _page(result: dict[str, Any], pages: str | None) -> str | None:
    """The round's page for people, when the vendor names it."""
    identifier = _properties(result).get("identifier")
    permalink = identifier.get("permalink") if isinstance(identifier, dict) else None
    return f"{pages}/funding_round/{permalink}" if pages and permalink else None


def _properties(result: dict[str, Any]) -> dict[str, Any]:
    inner = result.get("properties")
    return inner if isinstance(inner, dict) else result


def _stated(result: dict[str, Any], fetched_at: datetime) -> datetime:
    values = _properties(result)
    stated = values.get("updated_at") or values.get("created_at") or values.get("announced_on")
    return stated_time(stated, fetched_at)


def fetch(context: Context) -> Iterator[Emission]:
    """Rounds new or updated since the cursor, oldest update first.

    The cursor follows the pages, so a search that breaks off goes on from there. A lost cursor is
    rebuilt from the newest round in the lake.
    """
    limit = int(context.option("page_size", 1000))
    url = f"{context.urls['api']}/searches/funding_rounds"
    cursor = context.cursors.get(("funding_rounds", ""))
    if cursor is None:
        newest = context.lake.newest(context.source, "funding_rounds")
        cursor = newest.isoformat() if newest else None
    floor = cursor_floor(cursor, float(context.option("overlap_days", 3)))
    query = []
    if floor is not None:
        query.append(
            {
                "type": "predicate",
                "field_id": "updated_at",
                "operator_id": "gte",
                "values": [floor.date().isoformat()],
            }
        )
    reached: datetime | None = None
    in_order = True
    after: str | None = None

    def ask(_: str) -> Iterator[Emission]:
        nonlocal after, in_order, reached
        body: dict[str, Any] = {
            "field_ids": list(FIELDS),
            "query": query,
            "order": [{"field_id": "updated_at", "sort": "asc"}],
            "limit": limit,
        }
        if after is not None:
            body["after_id"] = after
        answer = context.session.post_json(url, body)
        found = parse(
            answer.content,
            fetched_at=context.fetched_at,
            source_url=answer.url,
            pages=context.urls.get("pages"),
        )
        records = [item for item in found if isinstance(item, Record)]
        last = records[-1].record_id if records else None
        if last is not None and last == after:
            raise BadResponseError(context.source, url, "after_id is not honoured: a page repeats")
        after = last if len(found) >= limit else None
        times = [record.observed_at for record in records]
        if times:
            in_order = in_order and times == sorted(times) and (reached or times[0]) <= times[0]
            reached = max(times) if reached is None else max(reached, *times)
        return (item for item in found if isinstance(item, Rejected) or context.is_new(item))

    for page in range(1, MAX_PAGES + 1):
        failed = False
        for item in context.each([f"page {page}"], str, ask, "funding_rounds"):
            failed = failed or isinstance(item, Failed)
            yield item
        # A search that breaks off has reached that far only when it came oldest first.
        if reached is not None and (in_order or not (failed or after)):
            yield Cursor("funding_rounds", "", reached.isoformat())
        if failed or after is None:
            return
    raise SourceError(context.source, url, f"more than {MAX_PAGES} pages; after_id is not honoured")
