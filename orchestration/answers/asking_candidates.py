"""Asking providers about companies that only sources name: what they are, before they are listed.

The questions are those of `enrich`, within the same budget and cache. A candidate bears the id that
it will have once a list holds it by its domain, so that nothing is paid for twice.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from activation.text import source_label
from orchestration.answers.terminal import cell, credits_used, tell
from resources.enrichment.result import Enrichment
from resources.enrichment.services import open_enricher
from resources.enrichment.values import Subject
from resources.settings import Settings
from resources.sources.ingestion import Services

#: What is shown of a candidate, in this order.
SHOWN = ("industry", "employee_count", "country", "city")


def company_id(domain: str) -> str:
    """The id that dbt gives a company which a list names first by this domain."""
    text = f"company|domain:{domain}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def ask_about(
    settings: Settings, services: Services, names: Sequence[Mapping[str, Any]], limit: int
) -> list[Enrichment]:
    """Enrich the first ``limit`` candidates of which a domain is told.

    ``names`` are rows of ``activation.questions.DISCOVERED_NAMES``.
    """
    chosen = [row for row in names if row["company_domain"]][:limit]
    subjects = []
    for row in chosen:
        key, name = company_id(row["company_domain"]), row["company_name"]
        subjects.append(Subject("company", key, name, key, name, row["company_domain"], {}))
    with open_enricher(settings, services.state) as enricher:
        return [enricher.enrich(subject, "enrich") for subject in subjects]


def show_asked(console: Console, results: Sequence[Enrichment]) -> None:
    """Print what providers know of each candidate, and from whom."""
    if not results:
        console.print("Of none of them a domain is told, by which providers could be asked.")
        return
    titles = [name.replace("employee_count", "employees") for name in SHOWN]
    table = Table("company", "domain", *titles, "sources")
    for result in results:
        won = {c.field: c.winner for c in result.choices if c.winner is not None}
        sources = sorted({source_label(won[name].source) for name in SHOWN if name in won})
        table.add_row(
            cell(result.subject.name), cell(result.subject.domain or ""),
            *(cell(won[name].value if name in won else "") for name in SHOWN),
            cell(", ".join(sources) or "nobody knows it"),
        )  # fmt: skip
    console.print(table)
    credits = sum(result.credits for result in results)
    tell(
        console,
        f"{credits_used(credits)}. Points of fit stand in leads.discovered_names from the next "
        "build on; to have one scored in full, add it to the list of companies.",
    )
