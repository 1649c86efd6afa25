"""A sentence under reading: its text, what was already read of it, and how a signal is made."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from detection.correspondence.rfq.numbers import FoundNumber, find_numbers
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.money import Money, find_money


@dataclass
class Reading:
    """One sentence, and the spans that readers have taken, so that no number is read twice."""

    text: str
    #: Position of the sentence in the whole text.
    offset: int
    #: The day the text was written or said; None where it is not known.
    reference: date | None
    vocabulary: Vocabulary
    taken: list[tuple[int, int]] = field(default_factory=list)

    @cached_property
    def numbers(self) -> list[FoundNumber]:
        """Numbers of the sentence."""
        return find_numbers(self.text)

    @cached_property
    def money(self) -> list[Money]:
        """Amounts of money of the sentence that are written in digits."""
        return find_money(self.text)

    def take(self, start: int, end: int) -> None:
        """Mark a span as read."""
        self.taken.append((start, end))

    def is_taken(self, start: int, end: int) -> bool:
        """Whether any of a span was read already."""
        return any(start < e and s < end for s, e in self.taken)

    def before(self, position: int, characters: int = 40) -> str:
        """Words before a position."""
        return self.text[max(0, position - characters) : position]

    def after(self, position: int, characters: int = 40) -> str:
        """Words after a position."""
        return self.text[position : position + characters]

    def signal(self, kind: str, start: int, end: int, confidence: float, **values) -> RfqSignal:
        """A signal at a place of this sentence, and the place marked as read."""
        self.take(start, end)
        return RfqSignal(
            kind=kind,
            text=self.text[start:end],
            start=self.offset + start,
            end=self.offset + end,
            sentence=self.text,
            sentence_start=self.offset,
            confidence=confidence,
            **values,
        )
