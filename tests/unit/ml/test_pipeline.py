from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
import synthetic

from ml import pipeline
from ml.config import BoosterConfig, DealSizeConfig, MLConfig
from ml.errors import FeatureError, RegistryError
from ml.evaluation import Evaluation, Verdict
from ml.registry import CHALLENGER, CHAMPION, Registry


def deals_of(frames, **options):
    return {**frames, "deal_snapshots": synthetic.deals(**options)}


def test_importing_the_room_imports_no_heavy_library():
    code = (
        "import sys, ml.pipeline, ml.registry, ml.explanation, ml.plots;"
        "print([m for m in ('mlflow','lightgbm','sklearn','pandas','scipy','matplotlib')"
        " if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("name", pipeline.MODELS)
def test_without_a_champion_predictions_are_empty_and_in_shape(name, frames, tracking):
    table = pipeline.predict(name, frames, tracking)
    assert table.schema == pipeline.PREDICTION_SCHEMAS[name]
    assert table.num_rows == 0


@pytest.mark.parametrize("name", pipeline.MODELS)
def test_train_register_predict_and_reuse(name, frames, config, tracking):
    outcome = pipeline.train(name, frames, config, tracking)
    assert (outcome.status, outcome.alias) == ("trained", CHAMPION), outcome.reason
    assert outcome.metrics
    assert outcome.baseline_metrics
    table = pipeline.predict(name, frames, tracking)
    assert table.schema == pipeline.PREDICTION_SCHEMAS[name]
    assert table.num_rows > 500
    assert set(table["model_version"].to_pylist()) == {outcome.version}
    assert set(table["model_name"].to_pylist()) == {name}

    again = pipeline.train(name, frames, config, tracking)
    assert (again.status, again.recorded_status) == ("reused", "trained")
    assert pipeline.model_versions([again]).equals(pipeline.model_versions([outcome]))
    assert pipeline.predict(name, frames, tracking).equals(table)


def test_as_of_is_the_day_of_the_current_snapshots_unless_given(frames, config, tracking):
    pipeline.train("deal_size", frames, config, tracking)
    table = pipeline.predict("deal_size", frames, tracking)
    assert set(table["as_of"].to_pylist()) == {date(2026, 11, 21)}
    given = pipeline.predict("deal_size", frames, tracking, as_of=date(2026, 1, 2))
    assert set(given["as_of"].to_pylist()) == {date(2026, 1, 2)}


def test_arrow_tables_do_as_well_as_frames(frames, config, tracking):
    arrow = {name: pa.Table.from_pandas(frame) for name, frame in frames.items()}
    first = pipeline.train("deal_size", frames, config, tracking)
    second = pipeline.train("deal_size", arrow, config, tracking)
    assert second.status == "reused"
    assert second.data_fingerprint == first.data_fingerprint
    assert pipeline.predict("deal_size", arrow, tracking).equals(
        pipeline.predict("deal_size", frames, tracking)
    )


@pytest.mark.parametrize("name", pipeline.MODELS)
def test_too_little_data_is_not_trained_and_neither_a_failure_nor_a_guess(
    name, frames, config, tracking
):
    few = {key: frame.iloc[:30] for key, frame in frames.items()}
    outcome = pipeline.train(name, few, config, tracking)
    assert outcome.status == "not_trained"
    assert "needed" in outcome.reason
    assert (outcome.version, outcome.alias, outcome.run_id) == (None, None, None)
    row = pipeline.model_versions([outcome]).to_pylist()[0]
    assert row["status"] == "not_trained"
    assert json.loads(row["metrics"]) == {}
    assert pipeline.predict(name, frames, tracking).num_rows == 0


def test_chance_is_rejected_logged_and_never_promoted(frames, config, tracking):
    chance = deals_of(frames, strength=0.0)
    outcome = pipeline.train("deal_size", chance, config, tracking)
    assert outcome.status == "rejected"
    assert (outcome.version, outcome.alias) == (None, None)
    assert outcome.run_id is not None
    assert outcome.metrics["pinball"] > 0
    assert pipeline.train("deal_size", chance, config, tracking).recorded_status == "rejected"
    assert pipeline.predict("deal_size", frames, tracking).num_rows == 0


def test_a_metric_that_is_no_number_never_promotes(frames, config, tracking, monkeypatch):
    def broken(data, settings, judging):
        return None, Evaluation({"pinball": float("nan")}, {}, Verdict(True, True, "fine"))

    monkeypatch.setattr(pipeline.deal_size, "evaluate", broken)
    outcome = pipeline.train("deal_size", frames, config, tracking)
    assert (outcome.status, outcome.alias) == ("rejected", None)
    assert outcome.reason == "metric pinball is not a number"


def test_a_worse_model_becomes_challenger_and_a_better_one_champion(frames, tracking):
    wild = BoosterConfig(trees=60, learning_rate=0.5, num_leaves=31, min_data_in_leaf=3)
    poor = MLConfig(deal_size=DealSizeConfig(booster=wild))
    good = MLConfig()
    first = pipeline.train("deal_size", frames, poor, tracking)
    assert first.alias == CHAMPION, first.reason
    second = pipeline.train("deal_size", frames, good, tracking)
    assert second.alias == CHAMPION, second.reason
    assert f"not worse than version {first.version}" in second.reason
    wilder = wild.model_copy(update={"trees": 61})
    worse = MLConfig(deal_size=DealSizeConfig(booster=wilder))
    third = pipeline.train("deal_size", frames, worse, tracking)
    assert (third.status, third.alias) == ("trained", CHALLENGER), third.reason
    assert f"worse than version {second.version}" in third.reason
    table = pipeline.predict("deal_size", frames, tracking)
    assert set(table["model_version"].to_pylist()) == {second.version}
    assert pipeline.train("deal_size", frames, worse, tracking).alias == CHALLENGER


def test_a_champion_that_cannot_read_the_features_is_succeeded_or_named(frames, config, tracking):
    first = pipeline.train("deal_size", frames, config, tracking)
    renamed = {
        key: frame.rename(columns={"num_employee_count": "num_headcount"})
        for key, frame in frames.items()
    }
    with pytest.raises(FeatureError, match="lacks column num_employee_count"):
        pipeline.predict("deal_size", renamed, tracking)
    second = pipeline.train("deal_size", renamed, config, tracking)
    assert second.alias == CHAMPION
    assert f"version {first.version} cannot read these features" in second.reason
    assert pipeline.predict("deal_size", renamed, tracking).num_rows == 900


def test_the_run_holds_parameters_metrics_plots_tags_and_a_loadable_model(frames, config, tracking):
    import mlflow

    outcome = pipeline.train("deal_size", frames, config, tracking)
    client = Registry(tracking).client
    run = client.get_run(outcome.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.tags["data_fingerprint"] == outcome.data_fingerprint
    assert run.data.tags["reason"] == outcome.reason
    assert run.data.params["booster.trees"] == "60"
    assert run.data.metrics["baseline/global_pinball"] > run.data.metrics["pinball"]
    plot = client.download_artifacts(outcome.run_id, "plots/quantile_coverage.png")
    with open(plot, "rb") as picture:
        assert picture.read(8) == b"\x89PNG\r\n\x1a\n"
    model = mlflow.pyfunc.load_model(f"models:/deal_size/{outcome.version}")
    snapshots = frames["company_snapshots"]
    current = snapshots.loc[snapshots["is_current"]]
    by_hand = model.predict(current)
    ours = pipeline.predict("deal_size", frames, tracking)
    np.testing.assert_allclose(by_hand["amount_p50"], ours["amount_p50"].to_numpy())


@pytest.mark.parametrize(
    "moment", ["log_artifacts", "create_model_version", "set_registered_model_alias"]
)
def test_a_training_cut_off_midway_is_repeated_and_completes(
    moment, frames, config, tracking, monkeypatch
):
    from mlflow import MlflowClient

    def cut(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(MlflowClient, moment, cut)
        with pytest.raises(KeyboardInterrupt):
            pipeline.train("deal_size", frames, config, tracking)
    assert pipeline.predict("deal_size", frames, tracking).num_rows == 0
    outcome = pipeline.train("deal_size", frames, config, tracking)
    assert (outcome.status, outcome.alias) == ("trained", CHAMPION)
    assert pipeline.predict("deal_size", frames, tracking).num_rows == 900


def test_lost_artifacts_of_the_champion_name_the_remedy(frames, tracking, tmp_path):
    pipeline.train("deal_size", frames, MLConfig(), tracking)
    for path in (tmp_path / "artifacts").rglob("model.json"):
        path.unlink()
    with pytest.raises(RegistryError, match=r"no usable model in .*restore the artifacts"):
        pipeline.predict("deal_size", frames, tracking)


def test_unknown_names_and_lacking_tables_are_named(frames, config, tracking):
    with pytest.raises(ValueError, match="no model is called 'churn'; known are timeline"):
        pipeline.train("churn", frames, config, tracking)
    with pytest.raises(FeatureError, match="needs the feature table signal_snapshots"):
        pipeline.train("relevance", {}, config, tracking)
