"""The simple model beside and beneath each LightGBM model: a penalised linear model.

It has two duties. As the *baseline* (logistic regression on the same features) it is part of the
gate: where it is clearly better, the boosted model does not serve. As the *start* of boosting
(LightGBM's ``init_score``) it carries what is linear, which trees would need many splits and many
more outcomes for; the trees add only what is left. With a few hundred outcomes trees alone lose
to it, and on top of it they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ml.calibration import expit

#: Standardised numbers are held within this, so that a value far outside what was seen in
#: training cannot run away with the prediction.
REACH = 4.0

#: What is known today tells most about the next periods. The part of a feature's weight that
#: fades does so by exp(-periods ahead / 3), a half-life of about two months; how large that part
#: is, is learned.
FADING_PERIODS = 3.0


@dataclass(frozen=True)
class LinearModel:
    """Numbers on a signed log scale, standardised; a flag for missing; a column per category."""

    numeric: np.ndarray
    flagged: np.ndarray
    levels: tuple[tuple[int, int], ...]
    center: np.ndarray
    scale: np.ndarray
    mean: np.ndarray
    coefficients: np.ndarray
    intercept: float
    fading: int | None = None

    @classmethod
    def logistic(
        cls,
        matrix: np.ndarray,
        label: np.ndarray,
        weight: np.ndarray | None,
        categorical: Sequence[int],
        strength: float,
        fading: int | None = None,
    ) -> LinearModel:
        """Logistic regression; ``strength`` is scikit-learn's ``C`` (smaller shrinks more).

        ``fading`` is the position of a column that counts periods ahead: every number then has a
        second coefficient whose share fades with it (see ``FADING_PERIODS``).
        """
        from sklearn.linear_model import LogisticRegression

        draft, design = cls._prepare(matrix, categorical, fading)
        model = LogisticRegression(C=strength, max_iter=300, tol=1e-4)
        model.fit(design, label.astype(int), sample_weight=weight)
        return replace(
            draft, coefficients=model.coef_[0].copy(), intercept=float(model.intercept_[0])
        )

    @classmethod
    def lasso(
        cls, matrix: np.ndarray, target: np.ndarray, categorical: Sequence[int], folds: int
    ) -> LinearModel:
        """Lasso regression of a number, its penalty chosen by cross-validation.

        With fewer outcomes than features most features are best left out, which ridge cannot do.
        """
        from sklearn.linear_model import LassoCV

        draft, design = cls._prepare(matrix, categorical)
        model = LassoCV(cv=folds, alphas=30, max_iter=20_000, tol=1e-3).fit(design, target)
        return replace(draft, coefficients=model.coef_.copy(), intercept=float(model.intercept_))

    @classmethod
    def _prepare(
        cls, matrix: np.ndarray, categorical: Sequence[int], fading: int | None = None
    ) -> tuple[LinearModel, np.ndarray]:
        numeric = np.array([p for p in range(matrix.shape[1]) if p not in categorical], dtype=int)
        values = _signed_log(matrix[:, numeric])
        present = ~np.isnan(values)
        center = np.where(present, values, 0).sum(axis=0) / np.maximum(present.sum(axis=0), 1)
        spread = np.where(present, values, center).std(axis=0)
        draft = cls(
            numeric,
            np.flatnonzero((~present).any(axis=0) & present.any(axis=0)),
            tuple(
                (int(position), int(code))
                for position in categorical
                for code in np.unique(matrix[:, position][~np.isnan(matrix[:, position])])
            ),
            center,
            np.where(spread > 1e-9, spread, 1e30),
            np.zeros(0),
            np.zeros(0),
            0.0,
            fading,
        )
        design = draft._design(matrix)
        return replace(draft, mean=design.mean(axis=0)), design

    def _design(self, matrix: np.ndarray) -> np.ndarray:
        values = _signed_log(matrix[:, self.numeric])
        absent = np.isnan(values)
        scaled = (np.where(absent, self.center, values) - self.center) / self.scale
        scaled = np.clip(scaled, -REACH, REACH)
        parts = [scaled, absent[:, self.flagged].astype(float)]
        if self.levels:
            parts.append(np.column_stack([matrix[:, p] == code for p, code in self.levels]))
        if self.fading is not None:
            near = np.exp(-matrix[:, self.fading].astype(float) / FADING_PERIODS)
            parts.append(scaled * near[:, None])
        return np.hstack(parts).astype(float)

    def score(self, matrix: np.ndarray) -> np.ndarray:
        """Log odds, or the number itself for ``lasso``."""
        return self._design(matrix) @ self.coefficients + self.intercept

    def probability(self, matrix: np.ndarray) -> np.ndarray:
        """Probability of the outcome, for ``logistic``."""
        return expit(self.score(matrix))

    def contributions(self, matrix: np.ndarray) -> np.ndarray:
        """What each feature (rows x features) adds to the score of an average row."""
        parts = (self._design(matrix) - self.mean) * self.coefficients
        result = np.zeros(matrix.shape)
        owners = [*self.numeric, *self.numeric[self.flagged], *(p for p, _ in self.levels)]
        if self.fading is not None:
            owners.extend(self.numeric)
        for column, owner in enumerate(owners):
            result[:, owner] += parts[:, column]
        return result

    def to_json(self) -> dict[str, Any]:
        """The model as JSON-ready data."""
        return {
            "numeric": self.numeric.tolist(),
            "flagged": self.flagged.tolist(),
            "levels": [list(level) for level in self.levels],
            "center": self.center.tolist(),
            "scale": self.scale.tolist(),
            "mean": self.mean.tolist(),
            "coefficients": self.coefficients.tolist(),
            "intercept": self.intercept,
            "fading": self.fading,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LinearModel:
        """The model that ``to_json`` wrote."""
        return cls(
            np.array(data["numeric"], dtype=int),
            np.array(data["flagged"], dtype=int),
            tuple((int(p), int(code)) for p, code in data["levels"]),
            np.array(data["center"], dtype=float),
            np.array(data["scale"], dtype=float),
            np.array(data["mean"], dtype=float),
            np.array(data["coefficients"], dtype=float),
            float(data["intercept"]),
            data["fading"],
        )


def _signed_log(values: np.ndarray) -> np.ndarray:
    wide = values.astype(float)
    return np.sign(wide) * np.log1p(np.abs(wide))
