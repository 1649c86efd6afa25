"""Recorded answers of the real services through the same parsers. Skips where they are absent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from resources.lake import Record, to_table
from resources.sources.connectors import ashby, crunchbase, greenhouse, lever, sec_edgar

DATA = Path(os.environ.get("BUYING_SIGNALS_DATA", Path(__file__).parents[4] / "shared" / "data"))
pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"no evaluation data at {DATA}"),
]


@pytest.mark.parametrize("vendor", [greenhouse, lever, ashby], ids=lambda m: m.__name__[-10:])
def test_every_recorded_job_becomes_a_record(vendor, fetched_at):
    name = vendor.__name__.rsplit(".", 1)[1]
    files = sorted((DATA / "jobs" / "payloads").glob(f"*{name}*.json"))
    assert files
    for path in files:
        decoded = json.loads(path.read_bytes())
        jobs = decoded if isinstance(decoded, list) else decoded["jobs"]
        records = vendor.parse(path.read_bytes(), "board", fetched_at=fetched_at)
        assert len(records) == len(jobs)
        assert all(isinstance(record, Record) for record in records)
        assert [json.loads(record.payload) for record in records] == jobs
        assert to_table(records).num_rows == len(jobs)


def test_recorded_searches(fetched_at):
    for path in sorted((DATA / "funding" / "crunchbase_v4_rounds").glob("*.json")):
        records = crunchbase.parse(path.read_bytes(), fetched_at=fetched_at)
        assert [json.loads(r.payload) for r in records] == json.loads(path.read_bytes())["results"]


def test_recorded_submissions_index():
    folder = DATA / "sec" / "submissions"
    for path in sorted(folder.glob("CIK*.json")):
        if "-submissions-" in path.name:
            continue
        found = sec_edgar.parse_submissions(path.read_bytes())
        raw = json.loads(path.read_bytes())
        assert len(found.filings) == len(raw["filings"]["recent"]["accessionNumber"])
        assert [f["name"] for f in found.files] == [f["name"] for f in raw["filings"]["files"]]
        for file in found.files:
            older = sec_edgar.parse_index_file(
                (folder / file["name"]).read_bytes(), found.cik, found.name, source_url="file:"
            )
            assert len(older) == file["filingCount"]
