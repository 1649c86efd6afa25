"""A trained hazard, and what it says of companies: when, how likely, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ml import boosting
from ml.bundle import Bundle
from ml.calibration import PlattScaler, expit
from ml.config import TimelineConfig
from ml.errors import FeatureError
from ml.explanation import explain
from ml.features import Encoder, days, require_columns, to_frame
from ml.linear import LinearModel
from ml.timeline.data import NAME, PERIOD_DAYS, PERIODS, SNAPSHOTS

if TYPE_CHECKING:
    import pandas as pd

#: The model's own feature: how many periods ahead.
AHEAD = "num_periods_ahead"
#: Cumulative probability at which the window of a purchase opens, is at its middle, and closes.
WINDOW = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class TimelineModel:
    """A trained hazard with its encoder and calibration."""

    encoder: Encoder
    start: LinearModel
    booster: str
    scaler: PlattScaler
    config: TimelineConfig

    def bundle(self) -> Bundle:
        """The model as plain files."""
        return Bundle(
            {
                "model": NAME,
                "encoder": self.encoder.to_json(),
                "start": self.start.to_json(),
                "scaler": self.scaler.to_json(),
                "config": self.config.model_dump(mode="json"),
            },
            {"hazard": self.booster},
        )

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> TimelineModel:
        """The model that ``bundle`` wrote."""
        return cls(
            Encoder.from_json(bundle.document["encoder"]),
            LinearModel.from_json(bundle.document["start"]),
            bundle.boosters["hazard"],
            PlattScaler.from_json(bundle.document["scaler"]),
            TimelineConfig.model_validate(bundle.document["config"]),
        )

    def hazards(self, frame: pd.DataFrame) -> np.ndarray:
        """Calibrated hazard (rows x periods ahead) of each following 30-day period."""
        base = self.encoder.matrix(frame, SNAPSHOTS)
        ahead = np.arange(self.config.horizon_periods, dtype=np.float32)
        matrix = np.hstack(
            [np.repeat(base, len(ahead), axis=0), np.tile(ahead, len(base))[:, None]]
        )
        return self.scaler.apply(self.raw(matrix)).reshape(len(base), len(ahead))

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        """Hazard of encoded rows before calibration: linear start plus trees."""
        trees = boosting.score(self.booster, matrix, self.config.booster)
        return expit(self.start.score(matrix) + trees)

    def contributions(self, frame: pd.DataFrame) -> np.ndarray:
        """What each feature adds to the log odds of a purchase in the next 30 days."""
        base = self.encoder.matrix(frame, SNAPSHOTS)
        matrix = np.hstack([base, np.zeros((len(base), 1), dtype=np.float32)])
        trees = boosting.contributions(self.booster, matrix, self.config.booster)
        return (self.start.contributions(matrix) + trees) * self.scaler.slope

    def cumulative(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability (rows x periods) of a purchase by the end of each following period."""
        return 1 - np.cumprod(1 - self.hazards(frame), axis=1)

    def predict(self, frames: Mapping[str, Any], as_of: Any = None) -> pd.DataFrame:
        """Predictions for the current row of every company that has not bought yet."""
        import pandas as pd

        current = current_rows(frames)
        current = current.loc[~current["company_id"].astype(str).isin(known_customers(frames))]
        current = current.sort_values("company_id", kind="stable", ignore_index=True)
        hazards = self.hazards(current)
        opens, middle, closes = (days_until(hazards, level) for level in WINDOW)
        return pd.DataFrame(
            {
                "company_id": current["company_id"].astype(str),
                "as_of": current["as_of"] if as_of is None else as_of,
                **{
                    f"probability_{horizon}d": cumulative_probability(hazards, horizon)
                    for horizon in (30, 90, 180, 365)
                },
                "expected_days": middle,
                "lower_days": opens,
                "upper_days": closes,
                "explanation": self._explain(current),
            }
        )

    def _explain(self, frame: pd.DataFrame) -> list[str]:
        names = [*self.encoder.columns, AHEAD]
        columns = [frame[name].to_numpy(dtype=object) for name in self.encoder.columns]
        return explain(
            self.contributions(frame),
            names,
            lambda row, position: columns[position][row],
            hidden=[AHEAD],
        )


def current_rows(frames: Mapping[str, Any]) -> pd.DataFrame:
    """The current snapshot of each company; FeatureError when a company has two."""
    snapshots = to_frame(frames[SNAPSHOTS], SNAPSHOTS)
    require_columns(snapshots, ["company_id", "as_of", "is_current"], SNAPSHOTS)
    current = snapshots.loc[snapshots["is_current"].astype(bool)]
    if current["company_id"].duplicated().any():
        double = current.loc[current["company_id"].duplicated(), "company_id"].iloc[0]
        raise FeatureError(
            f"{SNAPSHOTS} has two current rows for company_id {double}; is_current marks one"
        )
    return current


def known_customers(frames: Mapping[str, Any]) -> set[str]:
    """Companies out of the risk set: bought already, or watched before and no longer."""
    if PERIODS not in frames:
        return set()
    periods = to_frame(frames[PERIODS], PERIODS)
    if periods.empty:
        return set()
    company = periods["company_id"].astype(str)
    bought = set(company[periods["purchased"].to_numpy(dtype=float, na_value=0.0) == 1])
    start = days(periods, "as_of", PERIODS)
    still = set(company[start == np.nanmax(start)])
    return bought | (set(company) - still)


def cumulative_probability(hazards: np.ndarray, horizon: int) -> np.ndarray:
    """Probability within ``horizon`` days; past the last period its hazard goes on."""
    log_survival = np.log1p(-np.clip(hazards, 0, 1 - 1e-12))
    whole, rest = divmod(horizon, PERIOD_DAYS)
    last = hazards.shape[1]
    total = log_survival[:, : min(whole, last)].sum(axis=1)
    beyond = max(whole - last, 0) + rest / PERIOD_DAYS
    total = total + beyond * log_survival[:, min(whole, last - 1)]
    return -np.expm1(total)


def days_until(hazards: np.ndarray, level: float) -> np.ndarray:
    """Day on which the cumulative probability reaches ``level``; NaN when not within horizon."""
    spent = np.cumsum(-np.log1p(-np.clip(hazards, 0, 1 - 1e-12)), axis=1)
    target = -np.log1p(-level)
    before = np.hstack([np.zeros((len(spent), 1)), spent[:, :-1]])
    place = np.argmax(spent >= target, axis=1)
    rows = np.arange(len(spent))
    gain = np.maximum(spent[rows, place] - before[rows, place], 1e-15)
    day = (place + (target - before[rows, place]) / gain) * PERIOD_DAYS
    return np.where(spent[:, -1] >= target, np.round(day, 1), np.nan)
