"""Back to an earlier publication, remembered so that a re-run does not undo it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from resources.clock import utc_now
from resources.durable import write_durably
from resources.publication.auditing import audit
from resources.publication.records import CURRENT, ROLLED_BACK, Publication, PublicationError
from resources.publication.versions import list_publications, locked, rolled_back, swap


def rollback(
    published: Path, version: str | None = None, *, now: Callable[[], datetime] = utc_now
) -> Publication:
    """Point ``current`` to an earlier publication (default: the newest one before it).

    ``version`` may be shortened to any unambiguous beginning, and may also name a newer
    publication, to undo a rollback. The target is audited first. The versions left behind are
    remembered, so that a re-run on the same content does not publish them again.

    Raises ``PublicationError`` when there is no such publication or its audit fails.
    """
    published = Path(published)
    if not published.is_dir():
        raise PublicationError(f"there is no publication in {published}: nothing to roll back to")
    with locked(published):
        kept = list_publications(published)
        target = _target(published, kept, version)
        outcome = audit(target.path)
        if not outcome.success:
            raise PublicationError(
                f"publication {target.version} is damaged and was not made current: "
                f"{'; '.join(outcome.problems)}. Choose another with `--to`; available: "
                f"{', '.join(p.version for p in kept)}."
            )
        marks = rolled_back(published)
        before = next((p for p in kept if p.is_current), None)
        if before is not None and target.version < before.version:
            for publication in kept:
                if target.version < publication.version <= before.version:
                    marks.setdefault(publication.version, now().isoformat())
        marks.pop(target.version, None)
        write_durably(published / ROLLED_BACK, json.dumps(marks, indent=2, sort_keys=True))
        swap(published, target.version)
        return replace(target, is_current=True, is_rolled_back=False)


def _target(published: Path, kept: list[Publication], version: str | None) -> Publication:
    available = ", ".join(p.version for p in kept) or "none"
    if version is not None:
        matches = [p for p in kept if p.version.startswith(version)]
        if len(matches) == 1:
            return matches[0]
        problem = "is ambiguous" if matches else "does not exist"
        raise PublicationError(f"publication {version!r} {problem}; available: {available}.")
    link = published / CURRENT
    before = os.readlink(link) if link.is_symlink() else None
    # A damaged current publication is not in the list of kept ones, but still has its place in it.
    older = [p for p in kept if before is None or p.version < before]
    healthy = [p for p in older if not p.is_rolled_back] or older
    if not healthy:
        raise PublicationError(
            f"there is no publication before {before} to roll back to; available: {available}."
        )
    return healthy[0]
