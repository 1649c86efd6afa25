"""When will a company buy: a discrete-time hazard, with censoring respected.

Rows are company x 30-day periods (``features.purchase_periods``), so a company that has not
bought yet counts for every period it was watched and not bought in, and nothing is assumed about
what it does later. A regression on closed deals alone would see only the quick ones.

How features are carried forward: the hazard of a period ``k`` months ahead is learned from what
was known ``k`` months before it. Every snapshot (a landmark) is paired with each of the following
periods in which the company was still at risk, and ``k`` is itself a feature (a landmark
super-model, van Houwelingen 2007). So the fading worth of today's features is learned from data,
and predicting needs no guess of future features. Purchases count once per landmark before them,
which is why events, minimums and intervals go by company.

Formula: ``P(purchase within K periods) = 1 - prod_{k<K} (1 - h_k)``; ``h_k`` is the calibrated
hazard. Within a period the hazard is constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ml import boosting, evaluation, plots
from ml.bundle import Bundle
from ml.calibration import PlattScaler, calibration_slope, expected_calibration_error, expit
from ml.config import EvaluationConfig, TimelineConfig
from ml.errors import FeatureError
from ml.evaluation import Evaluation, FollowUp
from ml.explanation import explain
from ml.features import Encoder, days, learnable, require_columns, to_frame, validate
from ml.linear import LinearModel

if TYPE_CHECKING:
    import pandas as pd

NAME = "timeline"
SNAPSHOTS = "company_snapshots"
PERIODS = "purchase_periods"

#: Length of a period in days, and the horizon of the evaluation in periods (180 days).
PERIOD_DAYS = 30
EVALUATED_PERIODS = 6

#: The model's own feature: how many periods ahead.
AHEAD = "num_periods_ahead"

#: Cumulative probability at which the window of a purchase opens, is at its middle, and closes.
WINDOW = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class TimelineData:
    """Training rows in order of company and period, with the grid that says who was at risk."""

    frame: pd.DataFrame
    numeric: list[str]
    categorical: list[str]
    period: np.ndarray
    purchased: np.ndarray
    exposure: np.ndarray
    grid: np.ndarray
    company: np.ndarray
    periods: int
    whole_periods: int

    @property
    def rows(self) -> int:
        """Company x period rows."""
        return len(self.frame)

    @property
    def events(self) -> int:
        """Purchases."""
        return int(self.purchased.sum())

    @property
    def training_frames(self) -> dict[str, pd.DataFrame]:
        """What the fingerprint is taken over."""
        return {NAME: self.frame}


def prepare(frames: Mapping[str, Any]) -> TimelineData:
    """Join snapshots and periods into training rows.

    Raises FeatureError when a column is missing, a period has no snapshot, or the periods do not
    follow each other in steps of about a month.
    """
    snapshots = to_frame(frames[SNAPSHOTS], SNAPSHOTS)
    periods = to_frame(frames[PERIODS], PERIODS)
    numeric, categorical = validate(snapshots, SNAPSHOTS, ["company_id", "as_of", "is_current"])
    keys = ["company_id", "as_of"]
    require_columns(periods, [*keys, "purchased", "exposure_weight"], PERIODS)
    history = snapshots.loc[~snapshots["is_current"].astype(bool), keys + numeric + categorical]
    history = history.assign(as_of=days(history, "as_of", SNAPSHOTS))
    labels = periods[[*keys, "purchased", "exposure_weight"]]
    labels = labels.assign(as_of=days(labels, "as_of", PERIODS))
    if labels.duplicated(keys).any():
        raise FeatureError(
            f"{PERIODS} has more than one row for a company and as_of; its grain is {keys}"
        )
    frame = labels.merge(history, on=keys, how="left", indicator=True)
    orphans = int((frame["_merge"] != "both").sum())
    if orphans:
        raise FeatureError(
            f"{orphans} rows of {PERIODS} have no snapshot of the same company_id and as_of in "
            f"{SNAPSHOTS}; build both tables in one run"
        )
    frame = frame.drop(columns="_merge").sort_values(keys, kind="stable", ignore_index=True)
    if frame.empty:
        none = np.zeros(0)
        grid = np.zeros((0, 0), dtype=int)
        return TimelineData(
            frame, numeric, categorical, none.astype(int), none, none, grid,
            none.astype(int), 0, 0,
        )  # fmt: skip
    starts, period = np.unique(frame["as_of"].to_numpy(), return_inverse=True)
    steps = np.diff(starts)
    if len(steps) and (steps.min() < PERIOD_DAYS - 3 or steps.max() > PERIOD_DAYS + 3):
        raise FeatureError(
            f"{PERIODS}.as_of steps by {steps.min():.0f} to {steps.max():.0f} days; one row per "
            "company and month start is expected: fill the missing months in the feature table"
        )
    known, company = np.unique(frame["company_id"].astype(str), return_inverse=True)
    grid = np.full((len(known), len(starts)), -1, dtype=int)
    grid[company, period] = np.arange(len(frame))
    purchased = frame["purchased"].to_numpy(dtype=float, na_value=0.0)
    exposure = frame["exposure_weight"].to_numpy(dtype=float, na_value=np.nan)
    if not np.isin(purchased, (0.0, 1.0)).all() or not ((exposure > 0) & (exposure <= 1)).all():
        raise FeatureError(
            f"{PERIODS}: purchased must be 0 or 1 and exposure_weight in (0, 1]; mend the label"
        )
    partly = np.bincount(period, weights=exposure < 1, minlength=len(starts)) > 0
    whole = int(np.argmax(partly)) if partly.any() else len(starts)
    return TimelineData(
        frame, numeric, categorical, period, purchased, exposure, grid, company, len(starts), whole
    )


def shortage(data: TimelineData, config: TimelineConfig) -> str | None:
    """Why there is too little to learn from, in plain words; None when there is enough."""
    if data.events < config.minimum_events:
        return f"{data.events} purchases are known and at least {config.minimum_events} are needed"
    if data.whole_periods < config.minimum_periods:
        return (
            f"the history covers {data.whole_periods} whole 30-day periods and at least "
            f"{config.minimum_periods} are needed to judge the model on time it has not seen"
        )
    cut = data.whole_periods - config.test_periods
    late = int(data.purchased[(data.period >= cut) & (data.period < data.whole_periods)].sum())
    early = int(data.purchased[data.period < cut - config.calibration_periods].sum())
    needed = config.minimum_test_events
    if min(late, early) < needed:
        return (
            f"{early} purchases lie in the training window and {late} in the test window; at "
            f"least {needed} are needed in each"
        )
    return None


@dataclass(frozen=True)
class _Stack:
    """Rows of the super-model; ``share`` sums to one over the rows of an outcome."""

    landmark: np.ndarray
    ahead: np.ndarray
    outcome: np.ndarray
    label: np.ndarray
    weight: np.ndarray
    share: np.ndarray


def _stack(data: TimelineData, first: int, end: int, horizon: int) -> _Stack:
    """Landmark rows paired with the periods after them whose index lies in [first, end)."""
    parts: list[tuple[np.ndarray, int, np.ndarray]] = []
    rows = np.arange(data.rows)
    for ahead in range(min(horizon, data.periods)):
        reach = data.period + ahead
        usable = rows[(reach >= first) & (reach < end)]
        outcome = data.grid[data.company[usable], data.period[usable] + ahead]
        parts.append((usable[outcome >= 0], ahead, outcome[outcome >= 0]))
    landmark = np.concatenate([part[0] for part in parts])
    outcome = np.concatenate([part[2] for part in parts])
    ahead = np.concatenate([np.full(len(part[0]), part[1]) for part in parts])
    share = 1 / np.bincount(outcome, minlength=data.rows)[outcome]
    return _Stack(landmark, ahead, outcome, data.purchased[outcome], data.exposure[outcome], share)


def _thin(stack: _Stack, limit: int, seed: int) -> _Stack:
    """At most ``limit`` rows without a purchase, weighted up in return.

    The estimate stays unbiased and loses little where outcomes are rare (case-control sampling).
    """
    quiet = np.flatnonzero(stack.label == 0)
    if len(quiet) <= limit:
        return stack
    kept = np.random.default_rng(seed).choice(quiet, limit, replace=False)
    rows = np.sort(np.concatenate([np.flatnonzero(stack.label == 1), kept]))
    factor = np.where(stack.label[rows] == 1, 1.0, len(quiet) / limit)
    return _Stack(
        stack.landmark[rows],
        stack.ahead[rows],
        stack.outcome[rows],
        stack.label[rows],
        stack.weight[rows] * factor,
        stack.share[rows],
    )


@dataclass(frozen=True)
class TimelineModel:
    """A trained hazard with its encoder and calibration."""

    encoder: Encoder
    start: LinearModel
    booster: str
    scaler: PlattScaler
    config: TimelineConfig

    def bundle(self) -> Bundle:
        """The model as plain files."""
        return Bundle(
            {
                "model": NAME,
                "encoder": self.encoder.to_json(),
                "start": self.start.to_json(),
                "scaler": self.scaler.to_json(),
                "config": self.config.model_dump(mode="json"),
            },
            {"hazard": self.booster},
        )

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> TimelineModel:
        """The model that ``bundle`` wrote."""
        return cls(
            Encoder.from_json(bundle.document["encoder"]),
            LinearModel.from_json(bundle.document["start"]),
            bundle.boosters["hazard"],
            PlattScaler.from_json(bundle.document["scaler"]),
            TimelineConfig.model_validate(bundle.document["config"]),
        )

    def hazards(self, frame: pd.DataFrame) -> np.ndarray:
        """Calibrated hazard (rows x periods ahead) of each following 30-day period."""
        base = self.encoder.matrix(frame, SNAPSHOTS)
        ahead = np.arange(self.config.horizon_periods, dtype=np.float32)
        matrix = np.hstack(
            [np.repeat(base, len(ahead), axis=0), np.tile(ahead, len(base))[:, None]]
        )
        return self.scaler.apply(self.raw(matrix)).reshape(len(base), len(ahead))

    def raw(self, matrix: np.ndarray) -> np.ndarray:
        """Hazard of encoded rows before calibration: linear start plus trees."""
        trees = boosting.score(self.booster, matrix, self.config.booster)
        return expit(self.start.score(matrix) + trees)

    def contributions(self, frame: pd.DataFrame) -> np.ndarray:
        """What each feature adds to the log odds of a purchase in the next 30 days."""
        base = self.encoder.matrix(frame, SNAPSHOTS)
        matrix = np.hstack([base, np.zeros((len(base), 1), dtype=np.float32)])
        trees = boosting.contributions(self.booster, matrix, self.config.booster)
        return (self.start.contributions(matrix) + trees) * self.scaler.slope

    def cumulative(self, frame: pd.DataFrame) -> np.ndarray:
        """Probability (rows x periods) of a purchase by the end of each following period."""
        return 1 - np.cumprod(1 - self.hazards(frame), axis=1)

    def predict(self, frames: Mapping[str, Any], as_of: Any = None) -> pd.DataFrame:
        """Predictions for the current row of every company that has not bought yet."""
        import pandas as pd

        current = current_rows(frames)
        current = current.loc[~current["company_id"].astype(str).isin(_customers(frames))]
        current = current.sort_values("company_id", kind="stable", ignore_index=True)
        hazards = self.hazards(current)
        opens, middle, closes = (_reached(hazards, level) for level in WINDOW)
        return pd.DataFrame(
            {
                "company_id": current["company_id"].astype(str),
                "as_of": current["as_of"] if as_of is None else as_of,
                **{
                    f"probability_{horizon}d": _probability(hazards, horizon)
                    for horizon in (30, 90, 180, 365)
                },
                "expected_days": middle,
                "lower_days": opens,
                "upper_days": closes,
                "explanation": self._explain(current),
            }
        )

    def _explain(self, frame: pd.DataFrame) -> list[str]:
        names = [*self.encoder.columns, AHEAD]
        columns = [frame[name].to_numpy(dtype=object) for name in self.encoder.columns]
        return explain(
            self.contributions(frame),
            names,
            lambda row, position: columns[position][row],
            hidden=[AHEAD],
        )


def current_rows(frames: Mapping[str, Any]) -> pd.DataFrame:
    """The current snapshot of each company; FeatureError when a company has two."""
    snapshots = to_frame(frames[SNAPSHOTS], SNAPSHOTS)
    require_columns(snapshots, ["company_id", "as_of", "is_current"], SNAPSHOTS)
    current = snapshots.loc[snapshots["is_current"].astype(bool)]
    if current["company_id"].duplicated().any():
        double = current.loc[current["company_id"].duplicated(), "company_id"].iloc[0]
        raise FeatureError(
            f"{SNAPSHOTS} has two current rows for company_id {double}; is_current marks one"
        )
    return current


def _customers(frames: Mapping[str, Any]) -> set[str]:
    """Companies out of the risk set: bought already, or watched before and no longer."""
    if PERIODS not in frames:
        return set()
    periods = to_frame(frames[PERIODS], PERIODS)
    if periods.empty:
        return set()
    company = periods["company_id"].astype(str)
    bought = set(company[periods["purchased"].to_numpy(dtype=float, na_value=0.0) == 1])
    start = days(periods, "as_of", PERIODS)
    still = set(company[start == np.nanmax(start)])
    return bought | (set(company) - still)


def _probability(hazards: np.ndarray, horizon: int) -> np.ndarray:
    """Probability within ``horizon`` days; past the last period its hazard goes on."""
    log_survival = np.log1p(-np.clip(hazards, 0, 1 - 1e-12))
    whole, rest = divmod(horizon, PERIOD_DAYS)
    last = hazards.shape[1]
    total = log_survival[:, : min(whole, last)].sum(axis=1)
    beyond = max(whole - last, 0) + rest / PERIOD_DAYS
    total = total + beyond * log_survival[:, min(whole, last - 1)]
    return -np.expm1(total)


def _reached(hazards: np.ndarray, level: float) -> np.ndarray:
    """Day on which the cumulative probability reaches ``level``; NaN when not within horizon."""
    spent = np.cumsum(-np.log1p(-np.clip(hazards, 0, 1 - 1e-12)), axis=1)
    target = -np.log1p(-level)
    before = np.hstack([np.zeros((len(spent), 1)), spent[:, :-1]])
    place = np.argmax(spent >= target, axis=1)
    rows = np.arange(len(spent))
    gain = np.maximum(spent[rows, place] - before[rows, place], 1e-15)
    day = (place + (target - before[rows, place]) / gain) * PERIOD_DAYS
    return np.where(spent[:, -1] >= target, np.round(day, 1), np.nan)


def _design(data: TimelineData, encoder: Encoder, stack: _Stack) -> np.ndarray:
    base = encoder.matrix(data.frame, NAME)
    return np.hstack([base[stack.landmark], stack.ahead[:, None].astype(np.float32)])


def _train(data: TimelineData, end: int, config: TimelineConfig) -> TimelineModel:
    """Fit on outcomes before period ``end``.

    The slope of the calibration is learned on the last periods with a model that has not seen
    them; the model is then fitted once more on all outcomes and keeps that slope (as
    scikit-learn's ``CalibratedClassifierCV(ensemble=False)`` does), because events are few.
    """
    seen = data.frame.loc[data.period < end]
    period = data.period[data.period < end]
    encoder = Encoder.learn(
        seen,
        learnable(seen, data.numeric, period),
        learnable(seen, data.categorical, period),
    )
    names = [*encoder.columns, AHEAD]
    stack = _thin(
        _stack(data, 0, end, config.horizon_periods), config.maximum_quiet_rows, config.booster.seed
    )
    matrix = _design(data, encoder, stack)
    reached = data.period[stack.outcome]
    whole = min(end, data.whole_periods)
    early = reached < whole - config.calibration_periods
    fold = (reached >= whole - config.calibration_periods) & (reached < whole)

    def fit(rows: np.ndarray, scaler: PlattScaler) -> TimelineModel:
        part, label, weight = matrix[rows], stack.label[rows], stack.weight[rows]
        start = LinearModel.logistic(
            part,
            label,
            weight,
            encoder.categorical_positions,
            config.linear_strength,
            fading=len(encoder.columns),
        )
        booster = boosting.train(
            part,
            label,
            weight,
            names,
            encoder.categorical_positions,
            {"objective": "binary"},
            config.booster,
            start.score(part),
        )
        return TimelineModel(encoder, start, booster, scaler, config)

    draft = fit(early, PlattScaler())
    # An outcome is met once per landmark before it; together its rows shall weigh as one.
    scaler = PlattScaler.fit(
        draft.raw(matrix[fold]), stack.label[fold], (stack.weight * stack.share)[fold]
    )
    final = fit(np.ones(len(matrix), dtype=bool), PlattScaler())
    return replace(final, scaler=scaler.slope_only(final.raw(matrix), stack.weight))


def fit(data: TimelineData, config: TimelineConfig) -> TimelineModel:
    """The model to serve, by the recipe that ``evaluate`` judges, on all that is known."""
    return _train(data, data.periods, config)


def _test_window(data: TimelineData, config: TimelineConfig) -> tuple[pd.DataFrame, FollowUp]:
    """Landmarks of the test window, each followed until purchase or the last whole period."""
    cut = data.whole_periods - config.test_periods
    rows = np.flatnonzero((data.period >= cut) & (data.period < data.whole_periods))
    event = np.full(len(rows), -1)
    observed = np.zeros(len(rows), dtype=int)
    watched = np.ones(len(rows), dtype=bool)
    for ahead in range(config.test_periods):
        reach = data.period[rows] + ahead
        inside = watched & (reach < data.whole_periods)
        outcome = np.where(
            inside, data.grid[data.company[rows], np.minimum(reach, data.periods - 1)], -1
        )
        seen = inside & (outcome >= 0)
        bought = seen & (data.purchased[outcome] == 1)
        event[bought] = ahead
        observed[seen] = ahead + 1
        watched = seen & ~bought
    possible = data.whole_periods - data.period[rows]
    follow = FollowUp(event, observed, possible, data.period[rows], data.company[rows])
    return data.frame.iloc[rows].reset_index(drop=True), follow


def evaluate(
    data: TimelineData, config: TimelineConfig, judging: EvaluationConfig
) -> tuple[TimelineModel, Evaluation]:
    """Train on the past, judge on landmarks of the last months, with both baselines beside.

    Raises LeakError when a feature or the model knows the outcome too well.
    """
    cut = data.whole_periods - config.test_periods
    encoder = Encoder.learn(data.frame, data.numeric, data.categorical)
    evaluation.probe_features(
        encoder.columns,
        encoder.matrix(data.frame, NAME),
        data.purchased,
        encoder.categorical_positions,
        judging,
        NAME,
    )
    model = _train(data, cut, config)
    test, follow = _test_window(data, config)
    ours = model.cumulative(test)

    stack = _stack(data, 0, cut, config.horizon_periods)
    curve = _life_table(stack, config.horizon_periods)
    plain = np.broadcast_to(1 - np.cumprod(1 - curve), (len(test), len(curve)))
    logistic = _logistic(model, test)

    errors, known = evaluation.brier_by_horizon(follow, ours, EVALUATED_PERIODS)
    plain_errors, _ = evaluation.brier_by_horizon(follow, plain, EVALUATED_PERIODS)
    logistic_errors, _ = evaluation.brier_by_horizon(follow, logistic, EVALUATED_PERIODS)
    order = evaluation.concordance(follow, ours[:, EVALUATED_PERIODS - 1], judging)
    logistic_order = evaluation.concordance(follow, logistic[:, EVALUATED_PERIODS - 1], judging)
    quarter = follow.known_at(3)
    label = follow.happened_by(3)[quarter]
    score = ours[quarter, 2]
    area = evaluation.auc_interval(label, score, follow.company[quarter], judging)
    evaluation.probe_model(
        area.value,
        boosting.strongest(model.contributions(test), [*model.encoder.columns, AHEAD]),
        judging,
        NAME,
    )
    gain = evaluation.integrated_brier_gain(errors, plain_errors, known, follow.company, judging)
    against = evaluation.integrated_brier_gain(
        errors, logistic_errors, known, follow.company, judging
    )
    base = evaluation.integrated_brier(plain_errors, known)
    metrics = {
        "concordance": order.value,
        "concordance_lower": order.lower,
        "concordance_upper": order.upper,
        "integrated_brier_180d": evaluation.integrated_brier(errors, known),
        "integrated_brier_skill": gain.value / base,
        "integrated_brier_gain_lower": gain.lower,
        "auc_90d": area.value,
        "auc_90d_lower": area.lower,
        "average_precision_90d": evaluation.average_precision(label, score),
        "calibration_error_90d": expected_calibration_error(label, score),
        "calibration_slope_90d": calibration_slope(label, score),
        "predicted_rate_90d": float(score.mean()),
        "observed_rate_90d": float(label.mean()),
        "test_rows": float(len(test)),
        "test_events": float(len(np.unique(follow.company[follow.event >= 0]))),
    }
    baselines = {
        "kaplan_meier_concordance": 0.5,
        "kaplan_meier_integrated_brier_180d": base,
        "kaplan_meier_average_precision_90d": float(label.mean()),
        "logistic_concordance": logistic_order.value,
        "logistic_integrated_brier_180d": evaluation.integrated_brier(logistic_errors, known),
        "logistic_auc_90d": evaluation.auc(label, logistic[quarter, 2]),
        "logistic_average_precision_90d": evaluation.average_precision(label, logistic[quarter, 2]),
    }
    observed = _observed_survival(follow, EVALUATED_PERIODS)
    mean = np.concatenate([[1.0], 1 - ours[:, :EVALUATED_PERIODS].mean(axis=0)])
    span = [PERIOD_DAYS * k for k in range(EVALUATED_PERIODS + 1)]
    return model, Evaluation(
        metrics,
        baselines,
        evaluation.verdict(
            ("concordance", order),
            (gain, "the constant hazard", "one constant curve for all companies"),
            against,
            judging.simpler_margin * base,
        ),
        {
            "calibration_90d": lambda: plots.calibration(label, score, "Purchase within 90 days"),
            "survival": lambda: plots.survival(span, mean, observed),
        },
    )


def _life_table(stack: _Stack, horizon: int) -> np.ndarray:
    """Hazard by period ahead for all companies alike (the life-table form of Kaplan-Meier)."""
    bought = np.bincount(stack.ahead, weights=stack.weight * stack.label, minlength=horizon)
    watched = np.bincount(stack.ahead, weights=stack.weight, minlength=horizon)
    rate = np.divide(bought, watched, out=np.full(horizon, np.nan), where=watched > 0)
    last = rate[np.isfinite(rate)][-1]
    return np.where(np.isfinite(rate), rate, last)


def _logistic(model: TimelineModel, test: pd.DataFrame) -> np.ndarray:
    """Cumulative probabilities of the logistic regression alone, fitted on the same rows."""
    base = model.encoder.matrix(test, NAME)
    hazards = np.column_stack(
        [
            model.start.probability(
                np.hstack([base, np.full((len(base), 1), ahead, dtype=np.float32)])
            )
            for ahead in range(EVALUATED_PERIODS)
        ]
    )
    return 1 - np.cumprod(1 - hazards, axis=1)


def _observed_survival(follow: FollowUp, periods: int) -> np.ndarray:
    survival = [1.0]
    for k in range(periods):
        at_risk = (follow.observed > k) & ~((follow.event >= 0) & (follow.event < k))
        bought = at_risk & (follow.event == k)
        share = bought.sum() / at_risk.sum() if at_risk.any() else 0.0
        survival.append(survival[-1] * (1 - share))
    return np.array(survival)


def compare(
    data: TimelineData,
    mine: TimelineModel,
    other: TimelineModel,
    config: TimelineConfig,
    judging: EvaluationConfig,
) -> evaluation.Interval:
    """Gain in integrated Brier score of ``mine`` over ``other`` on the same test window."""
    test, follow = _test_window(data, config)
    errors, known = evaluation.brier_by_horizon(follow, mine.cumulative(test), EVALUATED_PERIODS)
    theirs, _ = evaluation.brier_by_horizon(follow, other.cumulative(test), EVALUATED_PERIODS)
    return evaluation.integrated_brier_gain(errors, theirs, known, follow.company, judging)
