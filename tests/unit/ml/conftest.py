from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import synthetic

from ml.config import MLConfig
from ml.pipeline import Tracking
from ml.registry import Registry


@pytest.fixture(scope="session")
def market() -> synthetic.Market:
    return synthetic.market(companies=900, base=-4.9)


@pytest.fixture(scope="session")
def frames(market):
    return {
        **market.frames,
        "deal_snapshots": synthetic.deals(),
        "signal_snapshots": synthetic.signals(),
    }


@pytest.fixture(scope="session")
def config() -> MLConfig:
    return MLConfig()


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory) -> Path:
    """An MLflow database without a run, made once: its 50 migrations cost seconds."""
    path = tmp_path_factory.mktemp("mlflow") / "mlflow.db"
    Registry(Tracking(f"sqlite:///{path}", str(path.parent / "artifacts"), "unused"))
    return path


@pytest.fixture
def tracking(empty_store, tmp_path) -> Tracking:
    """A registry of its own for each test."""
    shutil.copyfile(empty_store, tmp_path / "mlflow.db")
    return Tracking(f"sqlite:///{tmp_path}/mlflow.db", str(tmp_path / "artifacts"))
