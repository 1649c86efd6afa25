"""Requests and answers as the vendors see them, with the small print of HTTP kept in one place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Any

JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
CSV = "text/csv; charset=utf-8"
XML = "application/xml; charset=utf-8"


@dataclass(slots=True)
class Request:
    """What a vendor may look at: the path below its prefix, the query, headers and the day."""

    method: str
    parts: list[str]
    query: dict[str, str]
    headers: dict[str, str]
    #: Day number as of whose end the vendor answers.
    day: int
    body: bytes = b""


@dataclass(slots=True)
class Answer:
    """A finished answer; ``delay`` seconds are waited before it, ``broken`` cuts its body short."""

    status: int
    body: bytes
    media_type: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    modified: datetime | None = None
    etag: str = ""
    delay: float = 0.0
    broken: bool = False

    def __post_init__(self) -> None:
        if not self.etag and self.status == 200:
            self.etag = f'"{blake2b(self.body, digest_size=10).hexdigest()}"'

    def head(self) -> list[tuple[bytes, bytes]]:
        """Header lines as ASGI wants them."""
        lines = [(b"content-type", self.media_type.encode())]
        if self.etag:
            lines.append((b"etag", self.etag.encode()))
        if self.modified is not None:
            lines.append((b"last-modified", format_datetime(self.modified, usegmt=True).encode()))
        lines += [(name.lower().encode(), value.encode()) for name, value in self.headers]
        return lines


def dumps(value: Any) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_json(value: Any, status: int = 200, **more: Any) -> Answer:
    """A JSON answer."""
    return Answer(status, dumps(value), JSON, **more)


def whole(text: str | None, default: int, low: int, high: int) -> int:
    """A query value as a whole number within bounds; the default when it is none."""
    try:
        return max(low, min(int(text), high)) if text else default
    except ValueError:
        return default
