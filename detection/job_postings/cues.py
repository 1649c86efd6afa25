"""Which lines of a description are worth reading for what: one pass over the whole text.

Reading every line for pay, years, work place and skills by regular expressions costs far more than
what there is to find. A multi-pattern matcher (hyperscan, where it is installed) looks once for
the words without which nothing can be found; the readers then see only the lines that hold them.
Without it every line is read, with the same result.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable

from detection.compiled import database_of
from detection.job_postings.skills import skill_list
from detection.technology_names import default_names

#: Words of which a line must hold one, in lower case. Each is a regular expression.
CUES: dict[str, tuple[str, ...]] = {
    "pay": (
        r"[$€£₹¥₪] ?[0-9]", r"[0-9] ?k? ?[$€£₹¥₪]", r"zł", r"fr\.",
        r"\b(?:usd|cad|aud|nzd|sgd|hkd|brl|eur|gbp|chf|sek|nok|dkk|pln|inr|jpy|mxn|zar|ils|"
        r"aed|czk)",
        r"[0-9] ?k? ?(?:usd|cad|aud|nzd|sgd|hkd|brl|eur|gbp|chf|sek|nok|dkk|pln|inr|jpy|mxn|"
        r"zar|ils|aed|czk)",
    ),
    "years": (r"year", r"yrs?\b", r"jahre", r"\bans\b", r"année"),
    "workplace": (
        "remote", "hybrid", "anywhere", "on.?site", "in.?office", "in.?person", "office",
        "home ?office", "télétravail", "days? (?:a|per|each) week", "mobiles arbeiten",
    ),
    "recruiter": (r"\bclients?\b", "kunde", "mandant"),
    "degree": (
        "bachelor", "master", r"ph\.?d", "doctor", "promotion", "mba", r"m\.?sc", r"b\.?sc",
        r"b\.?a", "degree", "studium", "hochschul", "ausbildung", "licence", r"bac ?\+",
        "apprentice", r"\bbts\b",
    ),
}  # fmt: skip

Hits = dict[str, list[int]]
_local = threading.local()


def cue_lines(lines: list[str]) -> Hits | None:
    """Numbers of the lines that hold a cue of each kind; None without a matcher.

    The kinds are those of ``CUES``, ``skill`` and ``technology``.


    >>> cue_lines(["About us", "3+ years of project management"])["years"]
    [1]
    """
    database = _database()
    if database is None:
        return None
    scanner, kinds = database
    encoded = [line.lower().encode("utf-8", "replace") for line in lines]
    starts, total = [], 0
    for line in encoded:
        starts.append(total)
        total += len(line) + 1
    found: dict[str, set[int]] = {kind: set() for kind in (*CUES, *_LISTS)}

    def keep(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
        found[kinds[number]].add(bisect_right(starts, end - 1) - 1)

    scanner.scan(b"\n".join(encoded), match_event_handler=keep)
    return {kind: sorted(numbers) for kind, numbers in found.items()}


def _database():
    """The compiled patterns of this thread: scratch space serves one scan at a time."""
    known = getattr(_local, "database", False)
    if known is False:
        known = _local.database = _compile()
    return known


def _compile():
    try:
        import hyperscan
    except ImportError:
        return None
    patterns, kinds = [], []
    for kind, expressions in CUES.items():
        for expression in expressions:
            patterns.append(_bytes_pattern(expression))
            kinds.append(kind)
    for kind, sequences in _LISTS.items():
        for expression in sorted({_sequence(words) for words in sequences()}):
            patterns.append(expression)
            kinds.append(kind)
    return database_of(hyperscan, patterns), kinds


def _bytes_pattern(expression: str) -> bytes:
    """The pattern over UTF-8 bytes: a class of letters beyond ASCII becomes a choice."""

    def spell(match: re.Match[str]) -> str:
        return "(?:" + "|".join(re.escape(c) for c in match.group(1)) + ")"

    return re.sub(r"\[([$€£₹¥₪]+)\]", spell, expression).encode()


def _sequence(words: Iterable[str]) -> bytes:
    """Words one after the other with anything between them that is no letter or digit."""
    pattern = "[^a-z0-9]{0,6}".join(re.escape(word).replace("\\ ", " ") for word in words)
    # A short word inside longer ones ("c", "go") would be a cue in every line.
    before = r"\b" if re.match(r"[a-z0-9]", pattern) else ""
    after = r"\b" if re.search(r"[a-z0-9]$", pattern) else ""
    return f"{before}{pattern}{after}".encode()


_LISTS: dict[str, Callable[[], Iterable[tuple[str, ...]]]] = {
    "skill": lambda: (form.words for form in skill_list().forms()),
    "technology": lambda: default_names().word_sequences(),
}
