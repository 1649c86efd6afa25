"""Contracts of dbt become expectations; a shape is written down once."""

from __future__ import annotations

import pytest
from quality_data import column_test, node

from resources.quality.contract import ManifestError, read_contracts


def told(contract):
    return {(e.expect, tuple(e.columns), e.severity) for e in contract.expectations}


def test_columns_constraints_and_tests_become_expectations(manifest):
    path = manifest(
        model_a=node(
            "signals",
            "buying_signals",
            {"signal_id": "varchar!", "signal_type": "varchar", "score": "double"},
        ),
        t1=column_test("model_a", "unique", "signal_id"),
        t2=column_test("model_a", "not_null", "signal_id"),
        t3=column_test(
            "model_a", "accepted_values", "signal_type", arguments={"values": ["a", "b"]}
        ),
        t4=column_test("model_a", "not_null", "score", severity="warn"),
        t5=column_test("model_a", "relationships", "signal_id", to="x", field="y"),
    )
    contract = read_contracts(path)["signals.buying_signals"]
    assert contract.types == {"signal_id": "varchar", "signal_type": "varchar", "score": "double"}
    assert told(contract) == {
        ("column_values_to_not_be_null", ("signal_id",), "critical"),
        ("column_values_to_be_unique", ("signal_id",), "critical"),
        ("column_values_to_be_in_set", ("signal_type",), "critical"),
        ("column_values_to_not_be_null", ("score",), "warning"),
    }
    # Stated by a constraint and by a test, expected once.
    assert len(contract.expectations) == 4
    values = [e.arguments["value_set"] for e in contract.expectations if "set" in e.expect]
    assert values == [["a", "b"]]
    assert contract.key == ["signal_id"]


def test_primary_keys_of_several_columns(manifest):
    path = manifest(
        m=node(
            "leads",
            "lead_scores",
            {"company_id": "varchar", "as_of": "date", "score": "double"},
            constraints=[{"type": "primary_key", "columns": ["company_id", "as_of"]}],
        )
    )
    contract = read_contracts(path)["leads.lead_scores"]
    assert told(contract) == {
        ("column_values_to_not_be_null", ("company_id",), "critical"),
        ("column_values_to_not_be_null", ("as_of",), "critical"),
        ("compound_columns_to_be_unique", ("company_id", "as_of"), "critical"),
    }
    assert contract.key == ["company_id", "as_of"]


def test_tests_on_part_of_the_rows_and_models_without_a_contract_are_left_to_dbt(manifest):
    partial = column_test("m", "not_null", "company_id")
    partial["config"]["where"] = "is_current"
    loose = node("staging", "stg", {"x": "varchar!"})
    loose["config"]["contract"]["enforced"] = False
    path = manifest(m=node("core", "companies", {"company_id": "varchar"}), t=partial, s=loose)
    contracts = read_contracts(path)
    assert set(contracts) == {"core.companies"}
    assert contracts["core.companies"].expectations == []


def test_a_missing_manifest_says_how_to_make_it(tmp_path):
    with pytest.raises(ManifestError, match="run `dbt parse`"):
        read_contracts(tmp_path / "manifest.json")
