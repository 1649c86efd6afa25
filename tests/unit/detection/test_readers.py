"""Readers: lake rows to detection rows, and one bad document beside good ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest

from detection.readers import READERS, read_rows, read_table
from detection.records import DETECTIONS, arrow_schema

AT = datetime(2026, 5, 20, 9, tzinfo=UTC)


def row(source: str, stream: str, payload: Any, body: bytes | None = None, n: int = 1) -> dict:
    return {
        "source": source,
        "stream": stream,
        "record_id": f"r{n}",
        "observed_at": AT,
        "fetched_at": AT,
        "source_url": "https://example.org/1",
        "payload": payload if isinstance(payload, str) else json.dumps(payload),
        "payload_sha256": f"{n:064d}",
        "body": body,
        "media_type": None,
    }


FILING = {"cik": "99", "companyName": "Fenmark Inc", "accessionNumber": "0-26-1",
          "filingDate": "2026-05-19", "items": "5.02"}  # fmt: skip
EIGHT_K = (
    b"<html><body><p>Item 5.02 Departure of Directors or Certain Officers</p><p>The Board "
    b"appointed "
    b"Ana Quill as Chief Financial Officer of the Company.</p></body></html>"
)


def test_every_detection_table_has_a_reader_of_its_record() -> None:
    assert set(READERS) == set(DETECTIONS)
    assert all(READERS[name].record is DETECTIONS[name] for name in DETECTIONS)


def test_filings_give_items_and_changes() -> None:
    rows = [row("sec_edgar", "form_8k", FILING, EIGHT_K)]
    (item,) = read_rows(READERS["filing_items"], rows).rows
    assert (item.item_code, item.cik, item.filed_on.isoformat()) == (
        "5.02",
        "0000000099",
        "2026-05-19",
    )
    (change,) = read_rows(READERS["executive_changes"], rows).rows
    assert (change.person_name, change.position) == ("Ana Quill", "Chief Financial Officer")
    assert change.detection_id != item.detection_id


def test_a_leadership_page_gives_its_people_and_an_error_page_none() -> None:
    page = {"domain": "fenmark.example", "url": "https://fenmark.example/team", "status": 200}
    body = b"<li>Ana Quill, Chief Financial Officer</li><li>Ola Fenn, Board Member</li>"
    reader = READERS["leadership_entries"]
    rows = read_rows(reader, [row("leadership_pages", "pages", page, body)]).rows
    assert [(r.person_name, r.level, r.is_board_only, r.page_url) for r in rows] == [
        ("Ana Quill", "c_suite", False, "https://fenmark.example/team"),
        ("Ola Fenn", None, True, "https://fenmark.example/team"),
    ]
    assert rows[0].evidence == "html > body > li: Ana Quill, Chief Financial Officer"
    missing = row("leadership_pages", "pages", page | {"status": 404}, body)
    assert read_rows(reader, [missing]).rows == []


def test_a_profile_gives_its_moves() -> None:
    profile = {"full_name": "Ana Quill", "experience": [
        {"active_experience": 1, "position_title": "Chief Data Officer", "company_name": "Fenmark",
         "company_website": "https://www.fenmark.example", "date_from": "May 2026"},
        {"active_experience": 0, "position_title": "Head of Data", "company_name": "Orbvane",
         "date_from": "2020", "date_to": "2026"}]}  # fmt: skip
    rows = read_rows(READERS["employee_moves"], [row("coresignal", "employees", profile)]).rows
    assert [(r.company_name, r.direction, r.changed_on.isoformat(), r.date_precision, r.confidence)
            for r in rows] == [
        ("Fenmark", "incoming", "2026-05-01", "month", 0.9),
        ("Orbvane", "outgoing", "2026-01-01", "year", 0.75),
        ("Orbvane", "incoming", "2020-01-01", "year", 0.75),
    ]  # fmt: skip
    assert rows[0].company_domain == "fenmark.example"
    assert json.loads(rows[0].earlier_companies) == ["Orbvane"]
    assert rows[0].evidence == "Ana Quill: Chief Data Officer at Fenmark since 2026-05"


def test_one_bad_document_never_stops_the_others() -> None:
    rows = [
        row("sec_edgar", "form_8k", FILING, EIGHT_K, 1),
        row("sec_edgar", "form_8k", FILING, None, 2),
        row("sec_edgar", "form_8k", "{truncated", EIGHT_K, 3),
        row("sec_edgar", "form_8k", FILING, b"<html>No heading here</html>", 4),
        row("sec_edgar", "form_8k", {"items": ""}, EIGHT_K, 5),
        row("sec_edgar", "form_8k", FILING, EIGHT_K, 6),
    ]
    result = read_rows(READERS["filing_items"], rows)
    assert [r.record_id for r in result.rows] == ["r1", "r6"]
    assert [(r.record_id, r.rule) for r in result.rejected] == [
        ("r2", "no_body"),
        ("r3", "payload_not_json"),
        ("r4", "no_items"),
        ("r5", "missing_field"),
    ]
    assert all(r.reason and r.excerpt for r in result.rejected)


def test_a_reader_that_breaks_sets_the_row_aside() -> None:
    broken = row("press", "articles", {"title": "x"})
    del broken["fetched_at"]
    broken["payload"] = json.dumps({"title": "Fenmark raises $5M seed round"})
    result = read_rows(READERS["press_events"], [broken])
    assert [r.rule for r in result.rejected] == ["reader_failed"]


def test_press_rows() -> None:
    entry = {
        "outlet": "wire", "guid": "1", "title": "Fenmark raises $5M seed round",
        "published": "Tue, 19 May 2026 08:00:00 GMT", "summary": None, "content": None,
    }  # fmt: skip
    (event,) = read_rows(READERS["press_events"], [row("press", "articles", entry)]).rows
    assert (event.company_name, event.amount, event.outlet) == ("Fenmark", 5e6, "wire")
    assert event.published_at == datetime(2026, 5, 19, 8, tzinfo=UTC)
    assert event.investors == "[]"


@pytest.mark.parametrize("published", ["year 3201", "3201-01-01", "", None, 5])
def test_an_impossible_publication_time_falls_back_to_the_rows(published: Any) -> None:
    entry = {"outlet": "wire", "title": "Fenmark raises $5M seed round", "published": published}
    (event,) = read_rows(READERS["press_events"], [row("press", "articles", entry)]).rows
    assert event.published_at == AT


def test_pages_and_error_pages() -> None:
    page = {"domain": "fenmark.com", "url": "https://fenmark.com/", "status": 200,
            "headers": {"Server": "nginx"}}  # fmt: skip
    body = b'<script src="https://js.stripe.com/v3/"></script>'
    result = read_rows(READERS["technology_detections"], [row("company_site", "pages", page, body)])
    assert [(r.technology, r.version, r.domain) for r in result.rows] == [
        ("Nginx", None, "fenmark.com"),
        ("Stripe", "3", "fenmark.com"),
    ]
    missing = row("company_site", "pages", page | {"status": 404}, body)
    assert read_rows(READERS["technology_detections"], [missing]).rows == []


def test_titles_are_given_once_whatever_the_vendor_calls_them() -> None:
    rows = [
        row("greenhouse", "jobs", {"id": 1, "title": "Head of Sales"}, n=1),
        row("ashby", "jobs", {"id": 2, "title": "Head of Sales"}, n=2),
        row("lever", "jobs", {"id": 3, "text": "CTO"}, n=3),
        row("lever", "jobs", {"id": 4, "title": "wrong field"}, n=4),
    ]
    result = read_rows(READERS["job_titles"], rows)
    assert [(r.title, r.level, r.department) for r in result.rows] == [
        ("Head of Sales", "director", "sales"),
        ("CTO", "c_suite", "engineering"),
    ]
    assert [r.rule for r in result.rejected] == ["missing_field"]


def test_tables_keep_the_schema_also_when_empty() -> None:
    rows = [row("greenhouse", "jobs", {"id": 1, "title": "Head of Sales"})]
    table, rejected = read_table(READERS["job_titles"], pa.Table.from_pylist(rows))
    assert table.schema == arrow_schema(DETECTIONS["job_titles"])
    assert (table.num_rows, rejected) == (1, [])
    empty, _ = read_table(READERS["job_titles"], pa.Table.from_pylist(rows).slice(0, 0))
    assert (empty.num_rows, empty.schema) == (0, table.schema)


def test_reading_twice_gives_the_same_ids() -> None:
    rows = [row("sec_edgar", "form_8k", FILING, EIGHT_K)]
    first = read_rows(READERS["filing_items"], rows).rows
    assert first == read_rows(READERS["filing_items"], rows).rows
