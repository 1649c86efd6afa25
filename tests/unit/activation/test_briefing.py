"""What a seller reads: complete, in 100 columns, and plain about what is not known."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime

import duckdb
from rich.console import Console

from activation.briefing import (
    Places,
    brief,
    default_query,
    render,
    render_markdown,
    score_lines,
    show,
    where_to_look,
)
from tests.unit.activation.rows import TODAY, lead, signal

MODELS = [
    {
        "model_name": "timeline",
        "model_version": "3",
        "status": "trained",
        "alias": "champion",
        "train_rows": 31_000,
        "train_events": 410,
    },
    {
        "model_name": "deal_size",
        "model_version": None,
        "status": "not_trained",
        "reason": "12 won deals, 50 are needed",
    },
]
POINTS = [
    {
        "organisation_id": "default",
        "icp_profile_id": "default",
        "company_id": "c0",
        "component": component,
        "rule_id": rule,
        "points": points,
        "max_points": most,
        "weight": weight,
    }
    for component, rule, points, most, weight in [
        ("intent", "recent_funding", 30.0, 30.0, 0.4),
        ("intent", "hiring_relevant_roles", 25.0, 25.0, 0.4),
        ("intent", "technology_change", 0.0, 20.0, 0.4),
        ("fit", "icp_industry", 25.0, 25.0, 0.35),
    ]
]


def printed(renderable, width: int = 100) -> str:
    console = Console(width=width, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(renderable)
    return capture.get()


def made(**changes):
    leads = [lead(f"c{number}", lead_score=90.0 - number) for number in range(12)]
    signals = [
        signal("s1", "c0"),
        *(
            signal(
                f"j{number}",
                "c0",
                signal_type="job_posting",
                title=f"Hiring engineer {number}",
                signal_strength="very_strong",
                relevance_score=99.0,
                primary_source="greenhouse",
            )
            for number in range(9)
        ),
        signal("old", "c1", occurred_at=datetime(2025, 1, 1)),
    ]
    values = {
        "leads": leads,
        "signals": signals,
        "points": POINTS,
        "models": MODELS,
        "as_of": TODAY,
        "alerts": {"delivered": 17, "in_digest": 4},
    }
    return brief(**values | changes)


def test_the_choice():
    briefing = made()
    assert [item.rank for item in briefing.leads] == list(range(1, 11))
    assert briefing.scored == 12
    first = briefing.leads[0]
    assert [item.signal_type for item in first.reasons] == ["job_posting", "funding_round"]
    assert len(first.details) == 5
    assert [item.signal_type for item in first.details[:2]] == ["job_posting", "funding_round"]
    assert briefing.leads[1].reasons == ()
    assert len(first.points) == 4
    assert briefing.leads[3].points == ()


def test_score_lines_show_where_a_score_comes_from():
    assert score_lines(made().leads[0]) == [
        "intent 75.00 x 0.40 = 30.00: recent funding 30/30, hiring relevant roles 25/25",
        "fit 85.00 x 0.35 = 29.75: icp industry 25/25",
    ]


def test_the_terminal_version_fits_and_says_everything():
    text = printed(render(made()))
    assert max(map(len, text.splitlines())) <= 100
    for piece in (
        "Top leads as of 2026-03-20 (12 scored: 12 hot)",
        "Company c0",
        "62 days",
        "(30–150)",
        "61%",
        "$48k",
        "($20k–$110k)",
        "$35k",
        "2026-03-12",
        "SEC EDGAR, 3 sources, 2 independent",
        "https://www.sec.gov/Archives/edgar/data/1/primary_doc.xml",
        "nothing new in 90 days",
        "Model timeline: version 3 (champion), trained on 31,000 rows with 410 events",
        "Model deal size: not trained: 12 won deals, 50 are needed",
        "Alerts: 17 delivered, 4 told in a digest",
        "recent funding 30/30",
    ):
        assert piece in text, piece


def test_without_models_it_says_so():
    bare = lead("c0")
    for column in ("expected_days", "lower_days", "upper_days", "probability_90d"):
        del bare[column]
    for column in ("amount_p10", "amount_p50", "amount_p90", "expected_value"):
        bare[column] = None
    text = printed(render(made(leads=[bare], models=[])))
    assert "No model has been trained yet: timing, probability and deal size are not known." in text
    assert "None" not in text
    assert "nan" not in text


def test_a_bound_is_no_estimate():
    slow = lead("c0", expected_days=None, lower_days=180.0, upper_days=None)
    text = printed(render(made(leads=[slow])))
    assert "not before" in text
    assert "no sooner than 180 days" in render_markdown(made(leads=[slow]))


def test_names_and_titles_from_outside_are_only_text():
    odd = lead("c0", company_name="[bold]Acme[/bold] \x1b[31m|GmbH")
    news = signal("s1", "c0", title="<script> [red]x[/red] | `y`", source_url="javascript:1")
    briefing = made(leads=[odd], signals=[news])
    text = printed(render(briefing))
    assert "[bold]Acme[/bold]" in " ".join(text.split()) or "[bold]Acme[/b" in text
    assert "\x1b" not in text
    assert "javascript" not in text
    page = render_markdown(briefing)
    assert "<script>" not in page
    assert "\\<script\\>" in page
    assert "javascript" not in page


def test_the_page_is_a_table_with_details():
    page = render_markdown(made(simulated=True))
    lines = page.splitlines()
    assert lines[0] == ("## Top leads of the simulated market as of 2026-03-20 (12 scored: 12 hot)")
    rows = [line for line in lines if line.startswith("| ")]
    assert len(rows) == 12
    assert all(row.count(" | ") == 8 for row in rows)
    assert "### 3. Company c2" in lines
    assert "### 4. Company c3" not in lines
    assert any(
        line.startswith("- 2026-03-12: Raised $24M Series B ([SEC EDGAR](<") for line in lines
    )


def test_no_leads():
    assert "No lead has been scored yet." in printed(render(made(leads=[])))
    assert "No lead has been scored yet." in render_markdown(made(leads=[]))


PUBLISHED = "/var/lib/buying-signals/a-rather-long-folder/published/current/buying_signals.duckdb"


def places(published: str) -> Places:
    return Places(
        ui_command="make ui   (http://localhost:3000)",
        published=published,
        query=default_query(published, sys.executable),
        mlflow_command="make ui   (http://localhost:5000)",
        quality_report="/var/lib/buying-signals/reports/data_quality/index.html",
        inbox="/var/lib/buying-signals/inbox",
    )


def test_commands_and_paths_are_printed_whole():
    console = Console(width=100, color_system=None)
    with console.capture() as capture:
        show(console, made(), places(PUBLISHED))
    text = capture.get()
    for value in (
        PUBLISHED,
        "/var/lib/buying-signals/inbox",
        default_query(PUBLISHED, sys.executable),
    ):
        assert value in text


def test_the_query_runs_as_printed(tmp_path):
    published = str(tmp_path / "buying_signals.duckdb")
    with duckdb.connect(published) as db:
        db.execute(
            "create schema leads; create schema core;"
            "create table core.companies as select 'c1' as company_id, 'Acme' as name;"
            "create table leads.lead_scores as "
            "select 'c1' as company_id, 84.0 as lead_score, 'hot' as tier"
        )
    text = str(where_to_look(places(published)))
    start = text.index(sys.executable)
    command = text[start:].splitlines()[0]
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    assert "Acme" in answer.stdout


def test_the_buying_stage_is_told_with_its_reason() -> None:
    staged = lead("c1", buying_stage="decision", stage_reason="Deal: Proposal")
    assert "Buying stage: decision (Deal: Proposal)" in printed(render(made(leads=[staged])))
    assert "Buying stage" not in printed(render(made(leads=[lead("c1")])))


def test_what_to_do_stands_beside_the_reason() -> None:
    advised = signal(
        recommended_actions="Write first.\nThen call.", talking_points="What is next?",
        engage_from=date(2026, 4, 2), engage_to=date(2026, 5, 26),
    )  # fmt: skip
    text = printed(render(made(leads=[lead("c1")], signals=[advised])))
    assert "What to do, best from 2026-04-02 to 2026-05-26 (because of: Raised $24M" in text
    assert text.index("Do: Write first.") < text.index("Do: Then call.")
    assert "Ask: What is next?" in text
    assert "What to do" not in printed(render(made(leads=[lead("c1")], signals=[signal()])))
