"""All sources against the simulated market: faults leave no trace once they are over."""

from __future__ import annotations

import json
import shutil
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resources.settings import Settings
from resources.sources.ingestion import IngestReport, Services, ingest, open_services
from resources.sources.registry import SOURCES, all_streams
from sandbox.process import running_market
from tests.contract.sources.conftest import CONFIG

pytestmark = pytest.mark.xdist_group("sources_market")


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    start = datetime.now(UTC).date() - timedelta(days=300)
    with running_market(companies=100, start=start, days=300, hang_seconds=0.01) as url:
        yield url


def services(home: Path, address: str) -> Services:
    settings = Settings(home=home, config_dir=CONFIG, environment="sandbox")
    return open_services(settings, environ={"SANDBOX_URL": address})


def ingest_all(opened: Services) -> dict[str, IngestReport]:
    day = opened.clock.today()
    return {source: ingest(source, day, opened) for source in SOURCES}


def content(opened: Services) -> dict[tuple[str, str], dict[str, str]]:
    return {stream: opened.lake.versions(*stream) for stream in all_streams()}


#: Asked for only when a notification names a company, and none has come here.
UPON_NOTICE = {("coresignal", "companies")}


@pytest.fixture(scope="module")
def clean(address, tmp_path_factory) -> dict[tuple[str, str], dict[str, str]]:
    opened = services(tmp_path_factory.mktemp("clean"), address)
    reports = ingest_all(opened)
    assert {r.status for r in reports.values()} <= {"ok", "partial"}
    stored = content(opened)
    assert {stream for stream in all_streams() if not stored[stream]} == UPON_NOTICE
    again = ingest_all(opened)
    assert sum(report.total_new_rows for report in again.values()) == 0
    return stored


def fault(address: str, kind: str | None) -> None:
    body = {"source": "*", "kind": kind, "rate": 0.3, "seed": 3, "seconds": 0.01, "count": None}
    request = urllib.request.Request(
        f"{address}/_sandbox/faults",
        data=json.dumps(body).encode() if kind else None,
        headers={"Content-Type": "application/json"},
        method="POST" if kind else "DELETE",
    )
    urllib.request.urlopen(request, timeout=10).close()


PAGES = {("company_site", "pages"), ("leadership_pages", "pages")}
#: Faults that leave a page which looks like a page: it stands as that day's scan, because a site is
#: read once a day (its leadership page once a week); the next scan puts it right.
PAGE_FAULTS = {"truncated_json", "schema_drift", "html_instead"}


@pytest.mark.parametrize(
    "kind", ["http_500", "http_429", "truncated_json", "schema_drift", "html_instead", "huge_page"]
)
def test_after_faults_the_next_run_has_all_that_a_clean_one_has(address, clean, tmp_path, kind):
    opened = services(tmp_path, address)
    fault(address, kind)
    try:
        reports = ingest_all(opened)
    finally:
        fault(address, None)
    assert set(reports) == set(SOURCES)
    # A later run comes after the cache's hour.
    shutil.rmtree(tmp_path / "http_cache", ignore_errors=True)
    ingest_all(opened)
    stored = content(opened)
    missing = {
        stream: sorted(set(rows.items()) - set(stored[stream].items()))
        for stream, rows in clean.items()
        if stream not in PAGES or kind not in PAGE_FAULTS
    }
    assert {stream: rows for stream, rows in missing.items() if rows} == {}
