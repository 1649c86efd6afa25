"""A real SIGKILL in the middle of an ingest: the lake stays readable and the next run completes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.contract.sources.conftest import DAY
from tests.contract.sources.vendor import fixture

ROOT = Path(__file__).resolve().parents[3]
COMPANIES = 12

#: Runs one ingest and kills itself when the named function is entered for the n-th time.
CHILD = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from tests.contract.sources.conftest import DAY, Market

    where, times, url, home = sys.argv[1], int(sys.argv[2]), sys.argv[3], Path(sys.argv[4])

    def deadly(function):
        left = [times]
        def wrapper(*arguments, **named):
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **named)
        return wrapper

    import resources.parquet, resources.sources.ingestion as ingestion
    from resources.http import PoliteSession
    if where == "request":
        PoliteSession.get = deadly(PoliteSession.get)
    elif where == "rename":
        resources.parquet.os.replace = deadly(os.replace)
    elif where == "cursors":
        ingestion.set_cursors = deadly(ingestion.set_cursors)
    elif where == "report":
        ingestion.record_source_run = deadly(ingestion.record_source_run)

    class Address:
        pass
    vendor = Address()
    vendor.url = url
    Market(vendor, home).ingest(sys.argv[5], DAY)
    """
)


def run_to_death(market, source: str, where: str, times: int) -> None:
    child = subprocess.run(
        [
            sys.executable,
            "-c",
            CHILD,
            where,
            str(times),
            market.vendor.url,
            str(market.home),
            source,
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr


@pytest.mark.parametrize(
    ("where", "times"),
    [("request", 5), ("rename", 0), ("rename", 1), ("report", 0)],
)
def test_killed_ingest_is_completed_by_the_next(market, where, times):
    rows = b"name,domain,job_board\n" + b"".join(
        b"C%d,c%d.com,greenhouse:b%d\n" % (n, n, n) for n in range(COMPANIES)
    )
    market.vendor.on("/crm/export/company_list.csv", rows)
    market.ingest("company_list")
    for n in range(COMPANIES):
        market.vendor.on(f"/greenhouse/v1/boards/b{n}/jobs", fixture("greenhouse.json"))
    market.services().lake.ensure([("greenhouse", "jobs"), ("greenhouse", "boards")])
    market.services().quarantine.dataset("fetch").ensure()
    run_to_death(market, "greenhouse", where, times)

    # Readable as it is: each stream holds all of an answer or nothing of it.
    assert len(market.rows("greenhouse", "jobs")) in (0, 2 * COMPANIES)
    assert len(market.rows("greenhouse", "boards")) in (0, COMPANIES)

    report = market.ingest("greenhouse", DAY)
    assert report.status in ("ok", "unchanged")
    jobs = [(r["record_id"], r["payload_sha256"]) for r in market.rows("greenhouse", "jobs")]
    assert len(jobs) == len(set(jobs)) == 2 * COMPANIES
    assert len(market.rows("greenhouse", "boards")) == COMPANIES


def test_killed_between_lake_and_cursor_doubles_nothing(listed):
    from tests.contract.sources.test_sources_ingest import edgar

    edgar(listed)
    run_to_death(listed, "sec_edgar", "cursors", 0)
    assert len(listed.rows("sec_edgar", "form_8k")) == 2
    assert listed.ingest("sec_edgar").status == "unchanged"
    assert len(listed.rows("sec_edgar", "form_8k")) == 2
