"""dbt's events, of which those that nobody listens to are not written out.

Two thirds of what dbt tells of a build is for debugging. It makes a line of text or JSON of each,
for the terminal and for its log file, and throws nearly all away because both are asked for less: a
quarter of what dbt itself does for a node. ``tests/unit/assets/test_dbt_events.py`` fails where a
dbt of another version tells its events in another way.
"""

from __future__ import annotations

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

#: Levels of what is told for debugging; all others go to every listener as they always do.
_DEBUGGING = frozenset({EventLevel.DEBUG, EventLevel.TEST})


class HeardEvents(EventManager):
    """dbt's own manager of events, which passes over debugging where no logger takes it."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Tell an event to whoever listens."""
        debugging = (level or e.level_tag()) in _DEBUGGING and not force_warn_or_error_handling
        if debugging and not any(logger.level in _DEBUGGING for logger in self.loggers):
            return
        super().fire_event(e, level, node, force_warn_or_error_handling)


def hear_only_what_is_asked_for() -> None:
    """Have dbt in this process tell its events so; before a command sets up its loggers."""
    ctx_set_event_manager(HeardEvents())
