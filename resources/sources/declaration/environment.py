"""What an environment changes about the sources, and how it is laid over them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from resources.circuits import BreakerSettings
from resources.config_errors import ConfigurationError
from resources.config_files import read_mapping, validated
from resources.sources.declaration.parts import Model, RateLimit, Retry
from resources.sources.declaration.source import Declaration


class AuthOverride(Model):
    """What an environment may say about a source's key."""

    public_value: str
    public_contact: str | None = None


class SourceOverride(Model):
    """What an environment may change about one source."""

    base_urls: dict[str, str] | None = None
    rate_limit: RateLimit | None = None
    retry: Retry | None = None
    breaker: BreakerSettings | None = None
    headers: dict[str, str] | None = None
    auth: AuthOverride | None = None
    cache_seconds: float | None = Field(default=None, ge=0)
    concurrency: int | None = Field(default=None, ge=1, le=64)
    read_seconds: float | None = Field(default=None, gt=0)
    options: dict[str, Any] | None = None


class Environment(Model):
    """One environment: which servers answer for the sources, and whether the past can be asked."""

    description: str = ""
    replayable: bool = False
    headers: dict[str, str] = Field(default_factory=dict)
    rate_limit: RateLimit | None = None
    retry: Retry | None = None
    breaker: BreakerSettings | None = None
    concurrency: int | None = Field(default=None, ge=1, le=64)
    cache_seconds: float | None = Field(default=None, ge=0)
    sources: dict[str, SourceOverride] = Field(default_factory=dict)
    enrichment: dict[str, SourceOverride] = Field(
        default_factory=dict, description="The same for the providers of config/enrichment.yaml."
    )


def override(declared: Declaration, environment: Environment, path: Path) -> Declaration:
    """The declaration as an environment changes it: its own words win over the common ones."""
    values = declared.model_dump()
    for name in ("rate_limit", "retry", "breaker", "concurrency", "cache_seconds"):
        common = getattr(environment, name)
        if common is not None:
            values[name] = common.model_dump() if isinstance(common, BaseModel) else common
    values["headers"] = {**values["headers"], **environment.headers}
    own = environment.sources.get(declared.name)
    if own is None or own.base_urls is None:
        # The same hosts are asked, so a limit that all processes share stays shared.
        values["rate_limit"]["shared"] = (
            values["rate_limit"]["shared"] or declared.rate_limit.shared
        )
    if own is not None:
        changed = own.model_dump(exclude_none=True)
        values["headers"] |= changed.pop("headers", {})
        values["options"] |= changed.pop("options", {})
        values["auth"] |= changed.pop("auth", {})
        values |= changed
    return validated(Declaration, values, path, f"sources.{declared.name}")


def read_environment(config_dir: Path, environment: str) -> tuple[Environment, Path]:
    """The environment's file and where it lies; ``world`` changes nothing and needs none."""
    path = config_dir / "environments" / f"{environment}.yaml"
    if environment == "world" and not path.exists():
        return Environment(), path
    if not path.exists():
        declared = ", ".join(sorted(file.stem for file in path.parent.glob("*.yaml")))
        raise ConfigurationError(
            f"{path} does not exist; BUYING_SIGNALS_ENVIRONMENT names one of {declared or 'none'}, "
            "BUYING_SIGNALS_CONFIG_DIR the folder above it"
        )
    return validated(Environment, read_mapping(path), path), path
