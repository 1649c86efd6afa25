"""Clients of the providers, one each for a run, opened with the first question to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from resources.circuits import Breakers
from resources.enrichment.config import EnrichmentConfig
from resources.enrichment.providers.base import Client
from resources.enrichment.providers.registry import OUT_OF_CREDITS
from resources.http import PoliteSession
from resources.state import StateStore, get_circuits, set_circuits


class Clients:
    """Opened clients, which keep what was learnt of hosts that fail. Not shared between threads."""

    def __init__(
        self,
        config: EnrichmentConfig,
        state: StateStore,
        now: Callable[[], datetime],
        environ: Mapping[str, str],
        sleep: Callable[[float], None],
    ) -> None:
        self._config = config
        self._state = state
        self._now = now
        self._environ = environ
        self._sleep = sleep
        self._opened: dict[str, Client] = {}

    def __getitem__(self, source: str) -> Client:
        """The client of one provider."""
        if source not in self._opened:
            self._opened[source] = self._open(source)
        return self._opened[source]

    def _open(self, source: str) -> Client:
        declared = self._config.providers[source].declaration
        session = PoliteSession(
            declared,
            self._now().date(),
            environ=self._environ,
            sleep=self._sleep,
            breakers=Breakers(declared.breaker, self._now, get_circuits(self._state, source)),
        )
        return Client(
            session,
            declared.urls(self._environ),
            spacing_seconds=float(declared.options.get("spacing_seconds", 0)),
            options=declared.options,
            sleep=self._sleep,
            out_of_credits=OUT_OF_CREDITS.get(source),
        )

    def close(self) -> None:
        """Close connections; keep what was learnt of hosts that fail."""
        for source, client in self._opened.items():
            failing, answering = client.session.breakers.changes()
            set_circuits(self._state, source, failing, answering)
            client.session.close()
