"""``python -m benchmarks.recovery``: are the market's events found again, as one signal each?

A market with everything switched on that makes press hard to read - forty outlets that reprint a
release, siblings told from the other side, reports that are withdrawn, news that comes late - is
fetched on several days, read and built by the line's own readers and models, and its signals are
compared with what truly happened. All figures are simulated ones.

How a type is counted: an event is *tellable* when some source had told it, other than as a rumour,
by the last fetch, and the platform knows the company. A signal and an event belong together when a
record of the one tells the other. Each event may claim one signal and each signal one event: a
second signal of one event is a false one, and an event merged into another's signal is missed.
Signals that have ended (withdrawn reports) count for nothing. Postings and technologies are
compared with what boards and pages showed on the fetch days; what the same element of a page shows
besides a true technology is left out of the count.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from dataclasses import asdict
from datetime import date
from itertools import pairwise
from pathlib import Path

from benchmarks import stages
from benchmarks.generate import Plan, generate
from benchmarks.recovery_counts import Recovery, compared, folded
from benchmarks.recovery_kinds import effects, kinds, postings, surges, upgrades
from benchmarks.recovery_sources import by_source
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
        rows.append(_technologies(connection, plan))
        rows.append(_postings(connection, plan))
        rows.append(_first_jobs(connection, plan))
        rows += kinds(connection, plan.as_of)
        rows.append(effects(connection, plan.as_of))
        rows += upgrades(connection)
        rows += postings(connection, plan.days)
        rows.append(surges(connection, plan.days))
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


def _technologies(connection, plan: Plan) -> Recovery:
    """What came and went between two days on which a site's page was read."""
    scans = connection.execute(
        """
        SELECT DISTINCT domain, cast(fetched_at AS date) AS day
        FROM warehouse.staging.stg_company_site__pages
        WHERE coalesce(status, 200) BETWEEN 200 AND 299 AND domain IN (SELECT domain FROM known)
        ORDER BY 1, 2
        """
    ).fetchall()
    used: dict[str, list[tuple]] = {}
    for domain, technology, first, last in connection.execute(
        "SELECT domain, technology, adopted_on, removed_on FROM true_technologies"
    ).fetchall():
        used.setdefault(domain, []).append((technology, first or date.min, last or date.max))
    true = []
    for (domain, before), (other, day) in pairwise(scans):
        if domain != other:
            continue
        then, now = (
            {name for name, first, last in used.get(domain, ()) if first <= at < last}
            for at in (before, day)
        )
        true += [(domain, name, "added", day) for name in now - then]
        true += [(domain, name, "removed", day) for name in then - now]
    said = connection.execute(
        """
        SELECT k.domain, t.technology, t.change_type, cast(t.detected_on AS date), c.evidence
        FROM warehouse.signals.technology_adoptions t
        JOIN known k USING (company_id)
        LEFT JOIN warehouse.intermediate.int_technology_changes c
            ON c.domain = k.domain AND c.technology = t.technology
            AND c.change_type = t.change_type AND c.scanned_on = cast(t.detected_on AS date)
        WHERE t.change_type IN ('added', 'removed') AND EXISTS (
            SELECT 1 FROM warehouse.signals.signal_sources s
            WHERE s.signal_id = t.signal_id AND s.source IN ('company_site', 'dns', 'builtwith')
        )
        """
    ).fetchall()
    # An address may show two technologies: the library and the network that delivers it, the shop
    # and the system it is a part of. The market's truth names the first; the second is as true.
    certain = set(true)
    shown = {(row[0], row[3], row[4]) for row in said if row[4] and tuple(row[:4]) in certain}
    said = [
        row[:4]
        for row in said
        if tuple(row[:4]) in certain or (row[0], row[3], row[4]) not in shown
    ]
    return compared("technology_adoption", true, said)


def _postings(connection, plan: Plan) -> Recovery:
    """Postings that a board showed on some fetch day."""
    true = []
    for domain, title, opened, closed in connection.execute(
        "SELECT domain, title, opened_on, closed_on FROM true_postings "
        "WHERE domain IN (SELECT domain FROM known WHERE is_on_company_list)"
    ).fetchall():
        if any(opened <= day < closed for day in plan.days):
            true.append((domain, re.sub(r" \([^)]*\)$", "", title)))
    said = connection.execute(
        """
        SELECT k.domain, regexp_replace(j.job_title, ' \\([^)]*\\)$', '')
        FROM warehouse.signals.job_posting_signals j JOIN known k USING (company_id)
        WHERE j.source IN ('greenhouse', 'lever', 'ashby', 'workday')
        """
    ).fetchall()
    return compared("job_posting", true, said)


def _first_jobs(connection, plan: Plan) -> Recovery:
    """Cities in which a board showed a job on the spot for the first time, after its first day."""
    shown: dict[tuple[str, str], date] = {}
    for domain, city, opened, closed, home in connection.execute(
        """
        SELECT p.domain, p.city, p.opened_on, p.closed_on, c.city
        FROM true_postings p JOIN warehouse.core.companies c USING (domain)
        WHERE NOT p.is_remote
            AND p.domain IN (SELECT domain FROM known WHERE is_on_company_list)
        """
    ).fetchall():
        days = [day for day in plan.days if opened <= day < closed]
        if days and city != home:
            place = (domain, folded(city))
            shown[place] = min(days[0], shown.get(place, days[0]))
    read = connection.execute(
        """
        SELECT k.domain, min(v.snapshot_on) FILTER (WHERE v.open_postings > 0)
        FROM warehouse.intermediate.int_job_volumes v JOIN known k USING (company_id) GROUP BY 1
        """
    ).fetchall()
    begun = dict(read)
    true = [
        (*place, day) for place, day in shown.items() if begun.get(place[0]) and day > plan.days[0]
        and day > begun[place[0]]
    ]  # fmt: skip
    said = connection.execute(
        """
        SELECT k.domain, m.city, m.occurred_on
        FROM warehouse.intermediate.int_signal_mentions m
        JOIN warehouse.signals.signal_sources s USING (mention_id)
        JOIN warehouse.signals.buying_signals b USING (signal_id)
        JOIN known k USING (company_id)
        WHERE b.signal_type = 'expansion' AND m.detection_method = 'job_posting'
        """
    ).fetchall()
    return compared("first_job", true, [(domain, folded(city), day) for domain, city, day in said])


def main() -> None:
    """Print the table and write ``build/recovery.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.recovery", description=__doc__)
    parser.add_argument("--companies", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--home", type=Path, help="folder to build in; kept (default: temporary)")
    parser.add_argument("--out", type=Path, default=Path("build"))
    asked = parser.parse_args()
    plan = Plan(asked.companies, AS_OF, asked.seed, OFFSETS, HARD, EXTRA)
    with tempfile.TemporaryDirectory(prefix="recovery-") as scratch:
        home = (asked.home or Path(scratch)).resolve()
        rows = recover(home, plan, build(home, plan))
    asked.out.mkdir(parents=True, exist_ok=True)
    named = {
        r.signal_type: asdict(r) | {"recall": r.recall, "precision": r.precision} for r in rows
    }
    (asked.out / "recovery.json").write_text(json.dumps(named, indent=2) + "\n", "utf-8")
    print(
        f"{'type':<22}{'happened':>9}{'found':>7}{'recall':>8}{'said':>7}{'right':>7}"
        f"{'precision':>11}{'namesakes':>11}"
    )
    for r in rows:
        print(
            f"{r.signal_type:<22}{r.true:>9}{r.found:>7}{r.recall:>8.3f}"
            f"{r.said:>7}{r.right:>7}{r.precision:>11.3f}{r.namesakes:>11}"
        )


if __name__ == "__main__":
    main()
