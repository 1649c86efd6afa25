"""A process that has read the dbt project and runs every command in a copy of itself.

dbt takes some seconds to start: it imports itself, makes its classes and reads what it has parsed.
The line builds twice, so this is done once, and beside what comes before the first build. Commands
come from ``assets.dbt_client``, which stands in dbt's place and lets dbt itself take over where
this process does not answer. It ends with the process that started it, however that ends.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assets.dbt_client import BEGUN, LENGTH, SOCKET

#: Descriptor that ends with the process that started this one: its standard input.
STARTER = 0


@dataclass
class WarmDbt:
    """A running process, and for which state of the project it was started."""

    state: tuple[object, ...]
    folder: tempfile.TemporaryDirectory
    process: subprocess.Popen

    @property
    def address(self) -> str:
        """Path of the socket where it takes commands."""
        return str(Path(self.folder.name) / "socket")

    def close(self) -> None:
        """End it, also while it reads the project."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()


_warm: WarmDbt | None = None


@atexit.register
def close() -> None:
    """End the process of ``keep_warm``, if there is one."""
    global _warm
    os.environ.pop(SOCKET, None)
    if _warm is not None:
        _warm.close()
        _warm = None


def keep_warm(
    state: tuple[object, ...], arguments: list[str], environment: Mapping[str, str]
) -> None:
    """Have a process read the project with dbt's ``arguments``, unless one for ``state`` has.

    Returns at once; commands of this process' children find it by ``SOCKET``.
    """
    global _warm
    if _warm is not None and (_warm.state != state or _warm.process.poll() is not None):
        close()
    if _warm is None:
        # A socket's path may have some hundred characters, so it lies in no home.
        folder = tempfile.TemporaryDirectory(prefix="dbt-")
        with socket.socket(socket.AF_UNIX) as listener:
            # Listening before the process runs: commands wait there until it has read the project.
            listener.bind(str(Path(folder.name) / "socket"))
            listener.listen()
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(listener.fileno()), *arguments],
                cwd=Path(__file__).resolve().parents[1],
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(listener.fileno(),),
            )
        _warm = WarmDbt(state, folder, process)
    os.environ[SOCKET] = _warm.address


def serve(descriptor: int, arguments: list[str]) -> None:
    """Read the project, then run commands one after another until standard input ends."""
    with socket.socket(fileno=descriptor) as listener:
        manifest = _parsed(arguments)
        # What has been read stays as it is: copies share its memory and do not search it.
        gc.collect()
        gc.freeze()
        while True:
            ready, _, _ = select.select([listener, STARTER], [], [])
            if STARTER in ready:
                _leave(Path(listener.getsockname()))
                return
            with contextlib.suppress(OSError), listener.accept()[0] as connection:
                answer(connection, manifest, STARTER)


def _leave(address: Path) -> None:
    """Remove the socket and its folder, which a starter that was killed did not."""
    with contextlib.suppress(OSError):
        address.unlink()
        address.parent.rmdir()


def _parsed(arguments: list[str]) -> Any:
    from dbt.cli.main import dbtRunner

    parsed = dbtRunner().invoke(["parse", "--quiet", "--no-write-json", *arguments])
    if not parsed.success:
        # The build will say why: without this process dbt reads the project itself.
        sys.exit(1)
    return parsed.result


def answer(connection: socket.socket, manifest: Any, starter: int) -> None:
    """Run one command in a copy of this process and tell its exit code.

    The copy is ended when whoever asked is gone, or when the descriptor ``starter`` ends. Raises
    ``OSError`` when the request is not whole or nobody takes the code.
    """
    head, streams, _, _ = socket.recv_fds(connection, LENGTH.size, 2)
    (length,) = LENGTH.unpack(head)
    request = json.loads(_received(connection, length))
    connection.sendall(BEGUN)
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        _run(manifest, request, streams)
    for descriptor in (held, *streams):
        os.close(descriptor)
    # The copy's end closes its side of the pipe; who has asked, and who started this process, say
    # by theirs that nobody waits any more.
    ready, _, _ = select.select([alive, connection, starter], [], [])
    if alive not in ready:
        os.kill(child, signal.SIGTERM)
    os.close(alive)
    _, status = os.waitpid(child, 0)
    connection.sendall(bytes([os.waitstatus_to_exitcode(status) & 0xFF]))


def _received(connection: socket.socket, length: int) -> bytes:
    parts, left = [], length
    while left:
        part = connection.recv(min(left, 1 << 20))
        if not part:
            raise ConnectionError("the request ended early")
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _run(manifest: Any, request: Mapping[str, Any], streams: list[int]) -> None:
    """Run dbt as asked in this copy, which ends with it."""
    code = 2
    try:
        for descriptor, stream in enumerate(streams, start=1):
            os.dup2(stream, descriptor)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        gc.disable()
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        from assets.dbt_events import hear_only_what_is_asked_for

        hear_only_what_is_asked_for()
        done = dbtRunner(manifest=manifest).invoke(request["arguments"])
        code = 0 if done.success else 1 if done.exception is None else 2
        # What is left in the log of the warehouse goes into its file.
        DuckDBConnectionManager.close_all_connections()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2:])
