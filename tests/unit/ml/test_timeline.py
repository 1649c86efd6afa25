from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import synthetic
from sklearn.linear_model import LinearRegression

from ml import evaluation, timeline
from ml.config import EvaluationConfig, TimelineConfig
from ml.errors import FeatureError, LeakError
from ml.timeline.data import stack_of
from ml.timeline.evaluating import judged_window
from ml.timeline.model import cumulative_probability, days_until

CONFIG = TimelineConfig()
JUDGING = EvaluationConfig(bootstrap_samples=50)


@pytest.fixture(scope="module")
def data(market):
    return timeline.prepare(market.frames)


@pytest.fixture(scope="module")
def judged(data):
    return timeline.evaluate(data, CONFIG, JUDGING)


@pytest.fixture(scope="module")
def served(data):
    return timeline.fit(data, CONFIG)


def test_the_last_month_is_partly_observed_and_no_one_buys_twice(data):
    assert (data.periods, data.whole_periods) == (19, 18)
    assert data.events == len(np.unique(data.company[data.purchased == 1]))
    assert data.events > 150


def test_hazard_is_recovered_well_above_chance_and_calibrated(judged):
    _, result = judged
    assert result.verdict.fit_to_serve, result.verdict.reason
    assert result.metrics["concordance_lower"] > 0.6
    assert (
        result.metrics["integrated_brier_180d"]
        < result.baseline_metrics["kaplan_meier_integrated_brier_180d"]
    )
    assert result.metrics["calibration_error_90d"] < 0.03
    assert 0.6 < result.metrics["calibration_slope_90d"] < 1.6
    assert (
        result.metrics["average_precision_90d"]
        > 1.3 * result.baseline_metrics["kaplan_meier_average_precision_90d"]
    )


def test_predicted_hazard_of_the_next_month_follows_the_true_one(market, served):
    current = timeline.current_rows(market.frames)
    truth = market.hazard.loc[market.hazard["as_of"] == market.as_of, "hazard"].to_numpy()
    predicted = served.hazards(current)[:, 0]
    assert np.corrcoef(np.log(predicted), np.log(truth))[0, 1] > 0.7
    assert predicted.mean() == pytest.approx(truth.mean(), rel=0.35)


def test_nothing_learned_is_younger_than_the_test_window(data):
    cut = data.whole_periods - CONFIG.test_periods
    stack = stack_of(data, 0, cut, CONFIG.horizon_periods)
    assert data.period[stack.outcome].max() < cut
    test, follow = judged_window(data, CONFIG)
    assert (follow.landmark >= cut).all()
    assert len(test) == len(follow.event)
    assert (follow.event < follow.possible).all()


def test_landmarks_meet_the_label_of_the_month_that_many_months_later(data):
    stack = stack_of(data, 0, data.periods, CONFIG.horizon_periods)
    np.testing.assert_array_equal(
        data.period[stack.outcome] - data.period[stack.landmark], stack.ahead
    )
    np.testing.assert_array_equal(data.company[stack.outcome], data.company[stack.landmark])
    assert set(np.unique(stack.ahead)) == set(range(12))


def test_censoring_is_respected_where_a_regression_on_closed_deals_is_not(data, judged):
    """Buyers alone look quick; most companies of the test window do not buy within 180 days."""
    model, result = judged
    cut = data.whole_periods - CONFIG.test_periods
    seen = stack_of(data, 0, cut, CONFIG.horizon_periods)
    bought = seen.label == 1
    encoder = model.encoder
    matrix = np.nan_to_num(encoder.matrix(data.frame, "t"), nan=-1.0)
    naive = LinearRegression().fit(matrix[seen.landmark[bought]], seen.ahead[bought])
    test, follow = judged_window(data, CONFIG)
    quick = naive.predict(np.nan_to_num(encoder.matrix(test, "t"), nan=-1.0))
    biased = np.column_stack([(quick <= k + 0.5).astype(float) for k in range(6)])
    errors, known = evaluation.brier_by_horizon(follow, biased, 6)
    half_year = follow.known_at(6)
    actual = follow.happened_by(6)[half_year].mean()
    ours = model.cumulative(test)[half_year, 5].mean()
    assert ours == pytest.approx(actual, abs=0.08)
    assert biased[half_year, 5].mean() > actual + 0.3
    assert evaluation.integrated_brier(errors, known) > 2 * result.metrics["integrated_brier_180d"]


def test_predictions_are_ordered_consistent_and_explained(market, served):
    rows = served.predict(market.frames)
    chances = rows[[f"probability_{d}d" for d in (30, 90, 180, 365)]].to_numpy()
    assert (np.diff(chances, axis=1) > 0).all()
    assert ((chances > 0) & (chances < 1)).all()
    reached = rows["expected_days"].notna()
    assert 0 < reached.sum() < len(rows)
    assert (rows.loc[reached, "probability_365d"] >= 0.49).all()
    assert rows.loc[rows["probability_365d"] < 0.48, "expected_days"].isna().all()
    assert (rows.loc[reached, "lower_days"] <= rows.loc[reached, "expected_days"]).all()
    best = rows.sort_values("probability_180d").iloc[-1]
    reasons = json.loads(best["explanation"])
    assert 1 <= len(reasons) <= 5
    assert set(reasons[0]) == {"feature", "name", "value", "contribution"}
    assert timeline.AHEAD not in {reason["name"] for reason in reasons}
    assert sum(reason["contribution"] for reason in reasons) > 0.5


def test_customers_are_out_of_the_risk_set(market, served):
    periods = market.frames["purchase_periods"]
    customers = set(periods.loc[periods["purchased"] == 1, "company_id"])
    predicted = set(served.predict(market.frames)["company_id"])
    assert not customers & predicted
    assert len(predicted) == 900 - len(customers)


def test_the_window_of_a_constant_hazard_is_the_exponentials():
    hazards = np.full((1, 12), 1 - np.exp(-0.1))
    assert cumulative_probability(hazards, 365)[0] == pytest.approx(1 - np.exp(-0.1 * 365 / 30))
    assert days_until(hazards, 0.5)[0] == pytest.approx(30 * np.log(2) / 0.1, abs=0.06)
    assert np.isnan(days_until(hazards, 0.9)[0])


def test_the_same_data_in_another_order_gives_the_same_bytes(market, served):
    shuffled = {name: frame.sample(frac=1, random_state=3) for name, frame in market.frames.items()}
    again = timeline.fit(timeline.prepare(shuffled), CONFIG)
    assert again.bundle() == served.bundle()
    pd.testing.assert_frame_equal(again.predict(shuffled), served.predict(market.frames))


def test_a_bundle_on_disk_predicts_the_same(market, served, tmp_path):
    served.bundle().write(tmp_path)
    loaded = timeline.TimelineModel.from_bundle(type(served.bundle()).read(tmp_path))
    pd.testing.assert_frame_equal(loaded.predict(market.frames), served.predict(market.frames))


def test_chance_is_called_chance():
    data = timeline.prepare(synthetic.market(companies=500, seed=9, strength=0, base=-4.2).frames)
    assert timeline.shortage(data, CONFIG) is None
    _, result = timeline.evaluate(data, CONFIG, JUDGING)
    assert not result.verdict.passed
    assert "no better than chance" in result.verdict.reason or "no closer" in result.verdict.reason


def test_too_few_purchases_and_too_short_a_history_are_said_in_words():
    few = timeline.prepare(synthetic.market(companies=80, base=-7).frames)
    assert "at least 30 are needed" in timeline.shortage(few, CONFIG)
    short = timeline.prepare(synthetic.market(companies=900, months=6, base=-3.5).frames)
    assert "the history covers 5 whole 30-day periods" in timeline.shortage(short, CONFIG)


def test_a_leak_in_the_snapshots_fails_by_name(market):
    snapshots = market.frames["company_snapshots"].merge(
        market.frames["purchase_periods"], on=["company_id", "as_of"], how="left"
    )
    leaky = snapshots.assign(num_closed=snapshots["purchased"] * 5).drop(
        columns=["purchased", "exposure_weight"]
    )
    data = timeline.prepare({**market.frames, "company_snapshots": leaky})
    with pytest.raises(LeakError, match="num_closed"):
        timeline.evaluate(data, CONFIG, JUDGING)


def test_periods_without_snapshot_and_missing_months_are_named(market):
    snapshots, periods = market.frames["company_snapshots"], market.frames["purchase_periods"]
    with pytest.raises(FeatureError, match=r"have no snapshot of the same company_id and as_of"):
        timeline.prepare({"company_snapshots": snapshots.iloc[50:], "purchase_periods": periods})
    gap = periods.loc[periods["as_of"] != synthetic.START + pd.DateOffset(months=4)]
    with pytest.raises(FeatureError, match="fill the missing months"):
        timeline.prepare({"company_snapshots": snapshots, "purchase_periods": gap})


def test_an_empty_history_is_too_little_and_no_error(market):
    empty = {name: frame.iloc[:0] for name, frame in market.frames.items()}
    assert "0 purchases are known" in timeline.shortage(timeline.prepare(empty), CONFIG)
