"""What goes with a day's opportunities, as rows that dbt stages; one dataclass a table.

Annotations and what became of them, how right the platform was by their word, features for models,
and the day's snapshot for history. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from assets.opportunity_feedback import feedback_of
from ml.opportunities.accuracy import Accuracy, accuracy_of
from ml.opportunities.building import Group
from ml.opportunities.feedback import Outcome
from ml.opportunities.insights import Features, features_of
from ml.opportunities.quality import Quality
from ml.opportunities.quality_rules import late_steps
from ml.opportunities.records import Opportunity
from resources.annotations.store import StoredAnnotation


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a snapshot says of the run that left it."""

    run_id: str
    run_number: int
    joined_at: datetime


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
    """One opportunity as one run left it, as history keeps it."""

    #: Hash of what the run made: one that makes the same on one day leaves no other snapshot. The
    #: three are None of before runs were told apart.
    run_id: str | None
    #: From 1 on each day; the last one holds for the day.
    run_number: int | None
    joined_at: datetime | None
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
    "opportunity_annotations": (AnnotationRow, ("annotation_id",)),
    "opportunity_accuracy": (AccuracyRow, ("subject", "label", "period")),
    "opportunity_features": (Features, ("opportunity_id",)),
    "opportunity_snapshots": (SnapshotRow, ("run_number", "opportunity_id")),
}
DESCRIPTIONS = {
    "opportunity_annotations": "One row per annotation of a reviewer and what became of it.",
    "opportunity_accuracy": "One row per subject, label and period: precision and recall.",
    "opportunity_features": "One row per opportunity and day joined: features for models.",
    "opportunity_snapshots": "One row per opportunity and run, as history keeps it.",
}


def care_rows(
    groups: Sequence[Group],
    opportunities: Iterable[Opportunity],
    qualities: Mapping[str, Quality],
    outcomes: Iterable[Outcome],
    stored: Sequence[StoredAnnotation],
    day: date,
    overdue_days: int,
    run: Run,
) -> dict[str, list[Any]]:
    """Rows of every table in ``TABLES`` for the opportunities that ``run`` joined on ``day`` (UTC).

    ``qualities`` are by opportunity, ``stored`` the annotations written by then and ``outcomes``
    what became of them. A next step counts as late after ``overdue_days``, as in findings and
    report.
    """
    feedback = feedback_of(item.annotation for item in stored)
    sources = {f.fragment_id: group for group, _ in groups for f in group}
    rows: dict[str, list[Any]] = {name: [] for name in TABLES}
    for one in opportunities:
        group = sources[one.members[0].fragment_id]
        quality = qualities[one.opportunity_id]
        features = features_of(one, group, quality, day, feedback.review(group))
        rows["opportunity_features"].append(features)
        rows["opportunity_snapshots"].append(_snapshot(one, quality, features, overdue_days, run))
    rows["opportunity_annotations"] = _annotations(outcomes, stored)
    if feedback:
        rows["opportunity_accuracy"] = [_accuracy(a) for a in accuracy_of(groups, feedback)]
    return rows


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


def _snapshot(
    one: Opportunity, quality: Quality, features: Features, overdue_days: int, run: Run
) -> SnapshotRow:
    return SnapshotRow(
        **asdict(run),
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
        overdue_step_count=len(late_steps(one.next_steps, features.as_of, overdue_days)),
        last_touched_at=one.last_touched_at,
    )
