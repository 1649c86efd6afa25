"""Numbers that belong together: "5 to 10 thousand", "between 2,000 and 3,000", "10-15k"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from detection.correspondence.rfq.numbers import FoundNumber

_TO = re.compile(r"\s*(?:-|–|—|to|up to|through|bis|till|or)\s*", re.I)
_AND = re.compile(r"\s*(?:and|to|und)\s*", re.I)
_BETWEEN = re.compile(r"\b(?:between|from|zwischen)\s+(?:\w+\s+)?$", re.I)


@dataclass(frozen=True)
class NumberRange:
    """One number, or two that a text joins; low and high are equal for one."""

    low: float
    high: float
    start: int
    end: int
    is_rounded: bool


def join_ranges(text: str, numbers: Sequence[FoundNumber]) -> list[NumberRange]:
    """Numbers with the ranges among them joined, in order."""
    joined: list[NumberRange] = []
    i = 0
    while i < len(numbers):
        first = numbers[i]
        second = numbers[i + 1] if i + 1 < len(numbers) else None
        if second is not None and (ends := _range(text, first, second)):
            joined.append(
                NumberRange(*ends, first.start, second.end, first.is_rounded or second.is_rounded)
            )
            i += 2
            continue
        joined.append(
            NumberRange(first.value, first.value, first.start, first.end, first.is_rounded)
        )
        i += 1
    return joined


def _range(text: str, first: FoundNumber, second: FoundNumber) -> tuple[float, float] | None:
    between = text[first.end : second.start]
    if not _TO.fullmatch(between) and not (
        _AND.fullmatch(between) and _BETWEEN.search(text, max(0, first.start - 25), first.start)
    ):
        return None
    low, high = first.value, second.value
    # "5 to 10 thousand": the scale is said once.
    if first.scale == 1 and second.scale > 1 and low < high / second.scale:
        low *= second.scale
    return (low, high) if low < high else None
