"""The stand-ins of the providers that enrichment asks about single companies and people."""

from __future__ import annotations

from sandbox.market import Market
from sandbox.vendors import apollo, hubspot, hunter
from sandbox.vendors.desk import Desk


def providers(market: Market, desk: Desk) -> dict[str, tuple[str, object]]:
    """Path prefix -> (source name, vendor)."""
    return {
        "apollo": ("apollo", apollo.Apollo(market)),
        "hunter": ("hunter", hunter.Hunter(market)),
        "hubspot": ("hubspot", hubspot.HubSpot(market, desk)),
    }
