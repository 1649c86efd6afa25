"""What the rules of buying roles weigh, learned on simulated markets, into the seeds of dbt.

People, rules that hold and possible roles are those of ``int_buying_role_points`` in the warehouses
of demos; their true parts are the markets'. The figures of docs/evaluation.md are of other markets
than those learned from.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from benchmarks.buying_groups.judging import market_of
from ml.buying_roles import OUTSIDER, Person, Weights, learn
from resources.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "dbt_project" / "seeds"

POINTS = """
with truth as (
    select domain, lower(person) as name, max(part) as part
    from temp.true_staff group by domain, lower(person)
)

select
    points.company_id,
    points.person_id,
    coalesce(max(truth.part), 'outsider') as part,
    list(distinct points.rule_id) filter (where points.rule_id <> 'base') as rules,
    list(distinct points.buying_role) filter (where points.rule_id = 'base') as possible
from intermediate.int_buying_role_points as points
inner join intermediate.int_account_people as people using (company_id, person_id)
inner join core.companies as companies on points.company_id = companies.company_id
inner join truth on companies.domain = truth.domain and lower(people.full_name) = truth.name
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where profiles.is_default and people.is_current
group by points.company_id, points.person_id
order by points.company_id, points.person_id
"""


def people_of(home: Path) -> list[Person]:
    """Everybody known at the accounts of a demo, with the part that the market says they take."""
    import duckdb

    from sandbox.truth import tables

    with duckdb.connect() as connection:
        connection.register("true_staff", tables(market_of(home), ("staff",))["staff"])
        warehouse = home / "warehouse" / "warehouse.duckdb"
        connection.execute(f"ATTACH '{warehouse}' AS built (READ_ONLY)")
        connection.execute("USE built")
        rows = connection.execute(POINTS).fetchall()
    return [
        Person(frozenset(rules or ()), frozenset(possible), part or OUTSIDER)
        for _, _, part, rules, possible in rows
    ]


def thumb(folder: Path = SEEDS) -> Weights:
    """The rules of thumb as the seeds state them."""
    base = {r["buying_role"]: float(r["base_log_odds"]) for r in _rows(folder / "buying_roles.csv")}
    rules = {
        (r["rule_id"], r["buying_role"]): float(r["log_odds"])
        for r in _rows(folder / "buying_role_rules.csv")
    }
    return Weights(base, rules)


def learn_from(homes: Sequence[Path], folder: Path = SEEDS) -> int:
    """Write what the demos of ``homes`` teach into the seeds; returns the number of people."""
    people = [person for home in homes for person in people_of(home)]
    weights = learn(people, thumb(folder))
    for name, column, value_of in (
        ("buying_roles", "learned_base_log_odds", lambda r: weights.base[r["buying_role"]]),
        (
            "buying_role_rules",
            "learned_log_odds",
            lambda r: weights.rules[r["rule_id"], r["buying_role"]],
        ),
    ):
        path = folder / f"{name}.csv"
        rows = _rows(path)
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, column: f"{value_of(row):.2f}"} for row in rows)
    return len(people)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
