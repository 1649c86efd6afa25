"""All operations of all providers, and how each vendor says that credits are used up."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from resources.enrichment.providers import (
    apollo,
    builtwith,
    company_site,
    coresignal,
    crunchbase,
    hubspot,
    hunter,
)
from resources.enrichment.providers.base import Operation

OPERATIONS: Mapping[str, Operation] = {
    **company_site.OPERATIONS,
    **hubspot.OPERATIONS,
    **apollo.OPERATIONS,
    **hunter.OPERATIONS,
    **crunchbase.OPERATIONS,
    **builtwith.OPERATIONS,
    **coresignal.OPERATIONS,
}

#: Operations that search a company's people, each with the one that tells of a single candidate
#: (None: the search names the people itself).
SEARCHES: Mapping[str, str | None] = {
    "hunter.domain_search": None,
    "apollo.people_search": "apollo.person_by_id",
    "coresignal.people_search": "coresignal.profile",
}

#: Where a vendor says it otherwise than by status 402: (status, body) -> no credits left.
OUT_OF_CREDITS: Mapping[str, Callable[[int, bytes], bool]] = {
    "apollo": apollo.out_of_credits,
    "hunter": hunter.out_of_credits,
}
