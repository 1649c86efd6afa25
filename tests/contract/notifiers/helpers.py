"""A loopback receiver with scripted answers, and an outbox of its own for each test."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

START = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


@dataclass
class Receiver:
    """What arrived, and what is answered next; when the script is over: 200."""

    url: str = ""
    script: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiver() -> Iterator[Receiver]:
    state = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.requests.append((dict(self.headers), body))
            status, headers, text = state.script.pop(0) if state.script else (200, {}, b"")
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_port}/hook?token=s3cret"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def delivery(identifier: str = "d1", channel: str = "webhook", **changes: Any) -> dict[str, Any]:
    return {
        "delivery_id": identifier,
        "rule_id": "rule_one",
        "signal_id": f"signal-{identifier}",
        "company_id": "c1",
        "channel": channel,
        "payload": json.dumps({"title": f"Alert {identifier}", "markdown": "# Alert\n"}),
        "priority": "high",
        "status": "pending",
        "attempts": 0,
        "next_attempt_at": START,
        "last_error": None,
        "created_at": START,
        "delivered_at": None,
    } | changes
