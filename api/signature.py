"""Who sent a request: an HMAC over its time and body, by a secret that both sides know."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

#: Seconds by which the stated time may differ from ours: an older request that was overheard
#: cannot be sent again, and clocks may differ a little.
TOLERANCE_SECONDS = 300


class SignatureError(Exception):
    """The request is not signed as it must be; the message says what is wrong, never a secret."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header: ``sha256=`` and the HMAC of ``<timestamp>.<body>``."""
    digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={digest.hexdigest()}"


def check_time(timestamp: str | None, now: float) -> str:
    """The stated time (seconds since 1970). Raises ``SignatureError`` when it is missing or off."""
    if timestamp is None:
        raise SignatureError("header X-Timestamp is missing: seconds since 1970")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureError("header X-Timestamp is no whole number of seconds since 1970")
    if abs(now - int(timestamp)) > TOLERANCE_SECONDS:
        raise SignatureError(
            f"header X-Timestamp is more than {TOLERANCE_SECONDS} seconds off; sign anew when "
            "sending again"
        )
    return timestamp


def verify(secrets: Iterable[str], timestamp: str, body: bytes, signature: str | None) -> None:
    """Raise ``SignatureError`` unless one of ``secrets`` made ``signature``.

    Several secrets are valid while one replaces the other. Compared in constant time.
    """
    if signature is None:
        raise SignatureError("header X-Signature is missing")
    given = signature.encode("utf-8", "replace")
    matches = [
        hmac.compare_digest(sign(secret, timestamp, body).encode(), given) for secret in secrets
    ]
    if not any(matches):
        raise SignatureError("header X-Signature does not fit the body, time and secret")


def verify_token(secrets: Iterable[str], given: str) -> None:
    """Raise ``SignatureError`` unless ``given`` is a secret; compared in constant time."""
    said = given.encode("utf-8", "replace")
    matches = [hmac.compare_digest(secret.encode(), said) for secret in secrets]
    if not any(matches):
        raise SignatureError("the address does not end in the webhook's secret")
