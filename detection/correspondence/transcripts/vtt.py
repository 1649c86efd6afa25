"""WebVTT transcripts as Zoom, Teams and their kin write them, read in one pass.

The layout is taken from W3C WebVTT (timing lines, NOTE, STYLE and REGION blocks, voice tags,
character references). Zoom writes the speaker as "Name: " before the text, Teams as a voice tag.
A file that breaks the rules is read as far as it goes: what was wrong stands in ``faults``, no
cue with readable times is lost; only what is beyond the limits is refused.
"""

from __future__ import annotations

import codecs
import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from detection.correspondence.transcripts.limits import (
    DEFAULT_LIMITS,
    MeetingLimits,
    refuse_large,
    refuse_many,
)
from detection.correspondence.transcripts.records import Fault, Transcript, Utterance

#: Hours may be missing; a comma before the milliseconds is SubRip's.
_STAMP = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"^[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}[^\n]*$", re.M)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^<>\n]{0,200})[^<>\n]*>", re.I)
_TAG = re.compile(r"</?[a-z][^<>\n]*>|</?\d[\d:.]*>", re.I)
_IDENTIFIER = re.compile(r"\d{1,9}|[0-9a-f]{8}-[0-9a-f-]{20,40}(?:/\d+-\d+)?", re.I)
#: "Name: " before what is said; a name has no sentence in it.
_PREFIX = re.compile(r"([^:\n<>!?]{1,80}): +(?=\S)")
#: Words that stand in no name; a prefix with one of them is part of what is said.
_NO_NAME = frozenset(
    """
    the this that these those is are was were be been it its i we you they he she my our your is
    so and but or if then because when what which who how why where there here not to of for with
    about note question answer one two three example say said says first second option price
    """.split()  # noqa: SIM905
)
#: Words a name may have; longer prefixes are sentences.
_MAX_NAME_WORDS = 7


def read_vtt(data: bytes | str, limits: MeetingLimits = DEFAULT_LIMITS) -> Transcript:
    """Cues of a WebVTT file with speakers and times, in file order.

    ``data`` may be bytes in UTF-8, UTF-16 with a byte order mark, or, failing both, Windows-1252.
    Raises ``MeetingRefusedError`` beyond the limits, else never.
    """
    refuse_large(len(data), limits)
    text = data if isinstance(data, str) else decode(data)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    faults = []
    if not text.lstrip().startswith("WEBVTT"):
        faults.append(Fault(1, "no WEBVTT header"))
    matches = list(islice(_TIMING.finditer(text), limits.utterances + 1))
    refuse_many(len(matches), limits)
    lines = _Lines(text)
    if text.count("-->") != len(matches):
        faults += islice(_unread_timings(text, matches, lines), limits.faults)
    bodies = [_body(text, m, matches, i) for i, m in enumerate(matches)]
    for number, body in enumerate(bodies):
        if len(body) > limits.utterance_chars:
            bodies[number] = body[: limits.utterance_chars]
            faults.append(Fault(lines.number(matches[number].start()), "a cue is cut: too long"))
    voiced = any("<v" in body for body in bodies)
    names = frozenset() if voiced else _zoom_names(bodies)
    utterances: list[Utterance] = []
    for match, body in zip(matches, bodies, strict=True):
        start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
        if end < start:
            faults.append(Fault(lines.number(match.start()), "a cue ends before it begins"))
            end = start
        for speaker, said in _voices(body) if voiced else [_zoom(body, names)]:
            utterances.append(Utterance(len(utterances), start, end, speaker, said))
        refuse_many(len(utterances), limits)
    layout = "teams" if voiced else "zoom" if names else "plain"
    return Transcript(layout, tuple(utterances), tuple(faults[: limits.faults]))


def decode(data: bytes) -> str:
    """Bytes of a text export to text; never raises."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


class _Lines:
    """Numbers of lines; places are asked for in any order, most files have none to ask for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: list[int] | None = None

    def number(self, position: int) -> int:
        """Number of the line at a position, from 1."""
        if self._ends is None:
            self._ends = [found.start() for found in re.finditer("\n", self._text)]
        return bisect_left(self._ends, position) + 1


def _unread_timings(text: str, matches: list[re.Match[str]], lines: _Lines) -> Iterator[Fault]:
    read = {m.start() for m in matches}
    for line in re.finditer(r"^[^\n]*-->[^\n]*$", text, re.M):
        if line.start() not in read:
            yield Fault(lines.number(line.start()), "times of a cue cannot be read")


def _body(text: str, match: re.Match[str], matches: list[re.Match[str]], i: int) -> str:
    """Text of a cue: up to the blank line, or to the next cue where that is missing."""
    start = match.end() + 1
    limit = matches[i + 1].start() if i + 1 < len(matches) else len(text)
    blank = text.find("\n\n", match.end(), limit)
    if blank >= 0:
        return text[start:blank]
    body = text[start:limit].rstrip("\n")
    head, _, last = body.rpartition("\n")
    return head if _IDENTIFIER.fullmatch(last.strip()) and limit < len(text) else body


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _clean(text: str) -> str:
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    return " ".join(text.split()) if "\n" in text or "  " in text else text.strip()


def _voices(body: str) -> list[tuple[str | None, str]]:
    """Speaker and text of every voice span of a cue."""
    spans = list(_VOICE.finditer(body))
    if not spans:
        return [(None, _clean(body))]
    found: list[tuple[str | None, str]] = []
    if before := _clean(body[: spans[0].start()]):
        found.append((None, before))
    for i, span in enumerate(spans):
        end = spans[i + 1].start() if i + 1 < len(spans) else len(body)
        found.append((_clean(span.group(1)) or None, _clean(body[span.end() : end])))
    return found


def _zoom_names(bodies: list[str]) -> frozenset[str]:
    """Prefixes of a file that are names: they come again, or look like nothing else."""
    return speaker_names(Counter(m.group(1) for body in bodies if (m := _PREFIX.match(body))))


def speaker_names(seen: Mapping[str, int]) -> frozenset[str]:
    """Those of the prefixes "...: " that are names, by how often each stands before a line."""
    return frozenset(name for name, times in seen.items() if _is_name(name, times))


def _is_name(prefix: str, times: int) -> bool:
    words = prefix.split()
    if not words or len(words) > _MAX_NAME_WORDS or prefix != prefix.strip():
        return False
    if prefix.endswith((",", ";")) or not any(c.isalnum() for c in prefix):
        return False
    plain = [w.strip(".,()|-'\"").lower() for w in words]
    # A person may call herself "You" or "So"; then the prefix comes again and stands alone.
    return not any(w in _NO_NAME for w in plain) or (len(words) == 1 and times >= 5)


def _zoom(body: str, names: frozenset[str]) -> tuple[str | None, str]:
    match = _PREFIX.match(body)
    if match and match.group(1) in names:
        return _clean(match.group(1)), _clean(body[match.end() :])
    return None, _clean(body)
