"""Time, processor time and memory of a command, its children included."""

from __future__ import annotations

import contextlib
import math
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass

import psutil

#: Seconds between two looks at the memory; a shorter peak may be missed.
SAMPLE_SECONDS = 0.1


class CommandFailedError(Exception):
    """A measured command failed; the message ends with what it printed."""


class NotFinishedError(Exception):
    """A measured command was ended because it took longer than it may."""


@dataclass(frozen=True)
class Measured:
    """Wall seconds, processor seconds of all its processes, and the peak of their summed memory.

    ``peak_mib`` is the resident set in MiB summed over the process tree. Pages that processes share
    count for each of them, so the figure errs on the high side.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


def measure(
    command: Sequence[str],
    environment: dict[str, str] | None = None,
    limit_seconds: float = math.inf,
) -> Measured:
    """Run a command to its end.

    Raises ``CommandFailedError`` when it does not succeed, and ``NotFinishedError`` when it was
    ended after ``limit_seconds``, with what it has started.
    """
    before = _children_cpu()
    started = time.perf_counter()
    # A file and not a pipe: nobody reads meanwhile, and a full pipe would stop the command.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, env=os.environ | (environment or {}), stdout=output, stderr=subprocess.STDOUT
        )
        peak = _watch(process, started + limit_seconds)
        if process.returncode:
            output.seek(0)
            raise CommandFailedError(
                f"{' '.join(command)} ended with status {process.returncode}:\n"
                f"{output.read()[-3000:]}"
            )
    seconds = time.perf_counter() - started
    return Measured(seconds, _children_cpu() - before, peak)


def _watch(process: subprocess.Popen[bytes], until: float) -> float:
    """Peak memory in MiB until the process ends."""
    root = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        total, members = 0, [root]
        with contextlib.suppress(psutil.NoSuchProcess):
            members += root.children(recursive=True)
        for member in members:
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += member.memory_info().rss
        peak = max(peak, total)
        if time.perf_counter() > until:
            for member in reversed(members):
                with contextlib.suppress(psutil.NoSuchProcess):
                    member.kill()
            process.wait()
            psutil.wait_procs(members[1:], timeout=5)
            raise NotFinishedError(
                f"{' '.join(map(str, process.args))} was ended while it ran, with "
                f"{peak / 2**20:,.0f} MiB at its most"
            )
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SAMPLE_SECONDS)
    return peak / 2**20


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def label_of(records: int) -> str:
    """A short name of a size: 100k, 1m."""
    return f"{records // 1_000_000}m" if records % 1_000_000 == 0 else f"{records // 1_000}k"
