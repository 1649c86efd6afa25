"""Ideal customer profiles (ICPs) as the user writes them in ``config/icp/*.yaml``.

A profile is validated here and exported to ``reference/icp_profiles`` for SQL; it is never copied
into code. Several profiles may exist for an organisation, exactly one of them the default.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from resources.config_errors import ConfigurationError, explain

ICP_PROFILES = pa.schema(
    [
        pa.field("organisation_id", pa.string(), nullable=False),
        pa.field("icp_profile_id", pa.string(), nullable=False),
        pa.field("name", pa.string(), nullable=False),
        pa.field("is_default", pa.bool_(), nullable=False),
        pa.field("version", pa.int64(), nullable=False),
        pa.field("config", pa.string(), nullable=False),
    ]
)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TechStack(_Strict):
    """Technologies by name, as in ``core.technologies``."""

    must_have: list[str] = []
    nice_to_have: list[str] = []
    avoid: list[str] = []


class DecisionMakers(_Strict):
    """Whom the seller talks to; also decides which postings are hiring in relevant roles."""

    titles: list[str] = []
    departments: list[str] = []


class WantedSignals(_Strict):
    """Which intent signals earn points under this profile."""

    recent_funding: bool = True
    actively_hiring: bool = True
    tech_stack_change: bool = True
    leadership_change: bool = True


class IcpProfile(_Strict):
    """One ideal customer profile of one organisation.

    ``version`` is raised by the user with each change, so that an old score keeps its reason.
    Company sizes are head counts; geographies are country names as in ``core.companies``.
    """

    organisation_id: str = "default"
    icp_profile_id: str = Field(pattern=r"^[a-z0-9_]+$")
    name: str
    is_default: bool = False
    version: int = Field(default=1, ge=1)
    industries: list[str] = Field(min_length=1)
    company_size_min: int = Field(default=1, ge=1)
    company_size_max: int = Field(default=1_000_000, ge=1)
    funding_stages: list[str] = []
    tech_stack: TechStack = TechStack()
    geographies: list[str] = []
    decision_makers: DecisionMakers = DecisionMakers()
    signals: WantedSignals = WantedSignals()

    @model_validator(mode="after")
    def _size_range(self) -> IcpProfile:
        if self.company_size_min > self.company_size_max:
            raise ValueError("company_size_min is above company_size_max: swap or correct them")
        return self


def load_icp_profiles(folder: Path) -> list[IcpProfile]:
    """Read and validate every profile of ``folder``.

    Raises ``ConfigurationError`` naming the file and field, or saying that an organisation has no
    default profile or several.
    """
    profiles = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            profiles.append(IcpProfile.model_validate(yaml.safe_load(path.read_text("utf-8"))))
        except yaml.YAMLError as error:
            raise ConfigurationError(f"{path} is not valid YAML: {error}") from error
        except ValidationError as error:
            raise explain(path, error) from error
    if not profiles:
        raise ConfigurationError(f"{folder} holds no ICP profile (*.yaml): add one")
    _check_defaults(folder, profiles)
    return profiles


def _check_defaults(folder: Path, profiles: Sequence[IcpProfile]) -> None:
    ids = Counter((p.organisation_id, p.icp_profile_id) for p in profiles)
    for (organisation, profile), count in ids.items():
        if count > 1:
            raise ConfigurationError(
                f"{folder}: profile {profile!r} of {organisation!r} is defined {count} times"
            )
    for organisation in sorted({p.organisation_id for p in profiles}):
        defaults = [p for p in profiles if p.organisation_id == organisation and p.is_default]
        if len(defaults) != 1:
            raise ConfigurationError(
                f"{folder}: organisation {organisation!r} needs exactly one profile with "
                f"`is_default: true`, it has {len(defaults)}"
            )


def icp_table(profiles: Sequence[IcpProfile]) -> pa.Table:
    """Profiles as rows for SQL; ``config`` is the profile as JSON."""
    identity = {"organisation_id", "icp_profile_id", "name", "is_default", "version"}
    rows = [
        {
            **profile.model_dump(include=identity),
            "config": json.dumps(profile.model_dump(exclude=identity), sort_keys=True),
        }
        for profile in profiles
    ]
    return pa.Table.from_pylist(rows, schema=ICP_PROFILES)
