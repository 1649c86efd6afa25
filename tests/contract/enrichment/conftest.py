from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.enrichment.desk import Desk
from tests.contract.sources.vendor import Vendor


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    vendor = Vendor()
    yield vendor
    vendor.close()


@pytest.fixture
def desk(vendor: Vendor, tmp_path: Path) -> Desk:
    return Desk(vendor, tmp_path)
