"""How relevant is a signal: the probability that an opportunity follows within 180 days.

Only signals whose whole window has passed have a label, whichever way it went; a young signal that
already converted would otherwise be counted and its silent siblings not. A penalised logistic
regression on the features known when the signal became knowable, with as much of LightGBM's trees
on top as helps for companies that neither has seen, then Platt scaling on the same predictions
(folds by company: a time-later fold would need a second embargo of 180 days).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ml import boosting, evaluation, plots
from ml.bundle import Bundle
from ml.calibration import PlattScaler, calibration_slope, expected_calibration_error, expit
from ml.config import EvaluationConfig, RelevanceConfig
from ml.errors import FeatureError
from ml.evaluation import Evaluation
from ml.features import Encoder, days, learnable, require_columns, to_frame, validate
from ml.linear import LinearModel

if TYPE_CHECKING:
    import pandas as pd

NAME = "relevance"
SIGNALS = "signal_snapshots"


@dataclass(frozen=True)
class RelevanceData:
    """Signals whose label is known, in order of time."""

    frame: pd.DataFrame
    numeric: list[str]
    categorical: list[str]
    label: np.ndarray
    as_of: np.ndarray

    @property
    def rows(self) -> int:
        """Signals with a known label."""
        return len(self.frame)

    @property
    def events(self) -> int:
        """Signals that an opportunity followed."""
        return int(self.label.sum())

    @property
    def training_frames(self) -> dict[str, pd.DataFrame]:
        """What the fingerprint is taken over."""
        return {NAME: self.frame}


def prepare(frames: Mapping[str, Any]) -> RelevanceData:
    """Signals with an observed label.

    Raises FeatureError when a column is missing or an observed label is null.
    """
    signals = to_frame(frames[SIGNALS], SIGNALS)
    require_columns(
        signals, ["signal_id", "company_id", "as_of", "converted", "is_label_observed"], SIGNALS
    )
    numeric, categorical = validate(signals, SIGNALS, ["signal_id"])
    seen = signals.loc[signals["is_label_observed"].fillna(False).astype(bool)]
    if seen["converted"].isna().any():
        raise FeatureError(
            f"{SIGNALS}.converted is null in {int(seen['converted'].isna().sum())} rows that say "
            "is_label_observed; give 0 or 1 there"
        )
    frame = seen[["signal_id", "company_id", "as_of", "converted", *numeric, *categorical]]
    frame = frame.assign(as_of=days(frame, "as_of", SIGNALS))
    frame = frame.loc[frame["as_of"].notna() & frame["company_id"].notna()]
    frame = frame.sort_values(["as_of", "signal_id"], kind="stable", ignore_index=True)
    return RelevanceData(
        frame,
        numeric,
        categorical,
        frame["converted"].to_numpy(dtype=float),
        frame["as_of"].to_numpy(dtype=float),
    )


def _split(data: RelevanceData, config: RelevanceConfig) -> evaluation.Split:
    return evaluation.embargoed_split(data.as_of, config.label_days, config.test_fraction)


def shortage(data: RelevanceData, config: RelevanceConfig) -> str | None:
    """Why there is too little to learn from, in plain words; None when there is enough."""
    if data.events < config.minimum_events:
        return (
            f"{data.events} signals were followed by an opportunity and at least "
            f"{config.minimum_events} are needed"
        )
    split = _split(data, config)
    early, late = int(data.label[split.train].sum()), int(data.label[split.test].sum())
    if early < config.minimum_events or late < config.minimum_test_events:
        return (
            f"{early} signals followed by an opportunity lie in the training window and {late} in "
            f"the test window, which starts {config.label_days} days later; at least "
            f"{config.minimum_events} and {config.minimum_test_events} are needed"
        )
    companies = data.frame["company_id"].astype(str).to_numpy()[split.train]
    converted = len(set(companies[data.label[split.train] == 1]))
    if converted < config.minimum_companies:
        return (
            f"the signals followed by an opportunity come from {converted} companies and at least "
            f"{config.minimum_companies} are needed"
        )
    if min((1 - data.label[split.train]).sum(), (1 - data.label[split.test]).sum()) < 1:
        return "every signal was followed by an opportunity, so there is nothing to tell apart"
    return None


@dataclass(frozen=True)
class RelevanceModel:
    """A trained classifier with its encoder and calibration.

    ``tree_share``: how much of the trees is added to the linear start, 0 to 1.
    """

    encoder: Encoder
    start: LinearModel
    booster: str
    tree_share: float
    scaler: PlattScaler
    base_rate: float
    config: RelevanceConfig

    def bundle(self) -> Bundle:
        """The model as plain files."""
        return Bundle(
            {
                "model": NAME,
                "encoder": self.encoder.to_json(),
                "start": self.start.to_json(),
                "tree_share": self.tree_share,
                "scaler": self.scaler.to_json(),
                "base_rate": self.base_rate,
                "config": self.config.model_dump(mode="json"),
            },
            {"relevance": self.booster},
        )

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> RelevanceModel:
        """The model that ``bundle`` wrote."""
        return cls(
            Encoder.from_json(bundle.document["encoder"]),
            LinearModel.from_json(bundle.document["start"]),
            bundle.boosters["relevance"],
            float(bundle.document["tree_share"]),
            PlattScaler.from_json(bundle.document["scaler"]),
            float(bundle.document["base_rate"]),
            RelevanceConfig.model_validate(bundle.document["config"]),
        )

    def probability(self, frame: pd.DataFrame) -> np.ndarray:
        """Calibrated probability that an opportunity follows within the label's horizon."""
        return self.scaler.apply(self.raw(self.encoder.matrix(frame, SIGNALS)))

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        """Probability of encoded rows before calibration: linear start plus its share of trees."""
        trees = boosting.score(self.booster, matrix, self.config.booster)
        return expit(self.start.score(matrix) + self.tree_share * trees)

    def contributions(self, frame: pd.DataFrame) -> np.ndarray:
        """What each feature adds to the log odds."""
        matrix = self.encoder.matrix(frame, SIGNALS)
        trees = boosting.contributions(self.booster, matrix, self.config.booster)
        return (self.start.contributions(matrix) + self.tree_share * trees) * self.scaler.slope

    def predict(self, frames: Mapping[str, Any], as_of: Any = None) -> pd.DataFrame:
        """Probability and score of every signal.

        ``relevance_score = 100 p / (p + base rate)``: 50 is a signal like the average one, 75 one
        that is three times as likely to be followed, 90 nine times.
        """
        import pandas as pd

        signals = to_frame(frames[SIGNALS], SIGNALS)
        signals = signals.sort_values("signal_id", kind="stable", ignore_index=True)
        probability = self.probability(signals)
        return pd.DataFrame(
            {
                "signal_id": signals["signal_id"].astype(str),
                "as_of": signals["as_of"] if as_of is None else as_of,
                "relevance_probability": probability,
                "relevance_score": np.round(100 * probability / (probability + self.base_rate), 1),
            }
        )


def _train(data: RelevanceData, rows: np.ndarray, config: RelevanceConfig) -> RelevanceModel:
    seen = data.frame.iloc[rows]
    month = data.as_of[rows] // 30
    encoder = Encoder.learn(
        seen,
        learnable(seen, data.numeric, month),
        learnable(seen, data.categorical, month),
    )
    matrix, label = encoder.matrix(seen, SIGNALS), data.label[rows]
    scores = _unseen_scores(encoder, matrix, label, seen["company_id"].astype(str), config)
    strength, share = min(
        ((strength, share) for strength in config.linear_strengths for share in config.tree_shares),
        key=lambda choice: _log_loss(scores[choice], label),
    )
    start, booster = _learn(encoder, matrix, label, strength, config)
    scaler = PlattScaler.fit(expit(scores[strength, share]), label)
    return RelevanceModel(encoder, start, booster, share, scaler, float(label.mean()), config)


def _learn(
    encoder: Encoder,
    matrix: np.ndarray,
    label: np.ndarray,
    strength: float,
    config: RelevanceConfig,
) -> tuple[LinearModel, str]:
    """The linear start, and trees on what it leaves."""
    start = LinearModel.logistic(matrix, label, None, encoder.categorical_positions, strength)
    booster = boosting.train(
        matrix,
        label,
        None,
        encoder.columns,
        encoder.categorical_positions,
        {"objective": "binary"},
        config.booster,
        start.score(matrix),
    )
    return start, booster


def _unseen_scores(
    encoder: Encoder,
    matrix: np.ndarray,
    label: np.ndarray,
    companies: pd.Series,
    config: RelevanceConfig,
) -> dict[tuple[float, float], np.ndarray]:
    """Log odds of every row by models that saw no row of its company, for each choice.

    The same companies are left out for every choice, so that they are compared like with like. A
    fold that cannot be learned from keeps the base rate.
    """
    known, company = np.unique(companies, return_inverse=True)
    order = np.random.default_rng(config.booster.seed).permutation(len(known))
    fold = (order % config.folds)[company]
    base = label.mean()
    unseen = np.full(len(label), np.log(base / (1 - base)))
    scores = {
        (strength, share): unseen.copy()
        for strength in config.linear_strengths
        for share in config.tree_shares
    }
    for number in range(config.folds):
        away = fold != number
        if not (away.any() and (~away).any() and 0 < label[away].sum() < away.sum()):
            continue
        for strength in config.linear_strengths:
            start, booster = _learn(encoder, matrix[away], label[away], strength, config)
            linear = start.score(matrix[~away])
            trees = boosting.score(booster, matrix[~away], config.booster)
            for share in config.tree_shares:
                scores[strength, share][~away] = linear + share * trees
    return scores


def _log_loss(score: np.ndarray, label: np.ndarray) -> float:
    """Mean negative log likelihood of labels under log odds."""
    return float(np.mean(np.logaddexp(0, score) - label * score))


def fit(data: RelevanceData, config: RelevanceConfig) -> RelevanceModel:
    """The model to serve, by the recipe that ``evaluate`` judges, on all known labels."""
    return _train(data, np.arange(data.rows), config)


def evaluate(
    data: RelevanceData, config: RelevanceConfig, judging: EvaluationConfig
) -> tuple[RelevanceModel, Evaluation]:
    """Train on the past, judge on the newest labelled signals, with both baselines beside.

    Raises LeakError when a feature or the model knows the outcome too well.
    """
    split = _split(data, config)
    probe = Encoder.learn(data.frame, data.numeric, data.categorical)
    evaluation.probe_features(
        probe.columns,
        probe.matrix(data.frame, SIGNALS),
        data.label,
        probe.categorical_positions,
        judging,
        NAME,
    )
    model = _train(data, split.train, config)
    test = data.frame.iloc[split.test]
    label = data.label[split.test]
    company = test["company_id"].astype(str).to_numpy()
    ours = model.probability(test)
    simple = model.start.probability(model.encoder.matrix(test, SIGNALS))
    area = evaluation.auc_interval(label, ours, company, judging)
    evaluation.probe_model(
        area.value,
        boosting.strongest(model.contributions(test), model.encoder.columns),
        judging,
        NAME,
    )
    base = np.full(len(test), model.base_rate)
    gain = evaluation.mean_difference((ours - label) ** 2, (base - label) ** 2, company, judging)
    against = evaluation.mean_difference(
        (ours - label) ** 2, (simple - label) ** 2, company, judging
    )
    metrics = {
        "auc": area.value,
        "auc_lower": area.lower,
        "auc_upper": area.upper,
        "average_precision": evaluation.average_precision(label, ours),
        "brier": evaluation.brier(label, ours),
        "brier_skill": gain.value / evaluation.brier(label, base),
        "calibration_error": expected_calibration_error(label, ours),
        "calibration_slope": calibration_slope(label, ours),
        "predicted_rate": float(ours.mean()),
        "observed_rate": float(label.mean()),
        "test_rows": float(len(test)),
        "test_events": float(label.sum()),
    }
    baselines = {
        "base_rate_brier": evaluation.brier(label, base),
        "base_rate_average_precision": float(label.mean()),
        "logistic_auc": evaluation.auc(label, simple),
        "logistic_average_precision": evaluation.average_precision(label, simple),
        "logistic_brier": evaluation.brier(label, simple),
        "logistic_calibration_error": expected_calibration_error(label, simple),
    }
    return model, Evaluation(
        metrics,
        baselines,
        evaluation.verdict(
            ("AUC", area),
            (gain, "the base rate", "the base rate"),
            against,
            judging.simpler_margin * evaluation.brier(label, base),
        ),
        {"calibration": lambda: plots.calibration(label, ours, "Opportunity within 180 days")},
    )


def compare(
    data: RelevanceData,
    mine: RelevanceModel,
    other: RelevanceModel,
    config: RelevanceConfig,
    judging: EvaluationConfig,
) -> evaluation.Interval:
    """Gain in AUC of ``mine`` over ``other`` on the same test window."""
    rows = _split(data, config).test
    test = data.frame.iloc[rows]
    company = test["company_id"].astype(str).to_numpy()
    return evaluation.auc_difference(
        data.label[rows], mine.probability(test), other.probability(test), company, judging
    )
