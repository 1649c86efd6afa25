"""Reviewers' annotations from the state store, as the room that builds opportunities takes them.

The one place that knows both ``resources.annotations`` and ``ml.opportunities``; neither room knows
the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import yaml
from pydantic import ValidationError

from ml.opportunities.annotations import Annotation, Feedback
from ml.opportunities.records import Claim
from ml.opportunities.settings import ReviewConfig
from resources.annotations.record import Annotation as Written
from resources.annotations.store import list_annotations
from resources.config_errors import ConfigurationError, explain
from resources.state import StateStore

CONFIG = "opportunity_review.yaml"
_PER_UNIT = frozenset({"quantity", "minimum_quantity", "unit_price"})


def load_review_config(path: Path) -> ReviewConfig:
    """What ``config/opportunity_review.yaml`` asks for; the defaults where there is no such file.

    Raises ``ConfigurationError`` naming file and field.
    """
    if not path.exists():
        return ReviewConfig()
    try:
        return ReviewConfig.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path} is not valid YAML: {error}") from error
    except ValidationError as error:
        raise explain(path, error) from error


def stored_feedback(state: StateStore, as_of: date) -> Feedback:
    """What reviewers had said by the end of the day ``as_of`` (UTC)."""
    end = datetime.combine(as_of, time.min, UTC) + timedelta(days=1)
    stored = list_annotations(state)
    return feedback_of(item.annotation for item in stored if item.annotation.reviewed_at < end)


def feedback_of(written: Iterable[Written]) -> Feedback:
    """Annotations as they were written, ready to be applied."""
    return Feedback(_annotation(item) for item in written)


def _annotation(written: Written) -> Annotation:
    return Annotation(
        annotation_id=written.annotation_id,
        about=written.about,
        action=written.action,
        field=written.field,
        claim=_claim(written),
        others=written.others(),
        reviewer=written.reviewer,
        reviewed_at=written.reviewed_at,
        comment=written.comment,
    )


def _claim(written: Written) -> Claim | None:
    if written.action != "set":
        return None
    stated = written.stated()
    return Claim(
        str(written.field),
        stated.low,
        stated.high,
        "unit" if written.field in _PER_UNIT else None,
        stated.currency,
        stated.text,
        stated.day,
        evidence=written.comment,
    )
