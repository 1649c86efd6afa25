"""Rows and dbt nodes that the tests of the gates are made of."""

from __future__ import annotations

from datetime import date

DAY = date(2026, 11, 20)


def opportunity(number=1, **changes):
    return {
        "Opportunity ID": f"o{number}",
        "Account ID": "a1",
        "Account Name": "Harbor Tools",
        "Opportunity Name": "Fleet",
        "Stage": "Proposal",
        "Amount": "12,500.00",
        "Currency": "USD",
        "Created Date": "2026-05-01",
        "Close Date": "2026-12-24",
    } | {key.replace("_", " "): value for key, value in changes.items()}


def node(schema, name, columns, constraints=(), **more):
    return {
        "resource_type": "model",
        "schema": schema,
        "name": name,
        "alias": name,
        "config": {"contract": {"enforced": True}},
        "constraints": list(constraints),
        "columns": {
            column: {
                "name": column,
                "data_type": kind.rstrip("!"),
                "constraints": [{"type": "not_null"}] if kind.endswith("!") else [],
            }
            for column, kind in columns.items()
        },
    } | more


def column_test(model, name, column, severity="ERROR", **arguments):
    return {
        "resource_type": "test",
        "attached_node": model,
        "config": {"severity": severity, "enabled": True, "where": None},
        "test_metadata": {"name": name, "kwargs": {"column_name": column, **arguments}},
    }
