"""Which sources there are: name to connector, and the streams of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from resources.sources.connectors import (
    ashby,
    company_list,
    company_site,
    crm,
    crunchbase,
    greenhouse,
    lever,
    press,
    sec_edgar,
)
from resources.sources.connectors.base import Context, Emission

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
    "company_site": company_site.fetch,
    "press": press.fetch,
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
    "company_site": ("pages",),
    "press": ("articles",),
}


def all_streams() -> list[tuple[str, str]]:
    """Every ``(source, stream)``, for ``Lake.ensure``."""
    return [(source, stream) for source, streams in STREAMS.items() for stream in streams]
