"""Dagster's own home and storage: SQLite in the platform's home, PostgreSQL by configuration."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from resources.settings import Settings

#: Runs at the same time; fetching, building and publishing queue behind one another by pool.
MAX_CONCURRENT_RUNS = 2
#: A run that has not ended after six hours never will: the longest step takes minutes.
MAX_RUN_SECONDS = 6 * 3600


def instance_config(settings: Settings) -> dict[str, object]:
    """The contents of ``dagster.yaml``.

    SQLAlchemy 2.1 takes only psycopg2 with dagster-postgres, hence the scheme.
    """
    config: dict[str, object] = {
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
        "concurrency": {
            "runs": {"max_concurrent_runs": MAX_CONCURRENT_RUNS},
            "pools": {"default_limit": 1, "granularity": "op"},
        },
        "retention": {"schedule": {"purge_after_days": 90}, "sensor": {"purge_after_days": 30}},
        "run_retries": {"enabled": True, "max_retries": 0},
        # The daemon ends what hangs, and frees the pool slots that a killed run still holds.
        "run_monitoring": {
            "enabled": True,
            "max_runtime_seconds": MAX_RUN_SECONDS,
            "free_slots_after_run_end_seconds": 300,
        },
    }
    if settings.dagster_postgres_url:
        config["storage"] = {
            "postgres": {
                "postgres_url": {"env": "BUYING_SIGNALS_DAGSTER_POSTGRES_URL"},
                "should_autocreate_tables": True,
            }
        }
    return config


def prepare_dagster_home(settings: Settings) -> Path:
    """Write ``dagster.yaml`` and make ``DAGSTER_HOME`` name its folder; returns the folder."""
    folder = settings.home / "dagster"
    folder.mkdir(parents=True, exist_ok=True)
    text = yaml.safe_dump(instance_config(settings), sort_keys=True)
    path = folder / "dagster.yaml"
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8")
    os.environ["DAGSTER_HOME"] = str(folder)
    return folder
