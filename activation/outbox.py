"""The outbox as a state machine: what is new, what is due, what follows a success or a failure.

Pure functions over rows (dictionaries with the columns of the state store's ``alert_deliveries``);
the store (``resources.notifiers.outbox_store``) keeps the rows and makes the steps atomic.

States of a delivery::

    pending ──► sending ──► delivered
                  │  ▲
                  ▼  │ (after a growing wait)
               retrying ──► abandoned  (refused for good, or too many attempts)

    in_digest    told as one line of a digest delivery
    suppressed   not told: the same rule spoke about the same company within its quiet days

A delivery whose sender died stays ``sending`` until its lease ends and is then due again.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activation.evaluation import Alert
from activation.message import alert_payload, digest_payload
from activation.rules import RetrySettings

Row = dict[str, Any]

#: States from which a delivery may be (or become) due.
OPEN_STATUSES = ("pending", "retrying", "sending")
#: States in which a company has been, or is about to be, told about under a rule.
TOLD_STATUSES = (*OPEN_STATUSES, "delivered", "in_digest")
#: Reasons kept are cut here: an endpoint may answer with a whole page.
LONGEST_REASON = 500


@dataclass(frozen=True)
class Known:
    """What the outbox holds already, as far as planning needs it."""

    delivery_id: str
    rule_id: str
    company_id: str | None
    channel: str
    status: str
    created_at: datetime


def candidate_ids(alerts: Iterable[Alert]) -> set[str]:
    """Ids under which these alerts would stand in the outbox."""
    return {alert.key(channel) for alert in alerts for channel in alert.channels}


def longest_cooldown(alerts: Iterable[Alert]) -> timedelta:
    """How far back planning must know what was told."""
    return timedelta(days=max((alert.cooldown_days for alert in alerts), default=0))


def plan(
    alerts: Sequence[Alert], known: Iterable[Known], channels: Iterable[str], now: datetime
) -> list[Row]:
    """Rows to add to the outbox for ``alerts``, which come the most important first.

    An alert already known under its id adds nothing. Only ``channels`` (those switched on) get
    rows, so that a channel switched on later still hears what is young enough to alert on. Within
    a rule's quiet days a company is told once; what exceeds ``digest_above`` is told in one digest.
    """
    active = set(channels)
    held = {item.delivery_id for item in known}
    told: dict[tuple[str, str | None, str], datetime] = {}
    for item in known:
        if item.status in TOLD_STATUSES:
            place = (item.rule_id, item.company_id, item.channel)
            told[place] = max(item.created_at, told.get(place, item.created_at))
    rows: list[Row] = []
    single: dict[tuple[str, str, str], int] = defaultdict(int)
    overflow: dict[tuple[str, str, str], list[tuple[Alert, Row]]] = defaultdict(list)
    for alert in alerts:
        for channel in alert.channels:
            identifier = alert.key(channel)
            if channel not in active or identifier in held:
                continue
            held.add(identifier)
            row = _row(identifier, alert, channel, now)
            rows.append(row)
            place = (alert.rule_id, alert.company_id, channel)
            last = told.get(place)
            if last is not None and now - last < timedelta(days=alert.cooldown_days):
                row["status"] = "suppressed"
                row["last_error"] = (
                    f"rule {alert.rule_id} told of this company at {last:%Y-%m-%d %H:%M} UTC, "
                    f"less than {alert.cooldown_days} days before"
                )
                continue
            told[place] = now
            group = (alert.organisation_id, alert.rule_id, channel)
            single[group] += 1
            if alert.digest_above is not None and single[group] > alert.digest_above:
                overflow[group].append((alert, row))
    for (_, _, channel), items in overflow.items():
        rows.append(_digest(items, channel, now))
    return rows


def _row(identifier: str, alert: Alert, channel: str, now: datetime) -> Row:
    return {
        "delivery_id": identifier,
        "rule_id": alert.rule_id,
        "signal_id": alert.signal_id,
        "company_id": alert.company_id,
        "channel": channel,
        "payload": json.dumps(alert_payload(alert, identifier), sort_keys=True, ensure_ascii=False),
        "priority": alert.priority,
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": now,
        "last_error": None,
        "created_at": now,
        "delivered_at": None,
    }


def _digest(items: list[tuple[Alert, Row]], channel: str, now: datetime) -> Row:
    first = items[0][0]
    members = sorted(row["delivery_id"] for _, row in items)
    identifier = hashlib.sha256("\x1f".join(["digest", *members]).encode()).hexdigest()[:32]
    for _, row in items:
        row["status"] = "in_digest"
        row["last_error"] = f"told in digest {identifier}"
    payload = digest_payload([alert for alert, _ in items], identifier)
    return _row(identifier, first, channel, now) | {
        "signal_id": None,
        "company_id": None,
        "payload": json.dumps(payload, sort_keys=True, ensure_ascii=False),
    }


def is_due(row: Mapping[str, Any], now: datetime) -> bool:
    """Whether a delivery may be sent at ``now``; of one being sent: whether its lease is over."""
    return row["status"] in OPEN_STATUSES and row["next_attempt_at"] <= now


@dataclass(frozen=True)
class RetryPolicy:
    """What follows an attempt. Waits double from ``first_delay`` up to ``max_delay``."""

    max_attempts: int = 8
    first_delay: timedelta = timedelta(seconds=60)
    max_delay: timedelta = timedelta(hours=6)
    lease: timedelta = timedelta(minutes=5)

    @classmethod
    def of(cls, settings: RetrySettings) -> RetryPolicy:
        """The policy that the rules file asks for."""
        return cls(
            max_attempts=settings.max_attempts,
            first_delay=timedelta(seconds=settings.first_delay_seconds),
            max_delay=timedelta(seconds=settings.max_delay_seconds),
            lease=timedelta(seconds=settings.lease_seconds),
        )

    def wait(self, delivery_id: str, attempts: int) -> timedelta:
        """Wait after attempt number ``attempts`` (from 1), spread by up to a tenth.

        The spread comes from the id, so that many deliveries that failed together do not return
        together, and the same question has the same answer.
        """
        doubled = self.first_delay * 2 ** min(max(attempts - 1, 0), 30)
        spread = int(hashlib.sha256(delivery_id.encode()).hexdigest()[:4], 16) / 0xFFFF
        return min(doubled, self.max_delay) * (1 + 0.1 * spread)

    def after_success(self, row: Mapping[str, Any], now: datetime) -> Row:
        """Changes to a row whose message arrived."""
        return {"status": "delivered", "delivered_at": now, "last_error": None}

    def after_failure(
        self,
        row: Mapping[str, Any],
        now: datetime,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> Row:
        """Changes to a row whose message did not arrive; ``attempts`` counts this attempt already.

        A receiver that asks for a longer wait gets it, up to ``max_delay`` or a day, whichever is
        longer; asking for a shorter one than ours changes nothing.
        """
        reason = reason[:LONGEST_REASON]
        attempts = int(row["attempts"])
        if permanent:
            return {"status": "abandoned", "last_error": reason}
        if attempts >= self.max_attempts:
            return {
                "status": "abandoned",
                "last_error": f"given up after {attempts} attempts; last: {reason}",
            }
        wait = self.wait(str(row["delivery_id"]), attempts)
        if retry_after is not None:
            wait = max(wait, min(retry_after, max(self.max_delay, timedelta(days=1))))
        return {"status": "retrying", "last_error": reason, "next_attempt_at": now + wait}

    def exhausted(self, row: Mapping[str, Any]) -> bool:
        """Whether a freshly claimed row has used up its attempts (its senders died each time)."""
        return int(row["attempts"]) > self.max_attempts
