"""Mentions of one event put together and judged."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.pandas_pipeline.keys import fold
from benchmarks.pandas_pipeline.profile import wanted_roles, wanted_tools
from benchmarks.pandas_pipeline.reading import Input, read_seed
from benchmarks.pandas_pipeline.shape import DETAILS


def signals(
    found: pd.DataFrame, icp: dict[str, Any], jobs: pd.DataFrame, data: Input
) -> pd.DataFrame:
    """One judged row per signal."""
    types = read_seed("signal_types").set_index("signal_type")
    trust = read_seed("source_trust").set_index("source")["trust"]
    # Which equity round it was is not told: a mention may name it, and nothing else does.
    for name in ("round_type", "signal_subtype"):
        found[name] = found[name].mask(found[name] == "series_unknown", None)
    found["certainty"] = np.minimum(
        0.99, found["reader_confidence"].astype(float) * found["source"].map(trust).fillna(0.5)
    )
    found["independence"] = found["content_fingerprint"].fillna(found["source"])
    found["ended"] = found["ended_at"].notna()
    found["all_ended"] = found.groupby("signal_id")["ended"].transform("all")
    found["holds"] = ~found["ended"] | found["all_ended"]
    # The latest amendment of a notice says what it says now.
    amended = found["is_amendment"].fillna(False).astype(bool)
    found["amends"] = (~amended).astype(int)
    found["amended"] = -found["published_at"].astype("int64").where(amended, 0)
    found["amends_day"] = found["is_amendment"].map({False: 1, True: 2}).fillna(0)
    found = found.sort_values(
        [
            "ended",
            "priority",
            "amends",
            "amended",
            "reader_confidence",
            "detected_at",
            "mention_id",
        ],
        ascending=[True, True, True, True, False, True, True],
    )
    times = found.assign(knowable=found[["detected_at", "published_at"]].min(axis=1))
    known = times.groupby("signal_id").agg(
        published_at=("published_at", "min"),
        detected_at=("detected_at", "min"),
        knowable_from=("knowable", "min"),
        last_ended=("ended_at", "max"),
    )
    found = found[found["holds"]].copy()
    amounts, days = _amounts(found), _days_told(found)
    found["done"] = found["status"] == "done"
    found["told_by"] = found["source"] + "|" + found["stream"] + "|" + found["record_id"]
    groups = found.groupby("signal_id", sort=False)
    table = groups[["company_id", "signal_type", "polarity", "source", *DETAILS]].first()
    table = table.rename(columns={"source": "primary_source"})
    # Who knows that a person was there before knows more than who tells of a newly held role.
    changes = ["signal_subtype", "change_type"]
    hired = found.assign(hired=found["change_type"] == "new_hire")
    hired = hired.sort_values("hired", kind="stable")
    table[changes] = hired.groupby("signal_id", sort=False)[changes].first()
    # Words and where they stand are those of one mention, the leading one.
    leading = found.drop_duplicates("signal_id").set_index("signal_id")
    quoted = ["title", "evidence", "source_url"]
    table[quoted] = leading[quoted]
    extra = groups.agg(
        done=("done", "any"),
        all_ended=("all_ended", "all"),
        source_count=("told_by", "nunique"),
    )
    table = table.join(extra).join(known)
    table[amounts.columns] = amounts
    table["occurred_on"] = days
    table["status"] = np.where(table.pop("done"), "done", "planned")
    table["known_to"] = table.pop("last_ended").where(table.pop("all_ended"))
    own = found.groupby(["signal_id", "independence"])["certainty"].max()
    doubt = np.log1p(-own).groupby("signal_id")
    table["independent_source_count"] = doubt.size()
    table["confidence_score"] = _rounded(100 * (1 - np.exp(doubt.sum())))
    kind = table["signal_type"]
    # A plan whose day of effect has passed is done; one without a day lapses.
    effective = pd.to_datetime(table["effective_on"])
    held = table["known_to"].isna()
    planned = (table["status"] == "planned") & held & effective.isna()
    table["status"] = table["status"].mask(held & (effective <= data.as_of), "done")
    lapses = pd.to_timedelta(kind.map(types["plan_lapses_after_days"]), unit="D")
    lapsed = table["occurred_on"] + lapses
    over = planned & (lapsed <= data.as_of)
    lapsed = pd.concat([lapsed, table["detected_at"]], axis=1).max(axis=1)
    table["known_to"] = table["known_to"].fillna(lapsed.where(over))
    table["impact_score"] = _impact(table).fillna(kind.map(types["impact_score"]))
    roles, tools = wanted_roles(icp, jobs), {fold(t) for t in wanted_tools(icp)}
    pairs = pd.MultiIndex.from_frame(table[["job_title", "stated_department"]].fillna(""))
    table["role_share"] = roles.reindex(pairs).to_numpy()
    table["is_role"] = (kind == "job_posting") & table["role_share"].notna()
    table["is_tool"] = (kind == "technology_adoption") & table["technology"].str.lower().isin(tools)
    relevance = kind.map(types["relevance_score"]) + 20 * (table["is_role"] | table["is_tool"])
    table["relevance_score"] = (relevance - 30 * (table["polarity"] == "negative")).clip(0, 100)
    table["age"] = (data.as_of - table["occurred_on"]).dt.days.clip(lower=0)
    half_life = kind.map(types["urgency_half_life_days"])
    table["urgency_score"] = _rounded(100 * 0.5 ** (table["age"] / half_life))
    table["signal_strength"] = pd.cut(
        table["impact_score"],
        [-np.inf, 40, 60, 80, np.inf],
        right=False,
        labels=["weak", "moderate", "strong", "very_strong"],
    ).astype(object)
    return table.reset_index()


def _amounts(found: pd.DataFrame) -> pd.DataFrame:
    """Each signal's amount: the whole sum, by the most trusted, told by most."""
    told = found.assign(
        partial=found["other_amount_usd"].astype(float) > found["amount_usd"].astype(float)
    )
    told["agreeing"] = (
        told[~told["ended"]]
        .groupby(["signal_id", "amount_usd"])["independence"]
        .transform("nunique")
        .reindex(told.index)
        .fillna(0)
    )
    told = told[told["amount_usd"].notna()].sort_values(
        ["partial", "priority", "amends", "amended", "agreeing", "reader_confidence",
         "detected_at", "mention_id"],
        ascending=[True, True, True, True, False, False, True, True],
    )  # fmt: skip
    first = told.groupby("signal_id", sort=False)[["amount", "currency", "amount_usd"]]
    return first.first()


def _days_told(found: pd.DataFrame) -> pd.Series:
    """The day each signal happened: the first that its most trusted sources tell."""
    told = found[found["occurred_on"].notna()]
    told = told.sort_values(["priority", "amends_day", "occurred_on", "mention_id"])
    return told.groupby("signal_id", sort=False)["occurred_on"].first()


def _rounded(values: pd.Series) -> pd.Series:
    """Halves away from zero, as SQL rounds."""
    return np.floor(values + 0.5).astype(int)


def _impact(table: pd.DataFrame) -> pd.Series:
    bands = read_seed("signal_impacts")
    best = pd.Series(np.nan, table.index)
    for band in bands.itertuples():
        mine = table["signal_type"] == band.signal_type
        if band.criterion == "amount_usd":
            mine &= table["amount_usd"] >= float(band.from_value)
        else:
            column = {"level": "level", "subtype": "signal_subtype"}[band.criterion]
            mine &= table[column] == band.from_value
        best = best.mask(mine, best.fillna(-1).clip(lower=band.impact_score))
    return best
