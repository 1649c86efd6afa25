"""Measures of order, probability and amount, with intervals that resample companies.

Rows of one company share their fate, so it is companies that are drawn anew, not rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.config import EvaluationConfig


@dataclass(frozen=True)
class Interval:
    """An estimate with its bootstrap bounds."""

    value: float
    lower: float
    upper: float


def company_weights(
    companies: np.ndarray, config: EvaluationConfig
) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap weights by company: (samples x companies) counts, and each row's company index."""
    known, codes = np.unique(np.asarray(companies).astype(str), return_inverse=True)
    generator = np.random.default_rng(config.seed)
    counts = generator.multinomial(
        len(known), np.full(len(known), 1 / len(known)), size=config.bootstrap_samples
    )
    return counts.astype(float), codes


def interval(value: float, samples: Sequence[float], config: EvaluationConfig) -> Interval:
    """Percentile interval at the configured level; NaN bounds where no sample is usable."""
    usable = np.asarray([s for s in samples if np.isfinite(s)], dtype=float)
    if usable.size == 0:
        return Interval(value, float("nan"), float("nan"))
    tail = (1 - config.confidence) / 2
    lower, upper = np.quantile(usable, [tail, 1 - tail])
    return Interval(value, float(lower), float(upper))


def auc(label: np.ndarray, score: np.ndarray, weight: np.ndarray | None = None) -> float:
    """Area under the ROC curve, ties counting half; NaN with one outcome only."""
    label = np.asarray(label, dtype=float)
    weight = np.ones_like(label) if weight is None else np.asarray(weight, dtype=float)
    _, place = np.unique(score, return_inverse=True)
    return _auc_of_places(label, place, weight)


def _auc_of_places(label: np.ndarray, place: np.ndarray, weight: np.ndarray) -> float:
    positive = np.bincount(place, weights=weight * label)
    negative = np.bincount(place, weights=weight * (1 - label))
    total = positive.sum() * negative.sum()
    if total <= 0:
        return float("nan")
    below = np.cumsum(negative) - negative
    return float(np.sum(positive * (below + negative / 2)) / total)


def average_precision(label: np.ndarray, score: np.ndarray) -> float:
    """Average precision (area under the precision-recall steps); NaN without a positive."""
    from sklearn.metrics import average_precision_score

    if not np.any(label):
        return float("nan")
    return float(average_precision_score(np.asarray(label, dtype=int), score))


def auc_interval(
    label: np.ndarray, score: np.ndarray, companies: np.ndarray, config: EvaluationConfig
) -> Interval:
    """AUC with its bootstrap interval by company."""
    weights, codes = company_weights(companies, config)
    label = np.asarray(label, dtype=float)
    _, place = np.unique(score, return_inverse=True)
    samples = [_auc_of_places(label, place, row[codes]) for row in weights]
    return interval(_auc_of_places(label, place, np.ones_like(label)), samples, config)


def auc_difference(
    label: np.ndarray,
    score: np.ndarray,
    other: np.ndarray,
    companies: np.ndarray,
    config: EvaluationConfig,
) -> Interval:
    """AUC of ``score`` minus AUC of ``other`` on the same rows, paired by company."""
    weights, codes = company_weights(companies, config)
    label = np.asarray(label, dtype=float)
    places = [np.unique(s, return_inverse=True)[1] for s in (score, other)]
    samples = []
    for row in weights:
        mine, theirs = (_auc_of_places(label, place, row[codes]) for place in places)
        samples.append(mine - theirs)
    ones = np.ones_like(label)
    mine, theirs = (_auc_of_places(label, place, ones) for place in places)
    return interval(mine - theirs, samples, config)


def mean_difference(
    loss: np.ndarray, other: np.ndarray, companies: np.ndarray, config: EvaluationConfig
) -> Interval:
    """Mean of ``other`` minus mean of ``loss`` (above zero: ``loss`` is better), by company."""
    weights, codes = company_weights(companies, config)
    gain = np.asarray(other, dtype=float) - np.asarray(loss, dtype=float)
    size = weights.shape[1]
    sums = weights @ np.bincount(codes, weights=gain, minlength=size)
    rows = weights @ np.bincount(codes, minlength=size).astype(float)
    samples = sums / np.maximum(rows, 1e-12)
    return interval(float(gain.mean()), samples.tolist(), config)


def brier(label: np.ndarray, probability: np.ndarray) -> float:
    """Mean squared distance of probability and outcome."""
    return float(np.mean((np.asarray(probability) - np.asarray(label)) ** 2))


def pinball(actual: np.ndarray, predicted: np.ndarray, quantile: float) -> np.ndarray:
    """Pinball loss of each row at one quantile."""
    gap = np.asarray(actual, dtype=float) - np.asarray(predicted, dtype=float)
    return np.maximum(quantile * gap, (quantile - 1) * gap)
