"""The edge to MLflow: runs, versions and the aliases ``champion`` and ``challenger``.

MLflow governs; serving reads the native boosters from the run's artifacts, because the generic
wrapper costs milliseconds per call. Everything is written in a few batches: each single call to a
SQLite store costs a commit. The store's location is always passed in, nothing is assumed.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.bundle import Bundle
from ml.errors import RegistryError
from ml.evaluation import Evaluation

CHAMPION = "champion"
CHALLENGER = "challenger"
SERVED = "served"
EVALUATED = "evaluated"
_BASELINE = "baseline/"


@dataclass(frozen=True)
class Tracking:
    """Where MLflow keeps its runs (a URI) and its artifacts (a folder or URI)."""

    tracking_uri: str
    artifact_location: str
    experiment: str = "buying_signals"


@dataclass(frozen=True)
class Recorded:
    """A finished training run as the store holds it."""

    run_id: str
    status: str
    reason: str
    version: str | None
    alias: str | None
    trained_at: datetime
    rows: int
    events: int
    metrics: dict[str, float]
    baseline_metrics: dict[str, float]
    data_fingerprint: str


@dataclass(frozen=True)
class Champion:
    """The version that serves, with the model as served and as it was judged."""

    version: str
    run_id: str
    data_fingerprint: str
    served: Bundle
    evaluated: Bundle


class Registry:
    """One experiment of one MLflow store. Opening it imports MLflow (about 2 CPU seconds)."""

    def __init__(self, tracking: Tracking) -> None:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        os.environ.setdefault("DO_NOT_TRACK", "1")
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        # Alembic announces each of its migrations of a new store otherwise.
        for name in ("mlflow.store.db.utils", "alembic", "alembic.runtime.migration"):
            logging.getLogger(name).setLevel(logging.WARNING)
        import mlflow

        _make_folder_of(tracking.tracking_uri)
        mlflow.set_tracking_uri(tracking.tracking_uri)
        mlflow.set_registry_uri(tracking.tracking_uri)
        self.tracking = tracking
        self.client = mlflow.MlflowClient(
            tracking_uri=tracking.tracking_uri, registry_uri=tracking.tracking_uri
        )
        self.experiment_id = self._experiment()

    def _experiment(self) -> str:
        from mlflow.exceptions import MlflowException

        try:
            known = self.client.get_experiment_by_name(self.tracking.experiment)
            if known is not None:
                return known.experiment_id
            location = self.tracking.artifact_location
            if "://" not in location:
                location = Path(location).expanduser().resolve().as_uri()
            return self.client.create_experiment(
                self.tracking.experiment, artifact_location=location
            )
        except MlflowException as error:
            raise RegistryError(
                f"MLflow store {_without_secret(self.tracking.tracking_uri)} cannot be used "
                f"({error}); check that it is reachable and writable"
            ) from error

    def find(self, name: str, fingerprint: str) -> Recorded | None:
        """The newest finished run of a model on exactly this data and configuration."""
        runs = self.client.search_runs(
            [self.experiment_id],
            filter_string=f"tags.model_name = '{name}' and tags.data_fingerprint = '{fingerprint}'"
            " and attributes.status = 'FINISHED'",
            max_results=1,
            order_by=["attributes.start_time DESC"],
        )
        if not runs:
            return None
        run = runs[0]
        tags, metrics = run.data.tags, run.data.metrics
        version = tags.get("model_version")
        alias = None
        if version is not None:
            alias = self._alias(name, version)
            if alias is _GONE:
                return None
        return Recorded(
            run.info.run_id,
            tags.get("outcome", "trained"),
            tags.get("reason", ""),
            version,
            alias,
            _utc(run.info.start_time),
            int(tags.get("train_rows", 0)),
            int(tags.get("train_events", 0)),
            {k: v for k, v in metrics.items() if not k.startswith(_BASELINE)},
            {k.removeprefix(_BASELINE): v for k, v in metrics.items() if k.startswith(_BASELINE)},
            fingerprint,
        )

    def _alias(self, name: str, version: str) -> str | None:
        from mlflow.exceptions import MlflowException

        try:
            aliases = self.client.get_model_version(name, version).aliases
        except MlflowException:
            return _GONE
        return next((known for known in (CHAMPION, CHALLENGER) if known in aliases), None)

    def champion(self, name: str) -> Champion | None:
        """The version that bears the alias ``champion``, or None.

        Raises RegistryError when its artifacts are gone.
        """
        from mlflow.exceptions import MlflowException

        try:
            version = self.client.get_model_version_by_alias(name, CHAMPION)
        except MlflowException:
            return None
        try:
            folder = Path(self.client.download_artifacts(version.run_id, "bundles"))
        except (MlflowException, OSError) as error:
            raise RegistryError(
                f"{name} version {version.version} is champion but its artifacts cannot be read "
                f"({error}); restore them, or move the alias to another version"
            ) from error
        return Champion(
            str(version.version),
            version.run_id,
            version.tags.get("data_fingerprint", ""),
            Bundle.read(folder / SERVED),
            Bundle.read(folder / EVALUATED),
        )

    def record(
        self,
        name: str,
        *,
        outcome: str,
        alias: str | None,
        reason: str,
        evaluation: Evaluation,
        parameters: Mapping[str, Any],
        rows: int,
        events: int,
        fingerprint: str,
        served: Bundle | None,
        evaluated: Bundle | None,
    ) -> Recorded:
        """Log one training run; with ``served`` also register a version and set its alias.

        The alias moves when the version is complete and the run is finished last: a kill at any
        moment leaves a whole champion serving, and an unfinished run is not reused but repeated.
        """
        from mlflow.entities import Metric, Param, RunTag

        tags = {
            "mlflow.runName": f"{name} {fingerprint[:8]}",
            "model_name": name,
            "data_fingerprint": fingerprint,
            "outcome": outcome,
            "reason": reason,
            "train_rows": str(rows),
            "train_events": str(events),
        }
        run = self.client.create_run(self.experiment_id, tags=tags)
        run_id, start = run.info.run_id, run.info.start_time
        now = int(time.time() * 1000)
        numbers = {
            **evaluation.metrics,
            **{_BASELINE + key: value for key, value in evaluation.baseline_metrics.items()},
        }
        self.client.log_batch(
            run_id,
            metrics=[Metric(key, v, now, 0) for key, v in numbers.items() if v == v],
            params=[Param(key, str(value)[:500]) for key, value in parameters.items()],
        )
        version = None
        with tempfile.TemporaryDirectory(prefix="model-") as scratch:
            folder = Path(scratch)
            (folder / "plots").mkdir()
            for title, draw in evaluation.plots.items():
                (folder / "plots" / f"{title}.png").write_bytes(draw())
            if served is not None and evaluated is not None:
                served.write(folder / "bundles" / SERVED)
                evaluated.write(folder / "bundles" / EVALUATED)
            self.client.log_artifacts(run_id, str(folder))
            if served is not None:
                version = self._register(
                    name, run_id, folder / "bundles" / SERVED, reason, fingerprint
                )
        self.client.log_batch(
            run_id, tags=[RunTag("model_version", version)] if version is not None else []
        )
        if version is not None and alias is not None:
            self.client.set_registered_model_alias(name, alias, version)
        self.client.set_terminated(run_id, "FINISHED")
        return Recorded(
            run_id,
            outcome,
            reason,
            version,
            alias if version is not None else None,
            _utc(start),
            rows,
            events,
            dict(evaluation.metrics),
            dict(evaluation.baseline_metrics),
            fingerprint,
        )

    def _register(self, name: str, run_id: str, bundle: Path, reason: str, fingerprint: str) -> str:
        """Register a version that ``mlflow.pyfunc.load_model`` can load anywhere."""
        import mlflow.pyfunc
        from mlflow.models import Model

        quiet = logging.getLogger("mlflow")
        before = quiet.level
        quiet.setLevel(logging.ERROR)
        try:
            # MLflow advises signatures and type hints at length; ml.features is the contract.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                from ml.served_model import ServedModel
            # Without it the model goes to the default experiment, whose folder is ./mlruns.
            mlflow.set_experiment(experiment_id=self.experiment_id)
            logged = Model.log(
                artifact_path=None,
                flavor=mlflow.pyfunc,
                name=name,
                run_id=run_id,
                python_model=ServedModel(),
                artifacts={"bundle": str(bundle)},
                code_paths=[str(Path(__file__).resolve().parent)],
                pip_requirements=["lightgbm", "numpy", "pandas", "pyarrow", "pydantic"],
            )
            known = self.client.search_registered_models(f"name = '{name}'")
            if not known:
                self.client.create_registered_model(name)
            version = self.client.create_model_version(
                name,
                source=logged.model_uri,
                run_id=run_id,
                model_id=logged.model_id,
                tags={"data_fingerprint": fingerprint},
                description=reason,
            )
        finally:
            quiet.setLevel(before)
        return str(version.version)


#: Marks a version that was deleted from the registry by hand.
_GONE = "\x00gone"


def _utc(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, tz=UTC)


def _make_folder_of(uri: str) -> None:
    if uri.startswith("sqlite:///"):
        Path(uri.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)


def _without_secret(uri: str) -> str:
    scheme, _, rest = uri.partition("://")
    return f"{scheme}://{rest.rsplit('@', 1)[-1]}"
