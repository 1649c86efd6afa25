"""What a CRM was given and is gone is taken back: closed where we made it, else let go."""

from __future__ import annotations

import csv
import io

import pytest
import yaml

from activation.crm_export import CrmExportConfig, Record
from activation.crm_withdrawals import (
    Withdrawal,
    not_yet,
    withdrawal_file,
    withdrawal_requests,
    withdrawals_of,
)
from resources.settings import PROJECT_ROOT

CONFIG = CrmExportConfig.model_validate(
    yaml.safe_load((PROJECT_ROOT / "config" / "crm_export.yaml").read_text("utf-8"))
)
GIVEN = {"opp_a": None, "opp_b": "006B", "opp_c": None, "opp_d": None}
MERGED, OWN = Withdrawal("opp_a", None, "opp_d"), Withdrawal("opp_b", "006B", None)
GONE = [MERGED, OWN, Withdrawal("opp_c", None, None)]


def test_what_is_gone_leads_to_what_it_is_one_with() -> None:
    assert withdrawals_of(GIVEN, {"opp_d"}, {"opp_a": "opp_d", "opp_d": "opp_d"}) == GONE
    assert withdrawals_of(GIVEN, set(GIVEN), {}) == []


def test_nothing_is_taken_back_where_nothing_was_joined() -> None:
    assert withdrawals_of(GIVEN, set(), {}) == []


def test_it_is_taken_back_once_and_again_where_it_leads_elsewhere() -> None:
    before = {w.external_id: w.fingerprint for w in GONE}
    assert not_yet(GONE, before) == []
    assert not_yet(GONE, before | {"opp_a": "withdrawn:opp_z"}) == [MERGED]
    # What was an opportunity at the last export.
    assert not_yet(GONE, before | {"opp_b": "5d41402a"}) == [OWN]


def test_salesforce_closes_what_we_made_and_frees_its_own() -> None:
    freed, closed = withdrawal_requests(GONE, "salesforce", CONFIG.salesforce)
    kind = {"type": "Opportunity"}
    assert freed == (
        "PATCH composite/sobjects",
        {
            "allOrNone": False,
            "records": [{"attributes": kind, "id": "006B", "Buying_Signals_Id__c": None}],
        },
    )
    path, body = closed
    assert path == "PATCH composite/sobjects/Opportunity/Buying_Signals_Id__c"
    assert body["records"][0] == {
        "attributes": kind, "Buying_Signals_Id__c": "opp_a", "StageName": "Closed Lost",
        "Description": "Withdrawn: one with opp_d.",
    }  # fmt: skip
    assert [r["Buying_Signals_Id__c"] for r in body["records"]] == ["opp_a", "opp_c"]


def test_hubspot_closes_by_our_property() -> None:
    freed, closed = withdrawal_requests(GONE, "hubspot", CONFIG.hubspot)
    assert freed[1] == {"inputs": [{"id": "006B", "properties": {"buying_signals_id": ""}}]}
    assert closed[1]["inputs"][1] == {
        "idProperty": "buying_signals_id", "id": "opp_c",
        "properties": {
            "dealstage": "closedlost", "description": "Withdrawn: no opportunity any more.",
        },
    }  # fmt: skip


def test_a_record_that_another_opportunity_takes_over_keeps_its_new_name() -> None:
    now = [Record("opp_d", "006B", "Kestrel", {})]
    assert withdrawal_requests([OWN], "salesforce", CONFIG.salesforce, now) == []


@pytest.mark.parametrize("crm", ["salesforce", "hubspot"])
def test_the_file_says_what_to_do(crm) -> None:
    target = CONFIG.target(crm)
    rows = list(csv.DictReader(io.StringIO(withdrawal_file(GONE, crm, target))))
    assert [row["What to do"] for row in rows] == ["Close", "Empty the external id", "Close"]
    assert [row[target.external_id] for row in rows] == ["opp_a", "opp_b", "opp_c"]
