"""A small day of data: lake partitions, detections and a warehouse with its dbt manifest."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from resources.lake import Lake, Record
from resources.settings import Settings

DAY = date(2026, 11, 20)
FETCHED = datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def put(settings):
    """Write payloads of a stream for a day, as a connector does."""

    def write(source, stream, payloads, day=DAY, at=None, **more):
        at = at or datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
        records = [
            Record(
                source=source,
                stream=stream,
                record_id=f"r{number}",
                observed_at=more.get("observed_at", at),
                fetched_at=at,
                source_url=more.get("source_url", "https://vendor.example/r"),
                payload=payload if isinstance(payload, str) else json.dumps(payload),
                body=more.get("body"),
            )
            for number, payload in enumerate(payloads)
        ]
        Lake(settings.lake).write(source, stream, day, records)

    return write


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


@pytest.fixture
def manifest(tmp_path):
    """Write a manifest like dbt's from model and test nodes."""

    def write(**nodes):
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
        return path

    return write
