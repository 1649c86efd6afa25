"""LightGBM behind two functions: train to text, and text back to a booster."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ml.config import BoosterConfig

if TYPE_CHECKING:
    import lightgbm


def train(
    matrix: np.ndarray,
    label: np.ndarray,
    weight: np.ndarray | None,
    names: Sequence[str],
    categorical: Sequence[int],
    objective: Mapping[str, Any],
    config: BoosterConfig,
    start: np.ndarray,
) -> str:
    """Train a booster on top of the ``start`` scores and return its text.

    The same input gives the same text. Predictions are start plus the booster's raw score.
    """
    import lightgbm

    data = lightgbm.Dataset(
        matrix,
        label=label,
        weight=weight,
        init_score=start,
        feature_name=[re.sub(r"\W", "_", name) for name in names],
        categorical_feature=list(categorical),
        params={"verbosity": -1},
        free_raw_data=True,
    )
    booster = lightgbm.train(
        {**config.parameters(), **objective}, data, num_boost_round=config.trees
    )
    return booster.model_to_string()


def load(text: str) -> lightgbm.Booster:
    """The booster of a text that ``train`` returned."""
    import lightgbm

    return lightgbm.Booster(model_str=text)


def score(text: str, matrix: np.ndarray, config: BoosterConfig) -> np.ndarray:
    """Raw scores, to be added to the start's."""
    raw = load(text).predict(matrix, raw_score=True, num_threads=config.threads)
    return np.asarray(raw, dtype=float)


def contributions(text: str, matrix: np.ndarray, config: BoosterConfig) -> np.ndarray:
    """Exact Shapley values (rows x features) of the raw score, without the constant."""
    values = load(text).predict(matrix, pred_contrib=True, num_threads=config.threads)
    return np.asarray(values, dtype=float)[:, :-1]


def strongest(values: np.ndarray, names: Sequence[str]) -> str:
    """The feature with the largest mean absolute contribution."""
    return names[int(np.argmax(np.abs(values).mean(axis=0)))] if values.size else "(none)"
