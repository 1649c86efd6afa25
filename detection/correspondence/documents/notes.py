"""Notes of a meeting: a text with headings for who was there, what was decided and what is to do.

Which text is one is told by its headings alone: two of attendees, decisions and action items, or
one of them under a title that calls it notes, minutes or a transcript.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from detection.correspondence.readings import Step
from detection.correspondence.transcripts.owners import name_and_affiliation
from detection.correspondence.transcripts.records import Attendee
from detection.days_ahead import find_days_ahead

_HEADINGS = {
    "attendees": r"attendees|participants|present|people|who\ was\ there|in\ attendance|invited"
    r"|teilnehmer(?:innen)?|anwesend",
    "pricing": r"pric(?:es?|ing)|commercials?|quot(?:e|ation)s?|preise?",
    "margins": r"margins?|costs?(?:\ and\ margins?)?|margen?",
    "decisions": r"decisions?(?:\ (?:made|taken))?|decided|agreed|agreements?|entscheidungen"
    r"|beschlüsse",
    "action_items": r"action(?:\ item|\ point)?s?|(?:suggested\ )?next\ steps|to-?\ ?dos?"
    r"|tasks|follow-?\ ?ups?|aufgaben|nächste\ schritte",
    "other": r"agenda|topics?|discussion|notes|summary|details|background|open\ (?:points|issues)"
    r"|risks?|technical|delivery|timing|schedule|date|time|location|transcript|subject",
}
_HEADING = re.compile(
    r"^[\s#*_-]{0,12}(?:\d{1,2}[.)]\s)?(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _HEADINGS.items())
    + r")[*_\s]{0,4}(?::[*_\s]{0,4}(?P<rest>.*)|$)",
    re.I | re.X,
)
_TITLE = re.compile(
    r"\b(?:meeting\ notes|notes|minutes|transcript|protokoll|recap|summary\ of\ (?:the\ )?"
    r"(?:call|meeting))\b", re.I | re.X,
)  # fmt: skip
_TELLING = frozenset({"attendees", "decisions", "action_items"})
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])?\s*(?:\[[ xX]?\]\s*|☐\s*)?")
_EMAIL = re.compile(r"[<(\[]?\s*([\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})\s*[>)\]]?")
#: Who is to do it: before the task, or in brackets after it.
_NAME = r"[A-ZÀ-Þ][\w’'-]+(?:\s+[A-ZÀ-Þ][\w’'-]+){0,3}"
_OWNER_BEFORE = re.compile(
    rf"^(?:@\s?)?(?P<name>{_NAME})\s*(?::|–|—|\s-\s|->|\s+(?:will|to|needs\ to|should|is\ to)\s)",
    re.X,
)
_OWNER_AFTER = re.compile(
    rf"[(\[](?:owner:?\s*)?@?(?P<name>{_NAME})(?:,[^()\[\]]{{0,40}})?[)\]]\s*\.?$"
    rf"|\bowner:?\s+(?P<other>{_NAME})",
)
#: Lines of a section that are read, and characters of one task.
_MAX_LINES, _MAX_TASK = 500, 300


@dataclass(frozen=True)
class NotesLine:
    """One line of a section, and where it begins in the text."""

    text: str
    start: int


@dataclass(frozen=True)
class Notes:
    """The sections of a meeting's notes, in the order of the text, by kind."""

    sections: dict[str, tuple[NotesLine, ...]]

    def lines(self, kind: str) -> tuple[NotesLine, ...]:
        """Lines of one kind of section; empty where there is none."""
        return self.sections.get(kind, ())


def find_notes(text: str, title: str = "") -> Notes | None:
    """The notes that a text is; None for other texts."""
    found: dict[str, list[NotesLine]] = {}
    current: str | None = None
    for start, line in _lines(text):
        heading = _HEADING.match(line) if len(line) <= 200 else None
        if heading is not None:
            current = next(kind for kind in _HEADINGS if heading[kind])
            held = found.setdefault(current, [])
            if rest := (heading["rest"] or "").strip():
                held.append(NotesLine(rest, start + heading.start("rest")))
        elif current is not None and line.strip() and len(found[current]) < _MAX_LINES:
            found[current].append(NotesLine(line.strip(), start + len(line) - len(line.lstrip())))
    told = {kind for kind in _TELLING if found.get(kind)}
    named = _TITLE.search(title) or _TITLE.search(text[:200])
    if len(told) >= 2 or (told and named):
        return Notes({kind: tuple(lines) for kind, lines in found.items()})
    return None


def attendees_of_notes(notes: Notes) -> list[Attendee]:
    """People as the notes list them: one a line, or several between commas."""
    people: dict[str, Attendee] = {}
    for line in notes.lines("attendees"):
        for part in re.split(r"[;,](?![^()]*\))", _BULLET.sub("", line.text)):
            person = _person(part.strip())
            if person is not None and len(people) < 1_000:
                people.setdefault((person.email or person.name).lower(), person)
    return list(people.values())


def steps_of_notes(notes: Notes, people: Sequence[Attendee], held_on: date | None) -> list[Step]:
    """What is to be done, as listed; the owner is the one named with the task, if any is."""
    steps = []
    for line in notes.lines("action_items"):
        task = " ".join(_BULLET.sub("", line.text).split())[:_MAX_TASK]
        if len(task.split()) < 2 or task.casefold() in ("none", "n/a"):
            continue
        days = [d for d in find_days_ahead(task, held_on) if d.day >= held_on] if held_on else []
        owner = _owner(task, people)
        steps.append(
            Step(
                task, owner, False, days[0].day if days else None,
                days[0].is_inferred if days else False,
            )
        )  # fmt: skip
    return steps


def _owner(task: str, people: Sequence[Attendee]) -> str | None:
    before, after = _OWNER_BEFORE.match(task), _OWNER_AFTER.search(task)
    name = before["name"] if before else (after["name"] or after["other"]) if after else None
    if name is None:
        return None
    wanted = set(name.casefold().split())
    fitting = [p.name for p in people if wanted <= set(p.name.casefold().split())]
    return fitting[0] if len(fitting) == 1 else name


def _person(part: str) -> Attendee | None:
    part = part[:300]
    email = _EMAIL.search(part)
    label = _EMAIL.sub("", part).strip(" -–:") if email else part
    name, affiliation = name_and_affiliation(label) if label else ("", None)
    if not name and email is None:
        return None
    if len(name.split()) > 6 or (email is None and not name[:1].isupper()):
        return None
    address = email[1].lower() if email else None
    return Attendee(name or str(address), affiliation, address)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    position = 0
    for line in text.split("\n"):
        yield position, line
        position += len(line) + 1
