"""What a reader may ask of any engine that types sentences, whatever stands behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TypedEvent:
    """One kind of event that a sentence tells.

    ``label`` is ``<signal_type>`` or ``<signal_type>.<kind>`` as in the examples, ``confidence``
    the engine's probability (0 to 1), ``trigger`` the words that spoke for it most, as they stand
    in the sentence, or None when no single words did.
    """

    label: str
    confidence: float
    trigger: str | None = None

    @property
    def signal_type(self) -> str:
        """The signal type without its kind."""
        return self.label.partition(".")[0]

    @property
    def kind(self) -> str | None:
        """What follows the signal type; None when nothing does."""
        return self.label.partition(".")[2] or None


class EventEngine(Protocol):
    """Types sentences. To put another in its place, give it a name, a version and this method."""

    name: str
    version: str

    def classify(self, sentences: Sequence[str]) -> list[tuple[TypedEvent, ...]]:
        """For each sentence the events it tells, most certain first; empty when it tells none."""
        ...
