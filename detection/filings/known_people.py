"""Who an item names: full names by family name, and the positions they are said to hold."""

from __future__ import annotations

import re

from detection.employment import Change
from detection.people import find_people, find_positions

_GENERATIONS = ("jr", "sr", "ii", "iii", "iv")
#: What may stand between a name and the position that its bearer holds.
_HOLDS = re.compile(
    r", (?:age \d+, |\d\d, )?(?:the |our |its )?(?:Company|Registrant|[\w.]+)?"
    r"(?:[’']s )?(?:current |former )?"
)


def person_key(name: str) -> str:
    """First and family name: "Ana B. Larkin" and "Ana Larkin" are one person in one filing."""
    words = name.casefold().replace(",", "").replace(".", "").split()
    words = [w for w in words if w not in _GENERATIONS]
    return f"{words[0]} {words[-1]}" if words else name.casefold()


class KnownPeople:
    """People of an item as far as it has been read."""

    def __init__(self) -> None:
        """Nobody is known yet."""
        self._full_names: dict[str, str] = {}
        self._held: dict[str, str] = {}

    def read(self, sentence: str) -> None:
        """Remember whom a sentence names in full, and what they hold."""
        for person in find_people(sentence):
            if person.is_short:
                continue
            family = person.text.split()[-1].rstrip(".").casefold()
            if family in _GENERATIONS:
                family = person.text.replace(",", "").split()[-2].casefold()
            self._full_names.setdefault(family, person.text)
            for position in find_positions(sentence):
                gap = sentence[person.end : position.start]
                if 0 < len(gap) < 40 and _HOLDS.fullmatch(gap):
                    self._held.setdefault(person.text, position.text)

    def named(self, family: str) -> str | None:
        """Full name of who bears a family name."""
        return self._full_names.get(family.casefold())

    def full_name(self, change: Change) -> str | None:
        """Full name of whose change it is; None where only the family name is known."""
        if not change.is_short_name:
            return change.person
        return self.named(change.person.split()[-1])

    def position(self, person: str) -> str | None:
        """The position that somebody is said to hold."""
        return self._held.get(person)
