"""Time, processor time and memory of a command, its children included."""

from __future__ import annotations

import contextlib
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


@dataclass(frozen=True)
class Measured:
    """Wall seconds, processor seconds of all its processes, and the peak of their summed memory.

    ``peak_mib`` is the resident set in MiB summed over the process tree. Pages that processes share
    count for each of them, so the figure errs on the high side.
    """

    seconds: float
    cpu_seconds: float
    peak_mib: float


def measure(command: Sequence[str], environment: dict[str, str] | None = None) -> Measured:
    """Run a command to its end. Raises ``CommandFailedError`` when it does not succeed."""
    before = _children_cpu()
    started = time.perf_counter()
    # A file and not a pipe: nobody reads meanwhile, and a full pipe would stop the command.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        process = subprocess.Popen(
            command, env=os.environ | (environment or {}), stdout=output, stderr=subprocess.STDOUT
        )
        peak = _watch(process)
        if process.returncode:
            output.seek(0)
            raise CommandFailedError(
                f"{' '.join(command)} ended with status {process.returncode}:\n"
                f"{output.read()[-3000:]}"
            )
    seconds = time.perf_counter() - started
    return Measured(seconds, _children_cpu() - before, peak)


def _watch(process: subprocess.Popen[bytes]) -> float:
    """Peak memory in MiB until the process ends."""
    root = psutil.Process(process.pid)
    peak = 0
    while process.poll() is None:
        total = 0
        with contextlib.suppress(psutil.NoSuchProcess):
            for member in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    total += member.memory_info().rss
        peak = max(peak, total)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(SAMPLE_SECONDS)
    return peak / 2**20


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
