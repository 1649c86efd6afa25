"""Reviewers' annotations from the state store, as the room that builds opportunities takes them.

The one place that knows both ``resources.annotations`` and ``ml.opportunities``; neither room knows
the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ml.opportunities.annotations import Annotation, Feedback
from ml.opportunities.records import Claim
from ml.opportunities.settings import ReviewConfig
from resources.annotations.record import Annotation as Written
from resources.annotations.store import StoredAnnotation, list_annotations
from resources.config_files import load_config
from resources.state import StateStore

CONFIG = "opportunity_review.yaml"
_PER_UNIT = frozenset({"quantity", "minimum_quantity", "unit_price"})


def load_review_config(folder: Path) -> ReviewConfig:
    """What ``opportunity_review.yaml`` in the folder of configuration asks for, or the defaults.

    Raises ``ConfigurationError`` naming file and field.
    """
    return load_config(folder / CONFIG, ReviewConfig)


def annotations_by(state: StateStore, as_of: date) -> list[StoredAnnotation]:
    """What reviewers had said by the end of the day ``as_of`` (UTC)."""
    end = datetime.combine(as_of, time.min, UTC) + timedelta(days=1)
    return [item for item in list_annotations(state) if item.annotation.reviewed_at < end]


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
    if written.action == "missed":
        return Claim("title", value=written.value, evidence=written.comment)
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
