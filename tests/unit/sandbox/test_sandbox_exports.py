"""The files that the market's people export are read by the mappings of the platform."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from resources.mapped.rows import map_row
from resources.mapped.tables import Row, read_table
from resources.sources.connectors.file_drop import DroppedFile, fits
from resources.sources.declaration import load_declarations
from sandbox.exports import VENDORS, exports, write_exports
from sandbox.market import Market, MarketConfig

CONFIG = Path(__file__).resolve().parents[3] / "config"
SMALL = MarketConfig(seed=7, companies=600, start=date(2025, 1, 1), days=400)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(SMALL)


#: Drops of which the market has nothing to tell: no company of it belongs to another.
UNSERVED = {"apollo_accounts"}


@pytest.fixture(scope="module")
def files(market) -> dict[str, bytes]:
    return exports(market, SMALL.today)


def test_the_same_market_exports_the_same_files_and_changes_nothing_of_it(market, files):
    again = Market(SMALL)
    assert exports(again, SMALL.today) == files
    assert [e.event_id for e in again.events()] == [e.event_id for e in market.events()]


def test_every_file_drop_of_the_platform_is_served_and_read(market, files):
    drops = {
        name: declared
        for name, declared in load_declarations(CONFIG).sources.items()
        if declared.connector == "file_drop"
    }
    assert set(VENDORS) == set(drops) - UNSERVED
    admitted: dict[str, int] = {}
    faults: dict[str, set[str]] = {}
    for path, content in files.items():
        vendor, _, name = path.partition("/")
        file = DroppedFile(path, name, len(content), None)
        mappings = [mapping for mapping in drops[vendor].files if fits(file.name, mapping.pattern)]
        assert mappings, path
        for mapping in mappings:
            for row in read_table(content, name, mapping):
                assert isinstance(row, Row), row
                for mapped in map_row(row, mapping):
                    admitted[vendor] = admitted.get(vendor, 0) + mapped.is_admitted
                    faults.setdefault(vendor, set()).update(f.rule for f in mapped.faults)
    assert set(admitted) == set(VENDORS)
    assert min(admitted.values()) >= 2, admitted
    assert sum(admitted.values()) > 200
    assert {vendor: rules for vendor, rules in faults.items() if rules} == {
        "zoominfo": {"unreadable_value"}, "indeed": {"missing_field"},
    }  # fmt: skip


def test_files_that_are_there_stay_as_they_are(market, tmp_path):
    assert write_exports(market, SMALL.today, tmp_path) == len(exports(market, SMALL.today))
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()}
    assert write_exports(market, SMALL.today, tmp_path) == 0
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*") if p.is_file()} == before
