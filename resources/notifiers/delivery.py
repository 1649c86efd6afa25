"""Emptying the outbox: claim, send, record, until nothing is due."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from resources.notifiers.base import (
    Message,
    Notifier,
    PermanentDeliveryError,
    TransientDeliveryError,
)
from resources.notifiers.outbox_store import OutboxStore

logger = logging.getLogger(__name__)

#: After so many transient failures in a row a channel is left alone for the rest of the call, so
#: that a dead endpoint costs a few timeouts instead of one for each message.
FAILURES_UNTIL_PAUSE = 3


class DeliveryPolicy(Protocol):
    """What follows an attempt (``activation.outbox.RetryPolicy``)."""

    @property
    def lease(self) -> timedelta:
        """How long one delivery may take."""

    def after_success(self, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
        """Changes to a row whose message arrived."""

    def after_failure(
        self,
        row: Mapping[str, Any],
        now: datetime,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: timedelta | None = None,
    ) -> dict[str, Any]:
        """Changes to a row whose message did not arrive."""

    def exhausted(self, row: Mapping[str, Any]) -> bool:
        """Whether a claimed row has no attempt left."""


@dataclass
class DeliveryReport:
    """What one call of ``deliver`` did.

    ``lost_claims`` are deliveries that took longer than the lease and were taken over. ``errors``
    has a line per failure: channel, title, reason.
    """

    delivered: Counter[str] = field(default_factory=Counter)
    retrying: Counter[str] = field(default_factory=Counter)
    abandoned: Counter[str] = field(default_factory=Counter)
    lost_claims: int = 0
    paused_channels: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """Messages that arrived, over all channels."""
        return self.delivered.total()

    def metadata(self) -> dict[str, Any]:
        """Figures for an asset's or a run's metadata."""
        return {
            "delivered": self.sent,
            "retrying": self.retrying.total(),
            "abandoned": self.abandoned.total(),
            "delivered_by_channel": dict(self.delivered),
            "paused_channels": list(self.paused_channels),
            "errors": self.errors[:20],
        }


def deliver(
    store: OutboxStore,
    notifiers: Mapping[str, Notifier],
    policy: DeliveryPolicy,
    now: Callable[[], datetime],
    limit: int = 1_000,
) -> DeliveryReport:
    """Send what is due on the given channels, the most urgent first, at most ``limit`` messages.

    Each message is claimed, sent and recorded on its own, so that a kill at any moment repeats at
    most the one being sent, under the same id. A failing channel does not stop the others, and no
    failure is raised: it is recorded with its row and reported.
    """
    report = DeliveryReport()
    failures: Counter[str] = Counter()
    for _ in range(limit):
        row = store.claim(
            now(), policy.lease, channels=sorted(notifiers), skip=report.paused_channels
        )
        if row is None:
            break
        channel = str(row["channel"])
        changes, transient, wait = _attempt(row, notifiers[channel], policy, now)
        if not store.record(row, changes):
            report.lost_claims += 1
            logger.warning("delivery %s took longer than its lease", row["delivery_id"])
            continue
        status = changes["status"]
        if status == "delivered":
            report.delivered[channel] += 1
        else:
            (report.retrying if status == "retrying" else report.abandoned)[channel] += 1
            line = f"{channel}: {_title(row)}: {changes['last_error']}"
            report.errors.append(line)
            logger.warning("alert not delivered (%s): %s", status, line)
        failures[channel] = failures[channel] + 1 if transient else 0
        if wait or failures[channel] >= FAILURES_UNTIL_PAUSE:
            report.paused_channels.append(channel)
    return report


def _attempt(
    row: Mapping[str, Any],
    notifier: Notifier,
    policy: DeliveryPolicy,
    now: Callable[[], datetime],
) -> tuple[dict[str, Any], bool, bool]:
    """Changes to the row, whether the failure was transient, and whether a wait was asked for."""
    if policy.exhausted(row):
        reason = row["last_error"] or "its sender ended each time before the outcome was known"
        return policy.after_failure(row, now(), reason), False, False
    try:
        message = Message(
            delivery_id=str(row["delivery_id"]),
            channel=str(row["channel"]),
            priority=str(row["priority"]),
            payload=json.loads(row["payload"]),
            created_at=row["created_at"],
        )
        notifier.send(message)
    except PermanentDeliveryError as failure:
        return policy.after_failure(row, now(), str(failure), permanent=True), False, False
    except TransientDeliveryError as failure:
        wait = failure.retry_after
        changes = policy.after_failure(row, now(), str(failure), retry_after=wait)
        return changes, True, wait is not None
    except Exception as error:
        # A fault of ours or of a library: the text may hold a URL, so only its kind is kept.
        logger.debug("unexpected failure on channel %s", row["channel"], exc_info=True)
        return policy.after_failure(row, now(), f"{type(error).__name__}"), True, False
    return policy.after_success(row, now()), False, False


def _title(row: Mapping[str, Any]) -> str:
    try:
        return str(json.loads(row["payload"]).get("title", ""))
    except ValueError:
        return str(row["delivery_id"])
