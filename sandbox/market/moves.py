"""Who leaves one company and begins at another one.

Off unless ``MarketConfig.moves`` says otherwise. Drawn from a stream of its own: a hire that is one
keeps its day, company and title, and bears the name of somebody who left before.
"""

from __future__ import annotations

from collections.abc import Sequence

from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import Event

#: Days between the news of leaving and that of arriving.
SOONEST, LATEST = 5, 200
#: Share of movers who led the same department before: a chief of finance is rarely hired to lead
#: sales. Where nobody of the department has left, such a hire is none who moved.
SAME_DEPARTMENT = 0.85


def add_moves(seed: int, share: float, company: Company, left: Sequence[tuple[str, Event]]) -> None:
    """Let a share of the company's hires be people of ``left``: companies' names and departures."""
    for event in company.events:
        if event.type != "executive_change" or event.subtype != "new_hire":
            continue
        d = Draws.of(f"moves|{seed}|{event.event_id}")
        if not d.chance(share):
            continue
        free = [
            (name, departure)
            for name, departure in left
            if SOONEST <= event.day - departure.day <= LATEST
            and "moved_to" not in departure.details
        ]
        if d.chance(SAME_DEPARTMENT):
            department = event.details["department"]
            free = [one for one in free if one[1].details["department"] == department]
        if not free:
            continue
        name, departure = d.pick(free)
        departure.details["moved_to"] = event.event_id
        event.details |= {
            "person": departure.details["person"], "previous": name,
            "moved_from": departure.event_id,
        }  # fmt: skip


def departures(company: Company) -> list[tuple[str, Event]]:
    """The company's name and each of its events of somebody who leaves."""
    return [
        (company.name, event)
        for event in company.events
        if event.type == "executive_change" and event.subtype == "departure"
    ]
