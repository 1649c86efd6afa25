"""Typed settings of the platform, read from the environment at the edge and nowhere else.

Every setting has a default that works on one machine without a server, key or account. All
variables are prefixed ``BUYING_SIGNALS_``; ``BUYING_SIGNALS_HOME`` moves everything that the
platform writes.
"""

import os
from datetime import date
from functools import cached_property
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parent.parent

#: Switches that keep every tool from phoning home. Applied to this process and inherited by
#: children (dbt, Dagster, MLflow), because each tool reads them at import time.
NO_TELEMETRY = {
    "DO_NOT_TRACK": "1",
    "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "GX_ANALYTICS_ENABLED": "false",
    "DAGSTER_DISABLE_TELEMETRY": "true",
}


class Settings(BaseSettings):
    """Where things are and which environment is spoken to.

    Raises ``pydantic.ValidationError`` naming the variable when a value is not usable.
    """

    model_config = SettingsConfigDict(env_prefix="BUYING_SIGNALS_", extra="ignore", frozen=True)

    home: Path = Field(
        default=PROJECT_ROOT / "var", description="Folder that holds all the platform writes."
    )
    config_dir: Path = Field(
        default=PROJECT_ROOT / "config", description="Folder of what a user may change."
    )
    environment: str = Field(
        default="world",
        description="Name of a file in config/environments that overrides source declarations, "
        "or 'world' for the declarations as they are.",
    )
    lake_url: str | None = Field(
        default=None, description="Folder or fsspec URL of the lake; default <home>/lake."
    )
    state_url: str | None = Field(
        default=None, description="SQLAlchemy URL of the state store; default SQLite in <home>."
    )
    mlflow_tracking_uri: str | None = Field(
        default=None, description="MLflow tracking URI; default SQLite in <home>."
    )
    dagster_postgres_url: str | None = Field(
        default=None,
        description="PostgreSQL URL for Dagster's own storage; default SQLite in <home>/dagster.",
    )
    as_of: date | None = Field(
        default=None, description="Day (UTC) to build for; default the partition's day or today."
    )
    fingerprints: Path | None = Field(
        default=None,
        description="Folder of a webappanalyzer set (categories.json and technologies/*.json) to "
        "use beside the project's own fingerprints; none is bundled, it is the user's to license.",
    )
    mail_providers: Path | None = Field(
        default=None,
        description="CSV of mail providers (domain,name,type) to use beside the project's own.",
    )
    language_model_url: str | None = Field(
        default=None,
        description="Base address of a chat-completions API, for example http://localhost:8000/v1, "
        "that is asked about press in which the readers found nothing; default none.",
    )
    language_model_key: SecretStr | None = Field(
        default=None, description="Its key. Without address, key and name no model is asked."
    )
    language_model_name: str | None = Field(default=None, description="Name of the model to ask.")
    language_model_questions: int = Field(
        default=200, ge=0, description="Most questions put to it for one day's press."
    )
    keep_publications: int = Field(
        default=5, ge=1, description="How many finished publications stay for rollback."
    )

    @field_validator("home", "config_dir", "fingerprints", "mail_providers")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value is not None else None

    @cached_property
    def lake(self) -> str:
        """Folder or URL of the lake."""
        return self.lake_url or str(self.home / "lake")

    @cached_property
    def state(self) -> str:
        """SQLAlchemy URL of the state store."""
        return self.state_url or f"sqlite:///{self.home / 'state' / 'state.sqlite'}"

    @cached_property
    def mlflow(self) -> str:
        """MLflow tracking URI (also the registry)."""
        return self.mlflow_tracking_uri or f"sqlite:///{self.home / 'mlflow' / 'mlflow.db'}"

    @property
    def mlflow_artifacts(self) -> Path:
        """Folder of MLflow artifacts when the tracking store is the default."""
        return self.home / "mlflow" / "artifacts"

    @property
    def detections(self) -> Path:
        """Folder of typed rows that Python read from documents."""
        return self.home / "detections"

    @property
    def quarantine(self) -> Path:
        """Folder of rows set aside by the gates."""
        return self.home / "quarantine"

    @property
    def reference(self) -> Path:
        """Folder of user configuration exported for SQL."""
        return self.home / "reference"

    @property
    def predictions(self) -> Path:
        """Folder of model output."""
        return self.home / "predictions"

    @property
    def tracker(self) -> Path:
        """Folder of opportunities joined from mail, meetings and the CRM."""
        return self.home / "tracker"

    @property
    def enrichment(self) -> Path:
        """Folder of what providers said of companies and people, exported for the warehouse."""
        return self.home / "enrichment"

    @property
    def operations(self) -> Path:
        """Folder of state-store snapshots that are published."""
        return self.home / "operations"

    @property
    def warehouse(self) -> Path:
        """The one writable warehouse file; only dbt writes it."""
        return self.home / "warehouse" / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """Folder of finished read-only copies; ``current`` inside it names the one to read."""
        return self.home / "published"

    @property
    def language_model_answers(self) -> Path:
        """Folder of a language model's answers; what is deleted is asked, and paid for, anew."""
        return self.home / "cache" / "language_model"

    @property
    def compiled_patterns(self) -> Path:
        """Folder of compiled pattern databases; may be deleted, they are made anew."""
        return self.home / "cache" / "patterns"

    @property
    def reports(self) -> Path:
        """Folder of reports for people."""
        return self.home / "reports"

    @property
    def quality_report(self) -> Path:
        """The newest data-quality report, of all gates."""
        return self.reports / "data_quality" / "index.html"

    @property
    def inbox(self) -> Path:
        """Folder of the local alert inbox."""
        return self.home / "inbox"


def load_settings(**overrides: object) -> Settings:
    """Read settings from the environment, with ``overrides`` winning; silence telemetry."""
    for name, value in NO_TELEMETRY.items():
        os.environ.setdefault(name, value)
    return Settings(**overrides)  # type: ignore[arg-type]
