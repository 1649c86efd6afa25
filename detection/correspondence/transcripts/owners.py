"""Who a task belongs to: names in a sentence, groups, and the one who is spoken to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from detection.correspondence.transcripts.records import Turn

_GROUP = re.compile(
    r"""\b(?:all\s+|every\s+|other\s+|the\s+)*(?P<group>
    (?:[A-Z]{2,4}\s+|\w+\s+)?
    (?:client\ teams?|teams|clients|authors|champions|devs|developers|folks|people|suppliers
    |vendors)
    |every(?:one|body)|you\ all|all\ of\ you|the\ [a-z]+\ team|[A-Z][\w-]+\ team)\b""",
    re.X,
)
_AFFILIATION = re.compile(r"^(.*?)\s*(?:\(([^)]*)\)|[|@/]\s*(.+)|\s-\s(.+))$")
#: Characters of a label that are looked at.
_LONGEST = 200
#: A name is looked for so many characters around the words of the task.
_NEAR = 60
#: Turns back in which the one spoken to is looked for.
_BACK = 3


@dataclass(frozen=True)
class Owner:
    """A person or a group, and whether the sentence names them."""

    name: str | None
    is_inferred: bool


def name_and_affiliation(label: str) -> tuple[str, str | None]:
    """A speaker's label taken apart.

    >>> name_and_affiliation("Dana Cole (Northwind)")
    ('Dana Cole', 'Northwind')
    >>> name_and_affiliation("Dana | Northwind")
    ('Dana', 'Northwind')
    """
    label = label[:_LONGEST]
    match = _AFFILIATION.match(label.strip())
    if not match or not match.group(1):
        return label.strip(), None
    return match.group(1), next((g.strip() for g in match.groups()[1:] if g), None)


@dataclass(frozen=True)
class Speakers:
    """The people heard in a meeting: who leads it, and the names by which they are called."""

    chair: str | None
    #: Word of a name, in lower case, to the speaker's label; words of two people are left out.
    by_word: dict[str, str]

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> Speakers:
        """Speakers of ``turns``; the chair is the one with most turns."""
        counts = Counter(t.speaker for t in turns if t.speaker)
        words: dict[str, set[str]] = {}
        for label in counts:
            for word in re.findall(r"[^\W\d_][\w’'-]+", name_and_affiliation(label)[0]):
                words.setdefault(word.lower(), set()).add(label)
        by_word = {w: next(iter(labels)) for w, labels in words.items() if len(labels) == 1}
        chair = min(counts, key=lambda s: (-counts[s], s)) if counts else None
        return cls(chair, by_word)

    def is_chair(self, speaker: str | None) -> bool:
        """Whether this is the one who leads the meeting."""
        return speaker is not None and speaker == self.chair

    def named(self, sentence: str, start: int, end: int) -> str | None:
        """The person, or else the group, that a sentence names near the words of a task."""
        low, high = max(0, start - _NEAR), end + _NEAR
        near = sentence[low:high]
        people = []
        for word in re.finditer(r"[^\W\d_][\w’-]+", near):
            label = self.by_word.get(re.sub(r"['’]s$", "", word.group()).lower())
            if label and (word.group()[0].isupper() or label[0].islower()):
                people.append((abs(low + word.start() - start), label))
        if people:
            return min(people)[1]
        group = _GROUP.search(near)
        return " ".join(group.group("group").split()) if group else None

    def addressed(self, turns: Sequence[Turn], position: int) -> str | None:
        """Who "you" is: the next to speak, or else the one who spoke before."""
        speaker = turns[position].speaker
        for turn in turns[position + 1 : position + 3]:
            if turn.speaker and turn.speaker != speaker:
                return turn.speaker
        for turn in reversed(turns[max(0, position - _BACK) : position]):
            if turn.speaker and turn.speaker != speaker:
                return turn.speaker
        return None
