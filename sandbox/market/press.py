"""Which outlet prints what, when: releases, copies, stories, rumours, wrong and late news."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.market.companies import NOISE, Company
from sandbox.market.draws import Draws, Weighted
from sandbox.market.events import Event
from sandbox.market.words import OUTLETS

#: Mean number of articles per event type, besides the first.
MORE_ARTICLES = {
    "funding_round": 0.55,
    "executive_change": 0.12,
    "expansion": 0.12,
    "acquisition": 0.3,
    "partnership": 0.1,
    "product_launch": 0.1,
}
#: Probability that an event is told in the press at all.
TOLD = {
    "funding_round": 0.72,
    "executive_change": 0.62,
    "expansion": 0.82,
    "acquisition": 0.9,
    "partnership": 0.8,
    "product_launch": 0.8,
}
#: Share of further articles that are the release with small edits; the rest is written anew.
COPY_SHARE = 0.6
LATE_SHARE = 0.10
WRONG_SHARE = 0.035
CORRECTED_SHARE = 0.7
RUMOUR_SHARE = 0.07
#: Articles per company and year that tell of no event, and of an event that never comes.
NOISE_RATE = 0.10
FALSE_RUMOUR_RATE = 0.012
NOISE_KINDS = Weighted(
    [
        ("award", 3),
        ("opinion", 2),
        ("roundup", 3),
        ("conference", 2),
        ("results", 2),
        ("lawsuit", 1),
    ]
)


@dataclass(slots=True)
class Article:
    """One feed entry of one outlet. ``text_key`` decides the wording; copies share it."""

    article_id: str
    outlet: int
    company: int
    day: int
    second: int
    #: release, story, rumour, investor, target, mistaken, or a noise kind.
    kind: str
    text_key: str
    event: Event | None = None
    copy_of: str | None = None
    edit: int = 0
    #: Details told wrongly, until ``corrected`` (day) if ever.
    wrong: dict[str, Any] = field(default_factory=dict)
    corrected: int | None = None
    #: What a mistaken report claims; it never happened. The outlet withdraws it on ``retracted``.
    claim: Event | None = None
    retracted: int | None = None


def changed_on(article: Article, day: int) -> int | None:
    """The day on which the entry was last changed, as seen on ``day``; None if never."""
    changes = [at for at in (article.corrected, article.retracted) if at is not None and at <= day]
    return max(changes) if changes else None


def eligible(company: Company, event_type: str | None) -> list[int]:
    """Numbers of the outlets that might write about this company and event type."""
    return [
        index
        for index, outlet in enumerate(OUTLETS)
        if (not outlet.countries or company.place.country in outlet.countries)
        and (event_type is None or not outlet.beats or event_type in outlet.beats)
    ]


def _choose(d: Draws, pool: list[int], count: int) -> list[int]:
    left = list(pool)
    chosen = []
    while left and len(chosen) < count:
        outlet = d.weighted(Weighted([(i, OUTLETS[i].weight) for i in left]))
        left.remove(outlet)
        chosen.append(outlet)
    return chosen


def _wrong(d: Draws, event: Event) -> dict[str, Any]:
    if event.type == "funding_round":
        return {"amount": event.details["amount"] * d.pick((10, 0.1, 2, 1.5))}
    if event.type == "executive_change":
        return {"title": "Chief Executive Officer", "short": "CEO", "level": "c_suite"}
    if event.type == "expansion":
        return {"headcount": event.details["headcount"] * 10}
    return {}


def event_articles(d: Draws, company: Company, events: list[Event]) -> list[Article]:
    """The articles about some of one company's events."""
    made: list[Article] = []
    for event in events:
        told = d.chance(TOLD[event.type])
        rumour = event.type in ("funding_round", "acquisition") and d.chance(RUMOUR_SHARE)
        pool = eligible(company, event.type)
        if rumour and pool:
            early = event.day - d.integer(6, 30)
            made.append(
                Article(
                    f"{event.event_id}-r", d.pick(pool), company.index, early,
                    d.integer(25_000, 80_000), "rumour", f"{event.event_id}-r", event,
                )
            )  # fmt: skip
        if not told:
            continue
        more = d.poisson(MORE_ARTICLES[event.type])
        if event.type == "funding_round" and event.details["amount_usd"] > 20e6:
            more += d.poisson(1.4)
        outlets = _choose(d, pool, min(6, 1 + more))
        first_day = event.day + (
            d.integer(5, 25) if d.chance(LATE_SHARE) else int(d.exponential(0.8))
        )
        for number, outlet in enumerate(outlets):
            lag = 0 if number == 0 else int(d.exponential(1.6))
            copied = number > 0 and d.chance(COPY_SHARE)
            article = Article(
                article_id=f"{event.event_id}-{number}",
                outlet=outlet,
                company=company.index,
                day=first_day + lag,
                second=d.integer(25_000, 80_000),
                kind="release" if number == 0 or copied else "story",
                text_key=f"{event.event_id}-0" if copied else f"{event.event_id}-{number}",
                event=event,
                copy_of=f"{event.event_id}-0" if copied else None,
                edit=d.integer(1, 5) if copied else 0,
            )
            if d.chance(WRONG_SHARE):
                article.wrong = _wrong(d, event)
                if article.wrong and d.chance(CORRECTED_SHARE):
                    article.corrected = article.day + d.integer(1, 6)
            made.append(article)
    return made


def noise_articles(seed: int, company: Company, horizon: int) -> list[Article]:
    """Articles that name the company and tell of nothing that happened."""
    d = Draws(seed, company.index, NOISE)
    made = []
    pool = eligible(company, None)
    for kind_rate in (("noise", NOISE_RATE), ("rumour", FALSE_RUMOUR_RATE)):
        for day in d.days(kind_rate[1], 0, horizon):
            kind = d.weighted(NOISE_KINDS) if kind_rate[0] == "noise" else "rumour"
            key = f"nz-{company.index}-{len(made)}"
            made.append(
                Article(key, d.pick(pool), company.index, day, d.integer(25_000, 80_000), kind, key)
            )
    return made
