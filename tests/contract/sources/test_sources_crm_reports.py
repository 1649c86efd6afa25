"""A folder of the CRM's reports: rows under their own headers, each deal's newest statement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from detection.correspondence.crm import HEADERS, read_crm_row
from resources.mapped.tables import key_of
from resources.sources.connectors import crm_reports
from tests.contract.sources.conftest import DAY, Market
from tests.contract.sources.files import Folder

REPORT = (
    "Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Last Modified\n"
    "006A,Driver for Alder,Alder Rail GmbH,Proposal/Price Quote,12000,2026-06-01T08:00:00\n"
    "006B,Harness,Basalt Marine Ltd,Closed Won,900,2026-06-02T08:00:00\n"
)


@pytest.fixture
def folder(market: Market) -> Folder:
    return Folder(market, "crm_reports", ("crm_opportunities",))


def by_id(folder: Folder) -> dict[str, dict]:
    return {row["record_id"]: row for row in folder.rows()}


def test_rows_are_kept_under_their_own_headers_and_read_by_them(folder):
    folder.put("Pipeline.csv", REPORT)
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("ok", {"crm_opportunities": 2})
    row = by_id(folder)["006A"]
    assert row["payload"]["Opportunity Name"] == "Driver for Alder"
    assert row["observed_at"] == datetime(2026, 6, 1, 8, tzinfo=UTC)
    assert row["source_url"] == "file:Pipeline.csv"
    read = read_crm_row(row["payload"])
    assert (read.record_id, read.stage, read.amount) == ("006A", "quoting", 12000.0)
    assert folder.ingest().status == "unchanged"


def test_headers_of_the_users_own_name_the_id_and_are_what_the_reader_goes_by(folder):
    headers = {"record_id": "Vorgang", "name": "Betreff", "stage": "Phase", "modified_at": "Stand"}
    folder.put(
        "Bericht.csv",
        "Bericht vom 03.06.2026;;;\nVorgang;Betreff;Phase;Stand\n"
        "V-1;Treiber;Angebot (quote);2026-06-03\n;;Summe;\n".encode("cp1252"),
    )
    report = folder.ingest(options={"headers": headers})
    assert (report.new_rows, report.rejected) == ({"crm_opportunities": 1}, 1)
    [row] = folder.rows()
    assert row["record_id"] == "V-1"
    assert row["payload"]["Betreff"] == "Treiber"
    read = read_crm_row(row["payload"], headers)
    assert (read.name, read.stage, read.modified_at) == (
        "Treiber",
        "quoting",
        datetime(2026, 6, 3, tzinfo=UTC),
    )
    assert [r["rule"] for r in folder.market.quarantined()] == ["missing_id"]


def test_a_report_without_an_id_is_known_by_account_and_name(folder):
    folder.put("deals.csv", "Opportunity Name,Account Name,Stage\nPackage,Alder,Qualification\n")
    folder.ingest()
    [row] = folder.rows()
    assert row["record_id"].startswith("row:")
    assert read_crm_row(row["payload"], None, row["record_id"]).account == "Alder"
    folder.put("deals2.csv", "Opportunity Name,Account Name,Stage\nPACKAGE,alder,Closed Won\n", 9)
    folder.ingest()
    assert {r["record_id"] for r in folder.rows()} == {row["record_id"]}
    assert len(folder.rows()) == 2


def test_the_newest_statement_counts_in_whatever_order_reports_come(folder):
    newer = REPORT.replace("12000,2026-06-01", "15000,2026-06-09")
    folder.put("b.csv", newer)
    folder.put("a.csv", REPORT, hour=9)
    folder.ingest()
    folder.put("late.csv", REPORT.replace("12000,2026-06-01", "11000,2026-05-20"), hour=9)
    report = folder.ingest()
    amounts = {row["payload"]["Amount"] for row in folder.rows() if row["record_id"] == "006A"}
    assert "11000" not in amounts
    assert report.new_rows == {}


def test_a_file_that_is_no_report_and_a_wrong_field_are_named(folder):
    folder.put("a.csv", REPORT)
    folder.put("b.csv", "Contact,Phone\nAnn,1\n")
    folder.put("notes.docx", b"x")
    report = folder.ingest()
    assert (report.status, report.new_rows) == ("partial", {"crm_opportunities": 2})
    assert "b.csv: crm_reports: line 1: column" in report.error
    assert report.skipped_targets == 1
    wrong = folder.ingest(options={"headers": {"price": "Preis"}})
    assert (wrong.status, "options.headers names price" in wrong.error) == ("not_configured", True)


WHOLE = "Opportunity ID,Opportunity Name,Account Name,Stage\n"
A, B, C = (f"006{x},Deal {x},Alder,Qualification\n" for x in "ABC")


def deleted(folder: Folder) -> dict[str, bool]:
    """Whether each deal is deleted, by its last version."""
    rows = sorted(folder.rows(), key=lambda row: row["fetched_at"])
    return {row["record_id"]: read_crm_row(row["payload"]).is_withdrawn for row in rows}


def test_a_row_that_vanishes_says_nothing_unless_the_export_is_declared_complete(folder):
    days = [DAY - timedelta(days=3 - n) for n in range(4)]
    folder.put("all.csv", WHOLE + A + B + C, day=days[0])
    folder.put("open.csv", WHOLE + A, day=days[0])
    folder.ingest(days[0])
    folder.put("all.csv", WHOLE + A + B, day=days[1])
    assert folder.ingest(days[1]).new_rows == {}
    assert deleted(folder) == {"006A": False, "006B": False, "006C": False}
    complete = {"complete": ["all*.csv"]}
    assert folder.ingest(days[1], options=complete).new_rows == {"crm_opportunities": 1}
    assert deleted(folder) == {"006A": False, "006B": False, "006C": True}
    gone = next(r for r in folder.rows() if "Is Deleted" in r["payload"])
    assert (gone["payload"]["Opportunity Name"], gone["source_url"]) == ("Deal C", "file:all.csv")
    assert gone["observed_at"] == datetime(2026, 6, days[1].day, 8, tzinfo=UTC)
    assert folder.ingest(days[2], options=complete).total_new_rows == 0
    # It is back in a later file: it lives, under the words that it had.
    folder.put("all.csv", WHOLE + A + B + C, day=days[3])
    assert folder.ingest(days[3], options=complete).new_rows == {"crm_opportunities": 1}
    assert deleted(folder)["006C"] is False


def test_older_exports_of_one_folder_tell_at_once_what_is_gone(folder):
    folder.put("all_2026-05-01.csv", WHOLE + A + B + C, day=DAY - timedelta(days=20))
    folder.put("all_2026-05-20.csv", WHOLE + A + C, day=DAY - timedelta(days=2))
    folder.ingest(options={"complete": True})
    assert deleted(folder) == {"006A": False, "006B": True, "006C": False}
    assert folder.ingest(options={"complete": True}).total_new_rows == 0


def test_an_export_that_is_cut_takes_nothing_away_and_a_wrong_declaration_is_named(folder):
    before, later = DAY - timedelta(days=1), DAY
    folder.put("all.csv", WHOLE + A + B + C, day=before)
    folder.ingest(before, options={"complete": True})
    folder.put("all.csv", WHOLE + A, day=later)
    folder.ingest(later, options={"complete": True})
    assert not any(deleted(folder).values())
    [row] = folder.market.quarantined()
    assert (row["rule"], row["record_id"]) == ("incomplete_export", "all.csv")
    assert "holds 1 of 3 deals known" in row["reason"]
    share = {"complete": {"patterns": ["*.csv"], "least_share": 0.2}}
    folder.ingest(later, options=share)
    assert deleted(folder) == {"006A": False, "006B": True, "006C": True}
    for told, problem in (
        ("yes", "options.complete is 'yes'"),
        ({"least_share": 2}, "options.complete.least_share is 2"),
        ({"files": []}, "options.complete.files is []"),
    ):
        wrong = folder.ingest(options={"complete": told})
        assert (wrong.status, problem in wrong.error) == ("not_configured", True), wrong.error
        assert "write true where the folder holds one export of all deals" in wrong.error


def test_lists_of_contacts_and_leads_are_no_reports_on_opportunities(folder):
    folder.put("Contacts.csv", "Name,Email,Account Name,Title\nAnn Lee,a@x.example,Alder,Buyer\n")
    report = folder.ingest()
    assert (report.status, report.total_new_rows) == ("failed", 0)
    assert "column 'Stage' or 'Stage Name'" in report.error


def test_the_connector_and_the_reader_know_the_same_fields_and_headers():
    assert set(HEADERS) == crm_reports.FIELDS
    for field, known in (
        ("record_id", crm_reports.IDS),
        ("name", crm_reports.NAMES),
        ("account", crm_reports.ACCOUNTS),
        ("modified_at", crm_reports.TIMES),
    ):
        assert tuple(map(key_of, known)) == HEADERS[field]
    progress = {*HEADERS["stage"], *HEADERS["amount"], *HEADERS["close_date"]}
    assert set(map(key_of, crm_reports.PROGRESS)) <= progress
