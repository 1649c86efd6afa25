"""Sources and annotations in, rows of every table out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from assets.opportunity_care import DESCRIPTIONS, TABLES, Run, care_rows
from assets.opportunity_feedback import feedback_of
from detection.records import arrow_schema
from ml.opportunities.building import build_groups, group_sources
from ml.opportunities.feedback import outcomes_of
from ml.opportunities.quality import assess
from ml.opportunities.records import Claim, Fragment
from ml.opportunities.settings import QualityConfig
from resources.annotations.record import Annotation
from resources.annotations.store import StoredAnnotation
from resources.parquet import Dataset

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
AS_OF = date(2026, 3, 6)


def sources() -> list[Fragment]:
    return [
        Fragment(
            fragment_id=f"mail:{number}", kind="mail", occurred_at=DAY + timedelta(days=number),
            party=f"{number % 2}.example", claims=(Claim("quantity", 100 * number, 100 * number),),
            thread_id=str(number % 2),
        )
        for number in range(1, 4)
    ]  # fmt: skip


RUN = Run(run_id="r", run_number=1, joined_at=DAY)


def rows_of(fragments: list[Fragment], stored: list[StoredAnnotation]) -> tuple[set, dict]:
    """Ids of the opportunities, and the rows of every table."""
    feedback = feedback_of(item.annotation for item in stored)
    groups = group_sources(fragments, feedback)
    built = build_groups(groups, AS_OF, feedback)
    outcomes = outcomes_of(groups, built, feedback, AS_OF)
    qualities = {o.opportunity_id: assess(o, AS_OF, QualityConfig()) for o in built}
    return set(qualities), care_rows(groups, built, qualities, outcomes, stored, AS_OF, 60, RUN)


def test_every_opportunity_has_its_rows_in_every_table() -> None:
    said = Annotation.model_validate(
        {"about": "mail:1", "action": "set", "field": "quantity", "value": "250",
         "reviewer": "R", "reviewed_at": "2026-03-06T10:00:00Z"}
    )  # fmt: skip
    ids, rows = rows_of(sources(), [StoredAnnotation(said, "a.csv", DAY)])
    assert len(ids) == 2
    for name in ("opportunity_features", "opportunity_snapshots"):
        assert [r.opportunity_id for r in rows[name]] == sorted(ids)
    (annotation,) = rows["opportunity_annotations"]
    assert (annotation.status, annotation.value_before, annotation.value_after) == (
        "holds", "300", "250",
    )  # fmt: skip
    assert annotation.origin == "a.csv"
    accuracy = {(a.subject, a.label, a.period): a.precision for a in rows["opportunity_accuracy"]}
    assert accuracy == {("field", "quantity", p): 0.0 for p in ("2026-03", "all")}
    for name, (record, key) in TABLES.items():
        assert set(key) <= set(arrow_schema(record).names)
        assert all(isinstance(r, record) for r in rows[name])
    assert set(TABLES) == set(DESCRIPTIONS)


def test_a_second_run_gives_the_same_rows() -> None:
    first = rows_of(sources(), [])
    assert rows_of(sources()[::-1] * 2, []) == first
    assert first[1]["opportunity_annotations"] == []


def test_history_keeps_its_newest_days(tmp_path: Path) -> None:
    record, key = TABLES["opportunity_snapshots"]
    dataset = Dataset(str(tmp_path / "snapshots"), arrow_schema(record), key)
    days = [AS_OF + timedelta(days=number) for number in range(5)]
    for day in [*days, days[-1]]:
        dataset.replace(day, dataset.schema.empty_table())
    assert dataset.keep_newest(3) == days[:2]
    assert dataset.days() == days[2:]
    assert dataset.keep_newest(3) == []
