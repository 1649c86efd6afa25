"""The simulated market itself: companies, their hidden buying process and the events it gives off.

Belongs here: what happens and when, as pure functions of (seed, number of companies, start, days).
Does not belong here: how a vendor tells it over HTTP (``sandbox.vendors``).
"""

from sandbox.market.market import Market, MarketConfig

__all__ = ["Market", "MarketConfig"]
