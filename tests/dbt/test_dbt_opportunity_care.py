"""Reviews, features and history of opportunities, as the published tables show them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from activation import opportunity_questions as questions
from activation.opportunity_report import dashboard, render_markdown
from resources.publication import ask as answers
from tests.dbt.conftest import Rows, query, state_of
from tests.dbt.world import DAY_1, DAY_2, DAY_3

Ask = Callable[[str], Rows]
pytestmark = pytest.mark.slow

MAIL = "(select opportunity_id from opportunities.opportunities where mail_count > 0)"


def test_reviews_hold_and_say_what_was_before(ask: Ask) -> None:
    assert ask("""
        select action, field, value, status, value_before, value_after, opportunity_id is not null
        from opportunities.opportunity_annotations order by reviewed_at, field, value""") == [
        ("confirm", "stage", None, "holds", "rfq", "quoting", True),
        ("set", "payment_terms", "net 30", "superseded", None, "net 60", True),
        ("set", "payment_terms", "net 60", "holds", None, "net 60", True),
    ]
    assert ask("""
        select payment_terms, kind, authority, source_key like 'review:ann_%'
        from opportunities.opportunities join opportunities.opportunity_evidence
        using (opportunity_id) where field = 'payment_terms' and is_chosen""") == [
        ("net 60", "review", 5, True)
    ]
    assert ask("""
        select subject, label, period, "precision", recall from opportunities.opportunity_accuracy
        where period = 'all' order by 1""") == [
        ("field", "payment_terms", "all", None, 0.0),
        ("stage", "rfq", "all", 1.0, 1.0),
    ]


def test_features_are_of_the_day(ask: Ask) -> None:
    assert ask(f"""
        select stage_rank, source_count, call_count, sources_30d, waiting_for, days_to_delivery,
            our_response_hours
        from opportunities.opportunity_features where opportunity_id in {MAIL}""") == [
        (2, 3, 1, 1, "customer", (date(2026, 9, 15) - DAY_3).days, None)
    ]


def test_history_shows_every_day_and_each_change(ask: Ask, day_by_day: Path) -> None:
    assert ask(f"""
        select as_of, stage, previous_stage, stage_changed, is_current, source_count
        from opportunities.opportunity_history where opportunity_id in {MAIL} order by 1""") == [
        (DAY_1, "rfq", None, True, True, 1),
        (DAY_2, "quoting", "rfq", True, True, 2),
        (DAY_3, "quoting", "quoting", False, True, 3),
    ]
    changes = f"""
        select changed_on, from_stage, to_stage, days_held
        from opportunities.opportunity_stage_changes where opportunity_id in {MAIL} order by 1"""
    assert ask(changes) == [
        (DAY_1, None, "rfq", (DAY_2 - DAY_1).days),
        (DAY_2, "rfq", "quoting", (DAY_3 - DAY_2).days),
    ]
    # A past day knows its own past alone.
    assert query(state_of(day_by_day, DAY_1), changes) == [(DAY_1, None, "rfq", 0)]


def test_trends_count_what_the_tables_hold(ask: Ask) -> None:
    assert ask("""
        select sum(opportunity_count) = (select count(*) from opportunities.opportunities)
        from opportunities.opportunity_trends
        where dimension = 'stage' and as_of = (select max(as_of) from opportunities.opportunities)
        """) == [(True,)]


def test_every_question_of_the_report_is_answered(in_one_go: Path) -> None:
    most = {"top": 5}
    warehouse = in_one_go / "warehouse" / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        data = dashboard(
            {
                "trends": answers(connection, questions.TRENDS),
                "stage_by_priority": answers(connection, questions.STAGE_BY_PRIORITY),
                "findings_by_rule": answers(connection, questions.FINDINGS_BY_RULE),
                "conflicts": answers(connection, questions.CONFLICTS, most),
                "overdue_steps": answers(connection, questions.OVERDUE_STEPS, most | {"days": 60}),
                "stage_changes": answers(connection, questions.LATEST_CHANGES, {"top": 20}),
                "annotations_by_status": answers(connection, questions.ANNOTATIONS_BY_STATUS),
                "accuracy": answers(connection, questions.ACCURACY, {"monthly": False}),
            }
        )
        exported = answers(connection, questions.CRM_EXPORT)
    text = render_markdown(data)
    assert f"# Opportunities on {DAY_3}" in text
    assert "4.2 EUR (mail:a1@mail.example); 4.6 EUR (mail:a2@mail.example, holds)" in text
    assert [row["mail_count"] > 0 for row in exported] == [True]
