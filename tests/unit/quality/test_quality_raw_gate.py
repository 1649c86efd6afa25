"""Bad rows of a day are set aside, bad batches stop the line."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest
from quality_data import DAY, opportunity

from resources.parquet import Dataset
from resources.quality.gate import check_raw
from resources.quality.results import RunHistory
from resources.quarantine import Quarantine


def quarantined(settings):
    rows = Quarantine(settings.quarantine).read("raw").to_pylist()
    return {row["record_id"]: row for row in rows}


def failures(result):
    return {(c.table, c.column, c.expectation) for c in result.checks if not c.success}


def test_a_good_day_passes_and_leaves_nothing_behind(settings, put):
    put("crm", "opportunities", [opportunity(n) for n in range(20)])
    put("lever", "jobs", [{"id": "j", "text": "Plumber", "createdAt": 1763000000000}])
    result = check_raw(settings, DAY)
    assert result.success
    assert failures(result) == set()
    assert (result.rows, result.quarantined_rows) == (21, 0)
    assert not (settings.quarantine / "raw").exists()


@pytest.mark.parametrize(
    ("changes", "column", "words"),
    [
        (
            {"Close_Date": "3201-07-01"},
            "close_date",
            "close_date is 3201-07-01; it must be between",
        ),
        ({"Close_Date": "1201-07-01"}, "close_date", "close_date is 1201-07-01"),
        (
            {"Close_Date": "next spring"},
            "close_date",
            "close_date is next spring; it must be a date",
        ),
        ({"Close_Date": "2026-02-31"}, "close_date", "close_date is 2026-02-31"),
        ({"Amount": "a lot"}, "amount", "amount is a lot; it must be a money amount"),
        ({"Amount": "-5"}, "amount", "amount is -5"),
        ({"Opportunity_ID": ""}, "opportunity_id", "opportunity_id is empty; it must have a value"),
        ({"Created_Date": None}, "created_date", "created_date is empty"),
    ],
)
def test_a_bad_row_is_set_aside_with_its_reason(settings, put, changes, column, words):
    put("crm", "opportunities", [*(opportunity(n) for n in range(9)), opportunity(9, **changes)])
    result = check_raw(settings, DAY)
    assert result.success
    assert result.quarantined_rows == 1
    rows = quarantined(settings)
    assert set(rows) == {"r9"}
    assert words in rows["r9"]["reason"]
    assert rows["r9"]["rule"].startswith(f"crm/opportunities: {column} ")
    assert (rows["r9"]["source"], rows["r9"]["stream"]) == ("crm", "opportunities")
    assert "Harbor Tools" in rows["r9"]["excerpt"]
    failed = [check for check in result.checks if not check.success]
    assert {check.column for check in failed} == {column}
    assert all("set aside; the rest of the batch goes on" in check.message for check in failed)


@pytest.mark.parametrize("amount", ["12500", "12,500.00", "$ 12,500", " 17,50,000 ", "0", "", None])
def test_money_as_people_type_it_is_accepted(settings, put, amount):
    put("crm", "opportunities", [opportunity(1, Amount=amount)])
    assert failures(check_raw(settings, DAY)) == set()


def test_too_many_bad_rows_are_a_bad_batch(settings, put):
    bad = [opportunity(n, Close_Date="3201-01-01") for n in range(11)]
    put("crm", "opportunities", [*bad, *(opportunity(n) for n in range(100, 150))])
    result = check_raw(settings, DAY)
    assert not result.success
    assert {c.expectation for c in result.blocking_failures} == {
        "expect_column_values_to_be_between",
        "rows_set_aside_to_be_within_allowance",
    }
    assert "crm/opportunities: 11 of 61 rows set aside" in result.explain()
    assert len(quarantined(settings)) == 11


def test_a_large_batch_bears_a_small_share(settings, put):
    bad = [opportunity(n, Close_Date="3201-01-01") for n in range(11)]
    put("crm", "opportunities", [*bad, *(opportunity(n) for n in range(100, 400))])
    assert check_raw(settings, DAY).success


def test_a_renamed_column_is_a_change_of_schema(settings, put):
    rows = [opportunity(n) for n in range(30)]
    for row in rows:
        row["Deal Stage"] = row.pop("Stage")
    put("crm", "opportunities", rows)
    result = check_raw(settings, DAY)
    assert [c.expectation for c in result.blocking_failures] == ["required_field_to_exist"]
    assert "not one of 30 rows has the required field Stage" in result.explain()
    # The change is one failure and not thirty rows.
    assert quarantined(settings) == {}


def test_payloads_that_are_not_json(settings, put):
    put("press", "articles", ["{truncated", *[{"outlet": "o", "title": "T", "link": "l"}] * 3])
    result = check_raw(settings, DAY)
    assert result.success
    assert {c.column for c in result.checks if not c.success} >= {"payload"}
    assert set(quarantined(settings)) == {"r0"}


def test_an_empty_board_day_after_a_full_one_stops_the_line(settings, put):
    board = {"board_token": "harbor", "jobs": {"1": "ab"}}
    put("greenhouse", "boards", [board], day=DAY - timedelta(days=3))
    put("greenhouse", "boards", [])
    result = check_raw(settings, DAY)
    assert [c.expectation for c in result.blocking_failures] == ["stream_not_to_become_empty"]
    assert "had 1 on 2026-11-17" in result.explain()


def test_an_event_stream_may_be_quiet(settings, put):
    put("crm", "opportunities", [opportunity()], day=DAY - timedelta(days=3))
    put("crm", "opportunities", [])
    assert check_raw(settings, DAY).success


def test_a_source_that_did_not_run_is_reported_and_harms_no_other(settings, put):
    put("lever", "boards", [{"board_token": "b", "jobs": {}}], day=DAY - timedelta(days=3))
    put("crm", "opportunities", [opportunity()], day=DAY - timedelta(days=3))
    put("press", "articles", [{"outlet": "o", "title": "T", "link": "l"}])
    result = check_raw(settings, DAY)
    assert result.success
    assert [c.expectation for c in result.warnings] == ["stream_to_be_fetched"]
    assert result.warnings[0].message.startswith("lever/boards was not fetched")
    assert "last on 2026-11-17" in result.warnings[0].message


def test_a_clock_that_jumped_is_seen(settings, put):
    put(
        "crm",
        "accounts",
        [{"Account ID": "a", "Account Name": "A"}],
        at=datetime(2031, 1, 1, tzinfo=UTC),
    )
    result = check_raw(settings, DAY)
    assert {c.column for c in result.checks if not c.success} == {"fetched_at"}
    assert "clock has jumped" in quarantined(settings)["r0"]["reason"]


def test_a_secret_in_a_url_is_seen(settings, put):
    put(
        "press",
        "articles",
        [{"outlet": "o", "title": "T", "link": "l"}],
        source_url="https://x.example/feed?api_key=123",
    )
    assert "source_url" in {c.column for c in check_raw(settings, DAY).checks if not c.success}


def test_a_future_date_is_only_a_warning(settings, put):
    put(
        "press",
        "articles",
        [{"outlet": "o", "title": "T", "link": "l"}],
        observed_at=datetime(2026, 12, 24, tzinfo=UTC),
    )
    result = check_raw(settings, DAY)
    assert [c.column for c in result.warnings] == ["observed_ahead_hours"]
    assert quarantined(settings) == {}


def test_a_mended_row_leaves_quarantine_and_a_rerun_changes_nothing(settings, put, tmp_path):
    put("crm", "opportunities", [opportunity(1, Close_Date="3201-01-01")])
    first = check_raw(settings, DAY)
    stamp = quarantined(settings)["r0"]["quarantined_at"]
    again = check_raw(settings, DAY)
    assert [c.message for c in again.checks] == [c.message for c in first.checks]
    assert quarantined(settings)["r0"]["quarantined_at"] == stamp
    path = settings.home / "lake/crm/opportunities/2026-11-20/part.parquet"
    path.unlink()
    put("crm", "opportunities", [opportunity(1)])
    assert check_raw(settings, DAY).quarantined_rows == 0
    assert quarantined(settings) == {}


def test_only_checks_what_is_asked_and_keeps_the_rest_of_the_run(settings, put):
    put("crm", "opportunities", [opportunity(1, Close_Date="3201-01-01")])
    put("press", "articles", [{"outlet": "o", "title": "", "link": "l"}])
    check_raw(settings, DAY)
    result = check_raw(settings, DAY, only=["press/articles"])
    assert [table.table for table in result.tables] == ["press/articles"]
    kept = RunHistory(settings.reports).runs("raw")
    assert {t.table for t in kept[-1].tables} == {"crm/opportunities", "press/articles"}
    assert len(Quarantine(settings.quarantine).read("raw")) == 2


def press_event(number, **changes):
    return {
        "detection_id": f"d{number}",
        "source": "press",
        "stream": "articles",
        "record_id": f"r{number}",
        "payload_sha256": "ab",
        "confidence": 0.9,
        "evidence": "Harbor Tools raised $5 million.",
        "company_name": "Harbor Tools",
        "signal_type": "funding_round",
        "status": "done",
        "polarity": "positive",
        "amount": 5e6,
        "published_at": datetime(2026, 11, 1, tzinfo=UTC),
        "occurred_on": date(2026, 11, 1),
    } | changes


def test_detections_are_judged_and_set_aside_under_their_record(settings):
    rows = [press_event(n) for n in range(20)]
    rows[3] |= {"confidence": 1.2}
    rows[4] |= {"signal_type": "wedding"}
    rows[5] |= {"occurred_on": date(3201, 1, 1)}
    table = pa.Table.from_pylist(rows)
    Dataset(f"{settings.detections}/press_events", table.schema, ("detection_id",)).merge(
        DAY, table
    )
    result = check_raw(settings, DAY)
    assert result.success
    found = quarantined(settings)
    assert {record: row["rule"] for record, row in found.items()} == {
        "r3": "detections/press_events: confidence column_values_to_be_between",
        "r4": "detections/press_events: signal_type column_values_to_be_in_set",
        "r5": "detections/press_events: occurred_on column_values_to_be_between",
    }
    assert found["r3"]["reason"].startswith("confidence is 1.2; it must be between 0 and 1")
    assert found["r3"]["payload_sha256"] == "ab"


def test_an_empty_home_has_nothing_to_judge(settings):
    result = check_raw(settings, DAY)
    assert (result.success, result.tables) == (True, ())
