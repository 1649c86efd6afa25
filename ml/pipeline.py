"""From feature tables to registered models, and from feature tables to prediction tables.

``train`` decides and records; ``predict`` reads the champion. Both take feature tables as pandas
frames or Arrow tables by name (``FRAMES``) and know nothing of where these lie.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from types import ModuleType
from typing import Any

import pyarrow as pa

from ml import deal_size, relevance, timeline
from ml.bundle import Bundle
from ml.config import MLConfig
from ml.errors import FeatureError, LeakError, RegistryError
from ml.evaluation import Evaluation
from ml.features import fingerprint, to_frame
from ml.registry import CHALLENGER, CHAMPION, Recorded, Registry, Tracking

__all__ = [
    "FRAMES",
    "MODELS",
    "MODEL_VERSIONS_SCHEMA",
    "PREDICTION_SCHEMAS",
    "FeatureError",
    "LeakError",
    "RegistryError",
    "Tracking",
    "TrainingOutcome",
    "load_model",
    "model_versions",
    "predict",
    "train",
]

#: Raised by hand when a recipe changes in a way that the configuration does not show, so that
#: models of the old recipe are not taken for models of the new one.
RECIPE = 2

_RECIPES: dict[str, ModuleType] = {
    timeline.NAME: timeline,
    deal_size.NAME: deal_size,
    relevance.NAME: relevance,
}
_CLASSES: dict[str, Any] = {
    timeline.NAME: timeline.TimelineModel,
    deal_size.NAME: deal_size.DealSizeModel,
    relevance.NAME: relevance.RelevanceModel,
}

#: Names of the models, in the order in which they are trained.
MODELS: tuple[str, ...] = tuple(_RECIPES)

#: Feature tables each model reads.
FRAMES: dict[str, tuple[str, ...]] = {
    timeline.NAME: (timeline.SNAPSHOTS, timeline.PERIODS),
    deal_size.NAME: (deal_size.DEALS, deal_size.SNAPSHOTS),
    relevance.NAME: (relevance.SIGNALS,),
}

_VERSION = [
    pa.field("model_name", pa.string(), nullable=False),
    pa.field("model_version", pa.string(), nullable=False),
]

#: Arrow schema of each model's predictions.
PREDICTION_SCHEMAS: dict[str, pa.Schema] = {
    timeline.NAME: pa.schema(
        [
            pa.field("company_id", pa.string(), nullable=False),
            pa.field("as_of", pa.date32(), nullable=False),
            *_VERSION,
            pa.field("probability_30d", pa.float64(), nullable=False),
            pa.field("probability_90d", pa.float64(), nullable=False),
            pa.field("probability_180d", pa.float64(), nullable=False),
            pa.field("probability_365d", pa.float64(), nullable=False),
            pa.field("expected_days", pa.float64()),
            pa.field("lower_days", pa.float64()),
            pa.field("upper_days", pa.float64()),
            pa.field("explanation", pa.string(), nullable=False),
        ]
    ),
    deal_size.NAME: pa.schema(
        [
            pa.field("company_id", pa.string(), nullable=False),
            pa.field("as_of", pa.date32(), nullable=False),
            *_VERSION,
            pa.field("amount_p10", pa.float64(), nullable=False),
            pa.field("amount_p50", pa.float64(), nullable=False),
            pa.field("amount_p90", pa.float64(), nullable=False),
            pa.field("currency", pa.string(), nullable=False),
            pa.field("explanation", pa.string(), nullable=False),
        ]
    ),
    relevance.NAME: pa.schema(
        [
            pa.field("signal_id", pa.string(), nullable=False),
            pa.field("as_of", pa.date32(), nullable=False),
            *_VERSION,
            pa.field("relevance_probability", pa.float64(), nullable=False),
            pa.field("relevance_score", pa.float64(), nullable=False),
        ]
    ),
}

#: Arrow schema of the record of training outcomes.
MODEL_VERSIONS_SCHEMA = pa.schema(
    [
        pa.field("model_name", pa.string(), nullable=False),
        pa.field("model_version", pa.string()),
        pa.field("status", pa.string(), nullable=False),
        pa.field("alias", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("trained_at", pa.timestamp("us", tz="UTC")),
        pa.field("train_rows", pa.int64(), nullable=False),
        pa.field("train_events", pa.int64(), nullable=False),
        pa.field("metrics", pa.string(), nullable=False),
        pa.field("baseline_metrics", pa.string(), nullable=False),
        pa.field("data_fingerprint", pa.string(), nullable=False),
        pa.field("run_id", pa.string()),
    ]
)


@dataclass(frozen=True)
class TrainingOutcome:
    """What became of one training.

    ``status``: ``trained`` (a version was registered), ``rejected`` (judged and not registered),
    ``not_trained`` (too little data, nothing was fitted), ``reused`` (the same data and
    configuration were trained before; ``recorded_status`` says what came of it then).
    """

    status: str
    model_name: str
    version: str | None
    alias: str | None
    reason: str
    metrics: dict[str, float]
    baseline_metrics: dict[str, float]
    rows: int
    events: int
    data_fingerprint: str
    run_id: str | None
    trained_at: datetime | None = None
    recorded_status: str = field(default="")

    def as_row(self) -> dict[str, Any]:
        """The outcome as a row of ``MODEL_VERSIONS_SCHEMA``; the same for a reused training."""
        return {
            "model_name": self.model_name,
            "model_version": self.version,
            "status": self.recorded_status or self.status,
            "alias": self.alias,
            "reason": self.reason,
            "trained_at": self.trained_at,
            "train_rows": self.rows,
            "train_events": self.events,
            "metrics": _json(self.metrics),
            "baseline_metrics": _json(self.baseline_metrics),
            "data_fingerprint": self.data_fingerprint,
            "run_id": self.run_id,
        }


def model_versions(outcomes: list[TrainingOutcome]) -> pa.Table:
    """Outcomes as a table of ``MODEL_VERSIONS_SCHEMA``."""
    return pa.Table.from_pylist(
        [outcome.as_row() for outcome in outcomes], schema=MODEL_VERSIONS_SCHEMA
    )


def load_model(bundle: Bundle) -> Any:
    """The model a bundle holds.

    Raises RegistryError when the bundle names a model we do not know.
    """
    name = bundle.document.get("model")
    if name not in _CLASSES:
        raise RegistryError(
            f"the stored model is a {name!r}; known are {', '.join(_CLASSES)}: train again"
        )
    return _CLASSES[name].from_bundle(bundle)


def train(
    name: str, frames: Mapping[str, Any], config: MLConfig | None, tracking: Tracking
) -> TrainingOutcome:
    """Train, judge and record one model (see ``MODELS``), unless this very data was seen before.

    Too little data gives ``not_trained`` with the reason. Raises FeatureError when a feature table
    has not the shape agreed on, LeakError when a feature knows the outcome, RegistryError when
    MLflow's store cannot be used.
    """
    recipe = _recipe(name)
    config = config or MLConfig()
    settings = getattr(config, name)
    _require(name, frames)
    data = recipe.prepare(frames)
    mark = fingerprint(
        data.training_frames,
        {
            "model": name,
            "recipe": RECIPE,
            "settings": settings.model_dump(mode="json"),
            "evaluation": config.evaluation.model_dump(mode="json"),
            "features": [data.numeric, data.categorical],
        },
    )
    too_little = recipe.shortage(data, settings)
    if too_little:
        return TrainingOutcome(
            "not_trained", name, None, None, f"not trained: {too_little}", {}, {},
            data.rows, data.events, mark, None,
        )  # fmt: skip
    registry = Registry(tracking)
    before = registry.find(name, mark)
    if before is not None:
        return _outcome(name, before, reused=True)
    with _one_thread():
        judged, evaluation = recipe.evaluate(data, settings, config.evaluation)
        outcome, alias, reason = _decide(name, registry, recipe, data, judged, evaluation, config)
        served = None if outcome == "rejected" else recipe.fit(data, settings)
    recorded = registry.record(
        name,
        outcome=outcome,
        alias=alias,
        reason=reason,
        evaluation=evaluation,
        parameters=_flat(settings.model_dump(mode="json")),
        rows=data.rows,
        events=data.events,
        fingerprint=mark,
        served=None if served is None else served.bundle(),
        evaluated=None if served is None else judged.bundle(),
    )
    return _outcome(name, recorded, reused=False)


def _decide(
    name: str,
    registry: Registry,
    recipe: ModuleType,
    data: Any,
    judged: Any,
    evaluation: Evaluation,
    config: MLConfig,
) -> tuple[str, str | None, str]:
    """Status, alias and reason: who may serve, in plain words."""
    broken = evaluation.broken()
    if broken:
        return "rejected", None, f"metric {', '.join(broken)} is not a number"
    verdict = evaluation.verdict
    if not verdict.passed:
        return "rejected", None, verdict.reason
    if not verdict.fit_to_serve:
        return "trained", CHALLENGER, verdict.reason
    champion = registry.champion(name)
    if champion is None:
        return "trained", CHAMPION, f"{verdict.reason}; the first of its kind"
    try:
        other = load_model(champion.evaluated)
        gain = recipe.compare(data, judged, other, getattr(config, name), config.evaluation)
    except FeatureError as error:
        return (
            "trained",
            CHAMPION,
            f"{verdict.reason}; version {champion.version} cannot read these features ({error})",
        )
    shown = f"{gain.value:+.4f} ({gain.lower:+.4f} to {gain.upper:+.4f})"
    if gain.upper < 0:
        return (
            "trained",
            CHALLENGER,
            f"{verdict.reason}, but worse than version {champion.version} on the same outcomes: "
            f"{shown}",
        )
    return (
        "trained",
        CHAMPION,
        f"{verdict.reason}; not worse than version {champion.version} on the same outcomes: "
        f"{shown}",
    )


def predict(
    name: str, frames: Mapping[str, Any], tracking: Tracking, as_of: date | None = None
) -> pa.Table:
    """Predictions of the champion in the model's schema; empty when there is no champion.

    ``as_of`` (UTC day) is written to every row; by default the day of the current snapshots, or
    the newest signal's where there are none. Raises FeatureError when the features lack a column
    the champion was trained on.
    """
    _recipe(name)
    schema = PREDICTION_SCHEMAS[name]
    champion = Registry(tracking).champion(name)
    if champion is None:
        return schema.empty_table()
    _require(name, frames)
    day = as_of or _day(name, frames)
    if day is None:
        return schema.empty_table()
    with _one_thread():
        rows = load_model(champion.served).predict(frames, day)
    rows = rows.assign(model_name=name, model_version=champion.version)
    arrays = [
        pa.array(rows[column.name].to_numpy(), type=column.type, from_pandas=True)
        if pa.types.is_floating(column.type)
        else pa.array(rows[column.name].tolist(), type=column.type)
        for column in schema
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _one_thread() -> AbstractContextManager[object]:
    """Linear algebra on one thread: its pool only waits on matrices this narrow (2x CPU)."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(limits=1, user_api="blas")


def _day(name: str, frames: Mapping[str, Any]) -> date | None:
    """The day the features were built for; None when there is no row."""
    import pandas as pd

    if timeline.SNAPSHOTS in frames:
        current = timeline.current_rows(frames)
    else:
        current = to_frame(frames[FRAMES[name][-1]], FRAMES[name][-1])
    return None if current.empty else pd.to_datetime(current["as_of"]).max().date()


def _recipe(name: str) -> ModuleType:
    if name not in _RECIPES:
        raise ValueError(f"no model is called {name!r}; known are {', '.join(_RECIPES)}")
    return _RECIPES[name]


def _require(name: str, frames: Mapping[str, Any]) -> None:
    missing = [table for table in FRAMES[name] if table not in frames]
    if missing:
        raise FeatureError(
            f"model {name} needs the feature table {', '.join(missing)}; build the features first"
        )


def _outcome(name: str, recorded: Recorded, reused: bool) -> TrainingOutcome:
    return TrainingOutcome(
        "reused" if reused else recorded.status,
        name,
        recorded.version,
        recorded.alias,
        recorded.reason,
        recorded.metrics,
        recorded.baseline_metrics,
        recorded.rows,
        recorded.events,
        recorded.data_fingerprint,
        recorded.run_id,
        recorded.trained_at.astimezone(UTC),
        recorded.status,
    )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            result.update(_flat(value, f"{prefix}{key}."))
        else:
            result[prefix + key] = value
    return result


def _json(metrics: Mapping[str, float]) -> str:
    return json.dumps(
        {key: value for key, value in metrics.items() if math.isfinite(value)}, sort_keys=True
    )
