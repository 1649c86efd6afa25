"""The questions run on the tables' contracted columns and give what evaluation reads."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import duckdb
import pytest
from rich.console import Console

from activation import questions
from activation.briefing import brief, render_markdown
from activation.discoveries import headline, render_discoveries, render_names
from activation.evaluation import evaluate
from activation.rules import LeadRule
from tests.unit.activation.rows import NOW, TODAY

TABLES = """
create schema leads; create schema signals; create schema predictions;
create schema outcomes; create schema core;
create table core.companies (company_id varchar, name varchar, domain varchar, industry varchar,
    industry_name varchar,
    country varchar, employee_count bigint);
create table core.company_technologies (company_id varchar, technology varchar, first_seen_on date);
create table leads.icp_profiles (organisation_id varchar, icp_profile_id varchar, name varchar,
    is_default boolean);
create table leads.lead_score_point_history (organisation_id varchar, icp_profile_id varchar,
    company_id varchar, as_of date, component varchar, rule_id varchar, label varchar,
    points decimal(9,4), max_points decimal(9,4), weight decimal(5,4),
    weighted_points decimal(18,8), evidence varchar, signal_id varchar);
create table leads.lead_score_gaps (organisation_id varchar, icp_profile_id varchar,
    company_id varchar, component varchar, rule_id varchar, label varchar,
    missing_points decimal(9,4), missing_weighted_points decimal(18,8), reason varchar,
    next_tier varchar, points_to_next_tier decimal(18,8), reaches_next_tier boolean);
create table leads.discoveries (organisation_id varchar, icp_profile_id varchar,
    company_id varchar, as_of date, first_discovered_on date, is_new boolean,
    lead_score decimal(18,8), fit_score decimal(18,4), intent_score decimal(18,4), tier varchar,
    fits varchar, shows varchar, last_signal_on date);
insert into leads.discoveries values
    ('default', 'default', 'c1', '2026-03-20', '2026-03-20', true, 84, 85, 75, 'hot',
     'Industry: Software', 'Recent funding: Raised, 2026-03-12 [press]', '2026-03-12'),
    ('default', 'other', 'c1', '2026-03-20', '2026-03-01', false, 50, 85, 75, 'nurture', 'a', 'b',
     '2026-03-12'),
    ('default', 'default', 'c2', '2026-03-20', '2026-03-01', false, 84, 85, 75, 'hot',
     'Employees: 90', 'Leadership change: New CFO', '2026-03-02'),
    ('default', 'default', 'c3', '2026-03-01', '2026-03-01', true, 70, 85, 75, 'warm', 'x', 'y',
     '2026-02-20');
create table leads.discovered_names (organisation_id varchar, icp_profile_id varchar,
    candidate_key varchar, match varchar, company_name varchar, company_domain varchar,
    mentions bigint, wanted_mentions bigint, sources bigint, fits varchar, shows varchar,
    evidence varchar, source_url varchar, first_seen_on date, is_new boolean, last_signal_on date,
    known varchar, fit_score double, fit_points varchar, is_fit boolean);
insert into leads.discovered_names values
    ('default', 'other', 'new.example', 'other_signals', 'Newcomer', 'new.example', 2, 0, 2, '',
     'Round [press]', 'e', null, '2026-03-01', false, '2026-03-12', 'size', 0, null, false),
    ('default', 'default', 'new.example', 'wanted_now', 'Newcomer', 'new.example', 2, 1, 2,
     'recent funding wanted', 'Round [press]', 'e', null, '2026-03-01', false, '2026-03-12', 'size',
     25, 'Size in range: Employees: 51-100 (+25)', false),
    ('default', 'default', 'late', 'other_signals', 'Late Ltd', null, 1, 0, 1, '',
     'Launch [press]', 'e', null, '2026-03-20', true, '2026-03-19', null, null, null, null);
create table outcomes.deals (company_id varchar, is_won boolean, created_on date);
create table leads.leads (organisation_id varchar, icp_profile_id varchar, lead_rank bigint,
    company_id varchar, company_name varchar, domain varchar, industry varchar, country varchar,
    employee_count bigint, as_of date, lead_score double, intent_score double, fit_score double,
    accessibility_score double, tier varchar, buying_readiness double, buying_stage varchar,
    stage_reason varchar, expected_days double, probability_90d double,
    amount_p10 double, amount_p50 double, amount_p90 double, currency varchar,
    expected_value_180d double);
create table leads.lead_score_history (organisation_id varchar, icp_profile_id varchar,
    company_id varchar, as_of date, lead_score decimal(18,8), tier varchar, icp_version bigint);
create table leads.lead_score_points (organisation_id varchar, icp_profile_id varchar,
    company_id varchar, as_of date, component varchar, rule_id varchar, points double,
    max_points double, weight double, weighted_points double, evidence varchar, signal_id varchar,
    source_url varchar, occurred_at timestamp);
create table signals.buying_signals (signal_id varchar, company_id varchar, signal_type varchar,
    signal_subtype varchar, title varchar, signal_strength varchar, relevance_score double,
    urgency_score double, impact_score double, confidence_score double, polarity varchar,
    status varchar, occurred_at timestamp, published_at timestamp, detected_at timestamp,
    known_to timestamp, source_count bigint, independent_source_count bigint,
    primary_source varchar, source_url varchar, evidence varchar, signal_data varchar);
create table signals.recommended_actions (signal_id varchar, kind varchar, rank bigint,
    advice varchar, engage_from date, engage_to date);
insert into signals.recommended_actions values
    ('s1', 'action', 2, 'Then call.', '2026-03-19', '2026-05-26'),
    ('s1', 'action', 1, 'Write first.', '2026-03-19', '2026-05-26'),
    ('s1', 'talking_point', 1, 'What is next?', '2026-03-19', '2026-05-26');
create table predictions.predicted_timelines (company_id varchar, as_of date, model_version varchar,
    expected_days double, lower_days double, upper_days double, probability_90d double);
create table predictions.model_versions (model_name varchar, model_version varchar, status varchar,
    alias varchar, reason varchar, trained_at timestamp, train_rows bigint, train_events bigint);

insert into leads.leads values
    ('default', 'default', 2, 'c2', 'Borealis', null, null, null, null, '2026-03-20', 84, 75, 85,
     95, 'hot', null, null, null, null, null, null, null, null, null, null),
    ('default', 'default', 1, 'c1', 'Acme', 'acme.example', 'Software', 'US', 320, '2026-03-20', 84,
     75, 85, 95, 'hot', 66, 'decision', 'why', 62, 0.6, 20, 48, 110, 'USD', 35);
insert into leads.lead_score_history values
    ('default', 'default', 'c1', '2026-03-20', 84, 'hot', 2),
    ('default', 'default', 'c2', '2026-03-20', 84, 'hot', 2),
    ('default', 'default', 'c1', '2026-03-01', 70, 'warm', 1),
    ('default', 'default', 'c1', '2026-02-01', 30, 'cold', 1);
insert into core.companies (company_id, name, domain) values
    ('c1', 'Acme', 'acme.example'), ('c2', 'Borealis', null), ('c3', 'Acme Boats', 'boats.example');
insert into leads.icp_profiles values ('default', 'default', 'Mid market', true),
    ('default', 'other', 'Other', false);
insert into leads.lead_score_point_history values
    ('default', 'default', 'c1', '2026-03-20', 'intent', 'recent_funding', 'Recent funding', 30, 30,
     0.4, 12, 'x', 's1'),
    ('default', 'default', 'c1', '2026-03-20', 'fit', 'size_match', 'Size', 25, 25, 0.35, 8.75, 'y',
     null);
insert into leads.lead_score_gaps values
    ('default', 'default', 'c1', 'accessibility', 'phone', 'Phone', 20, 5, 'No phone', null, null,
     false),
    ('default', 'default', 'c1', 'fit', 'geography_match', 'Geography', 15, 5.25, 'Country', null,
     null, false);
insert into leads.lead_score_points values
    ('default', 'default', 'c1', '2026-03-20', 'intent', 'recent_funding', 30, 30, 0.4, 12, 'x',
     's1', null, null);
insert into signals.buying_signals (signal_id, company_id, signal_type, title, signal_strength,
    occurred_at, known_to) values
    ('s1', 'c1', 'funding_round', 'Raised', 'strong', '2026-03-12', null),
    ('s0', 'c1', 'funding_round', 'Raisd', 'strong', '2026-03-12', '2026-03-13'),
    ('s2', 'c1', 'funding_round', 'Raised before', 'strong', '2025-03-12', null);
insert into outcomes.deals values ('c1', false, '2026-02-01'), ('c3', true, '2026-03-01'),
    ('c2', true, '2026-02-01'), ('c3', false, '2026-02-01');
insert into core.company_technologies values ('c1', 'HubSpot', '2026-01-01'),
    ('c1', 'Segment', '2026-02-10'), ('c2', 'HubSpot', '2026-03-01');
insert into predictions.predicted_timelines values
    ('c1', '2026-02-20', '1', 400, 300, null, 0.1), ('c1', '2026-03-20', '2', 62, 30, 150, 0.6);
insert into predictions.model_versions values
    ('timeline', '2', 'trained', 'champion', null, '2026-03-20', 100, 10);
"""


@pytest.fixture(scope="module")
def published():
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield connection


def ask(connection, sql: str, **parameters: Any) -> list[dict[str, Any]]:
    return connection.execute(sql, parameters).to_arrow_table().to_pylist()


def test_leads_come_best_first_with_the_newest_prediction(published):
    first, second = ask(published, questions.LEADS)
    assert (first["company_id"], first["company_name"]) == ("c1", "Acme")
    assert (first["expected_days"], first["lower_days"], first["upper_days"]) == (62, 30, 150)
    assert (first["amount_p50"], first["expected_value"], first["tier"]) == (48.0, 35.0, "hot")
    assert (second["company_id"], second["expected_value"]) == ("c2", None)
    assert (first["is_customer"], second["is_customer"]) == (False, True)


def test_discoveries_of_the_newest_day_come_new_ones_first(published):
    rows = ask(published, questions.DISCOVERIES)
    assert [(r["company_name"], r["is_new"], r["profile_name"]) for r in rows] == [
        ("Acme", True, "Mid market"),
        ("Borealis", False, "Mid market"),
        ("Acme", False, "Other"),
    ]
    shown = Console(width=100, record=True, file=StringIO())
    shown.print(render_discoveries(rows, 5))
    assert [line.rstrip() for line in shown.export_text().splitlines()] == [
        "Discovered outside the CRM: 2 that fit and show recent signals, 1 new today",
        "  Acme: 84 hot",
        "    fits: Industry: Software",
        "    shows: Recent funding: Raised, 2026-03-12 [press]",
        "  Borealis: 84 hot, since 2026-03-01",
        "    fits: Employees: 90",
        "    shows: Leadership change: New CFO",
    ]
    assert headline([]).endswith("nobody who fits and shows recent signals")


def test_companies_that_only_sources_name_are_shown_once(published):
    rows = ask(published, questions.DISCOVERED_NAMES)
    shown = Console(width=100, record=True, file=StringIO())
    shown.print(render_names(rows, 5))
    assert [line.rstrip() for line in shown.export_text().splitlines()] == [
        "Named by sources, on no list: 2 (1 wanted now, 1 other signals)",
        "  Newcomer (new.example): wanted now, 2 mentions in 2 sources, first seen 2026-03-01",
        "    fit 25 of 100 by size: Size in range: Employees: 51-100 (+25)",
        "    fits: recent funding wanted",
        "    shows: Round [press]",
        "  Late Ltd: other signals, 1 mention in 1 source, new today",
        "    shows: Launch [press]",
    ]


def test_a_discovery_is_told_on_its_first_day_only(published):
    rule = LeadRule(
        id="found",
        name="Found",
        description="d",
        on="lead",
        conditions={"discovered": True},
        channels=["inbox"],
    )
    leads = ask(published, questions.LEADS)
    assert [lead["is_discovered"] for lead in leads] == [True, False]
    (alert,) = evaluate(
        [rule], leads, [], ask(published, questions.PREVIOUS, as_of=TODAY), TODAY, NOW
    )
    assert (alert.company_id, alert.title) == ("c1", "Acme discovered, hot: 70 → 84")


def test_previous_scores_are_the_newest_before(published):
    (row,) = ask(published, questions.PREVIOUS, as_of=TODAY)
    assert (row["tier"], row["lead_score"], row["as_of"]) == ("warm", 70.0, date(2026, 3, 1))


def test_signals_are_the_known_and_recent_ones(published):
    (row,) = ask(published, questions.SIGNALS, since=date(2025, 12, 20))
    assert row["signal_id"] == "s1"
    assert row["recommended_actions"] == "Write first.\nThen call."
    assert row["talking_points"] == "What is next?"
    assert (row["engage_from"], row["engage_to"]) == (date(2026, 3, 19), date(2026, 5, 26))


def test_points_and_models(published):
    (point,) = ask(published, questions.POINTS, company_ids=["c1", "c9"])
    assert (point["rule_id"], point["points"]) == ("recent_funding", 30.0)
    assert ask(published, questions.POINTS, company_ids=["c9"]) == []
    assert ask(published, questions.MODELS)[0]["model_name"] == "timeline"


def test_from_tables_to_alert_and_briefing(published):
    leads = ask(published, questions.LEADS)
    signals = ask(published, questions.SIGNALS, since=date(2025, 12, 20))
    rule = LeadRule(
        id="became_hot",
        name="Became hot",
        description="d",
        on="lead",
        conditions={"crossed_into": ["hot"], "include_new": False},
        channels=["inbox"],
    )
    previous = ask(published, questions.PREVIOUS, as_of=TODAY)
    (alert,) = evaluate([rule], leads, signals, previous, TODAY, NOW)
    assert alert.title == "Acme became hot: 70 → 84"
    points = ask(published, questions.POINTS, company_ids=["c1", "c2"])
    models = ask(published, questions.MODELS)
    page = render_markdown(brief(leads, signals, points, models, TODAY))
    assert "| 1 | Acme | 84 | hot | 2026-03-12 Raised (unknown source) | 62 days (30–150) |" in page


def test_a_company_is_found_by_domain_name_or_part_of_it(published):
    def found(wanted: str) -> list[tuple[str, int]]:
        rows = ask(published, questions.COMPANIES, wanted=wanted)
        return [(row["company_id"], row["distance"]) for row in rows]

    assert found("acme.example") == [("c1", 0)]
    assert found("acme") == [("c1", 0), ("c3", 1)]
    assert found("boats") == [("c3", 2)]
    assert found("nobody") == []


def test_scores_points_and_gaps_of_one_company(published):
    scores = ask(published, questions.SCORES, company_id="c1", icp_profile_id=None)
    assert [(row["as_of"].day, row["icp_version"], row["profile_name"]) for row in scores] == [
        (20, 2, "Mid market"), (1, 1, "Mid market"), (1, 1, "Mid market")
    ]  # fmt: skip
    assert ask(published, questions.SCORES, company_id="c1", icp_profile_id="other") == []
    lead = {"organisation_id": "default", "icp_profile_id": "default", "company_id": "c1"}
    points = ask(published, questions.POINTS_OF_DAY, **lead, as_of=date(2026, 3, 20))
    assert [row["rule_id"] for row in points] == ["recent_funding", "size_match"]
    gaps = ask(published, questions.GAPS, **lead)
    assert [row["rule_id"] for row in gaps] == ["geography_match", "phone"]


def test_accounts_with_a_deal_know_only_the_tools_of_before_it(published):
    rows = ask(published, questions.DEAL_ACCOUNTS)
    assert [(row["company_id"], row["is_won"], row["technologies"]) for row in rows] == [
        ("c1", False, ["HubSpot"]),
        ("c2", True, None),
        ("c3", True, None),
    ]
