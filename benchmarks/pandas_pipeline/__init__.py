"""The peer: the same lead scores from the same lake, hand-written in pandas.

What the warehouse does up to ``leads.lead_scores`` and ``signals.buying_signals``: parse the lake's
JSON, tell companies apart, resolve mentions, merge what tells the same event, judge signals, award
points. Written as a competent pandas user would: whole columns where pandas has an operation for
it, comprehensions for JSON, each distinct text normalised once. Rules come from the same seeds, and
documents are read by the same readers beforehand. Left out, to the peer's advantage: features for
the models, histories, BI tables, the audited publication, and surges of hiring, which a lake of
three fetch days cannot show.

``benchmarks.compare`` checks that both give the same scores and points.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import orjson
import pandas as pd

from benchmarks.pandas_pipeline.access import access_points
from benchmarks.pandas_pipeline.clusters import cluster, resolve
from benchmarks.pandas_pipeline.companies import companies
from benchmarks.pandas_pipeline.jobs import postings
from benchmarks.pandas_pipeline.lists import technology_changes
from benchmarks.pandas_pipeline.mentions import mentions
from benchmarks.pandas_pipeline.points import fit_points, intent_points
from benchmarks.pandas_pipeline.reading import Input, read_seed
from benchmarks.pandas_pipeline.scores import scores
from benchmarks.pandas_pipeline.signals import signals


def run(home: Path, as_of: date) -> None:
    """Everything, from lake to ``<home>/pandas/*.parquet``."""
    data = Input(home, pd.Timestamp(as_of))
    profile = pd.read_parquet(home / "reference" / "icp_profiles" / "part.parquet").iloc[0]
    icp = orjson.loads(profile["config"])
    # Words of the profile in standard codes, as the warehouse finds them too.
    terms = pd.read_parquet(home / "reference" / "icp_terms" / "part.parquet")
    icp["terms"] = terms[terms["icp_profile_id"] == profile["icp_profile_id"]]
    jobs = postings(data)
    known = companies(data)
    changes = technology_changes(data)
    told = cluster(resolve(mentions(data, jobs, changes, known), known))
    table = signals(told, icp, jobs, data)
    rules = read_seed("lead_score_rules").set_index("rule_id")
    awards = pd.concat(
        [
            intent_points(table, icp, data),
            fit_points(known, changes, table, icp, data),
            access_points(data, known, table),
        ],
        ignore_index=True,
    )
    awards["component"] = awards["rule_id"].map(rules["component"])
    awards["points"] = awards["points"].fillna(awards["rule_id"].map(rules["max_points"]))
    awards["weighted_points"] = awards["points"] * awards["rule_id"].map(rules["weight"])
    out = home / "pandas"
    out.mkdir(exist_ok=True)
    for name, frame in (
        ("buying_signals", table),
        ("signal_sources", told[["signal_id", "mention_id", "source", "stream", "record_id"]]),
        ("lead_score_points", awards),
        ("lead_scores", scores(known, awards)),
        ("companies", known.table),
    ):
        frame.to_parquet(out / f"{name}.parquet", index=False)
