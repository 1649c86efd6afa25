"""What the warehouse says of the invented market, figure by figure."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from detection.names import COMPANY_NAME_EXAMPLES, normalize_company_name
from orchestration.answers.asking_candidates import company_id
from resources.settings import PROJECT_ROOT
from tests.dbt.conftest import Dbt, Rows, differences, query, state_of
from tests.dbt.world import DAY_1, DAY_2, DAY_3

Ask = Callable[[str], Rows]
pytestmark = pytest.mark.slow


def test_three_sources_of_a_round_are_one_signal(ask: Ask) -> None:
    signals = ask("""
        select f.round_type, f.amount_usd, f.announced_on, b.source_count,
               b.independent_source_count, b.primary_source, b.source_names
        from signals.funding_signals f join signals.buying_signals b using (signal_id)
        join core.companies c on c.company_id = b.company_id where c.name = 'Aldine Robotics'""")
    assert signals == [
        ("series_a", 12e6, date(2026, 4, 20), 4, 3, "crunchbase", "crunchbase, press, sec_edgar")
    ]
    sources = ask("""
        select s.source, s.merge_reason, s.is_independent from signals.signal_sources s
        join signals.buying_signals b using (signal_id)
        where b.signal_type = 'funding_round' and b.source_count = 4 order by all""")
    assert sources == [
        ("crunchbase", "first_statement", True),
        ("press", "same_release", False),
        ("press", "same_round_and_amount", True),
        ("sec_edgar", "same_amount", True),
    ]


def test_a_signal_quotes_one_record(ask: Ask) -> None:
    [(reader, source, evidence)] = ask("""
        select reader_version, primary_source, evidence
        from signals.funding_signals where source_count = 4""")
    # The database leads: the readers of the press and of the filing told none of its words.
    assert (reader, source) == ("fields 1", "crunchbase")
    assert evidence.endswith("announced 2026-04-20")
    quoted = """
        select count(*) from signals.{table} b
        {be} exists (select 1 from signals.signal_sources s where s.signal_id = b.signal_id
            and s.source = b.primary_source and s.source_url is not distinct from b.source_url
            and s.evidence is not distinct from b.evidence
            and s.reader_version = b.reader_version)"""
    tables = ("buying_signals", "funding_signals", "executive_changes", "technology_adoptions")
    for table in tables:
        assert ask(quoted.format(table=table, be="where not")) == [(0,)], table
    assert ask(quoted.format(table="buying_signals", be="where")) == [(9,)]


def test_confidence_grows_with_independent_sources(ask: Ask) -> None:
    [(score,)] = ask("""
        select b.confidence_score from signals.buying_signals b where b.source_count = 4""")
    # Crunchbase 1.0 x 0.90, filing 0.9 x 0.97, press 0.9 x 0.80 once for both copies.
    assert score == round(100 * (1 - 0.10 * (1 - 0.873) * (1 - 0.72)))


def test_homonyms_are_not_merged_and_not_guessed(ask: Ask) -> None:
    borels = ask("select domain from core.companies where name like 'Borel%' order by 1")
    assert borels == [("borel-paris.example",), ("borel.example",), (None,)]
    unresolved = ask("""
        select record_id, reason, candidate_count from signals.unresolved_mentions order by 1""")
    assert unresolved == [("gamma/1", "ambiguous_name", 3), ("r2", "ambiguous_name", 3)]
    # With the company's own domain in the text there is nothing to guess.
    assert ask("""
        select c.domain from signals.expansion_signals e join core.companies c using (company_id)
        where e.city = 'Rome'""") == [("borel.example",)]


def test_a_candidate_that_is_asked_about_bears_the_id_it_has_once_listed(ask: Ask) -> None:
    listed = dict(ask("select domain, company_id from core.companies where domain is not null"))
    assert {domain: company_id(domain) for domain in listed} == listed
    assert "aldine.example" in listed


def test_identity_by_domain_cik_and_only_namesake(ask: Ask) -> None:
    rows = ask("""
        select name, domain, cik, crm_account_id, is_target, country from core.companies
        where name not like 'Borel%' order by name""")
    assert rows == [
        ("Aldine Robotics", "aldine.example", "0000001001", "A1", True, "United States"),
        ("Corvid Labs", None, "0000001003", None, True, "United States"),
        ("Dorset Health", "dorset.example", None, "A2", True, "United Kingdom"),
    ]
    aliases = ask("""
        select alias_type, alias
        from core.company_aliases a join core.companies c using (company_id)
        where c.name = 'Aldine Robotics' and alias_type <> 'company_id' order by all""")
    assert aliases == [
        ("board", "greenhouse:aldine"),
        ("cik", "0000001001"),
        ("crm", "A1"),
        ("domain", "aldine.example"),
        ("name", "Aldine Robotics"),
        ("name", "Aldine Robotics, Inc."),
    ]


def test_one_person_told_twice_is_one_change(ask: Ask) -> None:
    rows = ask("""
        select x.person_name, x.level, x.incoming_executive, b.source_names, b.primary_source
        from signals.executive_changes x join signals.buying_signals b using (signal_id)""")
    assert rows == [
        ("Zoë A. Lindqvist", "c_suite", "Zoë A. Lindqvist", "press, sec_edgar", "sec_edgar")
    ]


def test_the_first_scan_of_a_site_adds_nothing(ask: Ask) -> None:
    rows = ask("select technology, change_type, detected_on from signals.technology_adoptions")
    assert rows == [("Segment", "added", DAY_2)]
    assert ask("select name from core.technologies order by 1") == [("HubSpot",), ("Segment",)]


def test_a_missing_day_closes_no_job(ask: Ask) -> None:
    rows = ask("""
        select job_id, changed_on, change_type, previous_snapshot_on
        from intermediate.int_job_board_changes order by changed_on, job_id""")
    assert rows == [
        ("1", DAY_1, "baseline", None),
        ("2", DAY_1, "baseline", None),
        ("1", DAY_3, "closed", DAY_1),
        ("3", DAY_3, "opened", DAY_1),
    ]
    postings = ask("""
        select job_title, posted_on, is_open, closed_on, total_openings, level
        from signals.job_posting_signals order by posted_on""")
    assert postings == [
        ("Warehouse Operator", date(2026, 2, 1), True, None, 2, "director"),
        ("Head of Data", date(2026, 2, 20), False, DAY_3, 2, "director"),
        ("Interim Head of Data", date(2026, 4, 28), True, None, 2, "director"),
    ]


def test_the_score_is_the_sum_worked_out_by_hand(ask: Ask) -> None:
    # Intent 30 (round, 11 days) + 25 (Interim Head of Data, 3 days) + 20 (Segment, 30 days) = 75;
    # fit 25 + 25 + 20 + 15 + 15 = 100; accessibility 30 + 25 + 20 + 15 + 10 = 100.
    rows = ask("""
        select lead_score, intent_score, fit_score, accessibility_score, tier
        from leads.lead_scores s join core.companies c using (company_id)
        where c.name = 'Aldine Robotics'""")
    assert rows == [(Decimal("90"), Decimal("75"), Decimal("100"), Decimal("100"), "hot")]
    points = ask("""
        select rule_id, points, weighted_points, evidence
        from leads.lead_score_points p join core.companies c using (company_id)
        where c.name = 'Aldine Robotics' and component = 'intent' order by points desc""")
    assert points == [
        ("recent_funding", Decimal("30"), Decimal("12"),
         "Series A - Aldine Robotics ($12.0M), 2026-04-20 [crunchbase, press, sec_edgar]"),
        ("relevant_hiring", Decimal("25"), Decimal("10"),
         "Hiring: Interim Head of Data, 2026-04-28 [greenhouse]"),
        ("technology_change", Decimal("20"), Decimal("8"),
         "Started using Segment, 2026-04-01 [company_site]"),
    ]  # fmt: skip


def test_every_score_is_exactly_the_sum_of_its_points(ask: Ask) -> None:
    assert (
        ask("""
        select s.company_id from leads.lead_scores s
        left join (select company_id, sum(weighted_points) as total
                   from leads.lead_score_points group by all) p using (company_id)
        where s.lead_score <> coalesce(p.total, 0)""")
        == []
    )


def test_points_halve_with_age(ask: Ask) -> None:
    # Corvid's executive came 37 days before: fresh for 45. Dorset's round is 42 days old, with no
    # stated stage: 30 x 0.5^((42 - 30) / 60).
    rows = dict(ask("""
        select c.name || ' ' || rule_id, points from leads.lead_score_points p
        join core.companies c using (company_id)
        where component = 'intent' and c.name <> 'Aldine Robotics'"""))  # fmt: skip
    assert rows == {
        "Corvid Labs leadership_change": Decimal("15"),
        "Dorset Health recent_funding": Decimal(str(round(30 * 0.5 ** (12 / 60), 4))),
    }


def test_a_correction_replaces_and_a_withdrawal_ends(ask: Ask) -> None:
    rows = ask("""
        select b.signal_type, f.amount_usd, b.detected_at, b.known_to
        from signals.buying_signals b join core.companies c using (company_id)
        left join signals.funding_signals f using (signal_id)
        where c.name = 'Dorset Health' order by 1""")
    first, third = datetime(2026, 4, 1, 12), datetime(2026, 5, 1, 12)
    assert rows == [
        ("expansion", None, first, third),
        ("funding_round", 3e6, first, None),
    ]
    # What has ended says why and by which record.
    assert ask("""
        select end_reason, ended_by, ended_by_url from signals.buying_signals b
        join core.companies c using (company_id)
        where c.name = 'Dorset Health' and end_reason is not null""") == [
        ("withdrawn", "press: Withdrawn", "https://press.example/beta/3"),
    ]  # fmt: skip
    # Nothing is overwritten: what was known before stays, with the time until it was.
    assert ask("""
        select b.signal_type, v.version, v.amount_usd, v.known_from, v.known_to
        from signals.signal_versions v join signals.buying_signals b using (signal_id)
        join core.companies c on c.company_id = b.company_id
        where c.name = 'Dorset Health' order by 1, 2""") == [
        ("expansion", 1, None, first, third),
        ("funding_round", 1, 5e6, first, third),
        ("funding_round", 2, 3e6, third, None),
    ]


def test_what_a_gate_set_aside_or_cannot_be_true_stays_out(ask: Ask) -> None:
    rows = ask("""
        select gate, source, record_id, rule from operations.quarantined_rows order by all""")
    assert rows == [
        ("raw", "crunchbase", "r3", "amount"),
        ("unified", "crm", "O3", "negative_amount"),
        ("unified", "crm", "O4", "created_in_the_future"),
        ("unified", "press", "gamma/3", "date_more_than_two_years_ahead"),
    ]
    assert ask("select count(*) from signals.signal_sources where record_id in ('r3', 'gamma/3')") \
        == [(0,)]  # fmt: skip
    assert ask("select record_id from opportunities.crm_opportunities order by 1") == [
        ("O1",),
        ("O2",),
    ]


def test_deals_and_labels(ask: Ask) -> None:
    assert ask("""
        select outcome, amount, round(amount_usd, 2), days_to_close from outcomes.deals
        order by 1""") == [("lost", 20000, 21600, 59), ("won", 50000, 54000, 97)]
    # Aldine's first purchase was on 20 January: the period from 1 January is its last.
    assert ask("""
        select max(as_of), max(purchased), max(as_of) filter (where purchased = 1)
        from features.purchase_periods p join core.companies c using (company_id)
        where c.name = 'Aldine Robotics'""") == [(date(2026, 1, 1), 1, date(2026, 1, 1))]
    assert ask("""
        select distinct exposure_weight from features.purchase_periods
        where as_of = '2026-04-01'""") == [(1.0,)]
    # Nobody knows yet whether a signal of April is followed within 180 days.
    assert ask("""
        select distinct converted, is_label_observed from features.signal_snapshots
        where as_of >= '2025-11-10'""") == [(None, False)]


def test_features_know_only_what_was_knowable(ask: Ask) -> None:
    rows = ask("""
        select as_of, is_current, num_funding_round_90d, num_open_jobs, num_technologies,
               num_prior_wins, num_open_opportunities, num_contacts, cat_industry
        from features.company_snapshots s join core.companies c using (company_id)
        where c.name = 'Aldine Robotics' and as_of in ('2025-12-01', '2026-04-01', '2026-05-01')
        order by as_of""")
    assert rows == [
        (date(2025, 12, 1), False, 0, None, None, 0, 1, 2, "Software"),
        (DAY_2, False, 0, 2, 1, 1, 0, 2, "Software"),
        # Before the day began, the posting that closed on it was still thought open.
        (DAY_3, True, 1, 3, 2, 1, 0, 2, "Software"),
    ]


def test_without_models_leads_say_so(ask: Ask) -> None:
    rows = ask("""
        select lead_rank, company_name, lead_score, timeline_status, deal_size_status,
               expected_value_180d, why_now
        from leads.leads order by lead_rank limit 1""")
    assert rows == [(
        1, "Aldine Robotics", 90.0, "not_trained", "not_trained", None,
        "Recent funding: Series A - Aldine Robotics ($12.0M), 2026-04-20 "
        "[crunchbase, press, sec_edgar]; "
        "Hiring in relevant roles: Hiring: Interim Head of Data, 2026-04-28 [greenhouse]; "
        "Technology change: Started using Segment, 2026-04-01 [company_site]",
    )]  # fmt: skip


def test_every_signal_that_holds_comes_with_advice_and_its_evidence(ask: Ask) -> None:
    rows = ask("""
        select r.kind, r.advice, r.engage_from, r.engage_to, r.is_open, r.evidence, r.source_url
        from signals.recommended_actions r join core.companies c using (company_id)
        where c.name = 'Aldine Robotics' and r.play_id = 'funding_round' and r.rank = 1
        order by r.kind""")
    about = (date(2026, 4, 27), date(2026, 7, 4), True,
             "Series A - Aldine Robotics announced 2026-04-20",
             "https://crunchbase.example/r1")  # fmt: skip
    assert rows == [
        ("action", "Write to your contact at Aldine Robotics now and ask for a call between "
         "1 May 2026 and 4 July 2026, while the budget is being planned.", *about),
        ("talking_point", "Congratulations on the $12.0M round. Which team feels the growth first?",
         *about),
    ]  # fmt: skip
    # What was withdrawn or has ended is no reason to call, and no sentence is half filled.
    assert ask("""
        select count(*) from signals.recommended_actions r
        left join signals.buying_signals b using (signal_id)
        where b.signal_id is null or b.known_to is not null or r.advice like '%{%'""") == [(0,)]


def test_readiness_is_told_with_what_it_rests_on(ask: Ask) -> None:
    rows = ask("""
        select c.name, r.composite_score, r.buying_readiness, r.buying_stage, r.signal_types
        from signals.buying_readiness r join core.companies c using (company_id)
        where r.composite_score > 20 order by 2 desc""")
    # 0.5 x 61.3895 / 0.7: no engagement is received here, so its weight goes to the others.
    assert rows[0] == (
        "Aldine Robotics", Decimal("61.3895"), Decimal("43.8496"), "consideration", 3,
    )  # fmt: skip
    assert [row[0] for row in rows] == ["Aldine Robotics", "Borel Systems", "Corvid Labs"]
    [(points,)] = ask("""
        select sum(points) from signals.buying_readiness_points p
        join core.companies c using (company_id) where c.name = 'Aldine Robotics'""")
    assert points == Decimal("61.3895")


def test_day_by_day_gives_the_rows_of_one_go(in_one_go: Path, day_by_day: Path) -> None:
    assert differences(day_by_day, in_one_go) == {}


def test_a_past_day_built_again_gives_all_its_tables(day_by_day: Path, rebuilt_past: Path) -> None:
    assert differences(rebuilt_past, state_of(day_by_day, DAY_2)) == {}


def test_what_is_told_late_changes_only_what_was_known_after_it(
    day_by_day: Path, told_late: tuple[Path, Path]
) -> None:
    then = state_of(day_by_day, DAY_2)
    now, again = told_late
    assert differences(again, then) == {}
    # On its own day it counts, known from then on, however old it is.
    late = """
        select cast(occurred_at as date), cast(published_at as date), cast(known_from as date)
        from signals.buying_signals where title = 'Corvid Labs opens in Bergen'"""
    assert query(now, late) == [(date(2026, 2, 9), date(2026, 2, 10), DAY_3)]
    won = "select count(*) from outcomes.deals where is_won"
    assert (query(then, won), query(now, won)) == ([(1,)], [(0,)])
    for scores in ("leads.lead_scores", "signals.buying_readiness"):
        sql = f"select * from {scores} order by all"
        assert query(now, sql) != query(day_by_day, sql)


def test_a_past_day_built_again_knows_what_providers_had_answered_by_then(
    day_by_day: Path, told_late: tuple[Path, Path]
) -> None:
    now, again = told_late
    answered = "select value, cast(fetched_at as date) from core.enriched_fields"
    assert query(now, answered) == [("+33 1 5550 300", DAY_3)]
    assert query(state_of(day_by_day, DAY_2), answered) == [("+33 1 5550 200", DAY_2)]
    assert query(again, answered) == [("+33 1 5550 200", DAY_2)]


def test_a_past_day_built_again_gives_its_scores(day_by_day: Path, rebuilt_past: Path) -> None:
    sql = f"select * from leads.lead_score_history where as_of = '{DAY_2}' order by all"
    then = query(day_by_day, sql)
    assert len(then) == 6
    assert then == query(rebuilt_past, sql)
    readiness = (
        f"select * from signals.buying_readiness_history where as_of = '{DAY_2}' order by all"
    )
    assert len(query(day_by_day, readiness)) == 6
    assert query(day_by_day, readiness) == query(rebuilt_past, readiness)
    # The day already in the history was kept.
    assert query(rebuilt_past, "select distinct as_of from leads.lead_score_history order by 1") \
        == [(DAY_2,), (DAY_3,)]  # fmt: skip
    # A day's scores differ from the next: Aldine had no round yet and another opening.
    [(points,)] = query(day_by_day, f"""
        select intent_score from leads.lead_score_history h join core.companies c using (company_id)
        where as_of = '{DAY_2}' and c.name = 'Aldine Robotics'""")  # fmt: skip
    assert points == Decimal(str(round(25 * 0.5 ** (19 / 30), 4))) + 20


def test_two_days_side_by_side_say_why_a_score_changed(day_by_day: Path) -> None:
    rows = query(day_by_day, f"""
        select as_of, rule_id, points from leads.lead_score_point_history
        join core.companies c using (company_id)
        where c.name = 'Aldine Robotics' and component = 'intent' and as_of >= '{DAY_2}'
        order by as_of, rule_id""")  # fmt: skip
    assert rows == [
        (DAY_2, "relevant_hiring", Decimal(str(round(25 * 0.5 ** (19 / 30), 4)))),
        (DAY_2, "technology_change", Decimal(20)),
        (DAY_3, "recent_funding", Decimal(30)),
        (DAY_3, "relevant_hiring", Decimal(25)),
        (DAY_3, "technology_change", Decimal(20)),
    ]
    # Points of a day add up to its score in the history, day by day.
    assert query(day_by_day, """
        select h.company_id from leads.lead_score_history h
        left join (select as_of, company_id, sum(weighted_points) as total
                   from leads.lead_score_point_history group by all) p using (as_of, company_id)
        where h.lead_score <> coalesce(p.total, 0)""") == []  # fmt: skip


def test_what_is_missing_is_said_for_every_rule_that_gives_less_than_its_most(ask: Ask) -> None:
    rows = ask("""
        select rule_id, missing_points, reason, next_tier, points_to_next_tier, reaches_next_tier
        from leads.lead_score_gaps join core.companies c using (company_id)
        where c.name = 'Dorset Health' and component <> 'accessibility' order by rule_id""")
    [(score,)] = ask("""
        select lead_score from leads.lead_scores join core.companies c using (company_id)
        where c.name = 'Dorset Health'""")
    found = {rule: rest for rule, *rest in rows}
    assert found["industry_match"][:2] == [
        Decimal(25), "Industry is Healthcare, none that the profile names"
    ]  # fmt: skip
    faded = Decimal(30) - Decimal(str(round(30 * 0.5 ** (12 / 60), 4)))
    assert found["recent_funding"][0] == faded
    assert found["recent_funding"][1].startswith("Fades: ")
    assert {tuple(rest[2:4]) for rest in found.values()} == {("nurture", Decimal(40) - score)}
    # Size fits, so nothing is missing there.
    assert "size_match" not in found
    # Awarded and missing points together are the most that the rules give.
    assert ask("""
        select s.company_id from leads.lead_scores s
        join (select company_id, sum(missing_weighted_points) as missing
              from leads.lead_score_gaps group by all) g using (company_id)
        where s.lead_score + g.missing <> 100""") == []  # fmt: skip


def test_companies_carry_standard_codes(ask: Ask) -> None:
    assert ask("""
        select name, industry, industry_code, size_band, country, country_code from core.companies
        where name in ('Aldine Robotics', 'Dorset Health') order by name""") == [
        ("Aldine Robotics", "Software", "5132", "201-500", "United States", "US"),
        ("Dorset Health", "Healthcare", "62", "51-200", "United Kingdom", "GB"),
    ]  # fmt: skip


@pytest.mark.parametrize("company", ["Aldine Robotics", "Dorset Health"])
def test_the_examples_of_the_documentation_are_true(ask: Ask, company: str) -> None:
    """docs/lead-scores.md, "Two examples to follow by hand": every row of the tables."""
    page = (PROJECT_ROOT / "docs" / "lead-scores.md").read_text("utf-8")
    table = page.split(f"### {company}\n")[1].split("\n\n")[0]
    told = re.findall(r"\| `(\w+)` \| .* \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", table)
    assert {(rule, *map(Decimal, numbers)) for rule, *numbers in told} == set(ask(f"""
        select rule_id, points, weight, weighted_points
        from leads.lead_score_points join core.companies c using (company_id)
        where c.name = '{company}'"""))  # fmt: skip
    [(score, tier)] = re.findall(r"\*\*([\d.]+)\*\*, (\w+) \|", table)
    assert ask(f"""
        select lead_score, tier from leads.lead_scores join core.companies c using (company_id)
        where c.name = '{company}'""") == [(Decimal(score), tier)]  # fmt: skip
    assert sum(Decimal(adds) for *_, adds in told) == Decimal(score)


def test_a_discovery_is_new_on_its_first_day_only(
    in_one_go: Path, dbt: Dbt, tmp_path: Path
) -> None:
    # The only company that fits and shows signals has an account in the CRM.
    assert query(in_one_go, "select * from leads.discoveries") == []
    home = tmp_path / "home"
    shutil.copytree(in_one_go, home)
    for day in (DAY_2, DAY_3):
        with duckdb.connect(str(home / "warehouse" / "warehouse.duckdb")) as warehouse:
            warehouse.execute(f"""
                delete from leads.lead_scores;
                insert into leads.lead_scores by name
                select 'default' as organisation_id, 'default' as icp_profile_id,
                    'new' as company_id,
                    date '{day}' as as_of, 30 as lead_score, 50 as fit_score, 25 as intent_score,
                    0 as accessibility_score, 'cold' as tier;
                delete from leads.lead_score_points;
                insert into leads.lead_score_points by name
                select 'default' as organisation_id, 'default' as icp_profile_id,
                    'new' as company_id,
                    date '{day}' as as_of, 'intent' as component, 'relevant_hiring' as rule_id,
                    'Hiring' as label, 25 as points, 25 as max_points, 0.4 as weight,
                    10 as weighted_points, 'Head of Data' as evidence, 's' as signal_id,
                    timestamp '{day} 00:00:00' as occurred_at""")  # fmt: skip
        dbt(home, day, "run", "--select", "discoveries")
    # A day made again is the same day.
    dbt(home, DAY_3, "run", "--select", "discoveries")
    assert query(home, """
        select company_id, as_of, first_discovered_on, is_new, shows
        from leads.discoveries order by as_of""") == [
        ("new", DAY_2, DAY_2, True, "Hiring: Head of Data"),
        ("new", DAY_3, DAY_2, False, "Hiring: Head of Data"),
    ]  # fmt: skip


def test_every_version_of_a_profile_that_scored_is_kept_once(day_by_day: Path) -> None:
    assert query(day_by_day, """
        select icp_profile_id, version, first_used_on from leads.icp_profile_versions""") == [
        ("default", 1, DAY_1)
    ]  # fmt: skip
    assert query(day_by_day, "select distinct icp_version from leads.lead_score_history") == [(1,)]


def test_points_never_rise_with_age(dbt, in_one_go: Path) -> None:
    """All while fresh, never more than a day before, none after the end: for every rule and age."""
    points = "{{ decayed_points('r.max_points', 'a.age', 'r.fresh_days', 'r.half_life_days', 'r.ends_after_days') }}"  # fmt: skip # noqa: E501
    rows = dbt.show(in_one_go, DAY_3, f"""
        with r as (select * from {{{{ ref('lead_score_rules') }}}} where fresh_days is not null),
        p as (
            select r.rule_id, a.age, r.fresh_days, r.ends_after_days, r.max_points,
                {points} as points
            from r cross join (select unnest(range(0, 400)) as age) as a
        )
        select rule_id, age from p
        qualify points > lag(points, 1, 1000) over (partition by rule_id order by age)
            or points not between 0 and max_points
            or (age <= fresh_days) <> (points = max_points)
            or (age > ends_after_days) <> (points = 0)""")  # fmt: skip
    assert rows == []


def test_building_the_same_day_twice_keeps_one_history_row(day_by_day: Path) -> None:
    assert query(day_by_day, """
        select as_of, count(*) = count(distinct company_id) from leads.lead_score_history
        group by as_of order by as_of""") == [
        (DAY_1, True),
        (DAY_2, True),
        (DAY_3, True),
    ]  # fmt: skip


def test_what_is_set_aside_or_read_anew_later_leaves_no_trace(amended: tuple[Path, Path]) -> None:
    used, new = amended
    assert differences(used, new) == {}
    # The amendments took effect: the other town, no page that shows Segment, one posting less.
    assert query(
        used,
        """
        select city from signals.expansion_signals where city in ('Lyon', 'Nice')""",
    ) == [("Nice",)]
    assert query(used, "select technology from signals.technology_adoptions") == []
    assert query(used, "select job_title from signals.job_posting_signals order by 1") == [
        ("Head of Data",), ("Interim Head of Data",),
    ]  # fmt: skip


def test_the_day_is_the_variable_else_the_one_of_the_run(in_one_go: Path, dbt: Dbt) -> None:
    sql = "select cast({{ as_of() }} as varchar) as day"
    assert dbt.show(in_one_go, DAY_2, sql) == [(DAY_2.isoformat(),)]
    given = ("--vars", "{as_of: '2026-04-15'}")
    assert dbt.show(in_one_go, DAY_2, sql, *given) == [("2026-04-15",)]


def test_names_are_compared_as_the_readers_compare_them(in_one_go: Path, dbt: Dbt) -> None:
    more = (
        "GmbH & Co. KG", "Bremer Werft GmbH & Co. KG", "Co", "The Co", "The The", "Sons and Co",
        "Company & Company, Inc.", "and", "O’Neil's Co.", "...",
    )  # fmt: skip
    names = [name for name, _ in COMPANY_NAME_EXAMPLES] + list(more)
    values = ", ".join("('" + name.replace("'", "''") + "')" for name in names)
    key = "{{ company_name_key('name') }}"
    sql = f"select name, {key} as key from (values {values}) as t (name)"
    expected = {name: normalize_company_name(name) or None for name in names}
    assert dict(dbt.show(in_one_go, DAY_3, sql)) == expected
    assert expected["Bremer Werft GmbH & Co. KG"] == "bremer werft"
