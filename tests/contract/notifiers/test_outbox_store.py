"""The store keeps each delivery once and gives it to one sender at a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activation.outbox import OPEN_STATUSES, is_due
from resources.notifiers import outbox_store
from resources.notifiers.outbox_store import OutboxStore
from tests.contract.notifiers.helpers import START, delivery

LEASE = timedelta(minutes=5)
NOTHING = timedelta(0)


def add(store: OutboxStore, *rows: dict) -> list[dict]:
    return store.enqueue([row["delivery_id"] for row in rows], NOTHING, START, lambda _: rows)


def test_a_delivery_is_added_once(store: OutboxStore):
    assert len(add(store, delivery("d1"), delivery("d2"))) == 2
    again = add(store, delivery("d1", payload='{"title": "other"}'), delivery("d3"))
    assert [row["delivery_id"] for row in again] == ["d3"]
    assert store.counts() == {"pending": 3}
    assert "other" not in store.rows()[0]["payload"]


def test_planning_sees_candidates_and_what_was_told_lately(store: OutboxStore):
    old = delivery("old", created_at=START - timedelta(days=9))
    add(store, delivery("d1"), old, delivery("recent", created_at=START - timedelta(days=1)))
    seen: list[str] = []

    def plan(known: list[dict]) -> list[dict]:
        seen.extend(sorted(row["delivery_id"] for row in known))
        assert all("payload" not in row for row in known)
        return []

    store.enqueue(["d1", "absent"], timedelta(days=7), START, plan)
    assert seen == ["d1", "recent"]


def test_a_failing_plan_adds_nothing(store: OutboxStore):
    def plan(known: list[dict]) -> list[dict]:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.enqueue(["d1"], NOTHING, START, plan)
    assert store.rows() == []
    assert len(add(store, delivery("d1"))) == 1


def test_more_candidates_than_a_query_takes(store: OutboxStore):
    ids = [f"d{number}" for number in range(12_000)]
    assert store.enqueue(ids, NOTHING, START, lambda known: [delivery("d7")])


def test_the_most_urgent_and_oldest_leaves_first(store: OutboxStore):
    add(
        store,
        delivery("low", priority="low", created_at=START - timedelta(days=3)),
        delivery("new", priority="critical"),
        delivery("old", priority="critical", created_at=START - timedelta(days=1)),
        delivery("later", priority="critical", next_attempt_at=START + timedelta(hours=1)),
        delivery("done", priority="critical", status="delivered"),
        delivery("inbox", "inbox", priority="critical", created_at=START - timedelta(days=9)),
    )
    taken = []
    while row := store.claim(START, LEASE, channels=["webhook"]):
        taken.append(row["delivery_id"])
    assert taken == ["old", "new", "low"]
    assert store.claim(START, LEASE, channels=[]) is None
    assert store.claim(START, LEASE, skip=["inbox"]) is None
    assert store.claim(START, LEASE)["delivery_id"] == "inbox"


def test_a_claim_is_exclusive_until_its_lease_ends(store: OutboxStore):
    add(store, delivery("d1"))
    first = store.claim(START, LEASE)
    assert (first["status"], first["attempts"]) == ("sending", 1)
    assert store.claim(START + timedelta(minutes=4), LEASE) is None
    second = store.claim(START + timedelta(minutes=5), LEASE)
    assert second["attempts"] == 2
    assert not store.record(first, {"status": "delivered"})
    assert store.record(second, {"status": "delivered", "delivered_at": START})
    assert not store.record(second, {"status": "retrying"})
    assert store.counts() == {"delivered": 1}


def test_the_store_and_the_state_machine_agree_on_what_is_due(store: OutboxStore):
    assert outbox_store.OPEN_STATUSES == OPEN_STATUSES
    statuses = (*OPEN_STATUSES, "delivered", "abandoned", "in_digest", "suppressed")
    rows = [
        delivery(f"{status}{late}", status=status, next_attempt_at=START + timedelta(hours=late))
        for status in statuses
        for late in (-1, 0, 1)
    ]
    add(store, *rows)
    taken = set()
    while row := store.claim(START, LEASE):
        taken.add(row["delivery_id"])
    assert taken == {row["delivery_id"] for row in rows if is_due(row, START)}


def test_abandoned_deliveries_can_be_tried_again(store: OutboxStore):
    add(store, delivery("d1", status="abandoned", attempts=8), delivery("d2", status="delivered"))
    assert store.retry_abandoned(START, "chat") == 0
    assert store.retry_abandoned(START, "webhook") == 1
    assert store.claim(START, LEASE)["attempts"] == 1


def test_the_published_table_has_every_delivery(store: OutboxStore):
    add(store, delivery("d1"), delivery("d2", signal_id=None, company_id=None))
    table = store.table()
    assert table.num_rows == 2
    assert {"delivery_id", "rule_id", "status", "priority", "delivered_at"} <= set(
        table.column_names
    )
    assert table.column("created_at").to_pylist() == [START, START]
