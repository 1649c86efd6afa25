"""The webhook against a real receiver on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from datetime import timedelta

import pytest

from activation.outbox import RetryPolicy
from resources.notifiers.base import PermanentDeliveryError
from resources.notifiers.delivery import deliver
from resources.notifiers.outbox_store import OutboxStore
from resources.notifiers.webhook import WebhookNotifier, signature
from tests.contract.notifiers.helpers import START, Clock, Receiver, delivery

POLICY = RetryPolicy(max_attempts=3)


def send(store: OutboxStore, hook: Receiver, clock: Clock, **options):
    notifier = WebhookNotifier(hook.url, timeout_seconds=5, now=clock, **options)
    try:
        return deliver(store, {"webhook": notifier}, POLICY, clock)
    finally:
        notifier.close()


def add(store: OutboxStore, *rows: dict) -> None:
    store.enqueue([], timedelta(0), START, lambda _: rows)


def test_500_then_200_is_retried_after_the_wait_with_the_same_key(store, hook, clock):
    add(store, delivery("d1"))
    hook.script = [(500, {}, b"oops")]
    report = send(store, hook, clock)
    assert report.metadata()["retrying"] == 1
    (row,) = store.rows()
    assert (row["status"], row["attempts"]) == ("retrying", 1)
    assert row["last_error"] == "HTTP 500 Internal Server Error"
    assert row["next_attempt_at"] == START + POLICY.wait("d1", 1)

    clock.advance(seconds=59)
    assert send(store, hook, clock).sent == 0
    assert len(hook.requests) == 1
    clock.advance(seconds=10)
    assert send(store, hook, clock).sent == 1
    (row,) = store.rows()
    assert (row["status"], row["attempts"], row["last_error"]) == ("delivered", 2, None)
    assert row["delivered_at"] == clock.moment
    (first, body), (second, again) = hook.requests
    assert first["Idempotency-Key"] == second["Idempotency-Key"] == "d1"
    assert body == again
    assert json.loads(body)["title"] == "Alert d1"
    clock.advance(days=9)
    assert send(store, hook, clock).sent == 0
    assert len(hook.requests) == 2


@pytest.mark.parametrize(
    "retry_after", ["7200", "Fri, 20 Mar 2026 11:00:00 GMT"], ids=["seconds", "date"]
)
def test_429_waits_as_long_as_asked_and_spares_the_channel(store, hook, clock, retry_after):
    add(store, delivery("d1"), delivery("d2"))
    hook.script = [(429, {"Retry-After": retry_after}, b"")]
    report = send(store, hook, clock)
    assert report.paused_channels == ["webhook"]
    assert len(hook.requests) == 1
    row = next(row for row in store.rows() if row["delivery_id"] == "d1")
    assert row["next_attempt_at"] == START + timedelta(hours=2)


@pytest.mark.parametrize("status", [400, 401, 404, 410, 302])
def test_a_refusal_is_abandoned_with_its_reason(store, hook, clock, status):
    add(store, delivery("d1"))
    hook.script = [(status, {"Location": "http://127.0.0.1:9/"}, b"no such\n field 'alert'")]
    report = send(store, hook, clock)
    assert report.metadata()["abandoned"] == 1
    (row,) = store.rows()
    assert row["status"] == "abandoned"
    assert row["last_error"].startswith(f"HTTP {status}")
    assert row["last_error"].endswith("no such field 'alert'")
    clock.advance(days=30)
    assert send(store, hook, clock).sent == 0
    assert len(hook.requests) == 1


def test_it_gives_up_after_the_last_attempt(store, hook, clock):
    add(store, delivery("d1"))
    hook.script = [(503, {}, b"")] * 3
    for _ in range(5):
        send(store, hook, clock)
        clock.advance(days=1)
    (row,) = store.rows()
    assert (row["status"], row["attempts"], len(hook.requests)) == ("abandoned", 3, 3)
    assert row["last_error"].startswith("given up after 3 attempts; last: HTTP 503")


def test_an_endpoint_that_is_gone_costs_few_attempts_and_leaks_no_secret(store, clock):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    add(store, *(delivery(f"d{number}") for number in range(10)))
    gone = Receiver(url=f"http://127.0.0.1:{port}/hook?token=s3cret")
    report = send(store, gone, clock)
    assert report.metadata()["retrying"] == 3
    assert store.counts() == {"retrying": 3, "pending": 7}
    assert all("no answer: ConnectionError" in line for line in report.errors)
    assert "s3cret" not in "".join(report.errors + [str(row["last_error"]) for row in store.rows()])


def test_the_signature_is_the_one_of_the_specification(store, hook, clock):
    add(store, delivery("d1"))
    send(store, hook, clock, secret="hush")
    ((headers, body),) = hook.requests
    stamp = headers["webhook-timestamp"]
    assert stamp == str(int(START.timestamp()))
    digest = hmac.new(b"hush", f"d1.{stamp}.".encode() + body, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()
    assert headers["webhook-id"] == "d1"
    assert headers["Content-Type"] == "application/json"


def test_the_published_example_of_the_specification():
    # Example of the Standard Webhooks reference libraries.
    assert (
        signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1614265330,
            b'{"test": 2432232314}',
        )
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    )


def test_without_a_secret_there_is_no_signature(store, hook, clock):
    add(store, delivery("d1"))
    send(store, hook, clock)
    assert "webhook-signature" not in hook.requests[0][0]


def test_an_unusable_url_is_a_permanent_failure():
    from resources.notifiers.base import Message

    notifier = WebhookNotifier("http://")
    with pytest.raises(PermanentDeliveryError, match="URL is not usable"):
        notifier.send(Message("d1", "webhook", "high", {"title": "t"}, START))
