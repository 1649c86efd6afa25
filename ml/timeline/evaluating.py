"""How well the hazard foretold the newest periods, beside simpler ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ml import boosting, evaluation, plots
from ml.calibration import calibration_slope, expected_calibration_error
from ml.config import EvaluationConfig, TimelineConfig
from ml.evaluation import Evaluation, FollowUp
from ml.features import Encoder
from ml.timeline.data import NAME, PERIOD_DAYS, Stack, TimelineData, stack_of
from ml.timeline.model import AHEAD, TimelineModel
from ml.timeline.training import train_until

if TYPE_CHECKING:
    import pandas as pd

EVALUATED_PERIODS = 6


def judged_window(data: TimelineData, config: TimelineConfig) -> tuple[pd.DataFrame, FollowUp]:
    """Landmarks of the test window, each followed until purchase or the last whole period."""
    cut = data.whole_periods - config.test_periods
    rows = np.flatnonzero((data.period >= cut) & (data.period < data.whole_periods))
    event = np.full(len(rows), -1)
    observed = np.zeros(len(rows), dtype=int)
    watched = np.ones(len(rows), dtype=bool)
    for ahead in range(config.test_periods):
        reach = data.period[rows] + ahead
        inside = watched & (reach < data.whole_periods)
        outcome = np.where(
            inside, data.grid[data.company[rows], np.minimum(reach, data.periods - 1)], -1
        )
        seen = inside & (outcome >= 0)
        bought = seen & (data.purchased[outcome] == 1)
        event[bought] = ahead
        observed[seen] = ahead + 1
        watched = seen & ~bought
    possible = data.whole_periods - data.period[rows]
    follow = FollowUp(event, observed, possible, data.period[rows], data.company[rows])
    return data.frame.iloc[rows].reset_index(drop=True), follow


def evaluate(
    data: TimelineData, config: TimelineConfig, judging: EvaluationConfig
) -> tuple[TimelineModel, Evaluation]:
    """Train on the past, judge on landmarks of the last months, with both baselines beside.

    Raises LeakError when a feature or the model knows the outcome too well.
    """
    cut = data.whole_periods - config.test_periods
    encoder = Encoder.learn(data.frame, data.numeric, data.categorical)
    evaluation.probe_features(
        encoder.columns,
        encoder.matrix(data.frame, NAME),
        data.purchased,
        encoder.categorical_positions,
        judging,
        NAME,
    )
    model = train_until(data, cut, config)
    test, follow = judged_window(data, config)
    ours = model.cumulative(test)

    stack = stack_of(data, 0, cut, config.horizon_periods)
    curve = _life_table(stack, config.horizon_periods)
    plain = np.broadcast_to(1 - np.cumprod(1 - curve), (len(test), len(curve)))
    logistic = _logistic(model, test)

    errors, known = evaluation.brier_by_horizon(follow, ours, EVALUATED_PERIODS)
    plain_errors, _ = evaluation.brier_by_horizon(follow, plain, EVALUATED_PERIODS)
    logistic_errors, _ = evaluation.brier_by_horizon(follow, logistic, EVALUATED_PERIODS)
    order = evaluation.concordance(follow, ours[:, EVALUATED_PERIODS - 1], judging)
    logistic_order = evaluation.concordance(follow, logistic[:, EVALUATED_PERIODS - 1], judging)
    quarter = follow.known_at(3)
    label = follow.happened_by(3)[quarter]
    score = ours[quarter, 2]
    area = evaluation.auc_interval(label, score, follow.company[quarter], judging)
    evaluation.probe_model(
        area.value,
        boosting.strongest(model.contributions(test), [*model.encoder.columns, AHEAD]),
        judging,
        NAME,
    )
    gain = evaluation.integrated_brier_gain(errors, plain_errors, known, follow.company, judging)
    against = evaluation.integrated_brier_gain(
        errors, logistic_errors, known, follow.company, judging
    )
    base = evaluation.integrated_brier(plain_errors, known)
    metrics = {
        "concordance": order.value,
        "concordance_lower": order.lower,
        "concordance_upper": order.upper,
        "integrated_brier_180d": evaluation.integrated_brier(errors, known),
        "integrated_brier_skill": gain.value / base,
        "integrated_brier_gain_lower": gain.lower,
        "auc_90d": area.value,
        "auc_90d_lower": area.lower,
        "average_precision_90d": evaluation.average_precision(label, score),
        "calibration_error_90d": expected_calibration_error(label, score),
        "calibration_slope_90d": calibration_slope(label, score),
        "predicted_rate_90d": float(score.mean()),
        "observed_rate_90d": float(label.mean()),
        "test_rows": float(len(test)),
        "test_events": float(len(np.unique(follow.company[follow.event >= 0]))),
    }
    baselines = {
        "kaplan_meier_concordance": 0.5,
        "kaplan_meier_integrated_brier_180d": base,
        "kaplan_meier_average_precision_90d": float(label.mean()),
        "logistic_concordance": logistic_order.value,
        "logistic_integrated_brier_180d": evaluation.integrated_brier(logistic_errors, known),
        "logistic_auc_90d": evaluation.auc(label, logistic[quarter, 2]),
        "logistic_average_precision_90d": evaluation.average_precision(label, logistic[quarter, 2]),
    }
    observed = _observed_survival(follow, EVALUATED_PERIODS)
    mean = np.concatenate([[1.0], 1 - ours[:, :EVALUATED_PERIODS].mean(axis=0)])
    span = [PERIOD_DAYS * k for k in range(EVALUATED_PERIODS + 1)]
    return model, Evaluation(
        metrics,
        baselines,
        evaluation.verdict(
            ("concordance", order),
            (gain, "the constant hazard", "one constant curve for all companies"),
            against,
            judging.simpler_margin * base,
        ),
        {
            "calibration_90d": lambda: plots.calibration(label, score, "Purchase within 90 days"),
            "survival": lambda: plots.survival(span, mean, observed),
        },
    )


def _life_table(stack: Stack, horizon: int) -> np.ndarray:
    """Hazard by period ahead for all companies alike (the life-table form of Kaplan-Meier)."""
    bought = np.bincount(stack.ahead, weights=stack.weight * stack.label, minlength=horizon)
    watched = np.bincount(stack.ahead, weights=stack.weight, minlength=horizon)
    rate = np.divide(bought, watched, out=np.full(horizon, np.nan), where=watched > 0)
    last = rate[np.isfinite(rate)][-1]
    return np.where(np.isfinite(rate), rate, last)


def _logistic(model: TimelineModel, test: pd.DataFrame) -> np.ndarray:
    """Cumulative probabilities of the logistic regression alone, fitted on the same rows."""
    base = model.encoder.matrix(test, NAME)
    hazards = np.column_stack(
        [
            model.start.probability(
                np.hstack([base, np.full((len(base), 1), ahead, dtype=np.float32)])
            )
            for ahead in range(EVALUATED_PERIODS)
        ]
    )
    return 1 - np.cumprod(1 - hazards, axis=1)


def _observed_survival(follow: FollowUp, periods: int) -> np.ndarray:
    survival = [1.0]
    for k in range(periods):
        at_risk = (follow.observed > k) & ~((follow.event >= 0) & (follow.event < k))
        bought = at_risk & (follow.event == k)
        share = bought.sum() / at_risk.sum() if at_risk.any() else 0.0
        survival.append(survival[-1] * (1 - share))
    return np.array(survival)


def compare(
    data: TimelineData,
    mine: TimelineModel,
    other: TimelineModel,
    config: TimelineConfig,
    judging: EvaluationConfig,
) -> evaluation.Interval:
    """Gain in integrated Brier score of ``mine`` over ``other`` on the same test window."""
    test, follow = judged_window(data, config)
    errors, known = evaluation.brier_by_horizon(follow, mine.cumulative(test), EVALUATED_PERIODS)
    theirs, _ = evaluation.brier_by_horizon(follow, other.cumulative(test), EVALUATED_PERIODS)
    return evaluation.integrated_brier_gain(errors, theirs, known, follow.company, judging)
