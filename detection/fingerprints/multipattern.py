"""Which of many patterns occur in a text, in one pass.

With hyperscan one database holds all patterns of a field and names those that hit; the few that it
refuses (look-around, very large ones) are tried one by one. Without it every pattern is tried whose
required text occurs. Either way Python's ``re`` has the last word, so both give the same.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import Any

from detection.compiled import Cache, cache_key, load_database
from detection.errors import UnreadableError
from detection.fingerprints.literals import required_literals
from detection.fingerprints.page import scannable

#: Characters before a hit's end in which its match is looked for first.
_NEAR = 3_000


#: Start of an expression up to its last counted repeat of a class, before any group or choice.
_LEAD = re.compile(
    r"(?:[^()|\\\[]|\\.|\[\^?(?:\\.|[^\]\\])+\])*(?:\[\^?(?:\\.|[^\]\\])+\]|\.)"
    r"\{\d*,\d+\}[?+]?"
)
#: Characters of a text that is rare enough on pages to be looked for by itself, and of one that
#: many elements hold (``class="``).
_RARE, _COMMON = 4, 8


def compile_regex(regex: str, owner: str = "") -> re.Pattern[str]:
    """An expression without regard to case; raises ``UnreadableError`` naming its owner."""
    try:
        return re.compile(regex, re.I)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnreadableError("bad_fingerprint", f"{owner}: pattern {regex!r}: {error}") from error


class MultiPattern:
    """A set of patterns, numbered from 0 in the order given."""

    def __init__(
        self,
        regexes: Sequence[str],
        *,
        use_hyperscan: bool = True,
        cache: Cache | None = None,
        owners: Sequence[str] | None = None,
    ) -> None:
        """Prepare; with ``owners`` (a name a pattern) each pattern is checked first.

        Patterns whose database is kept were checked when it was made, and compiling a thousand of
        them again takes each process a tenth of a second. Raises ``UnreadableError`` naming the
        owner of a pattern that is none.
        """
        self.regexes = tuple(regexes)
        self._compiled: list[re.Pattern[str] | None] = [None] * len(self.regexes)
        self._database: Any = None
        self._lock = threading.Lock()
        #: Numbers that no database holds, with the text each needs.
        self._slow = list(range(len(self.regexes)))
        if not (use_hyperscan and self.regexes and self._load_kept(cache)):
            for regex, owner in zip(self.regexes, owners or (), strict=bool(owners)):
                compile_regex(regex, owner)
            if use_hyperscan and self.regexes:
                self._build(cache)
        self._needed = {n: _encoded(required_literals(self.regexes[n])) for n in self._slow}

    @property
    def refused(self) -> list[str]:
        """Patterns that are tried one by one."""
        return [self.regexes[number] for number in self._slow]

    def compiled(self, number: int) -> re.Pattern[str]:
        """A pattern as ``re`` knows it, made at its first use."""
        found = self._compiled[number]
        if found is None:
            found = self._compiled[number] = compile_regex(self.regexes[number])
        return found

    def _load_kept(self, cache: Cache | None) -> bool:
        """Take the database from the store; False where it is to be made."""
        hyperscan = _hyperscan()
        if hyperscan is None or cache is None:
            return False
        kept = cache.get(self._key(hyperscan))
        if kept is None:
            return False
        try:
            self._load(hyperscan, kept)
        except (hyperscan.error, ValueError):
            return False  # made by another machine or version
        return True

    def _key(self, hyperscan: Any) -> str:
        return cache_key(f"2 {hyperscan.__version__}", self.regexes)

    def _build(self, cache: Cache | None) -> None:
        hyperscan = _hyperscan()
        if hyperscan is None:
            return
        taken = {
            number: expression
            for number, regex in enumerate(self.regexes)
            if (expression := _taken(hyperscan, regex)) is not None
        }
        if not taken:
            return
        database = hyperscan.Database()
        database.compile(
            expressions=[regex for regex, _ in taken.values()],
            ids=list(taken),
            elements=len(taken),
            flags=[flags for _, flags in taken.values()],
        )
        self._database = database
        self._slow = sorted(set(range(len(self.regexes))) - set(taken))
        if cache is not None:
            cache.put(self._key(hyperscan), _numbers(self._slow) + hyperscan.dumpb(database))

    def _load(self, hyperscan: Any, kept: bytes) -> None:
        size = int.from_bytes(kept[:4], "big")
        slow = [
            int.from_bytes(kept[4 + 4 * n : 8 + 4 * n], "big") for n in range(min(size, len(kept)))
        ]
        if slow and max(slow) >= len(self.regexes):
            raise ValueError("a database of other patterns")
        self._database, self._slow = load_database(hyperscan, kept[4 + 4 * size :]), slow

    def search(self, text: str) -> list[tuple[int, re.Match[str]]]:
        """Patterns that occur in a text with their first match, in the order of numbers."""
        found = {}
        for number, end in self._hits(text):
            if number in found:
                continue
            pattern = self.compiled(number)
            match = None
            # Near the hit first: a match is certain to be there unless it is very long. Patterns
            # that tell a version must give the one that stands first.
            if end is not None and not pattern.groups:
                match = pattern.search(text, max(0, end - _NEAR))
            match = match or pattern.search(text)
            if match is not None:
                found[number] = match
        return sorted(found.items())

    def search_lines(self, lines: Sequence[str]) -> list[tuple[int, re.Match[str], str]]:
        """Patterns that occur in one of several short texts, with the text, in order of numbers.

        Of a pattern that tells a version every text that it occurs in is given, else the first.
        """
        if not lines:
            return []
        joined = "\n".join(lines)
        if joined.count("\n") >= len(lines):  # an address is one line
            lines = [line.replace("\n", " ") for line in lines]
            joined = "\n".join(lines)
        found = []
        seen: set[int] = set()
        for number, end in sorted(self._hits(joined), key=_by_number):
            if number in seen:
                continue
            seen.add(number)
            pattern = self.compiled(number)
            if end is not None and not pattern.groups:
                line = _line_at(joined, max(0, end - 1))
                if match := pattern.search(line):
                    found.append((number, match, line))
                    continue
            for line in lines:
                if match := pattern.search(line):
                    found.append((number, match, line))
                    if not pattern.groups:
                        break
        return found

    def _hits(self, text: str) -> list[tuple[int, int | None]]:
        """Numbers that may occur, with the place where the scanner saw them end."""
        hits: list[tuple[int, int | None]] = []
        if not text:
            return hits
        scanned = scannable(text)
        if self._database is not None:

            def on_match(number: int, start: int, end: int, flags: int, context: object) -> None:
                hits.append((number, end))

            with self._lock:  # a database scans for one thread at a time
                self._database.scan(scanned, match_event_handler=on_match)
        if self._slow:
            lowered = scanned.lower()
            for number in self._slow:
                needed = self._needed[number]
                if needed is None or any(text in lowered for text in needed):
                    hits.append((number, None))
        return hits


class Literals:
    """Which of many plain texts (lower case) occur in a text."""

    def __init__(
        self, texts: Sequence[str], *, use_hyperscan: bool = True, cache: Cache | None = None
    ) -> None:
        self.texts = tuple(texts)
        self._patterns = MultiPattern(
            [re.escape(text) for text in self.texts], use_hyperscan=use_hyperscan, cache=cache
        )

    def occurring(self, text: str) -> set[str]:
        """Those of the texts that may occur (case does not count)."""
        return {self.texts[number] for number, _ in self._patterns._hits(text)}


def _hyperscan() -> Any:
    """The library, where there is a wheel for the platform; else None."""
    try:
        import hyperscan
    except ImportError:
        return None
    return hyperscan


def _line_at(text: str, place: int) -> str:
    """The line that holds the character at a place; a line's end is part of it."""
    end = text.find("\n", place)
    return text[text.rfind("\n", 0, place) + 1 : end if end >= 0 else len(text)]


def _by_number(hit: tuple[int, int | None]) -> int:
    return hit[0]


def _flags(hyperscan: Any) -> int:
    # Multi-line: joined lines are searched at once, each for itself to "^" and "$".
    return hyperscan.HS_FLAG_CASELESS | hyperscan.HS_FLAG_SINGLEMATCH | hyperscan.HS_FLAG_MULTILINE


def without_lead(regex: str) -> str:
    """An expression without counted repeats at its start; matches end at the same places.

    To count (``class="[^"]{0,200}name-``) costs a scanner more than all else. Left out is only a
    start that says little, before a text of some length. What stays matches more often: hits are
    looked at again.
    """
    lead = _LEAD.match(regex)
    if lead is None or regex[lead.end() : lead.end() + 1] in ("*", "+", "?", "{"):
        return regex
    said, rest = required_literals(lead.group()), regex[lead.end() :]
    needed = required_literals(rest)
    if needed is None or min(map(len, needed)) < _RARE or max(map(len, said or ("",))) > _COMMON:
        return regex
    return rest


def _taken(hyperscan: Any, regex: str) -> tuple[bytes, int] | None:
    """How a pattern is put into a database, and by which flags; None when it cannot be.

    A pattern with look-around goes in as one that matches wherever it does and more often.
    """
    # A character beyond ASCII is one of another kind in what is scanned: any one stands for it.
    plain = re.sub(r"[^\x00-\x7f]", ".", regex)
    if len(regex) > 2_000 or (plain != regex and re.search(r"\[[^\]]*[^\x00-\x7f]", regex)):
        return None
    plain = without_lead(plain)
    for flags in (_flags(hyperscan), _flags(hyperscan) | hyperscan.HS_FLAG_PREFILTER):
        try:
            hyperscan.Database().compile(
                expressions=[plain.encode()], ids=[0], elements=1, flags=[flags]
            )
        except hyperscan.error:
            continue
        return plain.encode(), flags
    return None


def _encoded(texts: frozenset[str] | None) -> tuple[bytes, ...] | None:
    return tuple(text.encode() for text in texts) if texts else None


def _numbers(values: Sequence[int]) -> bytes:
    return b"".join(value.to_bytes(4, "big") for value in [len(values), *values])
