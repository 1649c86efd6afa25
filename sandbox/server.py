"""The vendors' door: one ASGI application for all of them, on one port of the loopback.

Plain ASGI rather than a framework's routes, because a request here is a dictionary lookup, a
cached answer and a header comparison, and scale runs ask a hundred thousand times.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from sandbox import faults
from sandbox.answers import Answer, Request, as_json
from sandbox.market import Market
from sandbox.market.words import ALL_OUTLETS
from sandbox.vendors import vendors

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

#: Requests a second each vendor allows by default.
RATE_LIMIT = 2000.0
#: Bytes of finished answers that are kept for asking again.
CACHE_BYTES = 192 * 1024 * 1024
MAX_BODY = 1024 * 1024


class Bucket:
    """A token bucket: ``rate`` requests a second, bursts up to one second's worth."""

    __slots__ = ("at", "rate", "tokens")

    def __init__(self, rate: float) -> None:
        self.rate, self.tokens, self.at = rate, max(1.0, rate), time.monotonic()

    def take(self) -> float:
        """0.0 when the request may pass, else the seconds to wait."""
        now = time.monotonic()
        self.tokens = min(max(1.0, self.rate), self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens >= 1.0:
            self.tokens -= 1.0
            return 0.0
        return (1.0 - self.tokens) / self.rate


class Cache:
    """Finished answers by request, oldest use first out, bounded by bytes."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self.limit, self.size = limit, 0
        self._kept: OrderedDict[tuple, Answer] = OrderedDict()

    def get(self, key: tuple) -> Answer | None:
        """The kept answer, or None."""
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: tuple, answer: Answer) -> None:
        """Keep an answer; forget the least recently used ones when there are too many bytes."""
        if len(answer.body) > self.limit // 8:
            return
        self._kept[key] = answer
        self.size += len(answer.body) + 600
        while self.size > self.limit:
            _, old = self._kept.popitem(last=False)
            self.size -= len(old.body) + 600


class App:
    """The ASGI application. ``rate_limits`` overrides requests a second by source."""

    def __init__(
        self,
        market: Market,
        rate_limits: dict[str, float] | None = None,
        hang_seconds: float = 4.0,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
        dns_port: int | None = None,
    ) -> None:
        self.market = market
        self.vendors = vendors(market, hang_seconds)
        limits = rate_limits or {}
        sources = {source for source, _ in self.vendors.values()}
        if unknown := sorted(set(limits) - sources):
            raise ValueError(
                f"no source is called {', '.join(unknown)}; there are {sorted(sources)}"
            )
        self.buckets = {s: Bucket(limits.get(s, RATE_LIMIT)) for s in sources}
        self.faults: list[faults.Fault] = []
        self.cache = Cache()
        self.today = today
        self.requests = 0
        self.dns_port = dns_port

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one HTTP request, or the server's start and stop."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        self.requests += 1
        path = scope["path"]
        prefix, _, rest = path[1:].partition("/")
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        if prefix == "_sandbox":
            body = await _read(receive)
            await _send(send, self._control(scope["method"], rest, body), {}, scope["method"])
            return
        source, vendor = self.vendors.get(prefix, ("", None))
        if vendor is None:
            await _send(
                send, as_json({"error": f"nothing is served below /{prefix}"}, 404), {}, "GET"
            )
            return
        if wait := self.buckets[source].take():
            await _send(send, faults.rate_limited(max(1.0, wait)), headers, scope["method"])
            return
        try:
            day = self._day(headers.get("x-sandbox-date"))
        except ValueError:
            await _send(send, as_json({"error": "X-Sandbox-Date is no YYYY-MM-DD"}, 400), {}, "GET")
            return
        answer = await self._answer(scope, receive, vendor, prefix, rest, headers, day)
        for fault in self.faults:
            if fault.strikes(source):
                answer = self._spoiled(answer, fault, vendor, rest)
                break
        if answer.delay:
            await asyncio.sleep(answer.delay)
        await _send(send, answer, headers, scope["method"])

    @staticmethod
    def _spoiled(answer: Answer, fault: faults.Fault, vendor: Any, rest: str) -> Answer:
        """What a fault makes of an answer; a vendor that has words of its own says it in them."""
        if fault.kind == "tokens_ended" and hasattr(vendor, "tokens"):
            vendor.tokens.forget()
            if rest.endswith("token"):
                # One that is sold now ends before it is used.
                return answer
        if fault.kind in ("key_revoked", "tokens_ended") and hasattr(vendor, "refused"):
            return vendor.refused(rest.rstrip("/").split("/"))
        return faults.spoil(answer, fault)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        """The server's start and stop, and with them the name server's."""
        close = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup" and self.dns_port is not None:
                from sandbox.dns import NameServer, listen

                close = await listen(NameServer(self.market, self.today), self.dns_port)
            if message["type"] == "lifespan.shutdown" and close is not None:
                close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(
        self,
        scope: dict[str, Any],
        receive: Receive,
        vendor: Any,
        prefix: str,
        rest: str,
        headers: dict[str, str],
        day: int,
    ) -> Answer:
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            return as_json({"error": "method not allowed"}, 405)
        # What makes two answers differ besides path, query and day.
        allowed = (
            "@" in headers.get("user-agent", "")
            if prefix.startswith("sec-")
            else bool(headers.get("x-api-key") or headers.get("apikey"))
        )
        key = (prefix, rest, scope["query_string"], day, allowed)
        is_kept = method != "POST" and getattr(vendor, "is_cached", True)
        if is_kept and (kept := self.cache.get(key)) is not None:
            return kept
        query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
        parts = [unquote(p) for p in rest.rstrip("/").split("/") if p]
        body = await _read(receive) if method == "POST" else b""
        answer = vendor.answer(Request(method, parts, query, headers, day, body))
        if is_kept:
            self.cache.put(key, answer)
        return answer

    def _day(self, header: str | None) -> int:
        return self.market.day_of(date.fromisoformat(header) if header else self.today())

    def _control(self, method: str, what: str, body: bytes) -> Answer:
        config = self.market.config
        try:
            match method, what:
                case "GET", "health":
                    return as_json(
                        {
                            "status": "ok",
                            "seed": config.seed,
                            "companies": config.companies,
                            "start": config.start.isoformat(),
                            "days": config.days,
                            "outlets": [outlet.slug for outlet in ALL_OUTLETS[: config.outlets]],
                            "requests": self.requests,
                            "faults": len(self.faults),
                        }
                    )
                case "POST", "faults":
                    self.faults.append(faults.from_json(body))
                    return as_json({"faults": len(self.faults)}, 201)
                case "DELETE", "faults":
                    self.faults.clear()
                    return as_json({"faults": 0})
                case "POST", "rate_limits":
                    wanted = json.loads(body)
                    self.buckets[wanted["source"]] = Bucket(float(wanted["per_second"]))
                    return as_json({"source": wanted["source"]}, 201)
        except (ValueError, TypeError, KeyError) as error:
            return as_json({"error": str(error)}, 400)
        return as_json({"error": "not found"}, 404)


async def _read(receive: Receive) -> bytes:
    chunks, size = [], 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return b""
        chunks.append(chunk)
        if not message.get("more_body"):
            return b"".join(chunks)


def _not_modified(answer: Answer, headers: dict[str, str]) -> bool:
    if answer.status != 200:
        return False
    if (tags := headers.get("if-none-match")) is not None:
        return bool(answer.etag) and answer.etag in tags.replace("W/", "")
    since = headers.get("if-modified-since")
    if since is None or answer.modified is None:
        return False
    try:
        return answer.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


async def _send(send: Send, answer: Answer, headers: dict[str, str], method: str) -> None:
    status, body = answer.status, answer.body
    if method in ("GET", "HEAD") and _not_modified(answer, headers):
        status, body = 304, b""
    head = answer.head()
    if status != 304:
        head.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": head})
    if method == "HEAD":
        body = b""
    elif answer.broken and status == 200:
        # The connection breaks off in the middle: fewer bytes come than were announced.
        await send({"type": "http.response.body", "body": body[: len(body) // 2]})
        return
    await send({"type": "http.response.body", "body": body})
