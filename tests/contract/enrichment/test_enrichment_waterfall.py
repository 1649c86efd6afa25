"""The waterfall over HTTP: it stops where it may, pays once, keeps within its budget."""

from __future__ import annotations

from dataclasses import replace

import pytest

from resources.enrichment.batch import run_batch
from resources.enrichment.config import Batch
from resources.enrichment.ledger import Budget
from resources.enrichment.services import credit_report
from resources.enrichment.suppressions import (
    KEY_VARIABLE,
    Suppressions,
    add_suppression,
    identifiers,
    load_suppressions,
)
from tests.contract.enrichment import answers
from tests.contract.enrichment.desk import COMPANY, PERSON, as_json, outcomes, won
from tests.contract.sources.vendor import Reply


@pytest.fixture(autouse=True)
def good(vendor):
    answers.answer_everything(vendor)


def paid(vendor) -> list[str]:
    """Paths of questions that vendors charge for."""
    charging = ("apollo", "hunter", "builtwith", "coresignal")
    return [a.path for a in vendor.asked if a.path.split("/")[1] in charging]


def test_the_first_confident_answer_ends_the_search(desk, vendor):
    result = desk.enrich(PERSON)
    assert outcomes(result) == {
        "company_site.contact": "not_found",
        "hubspot.contact": "not_found",
        "apollo.person": "found",
    }
    assert won(result)["email"] == ("apollo", "ida.brandt@aldine.example")
    assert desk.asked("hunter") == []
    assert result.credits == 1


def test_a_guess_is_followed_up_and_verified(desk, vendor):
    guess = answers.apollo_person(email_status="guessed", extrapolated_email_confidence=0.4,
                                  email="ibrandt@aldine.example")  # fmt: skip
    vendor.on("/apollo/api/v1/people/match", as_json(guess))
    unsure = answers.hunter_found(verification={"date": None, "status": None}, score=70)
    vendor.on("/hunter/v2/email-finder", as_json(unsure))
    result = desk.enrich(PERSON)
    verified = [a.query["email"] for a in desk.asked("hunter") if a.path.endswith("verifier")]
    assert verified == ["ida.brandt@aldine.example"]
    (email,) = [c for c in result.choices if c.field == "email"]
    assert (email.winner.source, email.is_confident) == ("hunter", True)
    rows = {(r["field"], r["operation"]): r for r in desk.rows()}
    row = rows["email", "hunter.email_finder"]
    assert (row["is_winner"], row["confidence"], row["value_confidence"]) == (True, 0.7, 0.97)
    assert rows["email", "apollo.person"]["is_winner"] is False
    assert rows["email", "apollo.person"]["reason"] == "below 0.8, and hunter was confident"
    assert result.credits == 3


def test_an_address_that_does_not_exist_is_not_used(desk, vendor):
    guess = answers.apollo_person(email_status="guessed", extrapolated_email_confidence=0.7)
    vendor.on("/apollo/api/v1/people/match", as_json(guess))
    vendor.on("/hunter/v2/email-finder", as_json(answers.hunter_found(email=None, score=None)))
    refuted = answers.hunter_verified("ida.brandt@aldine.example", "invalid")
    vendor.on("/hunter/v2/email-verifier", as_json(refuted))
    result = desk.enrich(PERSON)
    assert "email" not in won(result)
    told = [r for r in desk.rows() if r["field"] == "email"]
    assert {r["operation"]: r["reason"] for r in told} == {
        "apollo.person": "hunter says that the value is wrong",
        "hunter.email_verifier": "says that the value is wrong: verification invalid",
    }


def test_what_is_known_already_is_not_asked_for(desk, vendor):
    known = {"email": ("i@aldine.example", "crm"), "phone": ("1", "crm"), "title": ("x", "crm"),
             "linkedin_url": ("https://www.linkedin.com/in/i", "crm")}  # fmt: skip
    result = desk.enrich(replace(PERSON, given=known))
    assert (result.steps, vendor.asked, desk.rows()) == ([], [], [])


def test_levels_ask_no_more_than_they_may(desk, vendor):
    assert {s.source for s in desk.enrich(COMPANY, "identify").steps} == {"company_site", "hubspot"}
    assert {s.source for s in desk.enrich(COMPANY, "enrich").steps} >= {"apollo", "crunchbase"}
    assert {s.source for s in desk.enrich(COMPANY, "deep_research").steps} == {"builtwith"}


def test_a_second_run_asks_nothing_and_changes_nothing(desk, vendor):
    first = desk.enrich(COMPANY), desk.enrich(PERSON)
    before, told = len(vendor.asked), desk.rows()
    again = desk.enrich(COMPANY), desk.enrich(PERSON)
    assert len(vendor.asked) == before
    assert [won(r) for r in again] == [won(r) for r in first]
    assert [r.changed_rows for r in again] == [0, 0]
    assert desk.rows() == told
    assert sum(r.credits for r in again) == 0


def test_answers_are_asked_again_when_their_lifetime_is_over(desk, vendor):
    desk.enrich(COMPANY)
    desk.enrich(PERSON)
    desk.later(hours=25)
    vendor.asked.clear()
    desk.enrich(COMPANY)
    desk.enrich(PERSON)
    # A company's answer counts for a day, a person's for a week.
    assert "/apollo/api/v1/organizations/enrich" in paid(vendor)
    assert "/apollo/api/v1/people/match" not in paid(vendor)
    desk.later(days=7)
    desk.enrich(PERSON)
    assert "/apollo/api/v1/people/match" in paid(vendor)


def test_hunters_answer_counts_for_thirty_days(desk, vendor):
    vendor.on("/apollo/api/v1/people/match", as_json({"person": None}))
    desk.enrich(PERSON)
    for days, asked in ((29, 1), (2, 2)):
        desk.later(days=days)
        desk.enrich(PERSON)
        assert paid(vendor).count("/hunter/v2/email-finder") == asked


def test_a_buying_group_analysis_counts_for_thirty_days(desk, vendor):
    assert {name: span.days for name, span in desk.config.lifetimes.items()} == {
        "company": 1, "person": 7, "buying_group": 30, "hunter": 30
    }  # fmt: skip
    apollo = desk.config.providers["apollo"]
    analysed = apollo.operations["person"].model_copy(update={"lifetime": "buying_group"})
    operations = {**apollo.operations, "person": analysed}
    providers = {**desk.config.providers, "apollo": replace(apollo, operations=operations)}
    desk.config = replace(desk.config, providers=providers)
    desk.enrich(PERSON)
    for days, asked in ((29, 1), (2, 2)):
        desk.later(days=days)
        desk.enrich(PERSON)
        assert paid(vendor).count("/apollo/api/v1/people/match") == asked


def test_a_changed_answer_ends_the_old_row_and_begins_another(desk, vendor):
    desk.enrich(PERSON)
    desk.later(days=8)
    new = answers.apollo_person(title="Chief Data Officer")
    vendor.on("/apollo/api/v1/people/match", as_json(new))
    desk.enrich(PERSON)
    titles = [r for r in desk.rows() if r["field"] == "title"]
    assert [(r["value"], r["known_to"] is None) for r in titles] == [
        ("Head of Data", False),
        ("Chief Data Officer", True),
    ]
    assert titles[0]["known_to"] == titles[1]["known_from"] == desk.now


def test_the_budget_is_never_exceeded_and_the_waterfall_goes_on(desk, vendor):
    apollo = desk.config.providers["apollo"]
    desk.config = replace(
        desk.config,
        providers={**desk.config.providers, "apollo": replace(apollo, budget=Budget(3, None))},
    )
    for number in range(5):
        person = replace(PERSON, entity_id=f"p{number}", name=f"Ida Brandt{chr(97 + number)}")
        named = answers.apollo_person(last_name=person.name.split()[1], name=person.name)
        vendor.on("/apollo/api/v1/people/match", as_json(named))
        last = desk.enrich(person)
    assert len(desk.asked("apollo")) == 3
    assert outcomes(last)["apollo.person"] == "over_budget"
    assert outcomes(last)["hunter.email_finder"] in ("found", "not_found")
    (row,) = [
        r for r in credit_report(desk.config, desk.state, desk.now) if r["source"] == "apollo"
    ]
    assert (row["charged"], row["budget"], row["credits_left"]) == (3, 3, 0)
    # A new month is a new budget.
    desk.later(days=20)
    person = replace(PERSON, entity_id="p9", name="Ida Brandtz")
    assert outcomes(desk.enrich(person))["apollo.person"] != "over_budget"


def test_a_run_has_a_budget_of_its_own(desk, vendor):
    apollo = desk.config.providers["apollo"]
    desk.config = replace(
        desk.config,
        providers={**desk.config.providers, "apollo": replace(apollo, budget=Budget(100, 1))},
    )
    with desk.open("run-1") as enricher:
        assert outcomes(enricher.enrich(COMPANY, "enrich"))["apollo.organization"] == "found"
        assert outcomes(enricher.enrich(PERSON, "enrich"))["apollo.person"] == "over_run_budget"
    with desk.open("run-2") as enricher:
        assert outcomes(enricher.enrich(PERSON, "enrich"))["apollo.person"] == "found"


def test_a_batch_pauses_between_batches_only_where_no_limit_is_stated(desk, vendor):
    leads = [[replace(PERSON, entity_id=f"p{n}", name=f"Ida Brandt{n}")] for n in range(4)]
    batch = Batch(leads_per_batch=2, pause_seconds=3)
    vendor.on("/apollo/api/v1/people/match", as_json({"person": None}))
    pauses: list[float] = []
    with desk.open() as enricher:
        report = run_batch(enricher, leads, batch, sleep=pauses.append)
    assert (report.people, pauses) == (4, [3])  # Hunter states none
    with desk.open() as enricher:
        again = run_batch(enricher, leads, batch, sleep=pauses.append)
    assert (again.asked, pauses) == (0, [3])


# --- people who must be left alone --------------------------------------------------------------

KEY = b"a key of the user's own"


def listed(*said: tuple[str, ...]) -> Suppressions:
    bare = Suppressions(key=KEY)
    return Suppressions(frozenset(bare.digest(identifiers(*item)) for item in said), KEY)


@pytest.mark.parametrize(
    "item", [("name", "ida BRANDT", "aldine.example"), ("domain", "aldine.example")]
)
def test_nobody_on_the_list_is_asked_about(desk, vendor, item):
    desk.suppressions = listed(item)
    result = desk.enrich(PERSON)
    assert [s.outcome for s in result.steps] == ["suppressed"]
    assert (vendor.asked, desk.rows()) == ([], [])
    # Companies are no persons.
    assert "phone" in won(desk.enrich(COMPANY))


@pytest.mark.parametrize(
    "item", [("email", "Ida.Brandt@Aldine.example"), ("phone", "+1 512 555 0199"),
             ("linkedin", "linkedin.com/in/ida-brandt")]
)  # fmt: skip
def test_what_an_answer_says_of_somebody_on_the_list_is_not_kept(desk, item):
    desk.suppressions = listed(item)
    result = desk.enrich(PERSON)
    assert result.steps[-1].outcome == "suppressed"
    assert desk.rows() == []
    kept = (desk.home / "state.sqlite").read_bytes()
    wal = desk.home / "state.sqlite-wal"
    kept += wal.read_bytes() if wal.exists() else b""
    assert b"ida.brandt@aldine.example" not in kept
    assert b"5550199" not in kept


def test_who_comes_onto_the_list_later_is_erased(desk):
    desk.enrich(PERSON)
    assert desk.rows()
    desk.suppressions = listed(("email", "ida.brandt@aldine.example"))
    with desk.open() as enricher:
        assert enricher.forget_suppressed() == 1
    assert desk.rows() == []
    # The paid question is not put again for it.
    result = desk.enrich(replace(PERSON, name="Ida Brandt"))
    assert outcomes(result)["apollo.person"] == "cached"
    assert desk.rows() == []


def test_a_list_without_its_key_lets_nothing_personal_through(desk, vendor):
    desk.suppressions = replace(listed(("email", "x@y.example")), key=b"")
    result = desk.enrich(PERSON)
    assert result.steps[0].outcome == "suppressed"
    assert KEY_VARIABLE in result.steps[0].detail
    assert vendor.asked == []


def test_the_list_names_nobody_and_keeps_its_comments(tmp_path):
    path = tmp_path / "suppressions.yaml"
    path.write_text("# Who is left alone.\nhashes: []\n")
    said = identifiers("email", "Ida.Brandt@aldine.example")
    assert add_suppression(tmp_path, said, KEY)
    assert not add_suppression(tmp_path, said, KEY)
    assert path.read_text().startswith("# Who is left alone.\nhashes:\n- ")
    assert "brandt" not in path.read_text()
    loaded = load_suppressions(tmp_path, {KEY_VARIABLE: KEY.decode()})
    assert loaded.holds("email", "ida.brandt@ALDINE.example")
    assert not loaded.holds("email", "ida@aldine.example")


def test_a_vendor_that_may_not_tell_is_not_asked_again(desk, vendor):
    vendor.on("/apollo/api/v1/people/match", as_json({"person": None}))
    vendor.on("/hunter/v2/email-finder", as_json({"errors": [{"id": "claimed_email"}]}, 451))
    assert outcomes(desk.enrich(PERSON))["hunter.email_finder"] == "withheld"
    desk.enrich(PERSON)
    assert paid(vendor).count("/hunter/v2/email-finder") == 1
    (hunter,) = [
        r for r in credit_report(desk.config, desk.state, desk.now) if r["source"] == "hunter"
    ]
    assert hunter["charged"] == 0


def test_steps_hold_no_address_and_no_key(desk, vendor):
    vendor.on("/apollo/api/v1/people/match", Reply(b"<html>ida.brandt@aldine.example</html>"))
    desk.enrich(PERSON)
    from resources.enrichment.tables import enrichment_steps
    from resources.state import snapshot

    told = str(snapshot(desk.state, enrichment_steps).to_pylist())
    assert "wrong_shape" in told
    assert "secret-key" not in told
    assert "ida.brandt" not in told


def test_what_a_source_of_the_line_holds_is_not_kept_twice(desk):
    desk.enrich(replace(PERSON, given={"title": ("Chief of Data", "crm")}))
    assert {r["field"] for r in desk.rows()} == {"email", "linkedin_url", "phone"}
