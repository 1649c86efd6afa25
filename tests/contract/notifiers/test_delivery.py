"""Killed, restarted and concurrent senders: each alert arrives once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from activation.outbox import RetryPolicy
from resources.notifiers.base import PermanentDeliveryError
from resources.notifiers.delivery import deliver
from resources.notifiers.inbox import InboxNotifier
from resources.notifiers.outbox_store import OutboxStore
from resources.state import StateStore
from tests.contract.notifiers.helpers import START, Clock, delivery

ROOT = Path(__file__).resolve().parents[3]
POLICY = RetryPolicy()

#: A sender that is killed with SIGKILL after the message was written and before it was recorded.
KILLED = """
import os, signal, sys
from pathlib import Path
from activation.outbox import RetryPolicy
from resources.notifiers.delivery import deliver
from resources.notifiers.inbox import InboxNotifier
from resources.notifiers.outbox_store import OutboxStore
from resources.state import StateStore
from tests.contract.notifiers.helpers import Clock

class Killed(InboxNotifier):
    def send(self, message):
        super().send(message)
        if message.delivery_id == "d2":
            os.kill(os.getpid(), signal.SIGKILL)

store = OutboxStore(StateStore(sys.argv[1]))
deliver(store, {"inbox": Killed(Path(sys.argv[2]))}, RetryPolicy(), Clock())
"""

#: A sender that notes in a file of its own what it sent.
CONCURRENT = """
import sys
from activation.outbox import RetryPolicy
from resources.notifiers.delivery import deliver
from resources.notifiers.outbox_store import OutboxStore
from resources.state import StateStore
from tests.contract.notifiers.helpers import Clock

class Noted:
    def send(self, message):
        print(message.delivery_id, flush=True)

store = OutboxStore(StateStore(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
deliver(store, {"inbox": Noted()}, RetryPolicy(), Clock())
"""


def add(store: OutboxStore, *rows: dict) -> None:
    store.enqueue([], timedelta(0), START, lambda _: rows)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_the_inbox_holds_one_page_and_one_record_per_alert(store, clock, tmp_path):
    add(store, delivery("d1", "inbox"), delivery("d2", "inbox"))
    report = deliver(store, {"inbox": InboxNotifier(tmp_path / "inbox")}, POLICY, clock)
    assert report.delivered == {"inbox": 2}
    assert files(tmp_path / "inbox") == [
        "2026-03-20/high-alert-d1-d1.json",
        "2026-03-20/high-alert-d1-d1.md",
        "2026-03-20/high-alert-d2-d2.json",
        "2026-03-20/high-alert-d2-d2.md",
    ]
    page = tmp_path / "inbox" / "2026-03-20" / "high-alert-d1-d1"
    assert page.with_suffix(".md").read_text() == "# Alert\n"
    assert json.loads(page.with_suffix(".json").read_text())["title"] == "Alert d1"


def test_a_kill_between_sending_and_recording_leaves_no_second_file(state_url, tmp_path):
    inbox = tmp_path / "inbox"
    with StateStore(state_url) as state:
        store = OutboxStore(state)
        add(store, *(delivery(f"d{number}", "inbox") for number in (1, 2, 3)))
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, state_url, str(inbox)], cwd=ROOT, check=False
        )
        assert ended.returncode == -signal.SIGKILL
        assert store.counts() == {"delivered": 1, "sending": 1, "pending": 1}
        before = files(inbox)
        assert len(before) == 4
        (inbox / "2026-03-20" / ".high-alert-d2-d2.md.x1.tmp").write_text("half")

        clock = Clock()
        notifier = InboxNotifier(inbox)
        assert deliver(store, {"inbox": notifier}, POLICY, clock).sent == 1
        clock.advance(minutes=5)
        assert deliver(store, {"inbox": notifier}, POLICY, clock).sent == 1
        assert store.counts() == {"delivered": 3}
        assert len(files(inbox)) == 6
        assert set(before) < set(files(inbox))
        attempts = {row["delivery_id"]: row["attempts"] for row in store.rows()}
        assert attempts == {"d1": 1, "d2": 2, "d3": 1}


def test_a_restart_repeats_nothing(state_url, tmp_path):
    for expected in (2, 0, 0):
        with StateStore(state_url) as state:
            store = OutboxStore(state)
            add(store, delivery("d1", "inbox"), delivery("d2", "inbox"))
            clock = Clock()
            clock.advance(days=expected == 0)
            inbox = InboxNotifier(tmp_path / "inbox")
            assert deliver(store, {"inbox": inbox}, POLICY, clock).sent == expected


def test_two_processes_at_once_deliver_each_once(state_url):
    with StateStore(state_url) as state:
        add(OutboxStore(state), *(delivery(f"d{number:02}", "inbox") for number in range(40)))
    senders = [
        subprocess.Popen(
            [sys.executable, "-c", CONCURRENT, state_url],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for sender in senders:
        assert sender.stdout.readline() == "ready\n"
    for sender in senders:
        sender.stdin.write("go\n")
        sender.stdin.flush()
    sent = [sender.communicate()[0].split() for sender in senders]
    assert [sender.returncode for sender in senders] == [0, 0]
    assert sorted(sent[0] + sent[1]) == [f"d{number:02}" for number in range(40)]
    with StateStore(state_url) as state:
        assert OutboxStore(state).counts() == {"delivered": 40}


class Faulty:
    """A channel with a fault of its own."""

    def send(self, message):
        raise RuntimeError("https://hooks.example/s3cret")

    def close(self):
        pass


def test_a_fault_in_one_channel_neither_stops_the_others_nor_leaks(store, clock, tmp_path):
    add(store, delivery("d1", "chat", priority="critical"), delivery("d2", "inbox"))
    notifiers = {"chat": Faulty(), "inbox": InboxNotifier(tmp_path)}
    report = deliver(store, notifiers, POLICY, clock)
    assert report.delivered == {"inbox": 1}
    assert report.errors == ["chat: Alert d1: RuntimeError"]


def test_a_message_that_kills_its_senders_ends(store, clock):
    add(store, delivery("d1", "inbox"))
    policy = RetryPolicy(max_attempts=2)
    for _ in range(2):
        assert store.claim(clock(), policy.lease) is not None
        clock.advance(minutes=6)
    report = deliver(store, {"inbox": Faulty()}, policy, clock)
    assert report.metadata()["abandoned"] == 1
    (row,) = store.rows()
    assert row["last_error"].endswith("its sender ended each time before the outcome was known")


def test_a_channel_that_is_off_keeps_its_deliveries(store, clock):
    add(store, delivery("d1", "webhook"))
    assert deliver(store, {}, POLICY, clock).sent == 0
    assert store.counts() == {"pending": 1}


def test_the_limit_holds(store, clock, tmp_path):
    add(store, *(delivery(f"d{number}", "inbox") for number in range(5)))
    notifiers = {"inbox": InboxNotifier(tmp_path)}
    assert deliver(store, notifiers, POLICY, clock, limit=2).sent == 2
    assert deliver(store, notifiers, POLICY, clock).sent == 3


def test_a_delivery_slower_than_its_lease_is_reported(store, clock):
    add(store, delivery("d1", "inbox"))

    class Slow:
        def send(self, message):
            clock.advance(minutes=6)
            store.claim(clock(), POLICY.lease)

        def close(self):
            pass

    report = deliver(store, {"inbox": Slow()}, POLICY, clock)
    assert (report.lost_claims, report.sent) == (1, 0)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_refuses_is_tried_again(store, clock, tmp_path):
    tmp_path.chmod(0o500)
    add(store, delivery("d1", "inbox"))
    report = deliver(store, {"inbox": InboxNotifier(tmp_path / "inbox")}, POLICY, clock)
    assert report.metadata()["retrying"] == 1


def test_a_file_in_the_way_of_the_inbox_is_tried_again(store, clock, tmp_path):
    (tmp_path / "inbox").write_text("in the way")
    add(store, delivery("d1", "inbox"))
    report = deliver(store, {"inbox": InboxNotifier(tmp_path / "inbox")}, POLICY, clock)
    assert report.metadata()["retrying"] == 1
    assert "inbox" in report.errors[0]


def test_a_permanent_failure_is_never_sent_again(store, clock):
    class Refusing:
        calls = 0

        def send(self, message):
            self.calls += 1
            raise PermanentDeliveryError("no")

        def close(self):
            pass

    refusing = Refusing()
    add(store, delivery("d1", "chat"))
    for _ in range(2):
        deliver(store, {"chat": refusing}, POLICY, clock)
        clock.advance(days=1)
    assert refusing.calls == 1
