"""What Coresignal's webhook would post of companies: ``python -m sandbox notify`` stands in for it.

A notification names a company by the vendor's number and says nothing else; the platform collects
the company from the market's vendor. Mergers are no part of the simulated market: who tries one out
names both companies.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterable
from typing import Any

from sandbox.market import Market
from sandbox.vendors.coresignal import COMPANY_NUMBERS


def company_notices(
    market: Market, updated: Iterable[str], merged: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Notifications of companies by domain; of a merger the one that is gone comes first.

    Raises ``KeyError`` for a domain that is none of the market's.
    """

    def number(domain: str) -> int:
        return COMPANY_NUMBERS + market.by_domain[domain].index

    notices: list[dict[str, Any]] = [
        {"company_id": number(domain), "status": "changed", "changed_fields": ["employees_count"]}
        for domain in updated
    ]
    return notices + [
        {"company_id": number(gone), "status": "merged", "merged_into": number(kept)}
        for gone, kept in merged
    ]


def send(address: str, notices: list[dict[str, Any]]) -> str:
    """Post notifications to a webhook's address; returns its answer. Raises ``OSError``."""
    request = urllib.request.Request(
        address, json.dumps(notices).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()
