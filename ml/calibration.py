"""From a model's score to a probability, and how far probabilities are from what happened.

Platt scaling on the logit, rather than isotonic regression: isotonic steps tie neighbours and
cost average precision, and need far more events than we have.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

#: Probabilities are kept this far from 0 and 1 before a logit is taken.
EDGE = 1e-6


def logit(probability: np.ndarray) -> np.ndarray:
    """Log odds, with the probability kept inside ``EDGE``."""
    clipped = np.clip(np.asarray(probability, dtype=float), EDGE, 1 - EDGE)
    return np.log(clipped) - np.log1p(-clipped)


def expit(value: np.ndarray) -> np.ndarray:
    """The probability of log odds."""
    return 1.0 / (1.0 + np.exp(-np.clip(np.asarray(value, dtype=float), -35, 35)))


def logistic_line(
    score: np.ndarray,
    label: np.ndarray,
    weight: np.ndarray | None = None,
    prior: tuple[float, float] = (0.0, 0.0),
) -> tuple[float, float]:
    """Slope and intercept of the logistic regression of ``label`` on one ``score`` (Newton).

    ``prior`` holds the precisions (1 / variance) of normal priors: of the slope around 1, and of
    the shift at the mean score around 0.
    """
    score = np.asarray(score, dtype=float)
    label = np.asarray(label, dtype=float)
    weight = np.ones_like(score) if weight is None else np.asarray(weight, dtype=float)
    middle = float(np.average(score, weights=weight))
    design = np.column_stack([score - middle, np.ones_like(score)])
    start = np.array([1.0, middle])
    precision = np.asarray(prior, dtype=float)
    beta = start.copy()

    def loss(at: np.ndarray) -> float:
        margin = design @ at
        return float(
            np.sum(weight * (np.logaddexp(0.0, margin) - label * margin))
            + 0.5 * np.sum(precision * (at - start) ** 2)
        )

    current = loss(beta)
    for _ in range(100):
        probability = expit(design @ beta)
        gradient = design.T @ (weight * (probability - label)) + precision * (beta - start)
        curvature = weight * np.maximum(probability * (1 - probability), 1e-10)
        hessian = (design * curvature[:, None]).T @ design + np.diag(precision + 1e-8)
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        while scale > 1e-6 and loss(beta - scale * step) > current:
            scale /= 2
        beta = beta - scale * step
        after = loss(beta)
        if abs(current - after) < 1e-10 * max(1.0, abs(current)):
            break
        current = after
    return float(beta[0]), float(beta[1] - beta[0] * middle)


#: How firmly Platt scaling holds on to the score as it is: standard deviations of 0.25 in the
#: slope and 0.5 in the shift. A few dozen outcomes cannot tell a slope of 0.6 from one of 1;
#: thousands outvote this.
PLATT_PRIOR = (16.0, 4.0)


@dataclass(frozen=True)
class PlattScaler:
    """Platt (1999): calibrated log odds = slope x log odds + intercept."""

    slope: float = 1.0
    intercept: float = 0.0

    @classmethod
    def fit(
        cls, probability: np.ndarray, label: np.ndarray, weight: np.ndarray | None = None
    ) -> PlattScaler:
        """Fit on rows the model has not seen, each outcome weighing one in all.

        A slope below zero is held at zero.

        A slope below zero would turn the model's ranking upside down on the strength of one fold.
        Without both outcomes in the fold the scores stay as they are.
        """
        label = np.asarray(label, dtype=float)
        if label.size == 0 or label.min() == label.max():
            return cls()
        slope, intercept = logistic_line(logit(probability), label, weight, PLATT_PRIOR)
        if slope <= 0:
            weight = np.ones_like(label) if weight is None else weight
            rate = float(np.average(label, weights=weight))
            return cls(0.0, float(logit(np.array(rate))))
        return cls(slope, intercept)

    def slope_only(self, probability: np.ndarray, weight: np.ndarray) -> PlattScaler:
        """The same slope, turned around the mean log odds of ``probability``, without a shift.

        For a model that is fitted again with the calibration fold: it has taken in that fold's
        base rate itself, and shifting it once more would count the change twice.
        """
        middle = float(np.average(logit(probability), weights=weight))
        return PlattScaler(self.slope, (1 - self.slope) * middle)

    def apply(self, probability: np.ndarray) -> np.ndarray:
        """Calibrated probabilities."""
        return expit(self.slope * logit(probability) + self.intercept)

    def to_json(self) -> dict[str, float]:
        """The scaler as JSON-ready data."""
        return {"slope": self.slope, "intercept": self.intercept}

    @classmethod
    def from_json(cls, data: Mapping[str, float]) -> PlattScaler:
        """The scaler that ``to_json`` wrote."""
        return cls(float(data["slope"]), float(data["intercept"]))


def reliability(
    label: np.ndarray, probability: np.ndarray, bins: int = 10
) -> list[tuple[float, float, int]]:
    """Mean prediction, share that happened and rows, in bins of equal size."""
    order = np.argsort(probability, kind="stable")
    return [
        (float(probability[part].mean()), float(label[part].mean()), len(part))
        for part in np.array_split(order, bins)
        if len(part)
    ]


def expected_calibration_error(label: np.ndarray, probability: np.ndarray, bins: int = 10) -> float:
    """Mean distance between prediction and share that happened, in bins of equal size."""
    label = np.asarray(label, dtype=float)
    table = reliability(label, np.asarray(probability, dtype=float), bins)
    total = sum(rows for _, _, rows in table)
    return sum(rows * abs(mean - share) for mean, share, rows in table) / total


def calibration_slope(label: np.ndarray, probability: np.ndarray) -> float:
    """Slope of the outcome on the predicted log odds (Cox 1958): 1 is right, below 1 too bold.

    NaN where the predictions do not vary or only one outcome occurs.
    """
    score = logit(probability)
    label = np.asarray(label, dtype=float)
    if np.ptp(score) < 1e-9 or label.min() == label.max():
        return float("nan")
    return logistic_line(score, label)[0]
