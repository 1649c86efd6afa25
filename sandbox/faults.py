"""Faults on demand: what real vendors do on bad days, switched on over HTTP by a test."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass, field

from sandbox.answers import HTML, JSON, Answer

KINDS = (
    "http_500",
    "http_429",
    "slow",
    "truncated_json",
    "schema_drift",
    "html_instead",
    "wrong_encoding",
    "empty",
    "huge_page",
    "key_revoked",
    "tokens_ended",
    "out_of_credits",
)
HUGE_BYTES = 10 * 1024 * 1024
_HUGE_LINE = b"<p>This page goes on and on and on and on and on and on.</p>\n"
_NEW_NAMES = {
    "jobs": "postings",
    "entities": "items",
    "filings": "submissions",
    "recent": "latest",
    "text": "name",
    "id": "identifier_v2",
    "organization": "company",
    "person": "contact_v2",
    "data": "result",
    "results": "records",
}


@dataclass(slots=True)
class Fault:
    """One fault: which source, what kind, how often, and how many times in all (None: no end)."""

    source: str
    kind: str
    rate: float = 1.0
    seed: int = 0
    count: int | None = None
    #: For ``slow``: seconds to wait; for ``http_429``: seconds in Retry-After.
    seconds: float = 1.0
    _random: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"fault kind {self.kind!r} is none of {', '.join(KINDS)}")
        self._random = random.Random(self.seed)

    def strikes(self, source: str) -> bool:
        """Whether it hits this request; each call is one draw."""
        if self.source not in (source, "*") or self.count == 0:
            return False
        if self._random.random() >= self.rate:
            return False
        if self.count is not None:
            self.count -= 1
        return True


def from_json(body: bytes) -> Fault:
    """The fault that a request's body declares. Raises ``ValueError`` saying what is wrong."""
    wanted = json.loads(body)
    if not isinstance(wanted, dict) or "source" not in wanted or "kind" not in wanted:
        raise ValueError("a fault needs at least source and kind")
    known = {"source", "kind", "rate", "seed", "count", "seconds"}
    if unknown := sorted(set(wanted) - known):
        raise ValueError(f"a fault has no {', '.join(unknown)}")
    return Fault(**wanted)


def rate_limited(seconds: float = 1.0) -> Answer:
    """The answer of a vendor that is asked too often."""
    body = b'{"status":429,"error":"Too many requests"}'
    return Answer(429, body, JSON, [("Retry-After", f"{max(0, round(seconds))}")])


def spoil(answer: Answer, fault: Fault) -> Answer:
    """What the fault makes of a good answer."""
    body, media = answer.body, answer.media_type
    match fault.kind:
        case "http_500":
            return Answer(
                500, b"<html><body><h1>500 Internal Server Error</h1></body></html>", HTML
            )
        case "http_429":
            return rate_limited(fault.seconds)
        case "slow":
            return Answer(answer.status, body, media, answer.headers, answer.modified,
                          answer.etag, delay=fault.seconds)  # fmt: skip
        case "truncated_json":
            return Answer(200, body[: int(len(body) * 0.6)], media)
        case "schema_drift":
            return Answer(200, drifted(body, media), media)
        case "html_instead":
            page = b"<!doctype html><html><head><title>Maintenance</title></head><body><h1>We will "
            return Answer(200, page + b"be back soon</h1></body></html>", HTML)
        case "wrong_encoding":
            # Declared as UTF-8, yet UTF-16: the bytes are no UTF-8 at all.
            return Answer(200, body.decode("utf-8", "replace").encode("utf-16"), media)
        case "empty":
            return Answer(200, b"", media)
        case "key_revoked" | "tokens_ended":
            return Answer(401, b'{"error":"Invalid API key"}', JSON)
        case "out_of_credits":
            return Answer(402, b'{"error":"API credits exhausted for the account"}', JSON)
    lines = HUGE_BYTES // len(_HUGE_LINE) + 1
    return Answer(200, b"<!doctype html><html><body>" + _HUGE_LINE * lines, HTML)


def drifted(body: bytes, media: str) -> bytes:
    """The same answer after its vendor renamed fields without telling anybody."""
    text = body.decode("utf-8", "replace")
    if "json" in media:
        value = json.loads(text)
        if isinstance(value, list):
            value = [_renamed(v) if isinstance(v, dict) else v for v in value]
        elif isinstance(value, dict):
            value = _renamed(value)
        return json.dumps(value, ensure_ascii=False).encode()
    if "csv" in media:
        head, _, rest = text.partition("\n")
        return f"{head.replace(' ID', ' Key').replace('name,', 'company,', 1)}\n{rest}".encode()
    text = re.sub(r"(</?)(item|entry)\b", r"\1newsItem", text)
    return re.sub(r"(</?)(offeringSalesAmounts)\b", r"\1offeringAmounts", text).encode()


def _renamed(value: dict) -> dict:
    return {_NEW_NAMES.get(key, key): inner for key, inner in value.items()}
