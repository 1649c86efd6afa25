"""Every fact a record tells, of every source, in one shape."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.pandas_pipeline.companies import Companies
from benchmarks.pandas_pipeline.documents import (
    crunchbase_mentions,
    executive_mentions,
    filing_event_mentions,
    filing_mentions,
    form_d_mentions,
    press_mentions,
)
from benchmarks.pandas_pipeline.keys import company_key, map_distinct, md5_texts
from benchmarks.pandas_pipeline.lists import (
    asked_technologies,
    first_job_mentions,
    posting_groups,
    posting_mentions,
    technology_mentions,
)
from benchmarks.pandas_pipeline.reading import Input, read_seed


def mentions(
    data: Input, jobs: pd.DataFrame, changes: pd.DataFrame, known: Companies
) -> pd.DataFrame:
    """One row per fact a record tells, of every source, in one shape."""
    round_types = read_seed("round_types").set_index("stated")["round_type"]
    told = [
        form_d_mentions(data),
        crunchbase_mentions(data, round_types),
        press_mentions(data, round_types),
        executive_mentions(data),
        filing_mentions(data),
        filing_event_mentions(data),
    ]
    corrigible = pd.concat(told, ignore_index=True)
    corrigible = corrigible.merge(
        _superseded(data), on=["source", "stream", "record_id", "payload_sha256"], how="left"
    )
    place = ["source", "stream", "record_id", "mention_key"]
    corrigible["first_fetched_at"] = corrigible.groupby(place)["fetched_at"].transform("min")
    corrigible = corrigible.sort_values(
        ["ended_at", "fetched_at", "reader_confidence", "payload_sha256", "evidence"],
        ascending=[False, False, False, True, True],
        na_position="first",
    ).drop_duplicates(place)
    corrigible["fetched_at"] = corrigible.pop("first_fetched_at")
    named, placed = posting_groups(data, jobs, known)
    every = pd.concat(
        [
            corrigible,
            technology_mentions(changes),
            posting_mentions(jobs),
            asked_technologies(named),
            first_job_mentions(placed, known),
        ]
    )
    every = every.reset_index(drop=True).rename(columns={"fetched_at": "detected_at"})
    every["mention_id"] = md5_texts(
        f"mention|{a}|{b}|{c}|{d}"
        for a, b, c, d in zip(*(every[name] for name in place), strict=True)
    )
    day = every["occurred_on"].fillna(every["published_at"].dt.normalize())
    in_usd = every["amount"].astype(float) * _usd_rates(every["currency"], day)
    every["amount_usd"] = every["amount_usd"].astype(float).fillna(in_usd)
    every["company_name_key"] = map_distinct(every["company_name"], company_key)
    oldest = pd.Timestamp("1990-01-01")
    bad = (
        every["reject_reason"].notna()
        | (every["occurred_on"] < oldest)
        | (every["published_at"] < oldest)
        | (every["occurred_on"] > data.as_of + pd.DateOffset(years=2))
        | (every["amount"].astype(float) < 0)
        | (every["amount_usd"] < 0)
        | (every["amount"].astype(float) > 1e12)
        | (every["amount_usd"] > 1e12)
        | (every["headcount"].astype(float) < 0)
        | (every["occurred_on"].isna() & every["published_at"].isna())
    )
    return every[~bad]


def _usd_rates(currency: pd.Series, day: pd.Series) -> pd.Series:
    """The newest rate of each currency not after the day, or the oldest there is."""
    rates = read_seed("exchange_rates").assign(rate_on=lambda r: pd.to_datetime(r["rate_on"]))
    found = pd.Series(np.nan, currency.index)
    for name, rows in rates.sort_values("rate_on").groupby("currency"):
        mine = currency == name
        place = np.searchsorted(rows["rate_on"].to_numpy(), day[mine].to_numpy(), side="right") - 1
        found[mine] = rows["usd_rate"].to_numpy(dtype=float)[np.maximum(place, 0)]
    return found


def _superseded(data: Input) -> pd.DataFrame:
    """When each content of a document or entry was replaced by another."""
    frames = [
        data.lake(source, stream)
        for source, stream in (
            ("press", "articles"),
            ("sec_edgar", "form_d"),
            ("sec_edgar", "form_8k"),
            ("crunchbase", "funding_rounds"),
        )
    ]
    keys = ["source", "stream", "record_id", "payload_sha256"]
    contents = (
        pd.concat(frames)
        .groupby(keys, as_index=False)
        .agg(first=("fetched_at", "min"), last=("fetched_at", "max"))
        .sort_values(["last", "payload_sha256"])
    )
    contents["ended_at"] = contents.groupby(keys[:3])["first"].shift(-1)
    return contents[[*keys, "ended_at"]]
