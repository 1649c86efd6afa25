from __future__ import annotations

import json

import numpy as np
import pytest
import synthetic

from ml import deal_size
from ml.config import DealSizeConfig, EvaluationConfig
from ml.errors import FeatureError, LeakError

CONFIG = DealSizeConfig()
JUDGING = EvaluationConfig(bootstrap_samples=100)


def prepared(market, **options):
    return deal_size.prepare({**market.frames, "deal_snapshots": synthetic.deals(**options)})


def test_only_won_deals_with_an_amount_in_closing_order(market):
    deals = synthetic.deals()
    deals.loc[:9, "amount_usd"] = np.nan
    data = deal_size.prepare({**market.frames, "deal_snapshots": deals})
    assert data.rows == int((deals["is_won"] & deals["amount_usd"].notna()).sum())
    assert (np.diff(data.closed_on) >= 0).all()
    assert data.categorical == ["cat_industry"]


def test_beats_the_quantiles_of_earlier_deals(market):
    data = prepared(market)
    _, result = deal_size.evaluate(data, CONFIG, JUDGING)
    assert result.verdict.fit_to_serve, result.verdict.reason
    best = min(
        result.baseline_metrics["global_pinball"], result.baseline_metrics["segment_pinball"]
    )
    assert result.metrics["pinball"] < 0.8 * best
    assert result.metrics["interval_ratio"] < result.baseline_metrics["global_interval_ratio"]


def test_conformal_coverage_holds_over_many_markets(market):
    """80 % promised; the mean over ten markets of about 60 test deals is within 4 points."""
    covered, below = [], []
    for seed in range(10):
        data = prepared(market, seed=seed)
        _, result = deal_size.evaluate(data, CONFIG, EvaluationConfig(bootstrap_samples=20))
        covered.append(result.metrics["coverage_p10_p90"])
        below.append(result.metrics["below_p10"])
    assert np.mean(covered) == pytest.approx(0.8, abs=0.04)
    assert np.mean(below) == pytest.approx(0.1, abs=0.03)


def test_conformal_shift_is_the_rank_that_covers_one_more():
    score = np.arange(1.0, 20.0)
    assert deal_size.conformal_shift(score, 0.1) == 18
    assert deal_size.conformal_shift(score[:5], 0.1) == 5


def test_quantiles_never_cross_and_are_explained(market):
    data = prepared(market)
    rows = deal_size.fit(data, CONFIG).predict(market.frames)
    assert (rows["amount_p10"] <= rows["amount_p50"]).all()
    assert (rows["amount_p50"] <= rows["amount_p90"]).all()
    assert (rows["amount_p10"] > 0).all()
    assert set(rows["currency"]) == {"USD"}
    names = {reason["name"] for text in rows["explanation"] for reason in json.loads(text)[:1]}
    assert "num_employee_count" in names


def test_amounts_without_relation_are_rejected(market):
    data = prepared(market, strength=0.0)
    _, result = deal_size.evaluate(data, CONFIG, JUDGING)
    assert not result.verdict.passed
    assert "no better than the quantiles of earlier deals" in result.verdict.reason


def test_the_same_deals_give_the_same_bytes(market):
    once, again = (deal_size.fit(prepared(market), CONFIG).bundle() for _ in range(2))
    assert once == again
    assert deal_size.DealSizeModel.from_bundle(once).bundle() == once


def test_too_few_deals_and_no_common_feature_are_said_in_words(market):
    few = prepared(market, count=40)
    assert "at least 40 are needed" in deal_size.shortage(few, CONFIG)
    other = market.frames["company_snapshots"][["company_id", "as_of", "is_current"]]
    data = deal_size.prepare({"company_snapshots": other, "deal_snapshots": synthetic.deals()})
    assert "no feature column in common" in deal_size.shortage(data, CONFIG)


def test_the_amount_among_the_features_is_a_leak(market):
    deals = synthetic.deals()
    deals["num_quote"] = deals["amount_usd"] * 1.1
    snapshots = market.frames["company_snapshots"].assign(num_quote=1.0)
    data = deal_size.prepare({"company_snapshots": snapshots, "deal_snapshots": deals})
    with pytest.raises(LeakError, match="num_quote"):
        deal_size.evaluate(data, CONFIG, JUDGING)


def test_a_lacking_column_is_named(market):
    deals = synthetic.deals().drop(columns="closed_on")
    with pytest.raises(FeatureError, match="deal_snapshots lacks column closed_on"):
        deal_size.prepare({**market.frames, "deal_snapshots": deals})
