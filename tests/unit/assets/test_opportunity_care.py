"""Sources and annotations in, rows of every table out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from assets.opportunity_care import DESCRIPTIONS, TABLES, look_after
from assets.opportunity_feedback import feedback_of
from detection.records import arrow_schema
from ml.opportunities.records import Claim, Fragment
from ml.opportunities.settings import QualityConfig
from resources.annotations.record import Annotation
from resources.annotations.store import StoredAnnotation

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


def test_every_opportunity_has_its_rows_in_every_table() -> None:
    said = Annotation.model_validate(
        {"about": "mail:1", "action": "set", "field": "quantity", "value": "250",
         "reviewer": "R", "reviewed_at": "2026-03-06T10:00:00Z"}
    )  # fmt: skip
    stored = [StoredAnnotation(said, "a.csv", DAY)]
    care = look_after(sources(), feedback_of([said]), stored, QualityConfig(), AS_OF)
    ids = {o.opportunity_id for o in care.opportunities}
    assert len(ids) == 2
    for name in ("opportunity_quality", "opportunity_features", "opportunity_snapshots"):
        assert [r.opportunity_id for r in care.rows[name]] == sorted(ids)
    findings = care.rows["quality_findings"]
    assert {f.opportunity_id for f in findings} == ids
    assert len({f.finding_id for f in findings}) == len(findings)
    (annotation,) = care.rows["opportunity_annotations"]
    assert (annotation.status, annotation.value_before, annotation.value_after) == (
        "holds", "300", "250",
    )  # fmt: skip
    assert annotation.origin == "a.csv"
    accuracy = {
        (a.subject, a.label, a.period): a.precision for a in care.rows["opportunity_accuracy"]
    }
    assert accuracy == {("field", "quantity", p): 0.0 for p in ("2026-03", "all")}
    for name, (record, key) in TABLES.items():
        assert set(key) <= set(arrow_schema(record).names)
        assert all(isinstance(r, record) for r in care.rows[name])
    assert set(TABLES) == set(DESCRIPTIONS)


def test_a_second_run_gives_the_same_rows() -> None:
    first = look_after(sources(), feedback_of([]), [], QualityConfig(), AS_OF)
    again = look_after(sources()[::-1] * 2, feedback_of([]), [], QualityConfig(), AS_OF)
    assert first == again
    assert first.rows["opportunity_annotations"] == []
