"""Points for intent and fit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.keys import fold, map_distinct
from benchmarks.pandas_pipeline.profile import arrival_shares, wanted_tools, wished
from benchmarks.pandas_pipeline.reading import Input, read_seed


def intent_points(table: pd.DataFrame, icp: dict[str, Any], data: Input) -> pd.DataFrame:
    """The best signal of each intent rule and company."""
    rules = read_seed("lead_score_rules").set_index("rule_id")
    end = data.as_of + pd.Timedelta(days=1)
    known = table[
        (table["polarity"] == "positive")
        & (table["detected_at"] < end)
        & (table["known_to"].isna() | (table["known_to"] >= end))
    ]
    stages = set(wished(icp, "funding_stage"))
    kind, wants = known["signal_type"], icp.get("signals") or {}
    tooled, arrivals = bool(wanted_tools(icp)), arrival_shares(icp, known)
    chosen = {
        "recent_funding": (kind == "funding_round")
        & (known["round_type"].isna() | known["round_type"].isin(stages) | (not stages)),
        "relevant_hiring": known["is_role"],
        "technology_change": (kind == "technology_adoption")
        & (known["signal_subtype"] != "upgraded")
        & (known["is_tool"] | (not tooled)),
        "leadership_change": (kind == "executive_change") & arrivals.notna(),
    }
    shares = {"relevant_hiring": known["role_share"], "leadership_change": arrivals}
    wish = {
        "recent_funding": "recent_funding",
        "relevant_hiring": "actively_hiring",
        "technology_change": "tech_stack_change",
        "leadership_change": "leadership_change",
    }
    awards = []
    for rule_id, mask in chosen.items():
        if not wants.get(wish[rule_id], True):
            continue
        rule, mine = rules.loc[rule_id], known[mask].copy()
        halvings = (mine["age"] - rule.fresh_days).clip(lower=0) / rule.half_life_days
        share = shares[rule_id][mask] if rule_id in shares else 1.0
        come_about = mine["status"] != "planned"
        share = share * come_about.map({True: 1.0, False: rule.planned_share})
        points = (rule.max_points * share * 0.5**halvings).round(4)
        mine["points"] = points.where(mine["age"] <= rule.ends_after_days, 0.0)
        mine["rule_id"] = rule_id
        awards.append(mine[mine["points"] > 0])
    every = pd.concat(awards, ignore_index=True)
    every = every.sort_values(
        ["points", "impact_score", "confidence_score", "occurred_on", "signal_id"],
        ascending=[False, False, False, False, True],
    )
    best = every.drop_duplicates(["company_id", "rule_id"])
    return best[
        ["company_id", "rule_id", "points", "title", "signal_id", "source_url", "occurred_on"]
    ]


def fit_points(
    known: Companies, changes: pd.DataFrame, table: pd.DataFrame, icp: dict[str, Any], data: Input
) -> pd.DataFrame:
    """Fit rules that hold, and the growth of the company's industry."""
    firms = known.table
    industries = wished(icp, "industry")
    codes = tuple(term.removeprefix("naics:") for term in industries if term.startswith("naics:"))
    used = changes.assign(company_id=changes["domain"].map(known.lookup["domain"]))
    used = used[used["company_id"].notna()]
    used = used.assign(gone=used["change_type"] == "removed").sort_values(["scanned_on", "gone"])
    used = used.drop_duplicates(["company_id", "technology"], keep="last")
    used = used[~used["gone"]]
    lower = used["technology"].str.lower()

    def users(kind: str) -> set[str]:
        return set(used.loc[lower.isin(wished(icp, kind)), "company_id"])

    ids = firms["company_id"]
    sizes = firms["employee_count"].between(
        icp.get("company_size_min") or 0, icp.get("company_size_max") or 10**9
    )
    named = firms["industry_name"].fillna(firms["industry"])
    growing = _growing_industries(table, firms.assign(industry=named), data)
    wanted = (icp.get("signals") or {}).get("industry_growth", True)
    holds = {
        "industry_match": map_distinct(firms["industry"], fold).isin(industries)
        | map_distinct(firms["industry_name"], fold).isin(industries)
        | firms["industry_code"].fillna("").str.startswith(codes or ("none",)),
        "size_match": sizes,
        "technology_match": ids.isin(users("must_have")) & ~ids.isin(users("avoid")),
        "geography_match": firms["country_code"].isin(wished(icp, "geography")),
        "complementary_tools": ids.isin(users("nice_to_have")),
        "industry_growth": named.isin(growing) & wanted,
    }
    return pd.concat(
        [pd.DataFrame({"company_id": ids[mask], "rule_id": rule}) for rule, mask in holds.items()]
    )


def _growing_industries(table: pd.DataFrame, firms: pd.DataFrame, data: Input) -> set[str]:
    rule = read_seed("industry_growth").iloc[0]
    end = data.as_of + pd.Timedelta(days=1)
    active = table[
        table["signal_type"].isin(["funding_round", "expansion"])
        & (table["polarity"] == "positive")
        & (table["status"] == "done")
        & (table["detected_at"] < end)
        & (table["known_to"].isna() | (table["known_to"] >= end))
        & (table["occurred_on"] > data.as_of - pd.Timedelta(days=2 * rule.window_days))
        & (table["occurred_on"] <= data.as_of)
    ].merge(firms[["company_id", "industry"]], on="company_id")
    recent = active["occurred_on"] > data.as_of - pd.Timedelta(days=rule.window_days)
    now = active[recent].groupby("industry")["company_id"].nunique()
    before = active[~recent].groupby("industry")["company_id"].nunique()
    before = before.reindex(now.index, fill_value=0)
    return set(now[(now >= rule.minimum_companies) & (now >= rule.minimum_growth * before)].index)
