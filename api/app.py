"""The webhook inbox over HTTP: ``POST /webhooks/<source>`` with one event or several.

A request is taken when it is signed, small enough and JSON; of a vendor that signs nothing, when
the address ends in the secret (``/webhooks/<source>/<secret>``). It is answered with 200 only when
its events are on disk. Whoever gets no answer, or 503, sends the same again: an event is known by
its id and stored once. Bodies are never logged: they name people.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import orjson
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.signature import SignatureError, check_time, verify, verify_token
from api.writer import BusyError, GroupWriter
from resources.clock import utc_now
from resources.mapped.mapping import RecordMapping
from resources.mapped.rows import stated_id
from resources.webhooks import Incoming

log = logging.getLogger("buying_signals.api")

#: Events in one request.
MOST_EVENTS = 500
#: Seconds in which a body must have come in full.
BODY_SECONDS = 10.0
#: Seconds after which a sender that was told to wait should come again.
COME_AGAIN_SECONDS = 5


@dataclass(frozen=True)
class Hook:
    """One source that events are taken for. ``secrets`` are all that are valid for now."""

    source: str
    secrets: tuple[str, ...]
    events: RecordMapping
    max_body_bytes: int
    proof: Literal["signature", "token"] = "signature"


class RefusedError(Exception):
    """A request that is not taken: status, and what its sender must change."""

    def __init__(self, status: int, problem: str) -> None:
        self.status = status
        self.problem = problem
        super().__init__(problem)


def create_app(
    hooks: Mapping[str, Hook],
    inbox: Path,
    *,
    now: Callable[[], datetime] = utc_now,
    clock: Callable[[], float] = time.time,
) -> Starlette:
    """The application for these hooks, writing to the inbox at a path."""
    writer = GroupWriter(inbox, now)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        writer.start()
        yield
        await asyncio.to_thread(writer.stop)

    async def receive(request: Request) -> Response:
        try:
            return await _receive(request, hooks, writer, clock, now)
        except RefusedError as refused:
            return _problem(refused.status, refused.problem)
        except BusyError as busy:
            return _problem(503, str(busy), COME_AGAIN_SECONDS)
        except sqlite3.Error as error:
            log.error("events could not be stored: %s", error)
            return _problem(503, "events could not be stored; send them again", COME_AGAIN_SECONDS)

    async def health(_: Request) -> Response:
        if not writer.is_alive:
            return _problem(503, "the inbox cannot be written")
        return JSONResponse({"status": "ok", "sources": sorted(hooks)})

    return Starlette(
        routes=[
            Route("/webhooks/{source}", receive, methods=["POST"]),
            Route("/webhooks/{source}/{token}", receive, methods=["POST"]),
            Route("/health", health, methods=["GET"]),
        ],
        lifespan=lifespan,
    )


async def _receive(
    request: Request,
    hooks: Mapping[str, Hook],
    writer: GroupWriter,
    clock: Callable[[], float],
    now: Callable[[], datetime],
) -> Response:
    hook = hooks.get(request.path_params["source"])
    if hook is None:
        raise RefusedError(404, "no webhook of this name; see config/webhooks")
    try:
        if hook.proof == "token":
            verify_token(hook.secrets, request.path_params.get("token", ""))
            body = await _body(request, hook.max_body_bytes)
        else:
            timestamp = check_time(request.headers.get("X-Timestamp"), clock())
            body = await _body(request, hook.max_body_bytes)
            verify(hook.secrets, timestamp, body, request.headers.get("X-Signature"))
    except SignatureError as error:
        raise RefusedError(401, str(error)) from None
    events = _events(body, hook, now().date().isoformat())
    outcomes = await writer.add(events)
    answer = [
        {"event_id": event.event_id, "outcome": outcome}
        for event, outcome in zip(events, outcomes, strict=True)
    ]
    return JSONResponse({"events": answer})


async def _body(request: Request, limit: int) -> bytes:
    """The body, read no further than the limit. Raises ``RefusedError`` with 413, 408 or 400."""
    stated = request.headers.get("Content-Length", "")
    too_large = RefusedError(413, f"body is larger than {limit:,} bytes; send fewer events at once")
    if stated.isdigit() and int(stated) > limit:
        raise too_large
    chunks, size = [], 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise too_large
                chunks.append(chunk)
    except TimeoutError:
        raise RefusedError(408, f"the body did not come within {BODY_SECONDS:g} seconds") from None
    except ClientDisconnect:
        raise RefusedError(400, "the body broke off") from None
    return b"".join(chunks)


def _events(body: bytes, hook: Hook, today: str) -> list[Incoming]:
    """The events of a body: an object, a list of them, or an object with a list ``events``.

    Who signs nothing states no time either: the day (UTC) is added, so that the same notification
    of another day is another event.
    """
    try:
        decoded = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise RefusedError(
            400, f"body is no JSON: {error.msg} at line {error.lineno} column {error.colno}"
        ) from None
    if isinstance(decoded, dict) and isinstance(decoded.get("events"), list):
        decoded = decoded["events"]
    listed: list[Any] = decoded if isinstance(decoded, list) else [decoded]
    if len(listed) > MOST_EVENTS:
        raise RefusedError(413, f"{len(listed)} events in one request; at most {MOST_EVENTS}")
    events = []
    for position, event in enumerate(listed):
        if not isinstance(event, dict):
            raise RefusedError(400, f"event {position} is no JSON object")
        if hook.proof == "token":
            event = {**event, "received_on": today}
        known_as = stated_id(event, hook.events.id_columns)
        if known_as is None:
            names = " and ".join(map(repr, hook.events.id_columns))
            raise RefusedError(400, f"event {position} has no id: {names} is missing")
        text = orjson.dumps(event, option=orjson.OPT_SORT_KEYS).decode()
        events.append(Incoming(hook.source, known_as, text))
    return events


def _problem(status: int, problem: str, again: int | None = None) -> Response:
    headers = {"Retry-After": str(again)} if again else None
    return JSONResponse({"error": problem}, status_code=status, headers=headers)
