"""Two names in one sentence, and what holds between the two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: Words of a full name; pronouns that own; stops that hang on a name.
_NAME_WORDS = re.compile(r"\w+(?:[.&'’-]\w+)*|[^\w\s]")
_POSSESSIVES, _STOPS = frozenset({"its", "their", "his", "her"}), frozenset(".,;:")
#: Mark behind a relation that holds from the second company to the first.
INVERSE = "~"


@dataclass(frozen=True, slots=True)
class Mention:
    """Two names in one sentence: its tokens, and where each name's first and last token stand."""

    tokens: tuple[str, ...]
    first: tuple[int, int]
    second: tuple[int, int]

    def name(self, span: tuple[int, int]) -> str:
        """The words of one of the two names."""
        return " ".join(self.tokens[span[0] : span[1] + 1])

    def turned(self) -> Mention:
        """The same with its names in the other order."""
        return Mention(self.tokens, self.second, self.first)

    def spelled_out(self, first: str, second: str) -> Mention:
        """The same with both names in full, where the sentence says "it" or a short form.

        "Its shares" becomes "Aldine 's shares". Unchanged where the two overlap.
        """
        spans = ((self.first, first), (self.second, second))
        if max(self.first[0], self.second[0]) <= min(self.first[1], self.second[1]):
            return self
        tokens: list[str] = []
        places: dict[tuple[int, int], tuple[int, int]] = {}
        at = 0
        for span, name in sorted(spans):
            tokens += self.tokens[at : span[0]]
            own = _in_full(self.tokens[span[0] : span[1] + 1], name)
            places[span] = (len(tokens), len(tokens) + len(own) - 1)
            tokens += own
            at = span[1] + 1
        tokens += self.tokens[at:]
        return Mention(tuple(tokens), places[self.first], places[self.second])


@dataclass(frozen=True, slots=True)
class Relation:
    """What holds between the two: ``name`` from first to second, or back if ``inverse``."""

    name: str
    inverse: bool = False

    @property
    def label(self) -> str:
        """The relation and its direction as one word."""
        return f"{self.name}{INVERSE if self.inverse else ''}"


def relation_of(label: str) -> Relation:
    """The relation that a label stands for."""
    return Relation(label.removesuffix(INVERSE), label.endswith(INVERSE))


def ordered(mention: Mention) -> tuple[tuple[int, int], tuple[int, int], str]:
    """The span that stands first, the other, and which of the two names ("1" or "2") is first."""
    if mention.first[0] <= mention.second[0]:
        return mention.first, mention.second, "1"
    return mention.second, mention.first, "2"


def _in_full(said: Sequence[str], name: str) -> list[str]:
    """The words of the name with what the sentence hangs on it: a possessive, a comma."""
    words = _NAME_WORDS.findall(name)
    if not words:
        return list(said)
    left = list(said)
    behind: list[str] = []
    while left and left[-1] in _STOPS:
        behind.insert(0, left.pop())
    if left and (left[0].casefold() in _POSSESSIVES or left[-1].endswith(("'s", "’s"))):
        behind.insert(0, "'s")
    return words + behind
