"""Which of many expressions may match a text, asked in one pass before any of them is tried.

Python's ``re`` walks a text once for every expression; a reader of a sentence has dozens of them,
and most sentences hold nothing of what they look for. Every expression is therefore taken for the
plain texts of which each of its matches holds one (``fingerprints.literals``), and these are looked
for together: by hyperscan where it is installed, else one by one, with the same answer.
"""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from detection.fingerprints.literals import required_literals

#: Alternatives of an expression that are still looked for one by one.
_MOST = 250
#: What stands in a verbose expression: an escape, a class, or blanks that mean nothing.
_VERBOSE = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])|\s+", re.S)


class Prefilter:
    """A set of named expressions; what they need is worked out when it is first asked.

    ``literals`` are texts (lower case) by name, for what is no expression or needs more than can be
    read from one.
    """

    def __init__(
        self,
        patterns: Mapping[str, re.Pattern[str]],
        literals: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self._patterns = dict(patterns)
        self._given = dict(literals or {})
        self._lock = threading.Lock()
        self._is_ready = False
        self._database: Any = None
        self._literals: tuple[str, ...] = ()
        #: Names of the expressions that need each literal.
        self._owners: tuple[tuple[str, ...], ...] = ()
        #: Expressions of which nothing can be said.
        self._always: frozenset[str] = frozenset()

    def may_match(self, text: str) -> Collection[str]:
        """Names of the expressions that may match somewhere in ``text``; never one too few."""
        if not self._is_ready:
            self._make()
        low = text.lower()
        if not low.isascii():
            # Letters that ``re`` takes for an ASCII one whatever their case.
            low = low.replace("ſ", "s").replace("ı", "i")
        found = set(self._always)
        owners = self._owners
        if self._database is None:
            for number, literal in enumerate(self._literals):
                if literal in low:
                    found.update(owners[number])
            return found

        def keep(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.update(owners[number])

        with self._lock:  # a database scans for one thread at a time
            self._database.scan(low.encode("utf-8", "replace"), match_event_handler=keep)
        return found

    def _make(self) -> None:
        with self._lock:
            if self._is_ready:
                return
            owners: dict[str, list[str]] = defaultdict(list)
            always = set()
            for name, pattern in self._patterns.items():
                needed = needed_literals(pattern)
                if needed is None:
                    always.add(name)
                for literal in needed or ():
                    owners[literal].append(name)
            for name, given in self._given.items():
                for literal in given:
                    owners[literal].append(name)
            self._literals = tuple(sorted(owners))
            self._owners = tuple(tuple(owners[literal]) for literal in self._literals)
            self._always = frozenset(always)
            self._database = _compiled(self._literals)
            self._is_ready = True


def needed_literals(pattern: re.Pattern[str]) -> frozenset[str] | None:
    """Texts in lower case of which every match holds one; None where nothing can be said.

    >>> sorted(needed_literals(re.compile(r"(?:please\\\\ |could\\\\ you\\\\ )send", re.X)))
    ['send']
    """
    expression = pattern.pattern
    if pattern.flags & re.X:
        expression = _VERBOSE.sub(lambda found: found.group(1) or "", expression)
    return required_literals(expression, _MOST)


def _compiled(literals: tuple[str, ...]) -> Any:
    try:
        import hyperscan
    except ImportError:  # the wheel is not there for every platform
        return None
    if not literals:
        return None
    database = hyperscan.Database()
    database.compile(
        expressions=[_escaped(literal) for literal in literals],
        ids=list(range(len(literals))),
        elements=len(literals),
        flags=[hyperscan.HS_FLAG_SINGLEMATCH] * len(literals),
    )
    return database


def _escaped(literal: str) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in literal.encode())
