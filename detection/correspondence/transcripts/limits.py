"""How much of a meeting is read: hostile or broken files cost bounded time and memory."""

from __future__ import annotations

from dataclasses import dataclass

from detection.errors import UnreadableError


class MeetingRefusedError(UnreadableError):
    """A meeting's file beyond the limits; ``rule`` and ``reason`` go to quarantine with it."""


@dataclass(frozen=True)
class MeetingLimits:
    """The limits. Those of file and utterances refuse it; those of text cut and note a fault.

    A call of 90 minutes has some 1,000 cues and 100 kB; a conference of a whole day stays below
    30,000 cues and 5 MB. JSON takes some 25 times its size in memory while it is parsed.
    """

    file_bytes: int = 16 * 1024 * 1024
    #: Cues, entries or messages.
    utterances: int = 50_000
    #: Characters of one of them, and of a speaker's name.
    utterance_chars: int = 20_000
    name_chars: int = 200
    #: Faults that are told of one file; the first of them say what is wrong with it.
    faults: int = 100
    attendees: int = 1_000


DEFAULT_LIMITS = MeetingLimits()
#: The longest meeting, in milliseconds: a time beyond it is none (it would overflow what keeps it).
LONGEST_MS = 31 * 24 * 3_600_000


def refuse_large(size: int, limits: MeetingLimits = DEFAULT_LIMITS) -> None:
    """Raise ``MeetingRefusedError`` for a file of more bytes than are read."""
    if size > limits.file_bytes:
        raise MeetingRefusedError(
            "meeting_too_large",
            f"{size:,} bytes, more than {limits.file_bytes:,}; split the recording's export",
        )


def refuse_many(count: int, limits: MeetingLimits = DEFAULT_LIMITS) -> None:
    """Raise ``MeetingRefusedError`` for more cues, entries or messages than are read."""
    if count > limits.utterances:
        raise MeetingRefusedError(
            "too_many_utterances",
            f"more than {limits.utterances:,} cues or messages; split the recording's export",
        )
