"""Which sources there are: name to connector, and the streams of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from resources.mapped.record_types import RECORD_TYPES
from resources.settings import load_settings
from resources.sources.connectors import (
    adzuna,
    ashby,
    builtwith,
    company_list,
    company_site,
    coresignal,
    crm,
    crm_reports,
    crunchbase,
    dns,
    drive,
    file_drop,
    gmail,
    google_news,
    greenhouse,
    hubspot,
    json_api,
    leadership_pages,
    lever,
    mail_files,
    meeting_files,
    newsapi,
    press,
    salesforce,
    sec_edgar,
    teams,
    usajobs,
    webhook,
    workday,
    zoom,
)
from resources.sources.connectors.base import Context, Emission
from resources.sources.declaration import Declaration, Declarations, load_declarations

if TYPE_CHECKING:
    from resources.lake import Lake

Connector = Callable[[Context], Iterator[Emission]]

#: Connector of each source, in the order of ingestion: lists of companies first, because the
#: others ask about the companies in them.
CONNECTORS: dict[str, Connector] = {
    "company_list": company_list.fetch,
    "crm": crm.fetch,
    "sec_edgar": sec_edgar.fetch,
    "crunchbase": crunchbase.fetch,
    "greenhouse": greenhouse.fetch,
    "lever": lever.fetch,
    "ashby": ashby.fetch,
    "workday": workday.fetch,
    "adzuna": adzuna.fetch,
    "usajobs": usajobs.fetch,
    "company_site": company_site.fetch,
    "leadership_pages": leadership_pages.fetch,
    "dns": dns.fetch,
    "builtwith": builtwith.fetch,
    "coresignal": coresignal.fetch,
    "press": press.fetch,
    "newsapi": newsapi.fetch,
    "google_news": google_news.fetch,
}

SOURCES: tuple[str, ...] = tuple(CONNECTORS)

#: Streams of each source in the order in which they are written. A board's manifest comes after
#: its jobs: were it stored first and the jobs lost, they would never be stored.
STREAMS: dict[str, tuple[str, ...]] = {
    "company_list": ("companies",),
    "crm": ("accounts", "contacts", "opportunities"),
    "sec_edgar": ("companies", "form_d", "form_8k"),
    "crunchbase": ("funding_rounds",),
    "greenhouse": ("jobs", "boards"),
    "lever": ("jobs", "boards"),
    "ashby": ("jobs", "boards"),
    "workday": ("jobs", "boards"),
    "adzuna": ("jobs",),
    "usajobs": ("jobs",),
    "company_site": ("pages",),
    "leadership_pages": ("pages",),
    "dns": ("records",),
    "builtwith": ("profiles",),
    "coresignal": ("employees", "companies"),
    "press": ("articles",),
    "newsapi": ("articles",),
    "google_news": ("articles",),
}


#: Connectors that serve any source declared with their name.
GENERIC_CONNECTORS: dict[str, Connector] = {
    "file_drop": file_drop.fetch,
    "webhook": webhook.fetch,
    "json_api": json_api.fetch,
    "gmail": gmail.fetch,
    "mail_files": mail_files.fetch,
    "meeting_files": meeting_files.fetch,
    "crm_reports": crm_reports.fetch,
    "drive": drive.fetch,
    "zoom": zoom.fetch,
    "teams": teams.fetch,
    "salesforce": salesforce.fetch,
    "hubspot": hubspot.fetch,
}

#: Of these, the ones that store records as they come, in streams of their own.
STORING_CONNECTORS = tuple(n for n in GENERIC_CONNECTORS if n not in ("file_drop", "webhook"))

#: One cheap question of each connector that reads correspondence; it says in plain words what
#: works, and raises what ``fetch`` would.
PROBES: dict[str, Callable[[Context], str]] = {
    "gmail": gmail.probe,
    "mail_files": mail_files.probe,
    "meeting_files": meeting_files.probe,
    "crm": crm.probe,
    "crm_reports": crm_reports.probe,
    "drive": drive.probe,
    "zoom": zoom.probe,
    "teams": teams.probe,
    "salesforce": salesforce.probe,
    "hubspot": hubspot.probe,
}


def connector_of(declaration: Declaration) -> Connector:
    """What fetches a declared source. Raises ``KeyError`` for one that nothing fetches."""
    if declaration.connector != "own":
        return GENERIC_CONNECTORS[declaration.connector]
    return CONNECTORS[declaration.name]


def streams_of(declaration: Declaration) -> tuple[str, ...]:
    """Streams of a declared source in the order in which they are written."""
    if declaration.connector != "own":
        return declaration.streams
    return STREAMS[declaration.name]


@cache
def _declared(config_dir: Path) -> Declarations:
    return load_declarations(config_dir)


def declared_sources(*connectors: str) -> dict[str, tuple[str, ...]]:
    """Streams of the sources that are declared for one of some generic connectors, by source.

    Read once a process from the configuration in force. Raises ``ConfigurationError``.
    """
    return {
        name: declaration.streams
        for name, declaration in _declared(load_settings().config_dir).sources.items()
        if declaration.connector in connectors
    }


def all_streams() -> list[tuple[str, str]]:
    """Every ``(source, stream)`` of the sources that have a module of their own."""
    return [(source, stream) for source, streams in STREAMS.items() for stream in streams]


def fetched_days(lake: Lake) -> list[date]:
    """Days on which any source with a module of its own was fetched, oldest first."""
    return sorted({day for stream in all_streams() for day in lake.dataset(*stream).days()})


#: Streams of mapped records, by the plural of their record type.
MAPPED_STREAMS: dict[str, str] = {kind.plural: kind.stream for kind in RECORD_TYPES.values()}
