"""What comes seldom: grants, public offerings, extended and bridging rounds, new roles, managers.

Drawn from a stream of their own and kept behind a company's other events, so that they move none
of those. They arise at a background rate and tell of no need.
"""

from __future__ import annotations

import math

from sandbox.market.companies import Company
from sandbox.market.draws import Draws
from sandbox.market.events import POSITIONS, ROUND_GAP, STAGES, Event, money_of, person, stage_of
from sandbox.market.words import INVESTORS

#: Yearly rate of each kind for a company that may have it, times ``MarketConfig.seldom``.
RATES = {
    "grant": 0.02,
    "ipo": 0.025,
    "extension": 0.02,
    "bridge": 0.015,
    "reorganization": 0.02,
    "manager": 0.03,
}
#: Companies of fewer people do not go public; of more they are past rounds.
PUBLIC_FROM, ROUNDS_TO = 150, 2500
#: Who gives money and takes no share.
GRANTORS = (
    "Northern Innovation Fund",
    "Coastal Science Foundation",
    "Federal Office for Applied Research",
    "Lakeland Development Agency",
)
#: (title, department) of managers whose coming is printed.
MANAGERS = (
    ("Marketing Operations Manager", "marketing"),
    ("Sales Operations Manager", "sales"),
    ("Regional Sales Manager", "sales"),
    ("Data Engineering Manager", "data"),
    ("IT Operations Manager", "it"),
    ("Human Resources Manager", "hr"),
)
#: Rounds for which no Form D is filed: nothing is sold, or it is registered.
NO_FORM_D = ("grant", "ipo")


def draw_seldom(d: Draws, company: Company, scale: float, horizon: int) -> list[Event]:
    """The company's seldom events, oldest first; its other events must be drawn already."""
    planned = [
        (day, kind)
        for kind, rate in RATES.items()
        if _may(company, kind)
        for day in d.days(rate * scale, -40, horizon)
    ]
    rounds = [event.day for event in company.events if event.type == "funding_round"]
    is_public = False
    made: list[Event] = []
    for number, (day, kind) in enumerate(sorted(planned)):
        event_id = f"ev-{company.index}-s{number}"
        if kind in ("reorganization", "manager"):
            event = Event(event_id, company.index, "executive_change", kind, day, "background")
            event.subtype, event.details = (
                _reorganization(d) if kind == "reorganization" else _manager(d)
            )
        else:
            event = Event(event_id, company.index, "funding_round", kind, day, "background")
            event.subtype, event.details = _round(d, company, kind)
            if is_public or any(abs(day - other) < ROUND_GAP for other in rounds):
                continue
            rounds.append(day)
            if kind == "ipo":
                event.status = "planned" if d.chance(0.3) else "done"
                is_public = True
        made.append(event)
    return made


def _may(company: Company, kind: str) -> bool:
    if kind == "ipo":
        return not company.listed and company.employees >= PUBLIC_FROM
    if kind in ("extension", "bridge"):
        return not company.listed and company.employees <= ROUNDS_TO
    return True


def _round(d: Draws, company: Company, kind: str) -> tuple[str, dict]:
    stage = max(1, min(stage_of(company), len(STAGES) - 1))
    name, median, *_ = STAGES[stage]
    typical = {
        "grant": 4e5,
        "ipo": 4e5 * company.employees,
        "extension": 0.35 * median,
        "bridge": 0.15 * median,
    }[kind]
    if kind == "grant":
        backers = [d.pick(GRANTORS)]
    else:
        # Whoever buys at an offering is not named.
        backers = [] if kind == "ipo" else d.sample(INVESTORS, d.integer(1, 3))
    details = money_of(company, typical * math.exp(d.normal(0, 0.45))) | {
        "lead_investor": backers[0] if backers else None,
        "investors": backers,
        "kind": kind,
    }
    return name if kind == "extension" else kind, details


def _reorganization(d: Draws) -> tuple[str, dict]:
    old, new = d.sample([row for row in POSITIONS if row[2] == "vp"], 2)
    if d.chance(0.3):
        # Not the chief executive, whose other position would be a step down.
        old, new = d.sample([row for row in POSITIONS[1:] if row[2] == "c_suite"], 2)
    return "reorganization", _change(d, new[0], new[1], new[2], new[3]) | {"old_title": old[0]}


def _manager(d: Draws) -> tuple[str, dict]:
    title, department = d.pick(MANAGERS)
    return "new_hire", _change(d, title, title, "manager", department)


def _change(d: Draws, title: str, short: str, level: str, department: str) -> dict:
    return {
        "person": person(d),
        "title": title,
        "short": short,
        "level": level,
        "department": department,
        "successor": None,
        "is_interim": False,
        "effective_lag": d.integer(0, 6),
        "previous": d.pick(("a regional competitor", "a public software group", "the family firm")),
    }
