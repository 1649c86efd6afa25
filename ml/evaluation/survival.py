"""Measures of when something happens, where not everything has happened yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.config import EvaluationConfig
from ml.evaluation.measures import Interval, company_weights, interval


@dataclass(frozen=True)
class FollowUp:
    """Subjects followed from a landmark, with censoring.

    ``event`` is the period in which the event happened (0 = the first), -1 where none was seen;
    ``observed`` is the number of whole periods seen; ``possible`` the number that could have been
    seen before the data end; ``landmark`` groups subjects that are compared with each other;
    ``company`` groups what is resampled together.
    """

    event: np.ndarray
    observed: np.ndarray
    possible: np.ndarray
    landmark: np.ndarray
    company: np.ndarray

    def known_at(self, periods: int) -> np.ndarray:
        """Rows whose state after ``periods`` periods is known.

        Only landmarks that could be followed that long: of younger ones the events are known and
        the silence is not, so counting their events would overstate how often they happen.
        """
        happened = (self.event >= 0) & (self.event < periods)
        return (self.possible >= periods) & (happened | (self.observed >= periods))

    def happened_by(self, periods: int) -> np.ndarray:
        """Whether the event was seen within ``periods`` periods, as 0 and 1."""
        return ((self.event >= 0) & (self.event < periods)).astype(float)


def concordance(follow: FollowUp, risk: np.ndarray, config: EvaluationConfig) -> Interval:
    """Share of comparable pairs in which the higher risk has the earlier event, with interval.

    Harrell's C within each landmark, ties in risk counting half. All subjects of a landmark are
    followed to the same day, so censoring is administrative and needs no weights (Uno's weights
    are all one up to that day).
    """
    weights, codes = company_weights(follow.company, config)
    agreeing = np.zeros(len(weights) + 1)
    comparable = np.zeros(len(weights) + 1)
    weights = np.vstack([np.ones(weights.shape[1]), weights])
    for landmark in np.unique(follow.landmark):
        rows = np.flatnonzero(follow.landmark == landmark)
        event, observed, score = follow.event[rows], follow.observed[rows], risk[rows]
        cases = np.flatnonzero(event >= 0)
        if not len(cases):
            continue
        later = (event[None, :] > event[cases, None]) | (
            (event[None, :] < 0) & (observed[None, :] > event[cases, None])
        )
        above = (score[cases, None] > score[None, :]) + 0.5 * (score[cases, None] == score[None, :])
        mine = weights[:, codes[rows]]
        of_cases = mine[:, cases]
        agreeing += np.einsum("bn,bn->b", of_cases @ (later * above), mine)
        comparable += np.einsum("bn,bn->b", of_cases @ later.astype(float), mine)
    share = agreeing / np.where(comparable > 0, comparable, np.nan)
    return interval(float(share[0]), share[1:].tolist(), config)


def brier_by_horizon(
    follow: FollowUp, cumulative: np.ndarray, horizons: int
) -> tuple[np.ndarray, np.ndarray]:
    """Squared error (rows x horizons) of cumulative probabilities, zero and masked where unknown.

    Returns errors and the mask of known states.
    """
    known = np.column_stack([follow.known_at(k + 1) for k in range(horizons)])
    happened = np.column_stack([follow.happened_by(k + 1) for k in range(horizons)])
    return np.where(known, (cumulative[:, :horizons] - happened) ** 2, 0.0), known


def integrated_brier(errors: np.ndarray, known: np.ndarray) -> float:
    """Mean over horizons of the mean squared error of the rows known at each horizon."""
    counts = known.sum(axis=0)
    usable = counts > 0
    return float(np.mean(errors.sum(axis=0)[usable] / counts[usable]))


def integrated_brier_gain(
    errors: np.ndarray,
    other: np.ndarray,
    known: np.ndarray,
    companies: np.ndarray,
    config: EvaluationConfig,
) -> Interval:
    """Integrated Brier score of ``other`` minus that of ``errors`` (above zero: better)."""
    weights, codes = company_weights(companies, config)
    size = weights.shape[1]

    def by_company(values: np.ndarray) -> np.ndarray:
        return np.column_stack(
            [np.bincount(codes, weights=column, minlength=size) for column in values.T]
        )

    counts = weights @ by_company(known.astype(float))
    gains = (weights @ by_company(other - errors)) / np.where(counts > 0, counts, np.nan)
    value = integrated_brier(other, known) - integrated_brier(errors, known)
    return interval(value, np.nanmean(gains, axis=1).tolist(), config)
