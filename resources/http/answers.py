"""What a source answered, its JSON, and addresses without secrets."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import orjson
import requests
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry as RetryAfterParser

from resources.http.errors import BadResponseError

#: Query parameters that are struck out of addresses in messages.
_SECRET_PARAMETER = re.compile(
    r"(?i)([?&](?:[^=&]*(?:key|token|secret|password|signature|auth)[^=&]*)=)[^&#]*"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source answered: decoded body, headers, and the address it came from."""

    source: str
    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    from_cache: bool

    @property
    def media_type(self) -> str:
        """Content type without parameters, in lower case; empty when not stated."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    def json(self) -> Any:
        """The decoded JSON. Raises ``BadResponseError`` with the position of the first error."""
        return decode_json(self.content, self.source, self.url)


@dataclass
class Statistics:
    """What one session has done so far; bytes are of decoded bodies from the network."""

    requests: int = 0
    cache_hits: int = 0
    retries: int = 0
    bytes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, **amounts: int) -> None:
        """Add to the counters, from any thread."""
        with self.lock:
            for name, amount in amounts.items():
                setattr(self, name, getattr(self, name) + amount)


def decode_json(content: bytes, source: str, url: str) -> Any:
    """Decode JSON bytes; ``BadResponseError`` names source, address, line and column if it is none.

    A lone surrogate, which JSON text can spell but no UTF-8 text can hold, becomes U+FFFD.
    """
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        with contextlib.suppress(ValueError, UnicodeDecodeError):
            value = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
            text = json.dumps(value, ensure_ascii=False)
            return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        raise BadResponseError(
            source,
            url,
            f"answer of {len(content)} bytes is {_what_instead(content)}, not JSON: {error.msg} at "
            f"line {error.lineno} column {error.colno}",
            excerpt=content,
        ) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _what_instead(content: bytes) -> str:
    start = content[:200].lstrip().lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if start.startswith(b"<"):
        return "XML"
    return "broken"


def encode_json(value: Any) -> str:
    """Compact JSON text of a decoded value, keys in the source's order."""
    try:
        return orjson.dumps(value).decode()
    except (TypeError, ValueError):
        # Whole numbers beyond 64 bits, which orjson refuses to write.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def redact_url(url: str) -> str:
    """An address without user, password and secret query parameters."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        parts = parts._replace(netloc=parts.netloc.rsplit("@", 1)[1])
        url = urlunsplit(parts)
    return _SECRET_PARAMETER.sub(r"\1***", url) if parts.query else url


def retry_after(response: requests.Response) -> float | None:
    """Seconds that a Retry-After header asks for, given as a number or a date; None without one."""
    value = response.headers.get("Retry-After")
    if not value:
        return None
    try:
        return max(0.0, RetryAfterParser().parse_retry_after(value))
    except InvalidHeader:
        return None
