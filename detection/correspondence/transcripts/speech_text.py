"""Transcripts that are plain text: lines "Name: what was said", now and then a clock.

So Google Meet writes them into a document, and so do tools that export text. A text counts as one
where most lines are somebody's, several people or one of them again and again, and a clock stands
between them or a line that calls it a transcript.
"""

from __future__ import annotations

import re
from collections import Counter

from detection.correspondence.transcripts.limits import DEFAULT_LIMITS, MeetingLimits, refuse_many
from detection.correspondence.transcripts.records import Utterance
from detection.correspondence.transcripts.vtt import speaker_names

_SAID = re.compile(r"([^:\n<>!?]{1,80}):\s+(?=\S)")
#: A clock alone on its line, or before or after the name of the one who speaks.
_CLOCK = re.compile(r"^\[?\(?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})\)?\]?$")
_CLOCK_FIRST = re.compile(r"^[\[(]?((?:\d{1,2}:)?\d{1,2}:\d{2})[\])]?\s+(?=\S)")
_CALLED = re.compile(r"^.{0,120}\btranscript(?:ion)?\b.{0,40}$", re.I)
#: Lines at the beginning in which the word transcript may stand, and what share people must say.
_BEGINNING, _SHARE, _FEWEST = 30, 0.6, 3


def read_speech(text: str, limits: MeetingLimits = DEFAULT_LIMITS) -> tuple[Utterance, ...]:
    """Utterances of a plain text; none where it is no transcript.

    What is said between two clocks bears the time of the one before it. Raises
    ``MeetingRefusedError`` for more utterances than are read.
    """
    lines = [line.strip() for line in text.split("\n")]
    lines = [line for line in lines if line]
    # The title says it first, the heading above the words last.
    headings = (n for n, line in enumerate(lines[:_BEGINNING]) if _CALLED.match(line))
    called = max((n for n in headings if not _SAID.match(lines[n])), default=None)
    body = lines[called + 1 :] if called is not None else lines
    if not body or (called is None and not any(_clock(line)[0] is not None for line in body)):
        return ()
    said = [_clock(line) for line in body]
    prefixes = Counter(m[1] for _, rest in said if rest and (m := _SAID.match(rest)))
    names = speaker_names(prefixes)
    spoken = sum(n for name, n in prefixes.items() if name in names)
    if spoken < _FEWEST or spoken < _SHARE * sum(1 for _, rest in said if rest):
        return ()
    refuse_many(spoken, limits)
    found: list[Utterance] = []
    now = 0
    for at_ms, rest in said:
        now = now if at_ms is None else at_ms
        match = _SAID.match(rest)
        if match and match[1] in names:
            words = rest[match.end() : match.end() + limits.utterance_chars]
            found.append(Utterance(len(found), now, now, match[1].strip(), words))
    return tuple(found)


def _clock(line: str) -> tuple[int | None, str]:
    """Time that a line tells (ms), and what else stands on it."""
    if alone := _CLOCK.match(line):
        hours, minutes, seconds = (int(part or 0) for part in alone.groups())
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000, ""
    if first := _CLOCK_FIRST.match(line):
        return _clock(first[1])[0], line[first.end() :]
    return None, line
