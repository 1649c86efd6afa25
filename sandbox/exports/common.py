"""What all exports share: draws, the days they look back, and how a list is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.market import Market
from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import Event

#: Stream of random numbers of this module, far from those of the market's subjects.
EXPORTS = 301
#: Days that an export looks back.
BACK = 90
#: Rows of one list, and transcripts of calls.
MOST_ROWS = 40
MOST_CALLS = 12
#: Share of an account's staff that a list of it names.
LISTED = 0.85
Row = dict[str, Any]


def draws_of(market: Market, name: str) -> Draws:
    """Random numbers of one list, apart from those of all others."""
    return Draws.of(f"{EXPORTS}|{market.config.seed}|{name}")


def told_events(market: Market, day: int, kind: str) -> list[tuple[Company, Event]]:
    """Events of one type in the days before, newest first, with their companies."""
    found = [
        (company, event)
        for company in market.companies
        for event in company.events
        if event.type == kind and day - BACK < event.day <= day
    ]
    return sorted(found, key=lambda pair: (-pair[1].day, pair[1].event_id))


def some(market: Market, name: str, listed: Sequence[Any], share: float) -> list[Any]:
    """A ``share`` of what could be listed."""
    draws = draws_of(market, name)
    return [item for item in listed if draws.chance(share)][:MOST_ROWS]


def site_of(company: Company) -> str:
    """A company's address as vendors write it."""
    return f"https://www.{company.domain}"


def as_csv(rows: Iterable[Row], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """Rows under the columns of the first."""
    listed = list(rows)
    if not listed:
        return b""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue().encode(encoding, "replace")


def us_date(market: Market, day: int) -> str:
    """A day as month, day and year."""
    return market.date(day).strftime("%m/%d/%Y")
