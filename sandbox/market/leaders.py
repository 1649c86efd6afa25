"""Who stands on a company's leadership page, and from when to when.

The page follows the company's changes of executives some days late. Nobody comes or goes on it for
another reason, so that every difference of two readings is an event of the market.
"""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.market.companies import Company
from sandbox.market.draws import Draws, number
from sandbox.market.events import POSITIONS, person

#: Share of companies, in hundredths, that present their leaders.
SHARE = 30
#: Days, at most, until a page follows a change.
PAGE_LAG = 14
#: Where the page lies, as companies have it.
PATHS = (
    ("about/leadership", "Leadership"),
    ("company/team", "Our team"),
    ("leadership", "Executive team"),
    ("about-us/management", "Management"),
    ("unternehmen/fuehrungsteam", "Führungsteam"),
)


@dataclass(slots=True)
class Listing:
    """One person on the page from ``first`` (-1: from the start) to before ``last``."""

    person: str
    title: str
    first: int
    last: int | None
    #: Events that brought and removed the person.
    joined_by: str | None = None
    left_by: str | None = None

    def shown(self, day: int) -> bool:
        """Whether the page shows the person on a day."""
        return self.first <= day and (self.last is None or day < self.last)


def page_of(company: Company) -> tuple[str, str] | None:
    """Path and link text of the company's leadership page; None without one."""
    at = number(f"leadership|{company.domain}")
    return PATHS[at // 100 % len(PATHS)] if at % 100 < SHARE else None


def leaders(seed: int, company: Company) -> list[Listing]:
    """Everybody the page ever shows, in its order."""
    d = Draws.of(f"leaders|{seed}|{company.domain}")
    titles = [POSITIONS[0][0]]
    titles += d.sample([row[0] for row in POSITIONS[1:]], d.integer(3, 7))
    base = {title: person(d) for title in titles}
    changes = [
        e
        for e in company.events
        if e.type == "executive_change" and e.day >= 0 and e.details["level"] != "manager"
    ]
    changes.sort(key=lambda e: (e.day, e.event_id))
    listed: list[Listing] = []
    for event in changes:
        details = event.details
        title = details["title"]
        day = event.day + details["effective_lag"] + number(event.event_id) % (PAGE_LAG + 1)
        if event.subtype == "departure":
            # Who leaves was there; if somebody else held the position, two hold it.
            base.pop(title, None)
            listed.append(Listing(details["person"], title, -1, day, left_by=event.event_id))
            comes = details["successor"]
        else:
            base.pop(title, None)
            comes = details["person"]
            if event.subtype == "reorganization":
                # Who moves was there, in the old position.
                base.pop(details["old_title"], None)
                listed.append(Listing(comes, details["old_title"], -1, day, left_by=event.event_id))
        if comes:
            shown = f"Interim {title}" if details["is_interim"] else title
            listed.append(Listing(comes, shown, day, None, joined_by=event.event_id))
    order = [row[0] for row in POSITIONS]
    listed += [Listing(name, title, -1, None) for title, name in base.items()]
    listed.sort(key=lambda x: (order.index(x.title.removeprefix("Interim ")), x.first, x.person))
    return listed
