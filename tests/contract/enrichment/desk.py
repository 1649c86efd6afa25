"""Enrichment against a scripted vendor: its own state store, clock and pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from resources.enrichment.config import EnrichmentConfig, load_enrichment
from resources.enrichment.engine import Enricher
from resources.enrichment.result import Enrichment
from resources.enrichment.suppressions import Suppressions
from resources.enrichment.values import Subject
from resources.state import StateStore
from tests.contract.sources.vendor import Asked, Reply, Vendor

CONFIG = Path(__file__).resolve().parents[3] / "config"
START = datetime(2026, 6, 15, 10, tzinfo=UTC)

COMPANY = Subject("company", "c1", "Aldine Robotics", "c1", "Aldine Robotics", "aldine.example", {})
PERSON = Subject("person", "p1", "Ida Brandt", "c1", "Aldine Robotics", "aldine.example", {})


def as_json(value: Any, status: int = 200) -> Reply:
    return Reply(orjson.dumps(value), status, {"Content-Type": "application/json"})


def config(vendor: Vendor, **changes: dict[str, Any]) -> EnrichmentConfig:
    """The project's own configuration with every provider's address at the vendor.

    ``changes`` are declaration values by provider. Retries wait for nothing.
    """
    loaded = load_enrichment(CONFIG, "world")
    prefix = {"apollo": "/api/v1", "hunter": "/v2", "crunchbase": "/v4/data",
              "builtwith": "/v22", "coresignal": "/cdapi/v2", "hubspot": ""}  # fmt: skip
    providers = {}
    for name, provider in loaded.providers.items():
        key, _ = next(iter(provider.declaration.base_urls.items()))
        url = f"{vendor.url}/{name}{prefix.get(name, '/{domain}')}"
        values = provider.declaration.model_dump() | {
            "base_urls": {key: url},
            "rate_limit": {"requests": 1000, "per_seconds": 1.0},
            "retry": {"attempts": 2, "first_wait_seconds": 0, "longest_wait_seconds": 0},
            "read_seconds": 1.2,
            "options": {k: v for k, v in provider.declaration.options.items() if k == "paths"},
            **changes.get(name, {}),
        }
        declared = type(provider.declaration).model_validate(values)
        providers[name] = type(provider)(
            declared, provider.operations, provider.budget, provider.states_a_limit
        )
    return EnrichmentConfig(
        providers, loaded.rules, loaded.lifetimes, loaded.batch, loaded.people_search
    )


class Desk:
    """Enrichers over one state store; the clock moves when a test says so."""

    def __init__(self, vendor: Vendor, home: Path) -> None:
        self.vendor = vendor
        self.home = home
        self.now = START
        self.pauses: list[float] = []
        self.environ = {
            f"BUYING_SIGNALS_{name}": "secret-key-of-the-user"
            for name in ("APOLLO_KEY", "HUNTER_KEY", "CRUNCHBASE_KEY", "BUILTWITH_KEY",
                         "CORESIGNAL_KEY", "HUBSPOT_TOKEN")
        }  # fmt: skip
        self.suppressions = Suppressions()
        self.config = config(vendor)
        self.state = StateStore(f"sqlite:///{home}/state.sqlite")

    def open(self, run_id: str | None = None) -> Enricher:
        return Enricher(
            self.config, self.state, self.suppressions, run_id=run_id, now=lambda: self.now,
            environ=self.environ, sleep=self.pauses.append,
        )  # fmt: skip

    def enrich(self, subject: Subject, level: str = "enrich") -> Enrichment:
        with self.open() as enricher:
            return enricher.enrich(subject, level)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def asked(self, source: str) -> list[Asked]:
        return [a for a in self.vendor.asked if a.path.startswith(f"/{source}/")]

    def rows(self) -> list[dict]:
        return self.open().known.table().to_pylist()


def outcomes(result: Enrichment) -> dict[str, str]:
    return {step.operation: step.outcome for step in result.steps}


def won(result: Enrichment) -> dict[str, tuple[str, str]]:
    return {c.field: (c.winner.source, c.winner.value) for c in result.choices if c.winner}
