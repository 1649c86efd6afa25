"""The simulated providers tell the truth of the market in the shapes that our readers take."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from resources.enrichment.config import load_enrichment
from resources.enrichment.engine import Enricher
from resources.enrichment.people import find_people
from resources.enrichment.suppressions import Suppressions
from resources.enrichment.values import Subject
from resources.settings import PROJECT_ROOT
from resources.state import StateStore
from sandbox.market.profiles import profiles
from tests.contract.sandbox.conftest import DAY

NOW = datetime.fromisoformat(f"{DAY}T12:00:00").replace(tzinfo=UTC)


@pytest.fixture
def enricher(server, tmp_path):
    config = load_enrichment(PROJECT_ROOT / "config", "sandbox")
    state = StateStore(f"sqlite:///{tmp_path}/state.sqlite")
    made = Enricher(config, state, Suppressions(), environ={"SANDBOX_URL": server}, now=lambda: NOW)
    with made as enricher:
        yield enricher


def company_subject(company) -> Subject:
    key = f"c{company.index}"
    return Subject("company", key, company.name, key, company.name, company.domain, {})


def test_what_is_learnt_of_companies_is_true(enricher, market):
    known: dict[str, int] = {}
    for company in market.companies[:60]:
        result = enricher.enrich(company_subject(company), "enrich")
        said = {c.field: c.winner.value for c in result.choices if c.winner}
        for field in said:
            known[field] = known.get(field, 0) + 1
        assert said.get("founded_year", str(company.founded)) == str(company.founded)
        assert said.get("country", company.place.country) == company.place.country
        count = int(said.get("employee_count", company.employees))
        assert abs(count - company.employees) <= 0.06 * company.employees + 1
        if "employee_range" in said:
            low, _, high = said["employee_range"].rstrip("+").partition("-")
            assert int(low) <= company.employees <= int(high or 10**9)
    # Each provider knows its share, so that the waterfall has something to pass on.
    assert 45 <= known["employee_count"] < 60
    assert known["linkedin_url"] >= 50


def test_deep_research_asks_the_markets_coresignal_too(enricher, market):
    outcomes = set()
    for company in market.companies[:80]:
        result = enricher.enrich(company_subject(company), "deep_research")
        outcomes |= {s.outcome for s in result.steps if s.operation == "coresignal.company"}
        found = [
            s.observation for s in result.statements
            if s.observation.operation == "coresignal.company"
        ]  # fmt: skip
        said = {o.field: o.value for o in found}
        assert said.get("founded_year", str(company.founded)) == str(company.founded)
    assert outcomes == {"found", "not_found"}


def test_no_provider_of_the_simulated_market_is_met_in_the_world():
    config = load_enrichment(PROJECT_ROOT / "config", "sandbox")
    urls = [
        url for provider in config.providers.values()
        for url in provider.declaration.base_urls.values()
    ]  # fmt: skip
    assert urls
    assert [url for url in urls if not url.startswith("${SANDBOX_URL}")] == []


def test_what_is_learnt_of_people_is_true_where_it_is_confident(enricher, market):
    day = market.day_of(NOW.date())
    confident = wrong = asked = 0
    for company in market.companies[:80]:
        for person in profiles(market, company):
            if person.since > day:
                continue
            asked += 1
            name = f"{person.first} {person.last}"
            subject = Subject("person", f"p{asked}", name, "c", company.name, company.domain, {})
            result = enricher.enrich(subject, "enrich")
            (email,) = [c for c in result.choices if c.field == "email"] or [None]
            if email is not None and email.is_confident:
                confident += 1
                wrong += email.winner.value != person.email
    assert asked > 100
    assert confident / asked > 0.6
    # A server that takes any address is never called a verification; so none is wrong.
    assert wrong == 0


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("key_revoked", "key_refused"),
        ("out_of_credits", "out_of_credits"),
        ("http_500", "down"),
        ("schema_drift", "wrong_shape"),
        ("html_instead", "wrong_shape"),
        ("wrong_encoding", "wrong_shape"),
        ("empty", "wrong_shape"),
    ],
)
def test_faults_on_demand_are_told_apart(client, enricher, market, kind, outcome):
    client.fault(source="apollo", kind=kind)
    company = next(c for c in market.companies if c.index == 5)
    result = enricher.enrich(company_subject(company), "enrich")
    assert {s.outcome for s in result.steps if s.source == "apollo"} == {outcome}
    assert {s.source for s in result.steps} >= {"hubspot", "crunchbase"}


def test_people_searches_find_the_markets_people_and_nobody_else(enricher, market):
    told, credits = 0, 0.0
    for company in market.companies[110:122]:
        # A vendor learns late that a leader has left, and shortens names.
        there = {e.name: e.title for e in market.everybody(company)}
        there |= {leader.person: leader.title for leader in market.leaders(company)}
        there |= {f"{p.first} {p.last}": p.title for p in profiles(market, company)}
        truth = {f"{n.split()[0]} {n.split()[-1]}": title for n, title in there.items()} | there
        search = find_people(enricher, company_subject(company), [])
        told += len(search.people)
        credits += search.credits
        for person in search.people:
            assert person.title.removeprefix("Interim ") == truth[person.full_name]
            assert person.email is None or person.email.endswith(f"@{company.domain}")
        assert len({p.full_name for p in search.people}) == len(search.people)
    # The cheapest provider comes first: far less than a credit a person.
    assert told > 120
    assert credits < 0.7 * told
