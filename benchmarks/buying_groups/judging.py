"""The buying groups of a demo beside the market's truth, and beside a plain rule of rank.

The simulated market knows who takes which part at the accounts whose staff its seller has lists of.
The plain rule: chief officers and vice presidents decide, directors and managers are heard. All
figures are simulated ones.

Judged are people whom the platform knows at the company (by name), so that a source that names
nobody counts against coverage, which is told apart, and not against roles.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.evaluation.measure import Hits, f1_interval, share_interval
from ml.calibration import expected_calibration_error, reliability
from resources.publication.reading import ask
from sandbox.market import Market, MarketConfig

Row = Mapping[str, Any]

ROLES = ("decision_maker", "champion", "stakeholder", "blocker")
#: Memberships of who is said to take part; the core is the part of them that fills the seats.
MEMBERS = ("core", "extended")
#: Ranks in the order in which the plain rule fills the seats.
RANKS = ("c_suite", "vp", "director", "manager")
#: Contacts of an account that are worth having.
CONTACTS_WANTED = 15

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
    members.in_group_probability,
    members.seniority_level,
    members.title is null as is_untitled,
    buyer_groups.size_max
from buying_groups.buyer_group_members as members
inner join buying_groups.buyer_groups using (buyer_group_id)
inner join core.companies as companies on members.company_id = companies.company_id
inner join truth on companies.domain = truth.domain and lower(members.full_name) = truth.name
inner join leads.icp_profiles as profiles
    on members.organisation_id = profiles.organisation_id
    and members.icp_profile_id = profiles.icp_profile_id
where profiles.is_default and members.membership <> 'departed'
order by members.company_id, members.person_id
"""

STAFF = "select count(*) from true_staff where part is not null"

CONTACTS = """
select groups.contacts
from buying_groups.buyer_groups as groups
inner join core.companies as companies using (company_id)
inner join leads.icp_profiles as profiles using (organisation_id, icp_profile_id)
where profiles.is_default and companies.domain in (select domain from true_staff)
"""


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


def judged(
    rows: Sequence[Row], said: Callable[[Row], bool], so: Callable[[Row], bool]
) -> dict[str, Any]:
    """Counts, shares and F1 with their 95 % intervals; whole companies are drawn for that of F1."""
    cases: dict[str, list[int]] = {}
    for row in rows:
        case = cases.setdefault(row["company_id"], [0, 0, 0])
        case[0] += said(row) and so(row)
        case[1] += said(row)
        case[2] += so(row)
    hits = [Hits(*case) for case in cases.values()]
    found = Found(*(sum(getattr(h, f) for h in hits) for f in ("expected", "found", "right")))
    return {
        **asdict(found), "precision": found.precision, "recall": found.recall, "f1": found.f1,
        "precision_interval": share_interval(found.right, found.said),
        "recall_interval": share_interval(found.right, found.n),
        "f1_interval": f1_interval(hits),
    }  # fmt: skip


def found(rows: Iterable[Row], staff: int, contacts: Sequence[int] = ()) -> dict[str, Any]:
    """Membership, core and roles as said by the groups and by the plain rule, and calibration."""
    known = list(rows)
    seated = _seated_by_rank(known)
    result: dict[str, Any] = {
        "coverage": {
            "n": staff,
            "known": sum(r["part"] is not None for r in known),
            "accounts": len(contacts),
            "with_contacts_wanted": sum(c >= CONTACTS_WANTED for c in contacts),
        }
    }
    for name, role_of, in_core in (
        ("groups", _said, lambda r: r["membership"] == "core"),
        ("baseline", _by_rank, lambda r: id(r) in seated),
    ):
        roles = {
            role: judged(known, lambda r: role_of(r) == role, lambda r: r["part"] == role)  # noqa: B023
            for role in ROLES
        }
        result[name] = {
            "membership": judged(known, lambda r: role_of(r) is not None, _takes_part),  # noqa: B023
            "core": judged(known, in_core, _takes_part),
            "roles": roles,
            "macro_f1": sum(value["f1"] for value in roles.values()) / len(roles),
        }
    untitled = [r for r in known if r["is_untitled"]]
    result["untitled"] = judged(untitled, lambda r: _said(r) is not None, _takes_part)
    members = [r for r in known if _said(r)]
    result["calibration"] = {
        "taking_part": calibration(
            [r["in_group_probability"] for r in known], [_takes_part(r) for r in known]
        ),
        "role": calibration(
            [r["role_probability"] for r in members],
            [r["buying_role"] == r["part"] for r in members],
        ),
    }
    return result


def calibration(said: Sequence[float], is_so: Sequence[bool]) -> dict[str, Any]:
    """Expected calibration error and the table it is made of, in ten steps of equal size."""
    if not said:
        return {"n": 0, "error": None, "table": []}
    label, probability = np.asarray(is_so, dtype=float), np.asarray(said, dtype=float)
    table = [
        {"said": mean, "is_so": share, "n": n} for mean, share, n in reliability(label, probability)
    ]
    error = expected_calibration_error(label, probability)
    return {"n": len(said), "error": error, "table": table}


def _takes_part(row: Row) -> bool:
    return row["part"] is not None


def _said(row: Row) -> str | None:
    return row["buying_role"] if row["membership"] in MEMBERS else None


def _by_rank(row: Row) -> str | None:
    level = row["seniority_level"]
    if level in ("c_suite", "vp"):
        return "decision_maker"
    return "stakeholder" if level else None


def _seated_by_rank(rows: Sequence[Row]) -> set[int]:
    """Who sits in the core if the seats of each group go to the highest ranks."""
    companies: dict[str, list[Row]] = {}
    for row in rows:
        if row["seniority_level"] in RANKS:
            companies.setdefault(row["company_id"], []).append(row)
    return {
        id(row)
        for people in companies.values()
        for row in sorted(people, key=lambda r: RANKS.index(r["seniority_level"]))[
            : people[0]["size_max"]
        ]
    }


def market_of(home: Path) -> Market:
    """The simulated market of a demo's home."""
    told = json.loads((home / "sandbox" / "market.json").read_text("utf-8"))
    start = date.fromisoformat(told.pop("start"))
    return Market(MarketConfig(start=start, **told))


def read(warehouse: Path, market: Market) -> tuple[list[dict[str, Any]], int, list[int]]:
    """People known at the accounts, how many take a part in truth, and contacts by account."""
    import duckdb

    from sandbox.truth import tables

    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("true_staff", tables(market, ("staff",))["staff"])
        connection.execute(f"ATTACH '{warehouse}' AS built (READ_ONLY)")
        connection.execute("USE built")

        people, staff, contacts = (
            ask(connection, query.replace("true_staff", "temp.true_staff"))
            for query in (PEOPLE, STAFF, CONTACTS)
        )
        [total] = [next(iter(row.values())) for row in staff]
        return people, total, [row["contacts"] for row in contacts]


def compare(warehouse: Path, market: Market) -> dict[str, Any]:
    """The groups of a warehouse or publication beside the market's truth."""
    return found(*read(warehouse, market))


def compare_homes(homes: Sequence[Path]) -> dict[str, Any]:
    """The groups of several demos, each with a market of its own, put together."""
    people: list[dict[str, Any]] = []
    staff, contacts = 0, []
    for home in homes:
        rows, here, known = read(home / "warehouse" / "warehouse.duckdb", market_of(home))
        people += [{**row, "company_id": f"{home}|{row['company_id']}"} for row in rows]
        staff += here
        contacts += known
    return found(people, staff, contacts)
