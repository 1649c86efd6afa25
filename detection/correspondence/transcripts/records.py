"""What a meeting becomes: utterances, turns, chat messages, sections and action items.

Times within a meeting are milliseconds from its start; ``None`` is "not stated".
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Utterance:
    """One cue of a transcript: what one person said between two times."""

    #: Position in the file, from 0.
    ordinal: int
    start_ms: int
    end_ms: int
    speaker: str | None
    text: str


@dataclass(frozen=True)
class Turn:
    """Consecutive utterances of one speaker as one text, with the cues' offsets in it."""

    speaker: str | None
    start_ms: int
    end_ms: int
    text: str
    #: (offset in ``text``, ordinal of the utterance, its start in ms), one per utterance.
    starts: tuple[tuple[int, int, int], ...]

    def at(self, position: int) -> tuple[int, int]:
        """Ordinal and start (ms) of the utterance in which a character of ``text`` stands."""
        after = bisect_right(self.starts, position, key=lambda start: start[0])
        _, ordinal, start_ms = self.starts[max(0, after - 1)]
        return ordinal, start_ms


@dataclass(frozen=True)
class Fault:
    """A part of a file that could not be read as it should; ``line`` counts from 1."""

    line: int
    reason: str


@dataclass(frozen=True)
class Transcript:
    """Utterances in file order, and what was wrong with the file."""

    #: ``zoom`` ("Name: text"), ``teams`` (voice tags) or ``plain`` (no speakers).
    layout: str
    utterances: tuple[Utterance, ...]
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class ChatMessage:
    """One line of a meeting's chat."""

    ordinal: int
    #: From the meeting's start, or, where the export writes the clock, from midnight.
    at_ms: int
    sender: str
    #: None when it was sent to everyone.
    recipient: str | None
    text: str
    #: The beginning of the message that this one answers, as the export quotes it.
    reply_to: str | None = None
    #: The sign of a reaction ("Reacted to ... with"); its ``text`` is the quoted beginning.
    reaction: str | None = None


@dataclass(frozen=True)
class Attendee:
    """A person of a meeting; ``affiliation`` is what they or the tool put behind the name."""

    name: str
    affiliation: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Meeting:
    """A meeting with everything that was stored of it."""

    meeting_id: str
    topic: str | None
    started_at: datetime | None
    attendees: tuple[Attendee, ...]
    utterances: tuple[Utterance, ...]
    chat: tuple[ChatMessage, ...] = ()


@dataclass(frozen=True)
class Section:
    """A stretch of a meeting about one subject."""

    #: ``attendees``, ``pricing``, ``margins``, ``decisions`` or ``action_items``.
    kind: str
    first_utterance: int
    last_utterance: int
    start_ms: int
    end_ms: int
    #: The sentence that opened it.
    evidence: str
    #: Different people who spoke in it.
    speaker_count: int


@dataclass(frozen=True)
class ActionItem:
    """Something that somebody is to do."""

    text: str
    owner: str | None
    #: True when the owner is not named with the task: the speaker of "I will", the one addressed.
    owner_is_inferred: bool
    due_on: date | None
    #: The words of the due date ("by Friday"); None without one.
    due_text: str | None
    #: True when the day was worked out from the meeting's own day ("next week").
    due_is_inferred: bool
    at_ms: int
    utterance: int
    #: 0 to 1.
    confidence: float
    #: ``commitment`` (I will), ``request`` (could you), ``assignment`` (X will, X needs to),
    #: ``agreement`` (let us) or ``recap`` (action item: ...).
    kind: str
    evidence: str
