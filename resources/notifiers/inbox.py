"""The local inbox: a Markdown and a JSON file per message, in a folder per day.

File names derive from the delivery alone, so that sending one twice (after a kill between sending
and recording) replaces a file by its equal instead of adding one.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path

from resources.notifiers.base import Message, TransientDeliveryError


class InboxNotifier:
    """Writes messages to ``<folder>/<YYYY-MM-DD>/<priority>-<title>-<id>.md`` and ``.json``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Message) -> None:
        """Write both files, each atomically; the Markdown one last, as the sign of completeness.

        Raises ``TransientDeliveryError`` when the disk refuses.
        """
        path = self.path(message)
        pretty = json.dumps(message.payload, sort_keys=True, ensure_ascii=False, indent=2)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path.with_suffix(".json"), pretty + "\n")
            _write(path, message.markdown)
        except OSError as error:
            raise TransientDeliveryError(
                f"inbox {path.parent}: {error.strerror or error}"
            ) from error

    def path(self, message: Message) -> Path:
        """Where the Markdown file of a message is (the JSON file is beside it)."""
        name = f"{message.priority}-{_slug(message.title)}-{message.delivery_id[:12]}.md"
        return self.folder / message.created_at.strftime("%Y-%m-%d") / name

    def close(self) -> None:
        """Nothing is held open."""


def _slug(text: str) -> str:
    """Lower-case ASCII words of a title, at most 60 characters, safe on every file system."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:60].strip("-") or "alert"


def _write(path: Path, text: str) -> None:
    """Write by temporary file, fsync and rename: a reader never sees half a file."""
    prefix = f".{path.name}."
    for stale in path.parent.glob(f"{prefix}*.tmp"):
        # Left by a process that was killed while writing this very message.
        with suppress(FileNotFoundError):
            stale.unlink()
    descriptor, temporary = tempfile.mkstemp(prefix=prefix, suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
