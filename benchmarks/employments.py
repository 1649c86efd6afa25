"""``python -m benchmarks.employments``: who came, left and moved, found in time.

A market in which every third hire left another company of it before is fetched on ten days, read
and built by the line's own readers and models, and ``core.employments`` is compared with what truly
happened, as far as a source had told it by the last fetch: feeds and the news search, filings of
companies whose CIK is known, leadership pages that had shown the person before, and lists of
boards. All figures are simulated ones.

- **departure**: somebody who left; right is an employment there that is said to have ended.
- **arrival**: somebody who came from outside; right is an employment there.
- **move**: who left one company and came to another one; right is one person with both.
- **at once**: of what was found, noticed by the first fetch after a source showed it.

Baseline: signals of an executive change, by name and company, as anybody may read them; of moves,
the same name at both companies.
"""

from __future__ import annotations

import argparse
import bisect
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import stages
from benchmarks.evaluation.measure import share_interval
from benchmarks.generate import Plan, generate
from benchmarks.recovery.events import AS_OF, EXTRA, HARD, OFFSETS
from sandbox.market import Market

#: Share of hires that left another company of the market.
MOVES = (("moves", 0.34),)
#: (company's domain, person): who came to or left which company.
Change = tuple[str, str]


@dataclass(frozen=True)
class Noticed:
    """How one kind of change was found again."""

    kind: str
    #: Visible changes, and how many of them are known.
    true: int
    found: int
    #: Of those, known by the first fetch that could show it; and the fetches of delay on average.
    at_once: int
    mean_delay: float
    #: What is said, and how much of it is so.
    said: int
    right: int
    #: What the baseline finds, says and is right in.
    baseline_found: int
    baseline_said: int
    baseline_right: int
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()

    @property
    def recall(self) -> float:
        """Share of visible changes that are known."""
        return self.found / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of what is said that is so."""
        return self.right / self.said if self.said else 1.0


def noticed(
    kind: str,
    visible: Mapping[Change, date],
    so: Iterable[Change],
    said: Mapping[Change, date],
    baseline: Iterable[Change],
    days: Sequence[date],
) -> Noticed:
    """Compare what is said, and since when, with what was ``visible`` from which day on.

    ``so``: all that truly happened, visible or not, and counts as right; ``days``: of the fetches.
    """
    found = {change: said[change] for change in visible if change in said}
    delays = [
        max(0, bisect.bisect_left(days, known) - bisect.bisect_left(days, visible[change]))
        for change, known in found.items()
    ]
    true, plain = set(so), set(baseline)
    return Noticed(
        kind, len(visible), len(found), sum(delay == 0 for delay in delays),
        sum(delays) / len(delays) if delays else 0.0,
        len(said), len(true & said.keys()),
        len(plain & visible.keys()), len(plain), len(plain & true),
        tuple(sorted(" ".join(c) for c in visible.keys() - found.keys())[:20]),
        tuple(sorted(" ".join(c) for c in said.keys() - true)[:20]),
    )  # fmt: skip


def build(home: Path, plan: Plan) -> Market:
    """Lay the market's lake down in ``home``, read it, build employments and signals."""
    generate(plan, home / "market")
    stages.prepare(home, home / "market", plan.as_of)
    stages.detections(home, plan.as_of)
    stages.run_dbt(
        home, "build", "--select", "+companies", "+employments", "+people", "+executive_changes",
        "--exclude", *stages.SECOND_PASS.split(), "--exclude-resource-type", "test", "unit_test",
    )  # fmt: skip
    return plan.make_market()


def measure(home: Path, plan: Plan, market: Market) -> list[Noticed]:
    """Departures, arrivals and moves, from the warehouse in ``home``."""
    import duckdb

    from sandbox.truth import tables

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        wanted = ("companies", "events", "event_sources", "exported", "leaders")
        for name, table in tables(market, wanted).items():
            connection.register(f"true_{name}", table)
        connection.execute(
            f"ATTACH '{home / 'warehouse' / 'warehouse.duckdb'}' AS warehouse (READ_ONLY)"
        )
        connection.execute(_PREPARED)
        last = [plan.as_of]
        left = dict(_rows(connection, _LEFT, last))
        came = dict(_rows(connection, _CAME, last))
        changes = _rows(connection, _SIGNALS)
        rows = [
            noticed(
                "departure", left, _pairs(connection, _EVER_LEFT), dict(_rows(connection, _ENDED)),
                [change for change, kind in changes if kind == "departure"], plan.days,
            ),
            noticed(
                "arrival", came, _pairs(connection, _EVER_THERE), dict(_rows(connection, _BEGUN)),
                [change for change, kind in changes if kind == "new_hire"], plan.days,
            ),
        ]  # fmt: skip
        moved = dict(_rows(connection, _MOVED, last * 2))
        rows.append(
            noticed(
                "move", moved, _pairs(connection, _EVER_MOVED), dict(_rows(connection, _JOINED)),
                _pairs(connection, _SAME_NAME), plan.days,
            )
        )  # fmt: skip
        return rows


def _rows(connection: Any, query: str, values: Sequence[Any] = ()) -> list[tuple[Change, Any]]:
    return [((a, b), c) for a, b, c in connection.execute(query, list(values)).fetchall()]


def _pairs(connection: Any, query: str) -> list[Change]:
    return connection.execute(query).fetchall()


#: A name as both sides write it: without initials, in lower case.
_KEY = "regexp_replace(lower(strip_accents({0})), ' [a-z]\\.? ', ' ')"
#: What truly happened, when each source first told it, and what the line says. Companies with a
#: namesake are left out: a report that gives only the name is left unresolved, on purpose.
_PREPARED = f"""
    CREATE TEMP TABLE known AS
    SELECT c.company_id, c.domain, c.cik, t.name
    FROM warehouse.core.companies c JOIN true_companies t USING (domain)
    QUALIFY count(*) OVER (PARTITION BY t.name) = 1;

    CREATE TEMP TABLE changes AS
    SELECT event_id, domain, subtype, {_KEY.format("person")} AS person, moved_from
    FROM true_events JOIN known USING (domain) WHERE type = 'executive_change'
    UNION ALL
    SELECT event_id, domain, 'new_hire', {_KEY.format("successor")}, NULL
    FROM true_events JOIN known USING (domain)
    WHERE type = 'executive_change' AND successor IS NOT NULL;

    CREATE TEMP TABLE shown AS
    SELECT domain, {_KEY.format("person_name")} AS person, fetched_at::date AS read_on
    FROM warehouse.staging.stg_detections__leadership_entries;

    CREATE TEMP TABLE told AS
    SELECT c.event_id, c.domain, c.subtype, c.person, s.published_on AS visible_on
    FROM changes c
    JOIN true_event_sources s USING (event_id)
    JOIN known k ON k.domain = c.domain
    WHERE NOT s.is_rumour AND s.source IN ('press', 'newsapi', 'sec_edgar')
        AND (s.source <> 'sec_edgar' OR k.cik IS NOT NULL)
    UNION ALL
    -- A list of boards is exported on the last day.
    SELECT c.event_id, c.domain, c.subtype, c.person,
        (SELECT max(read_on) FROM shown) AS visible_on
    FROM changes c
    JOIN true_exported x ON x.event_id = c.event_id AND x.vendor = 'boardex'
        AND {_KEY.format("x.person")} = c.person
    UNION ALL
    -- A page that has shown the person and is read without, or the other way round.
    SELECT c.event_id, c.domain, c.subtype, c.person, min(page.read_on)
    FROM changes c
    JOIN true_leaders l ON l.domain = c.domain AND {_KEY.format("l.person")} = c.person
        AND CASE c.subtype WHEN 'departure' THEN l.left_by ELSE l.joined_by END = c.event_id
    JOIN shown AS page ON page.domain = c.domain
        AND page.read_on >= CASE c.subtype WHEN 'departure' THEN l.listed_to ELSE l.listed_from END
    WHERE EXISTS (
        SELECT 1 FROM shown AS before
        WHERE before.domain = c.domain AND before.read_on < page.read_on
            AND (c.subtype <> 'departure' OR before.person = c.person)
    )
    GROUP BY ALL;

    CREATE TEMP TABLE held AS
    SELECT k.domain, {_KEY.format("p.full_name")} AS person, e.person_id, e.started_on,
        e.first_seen_at::date AS seen_on, e.end_known_by, e.end_noticed_at::date AS end_seen_on
    FROM warehouse.core.employments e
    JOIN warehouse.core.people p USING (person_id)
    JOIN known k ON k.company_id = e.company_id
"""
_VISIBLE = """
    SELECT domain, person, min(visible_on) FROM told
    WHERE {0} AND visible_on <= ? GROUP BY domain, person
"""
_LEFT = _VISIBLE.format("subtype = 'departure'")
_CAME = _VISIBLE.format("subtype = 'new_hire'")
_EVER_LEFT = f"""
    SELECT domain, person FROM changes WHERE subtype = 'departure'
    UNION SELECT domain, {_KEY.format("person")} FROM true_leaders WHERE left_by IS NOT NULL
"""
_ENDED = """
    SELECT domain, person, min(end_seen_on) FROM held
    WHERE end_known_by IS NOT NULL AND end_seen_on IS NOT NULL GROUP BY domain, person
"""
#: Who is said to have come: an employment with a start.
_BEGUN = """
    SELECT domain, person, min(seen_on) FROM held WHERE started_on IS NOT NULL
    GROUP BY domain, person
"""
_EVER_THERE = f"""
    SELECT domain, person FROM changes
    UNION SELECT domain, {_KEY.format("person")} FROM true_leaders
"""
_SIGNALS = f"""
    SELECT k.domain, {_KEY.format("x.person_name")}, x.change_type
    FROM warehouse.signals.executive_changes x
    JOIN known k USING (company_id)
    WHERE x.person_name IS NOT NULL
"""
#: A move is named by where it went, and visible once both its ends are.
_MOVED = """
    SELECT c.domain || ' < ' || o.domain, c.person,
        greatest(min(arrival.visible_on), min(leaving.visible_on))
    FROM changes c
    JOIN changes o ON o.event_id = c.moved_from
    JOIN told AS arrival ON arrival.event_id = c.event_id AND arrival.visible_on <= ?
    JOIN told AS leaving ON leaving.event_id = o.event_id AND leaving.person = o.person
        AND leaving.visible_on <= ?
    GROUP BY ALL
"""
_EVER_MOVED = """
    SELECT DISTINCT c.domain || ' < ' || o.domain, c.person
    FROM changes c JOIN changes o ON o.event_id = c.moved_from
"""
_JOINED = """
    SELECT new.domain || ' < ' || old.domain, new.person,
        max(greatest(new.seen_on, old.end_seen_on))
    FROM held AS new JOIN held AS old ON old.person_id = new.person_id AND old.domain <> new.domain
    WHERE old.end_known_by IS NOT NULL AND new.started_on IS NOT NULL AND new.end_known_by IS NULL
    GROUP BY ALL
"""
_SAME_NAME = """
    SELECT DISTINCT new.domain || ' < ' || old.domain, new.person
    FROM held AS new JOIN held AS old ON old.person = new.person AND old.domain <> new.domain
    WHERE old.end_known_by IS NOT NULL AND new.started_on IS NOT NULL AND new.end_known_by IS NULL
"""


def show(rows: Sequence[Noticed]) -> None:
    """Print a table of what ``measure`` gave."""
    print(
        f"{'kind':<11}{'visible':>8}{'recall':>8}{'at once':>9}{'delay':>7}{'said':>7}"
        f"{'precision':>11}   baseline: recall, precision"
    )
    for r in rows:
        low, high = share_interval(r.found, r.true) or (0.0, 1.0)
        beside = r.baseline_found / r.true if r.true else 1.0
        right = r.baseline_right / r.baseline_said if r.baseline_said else 1.0
        print(
            f"{r.kind:<11}{r.true:>8}{r.recall:>8.3f}{r.at_once / max(r.found, 1):>9.3f}"
            f"{r.mean_delay:>7.2f}{r.said:>7}{r.precision:>11.3f}   {beside:.3f}, {right:.3f}"
            f"   recall {low:.3f}-{high:.3f}"
        )


def main() -> None:
    """Print the table and write ``build/employments.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.employments", description=__doc__)
    parser.add_argument("--companies", type=int, default=400)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--home", type=Path, help="folder to build in; kept (default: temporary)")
    parser.add_argument("--out", type=Path, default=Path("build"))
    asked = parser.parse_args()
    plan = Plan(asked.companies, AS_OF, asked.seed, OFFSETS, HARD + MOVES, EXTRA)
    with tempfile.TemporaryDirectory(prefix="employments-") as scratch:
        home = (asked.home or Path(scratch)).resolve()
        built = (home / "warehouse" / "warehouse.duckdb").exists()
        rows = measure(home, plan, plan.make_market() if built else build(home, plan))
    asked.out.mkdir(parents=True, exist_ok=True)
    named = {r.kind: asdict(r) | {"recall": r.recall, "precision": r.precision} for r in rows}
    (asked.out / "employments.json").write_text(json.dumps(named, indent=2) + "\n", "utf-8")
    show(rows)


if __name__ == "__main__":
    main()
