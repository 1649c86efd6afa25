"""What time it is, in one replaceable place.

All times are UTC. A daily partition is the day on which a source was fetched. The world can only
be fetched today; an environment whose vendors answer for any past day (``replayable``, as the
simulated market does) can be fetched for past partitions too, and then "now" is that day's end.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time


class NotFetchableError(Exception):
    """A partition's day is not today, and the sources cannot be asked about another day."""


def utc_now() -> datetime:
    """The machine's clock, aware and in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Clock:
    """Tells the fetch time that belongs to a partition.

    ``replayable`` says that vendors answer for past days; ``now`` is injected by tests.
    """

    replayable: bool = False
    now: Callable[[], datetime] = utc_now

    def today(self) -> date:
        """The current UTC day."""
        return self.now().date()

    def fetch_time(self, day: date) -> datetime:
        """Time to stamp on what is fetched for partition ``day``.

        Raises ``NotFetchableError`` for a day that has not begun, and for a past day when the
        environment cannot replay it.
        """
        now = self.now()
        if day == now.date():
            return now
        if day > now.date():
            raise NotFetchableError(f"partition {day} has not begun; today is {now.date()} (UTC)")
        if not self.replayable:
            raise NotFetchableError(
                f"partition {day} is past and a source answers only for its own day. "
                f"Materialize partition {now.date()} instead: it brings in all that each source "
                "still offers, with the source's own dates."
            )
        return datetime.combine(day, time(23, 59, 59), tzinfo=UTC)
