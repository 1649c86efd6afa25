"""The environment that a command speaks to: the world, or the simulated market of a demo's home."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from resources.settings import Settings, load_settings


def settings_in_use() -> Settings:
    """Settings of the environment; in a home made by the demo, the simulated market's.

    A home that holds a market is never spoken to as the world by mistake.
    """
    settings = load_settings()
    is_simulated = (settings.home / "sandbox" / "market.json").exists()
    if "BUYING_SIGNALS_ENVIRONMENT" not in os.environ and is_simulated:
        os.environ["BUYING_SIGNALS_ENVIRONMENT"] = "sandbox"
        settings = load_settings()
    return settings


@contextmanager
def market_if_simulated(settings: Settings) -> Iterator[None]:
    """The simulated market of a demo's home while a command asks it; nothing in the world."""
    if settings.environment != "sandbox" or "SANDBOX_URL" in os.environ:
        yield
        return
    from resources.clock import utc_now
    from sandbox.anchoring import anchor
    from sandbox.process import running_market

    market = anchor(settings.home, utc_now().date())
    with running_market(**market.arguments(), home=settings.home) as url:
        os.environ["SANDBOX_URL"] = url
        yield
