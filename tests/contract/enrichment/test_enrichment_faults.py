"""Providers on their bad days: the waterfall goes on and says so; a kill repeats no paid call."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from resources.enrichment.ledger import Ledger
from resources.enrichment.services import credit_report
from resources.enrichment.tables import enrichment_charges
from resources.settings import PROJECT_ROOT
from resources.state import StateStore
from tests.contract.enrichment import answers
from tests.contract.enrichment.desk import COMPANY, PERSON, as_json, outcomes, won
from tests.contract.sources.vendor import Asked, Reply

MATCH = "/apollo/api/v1/people/match"


@pytest.fixture(autouse=True)
def good(vendor):
    answers.answer_everything(vendor)


def charges(desk) -> list[tuple[str, str, float | None]]:
    c = enrichment_charges.c
    with desk.state.read() as connection:
        rows = connection.execute(
            sa.select(c.operation, c.status, c.charged).order_by(c.reserved_at, c.operation)
        )
        return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("reply", "outcome", "status", "detail"),
    [
        (Reply(b"oops", 503), "down", "released", "status 503"),
        (Reply(b"slow down", 429), "down", "released", "status 429"),
        (Reply(b"no", 401), "key_refused", "released", "check BUYING_SIGNALS_APOLLO_KEY"),
        (Reply(b"{}", 402), "out_of_credits", "released", "no credits left"),
        (Reply(b'{"error": "insufficient credits"}', 422), "out_of_credits", "released", "credits"),
        (Reply(b'{"error": "bad"}', 422), "rejected", "settled", "status 422"),
        (Reply(b"<html>Maintenance</html>"), "wrong_shape", "settled", "an HTML page, not JSON"),
        (as_json({"people": []}), "wrong_shape", "settled", "no 'person'"),
        (as_json({"person": [1]}), "wrong_shape", "settled", "list, not an object"),
        (as_json({"person": {"name": "Ida Brandt", "contact": [3]}}), "wrong_shape", "settled",
         "not as documented"),
        (Reply(b'{"person": {', cut=50), "in_doubt", "in_doubt", "not asked again"),
    ],
)  # fmt: skip
def test_the_waterfall_goes_on_and_says_so(desk, vendor, reply, outcome, status, detail):
    vendor.on(MATCH, reply)
    result = desk.enrich(PERSON)
    assert outcomes(result)["apollo.person"] == outcome
    (step,) = [s for s in result.steps if s.operation == "apollo.person"]
    assert detail in step.detail
    assert won(result)["email"] == ("hunter", "ida.brandt@aldine.example")
    assert charges(desk)[0][:2] == ("apollo.person", status)


def test_a_vendor_that_is_slow_is_passed_over_and_not_asked_twice(desk, vendor):
    woken = threading.Event()

    def late(_: Asked) -> Reply:
        woken.wait(3)
        return as_json(answers.apollo_person())

    vendor.on(MATCH, late)
    result = desk.enrich(PERSON)
    woken.set()
    assert outcomes(result)["apollo.person"] == "in_doubt"
    assert won(result)["email"][0] == "hunter"
    assert vendor.count(MATCH) == 1
    # The answer may have been charged: it counts against the budget and is not asked for again.
    report = {r["source"]: r for r in credit_report(desk.config, desk.state, desk.now)}
    assert (report["apollo"]["in_doubt"], report["apollo"]["credits_left"]) == (1, 999)
    vendor.on(MATCH, as_json(answers.apollo_person()))
    again = desk.enrich(PERSON)
    assert outcomes(again)["apollo.person"] == "in_doubt"
    assert vendor.count(MATCH) == 1
    # A person may decide otherwise; the doubtful charge stays booked.
    assert Ledger(desk.state).release_doubtful("apollo", desk.now) == 1
    assert outcomes(desk.enrich(PERSON))["apollo.person"] == "found"
    report = {r["source"]: r for r in credit_report(desk.config, desk.state, desk.now)}
    assert (report["apollo"]["in_doubt"], report["apollo"]["charged"]) == (1, 1)


def test_a_vendor_that_cannot_be_reached_costs_nothing_and_is_tried_again(desk, vendor):
    dead = {"base_urls": {"api": "http://127.0.0.1:9/api/v1"}}
    from tests.contract.enrichment.desk import config

    desk.config = config(vendor, apollo=dead)
    assert outcomes(desk.enrich(PERSON))["apollo.person"] == "down"
    assert charges(desk)[0] == ("apollo.person", "released", 0.0)
    desk.config = config(vendor)
    desk.later(minutes=1)
    assert outcomes(desk.enrich(PERSON)).get("apollo.person") == "found"


def test_a_refused_question_is_repeated_with_patience_and_paid_once(desk, vendor):
    good = as_json(answers.apollo_person())
    vendor.on(MATCH, [Reply(b"", 429, {"Retry-After": "2"}), good])
    result = desk.enrich(PERSON)
    assert outcomes(result)["apollo.person"] == "found"
    assert vendor.count(MATCH) == 2
    assert any(1 < pause <= 2 for pause in desk.pauses)
    assert charges(desk) == [("apollo.person", "settled", 1.0)]


@pytest.mark.parametrize("reply", [Reply(b"no", 401), Reply(b"{}", 402)])
def test_a_revoked_key_or_an_empty_account_is_asked_once_a_run(desk, vendor, reply):
    vendor.on(MATCH, reply)
    vendor.on("/apollo/api/v1/organizations/enrich", reply)
    with desk.open() as enricher:
        enricher.enrich(COMPANY, "enrich")
        result = enricher.enrich(PERSON, "enrich")
    assert len(desk.asked("apollo")) == 1
    assert outcomes(result)["apollo.person"] in ("key_refused", "out_of_credits")
    assert won(result)["email"][0] == "hunter"


def test_hunters_used_up_quota_is_told_from_asking_too_fast(desk, vendor):
    vendor.on(MATCH, as_json({"person": None}))
    spent = {
        "errors": [{"id": "too_many_requests", "details": "You have reached your usage limit"}]
    }
    vendor.on("/hunter/v2/email-finder", as_json(spent, 429))
    assert outcomes(desk.enrich(PERSON))["hunter.email_finder"] == "out_of_credits"
    desk.later(days=8)
    vendor.on(
        "/hunter/v2/email-finder", as_json({"errors": [{"id": "rate", "details": "fast"}]}, 429)
    )
    assert outcomes(desk.enrich(PERSON))["hunter.email_finder"] == "down"


def test_every_provider_down_leaves_everything_unknown_and_says_so(desk, vendor):
    vendor.routes = {path: Reply(b"down", 500) for path in vendor.routes}
    result = desk.enrich(COMPANY, "deep_research")
    assert won(result) == {}
    assert set(outcomes(result).values()) == {"down"}
    assert all(c.winner is None for c in result.choices)
    assert {status for _, status, _ in charges(desk)} == {"released"}


def test_no_key_at_all_is_said_by_name(desk):
    desk.environ = {}
    result = desk.enrich(PERSON)
    told = {s.source: s.detail for s in result.steps if s.outcome == "not_configured"}
    assert told["hunter"] == "set BUYING_SIGNALS_HUNTER_KEY"


# --- SIGKILL ------------------------------------------------------------------------------------

#: A batch of people in a process of its own; the vendors answer from the test's process.
BATCH = """
import sys
from pathlib import Path
from dataclasses import replace
from types import SimpleNamespace
from resources.enrichment.batch import run_batch
from resources.enrichment.config import Batch
from resources.enrichment.engine import Enricher
from resources.enrichment.suppressions import Suppressions
from resources.state import StateStore
from tests.contract.enrichment.desk import COMPANY, PERSON, config
url, home, count = sys.argv[1:]
environ = {f"BUYING_SIGNALS_{n}": "k" for n in ("APOLLO_KEY", "HUNTER_KEY", "CRUNCHBASE_KEY",
           "BUILTWITH_KEY", "CORESIGNAL_KEY", "HUBSPOT_TOKEN")}
people = [[replace(PERSON, entity_id=f"p{n}", name=f"Ida Brandt{n}")] for n in range(int(count))]
enricher = Enricher(config(SimpleNamespace(url=url)), StateStore(f"sqlite:///{home}/state.sqlite"),
                    Suppressions(), environ=environ)
with enricher:
    report = run_batch(enricher, people, Batch(pause_seconds=0))
print(report.asked, flush=True)
"""


def people_of(vendor) -> None:
    """Apollo guesses everybody's address, so that Hunter is asked too, each about one person."""

    def match(asked: Asked) -> Reply:
        last = asked.query["last_name"]
        return as_json(
            answers.apollo_person(
                name=f"Ida {last}", last_name=last, email=f"{last.lower()}@aldine.example",
                email_status="guessed", contact={},
            )
        )  # fmt: skip

    def find(asked: Asked) -> Reply:
        last = asked.query["last_name"]
        email = f"ida.{last.lower()}@aldine.example"
        return as_json(answers.hunter_found(last_name=last, email=email))

    vendor.on(MATCH, match)
    vendor.on("/hunter/v2/email-finder", find)


def start(vendor, home: Path, count: int) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", BATCH, vendor.url, str(home), str(count)],
        cwd=PROJECT_ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT_ROOT)},
    )  # fmt: skip


def test_a_kill_in_the_middle_repeats_no_paid_call(vendor, tmp_path):
    people_of(vendor)
    count = 12
    for moment in (5, 11, 16):
        before = len(vendor.asked)
        child = start(vendor, tmp_path, count)
        deadline = time.monotonic() + 60
        paid = [0]
        while paid[0] < moment and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
            paid[0] = sum(a.path.startswith(("/apollo/", "/hunter/")) for a in vendor.asked)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert child.returncode == -signal.SIGKILL
        assert len(vendor.asked) > before
    last = start(vendor, tmp_path, count)
    out, _ = last.communicate(timeout=120)
    assert last.returncode == 0
    asked = Counter(
        (a.path, tuple(sorted(a.query.items())))
        for a in vendor.asked
        if a.path.startswith(("/apollo/", "/hunter/"))
    )
    assert set(asked.values()) == {1}
    # Everybody was asked about; at most one question a kill is in doubt, and it counts as charged.
    assert len([key for key in asked if key[0] == MATCH]) == count
    state = StateStore(f"sqlite:///{tmp_path}/state.sqlite")
    with state.read() as connection:
        c = enrichment_charges.c
        told = connection.execute(sa.select(c.question_id, c.status)).all()
    assert len({question for question, _ in told}) == len(told) == len(asked)
    assert sum(status == "reserved" for _, status in told) <= 3
    again = start(vendor, tmp_path, count)
    out, _ = again.communicate(timeout=120)
    assert out.strip() == "0"
    assert sum(a.path.startswith(("/apollo/", "/hunter/")) for a in vendor.asked) == len(asked)


def test_two_batches_at_once_put_no_question_twice(vendor, tmp_path):
    people_of(vendor)
    both = [start(vendor, tmp_path, 8) for _ in range(2)]
    assert [child.wait(timeout=120) for child in both] == [0, 0]
    asked = Counter(
        (a.path, tuple(sorted(a.query.items())))
        for a in vendor.asked
        if a.path.startswith(("/apollo/", "/hunter/"))
    )
    assert set(asked.values()) == {1}
