"""``python -m benchmarks.buying_groups --home HOME``: are the market's buying groups found again?

The simulated market knows who takes which part at the accounts whose staff its seller has lists of.
A demo's home is compared with that truth, and so is a plain rule beside it: chief officers and
vice presidents decide, directors and managers are heard. All figures are simulated ones.

Judged are people whom the platform knows at the company (by name), so that a source that names
nobody counts against coverage, which is told apart, and not against roles.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from sandbox.market import Market, MarketConfig

ROLES = ("decision_maker", "champion", "stakeholder", "blocker")
#: Steps of probability in which roles are compared with how often they are right.
STEPS = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


@dataclass(frozen=True)
class Found:
    """How often something that is so was said, and something said is so. ``n``: how often it is."""

    n: int
    said: int
    right: int

    @property
    def precision(self) -> float:
        """Share of what was said that is so."""
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        """Share of what is so that was said."""
        return self.right / self.n if self.n else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_row(self) -> dict[str, float]:
        """Counts and shares, each share with its Wilson interval (95 %)."""
        return {
            **asdict(self), "precision": self.precision, "recall": self.recall, "f1": self.f1,
            "precision_low": wilson(self.right, self.said)[0],
            "recall_low": wilson(self.right, self.n)[0],
        }  # fmt: skip


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Bounds of a share at 95 % (Wilson's score interval); (0, 1) of nothing."""
    if not n:
        return 0.0, 1.0
    z, share = 1.96, hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


#: Everybody known at an account, with what is true and what was said of them.
PEOPLE = """
with truth as (
    select domain, lower(person) as name, max(part) as part
    from true_staff group by domain, lower(person)
)

select
    members.company_id,
    truth.part,
    members.membership,
    members.buying_role,
    members.role_probability,
    members.seniority_level
from buying_groups.buyer_group_members as members
inner join core.companies as companies using (company_id)
inner join truth on companies.domain = truth.domain and lower(members.full_name) = truth.name
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where profiles.is_default and members.membership <> 'departed'
"""

STAFF = "select count(*), count(distinct domain) from true_staff where part is not null"


def found(rows: Iterable[Mapping[str, Any]], staff: int) -> dict[str, Any]:
    """Roles and membership as said by the groups and by the plain rule."""
    known = list(rows)
    result: dict[str, Any] = {
        "coverage": {"n": staff, "known": sum(r["part"] is not None for r in known)}
    }
    for name, said in (("groups", _said), ("baseline", _by_rank)):
        roles = {
            role: Found(
                sum(r["part"] == role for r in known),
                sum(said(r) == role for r in known),
                sum(said(r) == role == r["part"] for r in known),
            )
            for role in ROLES
        }
        member = Found(
            sum(r["part"] is not None for r in known),
            sum(said(r) is not None for r in known),
            sum(said(r) is not None and r["part"] is not None for r in known),
        )
        result[name] = {
            "membership": member.as_row(),
            "roles": {role: value.as_row() for role, value in roles.items()},
            "macro_f1": sum(value.f1 for value in roles.values()) / len(roles),
        }
    result["calibration"] = _calibration(known)
    return result


def _said(row: Mapping[str, Any]) -> str | None:
    return row["buying_role"] if row["membership"] == "core" else None


def _by_rank(row: Mapping[str, Any]) -> str | None:
    level = row["seniority_level"]
    if level in ("c_suite", "vp"):
        return "decision_maker"
    return "stakeholder" if level else None


def _calibration(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, float]]:
    """By step of probability: how sure the role was and how often it is so."""
    core = [r for r in rows if r["membership"] == "core"]
    steps = []
    for low, high in pairwise(STEPS):
        here = [r for r in core if low <= r["role_probability"] < high]
        if here:
            right = sum(r["buying_role"] == r["part"] for r in here)
            mean = sum(r["role_probability"] for r in here) / len(here)
            steps.append({"n": len(here), "said": mean, "is_so": right / len(here)})
    return steps


def compare(warehouse: Path, market: Market) -> dict[str, Any]:
    """The groups of a warehouse or publication beside the market's truth."""
    import duckdb

    from sandbox.truth import tables

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("true_staff", tables(market, ("staff",))["staff"])
        connection.execute(f"ATTACH '{warehouse}' AS built (READ_ONLY)")
        connection.execute("USE built")
        cursor = connection.execute(PEOPLE.replace("true_staff", "temp.true_staff"))
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        [(staff, _)] = connection.execute(STAFF.replace("true_staff", "temp.true_staff")).fetchall()
    return found(rows, staff)


def main() -> None:
    """Print the figures and write ``build/buying_groups.json``."""
    parser = argparse.ArgumentParser(prog="benchmarks.buying_groups", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="home of a demo")
    parser.add_argument("--out", type=Path, default=Path("build"))
    asked = parser.parse_args()
    told = json.loads((asked.home / "sandbox" / "market.json").read_text("utf-8"))
    from datetime import date

    start = date.fromisoformat(told.pop("start"))
    result = compare(
        asked.home / "warehouse" / "warehouse.duckdb", Market(MarketConfig(start=start, **told))
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    (asked.out / "buying_groups.json").write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(f"known: {result['coverage']['known']} of {result['coverage']['n']} who take a part")
    print(f"{'':<11}{'what':<16}{'n':>6}{'said':>6}{'precision':>11}{'recall':>8}{'f1':>7}")
    for name in ("groups", "baseline"):
        rows = {"membership": result[name]["membership"], **result[name]["roles"]}
        for what, row in rows.items():
            print(
                f"{name:<11}{what:<16}{row['n']:>6}{row['said']:>6}{row['precision']:>11.3f}"
                f"{row['recall']:>8.3f}{row['f1']:>7.3f}"
            )
        print(f"{name:<11}macro F1 of roles {result[name]['macro_f1']:.3f}")
    for step in result["calibration"]:
        print(f"said {step['said']:.2f}, is so {step['is_so']:.2f} (n {step['n']})")


if __name__ == "__main__":
    main()
