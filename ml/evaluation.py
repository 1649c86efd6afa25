"""How models are judged: time-ordered splits, metrics, intervals by company, leak probes.

Nothing here ever mixes time: what a model is judged on happened after everything it learned from.
Intervals resample companies, not rows, because rows of one company share their fate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ml.config import EvaluationConfig
from ml.errors import LeakError


@dataclass(frozen=True)
class Interval:
    """An estimate with its bootstrap bounds."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Split:
    """Row positions of three windows, each later than the one before."""

    train: np.ndarray
    calibration: np.ndarray
    test: np.ndarray


def ordered_split(known_on: np.ndarray, calibration_fraction: float, test_fraction: float) -> Split:
    """Cut rows by the day their outcome became known: oldest train, newest test.

    Rows of one day stay together, so that no day is on both sides of a cut.
    """
    known_on = np.asarray(known_on, dtype=float)
    ordered = np.sort(known_on)
    count = len(ordered)
    test_from = ordered[min(count - 1, int(np.floor(count * (1 - test_fraction))))]
    calibrate_from = ordered[
        min(count - 1, int(np.floor(count * (1 - test_fraction - calibration_fraction))))
    ]
    rows = np.arange(count)
    return Split(
        rows[known_on < calibrate_from],
        rows[(known_on >= calibrate_from) & (known_on < test_from)],
        rows[known_on >= test_from],
    )


def embargoed_split(as_of: np.ndarray, label_days: int, test_fraction: float) -> Split:
    """Test on the newest share of rows; train only where the label was known before them.

    A label looks ``label_days`` ahead, so a training row must be at least that much older than the
    first test day (the embargo); rows between are in neither window. Calibration is left empty.
    """
    as_of = np.asarray(as_of, dtype=float)
    test_from = np.sort(as_of)[int(np.floor(len(as_of) * (1 - test_fraction)))]
    rows = np.arange(len(as_of))
    return Split(
        rows[as_of + label_days <= test_from], np.array([], dtype=int), rows[as_of >= test_from]
    )


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


@dataclass(frozen=True)
class Verdict:
    """What an evaluation says about promotion.

    ``passed``: better than chance and than the constant baseline, beyond doubt. ``fit_to_serve``:
    also not clearly worse than the simple model beside it. ``reason`` in plain words.
    """

    passed: bool
    fit_to_serve: bool
    reason: str


def verdict(
    ranking: tuple[str, Interval],
    gain: tuple[Interval, str, str],
    against: Interval,
    margin: float,
) -> Verdict:
    """What the intervals of a model that ranks and gives probabilities say about its promotion.

    ``ranking`` names the measure of order (chance is 0.5); ``gain`` is over the constant baseline,
    with its name in praise and in blame; ``against`` is the gain over a logistic regression on the
    same features, which may win by ``margin`` at most.
    """
    measure, order = ranking
    over, baseline, described = gain
    shown = f"{measure} {order.value:.3f} ({order.lower:.3f} to {order.upper:.3f})"
    if not order.lower > 0.5:
        return Verdict(False, False, f"no better than chance: {shown}, chance is 0.5")
    if not over.value > 0:
        return Verdict(
            False,
            False,
            f"ranks better than chance ({shown}), but its probabilities are no closer to what "
            f"happened than {described}",
        )
    if against.upper < -margin:
        return Verdict(
            True, False, f"{shown}, but a logistic regression on the same features is better"
        )
    return Verdict(True, True, f"better than {baseline}: {shown}")


@dataclass(frozen=True)
class Evaluation:
    """Metrics of a model on what happened after its training, with the baselines beside them."""

    metrics: dict[str, float]
    baseline_metrics: dict[str, float]
    verdict: Verdict
    plots: dict[str, Callable[[], bytes]] = field(default_factory=dict)

    def broken(self) -> list[str]:
        """Names of metrics that are not numbers."""
        return sorted(name for name, value in self.metrics.items() if not np.isfinite(value))
