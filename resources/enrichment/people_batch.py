"""Searching the people of several companies, one after the other, each stored before the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from resources.enrichment.leads import Leads
from resources.enrichment.people import PeopleSearch, find_people
from resources.enrichment.people_store import collected, store
from resources.enrichment.services import open_enricher
from resources.enrichment.values import Subject
from resources.settings import Settings
from resources.sources.ingestion import Services


def search_companies(
    settings: Settings,
    services: Services,
    leads: Leads,
    companies: Sequence[Subject],
    run_id: str,
    day: date,
    wanted: int | None = None,
) -> list[PeopleSearch]:
    """Ask about some companies, one after the other, and store what each search found."""
    if not companies:
        return []
    found = []
    held = collected(services.lake)
    with open_enricher(settings, services.state, run_id=run_id) as enricher:
        enricher.forget_suppressed()
        for company in companies:
            most = enricher.config.people_search.wanted
            employees = leads.employees(company)
            asked = wanted or min(most, employees or most)
            search = find_people(enricher, company, leads.everybody(company), asked, held)
            fetched_at = services.clock.fetch_time(day)
            store(services.lake, services.state, day, fetched_at, search, run_id)
            found.append(search)
    return found
