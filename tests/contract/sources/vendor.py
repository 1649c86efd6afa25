"""A vendor on the loopback that answers what a test tells it to, and remembers who asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

FIXTURES = Path(__file__).parent / "fixtures"


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


@dataclass
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: Bytes stated but not sent: the connection breaks in the middle of the body.
    cut: int = 0


@dataclass
class Asked:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Answer = Reply | list[Reply] | Callable[[Asked], Reply]


class Vendor:
    """``vendor.on(path, reply)``; a list is answered one by one, its last for good."""

    def __init__(self) -> None:
        self.routes: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        vendor = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    self.command,
                    parts.path,
                    {k: v[0] for k, v in parse_qs(parts.query).items()},
                    dict(self.headers.items()),
                    self.rfile.read(length),
                )
                vendor.asked.append(asked)
                reply = vendor.reply(asked)
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) + reply.cut))
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.cut:
                    self.close_connection = True

            do_GET = do_POST = _answer  # noqa: N815

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def on(self, path: str, answer: Answer | bytes, **headers: str) -> None:
        self.routes[path] = Reply(answer, headers=headers) if isinstance(answer, bytes) else answer

    def reply(self, asked: Asked) -> Reply:
        answer = self.routes.get(asked.path, Reply(b"not here", 404))
        if isinstance(answer, list):
            return answer.pop(0) if len(answer) > 1 else answer[0]
        return answer if isinstance(answer, Reply) else answer(asked)

    def count(self, path: str) -> int:
        return sum(a.path == path for a in self.asked)

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
