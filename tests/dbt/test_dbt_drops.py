"""Every sample of docs/drops goes all the way: from the dropped file to the published tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from tests.dbt.conftest import Dbt, Rows, query
from tests.dbt.dropped import (
    DAY,
    drop_samples,
    export_sources,
    ingest_drops,
    list_companies,
    read_detections,
    send_events,
    services,
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="session")
def dropped(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """The samples dropped, read and built, with every data test."""
    home = tmp_path_factory.mktemp("dropped")
    drop_samples(home)
    send_events(home)
    list_companies(home)
    opened = services(home)
    reports = ingest_drops(opened)
    assert {
        name: (report.status, report.error)
        for name, report in reports.items()
        if report.status not in ("ok", "not_configured")
    } == dict.fromkeys(("coresignal_changes", "coresignal_company_changes"), ("unchanged", None))
    read_detections(home, opened)
    export_sources(home, opened)
    dbt(home, DAY, "build", "--exclude-resource-type", "unit_test")
    return home


@pytest.fixture
def ask(dropped: Path) -> Callable[[str], Rows]:
    return lambda sql: query(dropped, sql)


def told(ask, table: str, columns: str, source: str | None = None, where: str = "true") -> Rows:
    """Rows of a signals table with their company's name, of one source if given."""
    mine = f"and list_contains(string_split(b.source_names, ', '), '{source}')" if source else ""
    return ask(f"""
        select c.name, {columns} from signals.{table} t
        join signals.buying_signals b using (signal_id)
        join core.companies c on c.company_id = b.company_id where {where} {mine} order by all""")


def test_a_round_told_by_two_exports_and_a_post_is_one_signal(ask):
    columns = "t.round_type, t.amount_usd, t.announced_on, t.lead_investor, b.source_names"
    rounds = told(ask, "funding_signals", columns)
    assert rounds == [
        ("Brightmoor Energy", "debt", 12e6, date(2026, 6, 1), None, "cb_insights"),
        ("Marlow Robotics", "series_b", 24.5e6, date(2026, 5, 12), "Foxglove Capital",
         "cb_insights, pitchbook"),
        ("Tessaly Health", "seed", None, date(2026, 4, 2), None, "pitchbook"),
        ("Tessaly Health", "series_a", 8e6, date(2026, 6, 9), "Harbour Lane Ventures",
         "social_posts"),
    ]  # fmt: skip
    closed = told(ask, "funding_signals", "t.closed_on, t.is_extension, t.is_bridge", "pitchbook")
    assert closed == [
        ("Marlow Robotics", date(2026, 5, 14), False, False),
        ("Tessaly Health", None, False, False),
    ]
    [(evidence, url)] = ask("""
        select evidence, source_url from signals.signal_sources where source = 'pitchbook'
        and stated_amount_usd = 24.5e6""")
    assert evidence.startswith("The company raised $24.5 million of Series B")
    assert url == "https://pitchbook.example/90001-11T"


def test_roles_and_recent_starts_are_executive_changes(ask):
    columns = "t.person_name, t.position, t.level, t.change_type, t.announced_on, t.primary_source"
    changes = told(ask, "executive_changes", columns)
    assert [row for row in changes if row[5] >= date(2026, 1, 1)] == [
        ("Brightmoor Energy", "Piet Molenaar", "Chief Financial Officer", "c_suite", "departure",
         date(2026, 5, 15), "boardex"),
        ("Brightmoor Energy", "Ruth Abendroth", "Chief Financial Officer", "c_suite", "new_hire",
         date(2026, 5, 18), "boardex"),
        ("Marlow Robotics", "Ilse Varga", "Chief Information Officer", "c_suite", "new_hire",
         date(2026, 5, 1), "linkedin_sales_navigator"),
        ("Quillharrow Logistics", "Hanna Lindqvist", "VP Engineering", "vp", "new_hire",
         date(2026, 4, 6), "zoominfo"),
        ("Quillharrow Logistics", "Nora Winkelhof", "VP Operations", "vp", "new_hire",
         date(2026, 3, 1), "pasted_profile"),
    ]  # fmt: skip


def test_who_joins_a_board_only_is_told_apart_from_executives(ask):
    changes = ask("""
        select c.name, b.person_name, b.position, b.level, b.change_type, b.announced_on,
               b.polarity, b.primary_source
        from signals.board_changes b join core.companies c using (company_id)""")
    assert changes == [
        ("Tessaly Health", "Sunniva Dahl", "Independent Director", "board", "new_hire",
         date(2026, 4, 20), "positive", "boardex"),
    ]  # fmt: skip
    assert told(ask, "executive_changes", "t.position", where="t.position ilike '%director%'") == []


def test_people_are_known_with_what_reaches_them(ask):
    people = ask("""
        select c.name, p.full_name, p.email, p.phone, p.linkedin_url, p.source
        from core.people p join core.companies c using (company_id)
        where p.source in ('zoominfo', 'linkedin_sales_navigator', 'pasted_profile')
        and p.is_current order by all""")
    assert people == [
        ("Brightmoor Energy", "Marcus Odell", None, "+1 555 0132", None, "zoominfo"),
        ("Marlow Robotics", "Ilse Varga", None, None, "https://linkedin.example/in/ilse-varga",
         "linkedin_sales_navigator"),
        ("Quillharrow Logistics", "Hanna Lindqvist", "hanna.lindqvist@quillharrow.example",
         "+1 555 0131", "https://linkedin.example/in/hanna-lindqvist", "zoominfo"),
        ("Quillharrow Logistics", "Nora Winkelhof", None, None,
         "https://www.linkedin.com/in/nora-winkelhof-invented", "pasted_profile"),
        # The address is that of an answer which he sent us.
        ("Tessaly Health", "Tomas Okel", "tomas.okel@tessaly.example", None,
         "https://linkedin.example/in/tomas-okel", "linkedin_sales_navigator"),
    ]  # fmt: skip


def test_postings_of_every_job_site_are_published(ask):
    columns = "t.job_title, t.location, t.posted_on, t.is_open, b.primary_source"
    postings = told(ask, "job_posting_signals", columns)
    assert postings == [
        ("Brightmoor Energy", "Site Reliability Engineer", "Vienna, Austria", date(2026, 6, 5),
         True, "glassdoor"),
        ("Marlow Robotics", "Cloud Architect", "Remote", date(2026, 6, 6), True, "dice"),
        ("Marlow Robotics", "Head of Data", "Berlin, Germany", date(2026, 6, 2), True,
         "linkedin_jobs"),
        ("Quillharrow Logistics", "Warehouse Lead", "Leeds, United Kingdom", date(2026, 6, 4),
         True, "linkedin_jobs"),
        ("Tessaly Health", "Senior Data Engineer", "London", date(2026, 6, 3), True, "indeed"),
    ]  # fmt: skip


def test_what_a_posting_says_is_read_from_its_fields(ask):
    read = ask("""
        select t.job_title, t.city, t.country, t.remote_option, t.employment_type, t.salary_min,
            t.salary_max, t.salary_currency, t.salary_period
        from signals.job_posting_signals t order by all""")
    assert ("Senior Data Engineer", "London", "United Kingdom", None, "full_time", 80e3, 80e3,
            "GBP", "year") in read  # fmt: skip
    assert ("Cloud Architect", None, None, "remote", "full_time", None, None, None, None) in read
    [engineer] = [row for row in read if row[0] == "Site Reliability Engineer"]
    assert engineer[5:] == (110_000.0, 140_000.0, "USD", "year")


def test_technologies_are_adopted_and_dropped(ask):
    columns = "t.technology, t.change_type, t.detected_on, t.primary_source"
    changes = told(ask, "technology_adoptions", columns)
    assert changes == [
        ("Marlow Robotics", "SAP HANA", "added", date(2026, 4, 15), "hg_insights"),
        ("Quillharrow Logistics", "HubSpot", "added", date(2026, 6, 4), "datanyze"),
        ("Quillharrow Logistics", "Marketo", "removed", date(2026, 6, 5), "datanyze"),
        ("Tessaly Health", "Snowflake", "added", date(2026, 5, 20), "g2"),
    ]  # fmt: skip
    # A plain list says what is used, not since when: no signal, but known of the company.
    listed = ask("""
        select t.technology from intermediate.int_company_technologies t
        join core.companies c using (company_id) where c.name = 'Brightmoor Energy' order by 1""")
    assert listed == [("Salesforce",), ("Stripe",), ("Zendesk",)]


def test_permits_leases_and_closures_are_expansions_with_their_sign(ask):
    columns = "t.expansion_type, t.city, t.status, t.polarity, t.headcount_impact, t.announced_on"
    places = told(ask, "expansion_signals", columns)
    assert places == [
        ("Brightmoor Energy", "closure", "Fresno", "planned", "negative", 64, date(2026, 6, 2)),
        ("Quillharrow Logistics", "new_office", "Portland", "planned", "positive", None,
         date(2026, 6, 3)),
        ("Tessaly Health", "new_office", "Boston", "planned", "positive", None,
         date(2026, 5, 28)),
    ]  # fmt: skip


def test_a_post_that_tells_no_event_is_a_social_signal(ask):
    [(name, evidence)] = ask("""
        select c.name, b.evidence from signals.buying_signals b
        join core.companies c using (company_id) where b.signal_type = 'social_signal'""")
    assert name == "Marlow Robotics"
    assert evidence.startswith("Our picking arms")


def test_a_call_on_results_tells_what_the_company_says_that_it_does(ask):
    calls = ask("""
        select c.name, b.signal_subtype, b.status, b.polarity, b.occurred_at::date, b.source_names,
            b.evidence
        from signals.buying_signals b join core.companies c using (company_id)
        where b.signal_type = 'earnings_call' order by all""")
    assert [row[:4] for row in calls] == [
        ("Marlow Robotics", "call", "done", "positive"),
        ("Marlow Robotics", "cost_cut", "planned", "negative"),
        ("Marlow Robotics", "expansion", "done", "positive"),
        ("Marlow Robotics", "hiring", "planned", "positive"),
        ("Marlow Robotics", "launch", "planned", "positive"),
        ("Marlow Robotics", "technology", "done", "positive"),
    ]
    assert {row[4:6] for row in calls} == {(date(2026, 5, 20), "earnings_calls")}
    evidence = {subtype: said for _, subtype, *_, said in calls}
    assert evidence["hiring"].startswith("We are going to hire 120 engineers")


def test_intent_and_engagement_are_kept_apart(ask):
    intent = ask("""
        select c.name, i.intent_type, i.category, i.visits, i.occurred_on
        from signals.intent_events i join core.companies c using (company_id) order by all""")
    assert intent == [
        ("Marlow Robotics", "pricing_visit", "CRM Software", 4, date(2026, 6, 8)),
        ("Tessaly Health", "comparison", "CRM Software", 2, date(2026, 6, 7)),
    ]
    engagement = ask("""
        select c.name, e.event_type, e.occurred_at, e.match_method, e.is_interaction, e.source_names
        from signals.engagement_events e join core.companies c using (company_id) order by all""")
    assert engagement == [
        ("Brightmoor Energy", "connection_accepted", datetime(2026, 6, 12, 9, 30), "domain", True,
         "engagement_inbox"),
        ("Marlow Robotics", "pricing_visit", datetime(2026, 6, 10, 14, 5), "domain", False,
         "engagement"),
        ("Quillharrow Logistics", "content_download", datetime(2026, 6, 10, 15, 20), "domain",
         True, "engagement"),
        ("Tessaly Health", "email_reply", datetime(2026, 6, 11, 8, 0), "domain", True,
         "engagement, engagement_inbox"),
    ]  # fmt: skip


def test_parents_that_a_list_states_are_relations(ask):
    assert ask("""
        select parents.name, parent_name, children.name, known_by, source, r.confidence, evidence
        from core.company_relations r
        left join core.companies parents on r.parent_company_id = parents.company_id
        left join core.companies children on r.child_company_id = children.company_id
        where known_by = 'list_parent' order by children.name""") == [
        (None, "Farholt Holding", "Brightmoor Energy", "list_parent", "apollo_accounts", 0.8,
         "Brightmoor Energy belongs to Farholt Holding"),
        ("Quillharrow Logistics", "Quillharrow Logistics Ltd", "Marlow Robotics", "list_parent",
         "apollo_accounts", 0.8, "Marlow Robotics belongs to Quillharrow Logistics Ltd"),
    ]  # fmt: skip


def test_who_dealt_with_us_is_easier_to_reach(ask):
    points = ask("""
        select c.name, p.points, p.evidence from leads.lead_score_points p
        join core.companies c using (company_id)
        where p.rule_id = 'earlier_interaction' order by all""")
    assert [(name, float(points), evidence) for name, points, evidence in points] == [
        ("Brightmoor Energy", 10.0, "accepted a connection on 2026-06-12"),
        ("Quillharrow Logistics", 10.0, "downloaded content on 2026-06-10"),
        ("Tessaly Health", 10.0, "answered an e-mail on 2026-06-11"),
    ]


def test_coverage_tells_which_sources_could_speak_and_which_did(ask):
    rows = {
        (name, source): rest
        for name, source, *rest in ask("""
            select c.name, s.source, s.coverage, s.could_speak, s.has_spoken, s.records, s.signals,
                s.last_signal_on
            from operations.source_coverage s join core.companies c using (company_id)""")
    }
    assert rows["Marlow Robotics", "pitchbook"] == [
        "spoke", True, True, 1, 1, date(2026, 5, 12),
    ]  # fmt: skip
    # A record that makes no signal is spoken all the same.
    assert rows["Brightmoor Energy", "engagement_inbox"][:5] == ["spoke", True, True, 1, 0]
    # An export says nothing of whom it does not hold.
    assert rows["Brightmoor Energy", "pitchbook"] == ["not_held", False, False, 0, 0, None]
    # Asked with nothing to tell, asked in vain, not asked yet; press was never read.
    assert rows["Brightmoor Energy", "company_site"][:3] == ["silent", True, False]
    assert rows["Quillharrow Logistics", "google_news"][:3] == ["silent", True, False]
    assert rows["Tessaly Health", "company_site"][:3] == ["failed", True, False]
    assert ask("""
        select s.last_asked_at, s.last_error from operations.source_coverage s
        join core.companies c using (company_id)
        where c.name = 'Tessaly Health' and s.source in ('company_site', 'dns') order by s.source
        """) == [
        (datetime(2026, 6, 15, 12), "company_site: ReadTimeout: Read timed out."), (None, None),
    ]  # fmt: skip
    assert rows["Tessaly Health", "google_news"][:3] == ["not_asked", True, False]
    assert rows["Marlow Robotics", "press"][:3] == ["not_asked", True, False]
    # Without what it asks by; a source that was never set up has no row.
    assert rows["Marlow Robotics", "greenhouse"][:3] == ["lacks_key", False, False]
    assert ("Marlow Robotics", "crm") not in rows
    [(companies, sources, pairs)] = ask("""
        select count(distinct company_id), count(distinct source), count(*)
        from operations.source_coverage""")
    assert pairs == companies * sources
