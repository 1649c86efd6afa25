"""The terminal as a channel: one paragraph per message, for trying rules out."""

from __future__ import annotations

import sys
from typing import TextIO

from resources.notifiers.base import Message


class ConsoleNotifier:
    """Prints messages to a stream (default: standard output)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def send(self, message: Message) -> None:
        """Print priority, title and text."""
        stream = self._stream or sys.stdout
        print(f"[{message.priority}] {message.title}\n{message.markdown}", file=stream, flush=True)

    def close(self) -> None:
        """Standard output stays open."""
