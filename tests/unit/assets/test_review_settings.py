"""From what reviewers wrote to what building takes, and the settings of quality."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from assets.opportunity_feedback import CONFIG, annotations_by, feedback_of, load_review_config
from ml.opportunities.records import Claim
from ml.opportunities.settings import ReviewConfig
from resources.annotations.record import Annotation
from resources.annotations.store import add_annotations
from resources.config_errors import ConfigurationError
from resources.settings import PROJECT_ROOT
from resources.state import StateStore


def test_a_past_day_knows_only_what_was_said_by_then(tmp_path: Path) -> None:
    said = {
        "about": "mail:1", "action": "set", "field": "unit_price", "value": "4.20-5 EUR",
        "reviewer": "R", "reviewed_at": "2026-03-02T23:59:59Z", "comment": "by phone",
    }  # fmt: skip
    later = said | {"value": "6 EUR", "reviewed_at": "2026-03-03T00:00:00Z"}
    written = [Annotation.model_validate(stated) for stated in (said, later)]
    with StateStore(f"sqlite:///{tmp_path / 'state.sqlite'}") as state:
        add_annotations(state, written, "a.csv", datetime(2026, 3, 4, tzinfo=UTC))
        known = annotations_by(state, date(2026, 3, 2))
        assert len(annotations_by(state, date(2026, 3, 3))) == 2
    (kept,) = feedback_of(item.annotation for item in known).annotations
    assert kept.claim == Claim("unit_price", 4.2, 5.0, "unit", "EUR", evidence="by phone")
    assert (kept.annotation_id, kept.subject) == (written[0].annotation_id, "unit_price")


def test_the_settings_that_are_shipped_are_the_defaults() -> None:
    assert load_review_config(PROJECT_ROOT / "config") == ReviewConfig()


def test_settings_that_cannot_be_are_told_by_file_and_field(tmp_path: Path) -> None:
    path = tmp_path / CONFIG
    assert load_review_config(tmp_path) == ReviewConfig()
    path.write_text("quality: {sla_days: {rfq: -1}}", "utf-8")
    with pytest.raises(ConfigurationError, match=r"quality.sla_days.rfq: .*greater than 0"):
        load_review_config(tmp_path)
    path.write_text("quality: [", "utf-8")
    with pytest.raises(ConfigurationError, match="not valid YAML"):
        load_review_config(tmp_path)
