"""The data that buying groups rest on: sizes as designed; rules, categories, words that agree."""

from __future__ import annotations

import csv
import math
import re
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

from detection.titles import DEPARTMENTS
from resources.icp import Market, SolutionCategory

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
MEMBER_ROLES = ("decision_maker", "champion", "stakeholder", "blocker", "introducer")


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8") as text:
        return list(csv.DictReader(text))


def test_sizes_are_those_of_the_design_without_a_hole() -> None:
    sizes = [
        (r["market"], int(r["size_min"]), int(r["size_max"])) for r in seed("buying_group_sizes")
    ]
    assert sizes == [
        ("small", 3, 6), ("smb", 4, 8), ("mid_market", 6, 12), ("large", 8, 15),
        ("enterprise", 12, 18),
    ]  # fmt: skip
    assert [market for market, *_ in sizes] == list(get_args(Market))
    bounds = [
        (int(r["headcount_from"]), int(r["headcount_to"])) for r in seed("buying_group_sizes")
    ]
    assert bounds[0][0] == 1
    assert all(after[0] == before[1] + 1 for before, after in pairwise(bounds))


def test_the_roles_wanted_add_up_to_the_least_size() -> None:
    for row in seed("buying_group_sizes"):
        assert sum(int(row[f"{role}s"]) for role in MEMBER_ROLES) == int(row["size_min"]), row


@pytest.mark.parametrize("category", get_args(SolutionCategory))
def test_every_category_says_what_it_is_to_each_department(category: str) -> None:
    rows = [r for r in seed("solution_departments") if r["solution_category"] == category]
    assert sorted(r["department"] for r in rows) == sorted(DEPARTMENTS)
    relevance = [float(r["relevance"]) for r in rows]
    assert all(0 <= value <= 1 for value in relevance)
    # Somebody to sell to, and somebody who must agree.
    assert max(relevance) >= 0.8
    assert any(r["is_control"] == "true" for r in rows)


def test_categories_are_those_of_the_profile() -> None:
    stated = {r["solution_category"] for r in seed("solution_departments")}
    assert stated == set(get_args(SolutionCategory))


def test_every_rule_has_a_condition_and_every_condition_a_rule() -> None:
    model = (PROJECT / "models/intermediate/groups/int_buying_role_points.sql").read_text("utf-8")
    conditions = set(re.findall(r"^    '([a-z_]+)': \"", model, re.M))
    rules = seed("buying_role_rules")
    assert conditions == {row["rule_id"] for row in rules}
    roles = {row["buying_role"]: row for row in seed("buying_roles")}
    assert set(roles) == {*MEMBER_ROLES, "outsider"}
    assert {row["buying_role"] for row in rules} <= set(roles)
    assert (roles["champion"]["needs"], roles["introducer"]["needs"]) == ("interaction", "path")
    assert {row["label"] for row in rules if not row["label"]} == set()
    # What is learned speaks for and against the same as the rule of thumb, if for anything.
    assert all(float(row["log_odds"]) * float(row["learned_log_odds"]) >= 0 for row in rules)


#: The people of the documented example, each with the rules that hold.
EXAMPLE = {
    "Ada": ("decision_maker", ("titled_decision_maker", "vp_of_core", "core_department", "ranks")),
    "Ben": (
        "champion",
        ("interacted", "interacted_strongly", "core_department", "middle_rank", "manager", "ranks"),
    ),
    "Cy": (
        "blocker",
        ("involved_department", "middle_rank", "manager", "control_department", "ranks"),
    ),
}


def test_the_example_of_the_documentation_is_true() -> None:
    """The seeds give the figures that docs/buying-groups.md works out by hand."""
    told = (PROJECT.parent / "docs" / "buying-groups.md").read_text("utf-8")
    certainty = []
    for name, (expected, held) in EXAMPLE.items():
        odds = {
            row["buying_role"]: float(row["learned_base_log_odds"])
            for row in seed("buying_roles")
            if row["needs"] == "" or (row["needs"] == "interaction" and "interacted" in held)
        }
        for row in seed("buying_role_rules"):
            if row["rule_id"] in held and row["buying_role"] in odds:
                odds[row["buying_role"]] += float(row["learned_log_odds"])
        total = sum(math.exp(value) for value in odds.values())
        shares = {role: math.exp(value) / total for role, value in odds.items()}
        assert max(shares, key=shares.__getitem__) == expected, name
        assert f"{shares[expected]:.4f}" in told, (name, shares)
        certainty.append(shares[expected])
    concerned = {
        row["department"]: float(row["relevance"])
        for row in seed("solution_departments")
        if row["solution_category"] == "revenue_technology" and float(row["relevance"]) >= 0.5
    }
    coverage = 100 * (concerned["sales"] + concerned["procurement"]) / sum(concerned.values())
    quality = 0.6 * (90 + 75 + 50) / 3 + 0.4 * 90
    cohesion = 100 * (1 + 0.6 + 0.6) / 3
    overall = (
        0.35 * 50 + 0.25 * coverage + 0.2 * quality + 0.1 * cohesion
        + 0.1 * 100 * sum(certainty) / 3
    )  # fmt: skip
    assert f"{coverage:.2f}" in told
    assert f"**{overall:.2f}**" in told
