"""A bad batch stops the line before it reaches anybody."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest

from resources.lake import Record

pytestmark = pytest.mark.slow

#: Enough to be more than the gate's allowance for single bad rows.
BAD_ROWS = 40


@pytest.fixture(scope="module")
def bad_day(house):
    """A day on which the CRM's export has gone wrong: years like 3201, no stage."""
    day = house.tomorrow + timedelta(days=1)
    moment = datetime.combine(day, time(23, 0), tzinfo=UTC)
    records = [
        Record(
            source="crm",
            stream="opportunities",
            record_id=f"006BAD{number:05d}",
            observed_at=moment,
            fetched_at=moment,
            source_url=None,
            payload=json.dumps(
                {
                    "Opportunity ID": f"006BAD{number:05d}",
                    "Account Name": "Nobody Ltd",
                    "Stage": "Prospecting",
                    "Amount": "1000",
                    "Created Date": "2025-07-01",
                    "Close Date": "3201-01-01",
                }
            ),
        )
        for number in range(BAD_ROWS)
    ]
    house.line.services.lake.write("crm", "opportunities", day, records)
    before = house.published(), house.deliveries(), house.line.settings.warehouse.stat().st_mtime_ns
    ok = house.run(day)
    return day, ok, before


def test_a_failed_gate_holds_the_line(house, bad_day):
    _, ok, (publication, deliveries, warehouse) = bad_day
    assert not ok
    steps = house.steps()
    assert steps["ingest_press"] == "SUCCESS", "every source is still fetched"
    assert not {"warehouse", "train_models", "published__buying_signals"} & {
        step for step, status in steps.items() if status == "SUCCESS"
    }
    assert house.line.settings.warehouse.stat().st_mtime_ns == warehouse
    assert house.published().version == publication.version
    assert house.line.alert()
    assert house.deliveries() == deliveries


def test_what_was_set_aside_says_why(house, bad_day):
    day, _, _ = bad_day
    rows = [
        row
        for row in house.line.services.quarantine.dataset("raw").read([day]).to_pylist()
        if row["record_id"].startswith("006BAD")
    ]
    assert {row["record_id"] for row in rows} == {f"006BAD{n:05d}" for n in range(BAD_ROWS)}
    assert {(row["source"], row["stream"]) for row in rows} == {("crm", "opportunities")}
    assert all("3201" in row["reason"] for row in rows)


def test_the_person_at_the_terminal_reads_which_gate_and_what_to_do(house, bad_day):
    said = house.output.getvalue()
    assert "raw_gate" in said
    assert "holds the line" in said
    assert "crm/opportunities" in said


def test_other_days_are_not_held(house, bad_day):
    """The bad day's partition stays out; what was published before can still be read."""
    assert house.query("SELECT count(*) FROM leads.leads", house.published())[0][0] > 0
    opportunities = "SELECT count(*) FROM opportunities.crm_opportunities WHERE name LIKE 'Nobody%'"
    assert house.query(opportunities, house.published()) == [(0,)]
