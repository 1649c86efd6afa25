"""Who runs a command of dbt, what comes back, and when a command ends early."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assets import warm_dbt
from assets.dbt_client import BEGUN, LENGTH, LOST, ask


class Door:
    """A socket at which one command is answered as a warm process does."""

    def __init__(self, path: Path) -> None:
        self.address = str(path / "socket")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.address)
        self.listener.listen()
        self.starter, self.end = os.pipe()
        self.thread: threading.Thread | None = None

    def serve(self, answer: Callable[[socket.socket], None]) -> None:
        def once() -> None:
            with self.listener.accept()[0] as connection:
                answer(connection)

        self.thread = threading.Thread(target=once, daemon=True)
        self.thread.start()

    def close(self) -> None:
        if self.thread is not None:
            self.thread.join(timeout=10)
        self.listener.close()
        os.close(self.starter)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = Door(tmp_path)
    yield opened
    opened.close()


def copies(door: Door, run: Callable[[dict], int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the next command by running ``run`` in a copy of this process."""

    def in_the_copy(manifest: object, request: dict, streams: list[int]) -> None:
        code = 1
        try:
            # What other tests have set for signals is not the warm process'.
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            # The copy of a warm process does not hold the end of its starter.
            os.close(door.end)
            os.dup2(streams[0], 1)
            code = run(request)
        finally:
            os._exit(code)

    def answer(connection: socket.socket) -> None:
        with suppress(BrokenPipeError):
            warm_dbt.answer(connection, None, door.starter)

    monkeypatch.setattr(warm_dbt, "_run", in_the_copy)
    door.serve(answer)


def test_a_command_runs_with_the_callers_environment_and_output(door, monkeypatch, capfd) -> None:
    def run(request: dict) -> int:
        told = f"{request['arguments']} {request['environment']['WHO']} {request['folder']}\n"
        os.write(1, told.encode())
        return 7

    copies(door, run, monkeypatch)
    # Longer than what one message of a socket holds.
    monkeypatch.setenv("WHO", "me" * 300_000)
    assert ask(door.address, ["build", "--select", "a"]) == 7
    expected = f"['build', '--select', 'a'] {'me' * 300_000} {os.getcwd()}\n"
    assert capfd.readouterr().out == expected
    os.close(door.end)


def test_where_nobody_answers_dbt_itself_is_to_run(tmp_path: Path, door: Door) -> None:
    assert ask("", ["build"]) is None
    assert ask(str(tmp_path / "none"), ["build"]) is None
    # A process that could not read the project ends without a word.
    door.serve(lambda connection: None)
    assert ask(door.address, ["build"]) is None
    os.close(door.end)


def test_a_command_that_has_begun_is_never_run_twice(door: Door) -> None:
    def lost(connection: socket.socket) -> None:
        (length,) = LENGTH.unpack(connection.recv(LENGTH.size))
        while length > 0:
            length -= len(connection.recv(length))
        connection.sendall(BEGUN)

    door.serve(lost)
    assert ask(door.address, ["build"]) == LOST
    os.close(door.end)


def test_a_command_ends_with_the_process_that_keeps_dbt_warm(door, monkeypatch) -> None:
    copies(door, lambda request: time.sleep(60) or 0, monkeypatch)
    threading.Timer(0.2, os.close, (door.end,)).start()
    begun = time.monotonic()
    assert ask(door.address, ["build"]) == 256 - 15
    assert time.monotonic() - begun < 30


def test_a_command_ends_with_whoever_asked_for_it(door, monkeypatch, tmp_path) -> None:
    ended = tmp_path / "pid"

    def run(request: dict) -> int:
        ended.write_text(str(os.getpid()))
        time.sleep(60)
        return 0

    copies(door, run, monkeypatch)
    asking = os.fork()
    if asking == 0:
        ask(door.address, ["build"])
        os._exit(0)
    until = time.monotonic() + 30
    while not (ended.exists() and ended.read_text()) and time.monotonic() < until:
        time.sleep(0.01)
    os.kill(asking, 9)
    os.waitpid(asking, 0)
    door.thread.join(timeout=30)
    assert not door.thread.is_alive()
    with pytest.raises(ProcessLookupError):
        os.kill(int(ended.read_text()), 0)
    os.close(door.end)


def test_nothing_is_left_where_the_starter_was_killed(monkeypatch, tmp_path) -> None:
    folder = tmp_path / "dbt"
    folder.mkdir()
    door = Door(folder)
    monkeypatch.setattr(warm_dbt, "_parsed", lambda arguments: None)
    monkeypatch.setattr(warm_dbt.gc, "freeze", lambda: None)
    monkeypatch.setattr(warm_dbt, "STARTER", door.starter)
    os.close(door.end)
    warm_dbt.serve(os.dup(door.listener.fileno()), [])
    assert not folder.exists()
    door.close()


def test_one_process_is_kept_for_one_state_of_the_project(monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(warm_dbt, "_warm", None)
    monkeypatch.delenv(warm_dbt.SOCKET, raising=False)
    started: list[int] = []

    def keep(state: tuple[object, ...]) -> None:
        warm_dbt.keep_warm(state, [], {})
        started.append(warm_dbt._warm.process.pid)

    real = warm_dbt.subprocess.Popen

    def waiting(command, **options):
        # Stands in for the process: it does nothing until its input ends.
        return real(["/bin/cat"], **options)

    monkeypatch.setattr(warm_dbt.subprocess, "Popen", waiting)
    keep(("a",))
    keep(("a",))
    address = os.environ[warm_dbt.SOCKET]
    keep(("b",))
    assert started[0] == started[1] != started[2]
    assert os.environ[warm_dbt.SOCKET] != address
    assert not Path(address).parent.exists()
    warm_dbt.close()
    assert warm_dbt.SOCKET not in os.environ
