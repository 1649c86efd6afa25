"""How much will a company buy for: p10, p50 and p90 of the amount of a won deal.

LightGBM quantile regression on the log amount, then an asymmetric split-conformal correction
(conformalized quantile regression, Romano et al. 2019, with each tail on its own): on the newest
quarter of the deals, which the boosters have not seen, the shift is found that makes the share
below p10 and above p90 at most 10 % each for any distribution. The same features must be known of
a company without an open opportunity, so only features that both ``deal_snapshots`` and
``company_snapshots`` have are used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ml import boosting, evaluation, plots
from ml.bundle import Bundle
from ml.config import DealSizeConfig, EvaluationConfig
from ml.evaluation import Evaluation, Verdict
from ml.explanation import explain
from ml.features import (
    Encoder,
    days,
    feature_columns,
    learnable,
    require_columns,
    to_frame,
    validate,
)
from ml.linear import LinearModel
from ml.timeline import SNAPSHOTS, current_rows

if TYPE_CHECKING:
    import pandas as pd

NAME = "deal_size"
DEALS = "deal_snapshots"
CURRENCY = "USD"

#: A segment with fewer training deals than this takes the quantiles of all deals.
SEGMENT_MINIMUM = 15


@dataclass(frozen=True)
class DealSizeData:
    """Won deals with an amount, in the order in which they closed."""

    frame: pd.DataFrame
    numeric: list[str]
    categorical: list[str]
    amount: np.ndarray
    closed_on: np.ndarray

    @property
    def rows(self) -> int:
        """Won deals with an amount."""
        return len(self.frame)

    @property
    def events(self) -> int:
        """The same: every row is an outcome."""
        return len(self.frame)

    @property
    def training_frames(self) -> dict[str, pd.DataFrame]:
        """What the fingerprint is taken over."""
        return {NAME: self.frame}


def prepare(frames: Mapping[str, Any]) -> DealSizeData:
    """Won deals with a positive amount and a closing day, oldest first.

    Raises FeatureError when a column is missing or not of its kind.
    """
    deals = to_frame(frames[DEALS], DEALS)
    keys = ["opportunity_id", "company_id", "as_of"]
    outcome = ["amount_usd", "is_won", "closed_on"]
    require_columns(deals, [*keys, *outcome], DEALS)
    numeric, categorical = validate(deals, DEALS, ["opportunity_id"])
    snapshots = to_frame(frames[SNAPSHOTS], SNAPSHOTS)
    shared = {name for group in feature_columns(snapshots) for name in group}
    numeric = [name for name in numeric if name in shared]
    categorical = [name for name in categorical if name in shared]
    won = deals["is_won"].fillna(False).astype(bool).to_numpy()
    amount = deals["amount_usd"].to_numpy(dtype=float, na_value=np.nan)
    closed = days(deals, "closed_on", DEALS)
    usable = won & (amount > 0) & np.isfinite(amount) & np.isfinite(closed)
    made = days(deals, "as_of", DEALS)
    columns = ["opportunity_id", "company_id", "amount_usd", *numeric, *categorical]
    frame = deals.loc[usable, columns].assign(as_of=made[usable], closed_on=closed[usable])
    frame = frame.sort_values(["closed_on", "opportunity_id"], kind="stable", ignore_index=True)
    return DealSizeData(
        frame,
        numeric,
        categorical,
        frame["amount_usd"].to_numpy(dtype=float),
        frame["closed_on"].to_numpy(dtype=float),
    )


def shortage(data: DealSizeData, config: DealSizeConfig) -> str | None:
    """Why there is too little to learn from, in plain words; None when there is enough."""
    if not data.numeric and not data.categorical:
        return f"{DEALS} and {SNAPSHOTS} have no feature column in common"
    if data.rows < config.minimum_events:
        return (
            f"{data.rows} won deals with an amount are known and at least "
            f"{config.minimum_events} are needed"
        )
    split = evaluation.ordered_split(
        data.closed_on, config.calibration_fraction, config.test_fraction
    )
    tail = config.quantiles[0]
    fewest = int(np.ceil(1 / tail)) - 1
    if len(split.calibration) < fewest or len(split.train) < fewest:
        return (
            f"the won deals close on too few different days: {len(split.train)} to train and "
            f"{len(split.calibration)} to calibrate on, at least {fewest} are needed in each"
        )
    return None


@dataclass(frozen=True)
class DealSizeModel:
    """Three boosters and their conformal shifts, on the log amount."""

    encoder: Encoder
    start: LinearModel
    offsets: tuple[float, float, float]
    boosters: tuple[str, str, str]
    shifts: tuple[float, float]
    config: DealSizeConfig

    def bundle(self) -> Bundle:
        """The model as plain files."""
        return Bundle(
            {
                "model": NAME,
                "encoder": self.encoder.to_json(),
                "start": self.start.to_json(),
                "offsets": list(self.offsets),
                "shifts": list(self.shifts),
                "config": self.config.model_dump(mode="json"),
            },
            dict(zip(("p10", "p50", "p90"), self.boosters, strict=True)),
        )

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> DealSizeModel:
        """The model that ``bundle`` wrote."""
        low, high = bundle.document["shifts"]
        return cls(
            Encoder.from_json(bundle.document["encoder"]),
            LinearModel.from_json(bundle.document["start"]),
            tuple(map(float, bundle.document["offsets"])),  # type: ignore[arg-type]
            (bundle.boosters["p10"], bundle.boosters["p50"], bundle.boosters["p90"]),
            (float(low), float(high)),
            DealSizeConfig.model_validate(bundle.document["config"]),
        )

    def raw(self, frame: pd.DataFrame, name: str) -> np.ndarray:
        """Quantiles of the log amount (rows x 3) before correction: linear start plus trees."""
        matrix = self.encoder.matrix(frame, name)
        start = self.start.score(matrix)
        return np.column_stack(
            [
                start + offset + boosting.score(text, matrix, self.config.booster)
                for offset, text in zip(self.offsets, self.boosters, strict=True)
            ]
        )

    def quantiles(self, frame: pd.DataFrame, name: str) -> np.ndarray:
        """Corrected quantiles of the log amount (rows x 3), which never cross."""
        low, middle, high = self.raw(frame, name).T
        low, high = low - self.shifts[0], high + self.shifts[1]
        return np.column_stack([np.minimum(low, middle), middle, np.maximum(high, middle)])

    def predict(self, frames: Mapping[str, Any], as_of: Any = None) -> pd.DataFrame:
        """Quantiles for the current row of every company."""
        import pandas as pd

        current = current_rows(frames)
        current = current.sort_values("company_id", kind="stable", ignore_index=True)
        low, middle, high = np.round(np.exp(self.quantiles(current, SNAPSHOTS)), 2).T
        return pd.DataFrame(
            {
                "company_id": current["company_id"].astype(str),
                "as_of": current["as_of"] if as_of is None else as_of,
                "amount_p10": low,
                "amount_p50": middle,
                "amount_p90": high,
                "currency": CURRENCY,
                "explanation": self._explain(current),
            }
        )

    def _explain(self, frame: pd.DataFrame) -> list[str]:
        matrix = self.encoder.matrix(frame, SNAPSHOTS)
        trees = boosting.contributions(self.boosters[1], matrix, self.config.booster)
        columns = [frame[name].to_numpy(dtype=object) for name in self.encoder.columns]
        return explain(
            self.start.contributions(matrix) + trees,
            self.encoder.columns,
            lambda row, position: columns[position][row],
        )


def conformal_shift(score: np.ndarray, tail: float) -> float:
    """The ceil((1 - tail)(n + 1))-th smallest score: what to add so that ``tail`` is kept.

    With fewer scores than that rank the largest one is taken, which then promises less.
    """
    rank = int(np.ceil((1 - tail) * (len(score) + 1)))
    return float(np.sort(score)[min(rank, len(score)) - 1])


def _train(
    data: DealSizeData, learn: np.ndarray, hold: np.ndarray, config: DealSizeConfig
) -> DealSizeModel:
    seen = data.frame.iloc[learn]
    month = seen["as_of"].to_numpy(dtype=float) // 30
    encoder = Encoder.learn(
        seen,
        learnable(seen, data.numeric, month),
        learnable(seen, data.categorical, month),
    )
    matrix = encoder.matrix(seen, DEALS)
    target = np.log(data.amount[learn])
    start = LinearModel.lasso(matrix, target, encoder.categorical_positions, config.linear_folds)
    base = start.score(matrix)
    offsets = tuple(float(np.quantile(target - base, quantile)) for quantile in config.quantiles)
    boosters = tuple(
        boosting.train(
            matrix,
            target,
            None,
            encoder.columns,
            encoder.categorical_positions,
            {"objective": "quantile", "alpha": quantile},
            config.booster,
            base + offset,
        )
        for quantile, offset in zip(config.quantiles, offsets, strict=True)
    )
    draft = DealSizeModel(encoder, start, offsets, boosters, (0.0, 0.0), config)  # type: ignore[arg-type]
    low, _, high = draft.raw(data.frame.iloc[hold], DEALS).T
    actual = np.log(data.amount[hold])
    shifts = (
        conformal_shift(low - actual, config.quantiles[0]),
        conformal_shift(actual - high, 1 - config.quantiles[2]),
    )
    return replace(draft, shifts=shifts)


def fit(data: DealSizeData, config: DealSizeConfig) -> DealSizeModel:
    """The model to serve: the recipe that ``evaluate`` judges, one fold later."""
    split = evaluation.ordered_split(data.closed_on, 0.0, config.calibration_fraction)
    return _train(data, split.train, split.test, config)


def _test_rows(data: DealSizeData, config: DealSizeConfig) -> evaluation.Split:
    return evaluation.ordered_split(
        data.closed_on, config.calibration_fraction, config.test_fraction
    )


def _loss(actual: np.ndarray, predicted: np.ndarray, config: DealSizeConfig) -> np.ndarray:
    return np.mean(
        [
            evaluation.pinball(actual, predicted[:, position], quantile)
            for position, quantile in enumerate(config.quantiles)
        ],
        axis=0,
    )


def _segments(
    data: DealSizeData, learn: np.ndarray, test: np.ndarray, config: DealSizeConfig
) -> tuple[np.ndarray, np.ndarray]:
    """Quantiles of all earlier deals, and those of the same segment (first ``cat_`` column)."""
    past = np.log(data.amount[learn])
    plain = np.tile(np.quantile(past, config.quantiles), (len(test), 1))
    segmented = plain.copy()
    if data.categorical:
        values = data.frame[data.categorical[0]].astype(object).fillna("").to_numpy()
        for value in set(values[test]):
            same = past[values[learn] == value]
            if len(same) >= SEGMENT_MINIMUM:
                segmented[values[test] == value] = np.quantile(same, config.quantiles)
    return plain, segmented


def evaluate(
    data: DealSizeData, config: DealSizeConfig, judging: EvaluationConfig
) -> tuple[DealSizeModel, Evaluation]:
    """Train, calibrate and judge on three windows in time, with both baselines beside.

    Raises LeakError when a feature is the amount in disguise.
    """
    encoder = Encoder.learn(data.frame, data.numeric, [])
    evaluation.probe_amount(
        encoder.columns, encoder.matrix(data.frame, DEALS), data.amount, judging, NAME
    )
    split = _test_rows(data, config)
    model = _train(data, split.train, split.calibration, config)
    test = data.frame.iloc[split.test]
    actual = np.log(data.amount[split.test])
    ours = model.quantiles(test, DEALS)
    company = test["company_id"].astype(str).to_numpy()
    past = np.concatenate([split.train, split.calibration])
    plain, segmented = _segments(data, past, split.test, config)
    loss, plain_loss, segment_loss = (
        _loss(actual, predicted, config) for predicted in (ours, plain, segmented)
    )
    best = plain_loss if plain_loss.mean() <= segment_loss.mean() else segment_loss
    gain = evaluation.mean_difference(loss, best, company, judging)
    inside = (actual >= ours[:, 0]) & (actual <= ours[:, 2])
    metrics = {
        "pinball": float(loss.mean()),
        "pinball_gain": gain.value,
        "pinball_gain_lower": gain.lower,
        "coverage_p10_p90": float(inside.mean()),
        "below_p10": float((actual < ours[:, 0]).mean()),
        "above_p90": float((actual > ours[:, 2]).mean()),
        "interval_ratio": float(np.exp(np.median(ours[:, 2] - ours[:, 0]))),
        "median_error_ratio": float(np.exp(np.median(np.abs(actual - ours[:, 1])))),
        "test_rows": float(len(test)),
        "calibration_rows": float(len(split.calibration)),
    }
    baselines = {
        "global_pinball": float(plain_loss.mean()),
        "global_coverage_p10_p90": float(
            ((actual >= plain[:, 0]) & (actual <= plain[:, 2])).mean()
        ),
        "global_interval_ratio": float(np.exp(np.median(plain[:, 2] - plain[:, 0]))),
        "segment_pinball": float(segment_loss.mean()),
        "segment_coverage_p10_p90": float(
            ((actual >= segmented[:, 0]) & (actual <= segmented[:, 2])).mean()
        ),
        "segment_interval_ratio": float(np.exp(np.median(segmented[:, 2] - segmented[:, 0]))),
        "global_median_error_ratio": float(np.exp(np.median(np.abs(actual - plain[:, 1])))),
    }
    covered = [(actual <= ours[:, position]).mean() for position in range(3)]
    return model, Evaluation(
        metrics,
        baselines,
        _verdict(metrics, float(best.mean()), gain, config),
        {"quantile_coverage": lambda: plots.coverage(config.quantiles, covered)},
    )


def _verdict(
    metrics: Mapping[str, float], base: float, gain: evaluation.Interval, config: DealSizeConfig
) -> Verdict:
    shown = f"pinball loss {metrics['pinball']:.3f} against {base:.3f}"
    if not gain.lower > 0:
        return Verdict(
            False, False, f"no better than the quantiles of earlier deals beyond doubt: {shown}"
        )
    # Three standard errors of the coverage of so few deals: further off is no accident.
    promised = config.quantiles[2] - config.quantiles[0]
    count = min(metrics["test_rows"], metrics["calibration_rows"])
    allowed = 3 * np.sqrt(promised * (1 - promised) * 2 / count)
    if abs(metrics["coverage_p10_p90"] - promised) > allowed:
        return Verdict(
            True,
            False,
            f"{shown}, but p10 to p90 holds {metrics['coverage_p10_p90']:.0%} of the deals "
            f"instead of {promised:.0%}",
        )
    return Verdict(True, True, f"better than the quantiles of earlier deals: {shown}")


def compare(
    data: DealSizeData,
    mine: DealSizeModel,
    other: DealSizeModel,
    config: DealSizeConfig,
    judging: EvaluationConfig,
) -> evaluation.Interval:
    """Gain in pinball loss of ``mine`` over ``other`` on the same test window."""
    rows = _test_rows(data, config).test
    test = data.frame.iloc[rows]
    actual = np.log(data.amount[rows])
    losses = [_loss(actual, model.quantiles(test, DEALS), config) for model in (mine, other)]
    company = test["company_id"].astype(str).to_numpy()
    return evaluation.mean_difference(losses[0], losses[1], company, judging)
