"""Asking for people nobody knows yet, on the command line: who was found, and from whom."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from activation.text import source_label
from orchestration.answers.terminal import cell, credits_used, tell
from resources.enrichment.leads import Leads, NoSuchCompanyError
from resources.enrichment.people import PeopleSearch
from resources.enrichment.people_batch import search_companies
from resources.enrichment.people_store import searched
from resources.enrichment.services import exports, write_export
from resources.enrichment.values import iso
from resources.publication import PublicationError
from resources.settings import Settings
from resources.sources.ingestion import Services

#: How a search ended, in words.
ENDED = {
    "enough": "enough are known",
    "nobody_left": "all providers were asked",
    "credits": "the credits of one company are used",
    "unanswered": "no provider could be asked",
    "suppressed": "the company is on the suppression list, or its key is not set",
}


def show_people_search(
    console: Console,
    settings: Settings,
    services: Services,
    company: str | None,
    *,
    wanted: int | None,
    top: int,
    as_json: bool,
) -> bool:
    """Search one company's people, or those of the best leads that lack contacts; print who came.

    False when the company is not known or nothing is published.
    """
    services.state.ensure_tables()
    try:
        with Leads(settings.published) as leads:
            if company is not None:
                chosen = [leads.find(company)]
            else:
                done = searched(services.state, services.clock.now())
                ids = [key for key in leads.incomplete() if key not in done][:top]
                chosen = leads.subjects(ids)
            found = search_companies(
                settings, services, leads, chosen, str(uuid.uuid4()), services.clock.today(), wanted
            )
    except (NoSuchCompanyError, PublicationError) as error:
        tell(console, str(error), "red")
        return False
    for name, table in exports(settings, services.state, services.clock.now()).items():
        write_export(settings.enrichment, name, table)
    if as_json:
        told = [as_dictionary(search) for search in found]
        console.print_json(json.dumps(told, ensure_ascii=False))
    else:
        _render(console, found, one=company is not None)
    return True


def as_dictionary(search: PeopleSearch) -> dict[str, Any]:
    """One company's search: completeness before and after, who was found from whom, the steps."""
    return {
        "company_id": search.company.company_id,
        "name": search.company.name,
        "domain": search.company.domain,
        "searched_at": iso(search.searched_at),
        "wanted": search.wanted,
        "known_before": search.known,
        "contacts": search.contacts,
        "completeness": round(search.completeness, 2),
        "ended": search.ended,
        "left_out_as_departed": search.left_out,
        "credits": search.credits,
        "people": [
            {
                "full_name": person.full_name,
                "title": person.title,
                "email": person.email,
                "linkedin_url": person.linkedin_url,
                "source": person.source,
                "confidence": person.confidence,
                "basis": person.basis,
            }
            for person in search.people
        ],
        "steps": [
            {"operation": s.operation, "outcome": s.outcome, "credits": s.credits,
             "detail": s.detail}
            for s in search.result.steps
        ],
    }  # fmt: skip


def _render(console: Console, found: Sequence[PeopleSearch], *, one: bool) -> None:
    if not found:
        console.print("No lead lacks contacts that could be asked for now.")
        return
    if one:
        _show_people(console, found[0])
    table = Table("company", "known", "found", "contacts", "wanted", "complete", "credits", "ended")
    for search in found:
        table.add_row(
            cell(search.company.name), str(search.known), str(len(search.people)),
            str(search.contacts), str(search.wanted), f"{search.completeness:.0f}%",
            f"{search.credits:g}", ENDED[search.ended],
        )  # fmt: skip
    console.print(table)
    full = sum(search.contacts >= search.wanted for search in found)
    console.print(
        f"{full} of {len(found)} have as many contacts as wanted; "
        f"{credits_used(sum(search.credits for search in found))}. The next run of the line takes "
        "them into the buying groups."
    )


def _show_people(console: Console, search: PeopleSearch) -> None:
    table = Table("name", "title", "e-mail", "source", "conf.", "basis")
    for person in search.people:
        table.add_row(
            cell(person.full_name), cell(person.title or ""), cell(person.email or ""),
            source_label(person.source), f"{person.confidence:.2f}", cell(person.basis),
        )  # fmt: skip
    if search.people:
        console.print(table)
    said = {(s.operation, s.outcome): s.detail for s in search.result.steps}
    asked = [
        f"{operation} {outcome}" + (f" ({detail})" if detail and outcome != "cached" else "")
        for (operation, outcome), detail in said.items()
    ]
    tell(console, f"Asked: {'; '.join(asked) or 'nobody'}", "dim")
    if search.left_out:
        tell(console, f"{search.left_out} left out: known to have left the company.", "dim")
