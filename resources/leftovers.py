"""Temporary files that a killed process left beside whole ones.

Everything is written to a temporary name in the folder it is meant for, then renamed. A kill in
between leaves the temporary file, which no reader looks at, but which takes its place on disk for
good. A file is taken for left over when its name is one of ours and nobody has touched it for
``STALE_AFTER``: no write of the platform takes an hour.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

STALE_AFTER = timedelta(hours=1)

#: ``.<32 hex>.tmp`` and ``.<name>.<12 hex>.tmp``, as writers here name them.
_OURS = re.compile(r"^\.(?:[0-9a-f]{32}|.+\.[0-9a-f]{12})\.tmp$")


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep took away."""

    files: int = 0
    bytes: int = 0


def sweep(folder: Path, older_than: timedelta = STALE_AFTER) -> Swept:
    """Remove stale temporary files of ours below ``folder``; never follows a link, never raises."""
    files = size = 0
    for path in folder.rglob(".*.tmp") if folder.is_dir() else ():
        if not _OURS.match(path.name) or path.is_symlink():
            continue
        with suppress(OSError):
            found = path.stat()
            if path.is_file() and time.time() - found.st_mtime > older_than.total_seconds():
                path.unlink()
                files, size = files + 1, size + found.st_size
    return Swept(files, size)
