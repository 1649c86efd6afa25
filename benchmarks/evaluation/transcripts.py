"""``transcripts.*``: cues and speakers of real transcripts, and the tasks found in them.

Cues: every VTT of the folder against a recount that shares no code with the reader (it walks the
lines), and each call that is there in the layout of Teams against the same call in Zoom's.

Action items: found ones against those published with the call (``tldr.json``). The published ones
were made by a bot and looked through by people: one to five of a call of 90 minutes, some of them
sums of minutes of talk that no one sentence tells, and many owners are groups. So two figures are
given: with owner and time (within a minute), and with the time alone. An owner agrees when a name
is shared, or when both are a group. The baseline takes every cue with "please", "I will" or "I'll"
for a task of its speaker.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.evaluation.measure import (
    Evaluation,
    Hits,
    Metric,
    Miss,
    Stopwatch,
    drawn_interval,
    share_interval,
)
from detection.correspondence.transcripts.action_items import find_action_items
from detection.correspondence.transcripts.meeting_json import read_meeting
from detection.correspondence.transcripts.records import ActionItem, Utterance
from detection.correspondence.transcripts.vtt import read_vtt
from detection.errors import UnreadableError

FOLDER = "transcripts"
REVIEW = "evaluation-action-items.csv"
WITHIN_MS = 60_000
#: Sureness from which items are compared: more are found than the line keeps by default, since
#: recall is asked first; ``*.as_kept`` are the default's figures.
ASKED_THRESHOLD = 0.30

_GROUP = re.compile(
    r"\b(?:all|teams?|clients?|authors?|champions?|devs?|every(?:one|body)|people|folks)\b", re.I
)
_NO_NAME = frozenset({"all", "team", "teams", "client", "clients", "the", "and", "via", "everyone"})
_PLAIN = re.compile(r"\bplease\b|\bI will\b|\bI'll\b", re.I)


@dataclass(frozen=True)
class Published:
    """A task as published with a call."""

    at_ms: int
    owner: str
    text: str


def evaluate(data: Path) -> Evaluation:
    """Cues of every transcript, meetings in JSON, and action items of the calls."""
    result = Evaluation()
    folder = data / FOLDER
    _cues(folder, result)
    _json(folder, result)
    _action_items(folder, result)
    return result


def _cues(folder: Path, result: Evaluation) -> None:
    watch = Stopwatch()
    right = total = plain = 0
    read: dict[str, tuple[Utterance, ...]] = {}
    for path in sorted(folder.rglob("*.vtt")):
        name = str(path.relative_to(folder))
        got = read_vtt(path.read_bytes()).utterances
        read[name] = got
        expected = recount(path.read_text("utf-8-sig"))
        same = sum(
            (u.start_ms, u.end_ms, u.speaker, u.text) == e
            for u, e in zip(got, expected, strict=False)
        )
        total += max(len(got), len(expected))
        right += same
        # A reader that takes the text as it stands knows no speaker.
        plain += sum(e[2] is None for e in expected)
        if same != len(expected) or len(got) != len(expected):
            result.misses.append(
                Miss("transcripts.cues_exact", name, f"{len(expected)} cues", f"{same} equal")
            )
    if not total:
        result.skipped.append(f"{FOLDER}: no VTT")
        return
    result.metrics.append(
        Metric(
            "transcripts.cues_exact",
            right / total,
            total,
            plain / total,
            watch.seconds(),
            "cues without taking the speaker apart",
            share_interval(right, total),
        )
    )
    _layouts(read, result)


def _layouts(read: dict[str, tuple[Utterance, ...]], result: Evaluation) -> None:
    """Calls that are there in both layouts, utterance by utterance."""
    watch = Stopwatch()
    right = total = 0
    for name, utterances in read.items():
        if not name.startswith("teams_format"):
            continue
        series, _, rest = Path(name).stem.partition("_")
        zoom = read.get(f"zoom/{series}/{rest}/transcript.vtt")
        if zoom is None:
            result.skipped.append(f"{FOLDER}/{name}: no such call in Zoom's layout")
            continue
        total += max(len(utterances), len(zoom))
        right += sum(a == b for a, b in zip(utterances, zoom, strict=False))
    if total:
        result.metrics.append(
            Metric(
                "transcripts.layouts_equal",
                right / total,
                total,
                0.0,
                watch.seconds(),
                "none",
                share_interval(right, total),
            )
        )


def recount(text: str) -> list[tuple[int, int, str | None, str]]:
    """Start, end, speaker and text of each cue, line by line, for well-formed files only."""
    cues: list[tuple[int, int, str | None, str]] = []
    times: tuple[int, int] | None = None
    said: list[str] = []
    for line in [*text.splitlines(), ""]:
        if " --> " in line:
            first, _, second = line.partition(" --> ")
            times, said = (_clock(first), _clock(second.split()[0])), []
        elif line.strip() and times:
            said.append(line.strip())
        elif times:
            joined = " ".join(said)
            if joined.startswith("<v "):
                speaker, _, rest = joined[3:].partition(">")
                cues.append((*times, speaker.strip(), rest.replace("</v>", "").strip()))
            else:
                head, mark, rest = joined.partition(": ")
                known = bool(mark) and len(head) <= 60
                cues.append((*times, head if known else None, rest.strip() if known else joined))
            times = None
    return cues


def _clock(text: str) -> int:
    hours, minutes, seconds = text.strip().split(":")
    return int(hours) * 3_600_000 + int(minutes) * 60_000 + round(float(seconds) * 1000)


def _json(folder: Path, result: Evaluation) -> None:
    """Annotated meetings (speaker and content, no times): turns read against turns counted."""
    watch = Stopwatch()
    right = total = 0
    for path in sorted((folder / "qmsum_val").glob("*.json")):
        body = json.loads(path.read_text("utf-8"))
        turns = body.get("meeting_transcripts", [])
        try:
            got = read_meeting({"entries": turns}, path.stem).utterances
        except UnreadableError as error:
            result.misses.append(Miss("transcripts.json_turns", path.stem, "read", error.reason))
            got = ()
        expected = [(t["speaker"].strip(), t["content"]) for t in turns if t["content"].strip()]
        total += len(expected)
        right += sum(
            (u.speaker, u.text) == (" ".join(s.split()), " ".join(c.split()))
            for u, (s, c) in zip(got, expected, strict=False)
        )
    if total:
        result.metrics.append(
            Metric(
                "transcripts.json_turns",
                right / total,
                total,
                0.0,
                watch.seconds(),
                "none",
                share_interval(right, total),
            )
        )


def _action_items(folder: Path, result: Evaluation) -> None:
    watch = Stopwatch()
    calls: list[tuple[str, list[Published], list[ActionItem], tuple[Utterance, ...]]] = []
    for path in sorted((folder / "zoom").rglob("tldr*.json")):
        vtt = path.with_name(path.name.replace("tldr", "transcript")).with_suffix(".vtt")
        if not vtt.exists():
            continue
        utterances = read_vtt(vtt.read_bytes()).utterances
        published = [
            Published(_clock(item["timestamp"]), item.get("owner") or "", item["action"])
            for item in json.loads(path.read_text("utf-8")).get("action_items", [])
        ]
        found = find_action_items(utterances, _held_on(path), ASKED_THRESHOLD)
        calls.append((str(path.relative_to(folder)), published, found, utterances))
    if not calls:
        result.skipped.append(f"{FOLDER}/zoom: no published action items")
        return
    seconds = watch.seconds()
    plain = [(name, p, _baseline(u), u) for name, p, _, u in calls]
    kept = [(name, p, [i for i in found if i.confidence >= 0.40], u) for name, p, found, u in calls]
    prefix = "transcripts.action_items"
    for suffix, chosen, owners in (("", calls, True), (".time_only", calls, False),
                                   (".as_kept", kept, True)):  # fmt: skip
        for side in ("recall", "precision"):
            cases = [_hits(p, f, owners, side) for _, p, f, _ in chosen]
            base = [_hits(p, f, owners, side) for _, p, f, _ in plain]
            result.metrics.append(
                Metric(
                    f"{prefix}{suffix}.{side}",
                    _share(cases),
                    sum(c.expected for c in cases),
                    _share(base),
                    seconds,
                    "every cue with please, I will, I'll",
                    drawn_interval(cases, _share),
                )
            )
    for name, published, found, _ in calls:
        for item in published:
            if not any(_agree(item, f, True) for f in found):
                # Persons are named in the labels: the miss tells where, not who.
                result.misses.append(
                    Miss(f"{prefix}.recall", name, f"at {item.at_ms // 1000} s", "not found")
                )
    result.reviews[REVIEW] = [["call", "second", "kind", "due", "confidence", "text"]] + [
        [name, str(f.at_ms // 1000), f.kind, f.due_text or "", str(f.confidence), f.text]
        for name, _, found, _ in kept
        for f in found
    ]


def _held_on(path: Path) -> date | None:
    match = re.match(r"(\d{4})-(\d\d)-(\d\d)", path.parent.name)
    return date(*map(int, match.groups())) if match else None


def _baseline(utterances: Sequence[Utterance]) -> list[ActionItem]:
    return [
        ActionItem(
            u.text,
            u.speaker,
            True,
            None,
            None,
            False,
            u.start_ms,
            u.ordinal,
            0.5,
            "request",
            u.text,
        )
        for u in utterances
        if _PLAIN.search(u.text)
    ]


def _agree(published: Published, found: ActionItem, owners: bool) -> bool:
    if abs(published.at_ms - found.at_ms) > WITHIN_MS:
        return False
    return not owners or same_owner(published.owner, found.owner or "")


def same_owner(published: str, found: str) -> bool:
    """Whether two owners share a name, or are both a group."""
    if _names(published) & _names(found):
        return True
    return bool(_GROUP.search(published) and _GROUP.search(found))


def _names(owner: str) -> set[str]:
    return {w.lower() for w in re.findall(r"[^\W\d_]{3,}", owner)} - _NO_NAME


def _hits(published: list[Published], found: list[ActionItem], owners: bool, side: str) -> Hits:
    if side == "recall":
        right = sum(any(_agree(p, f, owners) for f in found) for p in published)
        return Hits(right, len(found), len(published))
    right = sum(any(_agree(p, f, owners) for p in published) for f in found)
    return Hits(right, len(published), len(found))


def _share(cases: Sequence[Hits]) -> float:
    expected = sum(c.expected for c in cases)
    return sum(c.right for c in cases) / expected if expected else 0.0
