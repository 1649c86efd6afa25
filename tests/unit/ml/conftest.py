from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import synthetic

from ml.config import MLConfig
from ml.pipeline import Tracking


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
def store(tmp_path_factory) -> Path:
    """A folder with one MLflow database, made once: its first opening costs seconds."""
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture
def tracking(store, request) -> Tracking:
    """An experiment of its own for each test, in the one database."""
    return Tracking(f"sqlite:///{store}/mlflow.db", str(store / "artifacts"), request.node.name)
