"""A market server as a child process, for the demo and for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class MarketStartError(RuntimeError):
    """The child process ended, or did not become healthy in time; the message holds its log."""


@contextmanager
def running_market(
    *,
    companies: int = 2000,
    seed: int = 7,
    start: date | str,
    days: int = 548,
    home: Path | str | None = None,
    port: int = 0,
    rate_limits: dict[str, float] | None = None,
    hang_seconds: float | None = None,
    drops: Path | None = None,
    timeout: float = 60.0,
) -> Iterator[str]:
    """Start a market on a free port, yield its base URL, and end exactly that process.

    ``home`` receives the log (``<home>/sandbox/server.log``); a temporary folder does without it.
    ``drops`` is a folder to which the market's people export their lists before it answers.
    Raises ``MarketStartError`` when it is not healthy within ``timeout`` seconds.
    """
    with tempfile.TemporaryDirectory(prefix="market-") as scratch:
        folder = Path(home) / "sandbox" if home is not None else Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        port_file, log_path = Path(scratch) / "port", folder / "server.log"
        command = [
            sys.executable, "-m", "sandbox", "serve", "--companies", str(companies),
            "--seed", str(seed), "--start", str(start), "--days", str(days),
            "--port", str(port), "--port-file", str(port_file), "--end-with-stdin",
        ]  # fmt: skip
        for source, rate in (rate_limits or {}).items():
            command += ["--rate-limit", f"{source}={rate}"]
        if drops is not None:
            command += ["--drops", str(drops)]
        if hang_seconds is not None:
            command += ["--hang-seconds", str(hang_seconds)]
        paths = [str(PROJECT_ROOT), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in paths if p)}
        with log_path.open("wb") as log:
            # The pipe closes with this process, however it ends, and the market ends with the pipe.
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                env=environment, cwd=PROJECT_ROOT,
            )  # fmt: skip
        try:
            yield _wait(child, port_file, log_path, time.monotonic() + timeout)
        finally:
            child.terminate()
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            child.stdin.close()


def _wait(child: subprocess.Popen, port_file: Path, log_path: Path, until: float) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until:
        if child.poll() is not None:
            break
        if port_file.exists() and (text := port_file.read_text().strip()):
            url = f"http://127.0.0.1:{text}"
            try:
                with opener.open(f"{url}/_sandbox/health", timeout=5) as answer:
                    if json.load(answer)["status"] == "ok":
                        return url
            except (urllib.error.URLError, OSError):
                pass
        time.sleep(0.02)
    log = log_path.read_text("utf-8", "replace")[-2000:]
    raise MarketStartError(f"the simulated market did not start; its log ({log_path}):\n{log}")
