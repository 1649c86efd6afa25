"""Bytes kept under a key in a folder: things that take long to make and may be lost."""

from __future__ import annotations

import os
import re
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class FileCache:
    """One file a key in ``folder``; a folder that cannot be written keeps nothing and says so not.

    Nothing depends on what is kept: the maker makes it again.
    """

    folder: Path

    def get(self, key: str) -> bytes | None:
        """What is kept under a key; None when nothing is."""
        with suppress(OSError):
            return self._path(key).read_bytes()
        return None

    def put(self, key: str, value: bytes) -> None:
        """Keep a value; readers see the old file or the new one, never half."""
        path = self._path(key)
        temporary = path.with_name(f".{uuid.uuid4().hex}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(value)
            os.replace(temporary, path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[\w-]{1,100}", key):
            raise ValueError(f"{key!r} is no key: letters, digits and hyphens only")
        return self.folder / key
