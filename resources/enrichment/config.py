"""``config/enrichment.yaml``, validated: providers, orders, budgets, lifetimes.

Raises ``ConfigurationError`` that names file, field and remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from resources.config_errors import ConfigurationError
from resources.config_files import read_yaml, validated
from resources.enrichment.ledger import Budget
from resources.enrichment.providers.registry import OPERATIONS, SEARCHES
from resources.enrichment.values import FIELDS, Entity
from resources.enrichment.waterfall import Rule
from resources.sources.declaration import Declaration, declare_providers

FILE = "enrichment.yaml"

Level = Literal["identify", "enrich", "deep_research"]
#: Levels from the free one up; a level includes those before it.
LEVELS: tuple[Level, ...] = ("identify", "enrich", "deep_research")
#: Where a vendor states no limit: one question a second.
UNSTATED = {"requests": 1, "per_seconds": 1.0}


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldRule(_Model):
    """Who is asked for a field, in order, and the confidence that ends the search."""

    ask: tuple[str, ...] = Field(min_length=1)
    confident: float | None = Field(default=None, gt=0, le=1)


class OperationRule(_Model):
    """What an operation is for, costs at most, and how long its answer counts."""

    level: Level
    credits: float = Field(default=0, ge=0)
    lifetime: str

    @model_validator(mode="after")
    def _identify_is_free(self) -> OperationRule:
        if self.level == "identify" and self.credits:
            raise ValueError("level 'identify' is free; an operation with credits is 'enrich'")
        return self


class Batch(_Model):
    """What the daily line asks for. Pauses in seconds."""

    level: Level = "enrich"
    leads: int = Field(default=50, ge=0)
    people_per_lead: int = Field(default=3, ge=0)
    leads_per_batch: int = Field(default=10, ge=1)
    pause_seconds: float = Field(default=3.0, ge=0)


class PeopleSearchRule(_Model):
    """Who is asked for people nobody knows yet, and how far.

    ``ask`` is the order of searches; it ends with ``wanted`` contacts known at the company (fewer
    where it is smaller), at most ``most``. ``leads`` are the companies that the daily line asks
    about in a day, none with 0. ``credits_per_company`` bounds what one company may cost.
    """

    ask: tuple[str, ...] = ()
    wanted: int = Field(default=15, ge=1)
    most: int = Field(default=30, ge=1)
    leads: int = Field(default=0, ge=0)
    credits_per_company: float = Field(default=20, gt=0)


class _File(_Model):
    lifetimes_hours: dict[str, float]
    confident: float = Field(default=0.8, gt=0, le=1)
    fields: dict[Entity, dict[str, FieldRule]]
    batch: Batch = Batch()
    people_search: PeopleSearchRule = PeopleSearchRule()
    providers: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Provider:
    """One declared provider: how it is asked, its operations and its budget."""

    declaration: Declaration
    operations: Mapping[str, OperationRule]
    budget: Budget
    states_a_limit: bool


@dataclass(frozen=True)
class EnrichmentConfig:
    """Everything a user may change about enrichment."""

    providers: Mapping[str, Provider]
    rules: Mapping[Entity, tuple[Rule, ...]]
    lifetimes: Mapping[str, timedelta]
    batch: Batch
    people_search: PeopleSearchRule = field(default_factory=PeopleSearchRule)

    def operation(self, name: str) -> OperationRule:
        """The rule of ``provider.operation``."""
        provider, operation = name.split(".", 1)
        return self.providers[provider].operations[operation]

    def lifetime(self, name: str) -> timedelta:
        """How long an answer of an operation counts."""
        return self.lifetimes[self.operation(name).lifetime]

    def listed(self) -> list[dict[str, Any]]:
        """One row per operation, for SQL: what it may cost, and what its answers are worth."""
        return [
            {
                "operation": f"{provider}.{name}",
                "source": provider,
                "entity": OPERATIONS[f"{provider}.{name}"].entity,
                "level": rule.level,
                "credits": rule.credits,
                "lifetime_hours": self.lifetimes[rule.lifetime].total_seconds() / 3600,
                "confidence": OPERATIONS[f"{provider}.{name}"].record_confidence,
            }
            for provider, declared in self.providers.items()
            for name, rule in declared.operations.items()
        ]

    def rules_at(self, entity: Entity, level: Level) -> tuple[Rule, ...]:
        """The fields of an entity with the operations that a level allows."""
        allowed = LEVELS[: LEVELS.index(level) + 1]
        return tuple(
            Rule(
                rule.field,
                tuple(name for name in rule.ask if self.operation(name).level in allowed),
                rule.confident,
            )
            for rule in self.rules[entity]
        )


def load_enrichment(config_dir: Path, environment: str = "world") -> EnrichmentConfig:
    """Read and validate the file, with the environment's addresses and limits."""
    path = config_dir / FILE
    said = validated(_File, read_yaml(path), path)
    own = ("operations", "monthly_credits", "run_credits")
    listed, operations, budgets = {}, {}, {}
    for name, settings in said.providers.items():
        operations[name] = _operations(path, name, settings.get("operations"))
        budgets[name] = Budget(settings.get("monthly_credits"), settings.get("run_credits"))
        plain = {k: v for k, v in settings.items() if k not in own}
        listed[name] = {"rate_limit": UNSTATED, "concurrency": 1, **plain}
    declared = declare_providers(listed, path, config_dir, environment)
    providers = {
        name: Provider(
            declared[name],
            operations[name],
            budgets[name],
            "rate_limit" in settings or declared[name].rate_limit.requests > 1,
        )
        for name, settings in said.providers.items()
    }
    lifetimes = {name: timedelta(hours=hours) for name, hours in said.lifetimes_hours.items()}
    _check(path, said, operations, lifetimes)
    return EnrichmentConfig(
        providers=providers,
        rules={
            entity: tuple(
                Rule(field, rule.ask, rule.confident or said.confident)
                for field, rule in rules.items()
            )
            for entity, rules in said.fields.items()
        },
        lifetimes=lifetimes,
        batch=said.batch,
        people_search=said.people_search,
    )


def _operations(path: Path, provider: str, said: Any) -> dict[str, OperationRule]:
    if not isinstance(said, dict) or not said:
        raise ConfigurationError(f"{path}: providers.{provider} needs 'operations'")
    rules = {}
    for name, settings in said.items():
        if f"{provider}.{name}" not in OPERATIONS:
            raise ConfigurationError(
                f"{path}: providers.{provider}.operations.{name} is not known; known are "
                f"{', '.join(sorted(OPERATIONS))}"
            )
        where = f"providers.{provider}.operations.{name}"
        rules[name] = validated(OperationRule, settings, path, where)
    return rules


def _check(
    path: Path,
    said: _File,
    operations: Mapping[str, Mapping[str, OperationRule]],
    lifetimes: Mapping[str, timedelta],
) -> None:
    declared = {f"{p}.{name}" for p, rules in operations.items() for name in rules}
    for entity, rules in said.fields.items():
        for name, rule in rules.items():
            if name not in FIELDS[entity]:
                raise ConfigurationError(
                    f"{path}: fields.{entity}.{name} is not known; known are "
                    f"{', '.join(FIELDS[entity])}"
                )
            unknown = [asked for asked in rule.ask if asked not in declared]
            if unknown:
                raise ConfigurationError(
                    f"{path}: fields.{entity}.{name}.ask names {unknown}; declared are "
                    f"{', '.join(sorted(declared))}"
                )
    searches = [name for name in said.people_search.ask if name not in SEARCHES]
    if searches or not set(said.people_search.ask) <= declared:
        raise ConfigurationError(
            f"{path}: people_search.ask names {searches or list(said.people_search.ask)}; searches "
            f"for people are {', '.join(SEARCHES)}, and each must be declared below its provider"
        )
    for provider, rules in operations.items():
        for name, rule in rules.items():
            if rule.lifetime not in lifetimes:
                raise ConfigurationError(
                    f"{path}: providers.{provider}.operations.{name}.lifetime {rule.lifetime!r} is "
                    f"not in lifetimes_hours ({', '.join(lifetimes)})"
                )
