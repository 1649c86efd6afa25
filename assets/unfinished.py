"""Marks of warehouse builds that began and did not finish.

dbt replaces a warehouse table by table. After a kill or a failed test the file holds some tables
of the new build and some of the old one: readable, but no day's truth. The mark stays until a
whole build succeeds; whoever would learn from the warehouse or publish it asks here first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from resources.settings import Settings


class UnfinishedBuildError(RuntimeError):
    """The warehouse mixes two builds; the message says which pass stopped and what mends it."""


def mark_of(settings: Settings, build: str) -> Path:
    """The file that marks a build (``warehouse``, ``warehouse_predictions``) as unfinished."""
    return settings.warehouse.parent / f"{build}.unfinished"


@contextmanager
def marked_unfinished(settings: Settings, build: str, day: str, *, whole: bool) -> Iterator[None]:
    """Mark ``build`` for as long as the block runs, and for good if the block does not end well.

    A build of a part (``whole=False``) mends what it broke itself, never what an earlier one left.
    """
    mark = mark_of(settings, build)
    inherited = mark.exists()
    mark.parent.mkdir(parents=True, exist_ok=True)
    if not inherited:
        mark.write_text(day, "utf-8")
    yield
    if whole or not inherited:
        mark.unlink(missing_ok=True)


def require_finished(settings: Settings, builds: Sequence[str]) -> None:
    """Raise ``UnfinishedBuildError`` if any of ``builds`` began and did not finish."""
    for build in builds:
        mark = mark_of(settings, build)
        if mark.exists():
            raise UnfinishedBuildError(
                f"the build {build!r} of {mark.read_text('utf-8')} began and did not finish, so "
                f"{settings.warehouse} mixes two builds: run the job daily_line (it builds all "
                "tables), then this again"
            )
