"""From the vendors' answers to ranked leads, judged by what truly happened in the market.

Every figure here is a simulated one. Bounds leave room for a market of other luck, not for a line
that has stopped to work; what was measured stands beside each.
"""

import os
import sqlite3
import stat

import pytest

from activation.questions import LEADS
from assets.models import MODEL_KEYS
from resources.publication import FILE, audit, connect_published
from sandbox.truth import in_market_domains

pytestmark = pytest.mark.slow

TOP = 25


def test_every_step_of_the_line_has_succeeded(house):
    steps = house.steps()
    assert set(steps.values()) == {"SUCCESS"}
    assert {"warehouse", "train_models", "warehouse_predictions"} <= set(steps)
    assert "alert_deliveries" not in " ".join(steps)


def test_the_publication_is_whole_and_read_only(house):
    publication = house.first
    assert audit(publication.path).problems == ()
    assert publication.as_of == house.today
    path = house.line.settings.published / "current" / FILE
    assert not stat.S_IMODE(os.stat(path).st_mode) & stat.S_IWOTH
    with connect_published(house.line.settings.published) as connection:
        with pytest.raises(Exception, match="read-only"):
            connection.execute("CREATE TABLE core.mine (x INTEGER)")
        assert connection.execute(LEADS).fetchall()


def test_every_subject_has_rows(house):
    rows = house.first.rows
    filled = (
        "core.companies", "core.company_aliases", "core.company_links", "core.people",
        "core.person_links", "core.employments", "core.technologies",
        "signals.buying_signals", "signals.signal_sources", "signals.funding_signals",
        "signals.executive_changes", "signals.job_posting_signals",
        "signals.technology_adoptions", "signals.expansion_signals",
        "core.company_technologies", "core.company_technology_looks", "core.company_stacks",
        "core.company_stack_findings", "signals.technology_changes",
        "leads.icp_profiles", "leads.icp_matches", "leads.lead_scores",
        "leads.lead_score_points", "leads.leads",
        "opportunities.crm_opportunities", "opportunities.opportunities",
        "opportunities.opportunity_evidence",
        "outcomes.deals", "predictions.model_versions", "operations.source_health",
        "operations.source_coverage",
    )  # fmt: skip
    assert {name: rows.get(name) for name in filled if not rows.get(name)} == {}
    # One in fifty companies is in no list and no CRM; nobody asks about it.
    assert 0.9 * house.companies < rows["leads.leads"] <= house.companies


def test_every_signal_family_comes_from_its_sources(house):
    told = dict(
        house.query(
            "SELECT source, count(DISTINCT signal_id) FROM signals.signal_sources GROUP BY 1"
        )
    )
    assert set(told) >= {
        "sec_edgar", "crunchbase", "greenhouse", "lever", "ashby", "company_site", "press",
        "leadership_pages", "coresignal", "dns",
    }  # fmt: skip


@pytest.mark.parametrize("source", ["leadership_pages", "coresignal"])
def test_what_pages_and_profiles_tell_of_leaders_has_happened(house, source):
    """Every arrival and departure that they tell is one that truly happened there."""
    told, true = house.query(
        f"""
        SELECT count(*), count(true_leaders.person)
        FROM signals.signal_sources s
        JOIN signals.executive_changes x USING (signal_id)
        JOIN core.companies c ON c.company_id = x.company_id
        LEFT JOIN true_leaders ON true_leaders.domain = c.domain
            AND true_leaders.person = x.person_name
            AND CASE x.change_type WHEN 'departure' THEN true_leaders.left_by
                ELSE true_leaders.joined_by END IS NOT NULL
        WHERE s.source = '{source}'
        """
    )[0]
    assert told >= 3
    assert true == told


def test_departures_are_noticed_by_the_run_that_first_sees_them(house):
    """Whose departure some source tells is no longer there, from the first telling on."""
    told, gone, at_once = house.query(
        f"""
        SELECT count(*), count(*) FILTER (WHERE NOT e.is_current),
            count(*) FILTER (WHERE e.end_noticed_at <= b.detected_at)
        FROM signals.executive_changes x
        JOIN signals.buying_signals b USING (signal_id)
        JOIN core.people p ON p.full_name = x.person_name
        JOIN core.employments e ON e.person_id = p.person_id AND e.company_id = x.company_id
        WHERE x.change_type = 'departure' AND b.occurred_at <= DATE '{house.today}'
        """
    )[0]
    assert told >= 10
    assert (gone, at_once) == (told, told)


def test_nobody_is_said_to_have_left_who_is_there(house):
    said, true = house.query(
        """
        SELECT count(*), count(*) FILTER (WHERE t.has_left)
        FROM core.employments e
        JOIN core.people p USING (person_id)
        JOIN core.companies c ON c.company_id = e.company_id
        JOIN (
            -- Who takes another position at the company leaves the first.
            SELECT domain, person, bool_or(left_by IS NOT NULL) AS has_left
            FROM true_leaders GROUP BY ALL
        ) t ON t.domain = c.domain AND t.person = p.full_name
        WHERE e.end_known_by IS NOT NULL
        """
    )[0]
    assert said >= 10
    assert true == said


def test_a_score_is_the_sum_of_its_points(house):
    apart = house.query(
        """
        SELECT s.company_id, s.lead_score, coalesce(sum(p.weighted_points), 0) AS points
        FROM leads.lead_scores s LEFT JOIN leads.lead_score_points p
            USING (organisation_id, icp_profile_id, company_id, as_of)
        GROUP BY ALL HAVING abs(s.lead_score - points) > 1e-6
        """
    )
    assert apart == []
    [(scores, least, most)] = house.query(
        "SELECT count(*), min(lead_score), max(lead_score) FROM leads.lead_scores"
    )
    assert scores == house.first.rows["leads.leads"]
    assert 0 <= least < most <= 100


def test_every_point_has_its_evidence(house):
    assert (
        house.query(
            "SELECT rule_id, count(*) FROM leads.lead_score_points "
            "WHERE points > 0 AND coalesce(evidence, '') = '' GROUP BY 1"
        )
        == []
    )


def test_nothing_is_known_before_it_was_told(house):
    assert house.query(
        "SELECT count(*) FROM signals.buying_signals WHERE known_from < published_at"
    ) == [(0,)]
    assert house.query(
        f"SELECT count(*) FROM signals.buying_signals WHERE detected_at > DATE '{house.today}' + 1"
    ) == [(0,)]


FUNDING = """
    WITH rounds AS (
        SELECT e.event_id, x.signal_id, x.source
        FROM true_events e JOIN true_event_sources s USING (event_id)
        JOIN signals.signal_sources x ON x.source = s.source AND x.record_id = s.record_id
        JOIN signals.buying_signals b ON b.signal_id = x.signal_id
        WHERE e.type = 'funding_round' AND b.signal_type = 'funding_round'
    )
"""


def test_rounds_told_by_several_sources_are_one_signal(house):
    """Measured: all of them on this market, 419 of 421 on the demo's."""
    [(several, one)] = house.query(
        FUNDING
        + """
        SELECT count(*), count(*) FILTER (signals = 1) FROM (
            SELECT event_id, count(DISTINCT source) AS sources, count(DISTINCT signal_id) AS signals
            FROM rounds GROUP BY 1) WHERE sources > 1
        """
    )
    assert several >= 30
    assert one / several >= 0.95
    [(mixed,)] = house.query(
        FUNDING + "SELECT count(*) FROM (SELECT signal_id FROM rounds GROUP BY 1 "
        "HAVING count(DISTINCT event_id) > 1)"
    )
    assert mixed <= 0.02 * several


def test_funding_rounds_are_found_and_hardly_any_is_made_up(house):
    """Measured: recall 136 of 144, precision 137 of 141."""
    [(happened, found)] = house.query(
        FUNDING
        + f"""
        SELECT count(*), count(*) FILTER (event_id IN (SELECT event_id FROM rounds))
        FROM true_events WHERE type = 'funding_round' AND telling_count > 0
            AND first_published_on < DATE '{house.today}'
        """
    )
    [(said, true)] = house.query(
        FUNDING
        + """
        SELECT count(*), count(*) FILTER (signal_id IN (SELECT signal_id FROM rounds))
        FROM signals.buying_signals WHERE signal_type = 'funding_round'
        """
    )
    assert found / happened >= 0.85
    assert true / said >= 0.90


def test_the_best_leads_are_in_market_far_above_chance(house):
    """Simulated lift of the top 25 over all leads. Measured: 3.9 here, 8.2 on the demo's market."""
    leads = house.query("SELECT domain FROM leads.leads ORDER BY lead_rank")
    buyers = in_market_domains(house.market, house.today)
    base = sum(domain in buyers for (domain,) in leads) / len(leads)
    top = sum(domain in buyers for (domain,) in leads[:TOP]) / TOP
    assert base < 0.2
    assert top / base >= 2.5


def test_why_now_names_days_and_sources(house):
    reasons = house.query(
        f"SELECT why_now, top_signals FROM leads.leads WHERE intent_score > 0 "
        f"ORDER BY lead_rank LIMIT {TOP}"
    )
    assert reasons
    assert all(why for why, _ in reasons)


def test_models_are_trained_and_told_apart_from_those_that_are_not(house):
    """Measured: timeline and deal size are trained, relevance has too few labelled signals."""
    tables = {
        "timeline": "predicted_timelines",
        "deal_size": "predicted_deal_sizes",
        "relevance": "predicted_relevance",
    }
    models = {
        name: (status, version, reason)
        for name, status, version, reason in house.query(
            "SELECT model_name, status, model_version, reason FROM predictions.model_versions"
        )
    }
    assert set(models) == set(tables)
    assert models["timeline"][0] == "trained"
    for name, (status, version, reason) in models.items():
        table = tables[name]
        [(rows, unversioned)] = house.query(
            f"SELECT count(*), count(*) FILTER (model_version IS NULL) FROM predictions.{table}"
        )
        if status == "trained":
            assert version
            assert (rows > 0, unversioned) == (True, 0)
        else:
            assert status in ("not_trained", "rejected")
            assert len(reason) > 20
            assert rows == 0, f"{name} was not trained, yet predicts"


def test_models_are_kept_in_the_home(house):
    """Registered models lie beside their runs, not in the folder the line was started from."""
    with sqlite3.connect(house.home / "mlflow" / "mlflow.db") as connection:
        models = connection.execute("SELECT artifact_location FROM logged_models").fetchall()
    artifacts = house.line.settings.mlflow_artifacts.as_uri()
    assert models
    assert [place for (place,) in models if not place.startswith(artifacts)] == []


def test_alerts_lie_in_the_inbox_once(house):
    sent = house.deliveries()
    assert sent
    assert {status for _, status, _ in sent} == {"delivered"}
    assert {attempts for *_, attempts in sent} == {1}
    messages = [path for path in (house.home / "inbox").rglob("*") if path.is_file()]
    assert len(messages) >= len(sent)
    assert house.line.alert()
    assert house.deliveries() == sent


def test_the_quality_report_is_written(house):
    report = house.home / "reports" / "data_quality" / "index.html"
    assert "raw" in report.read_text("utf-8")


def test_a_second_run_of_the_day_changes_nothing(house):
    lake, sent = house.lake_rows(), house.deliveries()
    inbox = sorted((house.home / "inbox").rglob("*"))
    assert house.run(house.today), house.output.getvalue()
    assert house.line.alert()
    assert house.published().version == house.first.version
    assert house.lake_rows() == lake
    assert house.deliveries() == sent
    assert sorted((house.home / "inbox").rglob("*")) == inbox
    trained = house.line.instance.get_latest_materialization_events(MODEL_KEYS)
    status = {
        key.path[-1]: event.asset_materialization.metadata["status"].value
        for key, event in trained.items()
    }
    assert status["timeline"] == "reused"
    assert set(status.values()) <= {"reused", "not_trained", "rejected"}
