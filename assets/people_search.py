"""Asking providers for people nobody knows yet, before the day's records are read.

Part of the op that ingests mapped records, because what it finds are such records: titles are read,
gates pass and groups are built on the same run.
"""

from __future__ import annotations

from datetime import date

from assets.common import Platform
from resources.enrichment.config import load_enrichment
from resources.enrichment.leads import leads_before
from resources.enrichment.people import PeopleSearch
from resources.enrichment.people_batch import search_companies
from resources.enrichment.people_store import BATCH_RUN, searched, searched_by_the_line


def search_people(platform: Platform, run_id: str, day: date) -> list[PeopleSearch]:
    """Ask about the best leads of the last publication of a day before ``day`` that lack contacts.

    Nothing is asked for a past day, nor about those of a publication of ``day`` itself: a second
    run of a day would else change what the first one has published.
    """
    services = platform.services
    if day != services.clock.today():
        return []
    settings, state = platform.settings, services.state
    state.ensure_tables()
    rule = load_enrichment(settings.config_dir, settings.environment).people_search
    # A run that is repeated goes on with what is left of the day's leads.
    limit = rule.leads - searched_by_the_line(state, day)
    leads = leads_before(settings.published, day) if limit > 0 else None
    if leads is None:
        return []
    with leads:
        done = searched(state, services.clock.now())
        ids = [company for company in leads.incomplete() if company not in done][:limit]
        # A run's steps and budget of its own, beside those of enriching leads.
        return search_companies(
            settings, services, leads, leads.subjects(ids), f"{run_id}{BATCH_RUN}", day
        )
