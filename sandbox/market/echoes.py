"""Harder press, where a market asks for it: reprints, siblings, stragglers and withdrawn reports.

Drawn from a stream of their own, so that switching them on changes no event and no other article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.market.companies import ECHO, Company
from sandbox.market.draws import Draws, Weighted
from sandbox.market.events import Event, invented
from sandbox.market.press import Article, eligible
from sandbox.market.words import ALL_OUTLETS, OUTLETS

if TYPE_CHECKING:
    from sandbox.market.market import MarketConfig

#: Days after the first telling on which a straggler still writes of it.
LATE_DAYS = (15, 40)
#: Days until a mistaken report is withdrawn.
RETRACTED_AFTER = (1, 12)
#: Rounds that nobody tells from the investor's side.
ONE_SIDED = ("debt_financing", "grant", "ipo")
#: Event types that an outlet may report by mistake.
CLAIMS = Weighted(
    [("funding_round", 4), ("expansion", 3), ("executive_change", 3), ("partnership", 2)]
)


def echo_articles(config: MarketConfig, company: Company, written: list[Article]) -> list[Article]:
    """What the options of ``config`` add to the articles ``written`` about a company."""
    d = Draws(config.seed, company.index, ECHO)
    first = {a.event.event_id: a for a in written if a.event and a.article_id.endswith("-0")}
    taken: dict[str, set[int]] = {}
    for article in written:
        if article.event is not None:
            taken.setdefault(article.event.event_id, set()).add(article.outlet)
    made: list[Article] = []
    for event in company.events:
        release = first.get(event.event_id)
        if release is None:
            continue
        reprinted, sibling, late = (
            d.chance(config.syndication), d.chance(config.siblings), d.chance(config.late_news),
        )  # fmt: skip
        if reprinted:
            made += _reprints(d, config.outlets, company, event, release, taken[event.event_id])
        kind = {"funding_round": "investor", "acquisition": "target"}.get(event.type)
        if sibling and kind and event.subtype not in ONE_SIDED:
            made.append(_story(d, company, event, release, kind, (0, 4)))
        if late:
            made.append(_story(d, company, event, release, "story", LATE_DAYS))
    for number, day in enumerate(d.days(config.retractions, 0, config.horizon)):
        made.append(_mistaken(d, company, number, day))
    return made


def _reprints(
    d: Draws, outlets: int, company: Company, event: Event, release: Article, taken: set[int]
) -> list[Article]:
    """Copies of a release by most outlets; each edits it a little or not at all."""
    pool = [
        index
        for index in range(outlets)
        if index not in taken and (index >= len(OUTLETS) or ALL_OUTLETS[index].wire)
    ]
    return [
        Article(
            f"{event.event_id}-e{number}", outlet, company.index,
            release.day + int(d.exponential(0.7)), d.integer(25_000, 80_000), "release",
            release.text_key, event, copy_of=release.article_id,
            edit=d.integer(1, 5) if d.chance(0.4) else 0,
        )
        for number, outlet in enumerate(d.sample(pool, d.integer(len(pool) // 2, len(pool))))
    ]  # fmt: skip


def _story(
    d: Draws, company: Company, event: Event, release: Article, kind: str, days: tuple[int, int]
) -> Article:
    key = f"{event.event_id}-{kind}-{days[1]}"
    return Article(
        key, d.pick(eligible(company, event.type)), company.index, release.day + d.integer(*days),
        d.integer(25_000, 80_000), kind, key, event,
    )  # fmt: skip


def _mistaken(d: Draws, company: Company, number: int, day: int) -> Article:
    """A report of an event that never was, withdrawn some days later under the same address."""
    claim = invented(d, company, f"mistaken-{company.index}-{number}", d.weighted(CLAIMS), day)
    return Article(
        claim.event_id, d.pick(eligible(company, claim.type)), company.index, day,
        d.integer(25_000, 80_000), "mistaken", claim.event_id, claim=claim,
        retracted=day + d.integer(*RETRACTED_AFTER),
    )  # fmt: skip
