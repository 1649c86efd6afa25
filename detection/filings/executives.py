"""What an item tells of one person's change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ExecutiveChangeReading:
    """One change of one person, with the sentence it rests on."""

    person_name: str
    position: str
    level: str | None
    department: str | None
    change_type: str
    direction: str
    effective_on: date | None
    is_interim: bool
    is_board_only: bool
    confidence: float
    sentence: str
    #: Who held the position before or holds it after, where the item names both.
    predecessor_name: str | None = None
    successor_name: str | None = None
    #: Earlier employers of who comes, from the biography.
    earlier_companies: tuple[str, ...] = ()
