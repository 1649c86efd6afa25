"""What every channel has in common: a message in, and success or one of two failures out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol


@dataclass(frozen=True)
class Message:
    """One delivery as a channel sees it.

    ``delivery_id`` stays the same however often it is tried, so that a receiver can tell a
    repetition. ``payload`` has the keys ``title``, ``priority`` and ``markdown`` for people and the
    structured alert for machines. ``created_at`` is UTC.
    """

    delivery_id: str
    channel: str
    priority: str
    payload: Mapping[str, Any]
    created_at: datetime

    @property
    def title(self) -> str:
        """One line saying what happened."""
        return str(self.payload.get("title", ""))

    @property
    def markdown(self) -> str:
        """The whole message for people."""
        return str(self.payload.get("markdown", ""))

    def json(self) -> str:
        """The payload as JSON with sorted keys: equal for every attempt."""
        return json.dumps(self.payload, sort_keys=True, ensure_ascii=False)


class TransientDeliveryError(Exception):
    """The message did not arrive but may later; ``retry_after`` is what the receiver asked for."""

    def __init__(self, reason: str, retry_after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentDeliveryError(Exception):
    """The receiver refused the message; sending it again would be refused again."""


class Notifier(Protocol):
    """One channel.

    ``send`` returns when the message has arrived, and raises ``TransientDeliveryError`` or
    ``PermanentDeliveryError`` when it has not. Reasons never hold a channel's URL or secret.
    """

    def send(self, message: Message) -> None:
        """Deliver one message."""

    def close(self) -> None:
        """Give connections back."""
