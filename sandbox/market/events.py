"""What happens to companies in public: the true events behind every signal, and noise.

Events happen at a background rate to everyone and far more often while a need is young, so that
signals tell of needs without proving them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from sandbox.market.companies import Company
from sandbox.market.draws import Draws, Weighted
from sandbox.market.words import (
    FIRST_NAMES,
    INVESTORS,
    LAST_NAMES,
    PLACE_DRAW,
    USD_OF,
)

#: Yearly background rate of each event type for a company of middling size.
BACKGROUND = {
    "funding_round": 0.112,
    "executive_change": 0.14,
    "expansion": 0.092,
    "acquisition": 0.035,
    "partnership": 0.07,
    "product_launch": 0.10,
}
#: Mean number of events of each type that one loud need gives off, besides the background.
PER_NEED = {
    "funding_round": 0.62,
    "executive_change": 0.80,
    "expansion": 0.55,
    "acquisition": 0.05,
    "partnership": 0.14,
    "product_launch": 0.14,
}
#: Days from a need's start to its signals: at least 0, mean about 26, at most 80.
SIGNAL_DELAY_MEAN = 26.0
SIGNAL_DELAY_MAX = 80.0

STAGES = (
    # name, median amount (USD), spread, label in the press
    ("pre_seed", 0.9e6, 0.5, "pre-seed"),
    ("seed", 3.2e6, 0.45, "seed"),
    ("series_a", 12e6, 0.4, "Series A"),
    ("series_b", 28e6, 0.4, "Series B"),
    ("series_c", 55e6, 0.4, "Series C"),
    ("series_d", 95e6, 0.4, "Series D"),
    ("series_e", 160e6, 0.4, "Series E"),
)
STAGE_LABELS = {name: label for name, _, _, label in STAGES} | {
    "debt_financing": "debt",
    "private_equity": "private equity",
    "grant": "grant",
    "bridge": "bridge",
    "ipo": "IPO",
}
#: Days between two rounds of a company, at least.
ROUND_GAP = 75

#: (title, short form, level, department, weight)
POSITIONS = (
    ("Chief Executive Officer", "CEO", "c_suite", "executive", 10),
    ("Chief Financial Officer", "CFO", "c_suite", "finance", 12),
    ("Chief Revenue Officer", "CRO", "c_suite", "sales", 12),
    ("Chief Technology Officer", "CTO", "c_suite", "engineering", 11),
    ("Chief Marketing Officer", "CMO", "c_suite", "marketing", 10),
    ("Chief Operating Officer", "COO", "c_suite", "operations", 8),
    ("Chief Information Officer", "CIO", "c_suite", "it", 7),
    ("Chief People Officer", "CPO", "c_suite", "hr", 5),
    ("Chief Information Security Officer", "CISO", "c_suite", "it", 4),
    ("Vice President of Sales", "VP Sales", "vp", "sales", 9),
    ("Vice President of Marketing", "VP Marketing", "vp", "marketing", 7),
    ("Vice President of Engineering", "VP Engineering", "vp", "engineering", 6),
    ("Vice President of Revenue Operations", "VP RevOps", "vp", "sales", 5),
    ("Head of Data", "Head of Data", "director", "data", 4),
)
POSITION_DRAW = Weighted([(row[:4], row[4]) for row in POSITIONS])
#: Positions whose change goes with a need of this market's seller.
NEED_POSITION_DRAW = Weighted(
    [(row[:4], row[4] * (3.0 if row[3] in ("sales", "marketing", "it", "data") else 1.0))
     for row in POSITIONS]
)  # fmt: skip
CHANGE_DRAW = Weighted([("new_hire", 0.56), ("promotion", 0.2), ("departure", 0.24)])
EXPANSION_DRAW = Weighted(
    [
        ("new_office", 0.42),
        ("new_market", 0.22),
        ("facility_opening", 0.14),
        ("headcount_growth", 0.14),
        ("office_closing", 0.08),
    ]
)


@dataclass(slots=True)
class Event:
    """One thing that truly happened (or was planned) to a company on a day."""

    event_id: str
    company: int
    type: str
    subtype: str
    day: int
    #: need, background or decoy.
    cause: str
    #: planned or done.
    status: str = "done"
    #: positive or negative.
    polarity: str = "positive"
    details: dict[str, Any] = field(default_factory=dict)
    #: (source, stream, record id, day published) of every telling; filled as tellings are made.
    tellings: list[tuple[str, str, str, int]] = field(default_factory=list)


def person(d: Draws) -> str:
    """A person's full name, sometimes with a middle initial."""
    first, last = d.pick(FIRST_NAMES), d.pick(LAST_NAMES)
    if d.chance(0.18):
        return f"{first} {d.pick('ABCDEGHJKLMNPRSTW')}. {last}"
    return f"{first} {last}"


def _nice(amount: float) -> float:
    """Two significant digits, as rounds are announced."""
    digits = -math.floor(math.log10(amount)) + 1
    return round(amount, digits)


def money_of(company: Company, dollars: float) -> dict[str, Any]:
    """An amount as the company announces it: in its own currency, two digits."""
    currency = company.place.currency
    if currency not in ("USD", "EUR", "GBP"):
        currency = "USD"
    amount = _nice(dollars / USD_OF[currency])
    return {
        "amount": amount,
        "currency": currency,
        "amount_usd": round(amount * USD_OF[currency]),
    }


def stage_of(company: Company) -> int:
    """The place in ``STAGES`` of a company's next round, by its size."""
    return min(6, int(math.log(max(company.employees, 5) / 5) / 1.1))


def _funding(d: Draws, company: Company, stage: int) -> tuple[str, dict[str, Any]]:
    kind = d.u()
    if company.employees > 2500 or kind < 0.07:
        subtype, median, spread = "debt_financing", 6e4 * company.employees**1.0 + 2e6, 0.6
    elif kind < 0.11:
        subtype, median, spread = "private_equity", 1.5e5 * company.employees + 3e6, 0.5
    else:
        subtype, median, spread, _ = STAGES[min(stage, len(STAGES) - 1)]
    money = money_of(company, median * math.exp(d.normal(0, spread)))
    backers = d.sample(INVESTORS, d.integer(1, 4))
    return subtype, money | {"lead_investor": backers[0], "investors": backers}


def _executive(d: Draws, cause: str) -> tuple[str, dict[str, Any]]:
    title, short, level, department = d.weighted(
        POSITION_DRAW if cause == "background" else NEED_POSITION_DRAW
    )
    change = d.weighted(CHANGE_DRAW)
    successor = person(d) if change == "departure" and d.chance(0.35) else None
    return change, {
        "person": person(d),
        "title": title,
        "short": short,
        "level": level,
        "department": department,
        "successor": successor,
        "is_interim": d.chance(0.07),
        "effective_lag": int(d.exponential(12)),
        "previous": d.pick(("a regional competitor", "a public software group", "the family firm",
                            "an advisory house", "a logistics start-up", "a payments processor")),
    }  # fmt: skip


def _expansion(d: Draws, company: Company) -> tuple[str, str, dict[str, Any]]:
    subtype = d.weighted(EXPANSION_DRAW)
    place = d.weighted(PLACE_DRAW)
    while place.city == company.place.city:
        place = d.weighted(PLACE_DRAW)
    details = {
        "city": place.city,
        "country": place.country,
        "headcount": max(10, round(company.employees * d.between(0.05, 0.35) / 5) * 5),
    }
    return subtype, "negative" if subtype == "office_closing" else "positive", details


def _rate(company: Company, kind: str) -> float:
    rate = BACKGROUND[kind]
    if kind == "funding_round":
        return rate * (0.25 if company.listed else 1.25) * (0.4 if company.employees > 2500 else 1)
    if kind == "executive_change":
        return rate * (1.4 if company.listed else 0.85)
    return rate


def draw_events(d: Draws, company: Company, other_names: list[str], horizon: int) -> list[Event]:
    """All events of one company, oldest first."""
    planned: list[tuple[int, str, str]] = []
    for kind in BACKGROUND:
        planned += [(day, kind, "background") for day in d.days(_rate(company, kind), -40, horizon)]
    windows = [(n.start, n.end, "need") for n in company.needs if not n.silent]
    if company.decoy:
        windows.append((*company.decoy, "decoy"))
    for start, end, cause in windows:
        for kind, mean in PER_NEED.items():
            scale = _rate(company, kind) / BACKGROUND[kind]
            for _ in range(d.poisson(mean * scale)):
                delay = min(SIGNAL_DELAY_MAX, d.exponential(SIGNAL_DELAY_MEAN))
                day = min(start + int(delay), end - 2)
                if -40 <= day < horizon:
                    planned.append((day, kind, cause))
    planned.sort()
    stage = stage_of(company)
    events: list[Event] = []
    last_funding = -10_000
    for number, (day, kind, cause) in enumerate(planned):
        event = Event(f"ev-{company.index}-{number}", company.index, kind, kind, day, cause)
        if kind == "funding_round":
            if day - last_funding < ROUND_GAP:
                continue
            last_funding = day
            event.subtype, event.details = _funding(d, company, stage)
            stage += event.subtype.startswith(("s", "pre"))
        elif kind == "executive_change":
            event.subtype, event.details = _executive(d, cause)
        elif kind == "expansion":
            event.subtype, event.polarity, event.details = _expansion(d, company)
            if d.chance(0.3):
                event.status = "planned"
        else:
            event.details = {"other": d.pick(other_names), "product": _product(d)}
            if kind == "acquisition":
                event.details["amount_usd"] = (
                    _nice(2e6 * math.exp(d.normal(2.2, 0.9))) if d.chance(0.5) else None
                )
                event.status = "planned" if d.chance(0.4) else "done"
        events.append(event)
    return events


def _product(d: Draws) -> str:
    return d.pick(
        ("Atlas", "Beacon", "Compass", "Relay", "Pulse", "Orbit", "Summit", "Anchor")
    ) + d.pick((" Pro", " 2", " Studio", " for Teams", " Insights", " Connect", ""))


def invented(d: Draws, company: Company, event_id: str, kind: str, day: int) -> Event:
    """An event as it might have happened; it is none of the company's events.

    Raises ``ValueError`` for a type that nobody claims by mistake.
    """
    event = Event(event_id, company.index, kind, kind, day, "mistake")
    if kind == "funding_round":
        event.subtype, event.details = _funding(d, company, d.integer(1, 4))
    elif kind == "executive_change":
        event.subtype, event.details = _executive(d, "background")
    elif kind == "expansion":
        event.subtype, event.polarity, event.details = _expansion(d, company)
    elif kind == "partnership":
        event.details = {"other": f"{d.pick(LAST_NAMES)} Group", "product": _product(d)}
    else:
        raise ValueError(f"no report of a {kind} is mistaken")
    return event
