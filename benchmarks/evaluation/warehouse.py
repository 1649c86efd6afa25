"""dbt on a lake of a measurement's own: one model of the line with all that it needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


def build_model(home: Path, model: str, as_of: date) -> None:
    """Build ``model``, its seeds and all before it for a day (UTC), in the warehouse of ``home``.

    Raises RuntimeError with dbt's own words when it fails.
    """
    build(home, [f"+{model}"], as_of)


def build(home: Path, selected: Sequence[str], as_of: date) -> None:
    """Build what dbt's ``selected`` name, and nothing before it unless they say so.

    Raises RuntimeError with dbt's own words when it fails.
    """
    (home / "warehouse").mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "BUYING_SIGNALS_HOME": str(home),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    environment.pop("BUYING_SIGNALS_LAKE_URL", None)
    command = [
        sys.executable, "-m", "dbt.cli.main", "build",
        "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT),
        "--target-path", str(home / "target"), "--log-path", str(home / "logs"),
        "--select", *selected, "--exclude-resource-type", "test", "unit_test",
        "--vars", json.dumps({"as_of": as_of.isoformat()}),
    ]  # fmt: skip
    done = subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"dbt could not build {selected}:\n{done.stdout[-3000:]}{done.stderr}")
