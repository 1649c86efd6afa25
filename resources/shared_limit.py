"""One rate limit for all processes of a machine, kept in a file.

Some sources count every question of a user, however many programs ask: the SEC allows ten a second.
The file holds the moments of the last questions; a question is asked when fewer than the limit lie
within the window, under a lock that is held for microseconds only. Machines that share no disk must
still share out such a limit by hand.
"""

from __future__ import annotations

import os
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock

_MOMENT = struct.Struct("<d")


def limits_folder(environ: dict[str, str] | os._Environ[str] | None = None) -> Path:
    """Where the files lie: ``BUYING_SIGNALS_LIMITS``, else the user's cache folder.

    Not below the platform's home: two homes of one user ask from one address.
    """
    environ = os.environ if environ is None else environ
    given = environ.get("BUYING_SIGNALS_LIMITS")
    if given:
        return Path(given).expanduser()
    cache = environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "buying-signals" / "limits"


class SharedLimit:
    """At most ``requests`` in any window of ``per_seconds`` over all who use the same file.

    ``clock`` counts seconds the same in every process of the machine (the system's monotonic one
    does); it begins anew with the machine, so moments that lie ahead of it are void.
    """

    def __init__(
        self,
        name: str,
        requests: int,
        per_seconds: float,
        folder: Path | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        folder = folder or limits_folder()
        folder.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"[^a-z0-9.-]+", "-", name.casefold())
        self.path = folder / f"{stem}.moments"
        self._lock_path = folder / f"{stem}.lock"
        self._requests, self._window = requests, per_seconds
        self._sleep, self._clock = sleep, clock

    def wait(self) -> float:
        """Wait for this question's turn and take it; returns the seconds waited."""
        waited = 0.0
        while pause := self._take():
            self._sleep(pause)
            waited += pause
        return waited

    def _take(self) -> float:
        """Take a turn now and return 0, or return how long to wait before trying again."""
        # A lock object of its own for each turn: one that is shared counts for one thread only.
        with FileLock(self._lock_path):
            now = self._clock()
            stored = self.path.read_bytes() if self.path.exists() else b""
            whole = stored[: len(stored) // _MOMENT.size * _MOMENT.size]
            moments = [m for (m,) in _MOMENT.iter_unpack(whole) if now - self._window < m <= now]
            if len(moments) >= self._requests:
                # A little more than needed, so that the next look finds the window moved on.
                return max(moments[-self._requests] + self._window - now, 0) + 0.001
            moments.append(now)
            self.path.write_bytes(b"".join(map(_MOMENT.pack, moments)))
            return 0.0
