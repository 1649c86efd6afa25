"""The project's own suites on a warehouse in the project's shapes: sound passes, unsound stops."""

from __future__ import annotations

import duckdb
import pytest
from quality_data import DAY

from resources.quality.gate import check_outgoing, check_unified


@pytest.fixture
def gates(settings, manifest):
    contracts = manifest()
    settings.warehouse.parent.mkdir(parents=True)

    def run(gate, sql="SELECT 1"):
        with duckdb.connect(str(settings.warehouse)) as connection:
            connection.execute(sql)
        return gate(settings, DAY, contracts)

    run(
        lambda *_: None,
        """
        CREATE SCHEMA signals; CREATE SCHEMA leads; CREATE SCHEMA predictions;
        CREATE SCHEMA opportunities; CREATE SCHEMA buying_groups;
        CREATE TABLE buying_groups.buyer_groups AS SELECT
            'g1' AS buyer_group_id, 60.0::DOUBLE AS overall_quality, 6 AS size_max,
            4 AS core_members;
        CREATE TABLE buying_groups.buyer_group_gaps AS SELECT 'x' AS buyer_group_gap_id;
        CREATE TABLE signals.buying_signals AS SELECT
            's' || range AS signal_id, 'c' || range % 5 AS company_id,
            'funding_round' AS signal_type, 'strong' AS signal_strength, 'positive' AS polarity,
            'done' AS status, 50.0::DOUBLE AS relevance_score, 50.0::DOUBLE AS urgency_score,
            50.0::DOUBLE AS impact_score, 50.0::DOUBLE AS confidence_score, 2 AS source_count,
            1 AS independent_source_count, TIMESTAMP '2026-11-02' AS known_from,
            TIMESTAMP '2026-11-02' AS detected_at, NULL::TIMESTAMP AS known_to,
            TIMESTAMP '2026-11-01' AS knowable_from
            FROM range(20);
        CREATE TABLE signals.signal_sources AS
            SELECT signal_id, 'press' AS source FROM signals.buying_signals;
        CREATE TABLE signals.recommended_actions AS SELECT signal_id FROM signals.buying_signals;
        CREATE TABLE signals.signal_contradictions AS SELECT signal_id FROM signals.buying_signals;
        CREATE TABLE signals.signal_correlations AS SELECT 'x' AS pair;
        CREATE TABLE signals.signal_patterns AS SELECT 'x' AS pattern;
        CREATE TABLE signals.expected_signals AS SELECT 'x' AS company_id;
        CREATE TABLE leads.lead_scores AS SELECT
            'default' AS organisation_id, 'default' AS icp_profile_id, 'c' || range AS company_id,
            DATE '2026-11-20' AS as_of, 40.0::DOUBLE AS lead_score, 100.0::DOUBLE AS intent_score,
            0.0::DOUBLE AS fit_score, 0.0::DOUBLE AS accessibility_score, 'nurture' AS tier
            FROM range(5);
        CREATE TABLE leads.lead_score_points AS SELECT
            organisation_id, icp_profile_id, company_id, as_of, 'intent' AS component,
            'rule' || n AS rule_id, 50.0::DOUBLE AS points, 50.0::DOUBLE AS max_points,
            0.4::DOUBLE AS weight, 20.0::DOUBLE AS weighted_points, 'a sentence' AS evidence
            FROM leads.lead_scores, (SELECT range AS n FROM range(2));
        CREATE TABLE leads.leads AS FROM leads.lead_scores;
        CREATE TABLE opportunities.crm_opportunities AS SELECT
            'o1' AS opportunity_id, 100.0::DOUBLE AS amount, DATE '2026-12-01' AS close_on;
        CREATE TABLE opportunities.opportunities AS SELECT
            'opp_1' AS opportunity_id, 0.9::DOUBLE AS probability, 2 AS source_count,
            100.0::DOUBLE AS unit_low, 200.0::DOUBLE AS unit_high, 4.2::DOUBLE AS price_low,
            4.2::DOUBLE AS price_high, TIMESTAMP '2026-11-01' AS first_seen_at,
            TIMESTAMP '2026-11-02' AS last_touched_at;
        CREATE TABLE opportunities.opportunity_evidence AS SELECT 'e1' AS evidence_id;
        CREATE TABLE opportunities.opportunity_conflicts AS SELECT 'c1' AS conflict_id;
        CREATE TABLE opportunities.opportunity_actors AS SELECT 'opp_1' AS opportunity_id;
        CREATE TABLE opportunities.next_steps AS SELECT 'n1' AS next_step_id;
        CREATE TABLE opportunities.opportunity_lines AS SELECT 'l1' AS line_id,
            5 AS quantity_low, 9 AS quantity_high, 1.5 AS price_low, 2.5 AS price_high,
            'EUR' AS currency;
        CREATE TABLE opportunities.transcript_sections AS SELECT 's1' AS section_id,
            3 AS first_cue, 4 AS last_cue, cast(NULL AS BIGINT) AS start_at,
            cast(NULL AS BIGINT) AS end_at;
        CREATE TABLE opportunities.mail_attachments AS SELECT 'a1' AS attachment_id,
            repeat('a', 64) AS sha256;
        CREATE TABLE opportunities.quality_findings AS SELECT 'f1' AS finding_id;
        CREATE TABLE opportunities.opportunity_annotations AS SELECT 'ann_1' AS annotation_id;
        CREATE TABLE opportunities.opportunity_accuracy AS SELECT 'stage' AS subject;
        CREATE TABLE opportunities.opportunity_features AS SELECT 'opp_1' AS opportunity_id;
        CREATE TABLE opportunities.opportunity_history AS SELECT 'opp_1' AS opportunity_id;
        CREATE TABLE opportunities.opportunity_runs AS SELECT 1 AS run_number;
        CREATE TABLE opportunities.opportunity_snapshots AS SELECT 'opp_1' AS opportunity_id;
        CREATE TABLE opportunities.opportunity_stage_changes AS SELECT 'opp_1' AS opportunity_id;
        CREATE TABLE opportunities.opportunity_trends AS SELECT 'all' AS dimension;
        CREATE TABLE predictions.predicted_timelines AS SELECT
            company_id, 0.1::DOUBLE AS probability_30d, 0.2::DOUBLE AS probability_90d,
            0.3::DOUBLE AS probability_180d, 0.4::DOUBLE AS probability_365d,
            200.0::DOUBLE AS expected_days, 20.0::DOUBLE AS lower_days, 400.0::DOUBLE AS upper_days,
            '1' AS model_version FROM leads.lead_scores;
        CREATE TABLE predictions.predicted_deal_sizes AS SELECT
            company_id, 1e4::DOUBLE AS amount_p10, 2e4::DOUBLE AS amount_p50,
            5e4::DOUBLE AS amount_p90, 'USD' AS currency, '1' AS model_version
            FROM leads.lead_scores;
        CREATE TABLE predictions.predicted_relevance AS SELECT
            signal_id, 0.5::DOUBLE AS relevance_probability, 50.0::DOUBLE AS relevance_score,
            '1' AS model_version FROM signals.buying_signals;
        CREATE TABLE predictions.expected_values AS SELECT
            company_id, 6e3::DOUBLE AS expected_value_180d, 0.3::DOUBLE AS probability_180d
            FROM leads.lead_scores;
        CREATE TABLE predictions.model_versions AS SELECT 'm' AS model_name, 'trained' AS status;
        """,
    )
    return run


def test_a_sound_warehouse_passes_both_gates(gates):
    for gate in (check_unified, check_outgoing):
        result = gates(gate)
        assert [check.message for check in result.checks if not check.success] == []


@pytest.mark.parametrize(
    ("gate", "sql", "words"),
    [
        (check_unified, "DELETE FROM signals.signal_sources WHERE signal_id = 's3'", "no evidence"),
        (
            check_unified,
            "UPDATE leads.lead_score_points SET weighted_points = 21 WHERE company_id = 'c1'",
            "exactly the sum of its points",
        ),
        (
            check_unified,
            "UPDATE leads.lead_scores SET tier = 'hot' WHERE company_id = 'c1'",
            "Tiers",
        ),
        (
            check_unified,
            "UPDATE signals.buying_signals SET known_from = '2026-11-01' WHERE signal_id = 's1'",
            "cannot be known before it is detected",
        ),
        (
            check_outgoing,
            "UPDATE predictions.predicted_timelines SET probability_90d = 0.05",
            "includes buying within the shorter",
        ),
        (
            check_outgoing,
            "UPDATE predictions.predicted_deal_sizes SET amount_p50 = 6e4 WHERE company_id = 'c1'",
            "amount_p90",
        ),
        (check_outgoing, "DELETE FROM leads.leads", "leads.leads"),
    ],
)
def test_an_unsound_one_stops_the_line(gates, gate, sql, words):
    result = gates(gate, sql)
    assert not result.success
    assert words in result.explain()
