"""Models as assets: training, and predictions as Parquet that dbt shows.

Features are read from the warehouse read-only; a model that was not trained leaves an empty
prediction table and says why in ``predictions/model_versions``.
"""

from collections.abc import Mapping
from datetime import date

import dagster as dg
import pyarrow as pa

from assets.common import OWNERS, Platform, stopwatch, table_metadata
from assets.unfinished import require_finished
from assets.warehouse import FIRST_BUILD
from ml.pipeline import (
    FRAMES,
    MODEL_VERSIONS_SCHEMA,
    MODELS,
    PREDICTION_SCHEMAS,
    Tracking,
    TrainingOutcome,
    model_versions,
    predict,
    train,
)
from resources.parquet import Dataset
from resources.settings import Settings

#: Prediction table of each model and its row's key.
PREDICTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "timeline": ("timelines", ("company_id", "as_of")),
    "deal_size": ("deal_sizes", ("company_id", "as_of")),
    "relevance": ("relevance", ("signal_id", "as_of")),
}
_QUESTIONS = {
    "timeline": "when a company will buy (discrete-time hazard)",
    "deal_size": "how much a company would spend (conformal quantiles)",
    "relevance": "whether a signal leads to an opportunity (calibrated probability)",
}
_GRAIN = {
    "timeline": "One row per company and day predicted for: probabilities of buying by horizon.",
    "deal_size": "One row per company and day predicted for: 10th, 50th and 90th percentile.",
    "relevance": "One row per signal and day predicted for: probability of an opportunity.",
}


def tracking(settings: Settings) -> Tracking:
    """Where MLflow keeps runs, models and artifacts."""
    return Tracking(tracking_uri=settings.mlflow, artifact_location=str(settings.mlflow_artifacts))


def read_features(settings: Settings, names: tuple[str, ...]) -> dict[str, pa.Table]:
    """Feature tables of the warehouse, opened read-only and closed again."""
    import duckdb

    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return {
            name: connection.sql(f"select * from features.{name}").to_arrow_table()
            for name in names
        }


def prediction_dataset(settings: Settings, model: str) -> Dataset:
    """The Parquet dataset of one model's predictions."""
    table, key = PREDICTIONS[model]
    return Dataset(str(settings.predictions / table), PREDICTION_SCHEMAS[model], key)


def versions_dataset(settings: Settings) -> Dataset:
    """The Parquet dataset of training outcomes."""
    return Dataset(
        str(settings.predictions / "model_versions"), MODEL_VERSIONS_SCHEMA, ("model_name",)
    )


def train_model(settings: Settings, model: str) -> TrainingOutcome:
    """Train one model on the warehouse's features."""
    return train(model, read_features(settings, FRAMES[model]), None, tracking(settings))


def predict_day(settings: Settings, model: str, day: date) -> pa.Table:
    """Predict for ``day`` with the champion and make it the day's partition."""
    table = predict(model, read_features(settings, FRAMES[model]), tracking(settings), day)
    prediction_dataset(settings, model).replace(day, table)
    return table


def _outcome_metadata(outcome: TrainingOutcome) -> dict[str, object]:
    row = outcome.as_row()
    return {
        "status": outcome.status,
        "version": row["model_version"] or "none",
        "alias": row["alias"] or "none",
        "reason": row["reason"],
        "rows": row["train_rows"],
        "events": row["train_events"],
        "metrics": dg.MetadataValue.json(outcome.metrics),
        "baseline_metrics": dg.MetadataValue.json(outcome.baseline_metrics),
    }


def _feature_keys(model: str) -> list[dg.AssetKey]:
    return [dg.AssetKey(["features", name]) for name in FRAMES[model]]


MODEL_KEYS = [dg.AssetKey(["models", model]) for model in MODELS]


@dg.multi_asset(
    name="train_models",
    specs=[
        *(
            dg.AssetSpec(
                ["models", model],
                deps=_feature_keys(model),
                description=f"One registered model: {_QUESTIONS[model]}. Grain: training run.",
                group_name="models",
                kinds={"lightgbm", "mlflow"},
                owners=OWNERS,
            )
            for model in MODELS
        ),
        dg.AssetSpec(
            ["model_output", "model_versions"],
            deps=[dep for model in MODELS for dep in _feature_keys(model)],
            description="One row per model: what the last training decided, and why.",
            group_name="models",
            kinds={"mlflow", "parquet"},
            owners=OWNERS,
        ),
    ],
)
def train_models(context: dg.AssetExecutionContext, platform: Platform):
    """Train every model whose data has changed."""
    require_finished(platform.settings, [FIRST_BUILD])
    outcomes = []
    for model in MODELS:
        with stopwatch() as watch:
            outcome = train_model(platform.settings, model)
        context.log.info(f"{model}: {outcome.status}, {outcome.as_row()['reason']}")
        outcomes.append(outcome)
        yield dg.MaterializeResult(
            asset_key=["models", model],
            metadata={**_outcome_metadata(outcome), "seconds": watch.seconds},
        )
    written = versions_dataset(platform.settings).replace(
        platform.as_of(context), model_versions(outcomes)
    )
    yield dg.MaterializeResult(
        asset_key=["model_output", "model_versions"],
        metadata=table_metadata(rows=written.rows, size=written.bytes, seconds=0.0),
    )


def prediction_asset(model: str) -> dg.AssetsDefinition:
    """The asset of one model's predictions."""
    table, _ = PREDICTIONS[model]

    @dg.asset(
        key=["model_output", table],
        deps=[dg.AssetKey(["models", model]), *_feature_keys(model)],
        description=_GRAIN[model],
        group_name="models",
        kinds={"lightgbm", "parquet"},
        owners=OWNERS,
    )
    def predictions(context: dg.AssetExecutionContext, platform: Platform) -> dg.MaterializeResult:
        with stopwatch() as watch:
            rows = predict_day(platform.settings, model, platform.as_of(context))
        return dg.MaterializeResult(
            metadata=table_metadata(rows=rows.num_rows, seconds=watch.seconds, preview=rows)
        )

    return predictions


PREDICTION_ASSETS = [prediction_asset(model) for model in MODELS]
