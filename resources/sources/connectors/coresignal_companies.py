"""Companies that Coresignal's webhook told of, collected anew by number.

Nothing is searched: who subscribed to a company hears of its changes. One that was updated is
collected, one that was merged leads to the company that it was merged into (and is asked for itself
while it was never collected), and one that was deleted stays as it was last told. Which company
became part of which is said by the notification itself (``mapped_profile_changes``).
https://docs.coresignal.com/company-api/multi-source-company-api
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from resources.http import BadResponseError, SourceError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors import coresignal_changes
from resources.sources.connectors.base import Context, Cursor, Emission, Skipped, stated_time

STREAM = "companies"
CHANGES = "coresignal_company_changes"
#: What is kept of a company: what says who it is, and what the line has a field for.
FIELDS = (
    "id", "name", "website", "domain", "linkedin_url", "employees_count", "industry", "country",
    "locality", "founded", "last_updated",
)  # fmt: skip


def parse(payload: bytes, *, fetched_at: datetime, source_url: str = "file:") -> Record:
    """One collected company. Raises ``BadResponseError`` when the answer is no company."""
    decoded = decode_json(payload, "coresignal", source_url)
    number = decoded.get("id") if isinstance(decoded, dict) else None
    if not isinstance(number, int | str) or number == "" or "website" not in decoded:
        raise BadResponseError(
            "coresignal", source_url, "answer has no 'id' and 'website': no company",
            excerpt=payload,
        )  # fmt: skip
    return Record(
        source="coresignal",
        stream=STREAM,
        record_id=str(number),
        observed_at=stated_time(decoded.get("last_updated"), fetched_at),
        fetched_at=fetched_at,
        source_url=_page(decoded) or source_url,
        payload=encode_json({name: decoded[name] for name in FIELDS if name in decoded}),
    )


def fetch(context: Context) -> Iterator[Emission]:
    """Companies told of since they were collected, at most ``company_collects_per_run`` a run.

    The cursor moves when all were asked for; else the next run goes on with those left.
    """
    if "companies" not in context.urls:
        return
    changes, newest = coresignal_changes.told(context, CHANGES, (STREAM, coresignal_changes.CURSOR))
    wanted: dict[str, datetime] = {}
    # The site of a company that is gone, if it was never told: without it nobody knows who it was.
    gone = {number for number, change in changes.items() if change.change_type == "merged"}
    gone -= set(coresignal_changes.stored(context, STREAM, gone))
    for number, change in changes.items():
        changed = {number} if change.change_type in ("added", "updated") else {change.merged_into}
        for each in changed | ({number} & gone):
            wanted[each] = max(change.told_at, wanted.get(each, change.told_at))
    wanted.pop("", None)
    held = coresignal_changes.stored(context, STREAM, wanted)
    budget, left = int(context.option("company_collects_per_run", 50)), 0
    for number, told_at in sorted(wanted.items()):
        if number in held and held[number]["fetched_at"] >= told_at:
            continue
        if budget <= 0:
            left += 1
            continue
        budget -= 1
        item = _collect(context, number)
        if isinstance(item, SourceError):
            left += 1
            if getattr(item, "status", None) == coresignal_changes.CREDITS_EXHAUSTED:
                budget = 0
            item = Skipped(f"company {number}", context.session.redact(str(item)))
        if not isinstance(item, Record) or context.is_new(item):
            yield item
    if left:
        yield Skipped(f"{left} companies", "not collected yet; the next run goes on with them")
    elif newest is not None:
        yield Cursor(STREAM, coresignal_changes.CURSOR, newest.isoformat())


def _collect(context: Context, number: str) -> Record | Skipped | SourceError:
    try:
        url = f"{context.urls['companies']}/collect/{number}"
        answer = context.session.get(url, cache=False, accept=(404,))
        if answer.status == 404:
            return Skipped(f"company {number}", "no such company any more")
        return parse(answer.content, fetched_at=context.fetched_at, source_url=answer.url)
    except SourceError as error:
        return error


def _page(company: Mapping[str, Any]) -> str | None:
    """The company's page for people."""
    address = company.get("linkedin_url")
    return address if isinstance(address, str) and address.startswith("https://") else None
