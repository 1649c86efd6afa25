"""What several declarations are made of: family, limit, retry and terms."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Model(BaseModel):
    """Of the configuration: immutable, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Family = Literal[
    "accounts",
    "funding",
    "executives",
    "jobs",
    "technology",
    "expansion",
    "news",
    "outcomes",
    "intent",
    "engagement",
    "correspondence",
]


class RateLimit(Model):
    """At most ``requests`` in any window of ``per_seconds`` seconds.

    ``shared`` names a limit that counts all processes of this machine together.
    """

    requests: int = Field(ge=1)
    per_seconds: float = Field(default=1.0, gt=0)
    shared: str | None = Field(default=None, pattern=r"^[a-z0-9][a-z0-9.-]*$")


class Retry(Model):
    """How often a transient failure is asked again. Seconds; waits double from the first."""

    attempts: int = Field(default=4, ge=1, le=10)
    total_seconds: float = Field(default=120.0, gt=0)
    first_wait_seconds: float = Field(default=0.5, ge=0)
    longest_wait_seconds: float = Field(default=30.0, ge=0)


class Terms(Model):
    """Where a source's terms of use stand, and what they come to."""

    url: str
    note: str
