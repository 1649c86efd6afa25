"""Files for a CRM's import and the bodies of its API: exact, in order, and only what changed."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
import yaml
from pydantic import ValidationError

from activation.crm_export import (
    BATCH,
    STAGES,
    CrmExportConfig,
    changed,
    import_file,
    not_deleted,
    records_of,
    requests_of,
)
from detection.correspondence.crm import read_crm_row, stage_of_name
from resources.settings import PROJECT_ROOT

CONFIG = CrmExportConfig.model_validate(
    yaml.safe_load((PROJECT_ROOT / "config" / "crm_export.yaml").read_text("utf-8"))
)


def row(number: int = 1, **changes: object) -> dict[str, object]:
    return {
        "opportunity_id": f"opp_{number:020x}", "title": "Kestrel: driver", "stage": "quoting",
        "customer_name": "Kestrel", "customer_domain": "kestrel.example", "priority": "high",
        "value": 4400.0, "currency": "USD", "value_is_inferred": True, "unit": "unit",
        "unit_low": 500.0, "unit_high": 1000.0, "price_low": 4.4, "price_high": 4.4,
        "decision_on": date(2026, 4, 1), "close_on": None, "delivery_on": date(2026, 6, 1),
        "stage_evidence": "Our offer.", "mail_count": 2, "call_count": 1, "crm_count": 0,
        "crm_records": None, "next_step_text": "Send samples", "crm_withdrawn": "[]",
        "reviewed_at": None,
        "last_touched_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
    } | changes  # fmt: skip


def test_salesforce_is_told_by_external_id() -> None:
    target = CONFIG.salesforce
    (told,) = requests_of(records_of([row()], "salesforce", target), "salesforce", target)
    assert told == (
        "PATCH composite/sobjects/Opportunity/Buying_Signals_Id__c",
        {
            "allOrNone": False,
            "records": [
                {
                    "attributes": {"type": "Opportunity"},
                    "Buying_Signals_Id__c": "opp_00000000000000000001",
                    "Name": "Kestrel: driver",
                    "StageName": "Proposal/Price Quote",
                    "Amount": 4400.0,
                    "CloseDate": "2026-04-01",
                    "TotalOpportunityQuantity": 1000.0,
                    "NextStep": "Send samples",
                    "Description": "Quantity: 500 to 1,000\nPrice per unit: 4.4 USD\n"
                    "The worth is quantity times price.\nDelivery: 2026-06-01\n"
                    "Stage says: Our offer.\nSources: 2 mails, 1 calls, 0 CRM rows",
                }
            ],
        },
    )


def test_hubspot_is_told_by_id_property_and_in_text() -> None:
    target = CONFIG.hubspot
    ((path, body),) = requests_of(records_of([row()], "hubspot", target), "hubspot", target)
    assert path == "POST crm/v3/objects/deals/batch/upsert"
    (told,) = body["inputs"]
    assert (told["idProperty"], told["id"]) == ("buying_signals_id", "opp_00000000000000000001")
    properties = told["properties"]
    assert properties["closedate"] == "2026-04-01T00:00:00Z"
    assert (properties["amount"], properties["dealstage"], properties["hs_priority"]) == (
        "4400", "presentationscheduled", "high",
    )  # fmt: skip
    assert all(isinstance(value, str) for value in properties.values())


@pytest.mark.parametrize(
    ("crm", "path", "listed", "named"),
    [
        ("salesforce", "PATCH composite/sobjects", "records", "id"),
        ("hubspot", "POST crm/v3/objects/deals/batch/update", "inputs", "id"),
    ],
)
def test_what_the_crm_has_is_updated_not_doubled(crm, path, listed, named) -> None:
    target = CONFIG.target(crm)
    known = row(
        2,
        crm_records=[
            {"source": "another_crm", "record_id": "5"},
            {"source": crm, "record_id": "0061"},
        ],
    )
    foreign = row(3, crm_records=[{"source": "another_crm", "record_id": "77"}])
    told = requests_of(records_of([foreign, known], crm, target), crm, target)
    assert [len(body[listed]) for _, body in told] == [1, 1]
    assert told[0][0] == path
    assert told[0][1][listed][0][named] == "0061"
    assert target.external_id in str(told[0][1])
    assert "77" not in str(told[1][1])


GONE = '[{"source": "salesforce", "record_id": "006A", "told_at": "2026-03-05T09:00:00+00:00"}]'


def test_a_deal_that_people_deleted_in_the_crm_is_not_made_again() -> None:
    target = CONFIG.salesforce
    rows = [
        row(1, crm_withdrawn=GONE),
        # Another row of it stands in the CRM; a reviewer spoke of it since; in another CRM it may.
        row(2, crm_withdrawn=GONE, crm_records=[{"source": "salesforce", "record_id": "006B"}]),
        row(3, crm_withdrawn=GONE, reviewed_at=datetime(2026, 3, 6)),
        row(4, crm_withdrawn=GONE, reviewed_at=datetime(2026, 3, 4, tzinfo=UTC)),
        row(5),
    ]
    told, deleted = not_deleted(rows, target)
    assert deleted == [rows[0]["opportunity_id"], rows[3]["opportunity_id"]]
    assert told == [rows[1], rows[2], rows[4]]
    assert not_deleted(rows, CONFIG.hubspot) == (rows, [])


def test_batches_are_as_large_as_the_api_takes_and_in_stable_order() -> None:
    rows = [row(number) for number in range(450)]
    for crm in ("salesforce", "hubspot"):
        target = CONFIG.target(crm)
        told = requests_of(records_of(rows, crm, target), crm, target)
        again = requests_of(records_of(rows[::-1], crm, target), crm, target)
        sizes = [len(body.get("records", body.get("inputs"))) for _, body in told]
        assert told == again
        assert max(sizes) == BATCH[crm]
        assert sum(sizes) == 450


def test_only_what_changed_is_given_again() -> None:
    target = CONFIG.salesforce
    first = records_of([row(1), row(2)], "salesforce", target)
    exported = {r.external_id: r.fingerprint for r in first}
    assert changed(first, {}) == first
    assert changed(first, exported) == []
    moved = records_of([row(1), row(2, stage="won")], "salesforce", target)
    assert [r.external_id for r in changed(moved, exported)] == ["opp_00000000000000000002"]
    # Columns that no CRM is told of are no change.
    touched = row(2, last_touched_at=datetime(2026, 3, 9, tzinfo=UTC), quality_score=3)
    assert changed(records_of([row(1), touched], "salesforce", target), exported) == []


def test_the_import_file_reads_back_as_the_same_deal() -> None:
    """Our own reader of CRM rows knows the headers, so the round trip closes."""
    for crm in ("salesforce", "hubspot"):
        target = CONFIG.target(crm)
        known = row(crm_records=[{"source": crm, "record_id": "0061"}])
        text = import_file(records_of([known], crm, target), crm, target)
        (line,) = csv.DictReader(io.StringIO(text))
        got = read_crm_row(line)
        assert (got.record_id, got.name, got.stage) == ("0061", "Kestrel: driver", "quoting")
        assert (got.amount, got.close_on) == (4400.0, date(2026, 4, 1))
        assert line[target.external_id] == "opp_00000000000000000001"


def test_the_shipped_stages_are_those_that_our_reader_knows_again() -> None:
    told = CONFIG.salesforce.stages
    assert {s: stage_of_name(told[s]) for s in STAGES} == {s: s for s in STAGES}


def test_a_spreadsheet_runs_nothing() -> None:
    target = CONFIG.salesforce
    records = records_of([row(title="=HYPERLINK(1)", next_step_text="@x")], "salesforce", target)
    text = import_file(records, "salesforce", target)
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["Opportunity Name"], line["Next Step"]) == ("'=HYPERLINK(1)", "'@x")


def test_what_is_unknown_is_left_out_and_never_wipes_the_crm() -> None:
    empty = row(
        value=None, unit_low=None, unit_high=None, price_low=None, price_high=None,
        decision_on=None, delivery_on=None, next_step_text=None, stage_evidence=None,
        value_is_inferred=False, currency=None,
    )  # fmt: skip
    (deal,) = records_of([empty], "hubspot", CONFIG.hubspot)
    assert set(deal.values) == {"name", "pipeline", "stage", "priority", "description"}
    (opportunity,) = records_of([empty], "salesforce", CONFIG.salesforce)
    # Salesforce takes none without a close date, so one is assumed and said to be.
    assert opportunity.values["close_date"] == date(2026, 5, 31)
    assert opportunity.values["description"].endswith("The close date is assumed.")


def test_an_amount_in_another_currency_is_no_amount_of_the_crms() -> None:
    euros = row(currency="EUR")
    (told,) = records_of([euros], "salesforce", CONFIG.salesforce)
    assert "amount" not in told.values
    assert "Worth: 4,400 EUR" in told.values["description"]
    several = CONFIG.salesforce.model_copy(update={"has_currencies": True})
    (told,) = records_of([euros], "salesforce", several)
    assert (told.values["amount"], told.values["currency"]) == (4400.0, "EUR")


def test_settings_name_every_stage() -> None:
    with pytest.raises(ValidationError, match="nothing for research_concept"):
        CONFIG.salesforce.model_validate({"external_id": "X__c", "stages": {"won": "Won"}})
