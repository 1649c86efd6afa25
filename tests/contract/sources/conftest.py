from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from resources.clock import Clock
from resources.lake import Lake
from resources.quarantine import Quarantine
from resources.sources.declaration import Declaration, Declarations, load_declarations
from resources.sources.ingestion import IngestReport, Services, ingest
from resources.state import StateStore
from tests.contract.sources.vendor import Vendor, fixture

CONFIG = Path(__file__).resolve().parents[3] / "config"
DAY = date(2026, 6, 15)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    yield vendor
    vendor.close()


class Market:
    """The platform's ingestion against one vendor, with a clock and pauses of its own."""

    def __init__(self, vendor: Vendor, home: Path) -> None:
        self.vendor = vendor
        self.home = home
        self.now = datetime(2026, 6, 15, 10, tzinfo=UTC)
        self.pauses: list[float] = []
        self.environ = {"SANDBOX_URL": vendor.url}
        self.changes: dict[str, dict] = {}

    def declarations(self) -> Declarations:
        loaded = load_declarations(CONFIG, "sandbox")
        sources = {}
        for name, declared in loaded.sources.items():
            values = declared.model_dump()
            # Each question is asked: what the cache does is tested on its own.
            values |= {"cache_seconds": 0, "concurrency": 2}
            if name == "press":
                values["base_urls"] = {"harbour": "${SANDBOX_URL}/feeds/harbour/feed"}
            sources[name] = Declaration.model_validate(values | self.changes.get(name, {}))
        return loaded.model_copy(update={"sources": sources})

    def services(self, *declared: Declaration) -> Services:
        """Services for the sources of the configuration, or for those declared here alone."""
        own = Declarations(
            environment="sandbox", replayable=True, sources={one.name: one for one in declared}
        )
        return Services(
            declarations=own if declared else self.declarations(),
            lake=Lake(str(self.home / "lake")),
            state=StateStore(f"sqlite:///{self.home}/state.sqlite"),
            quarantine=Quarantine(self.home / "quarantine"),
            clock=Clock(replayable=True, now=lambda: self.now),
            cache_dir=self.home / "cache",
            environ=self.environ,
            sleep=self.pauses.append,
        )

    def ingest(self, source: str, day: date = DAY) -> IngestReport:
        return ingest(source, day, self.services())

    def rows(self, source: str, stream: str) -> list[dict]:
        return Lake(str(self.home / "lake")).read(source, stream).to_pylist()

    def quarantined(self) -> list[dict]:
        return Quarantine(self.home / "quarantine").read("fetch").to_pylist()


@pytest.fixture
def market(vendor: Vendor, tmp_path: Path) -> Market:
    return Market(vendor, tmp_path)


@pytest.fixture
def listed(market: Market) -> Market:
    """The same with the list of companies and the CRM's accounts already in the lake."""
    market.vendor.on("/crm/export/company_list.csv", fixture("companies.csv"))
    for name in ("accounts", "contacts", "opportunities"):
        market.vendor.on(f"/crm/export/{name}.csv", fixture(f"{name}.csv"))
    assert market.ingest("company_list").status == "ok"
    assert market.ingest("crm").status == "ok"
    market.vendor.asked.clear()
    return market


@pytest.fixture
def fetched_at() -> datetime:
    return datetime(2026, 6, 15, 10, tzinfo=UTC)
