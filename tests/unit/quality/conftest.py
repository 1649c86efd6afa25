"""A small day of data: lake partitions, detections and a warehouse with its dbt manifest."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from quality_data import DAY

from resources.lake import Lake, Record
from resources.settings import Settings


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


@pytest.fixture
def manifest(tmp_path):
    """Write a manifest like dbt's from model and test nodes."""

    def write(**nodes):
        path = tmp_path / "manifest.json"
        path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
        return path

    return write
