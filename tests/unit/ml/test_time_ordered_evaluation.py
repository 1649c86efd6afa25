from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from ml import evaluation
from ml.calibration import (
    PlattScaler,
    calibration_slope,
    expected_calibration_error,
    expit,
    logistic_line,
    logit,
)
from ml.config import EvaluationConfig
from ml.errors import LeakError
from ml.evaluation import FollowUp

JUDGING = EvaluationConfig()


@pytest.fixture
def random():
    return np.random.default_rng(5)


def test_auc_equals_scikit_learns_with_ties_and_weights(random):
    label = random.integers(0, 2, 500)
    score = np.round(random.normal(size=500) + label, 1)
    weight = random.random(500)
    assert evaluation.auc(label, score) == pytest.approx(roc_auc_score(label, score))
    assert evaluation.auc(label, score, weight) == pytest.approx(
        roc_auc_score(label, score, sample_weight=weight)
    )


def test_logistic_line_equals_scikit_learns(random):
    score = random.normal(size=800)
    label = (random.random(800) < expit(0.7 * score - 0.4)).astype(float)
    model = LogisticRegression(C=np.inf).fit(score[:, None], label)
    assert logistic_line(score, label) == pytest.approx(
        (model.coef_[0, 0], model.intercept_[0]), abs=1e-3
    )


def test_platt_mends_probabilities_that_are_too_bold(random):
    truth = expit(random.normal(-2, 1, 20_000))
    label = (random.random(20_000) < truth).astype(float)
    bold = expit(2.5 * logit(truth) + 1)
    assert calibration_slope(label, bold) == pytest.approx(0.4, abs=0.05)
    mended = PlattScaler.fit(bold, label).apply(bold)
    assert (
        expected_calibration_error(label, mended) < 0.01 < expected_calibration_error(label, bold)
    )


def test_platt_never_turns_a_ranking_around_and_leaves_one_sided_folds_alone(random):
    score = random.random(400)
    against = (random.random(400) > score).astype(float)
    scaler = PlattScaler.fit(score, against)
    assert scaler.slope == 0
    assert scaler.apply(score).std() == 0
    assert PlattScaler.fit(score, np.zeros(400)) == PlattScaler()


def test_concordance_equals_counting_the_pairs(random):
    count = 60
    event = np.where(random.random(count) < 0.4, random.integers(0, 6, count), -1)
    possible = np.repeat([6, 4], count // 2)
    event = np.where(event >= possible, -1, event)
    observed = np.where(event >= 0, event + 1, possible)
    risk = np.round(random.random(count), 1)
    follow = FollowUp(event, observed, possible, possible, np.arange(count))
    good = pairs = 0.0
    for i in range(count):
        for j in range(count):
            later = event[j] > event[i] or (event[j] < 0 and observed[j] > event[i])
            if event[i] >= 0 and possible[i] == possible[j] and later:
                pairs += 1
                good += (risk[i] > risk[j]) + 0.5 * (risk[i] == risk[j])
    result = evaluation.concordance(follow, risk, JUDGING)
    assert result.value == pytest.approx(good / pairs)
    assert result.lower < result.value < result.upper


def test_brier_counts_only_landmarks_that_could_be_followed_so_long():
    follow = FollowUp(
        event=np.array([0, -1, 0, -1]),
        observed=np.array([1, 2, 1, 1]),
        possible=np.array([2, 2, 1, 1]),
        landmark=np.array([0, 0, 1, 1]),
        company=np.arange(4),
    )
    assert follow.known_at(1).tolist() == [True] * 4
    assert follow.known_at(2).tolist() == [True, True, False, False]
    cumulative = np.tile([0.5, 0.6], (4, 1))
    errors, known = evaluation.brier_by_horizon(follow, cumulative, 2)
    assert evaluation.integrated_brier(errors, known) == pytest.approx(
        (0.25 + (0.4**2 + 0.6**2) / 2) / 2
    )


def test_splits_keep_time_in_order_and_labels_out_of_the_future(random):
    day = random.integers(0, 400, 300).astype(float)
    split = evaluation.ordered_split(day, 0.25, 0.25)
    assert day[split.train].max() < day[split.calibration].min()
    assert day[split.calibration].max() < day[split.test].min()
    assert len(split.train) + len(split.calibration) + len(split.test) == 300
    embargoed = evaluation.embargoed_split(day, 180, 0.25)
    assert day[embargoed.train].max() + 180 <= day[embargoed.test].min()


def test_intervals_widen_when_companies_are_few(random):
    label = random.integers(0, 2, 1000)
    score = random.random(1000) + 0.5 * label
    many = evaluation.auc_interval(label, score, np.arange(1000), JUDGING)
    few = evaluation.auc_interval(label, score, np.arange(1000) // 100 + 1000 * label, JUDGING)
    assert many.lower > 0.7
    assert many.value == few.value


@pytest.mark.parametrize("kind", ["number", "reversed", "absence", "category"])
def test_a_planted_leak_is_caught_by_name(random, kind):
    label = (random.random(2000) < 0.1).astype(float)
    planted = {
        "number": label + random.normal(0, 0.1, 2000),
        "reversed": -label + random.normal(0, 0.1, 2000),
        "absence": np.where(label == 1, random.random(2000), np.nan),
        "category": np.where(label == 1, 3.0, random.integers(0, 3, 2000)),
    }[kind]
    matrix = np.column_stack([random.normal(size=2000), planted])
    with pytest.raises(LeakError, match=r"relevance: .*feature num_closed alone"):
        evaluation.probe_features(
            ["num_plain", "num_closed"],
            matrix,
            label,
            [1] if kind == "category" else [],
            JUDGING,
            "relevance",
        )


def test_strong_honest_features_are_no_leak(random):
    label = (random.random(2000) < 0.1).astype(float)
    matrix = (label + random.normal(0, 0.5, 2000))[:, None]
    evaluation.probe_features(["num_strong"], matrix, label, [], JUDGING, "relevance")
    assert evaluation.auc(label, matrix[:, 0]) > 0.9


def test_the_amount_in_disguise_and_a_model_too_good_are_leaks(random):
    amount = np.exp(random.normal(10, 1, 200))
    with pytest.raises(LeakError, match="feature num_quote ranks deals as their amount does"):
        evaluation.probe_amount(["num_quote"], 1.1 * amount[:, None], amount, JUDGING, "deal_size")
    with pytest.raises(LeakError, match="strongest feature num_x"):
        evaluation.probe_model(0.995, "num_x", JUDGING, "timeline")
