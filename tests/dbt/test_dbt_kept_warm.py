"""dbt run by the process that has read the project, for real."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from assets import warm_dbt
from assets.dbt_client import ask
from resources.settings import NO_TELEMETRY
from tests.dbt.conftest import Dbt
from tests.dbt.world import DAY_3

pytestmark = pytest.mark.slow


def test_dbt_answers_as_it_does_alone(
    in_one_go: Path, dbt: Dbt, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture
) -> None:
    variables = NO_TELEMETRY | {"BUYING_SIGNALS_HOME": str(in_one_go)}
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    options = dbt.options[: dbt.options.index("--log-level")]
    warm_dbt.keep_warm((in_one_go,), options, os.environ)
    address = os.environ[warm_dbt.SOCKET]
    try:
        table = ["--inline", "select count(*) as n from {{ ref('companies') }}", "--output", "json"]
        assert ask(address, ["show", *table, "--log-format", "text", "--quiet", *options]) == 0
        told = capfd.readouterr().out
        [(companies,)] = dbt.show(in_one_go, DAY_3, table[1])
        assert f'"n": {companies}' in told
        # What dbt cannot do it says as it does alone, and the next command finds dbt unharmed.
        assert ask(address, ["run", "--select", "no_such_model", "--quiet", *options]) != 0
        assert "no_such_model" in capfd.readouterr().out
        assert ask(address, ["list", "--select", "companies", "--quiet", *options]) == 0
        assert "companies" in capfd.readouterr().out
    finally:
        warm_dbt.close()
