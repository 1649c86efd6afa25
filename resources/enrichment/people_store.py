"""Where found people go: into the lake as mapped records, and into the book of searches.

The lake comes first: a search is booked as done only when what it found is stored, so that a kill
between the two makes the next run repeat it, from the answers that were paid for already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from resources.enrichment.people import PeopleSearch
from resources.enrichment.people_found import FoundPerson
from resources.enrichment.tables import people_searches
from resources.http import encode_json
from resources.lake import Lake, Record
from resources.mapped.record_types import RECORD_TYPES
from resources.sources.connectors.base import stated_time
from resources.state import StateStore

STREAM = RECORD_TYPES["person"].stream


def records(search: PeopleSearch, fetched_at: datetime) -> list[Record]:
    """Everybody of a search in the lake's envelope; a vendor's key names the record."""
    made: dict[tuple[str, str], Record] = {}
    for person in (*search.people, *search.confirmed):
        made.setdefault((person.source, person.record_id), _record(person, fetched_at))
    return list(made.values())


def _record(person: FoundPerson, fetched_at: datetime) -> Record:
    position = person.title or "Position not named"
    said = {
        "company_name": person.company_name,
        "company_domain": person.company_domain,
        "full_name": person.full_name,
        "job_title": person.title,
        "email": person.email,
        "phone": person.phone,
        "linkedin_url": person.linkedin_url,
        "started_on": person.started_on,
        "date_precision": person.date_precision,
        "is_current": True,
        "source_url": person.source_url,
        "evidence": f"{position} at {person.company_name}: {person.basis}",
        "confidence": person.confidence,
    }
    fields = {name: value for name, value in said.items() if value is not None}
    return Record(
        source=person.source,
        stream=STREAM,
        record_id=person.record_id,
        observed_at=stated_time(person.stated_at, fetched_at),
        fetched_at=fetched_at,
        source_url=person.source_url,
        payload=encode_json({"fields": fields, "row": person.cells}),
    )


def store(
    lake: Lake,
    state: StateStore,
    day: date,
    fetched_at: datetime,
    search: PeopleSearch,
    run_id: str,
) -> int:
    """Store what a search found and book it as done; returns new rows of the lake."""
    new = 0
    for source, found in _by_source(records(search, fetched_at)):
        versions = lake.versions(source, STREAM, until=fetched_at)
        fresh = [r for r in found if versions.get(r.record_id) != r.payload_sha256]
        if fresh:
            new += lake.write(source, STREAM, day, fresh).new_rows
    counted = Counter(person.source for person in search.people)
    row = {
        "company_id": search.company.company_id,
        "searched_at": search.searched_at,
        "until": search.until,
        "run_id": run_id,
        "wanted": search.wanted,
        "known": search.known,
        "found": len(search.people),
        "confirmed": len(search.confirmed),
        "left_out": search.left_out,
        "credits": search.credits,
        "ended": search.ended,
        "sources": ", ".join(f"{name} {count}" for name, count in sorted(counted.items())) or None,
    }
    with state.write() as connection:
        state.upsert(connection, people_searches, [row])
    return new


def _by_source(found: Sequence[Record]) -> Iterator[tuple[str, list[Record]]]:
    for source in sorted({record.source for record in found}):
        yield source, sorted((r for r in found if r.source == source), key=lambda r: r.record_id)


def searched(state: StateStore, now: datetime) -> set[str]:
    """Companies of which a search would bring the same as their last one."""
    c = people_searches.c
    with state.read() as connection:
        rows = connection.execute(
            sa.select(c.company_id).where(c.until > now, c.ended != "unanswered")
        )
        return {row.company_id for row in rows}


#: How the runs of the daily line's own searches end.
BATCH_RUN = ":people"


def searched_by_the_line(state: StateStore, day: date) -> int:
    """How many searches the daily line has made on a day (UTC)."""
    start = datetime.combine(day, time(), UTC)
    c = people_searches.c
    query = sa.select(sa.func.count()).where(
        c.run_id.like(f"%{BATCH_RUN}"), c.searched_at >= start, c.searched_at < start + timedelta(1)
    )
    with state.read() as connection:
        return connection.execute(query).scalar_one()


def collected(lake: Lake) -> dict[str, set[str]]:
    """Keys of people whose records another source of the line collects, by provider."""
    table = lake.read("coresignal", "employees", columns=["record_id"])
    return {"coresignal": set(table.column("record_id").to_pylist())}
