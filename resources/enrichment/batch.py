"""Enriching many leads: the best first, in batches, within a run's budget."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from resources.enrichment.config import Batch, Level
from resources.enrichment.engine import Enricher
from resources.enrichment.leads import Leads
from resources.enrichment.result import Enrichment
from resources.enrichment.values import Subject


@dataclass
class BatchReport:
    """What a batch came to. ``outcomes`` counts steps by source and outcome."""

    companies: int = 0
    people: int = 0
    asked: int = 0
    changed_rows: int = 0
    forgotten: int = 0
    credits: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    won: Counter[str] = field(default_factory=Counter)

    def add(self, result: Enrichment) -> None:
        """Count one subject."""
        self.companies += result.subject.entity == "company"
        self.people += result.subject.entity == "person"
        self.asked += result.asked
        self.changed_rows += result.changed_rows
        for step in result.steps:
            self.outcomes[step.source, step.outcome] += 1
            if step.credits:
                self.credits[step.source] += step.credits
        for choice in result.choices:
            if choice.winner is not None:
                self.won[f"{result.subject.entity}.{choice.field}"] += 1


def subjects(leads: Leads, batch: Batch) -> Iterator[list[Subject]]:
    """A company and its people, one lead after the other."""
    for company in leads.best(batch.leads):
        yield [company, *leads.people(company, batch.people_per_lead)]


def run_batch(
    enricher: Enricher,
    leads: Iterable[list[Subject]],
    batch: Batch,
    *,
    level: Level | None = None,
    sleep: Callable[[float], None] = time.sleep,
    progress: Callable[[Enrichment], None] = lambda _: None,
) -> BatchReport:
    """Enrich every lead, best first, pausing between batches where vendors state no limit.

    A kill at any moment loses at most the answer that was under way: what was answered is kept and
    not asked again.
    """
    report = BatchReport()
    now = enricher.now()
    enricher.ledger.purge(now)
    report.forgotten = enricher.forget_suppressed()
    for number, lead in enumerate(leads):
        if number % batch.leads_per_batch == 0:
            if enricher.asked_unstated and batch.pause_seconds:
                sleep(batch.pause_seconds)
            enricher.asked_unstated = False
        for subject in lead:
            result = enricher.enrich(subject, level or batch.level)
            report.add(result)
            progress(result)
    return report
