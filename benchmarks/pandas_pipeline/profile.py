"""What the default profile asks for."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from benchmarks.pandas_pipeline.keys import fold, map_distinct
from benchmarks.pandas_pipeline.reading import read_seed


def wanted_tools(icp: dict[str, Any]) -> list[str]:
    """Tools that the profile wants, as it names them."""
    stack = icp.get("tech_stack") or {}
    return [*stack.get("must_have", []), *stack.get("nice_to_have", [])]


def wanted_roles(icp: dict[str, Any], jobs: pd.DataFrame) -> pd.Series:
    """What an opening that is relevant to the profile counts, by title and stated department."""
    titles, departments = _makers(icp)
    columns = ["title", "department", "stated_department", "level", "seniority"]
    distinct = jobs[columns].drop_duplicates()
    distinct = distinct[distinct["title"].notna()]
    rank = distinct["level"].fillna(distinct["seniority"]).fillna("unknown")
    matches = {
        "title": map_distinct(distinct["title"], lambda title: _names(title, titles)).astype(bool),
        "department": distinct["department"].str.lower().isin(departments)
        | distinct["stated_department"].isin(departments),
    }
    shares = pd.concat(
        [_shares("relevant_hiring", match, rank).where(fits) for match, fits in matches.items()],
        axis=1,
    )
    keys = distinct[["title", "stated_department"]].fillna("")
    best = shares.max(axis=1).groupby([keys["title"], keys["stated_department"]]).max().dropna()
    return best.rename_axis(["job_title", "stated_department"])


def arrival_shares(icp: dict[str, Any], changes: pd.DataFrame) -> pd.Series:
    """What a change among leaders counts under the profile; none where its rank counts nothing."""
    titles, departments = _makers(icp)
    rank = changes["level"].fillna("unknown")
    named = map_distinct(changes["job_title"], lambda title: _names(title, titles))
    named = named.fillna(False).astype(bool)
    inside = changes["department"].str.lower().isin(departments)
    share = _shares("leadership_change", "other", rank)
    share = share.mask(inside, _shares("leadership_change", "department", rank))
    return share.mask(named, _shares("leadership_change", "title", rank))


def _makers(icp: dict[str, Any]) -> tuple[list[str], set[str]]:
    makers = icp.get("decision_makers") or {}
    titles = [_words(fold(term)) for term in makers.get("titles", [])]
    return titles, {fold(term) for term in makers.get("departments", [])}


def _words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).strip()


def _names(title: str, terms: list[str]) -> bool:
    """Whether a title names one of the roles, and not somebody who works for it."""
    words = f" {_words(fold(title))} "
    return any(
        f" {term} " in words and f" to {term} " not in words and f" to the {term} " not in words
        for term in terms
    )


def _shares(rule_id: str, match: str, rank: pd.Series) -> pd.Series:
    seed = read_seed("role_relevance")
    mine = seed[(seed["rule_id"] == rule_id) & (seed["match"] == match)]
    return rank.map(mine.set_index("seniority")["share"]).astype(float)
