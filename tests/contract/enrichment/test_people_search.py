"""People nobody knows yet: who is asked, who is bought, who is left alone, and what is stored."""

from __future__ import annotations

import io
import json
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from types import SimpleNamespace

import duckdb
import pytest
import sqlalchemy as sa
from rich.console import Console

from assets import people_search
from orchestration.answers import finding_people
from resources.clock import Clock
from resources.enrichment import people_batch
from resources.enrichment.people import find_people
from resources.enrichment.people_found import KnownPerson, may_be
from resources.enrichment.people_store import records, searched, store
from resources.enrichment.suppressions import Suppressions, identifiers
from resources.enrichment.tables import enrichment_charges, people_searches
from resources.lake import Lake
from resources.publication import publish
from resources.settings import Settings
from tests.contract.enrichment.desk import COMPANY, Desk, as_json
from tests.contract.sources.vendor import Asked, Reply

DOMAIN = "/hunter/v2/domain-search"
SEARCH = "/apollo/api/v1/mixed_people/api_search"
MATCH = "/apollo/api/v1/people/match"
CORE = "/coresignal/cdapi/v2/multi_source_employee"
DAY = date(2026, 6, 15)
NAMES = ("Ann Lee", "Bo Nord", "Cy Park", "Di Quist", "Ed Rossi", "Flo Sand")


def listed(name: str, **more) -> dict:
    first, last = name.split()
    return {
        "value": f"{first}.{last}@aldine.example".lower(), "type": "personal", "confidence": 93,
        "first_name": first, "last_name": last, "position": "Head of Data", "linkedin": None,
        "seniority": "executive", "phone_number": None, "sources": [],
        "verification": {"date": "2026-06-01", "status": "valid"}, **more,
    }  # fmt: skip


def person(name: str, **more) -> dict:
    first, last = name.split()
    return {
        "id": f"id-{first.lower()}", "first_name": first, "last_name": last, "name": name,
        "title": "VP of Sales", "linkedin_url": f"http://www.linkedin.com/in/{first.lower()}",
        "email": f"{first}@aldine.example", "email_status": "guessed", "photo_url": "https://x/p",
        "extrapolated_email_confidence": 0.4,
        "organization": {"name": "Aldine Robotics", "primary_domain": "aldine.example"}, **more,
    }  # fmt: skip


def shown(name: str) -> dict:
    first, last = name.split()
    return {"id": f"id-{first.lower()}", "first_name": first, "title": "VP of Sales",
            "last_name_obfuscated": f"{last[:2]}***{last[-1]}", "has_email": True}  # fmt: skip


def profile(asked: Asked) -> Reply:
    number = int(asked.path.rsplit("/", 1)[1])
    held = {"active_experience": 1, "position_title": "Controller", "company_name": "Aldine",
            "company_website": "https://www.aldine.example", "date_from_year": 2024,
            "date_from_month": 3, "date_to": None}  # fmt: skip
    if number == 8:
        held["company_website"] = "https://borel.example"
    return as_json({"id": number, "full_name": f"Gus Tell{number}", "experience": [held],
                    "linkedin_url": f"https://www.linkedin.com/in/gus-{number}"})  # fmt: skip


@pytest.fixture(autouse=True)
def good(vendor):
    vendor.on(DOMAIN, as_json({"data": {"emails": [listed(n) for n in NAMES[:2]]},
                               "meta": {"results": 2}}))  # fmt: skip
    vendor.on(SEARCH, as_json({"total_entries": 5, "people": [shown(n) for n in NAMES[1:]]}))

    def match(asked: Asked) -> Reply:
        name = next(n for n in NAMES if asked.query["id"] == f"id-{n.split()[0].lower()}")
        return as_json({"person": person(name)})

    vendor.on(MATCH, match)
    vendor.on(f"{CORE}/search/es_dsl", as_json([7, 8, 9]))
    for number in (7, 8, 9):
        vendor.on(f"{CORE}/collect/{number}", profile)


def look(desk, wanted: int = 15, known=(), **more):
    with desk.open() as enricher:
        return find_people(enricher, COMPANY, list(known), wanted, **more)


def steps(search) -> list[tuple[str, str]]:
    return [(s.operation, s.outcome) for s in search.result.steps]


def test_providers_are_asked_in_order_until_enough_are_known(desk, vendor):
    known = [KnownPerson("Ann Lee", "CTO"), KnownPerson("Cy Park", "CFO", is_current=False)]
    search = look(desk, 5, known)
    # Ann is told again, Bo is new; Bo's and Cy's half-hidden names are not bought: one is known by
    # now, the other has left.
    assert [p.full_name for p in search.people] == ["Bo Nord", "Di Quist", "Ed Rossi", "Flo Sand"]
    assert [p.full_name for p in search.confirmed] == ["Ann Lee"]
    assert (search.known, search.contacts, search.left_out) == (1, 5, 1)
    assert (search.ended, search.completeness, search.credits) == ("enough", 100.0, 4.0)
    assert Counter(steps(search)) == {
        ("hunter.domain_search", "found"): 1, ("apollo.people_search", "found"): 1,
        ("apollo.person_by_id", "found"): 3,
    }  # fmt: skip
    (asked,) = [a for a in vendor.asked if a.path == SEARCH]
    assert asked.query["q_organization_domains_list[]"] == "aldine.example"
    (asked,) = [a for a in vendor.asked if a.path == DOMAIN]
    assert asked.query == {"domain": "aldine.example", "type": "personal", "limit": "10",
                           "offset": "0"}  # fmt: skip
    # Asked again, nothing leaves the machine.
    again = look(desk, 5, known)
    assert (again.asked, again.credits, len(again.people)) == (0, 0.0, 4)


def test_what_is_stored_says_who_told_it_and_keeps_no_more_than_it_may(desk, tmp_path):
    search = look(desk, 30, collected={"coresignal": {"9"}})
    assert search.ended == "nobody_left"
    found = {r.record_id: json.loads(r.payload) for r in records(search, desk.now)}
    assert set(found) == {"ann.lee@aldine.example", "bo.nord@aldine.example", "id-cy", "id-di",
                          "id-ed", "id-flo", "7"}  # fmt: skip
    assert found["ann.lee@aldine.example"]["fields"] == {
        "company_name": "Aldine Robotics", "company_domain": "aldine.example",
        "full_name": "Ann Lee", "job_title": "Head of Data", "email": "ann.lee@aldine.example",
        "is_current": True, "confidence": 0.75,
        "evidence": "Head of Data at Aldine Robotics: address of the company, verification valid",
    }  # fmt: skip
    # A guessed address is no address; a photograph is nobody's business.
    assert "email" not in found["id-cy"]["fields"]
    assert found["id-cy"]["fields"]["confidence"] == 0.85
    assert "photo_url" not in found["id-cy"]["row"]
    assert found["7"]["fields"]["started_on"] == "2024-03-01"
    assert found["7"]["fields"]["date_precision"] == "month"
    lake = Lake(f"{tmp_path}/lake")
    day = date(2026, 6, 15)
    assert store(lake, desk.state, day, desk.now, search, "r1") == 7
    desk.later(minutes=1)
    # What had been left to another source is asked for when that source does not bring it.
    assert store(lake, desk.state, day, desk.now, look(desk, 30), "r2") == 1
    assert lake.sources_of("mapped_people") == ["apollo", "coresignal", "hunter"]
    assert searched(desk.state, desk.now) == {"c1"}
    desk.later(days=31)
    assert searched(desk.state, desk.now) == set()
    with desk.state.read() as connection:
        first = connection.execute(sa.select(people_searches)).mappings().first()
    assert (first["found"], first["credits"], first["sources"]) == (
        7, 8.0, "apollo 4, coresignal 1, hunter 2",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(b"oops", 503), "down"),
        (Reply(b"no", 401), "key_refused"),
        (Reply(b"{}", 402), "out_of_credits"),
        (as_json({"data": {"emails": ["Ann"]}}), "wrong_shape"),
        (as_json([1]), "wrong_shape"),
        (Reply(b'{"data": {', cut=50), "in_doubt"),
    ],
)
def test_a_provider_on_a_bad_day_is_passed_over(desk, vendor, reply, outcome):
    vendor.on(DOMAIN, reply)
    search = look(desk, 5)
    assert steps(search)[0] == ("hunter.domain_search", outcome)
    assert [p.source for p in search.people] == ["apollo"] * 5
    assert search.ended == "enough"


def test_out_of_credits_ends_a_providers_candidates_and_the_next_one_is_asked(desk, vendor):
    vendor.on(MATCH, [as_json({"person": person("Bo Nord")}), Reply(b"{}", 402)])
    vendor.on(DOMAIN, as_json({"data": {"emails": []}, "meta": {"results": 0}}))
    search = look(desk)
    assert vendor.count(MATCH) == 2
    assert [p.full_name for p in search.people] == ["Bo Nord", "Gus Tell7", "Gus Tell9"]
    assert search.ended == "nobody_left"


def test_one_companys_credits_and_no_key_at_all_end_it(desk, vendor):
    rule = desk.config.people_search.model_copy(update={"credits_per_company": 2})
    desk.config = replace(desk.config, people_search=rule)
    search = look(desk)
    assert (search.credits, search.ended) == (2.0, "credits")
    desk.environ = {}
    desk.later(days=31)
    assert look(desk).ended == "unanswered"


def test_who_is_on_the_list_is_neither_kept_nor_bought_back(desk, vendor):
    key = b"k"
    empty = Suppressions(frozenset(), key)
    name = empty.digest(identifiers("name", "Ann Lee", "aldine.example"))
    desk.suppressions = Suppressions(frozenset({name}), key)
    search = look(desk, 3)
    assert "Ann Lee" not in [p.full_name for p in search.people]
    kept = b"".join(f.read_bytes() for f in desk.home.glob("state.sqlite*"))
    assert b"Ann" not in kept
    # Who comes onto the list later is erased from the answers that are kept.
    later = empty.digest(identifiers("name", "Bo Nord", "aldine.example"))
    desk.suppressions = Suppressions(frozenset({name, later}), key)
    with desk.open() as enricher:
        assert enricher.forget_suppressed() == 1
    assert [p.full_name for p in look(desk, 2).people] == ["Cy Park", "Di Quist"]
    # A list that cannot be read lets nothing through, and a listed domain is not asked about.
    for suppressions in (
        Suppressions(frozenset({name}), b""),
        Suppressions(frozenset({empty.digest("domain:aldine.example")}), key),
    ):
        desk.suppressions = suppressions
        before = len(vendor.asked)
        assert (look(desk).ended, len(vendor.asked)) == ("suppressed", before)


SQL = """
create schema core; create schema leads; create schema buying_groups;
create table core.companies as select * from (values
    ('c1', 'Aldine Robotics', 'aldine.example', 'Software', 4::bigint, 'Austin', 'France', null),
    ('c2', 'Borel Systems', 'borel.example', null, null, null, 'France', null),
    ('c3', 'Corvi', 'corvi.example', null, null, null, null, null)
) as t (company_id, name, domain, industry, employee_count, city, country, phone);
create table core.company_fields (
    company_id text, field text, value text, source text, origin text, is_used boolean,
    valid_until timestamp
);
create table core.company_technologies (
    company_id text, technology text, method text, source text, is_current boolean
);
create table core.people as select * from (values ('p1', 'Ann Lee'), ('p2', 'Cy Park'))
    as t (person_id, full_name);
create table core.employments as select * from (values
    ('e1', 'p1', 'c1', 'CTO', true), ('e2', 'p2', 'c1', 'CFO', false)
) as t (employment_id, person_id, company_id, title, is_current);
create table leads.leads as select * from (values
    ('o', 'i', 'c3', 1), ('o', 'i', 'c1', 2), ('o', 'i', 'c2', 3)
) as t (organisation_id, icp_profile_id, company_id, lead_rank);
create table buying_groups.buyer_groups as select * from (values
    ('o', 'i', 'c3', 100.0), ('o', 'i', 'c1', 25.0)
) as t (organisation_id, icp_profile_id, company_id, contact_completeness);
"""


@pytest.fixture
def platform(desk, vendor, tmp_path, monkeypatch):
    """A platform whose last publication is yesterday's: one lead is complete, two are not."""
    settings = Settings(home=tmp_path / "home")
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(SQL)
    publish(settings.warehouse, settings.published, 2, as_of=DAY - timedelta(days=1))
    opened = lambda *_, **more: desk.open(more.get("run_id"))  # noqa: E731
    monkeypatch.setattr(people_search, "load_enrichment", lambda *_: desk.config)
    monkeypatch.setattr(people_batch, "open_enricher", opened)
    services = SimpleNamespace(
        state=desk.state, lake=Lake(f"{tmp_path}/lake"), clock=Clock(now=lambda: desk.now)
    )
    return SimpleNamespace(settings=settings, services=services)


def test_the_line_asks_about_the_best_leads_that_lack_contacts(platform, desk, vendor):
    first, second = people_search.search_people(platform, "run-1", DAY)
    # Four people work at Aldine: so many are wanted. Of Borel the vendors tell Aldine's people but
    # for one, who really works there.
    assert (first.company.company_id, first.wanted, first.contacts) == ("c1", 4, 4)
    assert (second.company.company_id, second.wanted) == ("c2", 15)
    assert ([p.full_name for p in second.people], second.ended) == (["Gus Tell8"], "nobody_left")
    before = len(vendor.asked)
    # Neither again on the same day nor within the lifetime of the answers.
    assert people_search.search_people(platform, "run-2", DAY) == []
    assert len(vendor.asked) == before
    assert people_search.search_people(platform, "run-3", DAY - timedelta(days=1)) == []
    # The day's own publication is asked about on the next day.
    with duckdb.connect(str(platform.settings.warehouse)) as connection:
        connection.execute("delete from buying_groups.buyer_groups")
    publish(platform.settings.warehouse, platform.settings.published, 2, as_of=DAY)
    desk.later(hours=1)
    assert people_search.search_people(platform, "run-4", DAY) == []


def test_what_was_published_early_in_the_day_keeps_nobody_from_asking(platform):
    # News of the night were published before the line began.
    with duckdb.connect(str(platform.settings.warehouse)) as connection:
        connection.execute("delete from leads.leads where company_id = 'c1'")
    publish(platform.settings.warehouse, platform.settings.published, 2, as_of=DAY)
    asked = people_search.search_people(platform, "run-1", DAY)
    assert [search.company.company_id for search in asked] == ["c1", "c2"]


def test_a_run_that_is_repeated_asks_about_no_more_leads_than_a_day_has(platform, desk):
    rule = desk.config.people_search.model_copy(update={"leads": 1})
    desk.config = replace(desk.config, people_search=rule)
    (search,) = people_search.search_people(platform, "run-1", DAY)
    assert search.company.company_id == "c1"
    assert people_search.search_people(platform, "run-2", DAY) == []


def test_the_command_shows_how_complete_a_company_is(platform, desk):
    out = io.StringIO()
    ask = partial(finding_people.show_people_search, Console(file=out, width=100),
                  platform.settings, platform.services)  # fmt: skip
    assert ask("aldine.example", wanted=3, top=1, as_json=True)
    (told,) = json.loads(out.getvalue())
    assert (told["known_before"], told["contacts"], told["completeness"]) == (1, 3, 100.0)
    assert [(p["full_name"], p["source"]) for p in told["people"]] == [
        ("Bo Nord", "hunter"), ("Di Quist", "apollo"),
    ]  # fmt: skip
    out.seek(0)
    out.truncate(0)
    assert ask("aldine.example", wanted=30, top=1, as_json=False)
    said = " ".join(out.getvalue().split())
    assert "1 left out: known to have left the company." in said
    assert "0 of 1 have as many contacts as wanted" in said
    assert max(len(line) for line in out.getvalue().splitlines()) <= 100
    assert not ask("nobody.example", wanted=None, top=1, as_json=False)
    exported = platform.settings.enrichment / "people_searches" / "part.parquet"
    stored = duckdb.sql(f"select company_id, found from '{exported}'").fetchall()
    assert stored == [("c1", 6)]


def test_half_hidden_names():
    assert may_be({"first_name": "Ida", "hidden_last_name": "Br***t"}, "Ida Brandt")
    assert not may_be({"first_name": "Ida", "hidden_last_name": "Br***n"}, "Ida Brandt")
    assert not may_be({"first_name": "Max", "hidden_last_name": "Br***t"}, "Ida Brandt")
    assert may_be({"first_name": "Ida", "hidden_last_name": "B."}, "Ida Brandt")
    assert not may_be({"candidate": "7"}, "Ida Brandt")


def test_a_kill_in_the_middle_repeats_no_paid_question(desk, vendor):
    # A fork, so that nothing is loaded anew: the state store is opened by the child itself.
    child = os.fork()
    if child == 0:
        look(Desk(vendor, desk.home), 9)
        os._exit(0)
    deadline = time.monotonic() + 60
    while vendor.count(MATCH) < 2 and time.monotonic() < deadline:
        time.sleep(0.001)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    found = look(desk, 9).people
    asked = Counter(
        (a.path, tuple(sorted(a.query.items())))
        for a in vendor.asked
        if a.path in (DOMAIN, MATCH) or "/collect/" in a.path
    )
    assert set(asked.values()) == {1}
    with desk.state.read() as connection:
        statuses = Counter(connection.execute(sa.select(enrichment_charges.c.status)).scalars())
    # At most the one that was under way is in doubt, and it counts as charged.
    assert statuses["reserved"] <= 1
    assert len(found) == 8 - statuses["reserved"]
