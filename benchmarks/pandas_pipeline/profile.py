"""What the default profile asks for."""

from __future__ import annotations

from typing import Any

import pandas as pd

from benchmarks.pandas_pipeline.keys import fold, map_distinct


def wanted_tools(icp: dict[str, Any]) -> list[str]:
    """Tools that the profile wants, as it names them."""
    stack = icp.get("tech_stack") or {}
    return [*stack.get("must_have", []), *stack.get("nice_to_have", [])]


def wanted_roles(icp: dict[str, Any], jobs: pd.DataFrame) -> pd.MultiIndex:
    """Titles and stated departments of postings that are relevant to the profile."""
    makers = icp.get("decision_makers") or {}
    titles = [fold(term) for term in makers.get("titles", [])]
    departments = {fold(term) for term in makers.get("departments", [])}
    distinct = jobs[["title", "department", "stated_department"]].drop_duplicates()
    distinct = distinct[distinct["title"].notna()]
    folded = map_distinct(distinct["title"], fold)
    fits = folded.map(lambda title: any(term in title for term in titles))
    fits |= distinct["department"].str.lower().isin(departments)
    fits |= distinct["stated_department"].isin(departments)
    return pd.MultiIndex.from_frame(
        distinct.loc[fits.astype(bool), ["title", "stated_department"]]
        .fillna("")
        .set_axis(["job_title", "stated_department"], axis=1)
    )
