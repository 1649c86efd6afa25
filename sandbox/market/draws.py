"""Random numbers that do not depend on the order in which companies are made.

Every subject draws from a stream of its own, named by (seed, key...). Only uniform numbers of
NumPy's PCG64 are used, because NumPy promises those to stay the same between versions while it
does not promise so for its distributions.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

import numpy as np

T = TypeVar("T")

#: Uniforms fetched at once; a call per number would cost five times as much.
BLOCK = 128


def digest(text: str, size: int = 8) -> bytes:
    """Stable hash of a text, ``size`` bytes long."""
    return hashlib.blake2b(text.encode(), digest_size=size).digest()


def number(text: str) -> int:
    """Stable 64-bit number of a text."""
    return int.from_bytes(digest(text), "big")


def uuid_of(text: str) -> str:
    """A stable identifier in the layout of a version-4 UUID."""
    h = digest(text, 16).hex()
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


class Weighted:
    """Values with weights, prepared once so that a draw is one bisection."""

    def __init__(self, pairs: Sequence[tuple[T, float]]) -> None:
        self.values = [value for value, _ in pairs]
        total = sum(weight for _, weight in pairs)
        self.cumulative = list(accumulate(weight / total for _, weight in pairs))

    def at(self, u: float) -> T:
        """The value that a uniform number falls on."""
        return self.values[min(bisect_right(self.cumulative, u), len(self.values) - 1)]


class Draws:
    """One stream of random numbers, named by its key."""

    def __init__(self, seed: int, *key: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *key])))
        self._block: list[float] = []

    @classmethod
    def of(cls, text: str) -> Draws:
        """The stream named by a text."""
        return cls(number(text))

    def u(self) -> float:
        """Uniform in [0, 1)."""
        if not self._block:
            self._block = self._generator.random(BLOCK).tolist()
        return self._block.pop()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.u() < probability

    def between(self, low: float, high: float) -> float:
        """Uniform in [low, high)."""
        return low + (high - low) * self.u()

    def integer(self, low: int, high: int) -> int:
        """Whole number, both ends included."""
        return low + int(self.u() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        """One of the values, all alike."""
        return values[int(self.u() * len(values))]

    def weighted(self, values: Weighted) -> T:
        """One of the values by weight."""
        return values.at(self.u())

    def exponential(self, mean: float) -> float:
        """Exponential waiting time."""
        return -mean * math.log1p(-self.u())

    def normal(self, mean: float = 0.0, deviation: float = 1.0) -> float:
        """Normal, by the Box-Muller transform."""
        radius = math.sqrt(-2.0 * math.log1p(-self.u()))
        return mean + deviation * radius * math.cos(2.0 * math.pi * self.u())

    def poisson(self, mean: float) -> int:
        """Poisson count, by multiplying uniforms (Knuth); for means below about 50."""
        limit, product, count = math.exp(-mean), self.u(), 0
        while product > limit:
            count += 1
            product *= self.u()
        return count

    def sample(self, values: Sequence[T], count: int) -> list[T]:
        """``count`` different values (all of them when there are fewer), in random order."""
        pool = list(values)
        taken = []
        for _ in range(min(count, len(pool))):
            taken.append(pool.pop(int(self.u() * len(pool))))
        return taken

    def days(self, rate_per_year: float, first: int, last: int) -> list[int]:
        """Days of a Poisson process with this yearly rate between two days."""
        found: list[int] = []
        if rate_per_year <= 0:
            return found
        mean, t = 365.0 / rate_per_year, float(first)
        while (t := t + self.exponential(mean)) < last:
            found.append(int(t))
        return found
