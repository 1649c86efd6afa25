"""One thread that writes the inbox, many requests to a commit.

A commit waits for the disk; the requests that come meanwhile share the next one. A request is
answered when its own commit is done, so that what was acknowledged is never lost.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from resources.webhooks import Inbox, Incoming, Outcome

#: Requests that may wait; more are refused, so that a slow disk does not fill the memory.
MOST_WAITING = 2_000
#: Events in one commit.
MOST_AT_ONCE = 500


class BusyError(Exception):
    """Too many requests wait for the disk; the sender should come again."""


class GroupWriter:
    """Writes events to the inbox at ``path``; ``now`` gives the time of receipt (UTC)."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path = path
        self._now = now
        self._waiting: queue.Queue[_Request | None] = queue.Queue(MOST_WAITING)
        self._thread = threading.Thread(target=self._run, name="inbox-writer", daemon=True)
        self._started = threading.Event()
        self._failure: BaseException | None = None

    def start(self) -> None:
        """Open the inbox and begin. Raises what opening it raises."""
        self._thread.start()
        self._started.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Write what waits, then end."""
        self._waiting.put(None)
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether events can be written."""
        return self._thread.is_alive()

    async def add(self, events: Sequence[Incoming]) -> list[Outcome]:
        """Store events; returns when they are on disk.

        Raises ``BusyError`` when too many wait, and ``sqlite3.Error`` when the disk refuses.
        """
        loop = asyncio.get_running_loop()
        request = _Request(tuple(events), loop, loop.create_future())
        try:
            self._waiting.put_nowait(request)
        except queue.Full:
            raise BusyError(f"{MOST_WAITING} requests wait for the disk") from None
        return await request.outcome

    def _run(self) -> None:
        try:
            inbox = Inbox(self._path, create=True)
        except BaseException as error:
            self._failure = error
            self._started.set()
            return
        self._started.set()
        ending = False
        while not ending:
            batch, ending = self._take()
            if batch:
                self._write(inbox, batch)
        inbox.close()

    def _take(self) -> tuple[list[_Request], bool]:
        """The requests that wait, at least one; whether the end was asked for."""
        batch: list[_Request] = []
        size = 0
        request = self._waiting.get()
        while request is not None:
            batch.append(request)
            size += len(request.events)
            if size >= MOST_AT_ONCE:
                return batch, False
            try:
                request = self._waiting.get_nowait()
            except queue.Empty:
                return batch, False
        return batch, True

    def _write(self, inbox: Inbox, batch: list[_Request]) -> None:
        events = [event for request in batch for event in request.events]
        try:
            outcomes = inbox.add(events, self._now())
        except Exception as error:
            for request in batch:
                request.fail(error)
            return
        start = 0
        for request in batch:
            end = start + len(request.events)
            request.succeed(outcomes[start:end])
            start = end


class _Request:
    """Events of one request, and who waits for them."""

    def __init__(
        self,
        events: tuple[Incoming, ...],
        loop: asyncio.AbstractEventLoop,
        outcome: asyncio.Future[list[Outcome]],
    ) -> None:
        self.events = events
        self.loop = loop
        self.outcome = outcome

    def succeed(self, outcomes: list[Outcome]) -> None:
        self._tell(lambda: self.outcome.set_result(outcomes))

    def fail(self, error: Exception) -> None:
        self._tell(lambda: self.outcome.set_exception(error))

    def _tell(self, settle: Callable[[], None]) -> None:
        def once() -> None:
            # Whoever asked may have gone away meanwhile.
            if not self.outcome.done():
                settle()

        self.loop.call_soon_threadsafe(once)
