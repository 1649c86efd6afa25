"""The report says what the rows say, in JSON, Markdown and a picture, the same every time."""

from __future__ import annotations

import json
from datetime import date

from activation.opportunity_report import dashboard, draw, render_markdown

DAY, BEFORE = date(2026, 3, 4), date(2026, 3, 3)


def trend(day: date, dimension: str, label: str, count: int, quality: float) -> dict:
    return {
        "as_of": day, "dimension": dimension, "label": label, "opportunity_count": count,
        "value_usd": 1000.0 * count, "quality_score": quality, "blocker_count": 2,
        "conflict_count": 1, "overdue_step_count": 3,
    }  # fmt: skip


def answers() -> dict:
    candidate = {"source": "mail:1", "value": None, "low": 500.0, "high": 500.0,
                 "currency": None, "day": None, "is_chosen": True}  # fmt: skip
    return {
        "trends": [
            trend(BEFORE, "open", "open", 2, 50.0),
            trend(DAY, "all", "all", 4, 62.5),
            trend(DAY, "open", "open", 3, 60.25),
            trend(DAY, "stage", "rfq", 3, 60.25),
            trend(DAY, "stage", "won", 1, 70.0),
            trend(DAY, "priority", "high", 3, 60.25),
        ],
        "stage_by_priority": [{"stage": "rfq", "priority": "high", "opportunity_count": 3}],
        "findings_by_rule": [
            {"severity": "blocker", "rule": "no_quantity", "kind": "completeness",
             "opportunity_count": 2, "remedy": "Ask | for it."},
        ],
        "conflicts": [
            {"opportunity_id": "opp_1", "title": "<b>Kestrel</b>", "stage": "rfq",
             "priority": "high", "field": "quantity", "reason": "latest",
             "candidates": [candidate, candidate | {"low": 900.0, "high": 1000.0,
                            "source": "call:2", "is_chosen": False}]},
        ],
        "overdue_steps": [
            {"title": "Kestrel", "text": "Quote", "owner": None, "due_on": BEFORE, "stage": "rfq",
             "opportunity_id": "opp_1", "days_late": 1},
        ],
        "stage_changes": [],
        "annotations_by_status": [{"status": "holds", "annotation_count": 2}],
        "accuracy": [
            {"subject": "stage", "label": "rfq", "period": "all", "precision": 0.75,
             "recall": None, "true_positives": 3, "false_positives": 1, "false_negatives": 0},
        ],
    }  # fmt: skip


def test_the_dashboard_holds_every_label_and_the_newest_day() -> None:
    data = dashboard(answers())
    assert data["as_of"] == "2026-03-04"
    assert data["totals"]["all"]["opportunity_count"] == 4
    assert {s["label"]: s["opportunity_count"] for s in data["stages"]} == {
        "research_concept": 0, "rfq": 3, "quoting": 0, "po_in_progress": 0, "won": 1, "lost": 0,
    }  # fmt: skip
    assert [p["opportunity_count"] for p in data["priorities"]] == [3, 0, 0]
    assert [(t["as_of"], t["quality_score"]) for t in data["quality_trend"]] == [
        ("2026-03-03", 50.0), ("2026-03-04", 60.25),
    ]  # fmt: skip
    assert json.loads(json.dumps(data)) == data


def test_the_report_tells_it_to_people_and_runs_no_text_of_others() -> None:
    text = render_markdown(dashboard(answers()), "dashboard.png")
    assert "4 opportunities, 3 of them open, worth $3k as far as known." in text
    assert "Mean quality of the open ones 60 of 100 (+10.2 since 2026-03-03)" in text
    assert "![Open opportunities by stage, and quality over time](dashboard.png)" in text
    assert "| blocker | no quantity | 2 | Ask \\| for it. |" in text
    assert "500 (mail:1, holds); 900 to 1,000 (call:2)" in text
    assert "<b>" not in text
    assert "| 2026-03-03 | Kestrel | Quote | nobody |" in text
    assert "Annotations: 2 holds." in text
    assert "| stage | rfq | 0.75 | - | 4 |" in text
    assert "Latest changes of stage" not in text
    assert "Publication" not in text
    data = dashboard(answers()) | {"publication": "20260304T080000Z-1234"}
    assert "past their day. Publication 20260304T080000Z-1234." in render_markdown(data)
    change = {"changed_on": DAY, "title": "Kestrel", "from_stage": "rfq", "to_stage": "won"}
    text = render_markdown(dashboard(answers() | {"stage_changes": [change] * 20}))
    assert text.count("| 2026-03-04 | Kestrel | rfq | won |") == 20


def test_the_same_rows_give_the_same_bytes() -> None:
    first, second = dashboard(answers()), dashboard(answers())
    assert render_markdown(first) == render_markdown(second)
    picture = draw(first)
    assert picture is not None
    assert picture.startswith(b"\x89PNG")
    assert picture == draw(second)


def test_without_opportunities_the_report_says_so() -> None:
    data = dashboard({name: [] for name in answers()})
    assert render_markdown(data) == "# Opportunities\n\nNo opportunity is known yet.\n"
    assert draw(data) is None
