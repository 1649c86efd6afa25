"""Learning the hazard and its calibration from what is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ml import boosting
from ml.calibration import PlattScaler
from ml.config import TimelineConfig
from ml.features import Encoder, learnable
from ml.linear import LinearModel
from ml.timeline.data import NAME, Stack, TimelineData, stack_of, thinned
from ml.timeline.model import AHEAD, TimelineModel


def design_matrix(data: TimelineData, encoder: Encoder, stack: Stack) -> np.ndarray:
    """Features of each landmark, with how many periods ahead its outcome lies."""
    base = encoder.matrix(data.frame, NAME)
    return np.hstack([base[stack.landmark], stack.ahead[:, None].astype(np.float32)])


def train_until(data: TimelineData, end: int, config: TimelineConfig) -> TimelineModel:
    """Fit on outcomes before period ``end``.

    The slope of the calibration is learned on the last periods with a model that has not seen
    them; the model is then fitted once more on all outcomes and keeps that slope (as
    scikit-learn's ``CalibratedClassifierCV(ensemble=False)`` does), because events are few.
    """
    seen = data.frame.loc[data.period < end]
    period = data.period[data.period < end]
    encoder = Encoder.learn(
        seen,
        learnable(seen, data.numeric, period),
        learnable(seen, data.categorical, period),
    )
    names = [*encoder.columns, AHEAD]
    stack = thinned(
        stack_of(data, 0, end, config.horizon_periods),
        config.maximum_quiet_rows,
        config.booster.seed,
    )
    matrix = design_matrix(data, encoder, stack)
    reached = data.period[stack.outcome]
    whole = min(end, data.whole_periods)
    early = reached < whole - config.calibration_periods
    fold = (reached >= whole - config.calibration_periods) & (reached < whole)

    def fit(rows: np.ndarray, scaler: PlattScaler) -> TimelineModel:
        part, label, weight = matrix[rows], stack.label[rows], stack.weight[rows]
        start = LinearModel.logistic(
            part,
            label,
            weight,
            encoder.categorical_positions,
            config.linear_strength,
            fading=len(encoder.columns),
        )
        booster = boosting.train(
            part,
            label,
            weight,
            names,
            encoder.categorical_positions,
            {"objective": "binary"},
            config.booster,
            start.score(part),
        )
        return TimelineModel(encoder, start, booster, scaler, config)

    draft = fit(early, PlattScaler())
    # An outcome is met once per landmark before it; together its rows shall weigh as one.
    scaler = PlattScaler.fit(
        draft.raw(matrix[fold]), stack.label[fold], (stack.weight * stack.share)[fold]
    )
    final = fit(np.ones(len(matrix), dtype=bool), PlattScaler())
    return replace(final, scaler=scaler.slope_only(final.raw(matrix), stack.weight))


def fit(data: TimelineData, config: TimelineConfig) -> TimelineModel:
    """The model to serve, by the recipe that ``evaluate`` judges, on all that is known."""
    return train_until(data, data.periods, config)
