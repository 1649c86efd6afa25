"""A webhook: the payload as JSON in a POST, signed when a secret is given.

Headers follow the Standard Webhooks specification (``webhook-id``, ``webhook-timestamp``,
``webhook-signature: v1,<base64 HMAC-SHA256 of id.timestamp.body>``), which ready-made receivers
verify; ``Idempotency-Key`` carries the same id for those that know that header instead. Both stay
the same over all attempts.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import requests

from resources.notifiers.base import Message, PermanentDeliveryError, TransientDeliveryError

#: Statuses after which the same request may succeed later; besides these only 5xx.
RETRYABLE = (408, 429)
#: So much of a refusal's body is kept as its reason, in bytes.
REASON_BYTES = 200


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The ``webhook-signature`` header of the Standard Webhooks specification.

    A secret with the prefix ``whsec_`` is base64, as the specification writes it; any other is
    taken as it is.
    """
    key = secret.encode()
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error as error:
            raise ValueError("the secret after whsec_ is not base64") from error
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class WebhookNotifier:
    """Posts messages to one URL.

    ``timeout_seconds`` bounds connecting and each wait for data. Redirects are not followed: a
    signed message goes where it was meant to go. The URL is a secret and appears in no error.
    """

    def __init__(
        self,
        url: str,
        secret: str | None = None,
        timeout_seconds: float = 10.0,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url = url
        self._secret = secret
        self._timeout = timeout_seconds
        self._now = now
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "buying-signals-alerts/1"

    def send(self, message: Message) -> None:
        """POST one message; any 2xx is success.

        Raises ``TransientDeliveryError`` for no answer, 408, 429 and 5xx, for any other status
        ``PermanentDeliveryError``.
        """
        body = message.json().encode("utf-8", "replace")
        timestamp = int(self._now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.delivery_id,
            "webhook-id": message.delivery_id,
            "webhook-timestamp": str(timestamp),
        }
        if self._secret:
            headers["webhook-signature"] = signature(
                self._secret, message.delivery_id, timestamp, body
            )
        try:
            with self._session.post(
                self._url,
                data=body,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as answer:
                self._judge(answer)
        except (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema) as error:
            raise PermanentDeliveryError("the webhook's URL is not usable") from error
        except requests.exceptions.InvalidSchema as error:
            raise PermanentDeliveryError("the webhook's URL is neither http nor https") from error
        except requests.RequestException as error:
            # Its text holds the URL, so only its kind is kept.
            raise TransientDeliveryError(f"no answer: {type(error).__name__}") from None

    def close(self) -> None:
        """Close kept-alive connections."""
        self._session.close()

    def _judge(self, answer: requests.Response) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        reason = f"HTTP {status} {answer.reason or ''}".strip()
        if status in RETRYABLE or status >= 500:
            raise TransientDeliveryError(
                reason, self._retry_after(answer.headers.get("Retry-After"))
            )
        said = next(answer.iter_content(REASON_BYTES), b"")[:REASON_BYTES]
        text = " ".join(said.decode("utf-8", "replace").split())
        raise PermanentDeliveryError(f"{reason}: {text}" if text else reason)

    def _retry_after(self, value: str | None) -> timedelta | None:
        """Seconds or an HTTP date; what is neither is ignored."""
        if not value:
            return None
        value = value.strip()
        if value.isdigit():
            return timedelta(seconds=min(int(value), 7 * 86400))
        try:
            moment = parsedate_to_datetime(value)
        except (TypeError, ValueError):
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(moment - self._now(), timedelta(0))
