"""Probes for features that know the outcome: what ranks too well to be honest is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.config import EvaluationConfig
from ml.errors import LeakError
from ml.evaluation.measures import auc


def probe_features(
    names: Sequence[str],
    matrix: np.ndarray,
    label: np.ndarray,
    categorical: Sequence[int],
    config: EvaluationConfig,
    source: str,
) -> None:
    """Raise LeakError naming a feature that alone tells the outcome, or whose absence does.

    Numbers are judged by their AUC in either direction, categories by the outcome rate of their
    code learned on every second row and judged on the others. Features that are known to be
    strong for an honest reason are passed over (``EvaluationConfig.known_strong``).
    """
    label = np.asarray(label, dtype=float)
    if min(label.sum(), (1 - label).sum()) < config.leak_minimum_positives:
        return
    for position, name in enumerate(names):
        if name in config.known_strong:
            continue
        values = matrix[:, position]
        absent = np.isnan(values)
        scores: list[tuple[str, np.ndarray, np.ndarray]] = []
        if absent.any() and not absent.all():
            scores.append(("the absence of", absent.astype(float), label))
        if position in categorical:
            scores.append(("", *_rate_scores(values, label)))
        elif (~absent).sum() > 0:
            filled = np.where(absent, np.nanmin(values) - 1 if (~absent).any() else 0, values)
            scores.append(("", filled, label))
        for prefix, score, of in scores:
            worth = auc(of, score)
            if np.isfinite(worth) and max(worth, 1 - worth) > config.leak_feature_auc:
                raise LeakError(
                    f"{source}: {prefix + ' ' if prefix else ''}feature {name} alone separates the "
                    f"outcome (AUC {max(worth, 1 - worth):.3f} > {config.leak_feature_auc}); it "
                    "was very likely filled in after the outcome: build it from what was known "
                    "before as_of, or remove it"
                )


def _rate_scores(values: np.ndarray, label: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    codes = np.where(np.isnan(values), -1, values).astype(int) + 1
    learn = np.arange(len(codes)) % 2 == 0
    count = np.bincount(codes[learn], minlength=codes.max() + 1)
    hits = np.bincount(codes[learn], weights=label[learn], minlength=codes.max() + 1)
    rate = (hits + label.mean()) / (count + 1)
    return rate[codes[~learn]], label[~learn]


def probe_amount(
    names: Sequence[str],
    matrix: np.ndarray,
    amount: np.ndarray,
    config: EvaluationConfig,
    source: str,
) -> None:
    """Raise LeakError naming a feature that is the amount in disguise (rank correlation)."""
    from scipy.stats import spearmanr

    for position, name in enumerate(names):
        values = matrix[:, position]
        present = ~np.isnan(values)
        if present.sum() < config.leak_minimum_positives or np.ptp(values[present]) == 0:
            continue
        worth = abs(float(spearmanr(values[present], amount[present]).statistic))
        if worth > config.leak_rank_correlation:
            raise LeakError(
                f"{source}: feature {name} ranks deals as their amount does (Spearman "
                f"{worth:.3f} > {config.leak_rank_correlation}); it is very likely the amount "
                "itself: remove it from the features"
            )


def probe_model(worth: float, strongest: str, config: EvaluationConfig, source: str) -> None:
    """Raise LeakError when a whole model ranks unseen outcomes too well to be honest."""
    if np.isfinite(worth) and worth > config.leak_model_auc:
        raise LeakError(
            f"{source}: the model ranks outcomes it has never seen with AUC {worth:.3f} > "
            f"{config.leak_model_auc}; look first at its strongest feature {strongest}, which "
            "may be filled in after the outcome"
        )
