"""How much of a truth is found again: a count of what happened and what is said, and its shares."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Recovery:
    """How one signal type was found again. ``missed`` and ``false`` name a few for a person."""

    signal_type: str
    true: int
    found: int
    said: int
    right: int
    missed: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    #: Of what is missed, how much is of companies whose exact name another known company bears: a
    #: report that gives no more than the name is left unresolved, on purpose.
    namesakes: int = 0

    @property
    def recall(self) -> float:
        """Share of what happened that has a signal."""
        return self.found / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of signals that happened."""
        return self.right / self.said if self.said else 1.0


def compared(kind: str, true: Iterable[Sequence], said: Iterable[Sequence]) -> Recovery:
    """Two collections compared as multisets."""
    wanted, got = Counter(map(tuple, true)), Counter(map(tuple, said))
    common = (wanted & got).total()
    show = [" ".join(map(str, row)) for row in (wanted - got).elements()]
    odd = [" ".join(map(str, row)) for row in (got - wanted).elements()]
    return Recovery(
        kind, wanted.total(), common, got.total(), common,
        tuple(sorted(show)[:20]), tuple(sorted(odd)[:20]),
    )  # fmt: skip


def folded(text: str) -> str:
    """A text in lower case and without accents, as names of places are compared."""
    plain = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in plain if not unicodedata.combining(c))
