"""Rows of a CRM by their headers."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from detection.correspondence.crm import read_crm_row, stage_of_name
from detection.errors import UnreadableError


def test_salesforce_and_hubspot_headers_give_one_row() -> None:
    salesforce = read_crm_row(
        {
            "Opportunity ID": "006A", "Opportunity Name": "Housings", "Account Name": "Kestrel Ltd",
            "Website": "https://www.kestrel.example/en", "Stage": "Proposal/Price Quote",
            "Amount": "12,500.00", "Currency": "EUR", "Close Date": "2026-09-30",
            "Last Modified": "2026-03-02T09:00:00+01:00",
        }
    )  # fmt: skip
    hubspot = read_crm_row(
        {
            "Record ID": "006A", "Deal Name": "Housings", "Associated Company": "Kestrel Ltd",
            "domain": "kestrel.example", "Deal Stage": "Proposal/Price Quote",
            "Amount": "€12,500.00", "Close Date": "September 30, 2026",
            "hs_lastmodifieddate": "2026-03-02T08:00:00Z",
        }
    )  # fmt: skip
    assert salesforce == hubspot
    assert (salesforce.domain, salesforce.stage) == ("kestrel.example", "quoting")
    assert (salesforce.amount, salesforce.currency) == (12_500.0, "EUR")
    assert salesforce.close_on == date(2026, 9, 30)
    assert salesforce.modified_at == datetime(2026, 3, 2, 8, tzinfo=UTC)


def test_own_headers_and_words_that_cannot_be_read() -> None:
    row = read_crm_row({"Nr": "7", "Qty": "many", "Close Date": "soon"}, {"record_id": "Nr"})
    assert (row.record_id, row.quantity, row.close_on) == ("7", None, None)
    assert row.faults == ("quantity", "close_date")
    with pytest.raises(UnreadableError, match="record_id"):
        read_crm_row({"Nr": "7"})


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("Closed Won", "won"), ("closedlost", "lost"), ("Negotiation/Review", "po_in_progress"),
        ("Needs Analysis", "rfq"), ("Prospecting", "research_concept"), ("Blue", None),
        (None, None),
    ],
)  # fmt: skip
def test_stage_names(name: str | None, stage: str | None) -> None:
    assert stage_of_name(name) == stage


@pytest.mark.parametrize(
    "header", ["hs_salesforceopportunityid", "Salesforce Opportunity ID", "HubSpot_Deal_Id__c"]
)
def test_the_id_in_another_crm_is_read(header: str) -> None:
    assert read_crm_row({"Id": "1", header: "006A"}).other_id == "006A"
    assert read_crm_row({"Id": "1"}).other_id is None


def test_a_deleted_or_archived_row_is_withdrawn_and_a_contact_has_a_name() -> None:
    told = read_crm_row({"Id": "1", "IsDeleted": True, "Contact.Name": "Ann Lee"})
    assert (told.is_withdrawn, told.contact_name) == (True, "Ann Lee")
    hubspot = {"hs_object_id": "1", "archived": "true", "Contact First Name": "Ann",
               "Contact Last Name": "Lee"}  # fmt: skip
    told = read_crm_row(hubspot)
    assert (told.is_withdrawn, told.contact_name) == (True, "Ann Lee")
    told = read_crm_row({"Id": "1", "Is Deleted": "No"})
    assert (told.is_withdrawn, told.contact_name) == (False, None)
