"""What a person decides about who is who holds from its day on, and ids stay over days."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from resources.clock import Clock
from resources.identity_decisions import IDENTITY_DECISIONS, Decision, decisions_table
from resources.lake import Lake
from resources.parquet import PART, Dataset, write_table
from resources.sources.connectors import coresignal_companies
from resources.sources.ingestion import ensure_streams, ingest
from resources.webhooks import Inbox, Incoming
from tests.dbt.conftest import Dbt, Rows, query
from tests.dbt.dropped import services
from tests.dbt.world import DAY_1, DAY_2, World, noon

pytestmark = pytest.mark.slow
MODELS = ("+company_aliases", "+company_records", "+company_links")
PEOPLE = ("+company_aliases", "+identity_decisions", "+person_links", "+employments",
          "+person_aliases")  # fmt: skip


def listed(world: World, name: str, domain: str, day: date = DAY_1) -> None:
    payload = {"name": name, "domain": domain, "cik": "", "industry": "", "employees": ""}
    world.say("company_list", "companies", day, domain, payload)


def account(world: World, number: str, name: str, site: str = "") -> None:
    payload = {"Account ID": number, "Account Name": name, "Website": site}
    world.say("crm", "accounts", DAY_1, number, payload)


def contact(world: World, number: str, first: str, last: str, mail: str) -> None:
    payload = {"Contact ID": number, "Account ID": "A2", "First Name": first, "Last Name": last}
    world.say("crm", "contacts", DAY_1, number, payload | {"Email": mail, "Title": "CFO"})


def decided(kind: str, **keys: object) -> Decision:
    stated = {"decision": kind, "reason": "said on the phone", "decided_by": "mara"}
    return Decision.model_validate(stated | {"decided_on": DAY_2} | keys)


DECISIONS = [
    decided("merge", these=("tamforge.example", "tamforge-old.example")),
    decided("split", record="crm|A1", not_of="orbvane.example"),
    decided("split", record="crm|A2", not_of="orbvane.example"),
    decided("pin", record="crm|A3", of="orbvane.example"),
    decided("pin", record="crm|A4", of="nobody.example"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, dbt: Dbt) -> Path:
    """A home of two days; the decisions are made on the second."""
    home = tmp_path_factory.mktemp("decided")
    world = World()
    listed(world, "Tamforge", "tamforge-old.example")
    listed(world, "Tamforge Labs", "tamforge.example", DAY_2)
    listed(world, "Orbvane", "orbvane.example")
    account(world, "A1", "Orbvane Resale", "https://orbvane.example")
    account(world, "A2", "Orbvane Ltd")
    account(world, "A3", "Quillmere", "https://quillmere.example")
    account(world, "A4", "Dunholt")
    contact(world, "P1", "Ida", "Brandt", "ida.brandt@orbvane.example")
    contact(world, "P2", "Ida", "Brandt", "")
    contact(world, "P3", "Ida", "Oduya", "ida.oduya@orbvane.example")
    for number, (name, person) in enumerate((("plover", "Ada Moss"), ("larkspur", "Ben Oduya"))):
        listed(world, name.title(), f"{name}.example")
        profile(world, str(31 + number), person, name)
    world.write(home, (DAY_1, DAY_2))
    build(dbt, home, 1)
    return home


def profile(world: World, number: str, person: str, company: str) -> None:
    site = f"https://www.{company}.example"
    position = {"position_title": "CFO", "company_id": number, "company_name": company.title()}
    position |= {"company_website": site, "active_experience": 1}
    payload = {"full_name": person, "experience": [position]}
    world.say("coresignal", "employees", DAY_1, number, payload)


def build(
    dbt: Dbt,
    home: Path,
    day: int,
    decisions: list[Decision] | None = None,
    models: tuple[str, ...] = MODELS,
) -> None:
    folder = Dataset(str(home / "reference" / "identity_decisions"), IDENTITY_DECISIONS, ())
    if decisions is not None:
        write_table(folder.filesystem, f"{folder.root}/{PART}", decisions_table(decisions))
    kinds = ("--resource-type", "model", "--resource-type", "seed")
    dbt(home, (DAY_1, DAY_2)[day - 1], "build", *kinds, "--select", *models)


def companies(home: Path) -> dict[str, tuple[str, str]]:
    """Company and method of every record."""
    found = query(home, "select record, company_id, match_method from core.company_records")
    return {record: (company, method) for record, company, method in found}


def alias(home: Path, company_id: str) -> Rows:
    """To which company an id leads."""
    return query(home, f"select company_id from core.company_aliases where alias = '{company_id}'")


def links(home: Path) -> Rows:
    return query(
        home,
        """select left_record, right_record, decision, probability, reasons from core.company_links
        where method = 'decision' order by all""",
    )


def test_decisions_hold_from_their_day_on_and_outlive_every_run(home: Path, dbt: Dbt) -> None:
    old, new = "company_list|tamforge-old.example", "company_list|tamforge.example"
    first = companies(home)
    build(dbt, home, 2, [])
    before = companies(home)
    orbvane = before["company_list|orbvane.example"][0]
    assert (before["crm|A1"], before["crm|A2"]) == ((orbvane, "key"), (orbvane, "name"))

    build(dbt, home, 2, DECISIONS)
    after = companies(home)
    # The older of two ids stays, and the other one leads to it.
    older, younger = first[old][0], before[new][0]
    assert after[old] == after[new] == (older, "decision")
    assert alias(home, younger) == [(older,)]
    # Who was split off stands alone, and who keeps the key keeps the id.
    assert after["company_list|orbvane.example"][0] == orbvane
    assert len({orbvane, after["crm|A1"][0], after["crm|A2"][0]}) == 3
    # Who is pinned has left its own domain behind; its old id still leads to it.
    assert after["crm|A3"] == (orbvane, "decision")
    assert alias(home, before["crm|A3"][0]) == [(orbvane,)]
    assert query(home, "select domain from core.company_records where record = 'crm|A3'") == [
        ("quillmere.example",)
    ]
    assert after["crm|A4"] == before["crm|A4"]

    build(dbt, home, 2)
    assert companies(home) == after
    # A past day knows nothing of what was decided later.
    build(dbt, home, 1)
    assert companies(home) == first
    assert links(home) == []


def test_links_show_what_was_decided_and_whether_it_holds(home: Path, dbt: Dbt) -> None:
    build(dbt, home, 2, DECISIONS, (*MODELS, "+identity_decisions"))
    why = "decision {} by mara on 2026-04-01: said on the phone"
    assert links(home) == [
        ("company_list|orbvane.example", "crm|A1", "apart", 0.0, why.format("split")),
        ("company_list|orbvane.example", "crm|A2", "apart", 0.0, why.format("split")),
        ("company_list|orbvane.example", "crm|A3", "joined", 1.0, why.format("pin")),
        ("company_list|tamforge-old.example", "company_list|tamforge.example", "joined", 1.0,
         why.format("merge")),
    ]  # fmt: skip
    assert query(
        home, "select decision, other_key, state from core.identity_decisions order by all"
    ) == [
        ("merge", "domain:tamforge-old.example", "in_effect"),
        ("pin", "domain:nobody.example", "other_unknown"),
        ("pin", "domain:orbvane.example", "in_effect"),
        ("split", "domain:orbvane.example", "in_effect"),
        ("split", "domain:orbvane.example", "in_effect"),
    ]


def test_a_decision_taken_back_leaves_no_trace(home: Path, dbt: Dbt) -> None:
    build(dbt, home, 2, [])
    assert {method for _, method in companies(home).values()} == {"key", "name"}
    assert links(home) == []


def people(home: Path) -> dict[str, str]:
    return dict(query(home, "select record_key, person_id from intermediate.int_person_identity"))


def test_people_are_merged_and_told_apart_as_well(home: Path, dbt: Dbt) -> None:
    build(dbt, home, 2, [], PEOPLE)
    before = people(home)
    # One name at one company is one person, another name is not.
    assert before["crm|P1"] == before["crm|P2"] != before["crm|P3"]
    about_people = [
        decided("split", entity="person", record="crm|P2", not_of="ida.brandt@orbvane.example"),
        decided("merge", entity="person", these=("crm|P1", "ida.oduya@orbvane.example")),
    ]
    build(dbt, home, 2, about_people, PEOPLE)
    after = people(home)
    assert after["crm|P1"] == after["crm|P3"] == before["crm|P1"] != after["crm|P2"]
    assert query(
        home, "select left_record, right_record, decision from core.person_links order by all"
    ) == [("crm|P1", "crm|P2", "apart"), ("crm|P1", "crm|P3", "joined")]
    # The id that the third had before leads to who the person is now.
    become = f"select person_id from core.person_aliases where alias = '{before['crm|P3']}'"
    assert query(home, become) == [(after["crm|P1"],)]
    assert query(
        home,
        "select state, count(*) from core.identity_decisions where entity = 'person' group by 1",
    ) == [("in_effect", 2)]
    assert query(home, "select count(*) from core.employments where is_current") == [(4,)]


def test_what_coresignal_says_of_companies_reaches_the_published_tables(home: Path, dbt: Dbt):
    """32 was merged into 31, and 31 has grown: from the webhook's inbox to what is published."""
    webhook = "coresignal_company_changes"
    inbox = Inbox(home / "webhooks" / "inbox.sqlite", create=True)
    for told in ({"company_id": 32, "status": "merged", "merged_into": 31},
                 {"company_id": 31, "status": "changed"}):  # fmt: skip
        event = json.dumps(told | {"received_on": DAY_2.isoformat()})
        inbox.add(
            [Incoming(webhook, f"{told['company_id']}", event)], noon(DAY_2) - timedelta(hours=1)
        )
    inbox.close()
    clock = Clock(replayable=True, now=lambda: noon(DAY_2))
    opened = dataclasses.replace(services(home), clock=clock)
    ensure_streams(opened)
    assert ingest(webhook, DAY_2, opened).new_rows == {"mapped_profile_changes": 2}
    told = {"id": 31, "name": "Plover", "website": "https://plover.example", "employees_count": 320}
    record = coresignal_companies.parse(json.dumps(told).encode(), fetched_at=noon(DAY_2))
    Lake(str(home / "lake")).write("coresignal", "companies", DAY_2, [record])

    plover, larkspur = "company_list|plover.example", "company_list|larkspur.example"
    models = (*MODELS, "+employments", "+people", "+enriched_fields", "+enriched_companies")
    build(dbt, home, 2, [], models)
    after = companies(home)
    assert after[plover] == after[larkspur]
    company, method = after[plover]
    assert method == "merger"
    why = """select distinct probability, reasons from core.company_records
        where match_method = 'merger'"""
    assert query(home, why) == [
        (0.95, "Coresignal: company 32 was merged into 31 (told 2026-04-01)")
    ]
    assert query(
        home, "select left_record, right_record, decision from core.company_links order by all"
    ) == [(larkspur, plover, "joined")]
    people_of = f"""select full_name from core.employments inner join core.people using (person_id)
        where employments.company_id = '{company}' order by all"""
    assert query(home, people_of) == [("Ada Moss",), ("Ben Oduya",)]
    facts = """select field, value, source, confidence, is_winner from core.enriched_fields
        where operation = 'coresignal.company'"""
    assert query(home, facts) == [("employee_count", "320", "coresignal", 0.8, True)]
    shown = f"""select employee_count, employee_count_source
        from core.enriched_companies where company_id = '{company}'"""
    assert query(home, shown) == [(320, "coresignal")]
