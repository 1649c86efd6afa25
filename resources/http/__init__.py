"""The one polite way in which the platform speaks HTTP to a source.

Built on requests with requests-cache (revalidation by ETag and Last-Modified), requests-ratelimiter
and tenacity. Failures are permanent or transient; only 408, 429, 5xx and failures of the connection
are tried again, a Retry-After is honoured, and attempts and total time have an end. Bodies have a
largest size. Secrets travel in headers only and are struck out of every message.
"""

from resources.http.answers import Answer, Statistics, decode_json, encode_json, redact_url
from resources.http.errors import (
    BadResponseError,
    CircuitOpenError,
    PermanentError,
    RefusedError,
    SourceError,
    TooLargeError,
    TransientError,
    UnansweredError,
)
from resources.http.polite_session import PRODUCT, PoliteSession

__all__ = [
    "PRODUCT",
    "Answer",
    "BadResponseError",
    "CircuitOpenError",
    "PermanentError",
    "PoliteSession",
    "RefusedError",
    "SourceError",
    "Statistics",
    "TooLargeError",
    "TransientError",
    "UnansweredError",
    "decode_json",
    "encode_json",
    "redact_url",
]
