"""Pairs of signal kinds that come together more often than chance for the same company."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ml.associations.history import History
from ml.associations.statistics import corrected, excess_after, median_interval
from ml.config import AssociationConfig
from ml.features import to_frame

if TYPE_CHECKING:
    import pandas as pd

#: One row per ordered pair of kinds.
CORRELATIONS_SCHEMA = pa.schema(
    [
        pa.field("as_of", pa.date32(), nullable=False),
        pa.field("first_signal", pa.string(), nullable=False),
        pa.field("then_signal", pa.string(), nullable=False),
        pa.field("window_days", pa.int64(), nullable=False),
        pa.field("companies", pa.int64(), nullable=False),
        pa.field("support", pa.int64(), nullable=False),
        pa.field("observed", pa.int64(), nullable=False),
        pa.field("expected", pa.float64(), nullable=False),
        pa.field("lift", pa.float64(), nullable=False),
        pa.field("lift_lower", pa.float64(), nullable=False),
        pa.field("lift_upper", pa.float64(), nullable=False),
        pa.field("lag_days", pa.float64(), nullable=False),
        pa.field("lag_lower_days", pa.float64(), nullable=False),
        pa.field("lag_upper_days", pa.float64(), nullable=False),
        pa.field("p_value", pa.float64(), nullable=False),
        pa.field("q_value", pa.float64(), nullable=False),
        pa.field("pairs_tried", pa.int64(), nullable=False),
        pa.field("is_significant", pa.bool_(), nullable=False),
        pa.field("minimum_support", pa.int64(), nullable=False),
    ]
)


def signal_correlations(
    events: pd.DataFrame | pa.Table,
    windows: pd.DataFrame | pa.Table,
    as_of: date,
    config: AssociationConfig | None = None,
) -> pa.Table:
    """Ordered pairs of kinds with lift, lag and interval, as known at the end of ``as_of``.

    A pair is tried when enough companies show both, whatever the order, so that what is tried does
    not depend on what is found; it is shown when the second followed in at least
    ``minimum_support`` companies.
    """
    config = config or AssociationConfig()
    history = History.of(to_frame(events, "events"), to_frame(windows, "windows"), as_of)
    tried = []
    rates = {kind: history.cumulative_rate(kind) for kind in history.kinds}
    for first, then in permutations(sorted(history.kinds), 2):
        both = np.intersect1d(history.kinds[first].company, history.kinds[then].company)
        if len(both) < config.minimum_support:
            continue
        found = excess_after(
            history, history.kinds[first], history.seen_since(first, then), then, rates[then],
            config.window_days, config.confidence,
        )  # fmt: skip
        if found.companies >= config.minimum_support and found.expected > 0:
            tried.append((first, then, found))
    rows = []
    q_values = corrected([found.p_value for *_, found in tried])
    for (first, then, found), q_value in zip(tried, q_values, strict=True):
        if found.following < config.minimum_support:
            continue
        lag, lag_lower, lag_upper = median_interval(found.lags, config.confidence)
        rows.append(
            {
                "as_of": as_of, "first_signal": first, "then_signal": then,
                "window_days": config.window_days, "companies": found.companies,
                "support": found.following, "observed": found.observed,
                "expected": found.expected, "lift": found.lift, "lift_lower": found.lower,
                "lift_upper": found.upper, "lag_days": lag, "lag_lower_days": lag_lower,
                "lag_upper_days": lag_upper, "p_value": found.p_value, "q_value": q_value,
                "pairs_tried": len(tried),
                "is_significant": bool(
                    q_value <= config.false_discovery_rate and found.lift > 1
                ),
                "minimum_support": config.minimum_support,
            }
        )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=CORRELATIONS_SCHEMA)
