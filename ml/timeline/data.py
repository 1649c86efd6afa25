"""Landmarks and the periods after them, as training takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.config import TimelineConfig
from ml.errors import FeatureError
from ml.features import days, require_columns, to_frame, validate

if TYPE_CHECKING:
    import pandas as pd

NAME = "timeline"
SNAPSHOTS = "company_snapshots"
PERIODS = "purchase_periods"
#: Length of a period in days, and the horizon of the evaluation in periods (180 days).
PERIOD_DAYS = 30


@dataclass(frozen=True)
class TimelineData:
    """Training rows in order of company and period, with the grid that says who was at risk."""

    frame: pd.DataFrame
    numeric: list[str]
    categorical: list[str]
    period: np.ndarray
    purchased: np.ndarray
    exposure: np.ndarray
    grid: np.ndarray
    company: np.ndarray
    periods: int
    whole_periods: int

    @property
    def rows(self) -> int:
        """Company x period rows."""
        return len(self.frame)

    @property
    def events(self) -> int:
        """Purchases."""
        return int(self.purchased.sum())

    @property
    def training_frames(self) -> dict[str, pd.DataFrame]:
        """What the fingerprint is taken over."""
        return {NAME: self.frame}


def prepare(frames: Mapping[str, Any]) -> TimelineData:
    """Join snapshots and periods into training rows.

    Raises FeatureError when a column is missing, a period has no snapshot, or the periods do not
    follow each other in steps of about a month.
    """
    snapshots = to_frame(frames[SNAPSHOTS], SNAPSHOTS)
    periods = to_frame(frames[PERIODS], PERIODS)
    numeric, categorical = validate(snapshots, SNAPSHOTS, ["company_id", "as_of", "is_current"])
    keys = ["company_id", "as_of"]
    require_columns(periods, [*keys, "purchased", "exposure_weight"], PERIODS)
    history = snapshots.loc[~snapshots["is_current"].astype(bool), keys + numeric + categorical]
    history = history.assign(as_of=days(history, "as_of", SNAPSHOTS))
    labels = periods[[*keys, "purchased", "exposure_weight"]]
    labels = labels.assign(as_of=days(labels, "as_of", PERIODS))
    if labels.duplicated(keys).any():
        raise FeatureError(
            f"{PERIODS} has more than one row for a company and as_of; its grain is {keys}"
        )
    frame = labels.merge(history, on=keys, how="left", indicator=True)
    orphans = int((frame["_merge"] != "both").sum())
    if orphans:
        raise FeatureError(
            f"{orphans} rows of {PERIODS} have no snapshot of the same company_id and as_of in "
            f"{SNAPSHOTS}; build both tables in one run"
        )
    frame = frame.drop(columns="_merge").sort_values(keys, kind="stable", ignore_index=True)
    if frame.empty:
        none = np.zeros(0)
        grid = np.zeros((0, 0), dtype=int)
        return TimelineData(
            frame, numeric, categorical, none.astype(int), none, none, grid,
            none.astype(int), 0, 0,
        )  # fmt: skip
    starts, period = np.unique(frame["as_of"].to_numpy(), return_inverse=True)
    steps = np.diff(starts)
    if len(steps) and (steps.min() < PERIOD_DAYS - 3 or steps.max() > PERIOD_DAYS + 3):
        raise FeatureError(
            f"{PERIODS}.as_of steps by {steps.min():.0f} to {steps.max():.0f} days; one row per "
            "company and month start is expected: fill the missing months in the feature table"
        )
    known, company = np.unique(frame["company_id"].astype(str), return_inverse=True)
    grid = np.full((len(known), len(starts)), -1, dtype=int)
    grid[company, period] = np.arange(len(frame))
    purchased = frame["purchased"].to_numpy(dtype=float, na_value=0.0)
    exposure = frame["exposure_weight"].to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(purchased, (0.0, 1.0)).all() or not ((exposure > 0) & (exposure <= 1)).all():
        raise FeatureError(
            f"{PERIODS}: purchased must be 0 or 1 and exposure_weight in (0, 1]; mend the label"
        )
    partly = np.bincount(period, weights=exposure < 1, minlength=len(starts)) > 0
    whole = int(np.argmax(partly)) if partly.any() else len(starts)
    return TimelineData(
        frame, numeric, categorical, period, purchased, exposure, grid, company, len(starts), whole
    )


def shortage(data: TimelineData, config: TimelineConfig) -> str | None:
    """Why there is too little to learn from, in plain words; None when there is enough."""
    if data.events < config.minimum_events:
        return f"{data.events} purchases are known and at least {config.minimum_events} are needed"
    if data.whole_periods < config.minimum_periods:
        return (
            f"the history covers {data.whole_periods} whole 30-day periods and at least "
            f"{config.minimum_periods} are needed to judge the model on time it has not seen"
        )
    cut = data.whole_periods - config.test_periods
    late = int(data.purchased[(data.period >= cut) & (data.period < data.whole_periods)].sum())
    early = int(data.purchased[data.period < cut - config.calibration_periods].sum())
    needed = config.minimum_test_events
    if min(late, early) < needed:
        return (
            f"{early} purchases lie in the training window and {late} in the test window; at "
            f"least {needed} are needed in each"
        )
    return None


@dataclass(frozen=True)
class Stack:
    """Rows of the super-model; ``share`` sums to one over the rows of an outcome."""

    landmark: np.ndarray
    ahead: np.ndarray
    outcome: np.ndarray
    label: np.ndarray
    weight: np.ndarray
    share: np.ndarray


def stack_of(data: TimelineData, first: int, end: int, horizon: int) -> Stack:
    """Landmark rows paired with the periods after them whose index lies in [first, end)."""
    parts: list[tuple[np.ndarray, int, np.ndarray]] = []
    rows = np.arange(data.rows)
    for ahead in range(min(horizon, data.periods)):
        reach = data.period + ahead
        usable = rows[(reach >= first) & (reach < end)]
        outcome = data.grid[data.company[usable], data.period[usable] + ahead]
        parts.append((usable[outcome >= 0], ahead, outcome[outcome >= 0]))
    landmark = np.concatenate([part[0] for part in parts])
    outcome = np.concatenate([part[2] for part in parts])
    ahead = np.concatenate([np.full(len(part[0]), part[1]) for part in parts])
    share = 1 / np.bincount(outcome, minlength=data.rows)[outcome]
    return Stack(landmark, ahead, outcome, data.purchased[outcome], data.exposure[outcome], share)


def thinned(stack: Stack, limit: int, seed: int) -> Stack:
    """At most ``limit`` rows without a purchase, weighted up in return.

    The estimate stays unbiased and loses little where outcomes are rare (case-control sampling).
    """
    quiet = np.flatnonzero(stack.label == 0)
    if len(quiet) <= limit:
        return stack
    kept = np.random.default_rng(seed).choice(quiet, limit, replace=False)
    rows = np.sort(np.concatenate([np.flatnonzero(stack.label == 1), kept]))
    factor = np.where(stack.label[rows] == 1, 1.0, len(quiet) / limit)
    return Stack(
        stack.landmark[rows],
        stack.ahead[rows],
        stack.outcome[rows],
        stack.label[rows],
        stack.weight[rows] * factor,
        stack.share[rows],
    )
