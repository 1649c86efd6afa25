"""The whole market: made once from its configuration, read by vendors and by the truth tables.

Identity, needs, events, articles and opportunities are made at once, because press and investors'
databases are ordered across companies. Boards, stacks, filings and contacts of a company are made
when somebody first asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from sandbox.market import (
    buying,
    crm,
    echoes,
    effects,
    events,
    filings,
    jobs,
    leaders,
    moves,
    press,
    seldom,
    staff,
    technologies,
)
from sandbox.market.companies import (
    BUYING,
    EVENTS,
    PRESS,
    SELDOM,
    SELDOM_PRESS,
    Company,
    brand,
    make_company,
)
from sandbox.market.draws import Draws, uuid_of
from sandbox.market.words import ALL_OUTLETS, OUTLETS

#: Days beyond the history, so that tomorrow's run finds something new.
FUTURE_DAYS = 60
CRUNCHBASE_SHARE = 0.72
#: Partners and takeover targets are among the first companies, whatever the market's size, so
#: that a company's events do not depend on it.
PARTNERS = 500


@dataclass(frozen=True)
class MarketConfig:
    """All that a market depends on. ``days`` is the length of its history from ``start``.

    The rest makes its press harder to read and is off by default; switching it on changes none of
    the events, only how they are told: ``outlets`` (12 to 40), ``syndication`` (share of releases
    that most outlets reprint), ``siblings`` (share of rounds and takeovers told from the investor's
    or the target's side too), ``late_news`` (share of events retold weeks later in other words) and
    ``retractions`` (withdrawn reports of what never happened, per company and year). ``seldom``
    multiplies the rates of what comes seldom (``sandbox.market.seldom``) and moves nothing else.
    ``moves`` is the share of hires who left another company before (``sandbox.market.moves``).
    """

    seed: int = 7
    companies: int = 2000
    start: date = date(2025, 1, 1)
    days: int = 548
    outlets: int = len(OUTLETS)
    syndication: float = 0.0
    siblings: float = 0.0
    late_news: float = 0.0
    retractions: float = 0.0
    seldom: float = 1.0
    moves: float = 0.0

    def __post_init__(self) -> None:
        if not len(OUTLETS) <= self.outlets <= len(ALL_OUTLETS):
            raise ValueError(
                f"a market has {len(OUTLETS)} to {len(ALL_OUTLETS)} outlets, not {self.outlets}"
            )
        if self.companies < 1 or self.days < 1:
            raise ValueError(
                "a market needs at least one company and one day, "
                f"not {self.companies} and {self.days}"
            )

    @property
    def horizon(self) -> int:
        """Number of the first day after the market's end, the future included."""
        return self.days + FUTURE_DAYS

    @property
    def today(self) -> int:
        """Number of the last day of the history."""
        return self.days


@dataclass(slots=True)
class Round:
    """A funding round as the investors' database has it."""

    uuid: str
    event: events.Event
    created: int
    #: Day from which the amount is known; None: never.
    disclosed: int | None
    updated: int


class Market:
    """Companies with all that happens to them, and indexes for the vendors."""

    def __init__(self, config: MarketConfig) -> None:
        self.config = config
        self.companies: list[Company] = []
        self.rounds: list[Round] = []
        self.articles: list[list[press.Article]] = [[] for _ in range(config.outlets)]
        self._cache: dict[tuple[str, int], list] = {}
        self._left: list[tuple[str, events.Event]] = []
        for index in range(config.companies):
            self._add(index)
        for shelf in self.articles:
            shelf.sort(key=lambda a: (a.day, a.second, a.article_id))
        self.rounds.sort(key=lambda r: (self.date(r.event.day), r.uuid))

    def _add(self, index: int) -> None:
        seed, horizon = self.config.seed, self.config.horizon
        company = make_company(seed, index)
        d = Draws(seed, index, BUYING)
        company.needs = buying.draw_needs(d, company, horizon)
        company.decoy = buying.draw_decoy(d, self.config.days)
        e = Draws(seed, index, EVENTS)
        others = [brand(seed, e.integer(0, PARTNERS - 1))[1] for _ in range(2)]
        often = company.events = events.draw_events(e, company, others, horizon)
        rare = seldom.draw_seldom(Draws(seed, index, SELDOM), company, self.config.seldom, horizon)
        company.events = often + rare
        effects.add_effects(seed, self.config.start, company)
        if self.config.moves:
            moves.add_moves(seed, self.config.moves, company, self._left)
            self._left += moves.departures(company)
        buying.settle(company)
        company.opportunities = buying.draw_opportunities(d, company)
        company.crm_since = crm.crm_since(seed, company, self.config.days)
        self.companies.append(company)
        written = press.event_articles(Draws(seed, index, PRESS), company, often)
        written += press.event_articles(Draws(seed, index, SELDOM_PRESS), company, rare)
        written += press.noise_articles(seed, company, horizon)
        written += echoes.echo_articles(self.config, company, written)
        for article in written:
            if 0 <= article.day < horizon:
                self.articles[article.outlet].append(article)
                if article.event is not None:
                    record = f"{ALL_OUTLETS[article.outlet].slug}/{guid(article)}"
                    article.event.tellings.append(("press", "articles", record, article.day))
        for event in company.events:
            # An offering to the public is no round there.
            is_round = event.type == "funding_round" and event.subtype != "ipo"
            if is_round and e.chance(CRUNCHBASE_SHARE):
                self._add_round(e, event)

    def _add_round(self, d: Draws, event: events.Event) -> None:
        created = event.day + min(30, int(d.exponential(5)))
        disclosed: int | None = created
        if d.chance(0.14):
            disclosed = created + d.integer(5, 60) if d.chance(0.5) else None
        uuid = uuid_of(f"round|{self.config.seed}|{event.event_id}")
        made = Round(uuid, event, created, disclosed, max(created, disclosed or created))
        event.tellings.append(("crunchbase", "funding_rounds", made.uuid, created))
        self.rounds.append(made)

    # Days

    def date(self, day: int) -> date:
        """The calendar day of a day number."""
        return self.config.start + timedelta(days=day)

    def time(self, day: int, second: int = 0) -> datetime:
        """The UTC time of a second of a day."""
        return datetime.combine(self.date(day), datetime.min.time(), UTC) + timedelta(
            seconds=second
        )

    def day_of(self, when: date) -> int:
        """The day number of a calendar day, clipped to the market's life."""
        return max(0, min((when - self.config.start).days, self.config.horizon - 1))

    # Made on first use

    def _lazily(self, kind: str, company: Company, make) -> list:
        key = (kind, company.index)
        found = self._cache.get(key)
        if found is None:
            found = self._cache[key] = make()
        return found

    def postings(self, company: Company) -> list[jobs.Posting]:
        """Everything the company's board ever shows."""
        return self._lazily(
            "jobs", company, lambda: jobs.postings(self.config.seed, company, self.config.horizon)
        )

    def stack(self, company: Company) -> list[technologies.Usage]:
        """Technologies of the company's site over time."""
        return self._lazily(
            "stack",
            company,
            lambda: technologies.stack_over_time(self.config.seed, company, self.config.horizon),
        )

    def filings(self, company: Company) -> list[filings.Filing]:
        """The company's SEC filings, oldest first."""
        return self._lazily(
            "filings",
            company,
            lambda: filings.filings(
                self.config.seed, self.config.start, company, self.config.horizon
            ),
        )

    def leaders(self, company: Company) -> list[leaders.Listing]:
        """Everybody the company's leadership page ever shows."""
        return self._lazily("leaders", company, lambda: leaders.leaders(self.config.seed, company))

    def contacts(self, company: Company) -> list[crm.Contact]:
        """The people the CRM knows at the company."""
        return self._lazily(
            "contacts",
            company,
            lambda: crm.contacts(self.config.seed, company, self.config.horizon),
        )

    def staff(self, company: Company) -> list[staff.Employee]:
        """Everybody who works there today, if the seller has a list of the account."""
        return self._lazily("staff", company, lambda: staff.staff(self, company))

    def everybody(self, company: Company) -> list[staff.Employee]:
        """Everybody who works at a company today, whoever lists them."""
        return self._lazily("everybody", company, lambda: staff.everybody(self, company))

    def activities(self, company: Company) -> list[int]:
        """Days on which the CRM account was touched."""
        return self._lazily(
            "activities",
            company,
            lambda: crm.activities(self.config.seed, company, self.config.horizon),
        )

    # Indexes

    @cached_property
    def by_domain(self) -> dict[str, Company]:
        """Companies by domain."""
        return {company.domain: company for company in self.companies}

    @cached_property
    def by_cik(self) -> dict[int, Company]:
        """Companies by SEC number."""
        return {c.cik: c for c in self.companies if c.cik is not None}

    @cached_property
    def by_board(self) -> dict[tuple[str, str], Company]:
        """Companies by (board vendor, token)."""
        return {c.board: c for c in self.companies if c.board is not None}

    def events(self) -> Iterator[events.Event]:
        """Every event of every company."""
        for company in self.companies:
            yield from company.events

    def is_in_market(self, company: Company, day: int) -> bool:
        """The truth about a company on a day."""
        return any(need.start <= day < need.end for need in company.needs)


def guid(article: press.Article) -> str:
    """The entry's permanent id in its feed."""
    return f"https://{ALL_OUTLETS[article.outlet].slug}.example/?p={article.article_id}"
