"""One small market, served over real HTTP on the loopback for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import requests

from sandbox.market import Market, MarketConfig
from sandbox.process import running_market

CONFIG = MarketConfig(seed=2, companies=160, start=date(2026, 1, 5), days=200)
DAY = "2026-07-20"


class Client(requests.Session):
    """A session that asks one server as of one day, and names a contact."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.trust_env = False
        self.url = url
        self.headers.update({"User-Agent": "tests test@example.com", "X-Sandbox-Date": DAY})

    def ask(self, path: str, **more) -> requests.Response:
        return self.get(self.url + path, timeout=20, **more)

    def search(self, **body) -> requests.Response:
        url = f"{self.url}/crunchbase/v4/data/searches/funding_rounds"
        return self.post(url, json=body, headers={"X-cb-user-key": "key"}, timeout=20)

    def fault(self, **body) -> None:
        assert self.post(f"{self.url}/_sandbox/faults", json=body, timeout=20).status_code == 201


@pytest.fixture(scope="package")
def market() -> Market:
    return Market(CONFIG)


@pytest.fixture(scope="package")
def server() -> Iterator[str]:
    with running_market(
        companies=CONFIG.companies,
        seed=CONFIG.seed,
        start=CONFIG.start,
        days=CONFIG.days,
        hang_seconds=0.0,
    ) as url:
        yield url


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    with Client(server) as made:
        yield made
        made.delete(f"{server}/_sandbox/faults", timeout=20)
