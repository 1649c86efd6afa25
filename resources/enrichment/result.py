"""What came of enriching one company or person: fields chosen, and every step on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from resources.enrichment.config import Level
from resources.enrichment.known import Statement
from resources.enrichment.values import Subject
from resources.enrichment.waterfall import Choice

#: Detail of a question that was put in an earlier run and is not put again.
STILL_IN_DOUBT = "asked before and never answered; it may have been charged"


@dataclass(frozen=True)
class Step:
    """One thing that was tried: which operation, for which field, and what came of it.

    Outcomes: ``found``, ``not_found``, ``cached`` (answered before), ``not_configured`` (no key),
    ``key_refused``, ``out_of_credits`` (the vendor says so), ``over_budget``, ``over_run_budget``
    (we say so), ``in_doubt``, ``down``, ``wrong_shape``, ``withheld`` (the vendor may not tell),
    ``suppressed`` (we must not ask), ``rejected`` (the vendor refused the question).
    """

    at: datetime
    operation: str
    field: str
    outcome: str
    credits: float = 0.0
    detail: str | None = None

    @property
    def source(self) -> str:
        """The provider."""
        return self.operation.split(".", maxsplit=1)[0]


@dataclass
class Enrichment:
    """What came of enriching one subject."""

    subject: Subject
    level: Level
    choices: list[Choice] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    changed_rows: int = 0

    @property
    def credits(self) -> float:
        """Credits that were used now."""
        return sum(step.credits for step in self.steps)

    @property
    def asked(self) -> int:
        """Questions that left the machine."""
        silent = {"cached", "not_configured", "suppressed", "over_budget", "over_run_budget"}
        return sum(
            step.outcome not in silent and step.detail != STILL_IN_DOUBT for step in self.steps
        )
