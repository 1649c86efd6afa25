"""What truly happened, as tables; only tests and reports read them, never the product.

Days are dates (UTC). Every figure measured against these tables is a simulated one.

Tables (Parquet, one file each):

- ``companies``: one row per company (``domain`` is its true identity), with all its true names and
  numbers, the vendor identities it has, and how its site behaves.
- ``in_market``: one row per need, ``[in_market_from, in_market_to)``, its outcome, and whether it
  gave off no sign (``is_silent``).
- ``decoys``: one row per window in which a company signalled like a buyer without being one.
- ``events``: one row per true event, with what caused it and how many sources told of it; of what
  takes effect on another day, that day and how exactly it is told (day, month or quarter); of a
  hire who left another company, the event of leaving (``moved_from``).
- ``event_sources``: one row per telling of an event: source, stream, record id as in the lake,
  day published, whether it is a copy, wrong (and corrected when), or a rumour.
- ``articles``: one row per press item, also those that tell of no event.
- ``technologies``: one row per technology on a company's site, with the days it was there and those
  on which the version that the site shows rose, in any number and in its main one.
- ``leaders``: one row per person who leads a company, with the days on which its page (where it
  has one) shows the person and the events that brought and removed the person.
- ``staff``: one row per person at an account whose staff the seller has a list of, with the part
  that the person takes in buying from the seller (NULL: none).
- ``postings``: one row per job posting with its opening and closing day, the years of experience it
  asks for, whether an agency has it for a client, and which posting it repeats under another city
  or some days after that was closed.
- ``exported``: one row per event, posting, technology in use or visit that a list tells which
  people export by hand (``sandbox.exports``), as of the last day of the history.
- ``deals``: one row per CRM opportunity, including how the open ones will end.
- ``market``: one row, the configuration.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sandbox.market import Market
from sandbox.market.leaders import page_of
from sandbox.market.market import guid
from sandbox.market.words import ALL_OUTLETS, USD_OF
from sandbox.vendors.sites import behaviour

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = (
    "companies", "in_market", "decoys", "events", "event_sources", "articles", "technologies",
    "leaders", "staff", "postings", "exported", "deals", "market",
)  # fmt: skip


def in_market_domains(market: Market, day: date) -> set[str]:
    """Domains of the companies that are in-market on a day."""
    number = market.day_of(day)
    return {c.domain for c in market.companies if market.is_in_market(c, number)}


def tables(market: Market, only: Iterable[str] = TABLES) -> dict[str, pa.Table]:
    """The named truth tables as Arrow tables."""
    import pyarrow as pa

    made = {}
    for name in only:
        rows = _MAKERS[name](market)
        made[name] = pa.Table.from_pylist(rows, schema=_schema(name))
    return made


def write(market: Market, folder: Path) -> dict[str, int]:
    """Write all tables as ``<folder>/<name>.parquet``; returns the rows of each."""
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    counts = {}
    for name, table in tables(market).items():
        pq.write_table(table, folder / f"{name}.parquet")
        counts[name] = table.num_rows
    return counts


def _companies(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "company_index": c.index,
            "domain": c.domain,
            "name": c.name,
            "legal_name": c.legal_name,
            "industry": c.industry.name,
            "employees": c.employees,
            "city": c.place.city,
            "country": c.place.country,
            "cik": c.cik10,
            "is_listed": c.listed,
            "job_board": ":".join(c.board) if c.board else None,
            "is_on_company_list": not c.is_unlisted,
            "account_id": f"001{c.index:08d}" if c.crm_since is not None else None,
            "account_created_on": None if c.crm_since is None else market.date(c.crm_since),
            "homonym_of": None if c.homonym_of is None else market.companies[c.homonym_of].domain,
            "fit": c.fit,
            "needs_per_year": c.need_rate,
            "site_behaviour": behaviour(c),
        }
        for c in market.companies
    ]


def _in_market(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "need_id": n.need_id,
            "company_index": c.index,
            "domain": c.domain,
            "in_market_from": market.date(n.start),
            "in_market_to": market.date(n.end),
            "is_silent": n.silent,
            "outcome": n.outcome,
            "opened_on": None if n.opened is None else market.date(n.opened),
            "closed_on": None if n.closed is None else market.date(n.closed),
        }
        for c in market.companies
        for n in c.needs
    ]


def _decoys(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "company_index": c.index,
            "domain": c.domain,
            "signals_from": market.date(c.decoy[0]),
            "signals_to": market.date(c.decoy[1]),
        }
        for c in market.companies
        if c.decoy is not None
    ]


def _tellings(market: Market) -> None:
    """Filings tell of events too, and are made on first use."""
    for company in market.companies:
        market.filings(company)


def _events(market: Market) -> list[dict[str, Any]]:
    _tellings(market)
    rows = []
    for event in market.events():
        details = event.details
        tellings = event.tellings
        rows.append(
            {
                "event_id": event.event_id,
                "company_index": event.company,
                "domain": market.companies[event.company].domain,
                "type": event.type,
                "subtype": event.subtype,
                "occurred_on": market.date(event.day),
                "cause": event.cause,
                "status": event.status,
                "polarity": event.polarity,
                "amount": details.get("amount"),
                "currency": details.get("currency"),
                "amount_usd": _float(details.get("amount_usd")),
                "lead_investor": details.get("lead_investor"),
                "is_extension": details.get("kind") == "extension",
                "is_bridge": details.get("kind") == "bridge",
                "person": details.get("person"),
                "level": details.get("level"),
                "successor": details.get("successor"),
                "moved_from": details.get("moved_from"),
                "title": details.get("title"),
                "city": details.get("city"),
                "other_company": details.get("other"),
                "effective_on": details.get("effect"),
                "effective_precision": details.get("effect_precision"),
                "telling_count": len(tellings),
                "source_count": len({source for source, *_ in tellings}),
                "first_published_on": market.date(min(t[3] for t in tellings))
                if tellings
                else None,
            }
        )
    return rows


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def _event_sources(market: Market) -> list[dict[str, Any]]:
    _tellings(market)
    articles = {
        f"{ALL_OUTLETS[a.outlet].slug}/{guid(a)}": a for shelf in market.articles for a in shelf
    }
    rows = []
    for event in market.events():
        for source, stream, record_id, day in event.tellings:
            article = articles.get(record_id) if source == "press" else None
            corrected = article.corrected if article is not None else None
            rows.append(
                {
                    "event_id": event.event_id,
                    "domain": market.companies[event.company].domain,
                    "source": source,
                    "stream": stream,
                    "record_id": record_id,
                    "published_on": market.date(day),
                    "is_copy": bool(article and article.copy_of),
                    "is_rumour": bool(article and article.kind == "rumour"),
                    "is_wrong": bool(article and article.wrong),
                    "corrected_on": None if corrected is None else market.date(corrected),
                }
            )
    return rows


def _articles(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "record_id": f"{ALL_OUTLETS[a.outlet].slug}/{guid(a)}",
            "article_id": a.article_id,
            "outlet": ALL_OUTLETS[a.outlet].slug,
            "domain": market.companies[a.company].domain,
            "published_on": market.date(a.day),
            "kind": a.kind,
            "event_id": None if a.event is None else a.event.event_id,
            "is_copy": a.copy_of is not None,
            "retracted_on": None if a.retracted is None else market.date(a.retracted),
        }
        for shelf in market.articles
        for a in shelf
    ]


def _technologies(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "domain": c.domain,
            "technology": u.technology.name,
            "category": u.technology.category,
            "is_from_start": u.first < 0,
            "adopted_on": None if u.first < 0 else market.date(u.first),
            "removed_on": None if u.last is None else market.date(u.last),
            "upgraded_on": [market.date(day) for day, _ in u.upgrades],
            "main_upgraded_on": [market.date(day) for day, is_main in u.upgrades if is_main],
            "cause": u.cause,
        }
        for c in market.companies
        for u in market.stack(c)
    ]


def _leaders(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "domain": c.domain,
            "has_page": page_of(c) is not None,
            "person": x.person,
            "title": x.title,
            "is_from_start": x.first < 0,
            "listed_from": None if x.first < 0 else market.date(x.first),
            "listed_to": None if x.last is None else market.date(x.last),
            "joined_by": x.joined_by,
            "left_by": x.left_by,
        }
        for c in market.companies
        for x in market.leaders(c)
    ]


def _staff(market: Market) -> list[dict[str, Any]]:
    return [
        {"domain": c.domain, "person": x.name, "title": x.title, "part": x.part}
        for c in market.companies
        for x in market.staff(c)
    ]


def _postings(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "domain": c.domain,
            "job_board": ":".join(c.board or ()),
            "title": p.title,
            "department": p.department,
            "city": p.city,
            "country": p.country,
            "is_remote": p.remote,
            "opened_on": market.date(p.opened),
            "closed_on": market.date(p.closed),
            "is_relevant": p.relevant,
            "cause": p.cause,
            "posting_key": p.key,
            "repeats": p.repeats,
            "repeats_as": p.repeats_as,
            "is_for_client": p.for_client,
            "years_min": p.years[0] if p.years else None,
            "years_max": p.years[1] if p.years else None,
        }
        for c in market.companies
        for p in market.postings(c)
    ]


def _deals(market: Market) -> list[dict[str, Any]]:
    return [
        {
            "opportunity_id": o.opportunity_id,
            "account_id": o.account_id,
            "need_id": o.need_id,
            "domain": c.domain,
            "opened_on": market.date(o.opened),
            "closed_on": market.date(o.closed),
            "is_won": o.won,
            "amount": o.amount,
            "currency": o.currency,
            "amount_usd": o.amount * USD_OF[o.currency],
        }
        for c in market.companies
        for o in c.opportunities
    ]


def _market(market: Market) -> list[dict[str, Any]]:
    config = market.config
    return [
        {
            "seed": config.seed,
            "companies": config.companies,
            "start": config.start,
            "days": config.days,
            "outlets": config.outlets,
            "syndication": config.syndication,
            "siblings": config.siblings,
            "late_news": config.late_news,
            "retractions": config.retractions,
            "seldom": config.seldom,
            "moves": config.moves,
        }
    ]


def _exported(market: Market) -> list[dict[str, Any]]:
    from sandbox.exports.telling import tellings

    return tellings(market, market.config.today)


_MAKERS = {
    "companies": _companies,
    "in_market": _in_market,
    "decoys": _decoys,
    "events": _events,
    "event_sources": _event_sources,
    "articles": _articles,
    "technologies": _technologies,
    "leaders": _leaders,
    "staff": _staff,
    "postings": _postings,
    "exported": _exported,
    "deals": _deals,
    "market": _market,
}

_COLUMNS = {
    "companies": "company_index:int domain name legal_name industry employees:int city country cik "
    "is_listed:bool job_board is_on_company_list:bool account_id account_created_on:date "
    "homonym_of fit:float needs_per_year:float site_behaviour",
    "in_market": "need_id company_index:int domain in_market_from:date in_market_to:date "
    "is_silent:bool outcome opened_on:date closed_on:date",
    "decoys": "company_index:int domain signals_from:date signals_to:date",
    "events": "event_id company_index:int domain type subtype occurred_on:date cause status "
    "polarity amount:float currency amount_usd:float lead_investor is_extension:bool "
    "is_bridge:bool person level successor moved_from title city other_company effective_on:date "
    "effective_precision telling_count:int source_count:int first_published_on:date",
    "event_sources": "event_id domain source stream record_id published_on:date is_copy:bool "
    "is_rumour:bool is_wrong:bool corrected_on:date",
    "articles": "record_id article_id outlet domain published_on:date kind event_id is_copy:bool "
    "retracted_on:date",
    "technologies": "domain technology category is_from_start:bool adopted_on:date "
    "removed_on:date upgraded_on:dates main_upgraded_on:dates "
    "cause",
    "leaders": "domain has_page:bool person title is_from_start:bool listed_from:date "
    "listed_to:date joined_by left_by",
    "staff": "domain person title part",
    "postings": "domain job_board title department city country is_remote:bool opened_on:date "
    "closed_on:date is_relevant:bool cause posting_key repeats repeats_as is_for_client:bool "
    "years_min:int years_max:int",
    "exported": "vendor domain event_id type occurred_on:date person city title technology",
    "deals": "opportunity_id account_id need_id domain opened_on:date closed_on:date is_won:bool "
    "amount:float currency amount_usd:float",
    "market": "seed:int companies:int start:date days:int outlets:int syndication:float "
    "siblings:float late_news:float retractions:float seldom:float moves:float",
}


def _schema(name: str) -> pa.Schema:
    import pyarrow as pa

    kinds = {
        "": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
        "date": pa.date32(),
        "dates": pa.list_(pa.date32()),
    }
    fields = []
    for column in _COLUMNS[name].split():
        label, _, kind = column.partition(":")
        fields.append(pa.field(label, kinds[kind]))
    return pa.schema(fields)
