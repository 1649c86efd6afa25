"""Opportunities looked after: reviewed, judged, with their features, as rows that dbt stages.

``look_after`` takes the day's sources and gives the opportunities as reviewers want them, with the
tables of quality, annotations, accuracy, features and the day's snapshot. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from ml.opportunities.accuracy import Accuracy, accuracy_of
from ml.opportunities.annotations import NO_REVIEW, Feedback
from ml.opportunities.building import Group, build_groups, group_sources
from ml.opportunities.feedback import Outcome, outcomes_of, review_findings
from ml.opportunities.insights import Features, features_of
from ml.opportunities.quality import Quality, assess
from ml.opportunities.records import Fragment, Opportunity
from ml.opportunities.settings import QualityConfig
from resources.annotations.store import StoredAnnotation


@dataclass(frozen=True, kw_only=True)
class QualityRow:
    """The quality of one opportunity; scores 0 to 100."""

    opportunity_id: str
    quality_score: float
    completeness: float
    consistency: float
    freshness: float
    blocker_count: int
    warning_count: int
    note_count: int


@dataclass(frozen=True, kw_only=True)
class FindingRow:
    """One finding about one opportunity."""

    finding_id: str
    opportunity_id: str
    rule: str
    kind: str
    severity: str
    field: str | None
    message: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class AnnotationRow:
    """One annotation, and what became of it."""

    annotation_id: str
    about: str
    action: str
    field: str | None
    value: str | None
    currency: str | None
    other: str | None
    reviewer: str
    reviewed_at: datetime
    comment: str | None
    origin: str
    stored_at: datetime
    opportunity_id: str | None
    status: str
    value_before: str | None
    value_after: str | None


@dataclass(frozen=True, kw_only=True)
class AccuracyRow:
    """How right the platform was, by reviewers' word."""

    subject: str
    label: str
    period: str
    true_positives: int
    false_positives: int
    false_negatives: int
    precision: float | None
    recall: float | None


@dataclass(frozen=True, kw_only=True)
class SnapshotRow:
    """One opportunity on one day, as history keeps it."""

    opportunity_id: str
    title: str
    stage: str
    priority: str
    value: float | None
    currency: str | None
    quality_score: float
    completeness: float
    consistency: float
    freshness: float
    blocker_count: int
    conflict_count: int
    source_count: int
    overdue_step_count: int
    last_touched_at: datetime


#: Row type and key of each table.
TABLES: Mapping[str, tuple[type, tuple[str, ...]]] = {
    "opportunity_quality": (QualityRow, ("opportunity_id",)),
    "quality_findings": (FindingRow, ("finding_id",)),
    "opportunity_annotations": (AnnotationRow, ("annotation_id",)),
    "opportunity_accuracy": (AccuracyRow, ("subject", "label", "period")),
    "opportunity_features": (Features, ("opportunity_id",)),
    "opportunity_snapshots": (SnapshotRow, ("opportunity_id",)),
}
DESCRIPTIONS = {
    "opportunity_quality": "One row per opportunity and day joined: quality score and its parts.",
    "quality_findings": "One row per opportunity and finding: severity, message, remedy.",
    "opportunity_annotations": "One row per annotation of a reviewer and what became of it.",
    "opportunity_accuracy": "One row per subject, label and period: precision and recall.",
    "opportunity_features": "One row per opportunity and day joined: features for models.",
    "opportunity_snapshots": "One row per opportunity and day joined, as history keeps it.",
}


@dataclass(frozen=True)
class Care:
    """A day's opportunities as reviewers want them, and the rows of every table."""

    opportunities: list[Opportunity]
    rows: dict[str, list[Any]]


def look_after(
    fragments: Iterable[Fragment],
    feedback: Feedback,
    stored: Sequence[StoredAnnotation],
    config: QualityConfig,
    day: date,
) -> Care:
    """Join sources as reviewers want them, and judge what comes of it on ``day`` (UTC).

    ``stored`` are the annotations of ``feedback`` as they were written.
    """
    groups = group_sources(fragments, feedback)
    opportunities = build_groups(groups, day, feedback)
    outcomes = outcomes_of(groups, opportunities, feedback, day) if feedback else []
    reviewed = review_findings(outcomes)
    sources = _sources(groups)
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    for one in opportunities:
        group = sources[one.members[0].fragment_id]
        quality = assess(one, day, config, reviewed.get(one.opportunity_id, ()))
        review = feedback.review(group) if feedback else NO_REVIEW
        features = features_of(one, group, quality, day, review)
        rows["opportunity_quality"].append(_quality(quality))
        rows["quality_findings"] += _findings(quality)
        rows["opportunity_features"].append(features)
        rows["opportunity_snapshots"].append(_snapshot(one, quality, features))
    rows["opportunity_annotations"] = _annotations(outcomes, stored)
    rows["opportunity_accuracy"] = [
        _accuracy(found) for found in (accuracy_of(groups, feedback) if feedback else [])
    ]
    return Care(opportunities, rows)


def _sources(groups: Iterable[Group]) -> dict[str, list[Fragment]]:
    return {f.fragment_id: group for group, _ in groups for f in group}


def _quality(quality: Quality) -> QualityRow:
    return QualityRow(
        opportunity_id=quality.opportunity_id,
        quality_score=quality.score,
        completeness=quality.completeness,
        consistency=quality.consistency,
        freshness=quality.freshness,
        blocker_count=quality.count("blocker"),
        warning_count=quality.count("warning"),
        note_count=quality.count("note"),
    )


def _findings(quality: Quality) -> list[FindingRow]:
    return [
        FindingRow(
            finding_id=_hash(found.opportunity_id, found.rule, found.field or ""), **asdict(found)
        )
        for found in quality.findings
    ]


def _hash(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _annotations(
    outcomes: Iterable[Outcome], stored: Sequence[StoredAnnotation]
) -> list[AnnotationRow]:
    written = {item.annotation.annotation_id: item for item in stored}
    rows = []
    for outcome in outcomes:
        item = written[outcome.annotation.annotation_id]
        rows.append(
            AnnotationRow(
                annotation_id=outcome.annotation.annotation_id,
                **item.annotation.model_dump(),
                origin=item.origin,
                stored_at=item.stored_at,
                opportunity_id=outcome.opportunity_id,
                status=outcome.status,
                value_before=outcome.before,
                value_after=outcome.after,
            )
        )
    return rows


def _accuracy(found: Accuracy) -> AccuracyRow:
    return AccuracyRow(**asdict(found), precision=found.precision, recall=found.recall)


def _snapshot(one: Opportunity, quality: Quality, features: Features) -> SnapshotRow:
    return SnapshotRow(
        opportunity_id=one.opportunity_id,
        title=one.title,
        stage=one.stage,
        priority=one.priority,
        value=one.value,
        currency=one.currency,
        quality_score=quality.score,
        completeness=quality.completeness,
        consistency=quality.consistency,
        freshness=quality.freshness,
        blocker_count=quality.count("blocker"),
        conflict_count=features.conflict_count,
        source_count=len(one.members),
        overdue_step_count=features.overdue_step_count,
        last_touched_at=one.last_touched_at,
    )
