"""Employees from Coresignal's multi-source employee API: search by company, collect by id.

The search answers with ids, a page at a time; the header ``x-next-page-after`` holds what ``after``
asks for next. Searching is cheap, collecting a profile costs credits: only people whose experience
changed since their company was searched are collected, at most ``collects_per_run`` a run, and
nobody again within ``recollect_days``. Profiles that the vendor's webhook has told of since they
were collected come first; one that was deleted is stored again as deleted. Of a profile only what
tells of positions is stored. Companies that the vendor told of are collected too
(``coresignal_companies``).
https://docs.coresignal.com/employee-api/multi-source-employee-api
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from resources.http import BadResponseError, SourceError, decode_json, encode_json
from resources.lake import Record
from resources.sources.connectors import coresignal_changes, coresignal_companies
from resources.sources.connectors.base import (
    Context,
    Cursor,
    Emission,
    Failed,
    Skipped,
    cursor_floor,
    parse_time,
    stated_time,
)

STREAM = "employees"
#: Where notifications of changed profiles lie.
CHANGES = "coresignal_changes"

#: What is kept of a profile: identity and positions, no contact details and nothing inferred.
FIELDS = (
    "id", "full_name", "headline", "title", "linkedin_url", "is_deleted", "is_decision_maker",
    "updated_at", "last_updated", "experience_change_last_identified_at",
)  # fmt: skip
EXPERIENCE_FIELDS = (
    "active_experience", "position_title", "title", "department", "management_level",
    "company_id", "company_name", "company_website", "date_from", "date_from_year",
    "date_from_month", "date_to", "date_to_year", "date_to_month", "order_in_profile",
)  # fmt: skip

#: Profiles in a row that fail before the rest of a search is left for the next run.
FAILURES_IN_A_ROW = 3
#: More pages than this mean that ``after`` is not honoured.
MAX_PAGES = 1_000


def search_body(domains: Sequence[str], since: str) -> dict[str, Any]:
    """Query for people with a position at one of the companies whose experience changed lately."""
    employers = [
        {"match_phrase": {"experience.company_website.domain_only": domain}} for domain in domains
    ]
    return {
        "query": {
            "bool": {
                "must": [
                    {
                        "nested": {
                            "path": "experience",
                            "query": {"bool": {"should": employers, "minimum_should_match": 1}},
                        }
                    },
                    {"range": {"experience_change_last_identified_at": {"gte": since}}},
                ]
            }
        },
        "sort": ["id"],
    }


def parse_ids(payload: bytes, source_url: str = "file:") -> list[str]:
    """Ids of one page of a search. Raises ``BadResponseError`` for anything but a list of them."""
    decoded = decode_json(payload, "coresignal", source_url)
    if not isinstance(decoded, list) or not all(
        isinstance(item, int | str) and not isinstance(item, bool) for item in decoded
    ):
        raise BadResponseError(
            "coresignal", source_url, "search answer is no list of ids", excerpt=payload
        )
    return [str(item) for item in decoded]


def parse(payload: bytes, *, fetched_at: datetime, source_url: str = "file:") -> Record | Skipped:
    """One collected profile; one that was deleted or made private is skipped.

    Raises ``BadResponseError`` when the answer is no profile.
    """
    decoded = decode_json(payload, "coresignal", source_url)
    if not isinstance(decoded, dict) or "experience" not in decoded:
        raise BadResponseError(
            "coresignal", source_url, "answer has no 'experience': no profile", excerpt=payload
        )
    record_id = decoded.get("id")
    if not isinstance(record_id, int | str) or record_id == "":
        # A failure, not a bad row: the person is asked for again once the shape is understood.
        raise BadResponseError(
            "coresignal", source_url, "profile has no 'id': the shape has changed", excerpt=payload
        )
    if decoded.get("is_deleted") == 1:
        return Skipped(f"employee {record_id}", "the profile was deleted or made private")
    kept: dict[str, Any] = {name: decoded[name] for name in FIELDS if name in decoded}
    experience = decoded["experience"] if isinstance(decoded["experience"], list) else []
    kept["experience"] = [
        {name: item[name] for name in EXPERIENCE_FIELDS if name in item}
        for item in experience
        if isinstance(item, dict)
    ]
    stated = decoded.get("updated_at") or decoded.get("last_updated")
    return Record(
        source="coresignal",
        stream=STREAM,
        record_id=str(record_id),
        observed_at=stated_time(stated, fetched_at),
        fetched_at=fetched_at,
        source_url=_page(decoded) or source_url,
        payload=encode_json(kept),
    )


def _page(profile: dict[str, Any]) -> str | None:
    """The profile's page for people."""
    address = profile.get("linkedin_url")
    return address if isinstance(address, str) and address.startswith("https://") else None


def fetch(context: Context) -> Iterator[Emission]:
    """People of the targets whose positions changed since their company was searched, in budget.

    A company's cursor moves only when everybody found at it was collected; else the next run finds
    them again and goes on with those it has not collected lately. A company listed today has no
    cursor: its people are looked for as far back as everybody's were at first.
    """
    budget = _Budget(int(context.option("collects_per_run", 200)), _collected_lately(context))
    yield from _notified(context, budget)
    yield from coresignal_companies.fetch(context)
    batches = _due(context)
    if not batches:
        # Fetched again for what the webhook tells: everybody was looked for a short while ago.
        context.succeeded += 1
        return

    def ask(batch: list[_Search]) -> Iterator[Emission]:
        return _batch(context, batch, budget)

    yield from context.each(
        batches,
        lambda batch: f"{batch[0].domain} and {len(batch) - 1} more",
        ask,
        STREAM,
        about=lambda batch: [one.domain for one in batch],
    )
    if budget.left_out:
        yield Skipped(
            f"{len(budget.left_out)} employees",
            "not collected, collects_per_run is spent or asking failed; the next run goes on",
        )


@dataclass(frozen=True, slots=True, order=True)
class _Search:
    """A company whose people are due to be looked for, and from which change on."""

    since: datetime
    domain: str


def _due(context: Context) -> list[list[_Search]]:
    """Companies to search, those searched alike together, ``companies_per_search`` at a time."""
    history = context.fetched_at - timedelta(days=float(context.option("history_days", 90)))
    overlap = float(context.option("overlap_days", 2))
    pause = timedelta(hours=float(context.option("search_every_hours", 0)))
    due: list[_Search] = []
    for domain in {target.domain for target in context.targets if target.domain}:
        cursor = context.cursors.get((STREAM, domain))
        searched = parse_time(cursor)
        if searched is not None and timedelta(0) <= context.fetched_at - searched < pause:
            continue
        due.append(_Search(cursor_floor(cursor, overlap) or history, domain))
    due.sort()
    size = int(context.option("companies_per_search", 25))
    return [due[at : at + size] for at in range(0, len(due), size)]


def _notified(context: Context, budget: _Budget) -> Iterator[Emission]:
    """Profiles of which the vendor's webhook told since they were collected.

    A profile that nobody has collected yet is taken too: the user subscribed to it. The cursor
    moves when all were asked for, so that one that had not changed after all is paid for once.
    """
    cursor = (STREAM, coresignal_changes.CURSOR)
    told, newest_told = coresignal_changes.told(context, CHANGES, cursor)
    stored = coresignal_changes.stored(context, STREAM, told)
    for employee, change in sorted(told.items()):
        before = stored.get(employee)
        if before is not None and before["fetched_at"] >= change.told_at:
            continue
        if change.change_type == "deleted":
            item: Record | Skipped | None = _deleted(context, employee, before)
        else:
            budget.known.discard(employee)
            item = _within(context, budget, employee)
        if item is not None and (not isinstance(item, Record) or context.is_new(item)):
            yield item
    if newest_told is not None and not budget.left_out:
        yield Cursor(*cursor, newest_told.isoformat())


def _within(context: Context, budget: _Budget, employee: str) -> Record | Skipped | None:
    """One profile if the budget allows; what fails now is found again by the next run."""
    if not budget.takes(employee):
        return None
    try:
        return _collect(context, employee)
    except SourceError as error:
        if getattr(error, "status", None) == coresignal_changes.CREDITS_EXHAUSTED:
            budget.collects = 0
        budget.left_out.add(employee)
        return Skipped(f"employee {employee}", context.session.redact(str(error)))


def _deleted(context: Context, employee: str, stored: dict[str, Any] | None) -> Record | Skipped:
    if stored is None:
        return Skipped(f"employee {employee}", "deleted before it was ever collected")
    kept = {**json.loads(stored["payload"]), "is_deleted": 1}
    return Record(
        source=context.source, stream=STREAM, record_id=employee, observed_at=context.fetched_at,
        fetched_at=context.fetched_at, source_url=_page(kept) or "webhook:" + CHANGES,
        payload=encode_json(kept),
    )  # fmt: skip


class _Budget:
    """Profiles that may still be collected, those that need not be, and those left out."""

    def __init__(self, collects: int, known: set[str]) -> None:
        self.collects = collects
        self.known = known
        self.left_out: set[str] = set()

    def takes(self, employee: str) -> bool:
        """Whether to collect this person now; each is counted once."""
        if employee in self.known:
            return False
        self.known.add(employee)
        if self.collects <= 0:
            self.left_out.add(employee)
            return False
        self.collects -= 1
        return True


def _collected_lately(context: Context) -> set[str]:
    since = context.fetched_at - timedelta(days=float(context.option("recollect_days", 7)))
    table = context.lake.read(context.source, STREAM, columns=["record_id", "fetched_at"])
    return {
        row["record_id"]
        for row in table.to_pylist()
        if since < row["fetched_at"] <= context.fetched_at
    }


def _batch(context: Context, batch: list[_Search], budget: _Budget) -> Iterator[Emission]:
    """The people of some companies; their cursors move when nobody found was left out."""
    domains = [one.domain for one in batch]
    # To the end before anything is paid for: a page that fails would lose what was collected.
    found = list(_search(context, domains, batch[0].since.date().isoformat()))
    failed = 0
    for employee in found:
        if not budget.takes(employee):
            continue
        try:
            item = _collect(context, employee)
        except SourceError as error:
            # What was collected before has been paid for: it is kept, whatever happens to one.
            exhausted = getattr(error, "status", None) == coresignal_changes.CREDITS_EXHAUSTED
            failed = FAILURES_IN_A_ROW if exhausted else failed + 1
            budget.left_out.add(employee)
            yield Failed(f"employee {employee}", context.session.redact(str(error)))
            if exhausted:
                budget.collects = 0
            if failed >= FAILURES_IN_A_ROW:
                return
            continue
        failed = 0
        if not isinstance(item, Record) or context.is_new(item):
            yield item
    if budget.left_out.isdisjoint(found):
        for domain in domains:
            yield Cursor(STREAM, domain, context.fetched_at.isoformat())


def _collect(context: Context, employee: str) -> Record | Skipped:
    url = f"{context.urls['api']}/collect/{employee}"
    answer = context.session.get(url, cache=False, accept=(404,))
    if answer.status == 404:
        return Skipped(f"employee {employee}", "no such profile any more")
    return parse(answer.content, fetched_at=context.fetched_at, source_url=answer.url)


def _search(context: Context, domains: list[str], since: str) -> Iterator[str]:
    """Ids of every page of one search."""
    url = f"{context.urls['api']}/search/es_dsl"
    after: str | None = None
    for _ in range(MAX_PAGES):
        answer = context.session.post_json(
            url, search_body(domains, since), {"after": after} if after else None
        )
        yield from parse_ids(answer.content, answer.url)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        following = headers.get("x-next-page-after")
        if not following:
            return
        if following == after:
            raise BadResponseError(context.source, url, "'after' is not honoured: a page repeats")
        after = following
    raise BadResponseError(context.source, url, f"more than {MAX_PAGES} pages of one search")
