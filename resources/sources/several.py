"""Fetching from several sources in a declared order, and saying which of them spoke."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from resources.sources.ingestion import IngestReport, Services, ingest

#: What an outcome means for the sources after it: ``partial`` spoke, but left questions open.
_SPOKE = frozenset({"ok", "unchanged", "partial"})
_ANSWERED = frozenset({"ok", "unchanged"})


@dataclass(frozen=True)
class RouteReport:
    """What came of asking several sources. Every record stored names its source in the lake."""

    route: str
    day: date
    reports: tuple[IngestReport, ...]
    #: Sources that were not asked, because those before them had answered.
    not_asked: tuple[str, ...]

    @property
    def spoke(self) -> tuple[str, ...]:
        """Sources that answered, in the order in which they were asked."""
        return tuple(report.source for report in self.reports if report.status in _SPOKE)

    @property
    def is_answered(self) -> bool:
        """Whether any source spoke."""
        return bool(self.spoke)


def fetch_from_several(
    route: str,
    day: date,
    services: Services,
    fetch: Callable[[str, date, Services], IngestReport] = ingest,
) -> RouteReport:
    """Ask the sources of a route, one after the other, as its declaration says.

    A source that is down, refused or not configured is passed over for the next; what it stored
    before it went down stays. Raises ``ConfigurationError`` for a route that is not declared, and
    ``NotFetchableError`` for a day that cannot be fetched.
    """
    declared = services.declarations.route(route)
    reports: list[IngestReport] = []
    for position, source in enumerate(declared.sources):
        reports.append(fetch(source, day, services))
        if declared.until == "answered" and reports[-1].status in _ANSWERED:
            return RouteReport(route, day, tuple(reports), declared.sources[position + 1 :])
    return RouteReport(route, day, tuple(reports), ())
