"""Points summed to scores and tiers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.reading import read_seed


def scores(known: Companies, awards: pd.DataFrame) -> pd.DataFrame:
    """Lead score, component scores and tier of every company."""
    tiers = read_seed("lead_score_tiers").sort_values("from_score")
    by = awards.pivot_table(
        index="company_id", columns="component", values="points", aggfunc="sum", fill_value=0.0
    )
    by = by.reindex(columns=["intent", "fit", "accessibility"], fill_value=0.0)
    by = by.reindex(known.table["company_id"], fill_value=0.0)
    table = by.add_suffix("_score")
    table["lead_score"] = (
        awards.groupby("company_id")["weighted_points"].sum().reindex(table.index, fill_value=0.0)
    )
    place = np.searchsorted(tiers["from_score"], table["lead_score"].round(8), side="right") - 1
    table["tier"] = tiers["tier"].to_numpy()[place]
    return table.reset_index()
