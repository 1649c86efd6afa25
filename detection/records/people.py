"""What is read of people: changes, lists of leaders, careers and titles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from detection.records.base import Detection


@dataclass(frozen=True, kw_only=True)
class ExecutiveChange(Detection):
    """One person entering, leaving or changing a position, as an 8-K item 5.02 tells it."""

    cik: str | None
    company_name: str
    person_name: str
    position: str
    #: c_suite, vp, director, manager; None when the title says none of these.
    level: str | None
    department: str | None
    #: new_hire, promotion, departure, reorganization.
    change_type: str
    #: incoming or outgoing.
    direction: str
    announced_on: date
    effective_on: date | None
    is_interim: bool
    is_board_only: bool
    #: Who held the position before (of who comes) and holds it after (of who goes).
    predecessor_name: str | None
    successor_name: str | None
    #: JSON list of earlier employers of who comes.
    earlier_companies: str


@dataclass(frozen=True, kw_only=True)
class LeadershipEntry(Detection):
    """One person whom one reading of a company's leadership page shows."""

    domain: str
    page_url: str
    read_at: datetime
    person_name: str
    position: str
    #: c_suite, vp, director, manager; None for a seat on the board.
    level: str | None
    department: str | None
    is_interim: bool
    is_board_only: bool


@dataclass(frozen=True, kw_only=True)
class EmployeeMove(Detection):
    """One arrival, promotion or departure that a person's list of positions tells."""

    company_name: str
    company_domain: str | None
    person_name: str
    position: str
    #: c_suite, vp or director.
    level: str
    department: str | None
    #: new_hire, promotion, departure, reorganization.
    change_type: str
    #: incoming or outgoing.
    direction: str
    #: First day of the month or year stated.
    changed_on: date
    #: month or year.
    date_precision: str
    is_interim: bool
    is_board_only: bool
    #: JSON list of earlier employers of who comes, the latest first.
    earlier_companies: str


@dataclass(frozen=True, kw_only=True)
class JobTitle(Detection):
    """Level and department of one distinct job title; ``record_id`` is the title's own hash."""

    title: str
    level: str | None
    department: str | None
