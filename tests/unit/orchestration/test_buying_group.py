"""A company's buying group and the optimal buyers on a terminal, from published tables."""

import io
import json
from contextlib import contextmanager

import duckdb
import pytest
from rich.console import Console

from orchestration.answers import buying_group
from orchestration.answers.buying_group import show_group, show_optimal_buyers

TABLES = """
create schema core; create schema leads; create schema buying_groups;
create table core.companies as select 'c1' as company_id, 'Larkspur' as name,
    'larkspur.example' as domain, 'SaaS' as industry, 'Software' as industry_name,
    '5132' as industry_code, 'DE' as country_code
    union all select 'c2', 'Tamforge', 'tamforge.example', 'Software', 'Software', '5132', 'FR';
create table core.company_aliases (company_id text, alias_type text, alias text);
create table leads.icp_profiles as
    select 'o' as organisation_id, 'i' as icp_profile_id, true as is_default;
create table buying_groups.buyer_groups as select 'g1' as buyer_group_id, 'o' as organisation_id,
    'i' as icp_profile_id, 'c1' as company_id, 'Larkspur' as company_name, 2 as core_members,
    4 as size_min, 8 as size_max, 3 as contacts, 15 as contacts_wanted, 'single' as threads,
    54.29 as overall_quality, 50.0 as completeness, 21.7 as coverage, 79.0 as data_quality,
    cast(null as double) as cohesion, 82.2 as role_certainty, 20.0 as contact_completeness;
create table buying_groups.buyer_group_members as
    select 'g1' as buyer_group_id, 'p2' as person_id, 'Ben Oduya' as full_name,
        'Controller' as title, 'stakeholder' as buying_role, 0.61 as role_probability,
        45.0 as influence, 'core' as membership, cast(2 as bigint) as priority,
        null as role_reasons, 'crm' as source
    union all select 'g1', 'p1', 'Ada Quist', 'VP of Sales', 'decision_maker', 0.97, 80.0, 'core',
        1, 'title named (+3.0)', 'crm'
    union all select 'g1', 'p3', 'Cy Marlow', 'CRO', 'decision_maker', 0.9, 90.0, 'departed', null,
        null, 'press';
create table buying_groups.buyer_group_gaps as
    select 'g1' as buyer_group_id, 'few_contacts' as gap_type, null as buying_role,
        'low' as severity, '3 of 15 contacts known' as reason, 'Enrich the company' as suggestion
    union all
    select 'g1', 'role_unfilled', 'champion', 'medium', '0 of 1 champion known', 'Win one';
create table buying_groups.optimal_buyers as
    select 'o' as organisation_id, 'i' as icp_profile_id, 'c1' as company_id, 1 as buyer_rank,
        'Larkspur' as company_name, 'Software' as industry, 'Germany' as country, 'smb' as market,
        60.5 as buyer_score, 66.7 as market_score, 80.0 as fit_score, 46.7 as growth_score,
        54.29 as group_quality, 1 as decision_makers, 'single' as threads
    union all select 'o', 'i', 'c2', 2, 'Tamforge', 'Software', 'France', 'large', 30.0, 60.0, 70.0,
        45.0, null, null, null;
"""


@pytest.fixture
def shown(monkeypatch):
    with duckdb.connect() as connection:
        connection.execute(TABLES)

        @contextmanager
        def published(_):
            yield connection

        class NoFolder:
            published = None

        monkeypatch.setattr(buying_group, "connect_published", published)

        def run(show, *arguments, **options):
            out = io.StringIO()
            console = Console(file=out, width=160)
            return show(console, NoFolder, *arguments, **options), out.getvalue()

        yield run


def test_a_group_is_shown_with_members_in_order_and_gaps_gravest_first(shown):
    ok, text = shown(show_group, "larkspur", profile=None, as_json=False)
    assert ok
    assert text.index("Ada Quist") < text.index("Ben Oduya") < text.index("Cy Marlow")
    assert "overall quality 54, completeness 50" in text
    assert "cohesion -" in text
    assert "departed" in text
    assert text.index("0 of 1 champion known") < text.index("3 of 15 contacts known")


def test_what_has_no_group_is_said(shown):
    assert shown(show_group, "tamforge", profile=None, as_json=False) == (
        False, "Nobody is known at Tamforge.\n",
    )  # fmt: skip
    ok, text = shown(show_group, "Nowhere", profile=None, as_json=False)
    assert (ok, text) == (False, "'Nowhere' is no company's name.\n")


def test_optimal_buyers_are_narrowed_and_printed_as_json(shown, capsys):
    wanted = {"icp_profile_id": None, "industries": ["software"], "countries": None, "market": None}
    ok, text = shown(show_optimal_buyers, wanted, top=10, as_json=False)
    assert ok
    assert text.index("Larkspur") < text.index("Tamforge") < text.index("nobody known")
    wanted |= {"industries": ["naics:51"], "countries": ["FR", "BE"]}
    assert shown(show_optimal_buyers, wanted, top=10, as_json=True)[0]
    assert [row["company_name"] for row in json.loads(capsys.readouterr().out)] == ["Tamforge"]
    wanted["industries"] = ["naics:52"]
    assert not shown(show_optimal_buyers, wanted, top=10, as_json=False)[0]
    wanted |= {"industries": None, "market": "small"}
    assert not shown(show_optimal_buyers, wanted, top=10, as_json=False)[0]
