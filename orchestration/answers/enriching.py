"""Enrichment on the command line: one company now, what it cost, who is left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.answers.terminal import cell, credits_used, tell
from resources.clock import utc_now
from resources.enrichment.config import Level
from resources.enrichment.leads import Leads, NoSuchCompanyError
from resources.enrichment.result import Enrichment
from resources.enrichment.services import credit_report, exports, open_enricher, write_export
from resources.enrichment.values import Subject, iso
from resources.publication import PublicationError
from resources.settings import Settings
from resources.sources.ingestion import Services


def enrich_lead(
    console: Console,
    settings: Settings,
    services: Services,
    company: str,
    *,
    person: str | None,
    people: int,
    level: Level,
    as_json: bool,
) -> bool:
    """Enrich one company and its people, print what is known and why; False when there is none."""
    try:
        with Leads(settings.published) as leads:
            lead = leads.find(company)
            staff = _chosen(leads, lead, person, people)
    except (NoSuchCompanyError, PublicationError) as error:
        tell(console, str(error), "red")
        return False
    with open_enricher(settings, services.state) as enricher:
        enricher.forget_suppressed()
        results = [enricher.enrich(subject, level) for subject in (lead, *staff)]
    for name, table in exports(settings, services.state, utc_now()).items():
        write_export(settings.enrichment, name, table)
    if as_json:
        console.print_json(json.dumps([as_dictionary(r) for r in results], ensure_ascii=False))
    else:
        show(console, results)
    return True


def _chosen(leads: Leads, lead: Subject, person: str | None, limit: int) -> list[Subject]:
    everybody = leads.people(lead)
    if person is None:
        return everybody[:limit]
    wanted = person.casefold()
    become = leads.become(person)
    found = [s for s in everybody if s.entity_id == become] or [
        s for s in everybody if wanted in s.name.casefold()
    ]
    if found:
        return found[:1]
    return [
        Subject("person", _person_id(lead.company_id, wanted), person, lead.company_id,
                lead.name, lead.domain, {})
    ]  # fmt: skip


def _person_id(company_id: str, name: str) -> str:
    """A stable id for a person whom no table holds yet."""
    return hashlib.md5(f"person|{company_id}|{' '.join(name.split())}".encode()).hexdigest()


def as_dictionary(result: Enrichment) -> dict[str, Any]:
    """What came of one subject: fields with source, time, confidence and reason; steps; credits."""
    subject = result.subject
    known: dict[str, Any] = {
        name: {"value": value, "source": source, "reason": "known already"}
        for name, (value, source) in subject.given.items()
    }
    for choice in result.choices:
        if choice.winner is None:
            known[choice.field] = None
            continue
        own = [s for s in result.statements if s.observation.field == choice.field]
        rows = [
            {
                "value": s.observation.value,
                "source": s.observation.source,
                "operation": s.observation.operation,
                "confidence": s.observation.confidence,
                "basis": s.observation.basis,
                "fetched_at": iso(s.fetched_at),
                "reason": reason,
            }
            for s, reason in zip(own, choice.reasons, strict=True)
        ]
        won = next(row for row, s in zip(rows, own, strict=True) if s.observation is choice.winner)
        others = [row for row in rows if row is not won]
        known[choice.field] = {**won, "is_confident": choice.is_confident, "others": others}
    return {
        "entity_type": subject.entity,
        "entity_id": subject.entity_id,
        "name": subject.name,
        "company_id": subject.company_id,
        "level": result.level,
        "fields": known,
        "credits": result.credits,
        "steps": [
            {
                "operation": step.operation,
                "for": step.field,
                "outcome": step.outcome,
                "credits": step.credits,
                "detail": step.detail,
            }
            for step in result.steps
        ],
    }


def show(console: Console, results: Iterable[Enrichment]) -> None:
    """Print what is known of each subject, who was asked, and what it cost."""
    results = list(results)
    for result in results:
        said = as_dictionary(result)
        table = Table(title=cell(f"{said['name']} ({said['entity_type']})"), title_justify="left",
                      expand=False)  # fmt: skip
        table.add_column("field", no_wrap=True)
        table.add_column("value", overflow="fold", max_width=38)
        table.add_column("source", no_wrap=True)
        table.add_column("conf.", justify="right")
        table.add_column("why", overflow="fold")
        for name, row in said["fields"].items():
            if row is None:
                table.add_row(name, "[dim]unknown[/]", "", "", "")
                continue
            confidence = row.get("confidence")
            table.add_row(
                name,
                cell(row["value"]),
                row["source"],
                "" if confidence is None else f"{confidence:.2f}",
                cell(row["reason"] + ("" if row.get("is_confident", True) else " (not confident)")),
            )
        console.print(table)
        asked = [
            f"{s['operation']} {s['outcome']}" + (f" ({s['detail']})" if _matters(s) else "")
            for s in said["steps"]
        ]
        tell(console, f"Asked: {'; '.join(asked) or 'nobody'}", "dim")
    total = sum(result.credits for result in results)
    console.print(f"{credits_used(total)}. `python -m orchestration credits` shows the budgets.")


def _matters(step: dict[str, Any]) -> bool:
    return bool(step["detail"]) and step["outcome"] not in ("cached", "found", "not_found")


def show_credits(
    console: Console, settings: Settings, services: Services, *, as_json: bool
) -> None:
    """Print each source's budget and what was used of it."""
    from resources.enrichment.config import load_enrichment

    config = load_enrichment(settings.config_dir, settings.environment)
    rows = credit_report(config, services.state, utc_now())
    if as_json:
        console.print_json(json.dumps(rows))
        return
    table = Table("source", "month", "budget", "used", "in doubt", "left", "answers")
    for row in rows:
        table.add_row(
            row["source"],
            row["period"],
            "" if row["budget"] is None else f"{row['budget']:g}",
            f"{row['charged']:g}",
            f"{row['in_doubt']:g}",
            "" if row["credits_left"] is None else f"{row['credits_left']:g}",
            str(row["answered"]),
        )
    console.print(table)
