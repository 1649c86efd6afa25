"""What the default profile asks for."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from benchmarks.pandas_pipeline.keys import fold, map_distinct
from benchmarks.pandas_pipeline.reading import read_seed


def wished(icp: dict[str, Any], kind: str) -> list[str]:
    """Terms that meet the profile's wishes of a kind."""
    terms = icp["terms"]
    return terms.loc[terms["term_type"] == kind, "term"].tolist()


def wanted_tools(icp: dict[str, Any]) -> list[str]:
    """Tools that the profile wants, by their names in lower case."""
    return [*wished(icp, "must_have"), *wished(icp, "nice_to_have")]


def wanted_roles(icp: dict[str, Any], jobs: pd.DataFrame) -> pd.Series:
    """What an opening that is relevant to the profile counts, by title and stated department."""
    titles, departments = _makers(icp)
    columns = ["title", "department", "stated_department", "level", "seniority"]
    distinct = jobs[columns].drop_duplicates()
    distinct = distinct[distinct["title"].notna()]
    rank = distinct["level"].fillna(distinct["seniority"]).fillna("unknown")
    matches = {
        "title": _named(distinct["title"], distinct["department"], titles),
        "department": distinct["department"].str.lower().isin(departments)
        | map_distinct(distinct["stated_department"], _folded_words).isin(departments),
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
    named = _named(changes["job_title"], changes["department"], titles)
    inside = changes["department"].str.lower().isin(departments)
    share = _shares("leadership_change", "other", rank)
    share = share.mask(inside, _shares("leadership_change", "department", rank))
    return share.mask(named, _shares("leadership_change", "title", rank))


def _makers(icp: dict[str, Any]) -> tuple[list[tuple[str, str | None]], set[str]]:
    titles = icp["terms"][icp["terms"]["term_type"] == "title"]
    within = titles["in_department"].astype(object).where(titles["in_department"].notna(), None)
    return list(zip(titles["term"], within, strict=True)), set(wished(icp, "department"))


def _folded_words(text: str) -> str:
    return re.sub(r"[\W_]+", " ", fold(text)).strip()


def _named(
    titles: pd.Series, departments: pd.Series, terms: list[tuple[str, str | None]]
) -> pd.Series:
    """Whether titles name one of the roles, and not somebody who works for it.

    A name that counts in one department only counts as well where no department is known.
    """
    known = departments.str.lower()
    within = map_distinct(titles, lambda title: _roles(title, terms))
    return pd.Series(
        [
            isinstance(found, frozenset)
            and (None in found or (bool(found) and (pd.isna(own) or own in found)))
            for found, own in zip(within, known, strict=True)
        ],
        index=titles.index,
        dtype=bool,
    )


def _roles(title: str, terms: list[tuple[str, str | None]]) -> frozenset[str | None]:
    """Departments in which a title names one of the roles; None among them for any."""
    words = f" {_folded_words(title)} "
    return frozenset(
        within
        for term, within in terms
        if f" {term} " in words and f" to {term} " not in words and f" to the {term} " not in words
    )


def _shares(rule_id: str, match: str, rank: pd.Series) -> pd.Series:
    seed = read_seed("role_relevance")
    mine = seed[(seed["rule_id"] == rule_id) & (seed["match"] == match)]
    return rank.map(mine.set_index("seniority")["share"]).astype(float)
