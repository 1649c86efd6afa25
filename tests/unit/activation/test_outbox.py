"""The outbox as a state machine over rows."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activation.evaluation import evaluate
from activation.outbox import Known, RetryPolicy, candidate_ids, is_due, longest_cooldown, plan
from activation.rules import RetrySettings, SignalRule
from tests.unit.activation.rows import NOW, TODAY, lead, signal


def alerts(companies: int = 1, signals_each: int = 1, **rule: Any) -> list:
    made = SignalRule(
        **{"id": "rule_one", "name": "Rule one", "description": "d", "on": "signal"}
        | {"channels": ["inbox", "webhook"]}
        | rule
    )
    leads = [lead(f"c{n}", expected_value=1000.0 - n) for n in range(companies)]
    rows = [signal(f"s{n}-{m}", f"c{n}") for n in range(companies) for m in range(signals_each)]
    return evaluate([made], leads, rows, [], TODAY, NOW)


def known(rows: list[dict]) -> list[Known]:
    fields = ("delivery_id", "rule_id", "company_id", "channel", "status", "created_at")
    return [Known(**{name: row[name] for name in fields}) for row in rows]


def test_a_new_alert_becomes_one_pending_row_per_channel_that_is_on():
    rows = plan(alerts(), [], ["inbox"], NOW)
    assert len(rows) == 1
    (row,) = rows
    assert row["status"] == "pending"
    assert row["next_attempt_at"] == row["created_at"] == NOW
    assert (row["rule_id"], row["signal_id"], row["company_id"]) == ("rule_one", "s0-0", "c0")
    payload = json.loads(row["payload"])
    assert payload["title"] == "Company c0: Raised $24M Series B"
    assert payload["alert"]["respond_by"] == "2026-03-21T09:00:00+00:00"
    assert payload["alert"]["evidence"][0]["day"] == "2026-03-12"
    assert "## Why now" in payload["markdown"]


def test_what_is_known_is_not_planned_again_and_a_new_channel_still_hears():
    first = plan(alerts(), [], ["inbox"], NOW)
    again = plan(alerts(), known(first), ["inbox", "webhook"], NOW + timedelta(days=1))
    assert [row["channel"] for row in again] == ["webhook"]
    assert candidate_ids(alerts()) == {row["delivery_id"] for row in first + again}


def test_quiet_days_keep_later_signals_of_a_company_back():
    rows = plan(alerts(1, 3, cooldown_days=7), [], ["inbox"], NOW)
    assert [row["status"] for row in rows] == ["pending", "suppressed", "suppressed"]
    assert "less than 7 days before" in rows[1]["last_error"]
    other = [row for row in rows if row["status"] == "pending"]
    later = plan(alerts(1, 3, cooldown_days=7), known(other), ["inbox"], NOW + timedelta(days=8))
    assert [row["status"] for row in later] == ["pending", "suppressed"]
    assert longest_cooldown(alerts(1, 1, cooldown_days=7)) == timedelta(days=7)


def test_too_many_alerts_end_in_one_digest():
    rows = plan(alerts(6, digest_above=2), [], ["inbox"], NOW)
    assert [row["status"] for row in rows].count("pending") == 3
    assert [row["company_id"] for row in rows if row["status"] == "pending"] == ["c0", "c1", None]
    digest = rows[-1]
    payload = json.loads(digest["payload"])
    assert payload["type"] == "buying_signals.alert_digest"
    assert payload["title"] == "Rule one: 4 more"
    assert [item["company_id"] for item in payload["alerts"]] == ["c2", "c3", "c4", "c5"]
    assert all(
        row["last_error"] == f"told in digest {digest['delivery_id']}"
        for row in rows
        if row["status"] == "in_digest"
    )
    assert plan(alerts(6, digest_above=2), known(rows), ["inbox"], NOW) == []


def test_due_states():
    row = plan(alerts(), [], ["inbox"], NOW)[0]
    assert is_due(row, NOW)
    assert not is_due(row, NOW - timedelta(seconds=1))
    for status in ("delivered", "abandoned", "in_digest", "suppressed"):
        assert not is_due(row | {"status": status}, NOW)
    assert is_due(row | {"status": "sending"}, NOW)


POLICY = RetryPolicy(
    max_attempts=3, first_delay=timedelta(seconds=10), max_delay=timedelta(minutes=1)
)


def row(attempts: int) -> dict:
    return {"delivery_id": "d1", "attempts": attempts}


def test_waits_double_up_to_the_cap_and_are_always_the_same():
    waits = [POLICY.wait("d1", attempt).total_seconds() for attempt in (1, 2, 3, 4, 99)]
    spread = waits[0] / 10
    assert 1 <= spread <= 1.1
    assert waits == pytest.approx([10 * spread, 20 * spread, 40 * spread, 60 * spread, 60 * spread])
    assert POLICY.wait("d2", 1) != POLICY.wait("d1", 1)


def test_after_failures_it_is_retried_then_given_up():
    first = POLICY.after_failure(row(1), NOW, "HTTP 500")
    assert first["status"] == "retrying"
    assert first["next_attempt_at"] == NOW + POLICY.wait("d1", 1)
    last = POLICY.after_failure(row(3), NOW, "HTTP 500")
    assert last == {
        "status": "abandoned",
        "last_error": "given up after 3 attempts; last: HTTP 500",
    }
    assert POLICY.exhausted(row(4))
    assert not POLICY.exhausted(row(3))


def test_a_permanent_failure_is_never_retried():
    assert POLICY.after_failure(row(1), NOW, "HTTP 400", permanent=True) == {
        "status": "abandoned",
        "last_error": "HTTP 400",
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (timedelta(seconds=1), POLICY.wait("d1", 1)),
        (timedelta(hours=3), timedelta(hours=3)),
        (timedelta(days=30), timedelta(days=1)),
    ],
)
def test_a_receiver_may_ask_for_a_longer_wait(asked: timedelta, expected: timedelta):
    changes = POLICY.after_failure(row(1), NOW, "HTTP 429", retry_after=asked)
    assert changes["next_attempt_at"] - NOW == expected


def test_success_clears_the_error():
    assert POLICY.after_success(row(2), NOW) == {
        "status": "delivered",
        "delivered_at": NOW,
        "last_error": None,
    }


def test_the_policy_comes_from_the_rules_file():
    policy = RetryPolicy.of(RetrySettings(max_attempts=5, first_delay_seconds=2))
    assert policy.max_attempts == 5
    assert policy.first_delay == timedelta(seconds=2)
    assert policy.lease == timedelta(seconds=300)


@settings(deadline=None)
@given(
    days=st.lists(st.integers(0, 40), min_size=1, max_size=6),
    cooldown=st.integers(0, 30),
    digest=st.none() | st.integers(0, 3),
    counts=st.tuples(st.integers(1, 4), st.integers(1, 3)),
)
def test_no_signal_is_ever_planned_twice(days, cooldown, digest, counts):
    found = alerts(*counts, cooldown_days=cooldown, digest_above=digest)
    held: list[dict] = []
    for day in sorted(days):
        moment: datetime = NOW + timedelta(days=day)
        new = plan(found, known(held), ["inbox", "webhook"], moment)
        ids = [row["delivery_id"] for row in held + new]
        assert len(ids) == len(set(ids))
        held += new
    assert candidate_ids(found) <= {row["delivery_id"] for row in held}
