"""A sentence under reading: its text, what was already read of it, and how a signal is made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from detection.correspondence.rfq.numbers import FoundNumber, find_numbers
from detection.correspondence.rfq.records import RfqSignal
from detection.correspondence.rfq.vocabulary import Vocabulary
from detection.money import Money, find_money


@dataclass
class Reading:
    """One sentence, or a whole text, and the spans that readers have taken.

    No number is read twice.
    """

    text: str
    #: Position of the sentence in the whole text.
    offset: int
    #: The day the text was written or said; None where it is not known.
    reference: date | None
    vocabulary: Vocabulary
    #: Names of the expressions that may match (``detection.prefilter``); None where nobody asked.
    may: Collection[str] | None = None
    taken: list[tuple[int, int]] = field(default_factory=list)
    #: Where sentences begin and end, for a text that is read as a whole.
    spans: Sequence[tuple[int, int]] = ()

    @cached_property
    def numbers(self) -> list[FoundNumber]:
        """Numbers of the sentence."""
        return find_numbers(self.text, has_words=self.may_hold("number_words"))

    @cached_property
    def money(self) -> list[Money]:
        """Amounts of money of the sentence that are written in digits."""
        return find_money(self.text) if self.may_hold("currency") else []

    def may_hold(self, name: str) -> bool:
        """Whether an expression may match somewhere in the sentence."""
        return self.may is None or name in self.may

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
        self.taken.append((start, end))
        first, last = self._sentence_of(start)
        return RfqSignal(
            kind=kind,
            text=self.text[start:end],
            start=self.offset + start,
            end=self.offset + end,
            sentence=self.text[first:last],
            sentence_start=self.offset + first,
            confidence=confidence,
            **values,
        )

    def _sentence_of(self, position: int) -> tuple[int, int]:
        if not self.spans:
            return 0, len(self.text)
        after = bisect_right(self.spans, position, key=lambda span: span[0])
        return self.spans[max(0, after - 1)]
