"""Circuit breakers: a host that keeps failing is left alone, then asked once to see if it is back.

``closed``: questions pass. After ``failures`` questions in a row that the host did not answer the
circuit is ``open``: questions fail at once, without a connection. When the pause is over it is
``half_open``: one question is let through as a probe; its answer closes the circuit, its failure
opens it again for twice as long. What was learnt is kept in the state store, so that the next run
does not begin by asking a dead host again; libraries for this keep it in memory or on a server.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

State = Literal["closed", "half_open", "open"]


class BreakerSettings(BaseModel):
    """When a host's circuit opens, and for how long. Seconds; the pause doubles with each probe."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    failures: int = Field(default=5, ge=1, description="Unanswered questions in a row.")
    pause_seconds: float = Field(default=300.0, ge=0)
    longest_pause_seconds: float = Field(default=6 * 3600.0, ge=0)


@dataclass(frozen=True, slots=True)
class Circuit:
    """What is known of one host of a source. Times are UTC; ``probe_at`` only while not closed."""

    host: str
    failures: int = 0
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    pause_seconds: float = 0.0
    last_error: str | None = None

    def state(self, now: datetime) -> State:
        """The circuit's state at ``now``."""
        if self.probe_at is None:
            return "closed"
        return "open" if now < self.probe_at else "half_open"


class OpenCircuitError(Exception):
    """The host is not to be asked for now; ``circuit`` says why and until when."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        until = f"{circuit.probe_at:%Y-%m-%d %H:%M:%S} UTC" if circuit.probe_at else "its probe"
        super().__init__(
            f"not asked: the circuit of {circuit.host} is open after {circuit.failures} failures "
            f"in a row, the last: {circuit.last_error}; it is asked again from {until}"
        )


class Breakers:
    """The circuits of one source, by host; safe to share between threads."""

    def __init__(
        self,
        settings: BreakerSettings,
        now: Callable[[], datetime],
        known: Iterable[Circuit] = (),
    ) -> None:
        self.settings = settings
        self._now = now
        self._circuits = {circuit.host: circuit for circuit in known}
        self._changed: set[str] = set()
        #: The thread that carries the probe of a half-open host: its retries belong to the probe.
        self._probing: dict[str, int] = {}
        self._lock = threading.Lock()

    def admit(self, host: str) -> None:
        """Let a question to ``host`` pass. Raises ``OpenCircuitError`` while it must not."""
        with self._lock:
            circuit = self._circuits.get(host)
            if circuit is None:
                return
            state = circuit.state(self._now())
            if state == "closed":
                return
            mine = threading.get_ident()
            if state == "half_open" and self._probing.setdefault(host, mine) == mine:
                return
            if self._probing.get(host) == mine:
                return
            raise OpenCircuitError(circuit)

    def answered(self, host: str) -> None:
        """The host answered, whatever it said: its circuit is closed."""
        with self._lock:
            self._probing.pop(host, None)
            if self._circuits.pop(host, None) is not None:
                self._changed.add(host)

    def failed(self, host: str, error: str) -> None:
        """A question to the host was given up."""
        with self._lock:
            now = self._now()
            circuit = self._circuits.get(host, Circuit(host))
            was_probe = self._probing.pop(host, None) is not None
            circuit = replace(circuit, failures=circuit.failures + 1, last_error=error[:500])
            if was_probe or (
                circuit.probe_at is None and circuit.failures >= self.settings.failures
            ):
                pause = self.settings.pause_seconds
                if was_probe:
                    pause = min(2 * circuit.pause_seconds, self.settings.longest_pause_seconds)
                circuit = replace(
                    circuit,
                    opened_at=circuit.opened_at or now,
                    probe_at=now + timedelta(seconds=pause),
                    pause_seconds=pause,
                )
            self._circuits[host] = circuit
            self._changed.add(host)

    def changes(self) -> tuple[list[Circuit], list[str]]:
        """Circuits that failed since the start, and hosts that answer again."""
        with self._lock:
            failing = [self._circuits[h] for h in sorted(self._changed) if h in self._circuits]
            return failing, sorted(h for h in self._changed if h not in self._circuits)


def worst(circuits: Iterable[Circuit], now: datetime) -> State:
    """The state to show for a source with these hosts: open before half-open before closed."""
    states = {circuit.state(now) for circuit in circuits}
    return "open" if "open" in states else "half_open" if "half_open" in states else "closed"
