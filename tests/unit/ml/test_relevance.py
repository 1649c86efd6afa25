from __future__ import annotations

import numpy as np
import pytest
import synthetic

from ml import relevance
from ml.config import EvaluationConfig, RelevanceConfig
from ml.errors import FeatureError, LeakError

CONFIG = RelevanceConfig()
JUDGING = EvaluationConfig(bootstrap_samples=50)


def prepared(**options):
    return relevance.prepare({"signal_snapshots": synthetic.signals(**options)})


def test_only_signals_whose_whole_window_has_passed_are_learned_from():
    signals = synthetic.signals()
    data = relevance.prepare({"signal_snapshots": signals})
    assert data.rows == int(signals["is_label_observed"].sum()) < len(signals)


def test_probability_is_recovered_and_calibrated():
    _, result = relevance.evaluate(prepared(), CONFIG, JUDGING)
    assert result.verdict.fit_to_serve, result.verdict.reason
    assert result.metrics["auc_lower"] > 0.62
    assert result.metrics["brier"] < result.baseline_metrics["base_rate_brier"]
    assert result.metrics["calibration_error"] < 0.04
    assert result.metrics["calibration_slope"] == pytest.approx(1, abs=0.35)


def test_predicted_order_of_signal_types_is_the_true_one():
    signals = synthetic.signals()
    model = relevance.fit(relevance.prepare({"signal_snapshots": signals}), CONFIG)
    rows = model.predict({"signal_snapshots": signals})
    merged = rows.merge(signals[["signal_id", "cat_signal_type"]], on="signal_id")
    means = merged.groupby("cat_signal_type")["relevance_probability"].mean()
    assert means.sort_values().index.tolist() == [
        "news_mention",
        "job_posting",
        "expansion",
        "funding_round",
    ]
    assert len(rows) == len(signals)
    average = np.isclose(rows["relevance_probability"], model.base_rate, rtol=0.01)
    assert rows.loc[average, "relevance_score"].between(49, 51).all()
    assert rows["relevance_score"].between(0, 100).all()


def test_trees_that_do_not_help_are_left_out():
    """The simulated odds are linear in the features: trees have nothing to add."""
    data = prepared()
    _, result = relevance.evaluate(data, CONFIG, JUDGING)
    assert result.metrics["auc"] >= result.baseline_metrics["logistic_auc"] - 0.005
    linear = CONFIG.model_copy(update={"tree_shares": (0.0,)})
    plain, judged = relevance.evaluate(data, linear, JUDGING)
    assert plain.tree_share == 0.0
    assert judged.metrics["auc"] == judged.baseline_metrics["logistic_auc"]
    frame = data.frame.iloc[:50]
    expected = plain.start.contributions(plain.encoder.matrix(frame, "signals"))
    assert np.allclose(plain.contributions(frame), expected * plain.scaler.slope)


def test_trees_that_help_are_used():
    """An outcome that only two features together tell is out of a linear model's reach."""
    signals = synthetic.signals(strength=0.0)
    noise = np.random.default_rng(3).normal(size=(len(signals), 2))
    odds = np.where(noise[:, 0] * noise[:, 1] > 0, 0.45, 0.03)
    drawn = np.random.default_rng(4).random(len(signals)) < odds
    seen = signals["is_label_observed"].astype(bool)
    signals = signals.assign(
        num_one=noise[:, 0],
        num_two=noise[:, 1],
        converted=np.where(seen, drawn.astype(float), np.nan),
    )
    many = CONFIG.booster.model_copy(update={"trees": 200, "lambda_l2": 1.0, "num_leaves": 4})
    config = CONFIG.model_copy(update={"booster": many})
    model, result = relevance.evaluate(
        relevance.prepare({"signal_snapshots": signals}), config, JUDGING
    )
    assert model.tree_share == 1.0
    assert result.metrics["auc"] > result.baseline_metrics["logistic_auc"] + 0.1


def test_chance_is_called_chance():
    _, result = relevance.evaluate(prepared(strength=0.0), CONFIG, JUDGING)
    assert not result.verdict.passed


def test_a_column_filled_after_the_outcome_fails_by_name():
    signals = synthetic.signals()
    converted = signals["converted"].fillna(0).astype(float)
    leaky = signals.assign(num_touches=converted * 3 + signals["num_noise"] * 0.1)
    with pytest.raises(LeakError, match="num_touches"):
        relevance.evaluate(relevance.prepare({"signal_snapshots": leaky}), CONFIG, JUDGING)


def test_a_short_history_is_said_in_words():
    assert "and at least 50 are needed" in relevance.shortage(prepared(count=200), CONFIG)
    assert "which starts 180 days later" in relevance.shortage(prepared(span=300), CONFIG)


def test_signals_of_one_company_teach_nothing():
    signals = synthetic.signals().assign(company_id="c1")
    data = relevance.prepare({"signal_snapshots": signals})
    assert "come from 1 companies" in relevance.shortage(data, CONFIG)


def test_an_observed_label_that_is_null_is_named():
    signals = synthetic.signals(count=100)
    signals.loc[0, "converted"] = None
    with pytest.raises(FeatureError, match=r"signal_snapshots.converted is null in 1 rows"):
        relevance.prepare({"signal_snapshots": signals})


def test_the_same_signals_give_the_same_bytes():
    once, again = (relevance.fit(prepared(), CONFIG).bundle() for _ in range(2))
    assert once == again
    assert relevance.RelevanceModel.from_bundle(once).bundle() == once
