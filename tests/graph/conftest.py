"""The graph as it is loaded by the workspace."""

import dagster as dg
import pytest


@pytest.fixture(scope="session")
def definitions() -> dg.Definitions:
    from orchestration.definitions import defs

    return defs


@pytest.fixture(scope="session")
def graph(definitions):
    return definitions.resolve_asset_graph()
