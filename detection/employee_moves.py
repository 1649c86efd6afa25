"""A person's list of positions to arrivals, promotions and departures of people who decide.

Profiles state months, seldom days, and people edit them late: a move bears the precision that is
stated and is told only of positions with a rank of director or above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from detection.names import normalize_company_name
from detection.people import is_board_position
from detection.titles import read_title

#: Ranks whose moves are told, the more the higher.
RANKS = {"director": 2, "vp": 3, "c_suite": 4}
#: Months between two positions at one company that are still one stay.
GAP_MONTHS = 3
#: Earlier employers kept of one person.
MOST_EMPLOYERS = 6

_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_INTERIM = re.compile(r"\b(?:interim|acting|ad interim)\b", re.I)


@dataclass(frozen=True)
class Month:
    """A month as a profile states it; ``month`` None: only the year is known."""

    year: int
    month: int | None

    @property
    def first_day(self) -> date:
        """First day that may be meant."""
        return date(self.year, self.month or 1, 1)

    @property
    def precision(self) -> str:
        """month or year."""
        return "year" if self.month is None else "month"

    def __str__(self) -> str:
        return str(self.year) if self.month is None else f"{self.year}-{self.month:02d}"


@dataclass(frozen=True)
class Position:
    """One entry of a profile's experience."""

    title: str
    company: str
    domain: str | None
    started: Month | None
    ended: Month | None
    is_current: bool

    def is_at(self, other: Position) -> bool:
        """Whether both entries are of one employer: by site where both name it, else by name."""
        if self.domain and other.domain:
            return self.domain == other.domain
        return normalize_company_name(self.company) == normalize_company_name(other.company)


@dataclass(frozen=True)
class Move:
    """One arrival, promotion or departure."""

    position: Position
    direction: str
    change_type: str
    changed: Month
    level: str
    department: str | None
    is_interim: bool
    is_board_only: bool
    earlier_companies: tuple[str, ...]
    evidence: str


def read_moves(profile: Mapping[str, Any]) -> list[Move]:
    """Moves of a profile, newest first. Entries without title or company tell nothing."""
    entries = profile.get("experience")
    entries = entries if isinstance(entries, list) else []
    positions = [p for entry in entries if isinstance(entry, Mapping) and (p := _position(entry))]
    moves = []
    for position in positions:
        title = read_title(position.title)
        if title.level not in RANKS:
            continue
        common = {
            "position": position,
            "level": title.level,
            "department": title.department,
            "is_interim": _INTERIM.search(position.title) is not None,
            "is_board_only": is_board_position(position.title),
        }
        if position.started is not None:
            moves.append(
                Move(
                    **common,
                    direction="incoming",
                    change_type=_arrival(position, title.level, positions),
                    changed=position.started,
                    earlier_companies=_earlier(position, positions),
                    evidence=f"{position.title} at {position.company} since {position.started}",
                )
            )
        if position.ended is not None and not _stays(position, positions):
            moves.append(
                Move(
                    **common,
                    direction="outgoing",
                    change_type="departure",
                    changed=position.ended,
                    earlier_companies=(),
                    evidence=f"{position.title} at {position.company} until {position.ended}",
                )
            )
    return sorted(moves, key=lambda m: (m.changed.first_day, m.direction), reverse=True)


def _position(entry: Mapping[str, Any]) -> Position | None:
    title = _text(entry.get("position_title")) or _text(entry.get("title"))
    company = _text(entry.get("company_name"))
    if title is None or company is None:
        return None
    ended = _month(entry, "to")
    active = entry.get("active_experience")
    current = ended is None if active is None else active in (1, True)
    return Position(
        title=title[:200],
        company=company[:200],
        domain=_host(_text(entry.get("company_website"))),
        started=_month(entry, "from"),
        # An entry that goes on has no end, whatever stands there.
        ended=None if current else ended,
        is_current=current,
    )


def _host(website: str | None) -> str | None:
    """Host of a site without "www."; None where there is none."""
    found = re.match(
        r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)", (website or "").lower()
    )
    return found[1] if found else None


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _month(entry: Mapping[str, Any], side: str) -> Month | None:
    year, month = entry.get(f"date_{side}_year"), entry.get(f"date_{side}_month")
    if isinstance(year, int) and not isinstance(year, bool):
        known = isinstance(month, int) and 1 <= month <= 12
        return Month(year, month if known else None) if 1950 <= year <= 2100 else None
    return parse_month(entry.get(f"date_{side}"))


def parse_month(value: object) -> Month | None:
    """ "2024-05", "2024-05-17", "May 2024", "05/2024" or "2024"; None for anything else."""
    if not isinstance(value, str):
        return None
    text = value.strip().lower()
    if found := re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-\d{1,2})?(?:[t ].*)?)?", text):
        year, month = int(found[1]), int(found[2]) if found[2] else None
    elif found := re.fullmatch(r"(\d{1,2})/(\d{4})", text):
        year, month = int(found[2]), int(found[1])
    elif (found := re.fullmatch(r"([a-z]{3,9})\.? (\d{4})", text)) and found[1][:3] in _MONTHS:
        year, month = int(found[2]), _MONTHS[found[1][:3]]
    else:
        return None
    if not 1950 <= year <= 2100 or (month is not None and not 1 <= month <= 12):
        return None
    return Month(year, month)


def _number(month: Month) -> int:
    return month.year * 12 + (month.month or 1) - 1


def _arrival(position: Position, level: str, positions: Sequence[Position]) -> str:
    """Promotion or another place when the person was at the company just before, else a hire."""
    assert position.started is not None
    start = _number(position.started)
    before = [
        other
        for other in positions
        if other is not position
        and other.is_at(position)
        and other.started is not None
        and _number(other.started) < start
        and (other.ended is None or _number(other.ended) >= start - GAP_MONTHS)
    ]
    if not before:
        return "new_hire"
    ranks = [RANKS.get(read_title(other.title).level or "", 0) for other in before]
    return "promotion" if RANKS[level] > max(ranks) else "reorganization"


def _stays(position: Position, positions: Sequence[Position]) -> bool:
    """Whether the person goes on at the company in another position."""
    assert position.ended is not None
    end = _number(position.ended)
    return any(
        other is not position
        and other.is_at(position)
        and (other.is_current or (other.ended is not None and _number(other.ended) > end))
        and (other.started is None or _number(other.started) <= end + GAP_MONTHS)
        for other in positions
    )


def _earlier(position: Position, positions: Sequence[Position]) -> tuple[str, ...]:
    """Earlier employers, the latest first, each once."""
    assert position.started is not None
    start = _number(position.started)
    before = [
        other
        for other in positions
        if not other.is_at(position)
        and other.started is not None
        and _number(other.started) < start
    ]
    before.sort(key=lambda other: -_number(other.started))  # type: ignore[arg-type]
    names: dict[str, str] = {}
    for other in before:
        names.setdefault(normalize_company_name(other.company), other.company)
    return tuple(names.values())[:MOST_EMPLOYERS]
