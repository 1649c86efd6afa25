"""Which webhook events wait: what the inbox holds and the lake does not yet."""

from __future__ import annotations

from pathlib import Path

from resources.sources.connectors.base import located
from resources.sources.connectors.webhook import after_sequence
from resources.sources.ingestion import Services
from resources.state import get_cursors
from resources.webhooks import Inbox


def waiting_events(services: Services, but_not: str | None = None) -> dict[str, int]:
    """Sequence number of the newest event of each webhook that has events which nobody has read.

    A webhook whose inbox is not there yet has none; those that make records of the type ``but_not``
    are left out.
    """
    waiting = {}
    for name, declared in services.declarations.sources.items():
        if declared.events is None or declared.events.makes == but_not:
            continue
        path = Path(located(declared.urls(services.environ)["inbox"], services.home))
        try:
            inbox = Inbox(path)
        except FileNotFoundError:
            continue
        try:
            last = inbox.latest([name])
        finally:
            inbox.close()
        if last > after_sequence(get_cursors(services.state, name), declared.streams[0]):
            waiting[name] = last
    return waiting
