"""Rules against rows: exact alerts for exact inputs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from activation.evaluation import evaluate, evidence_since
from activation.rules import LeadRule, SignalRule
from tests.unit.activation.rows import NOW, TODAY, lead, signal


def signal_rule(**conditions: Any) -> SignalRule:
    return SignalRule(
        id="rule_one",
        name="Rule one",
        description="d",
        on="signal",
        conditions=conditions,
        priority="high",
        response_sla_minutes=60,
        escalate_after_minutes=240,
        channels=["inbox", "inbox", "webhook"],
        recipients=["owner"],
    )


def lead_rule(**conditions: Any) -> LeadRule:
    return LeadRule(
        id="rule_two",
        name="Rule two",
        description="d",
        on="lead",
        conditions=conditions,
        channels=["inbox"],
    )


def run(rule: Any, leads: list, signals: list, previous: list | None = None) -> list:
    return evaluate([rule], leads, signals, previous or [], TODAY, NOW)


def test_an_alert_is_complete_in_itself():
    old = signal(
        "s0",
        signal_type="job_posting",
        title="Hiring 4 platform engineers",
        signal_strength="moderate",
        occurred_at=date(2026, 2, 1),
        primary_source="greenhouse",
        source_count=1,
        independent_source_count=1,
        source_url=None,
    )
    (alert,) = run(signal_rule(signal_types=["funding_round"]), [lead()], [old, signal()])
    assert alert.title == "Company c1: Raised $24M Series B"
    assert alert.signal_id == "s1"
    assert alert.signal_ids == ("s1", "s0")
    assert alert.why.splitlines() == [
        "2026-03-12: Raised $24M Series B (SEC EDGAR, told by 3 sources, 2 independent) "
        "https://www.sec.gov/Archives/edgar/data/1/primary_doc.xml",
        "2026-02-01: Hiring 4 platform engineers (Greenhouse)",
    ]
    assert (alert.lead_score, alert.tier, alert.priority) == (84.0, "hot", "high")
    assert (alert.expected_days, alert.lower_days, alert.upper_days) == (62.0, 30.0, 150.0)
    assert (alert.amount_p10, alert.amount_p50, alert.amount_p90) == (20e3, 48e3, 110e3)
    assert alert.respond_by == datetime(2026, 3, 20, 10, 0, tzinfo=UTC)
    assert alert.escalate_at == datetime(2026, 3, 20, 13, 0, tzinfo=UTC)
    assert alert.channels == ("inbox", "webhook")


@pytest.mark.parametrize(
    ("conditions", "matches"),
    [
        ({}, True),
        ({"signal_types": ["job_posting"]}, False),
        ({"signal_subtypes": ["series_b", "series_c"]}, True),
        ({"signal_subtypes": ["seed"]}, False),
        ({"statuses": ["planned"]}, False),
        ({"polarities": ["negative"]}, False),
        ({"min_strength": "very_strong"}, True),
        ({"min_relevance": 90}, True),
        ({"min_relevance": 90.5}, False),
        ({"min_confidence": 96}, False),
        ({"min_urgency": 80, "min_impact": 85}, True),
        ({"tiers": ["warm"]}, False),
        ({"tiers": ["hot", "warm"]}, True),
        ({"min_lead_score": 84}, True),
        ({"min_lead_score": 84.1}, False),
        ({"min_fit_score": 86}, False),
        ({"min_intent_score": 75}, True),
        ({"min_probability_90d": 0.7}, False),
        ({"companies": ["C1.EXAMPLE"]}, True),
        ({"companies": ["company c1"]}, True),
        ({"companies": ["other.example"]}, False),
        ({"industries": ["software"]}, True),
        ({"industries": ["retail"]}, False),
        ({"countries": ["united states"]}, True),
        ({"icp_profiles": ["enterprise"]}, False),
        ({"max_age_days": 8}, True),
        ({"max_age_days": 7}, False),
    ],
)
def test_each_condition(conditions: dict, matches: bool):
    assert bool(run(signal_rule(**conditions), [lead()], [signal()])) is matches


@pytest.mark.parametrize(
    ("field", "operator", "value", "matches"),
    [
        ("signal.signal_data.amount_usd", "at_least", 24e6, True),
        ("signal.signal_data.amount_usd", "at_most", 1e6, False),
        ("signal.signal_data.round.name", "equals", "series b", True),
        ("signal.signal_data.absent", "equals", "x", False),
        ("signal.signal_data.absent", "not_equals", "x", True),
        ("signal.title", "contains", "SERIES", True),
        ("signal.primary_source", "in", ["crunchbase", "sec_edgar"], True),
        ("signal.primary_source", "not_in", ["sec_edgar"], False),
        ("lead.expected_value", "at_least", 35_000, True),
        ("lead.expected_value.deeper", "at_least", 1, False),
    ],
)
def test_where_reads_columns_and_json(field: str, operator: str, value: Any, matches: bool):
    rule = signal_rule(where=[{"field": field, "operator": operator, "value": value}])
    assert bool(run(rule, [lead()], [signal()])) is matches


@pytest.mark.parametrize(
    "changes",
    [
        {"signal_strength": None},
        {"signal_strength": "mighty"},
        {"relevance_score": None},
        {"relevance_score": float("nan")},
        {"occurred_at": None, "published_at": None, "detected_at": None},
        {"known_to": datetime(2026, 3, 15)},
        {"company_id": "stranger"},
        {"company_id": None},
    ],
)
def test_what_is_unknown_meets_no_condition(changes: dict):
    rule = signal_rule(min_strength="weak", min_relevance=0)
    assert run(rule, [lead()], [signal(**changes)]) == []


def test_a_lead_without_predictions_still_alerts():
    bare = {
        key: lead()[key]
        for key in ("organisation_id", "icp_profile_id", "company_id", "tier", "lead_score")
    }
    (alert,) = run(signal_rule(), [bare], [signal()])
    assert alert.company_name == "c1"
    assert alert.expected_days is None
    assert alert.amount_p50 is None


def test_one_alert_per_signal_most_valuable_company_first():
    leads = [lead("c1", expected_value=10.0), lead("c2", expected_value=99.0)]
    signals = [signal("s1", "c1"), signal("s2", "c2"), signal("s3", "c2")]
    alerts = run(signal_rule(), leads, signals)
    assert [alert.signal_id for alert in alerts] == ["s2", "s3", "s1"]


def test_a_company_under_two_profiles_is_judged_by_the_better_one():
    leads = [
        lead(icp_profile_id="small", lead_score=61.0, tier="warm"),
        lead(icp_profile_id="large", lead_score=83.0),
    ]
    (alert,) = run(signal_rule(), leads, [signal()])
    assert alert.lead_score == 83.0
    (alert,) = run(signal_rule(icp_profiles=["small"]), leads, [signal()])
    assert alert.lead_score == 61.0
    other = lead(organisation_id="second", lead_score=70.0)
    assert len(run(signal_rule(), [*leads, other], [signal()])) == 2


def test_the_key_stays_when_the_story_changes_and_differs_by_channel():
    (first,) = run(signal_rule(), [lead()], [signal()])
    (later,) = run(signal_rule(), [lead(lead_score=90.0)], [signal(title="Raised $25M", score=1)])
    assert first.key("inbox") == later.key("inbox")
    assert first.key("inbox") != first.key("webhook")
    (other,) = run(signal_rule(), [lead()], [signal("s2")])
    assert other.key("inbox") != first.key("inbox")


@pytest.mark.parametrize(
    ("before", "now", "crossed"),
    [
        ({"tier": "warm", "lead_score": 72.0}, {"tier": "hot"}, True),
        ({"tier": "cold", "lead_score": 10.0}, {"tier": "hot"}, True),
        ({"tier": "hot", "lead_score": 82.0}, {"tier": "hot"}, False),
        ({"tier": "hot", "lead_score": 90.0}, {"tier": "warm", "lead_score": 70.0}, False),
        (None, {"tier": "hot"}, True),
    ],
)
def test_becoming_hot(before: dict | None, now: dict, crossed: bool):
    rule = lead_rule(crossed_into=["hot"])
    previous = [lead(**before)] if before else []
    assert bool(run(rule, [lead(**now)], [], previous)) is crossed


def test_a_new_lead_can_be_left_out():
    assert run(lead_rule(crossed_into=["hot"], include_new=False), [lead()], []) == []


def test_a_tier_alert_says_from_where_to_where():
    rule = lead_rule(crossed_into=["hot"])
    (alert,) = run(rule, [lead()], [signal()], [lead(tier="warm", lead_score=70.6)])
    assert alert.title == "Company c1 became hot: 70 → 84"
    assert alert.signal_id is None
    assert alert.signal_ids == ("s1",)
    assert alert.subject == "c1@2026-03-20"
    (new,) = run(rule, [lead()], [])
    assert new.title == "Company c1 became hot: 84, newly scored"


@pytest.mark.parametrize(("was", "matches"), [(69.0, True), (69.5, False), (None, True)])
def test_score_change(was: float | None, matches: bool):
    previous = [lead(lead_score=was)] if was else []
    alerts = run(lead_rule(min_score_change=15), [lead()], [], previous)
    assert bool(alerts) is matches
    if was and matches:
        assert alerts[0].title == "Company c1 gained 15 points: 69 → 84"


def test_context_leaves_out_bad_news_and_old_news():
    bad = signal("bad", polarity="negative")
    old = signal("old", occurred_at=datetime(2025, 12, 1))
    (alert,) = run(signal_rule(companies=["c1"], max_age_days=10), [lead()], [bad, old, signal()])[
        :1
    ]
    assert alert.signal_ids in (("s1",), ("bad", "s1"))
    rule = lead_rule(crossed_into=["hot"])
    (tier,) = run(rule, [lead()], [bad, old, signal()])
    assert tier.signal_ids == ("s1",)


def test_how_far_back_signals_are_needed():
    assert evidence_since([signal_rule()], TODAY) == date(2025, 12, 20)
    assert evidence_since([signal_rule(max_age_days=100)], TODAY) == date(2025, 12, 10)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"signal_data": '{"amount": 24e6, "currency": "EUR"}'}, "Series B - Acme, €24M"),
        ({"signal_data": '{"amount": null}'}, "Series B - Acme"),
        ({"signal_data": "broken"}, "Series B - Acme"),
        ({"signal_data": None}, "Series B - Acme"),
        ({"title": "Raises $5M", "signal_data": '{"amount": 24e6}'}, "Raises $5M"),
    ],
)
def test_the_sum_raised_is_told(changes: dict, expected: str):
    (alert,) = run(signal_rule(), [lead()], [signal(**{"title": "Series B - Acme"} | changes)])
    assert alert.evidence[0].text == expected
