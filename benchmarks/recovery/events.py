"""The market's events found again, as one signal each; how is said in ``benchmarks.recovery``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from benchmarks import stages
from benchmarks.generate import Plan, generate
from benchmarks.recovery import postings, technologies
from benchmarks.recovery.counts import Recovery
from benchmarks.recovery.kinds import effects, kinds
from benchmarks.recovery.sources import by_source
from sandbox.market import Market

#: Everything on: forty outlets, siblings, withdrawn reports, late news.
HARD = (
    ("outlets", 40),
    ("syndication", 0.25),
    ("siblings", 0.5),
    ("late_news", 0.15),
    ("retractions", 0.06),
    # Grants, offerings and the like often enough to count them.
    ("seldom", 3.0),
)
#: Sources beside feeds, filings, boards, sites and the investors' database.
EXTRA = ("newsapi", "drops")
#: Fetches before the last day: often enough to see a mistaken report before it is withdrawn.
OFFSETS = (90, 75, 60, 45, 30, 21, 14, 7, 3, 0)
AS_OF = date(2026, 6, 1)
#: Types told by documents, feeds and databases, as the market's truth names them.
TOLD = (
    "funding_round", "executive_change", "expansion", "acquisition", "partnership",
    "product_launch",
)  # fmt: skip


#: Every telling of an event, and what it tells besides: a takeover and a partnership are events of
#: the other company too, and who leaves may be followed by somebody who comes. The one who comes
#: is no event of the market: a signal of it is right, none is no miss.
_TELLINGS = """
    CREATE TEMP TABLE true_tellings AS
    WITH told AS (
        SELECT e.*, s.source, s.record_id, s.published_on, s.is_rumour
        FROM true_events e JOIN true_event_sources s USING (event_id)
    )
    SELECT event_id, domain, type, subtype, occurred_on, person, source, record_id, published_on,
        is_rumour
    FROM told
    UNION ALL
    SELECT event_id || ' (successor)', domain, type, 'successor', occurred_on, successor, source,
        record_id, published_on, is_rumour
    FROM told WHERE successor IS NOT NULL
    UNION ALL
    SELECT event_id || ' (other side)', k.domain, type, subtype || ' (other side)', occurred_on,
        NULL, source, record_id, published_on, is_rumour
    FROM told
    JOIN known k ON told.other_company = k.name
        -- The truth tells the other side by its name alone: where several bear it, none is meant.
        AND (SELECT count(*) FROM known AS n WHERE n.name = told.other_company) = 1
    WHERE type IN ('acquisition', 'partnership') AND source = 'press' AND k.domain <> told.domain
"""


def build(home: Path, plan: Plan, dbt: stages.Dbt = stages.run_dbt) -> Market:
    """Lay the market's lake down in ``home``, read it and build the signals; returns the market."""
    generate(plan, home / "market")
    stages.prepare(home, home / "market", plan.as_of, dbt)
    stages.detections(home, plan.as_of)
    stages.signals(home, plan.as_of, dbt)
    return plan.make_market()


def recover(home: Path, plan: Plan, market: Market) -> list[Recovery]:
    """One row per signal type, from the warehouse in ``home``."""
    import duckdb
    import pyarrow as pa

    from sandbox.exports import VENDORS
    from sandbox.truth import tables

    wanted = ("companies", "events", "event_sources", "technologies", "postings", "articles",
              "exported", "leaders")  # fmt: skip
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name, table in tables(market, wanted).items():
            connection.register(f"true_{name}", table)
        connection.execute(
            f"ATTACH '{home / 'warehouse' / 'warehouse.duckdb'}' AS warehouse (READ_ONLY)"
        )
        connection.execute(
            """
            CREATE TEMP TABLE known AS
            SELECT c.company_id, c.domain, c.cik, t.name, t.is_on_company_list
            FROM warehouse.core.companies c JOIN true_companies t USING (domain)
            """
        )
        connection.execute(
            """
            CREATE TEMP TABLE namesakes AS
            SELECT domain, count(*) OVER (PARTITION BY name) > 1 AS is_namesake FROM known
            """
        )
        connection.register("list_vendors", pa.table({"vendor": list(VENDORS)}))
        connection.execute(_TELLINGS)
        rows = [_told(connection, kind, plan.as_of) for kind in TOLD]
        rows.append(technologies.came_and_went(connection))
        rows.append(postings.shown(connection, plan.days))
        rows.append(postings.first_jobs(connection, plan.days))
        rows += kinds(connection, plan.as_of)
        rows.append(effects(connection, plan.as_of))
        rows += technologies.upgrades(connection)
        rows += postings.told(connection, plan.days)
        rows.append(postings.surges(connection, plan.days))
        if plan.extra:
            rows += by_source(connection, plan.days)
    return rows


#: A plan that lapsed was told truly all the same; of rounds only rumours lapse, which are none, and
#: offerings that were filed for.
_HOLDS = (
    "(b.known_to IS NULL OR b.end_reason = 'not_confirmed' "
    "AND (b.signal_type <> 'funding_round' OR b.signal_subtype = 'ipo'))"
)


def _told(connection, kind: str, as_of: date) -> Recovery:
    """Match events and signals one to one, the pairs with most common records first."""
    tellable = connection.execute(
        """
        SELECT t.event_id, any_value(t.domain || ' ' || t.subtype || ' ' || t.occurred_on)
        FROM true_tellings t JOIN known k USING (domain)
        WHERE t.type = ? AND NOT t.is_rumour AND t.published_on <= ?
            AND t.subtype <> 'successor'
            AND (t.source <> 'sec_edgar' OR k.cik IS NOT NULL)
        GROUP BY 1
        """,
        [kind, as_of],
    ).fetchall()
    said = connection.execute(
        f"""
        SELECT b.signal_id, k.domain || ' ' || coalesce(b.signal_subtype, '') || ' '
            || cast(b.occurred_at AS date) || ' ' || coalesce(b.title, '')
        FROM warehouse.signals.buying_signals b JOIN known k USING (company_id)
        WHERE b.signal_type = ? AND {_HOLDS}
            -- What job boards alone tell is judged by what they showed (_first_jobs).
            AND EXISTS (
                SELECT 1 FROM warehouse.signals.signal_sources s
                WHERE s.signal_id = b.signal_id AND s.stream <> 'jobs'
                    -- What only lists exported by hand tell is judged by those (by_source).
                    AND s.source NOT IN (SELECT vendor FROM list_vendors)
            )
        """,
        [kind],
    ).fetchall()
    pairs = connection.execute(
        f"""
        SELECT t.event_id, x.signal_id, count(*) AS records
        FROM true_tellings t
        JOIN warehouse.signals.signal_sources x
            ON t.source = x.source AND t.record_id = x.record_id
        JOIN warehouse.signals.buying_signals b
            ON b.signal_id = x.signal_id AND b.signal_type = t.type
        JOIN known k ON k.company_id = b.company_id AND k.domain = t.domain
        LEFT JOIN warehouse.signals.executive_changes p ON p.signal_id = b.signal_id
        WHERE t.type = ? AND {_HOLDS}
            -- A departure and its successor's arrival stand in one article.
            AND (t.person IS NULL OR p.person_name IS NULL
                OR split_part(t.person, ' ', -1) = split_part(p.person_name, ' ', -1))
        GROUP BY ALL ORDER BY records DESC, t.event_id, x.signal_id
        """,
        [kind],
    ).fetchall()
    events, signals = dict(tellable), dict(said)
    taken: dict[str, str] = {}
    for event, signal, _ in pairs:
        if event not in taken and signal not in taken.values():
            taken[event] = signal
    missed = [events[e] for e in events if e not in taken]
    namesakes = {
        domain
        for (domain,) in connection.execute(
            "SELECT domain FROM namesakes WHERE is_namesake"
        ).fetchall()
    }
    right = set(taken.values())
    false = [signals[s] for s in signals if s not in right]
    return Recovery(
        kind, len(events), len(events) - len(missed), len(signals), len(signals) - len(false),
        tuple(sorted(missed)[:20]), tuple(sorted(false)[:20]),
        sum(told.split()[0] in namesakes for told in missed),
    )  # fmt: skip
