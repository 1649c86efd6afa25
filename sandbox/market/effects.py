"""On which day a takeover or a site takes effect, as those who announce it say.

Of what is planned most announcements name a day, a month or a quarter; of takeovers that are done,
some name the day. Drawn by event, so that nothing else is moved.
"""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.market.companies import Company
from sandbox.market.draws import Draws, Weighted
from sandbox.market.events import Event

#: How exactly a coming day is told; None: not at all.
PRECISIONS = Weighted([("day", 3), ("month", 4), ("quarter", 3), (None, 3)])
#: Days ahead at which planned takeovers close and planned sites open or close.
CLOSES, OPENS = (25, 200), (30, 260)
#: Share of finished takeovers whose day is told, and days by which it lies before the news.
TOLD_SHARE, BEFORE = 0.35, (0, 6)
#: Expansions that have a day.
WITH_DAY = ("new_office", "new_market", "facility_opening", "office_closing")


def add_effects(seed: int, start: date, company: Company) -> None:
    """Give a company's events that have one their ``effect`` (a date) and ``effect_precision``.

    ``start`` is the calendar day of day 0.
    """
    for event in company.events:
        span = _span(event)
        if span is None:
            continue
        d = Draws.of(f"effect|{seed}|{event.event_id}")
        if event.status == "done":
            if d.chance(TOLD_SHARE):
                _tell(event, start, event.day - d.integer(*BEFORE), "day")
        elif precision := d.weighted(PRECISIONS):
            _tell(event, start, event.day + d.integer(*span), precision)


def _span(event: Event) -> tuple[int, int] | None:
    if event.type == "acquisition":
        return CLOSES
    if event.type == "expansion" and event.status == "planned" and event.subtype in WITH_DAY:
        return OPENS
    return None


def _tell(event: Event, start: date, day: int, precision: str) -> None:
    event.details |= {"effect": start + timedelta(days=day), "effect_precision": precision}
